"""Passages and their vectors in Chroma; the only file that imports it.

A build is written once and never changed again, so readers in other processes can never see a
half-written or stale one. Embedded, it is a folder of its own; on a server, a collection of its
own. Chroma keeps scalar metadata only (lists leave rows behind), so a passage is flattened.
"""

from __future__ import annotations

import shutil
import threading
import uuid
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from rag.errors import PassageIndexError
from rag.retrieval.index_state import IndexState, builds_folder
from rag.retrieval.passage_record import Metadata, from_record, to_metadata
from rag.types import Passage

if TYPE_CHECKING:
    import chromadb
    import httpx
    import numpy as np
    from chromadb.api import ClientAPI
    from numpy.typing import NDArray

_HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}
_WRITE_BATCH = 2_000
_PREFIX = "radcite-"
_SERVER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with its vector (float32, length one)."""

    passage: Passage
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage id with its cosine similarity to the query, -1 to 1."""

    passage_id: str
    similarity: float


class PassageStore:
    """One finished build, read only. Safe to share between threads.

    Chroma's memory and connections are given back when nobody holds the store any more.
    """

    def __init__(self, client: ClientAPI, collection: chromadb.Collection) -> None:
        self._collection = collection
        self._close = weakref.finalize(self, _close, client)
        self._known: dict[str, StoredPassage] = {}
        self._lock = threading.Lock()

    @classmethod
    def open(cls, home: Path, state: IndexState) -> PassageStore:
        """Open the build that ``state`` names.

        Raises:
            PassageIndexError: its folder or collection is gone or damaged, or the server is down.
        """
        folder = chroma_folder(home, state.build)
        if state.chroma_url is None and not folder.is_dir():
            raise PassageIndexError(f"{folder} is gone: run 'radcite ingest --rebuild'")
        with _chroma_errors(state.chroma_url or str(folder)):
            client = _client(home, state.build, state.chroma_url)
            try:
                collection = client.get_collection(state.collection, embedding_function=None)
                if collection.count() != state.passages:
                    raise PassageIndexError(
                        f"passage index holds {collection.count()} passages, its pointer says "
                        f"{state.passages}: run 'radcite ingest --rebuild'"
                    )
            except BaseException:
                _close(client)
                raise
        return cls(client, collection)

    def count(self) -> int:
        return int(self._collection.count())

    def nearest(
        self,
        vector: Sequence[float],
        limit: int,
        guidelines: Collection[str] | None = None,
        *,
        include_superseded: bool = True,
    ) -> tuple[Neighbour, ...]:
        """The ``limit`` passages nearest to ``vector`` that the filter lets through, nearest first.

        Chroma's own filter takes as long as the whole search several times over. Where only
        superseded editions stay out, twice as many are searched without it and those editions
        left out afterwards, which gives the same list as long as enough remain.
        """
        if guidelines is not None and not guidelines:
            return ()
        if guidelines is None and not include_superseded:
            current = [n for n, superseded in self._query(vector, 2 * limit) if not superseded]
            if len(current) >= limit:
                return tuple(current[:limit])
        where = _where(guidelines, include_superseded)
        return tuple(neighbour for neighbour, _ in self._query(vector, limit, where))

    def _query(
        self, vector: Sequence[float], limit: int, where: chromadb.Where | None = None
    ) -> list[tuple[Neighbour, bool]]:
        """Neighbours, each with whether its edition is superseded."""
        with _chroma_errors(self._collection.name):
            found = self._collection.query(
                query_embeddings=[list(vector)],
                n_results=limit,
                where=where,
                include=["distances", "metadatas"],
            )
        distances, metadatas = found["distances"], found["metadatas"]
        assert distances is not None and metadatas is not None
        return [
            (Neighbour(passage_id, 1.0 - distance), bool(metadata["superseded"]))
            for passage_id, distance, metadata in zip(
                found["ids"][0], distances[0], metadatas[0], strict=True
            )
        ]

    def get(self, ids: Iterable[str]) -> dict[str, StoredPassage]:
        """The passages named by ``ids``; each is read from Chroma once and then kept.

        Raises:
            PassageIndexError: an id is not in this build.
        """
        wanted = list(ids)
        with self._lock:
            missing = [passage_id for passage_id in wanted if passage_id not in self._known]
            if missing:
                self._known.update(self._read(missing))
            return {passage_id: self._known[passage_id] for passage_id in wanted}

    def close(self) -> None:
        self._close()

    def _read(self, ids: list[str]) -> dict[str, StoredPassage]:
        import numpy as np

        with _chroma_errors(self._collection.name):
            rows = self._collection.get(ids=ids, include=["documents", "metadatas", "embeddings"])
        documents, metadatas, vectors = rows["documents"], rows["metadatas"], rows["embeddings"]
        assert documents is not None and metadatas is not None and vectors is not None
        read = {
            passage_id: StoredPassage(
                from_record(passage_id, text, cast(Metadata, metadata)),
                np.asarray(vector, dtype=np.float32),
            )
            for passage_id, text, metadata, vector in zip(
                rows["ids"], documents, metadatas, vectors, strict=True
            )
        }
        if lost := set(ids) - read.keys():
            raise PassageIndexError(
                f"passages {sorted(lost)[:3]} are not in the store: run 'radcite ingest --rebuild'"
            )
        return read


