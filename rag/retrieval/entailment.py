"""Whether a passage says what a sentence claims, read by an entailment cross-encoder of the user's.

None comes with radcite. ``RADCITE_ENTAILMENT_MODEL`` names a local folder of one (transformers layout, a
sequence classifier with a class called entailment). It loads at the first pair, never from a network.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.errors import SettingsError

if TYPE_CHECKING:
    import torch

_LONGEST = 512
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


class Reader(Protocol):
    """Reads pairs of a passage and a sentence."""

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Of each ``(passage, sentence)``, the probability that the passage says the sentence."""
        ...


class CrossEncoder:
    """An entailment cross-encoder in a local folder. Safe to share between threads.

    Raises:
        SettingsError: the folder holds no such model (now), or it cannot be loaded (at the first pair).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser()
        self._lock = threading.Lock()
        self._entailment = _class_called_entailment(self._folder)

    @cached_property
    def model_id(self) -> str:
        """The folder's name with a mark of its configuration and the size of its files."""
        mark = hashlib.sha256((self._folder / "config.json").read_bytes())
        for path in sorted(self._folder.glob("*.safetensors")):
            mark.update(f"{path.name} {path.stat().st_size}".encode())
        return f"{self._folder.resolve().name}@{mark.hexdigest()[:12]}"

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        if not pairs:
            return []
        import torch

        with self._lock, torch.no_grad():
            tokenizer, model = self._loaded
            told = tokenizer(
                [passage for passage, _ in pairs], [sentence for _, sentence in pairs],
                padding=True, truncation="only_first", max_length=_LONGEST, return_tensors="pt",
            )  # fmt: skip
            shares: torch.Tensor = torch.softmax(model(**told).logits, dim=1)
        return [float(share) for share in shares[:, self._entailment]]

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        os.environ.update(_OFFLINE)
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True)
            model = AutoModelForSequenceClassification.from_pretrained(
                self._folder, local_files_only=True
            )
        except (OSError, ValueError) as error:
            raise SettingsError(_refused(self._folder, f"it cannot be loaded: {error}")) from error
        return tokenizer, model.eval()


def _class_called_entailment(folder: Path) -> int:
    """Number of the class called entailment in the model's own configuration."""
    try:
        labels = json.loads((folder / "config.json").read_text("utf-8"))["id2label"]
        named = {str(name).lower(): int(at) for at, name in labels.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(_refused(folder, "no config.json with names of classes")) from error
    if "entailment" not in named:
        raise SettingsError(_refused(folder, f"its classes are {', '.join(named)}"))
    return named["entailment"]


def _refused(folder: Path, reason: str) -> str:
    return (
        f"setting RADCITE_ENTAILMENT_MODEL: {folder} is no folder of an entailment cross-encoder "
        f"({reason}); name one, or unset it"
    )
