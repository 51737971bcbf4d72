"""Vectors that come with the corpus, so that an index from nothing need not embed the shelf anew.

One ``.npz`` file for each embedding model, ``corpus/vectors/<model id>.npz``. A vector is found by
the hash of the very text it was made from: a text that was edited since is simply not found and is
embedded like any other. Components are stored as whole numbers, the largest of a vector as 127 or
-127; against the model's own vectors the cosine stays above 0.999.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from rag.errors import SettingsError
from rag.retrieval.vector_cache import text_hash

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STEPS = 127


class CorpusVectors:
    """The vectors of one model under a corpus folder; none where the folder holds no such file.

    Raises:
        SettingsError: the file cannot be read (on the first look-up).
    """

    def __init__(self, corpus: Path, model_id: str, dimension: int) -> None:
        self._path = vectors_file(corpus, model_id)
        self._dimension = dimension

    def get(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Those of ``texts`` that are held, with their unit vectors of shape ``(dimension,)``."""
        place, vectors = self._held
        rows = {text: place[key] for text in texts if (key := text_hash(text)) in place}
        return {text: _unit(vectors[row]) for text, row in rows.items()}

    @cached_property
    def _held(self) -> tuple[dict[bytes, int], NDArray[np.int8]]:
        import numpy as np

        if not self._path.is_file():
            return {}, np.empty((0, self._dimension), np.int8)
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                hashes, vectors = stored["hashes"], stored["vectors"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise SettingsError(
                f"{self._path} cannot be read ({error}): take it from the repository again, or "
                "delete it and every text is embedded anew (minutes)"
            ) from error
        if vectors.ndim != 2 or vectors.shape != (len(hashes), self._dimension):
            raise SettingsError(
                f"{self._path} holds vectors of shape {vectors.shape}, the model gives "
                f"{self._dimension} numbers: take the file from the repository again, or delete it"
            )
        return {hashes[row].tobytes(): row for row in range(len(hashes))}, vectors


def vectors_file(corpus: Path, model_id: str) -> Path:
    """Where the vectors of a model lie in a corpus folder."""
    return corpus / "vectors" / f"{model_id}.npz"


def write_corpus_vectors(
    corpus: Path, model_id: str, vectors: Mapping[bytes, NDArray[np.float32]]
) -> Path:
    """Write ``vectors``, text hash to unit vector, in the order of their hashes; the file."""
    import numpy as np

    keys = sorted(vectors)
    rows = np.stack([vectors[key] for key in keys])
    whole = np.rint(rows * (_STEPS / np.abs(rows).max(axis=1, keepdims=True))).astype(np.int8)
    hashes = np.stack([np.frombuffer(key, np.uint8) for key in keys])
    target = vectors_file(corpus, model_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.savez(file, hashes=hashes, vectors=whole)
    part.replace(target)
    return target


def _unit(whole: NDArray[np.int8]) -> NDArray[np.float32]:
    import numpy as np

    vector = whole.astype(np.float32)
    return vector / np.linalg.norm(vector)