class StoreBuild:
    """A build being written; nothing sees it before its pointer does."""

    def __init__(self, home: Path, build: str, collection: str, chroma_url: str | None) -> None:
        with _chroma_errors(chroma_url or str(home)):
            self._client = _client(home, build, chroma_url)
            self._collection = self._client.create_collection(
                collection,
                configuration={"hnsw": _HNSW},
                metadata={"radcite_home": _home_mark(home)},
                embedding_function=None,
            )

    def add(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        """Add passages with vectors of shape ``(len(passages), dimension)``; ids must be new."""
        with _chroma_errors(self._collection.name):
            for start in range(0, len(passages), _WRITE_BATCH):
                part = passages[start : start + _WRITE_BATCH]
                self._collection.add(
                    ids=[passage.id for passage in part],
                    embeddings=vectors[start : start + _WRITE_BATCH],
                    documents=[passage.text for passage in part],
                    metadatas=[to_metadata(passage) for passage in part],
                )

    def count(self) -> int:
        return int(self._collection.count())

    def close(self) -> None:
        _close(self._client)


def collection_name(fingerprint: str, build: str) -> str:
    return f"{_PREFIX}{fingerprint}-{build}"


def chroma_folder(home: Path, build: str) -> Path:
    return builds_folder(home) / build / "chroma"


def prune(home: Path, keep: Collection[str], chroma_url: str | None) -> None:
    """Remove all builds of this home but those in ``keep``, killed ones included.

    On a server only collections that this home made are touched.
    """
    for folder in builds_folder(home).iterdir() if builds_folder(home).is_dir() else ():
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
    if chroma_url is not None:
        _prune_server(home, keep, chroma_url)


def _prune_server(home: Path, keep: Collection[str], chroma_url: str) -> None:
    with _chroma_errors(chroma_url):
        client = _client(home, "", chroma_url)
        try:
            for collection in client.list_collections():
                ours = (collection.metadata or {}).get("radcite_home") == _home_mark(home)
                kept = any(collection.name.endswith(f"-{build}") for build in keep)
                if ours and collection.name.startswith(_PREFIX) and not kept:
                    client.delete_collection(collection.name)
        finally:
            _close(client)


def _home_mark(home: Path) -> str:
    """This home's own random name, so that homes sharing a server leave each other alone."""
    path = builds_folder(home).with_name("home_id")
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(uuid.uuid4().hex, encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _where(guidelines: Collection[str] | None, include_superseded: bool) -> chromadb.Where | None:
    named = {"guideline": {"$in": sorted(guidelines)}} if guidelines is not None else None
    current = None if include_superseded else {"superseded": False}
    conditions = [condition for condition in (named, current) if condition is not None]
    if len(conditions) == 2:
        return cast("chromadb.Where", {"$and": conditions})
    return cast("chromadb.Where", conditions[0]) if conditions else None


def _client(home: Path, build: str, chroma_url: str | None) -> ClientAPI:
    import chromadb

    settings = chromadb.Settings(anonymized_telemetry=False)
    if chroma_url is None:
        folder = chroma_folder(home, build)
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    parts = urlsplit(chroma_url)
    secure = parts.scheme == "https"
    client = chromadb.HttpClient(
        host=parts.hostname or "localhost",
        port=parts.port or (443 if secure else 8000),
        ssl=secure,
        settings=settings,
    )
    for session in _sessions(client):
        session.timeout = _SERVER_SECONDS
    return client


def _close(client: ClientAPI) -> None:
    """Give back what the client holds; Chroma itself leaves a server's connections open."""
    sessions = list(_sessions(client))
    client.close()
    for session in sessions:
        session.close()


def _sessions(client: ClientAPI) -> Iterator[httpx.Client]:
    """The connections to a server (two pools), which Chroma opens without any time limit."""
    import httpx

    for part in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(part, "_server", None), "_session", None)
        if isinstance(session, httpx.Client):
            yield session


@contextmanager
def _chroma_errors(place: str) -> Iterator[None]:
    """Name the place and the remedy for whatever Chroma, its server or the disk reports."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError, OSError, ValueError) as error:
        raise PassageIndexError(
            f"passage store {place}: {error}; check that it is reachable and whole, "
            "or run 'radcite ingest --rebuild'"
        ) from error
