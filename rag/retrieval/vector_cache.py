"""Embeddings kept by content, so that no text is embedded twice.

One SQLite file: (model id, hash of the text) -> the vector. Several processes may use it at the
same time; each batch is one transaction, so a killed build keeps what it had embedded.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TABLE = """
create table if not exists vectors (
    model text not null, text_hash blob not null, vector blob not null,
    primary key (model, text_hash)
) without rowid
"""
_LOOKUPS = 500


class VectorCache:
    """Vectors of one model on disk, float32, keyed by the text they were made from."""

    def __init__(self, path: Path, model_id: str, dimension: int) -> None:
        self._path = path
        self._model_id = model_id
        self._dimension = dimension

    def get(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Those of ``texts`` that are known, with their vectors of shape ``(dimension,)``."""
        by_hash = {text_hash(text): text for text in texts}
        if not by_hash or not self._path.exists():
            return {}
        with closing(self._open()) as database:
            rows = list(self._rows(database, list(by_hash)))
        found = ((by_hash[key], _vector(blob)) for key, blob in rows)
        return {text: vector for text, vector in found if vector.shape == (self._dimension,)}

    def put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep ``vectors`` in one transaction; a text already known keeps its vector."""
        rows = [
            (self._model_id, text_hash(t), v.astype("<f4").tobytes()) for t, v in vectors.items()
        ]
        with closing(self._open()) as database, database:
            database.executemany("insert or ignore into vectors values (?, ?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self._path, timeout=60)
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        database.execute(_TABLE)
        return database

    def _rows(
        self, database: sqlite3.Connection, hashes: Sequence[bytes]
    ) -> Iterator[tuple[bytes, bytes]]:
        for part in _parts(hashes, _LOOKUPS):
            marks = ",".join("?" * len(part))
            yield from database.execute(
                f"select text_hash, vector from vectors where model = ? and text_hash in ({marks})",
                (self._model_id, *part),
            )


def text_hash(text: str) -> bytes:
    """What a text is known by: 16 bytes that change with any of its characters."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _vector(blob: bytes) -> NDArray[np.float32]:
    import numpy as np

    return np.frombuffer(blob, dtype="<f4").astype(np.float32)


def _parts(items: Sequence[bytes], size: int) -> Iterable[Sequence[bytes]]:
    return (items[start : start + size] for start in range(0, len(items), size))
