"""Text to vectors with sentence-transformers, entirely offline.

Constructing an embedder loads nothing; the first text does. Vectors are float32 of length one, so
cosine similarity is the dot product. This is the only file that imports sentence-transformers.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from langchain_core.embeddings import Embeddings

from rag.errors import SettingsError
from rag.retrieval.corpus_vectors import CorpusVectors
from rag.retrieval.late_interaction import Pieces
from rag.retrieval.model_card import PACKAGED_MODEL, ModelCard, model_card
from rag.retrieval.vector_cache import VectorCache

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
_QUERIES_KEPT = 512
_BATCH = 32
_SAVE_EVERY = 256

EmbedProgress = Callable[[int, int], None]
"""Called with (texts done, texts to embed)."""


@runtime_checkable
class Embedder(Protocol):
    """What retrieval needs of an embedder; any LangChain ``Embeddings`` with an identity."""

    @property
    def model_id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_query(self, text: str) -> list[float]: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...


@runtime_checkable
class PieceEmbedder(Protocol):
    """An embedder that also gives the vectors of a text's word pieces, before it averages them."""

    def pieces(self, texts: Sequence[str]) -> list[Pieces]: ...


class PassageEmbedder(Embedder, Protocol):
    """What building an index needs: many texts at once, with progress, and what is yet unknown."""

    def unknown(self, texts: Sequence[str]) -> int: ...

    def embed(
        self, texts: Sequence[str], progress: EmbedProgress | None = None
    ) -> NDArray[np.float32]: ...


class PackagedEmbeddings(Embeddings):
    """The packaged all-MiniLM-L6-v2, or a local folder of a sentence-transformers model.

    Safe to share between threads. ``shipped`` holds vectors of texts of the corpus and is looked up
    first; ``cache`` keeps the other document vectors on disk. Without both every document text is
    embedded anew. Query vectors are kept in memory (the last 512).

    Raises:
        SettingsError: ``model`` names no model on this machine.
    """

    def __init__(
        self,
        model: str = PACKAGED_MODEL,
        cache: VectorCache | None = None,
        shipped: CorpusVectors | None = None,
    ) -> None:
        self._card = model_card(model)
        self._cache = cache
        self._shipped = shipped
        self._lock = threading.Lock()
        self._queries: OrderedDict[str, list[float]] = OrderedDict()

    @property
    def model_id(self) -> str:
        return self._card.model_id

    @property
    def dimension(self) -> int:
        return self._card.dimension

    @property
    def card(self) -> ModelCard:
        return self._card

    def load(self) -> None:
        """Load the model now rather than at the first text (several seconds in a cold process)."""
        _loaded(self._card)

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            known = self._queries.get(text)
        if known is None:
            known = self._encode([text], query=True)[0].tolist()
        with self._lock:
            self._queries[text] = known
            self._queries.move_to_end(text)
            if len(self._queries) > _QUERIES_KEPT:
                self._queries.popitem(last=False)
        return list(known)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """The word pieces of each text as far as the model's window holds, with their vectors."""
        import numpy as np

        loaded = _loaded(self._card)
        with loaded.lock, _one_core():
            found = loaded.model.encode(
                list(texts), batch_size=_BATCH, show_progress_bar=False,
                output_value="token_embeddings", convert_to_numpy=False,
            )  # fmt: skip
            read = loaded.model.tokenizer(
                list(texts), truncation=True, max_length=self._card.window,
                return_offsets_mapping=True,
            )  # fmt: skip
        made: list[Pieces] = []
        for rows, spans in zip(found, read["offset_mapping"], strict=True):
            vectors = np.asarray(rows, dtype=np.float32)
            words = [place for place, (start, end) in enumerate(spans) if end > start]
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            made.append(Pieces(tuple(tuple(spans[place]) for place in words), vectors[words]))
        return made

    def unknown(self, texts: Sequence[str]) -> int:
        """How many different ones of ``texts`` would have to be embedded."""
        return len(set(texts)) - len(self._known(texts))

    def embed(
        self, texts: Sequence[str], progress: EmbedProgress | None = None
    ) -> NDArray[np.float32]:
        """Vectors of ``texts``, shape ``(len(texts), dimension)``; known ones are not made again.

        Texts of similar length are embedded together (less padding), each different text once,
        and kept every 256, so that a killed run goes on where it was.
        """
        import numpy as np

        vectors = self._known(texts)
        missing = sorted(set(texts) - vectors.keys(), key=lambda text: (-len(text), text))
        for start in range(0, len(missing), _SAVE_EVERY):
            part = missing[start : start + _SAVE_EVERY]
            fresh = dict(zip(part, self._encode(part, query=False), strict=True))
            if self._cache is not None:
                self._cache.put(fresh)
            vectors.update(fresh)
            if progress is not None:
                progress(start + len(part), len(missing))
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        return np.stack([vectors[text] for text in texts])

    def _known(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        shipped = self._shipped.get(texts) if self._shipped is not None else {}
        if self._cache is None:
            return shipped
        return shipped | self._cache.get([text for text in texts if text not in shipped])

    def _encode(self, texts: list[str], *, query: bool) -> NDArray[np.float32]:
        import numpy as np

        loaded = _loaded(self._card)
        with loaded.lock, _one_core() if query else nullcontext():
            encode = loaded.model.encode_query if query else loaded.model.encode_document
            vectors = np.asarray(
                encode(
                    texts,
                    batch_size=_BATCH,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                    normalize_embeddings=True,
                ),
                dtype=np.float32,
            )
        if vectors.shape != (len(texts), self.dimension):
            raise SettingsError(
                f"embedding model {self.model_id} gives vectors of {vectors.shape[-1]} numbers, its "
                f"files say {self.dimension}: the model folder is not whole"
            )
        return vectors


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep torch on one core: a question is too short to share out.

    Two cores gain nothing on an idle machine; on a busy one they wait for each other at every layer
    (median of a query on 2 busy cores: 240 to 340 ms shared out, 40 ms on one).
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model in memory; its tokenizer serves one thread at a time."""

    model: SentenceTransformer
    lock: threading.Lock = field(default_factory=threading.Lock)


_LOADING = threading.Lock()


def _loaded(card: ModelCard) -> _Loaded:
    """The model of ``card``, loaded once a process however many embedders use it."""
    with _LOADING:
        return _load_once(card)


@lru_cache(maxsize=2)
def _load_once(card: ModelCard) -> _Loaded:
    return _Loaded(_load_model(card))


def _load_model(card: ModelCard) -> SentenceTransformer:
    """Load from the folder, never from a network: the variables are read when the libraries load."""
    os.environ.update(_OFFLINE)
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    try:
        model = SentenceTransformer(str(card.folder), device="cpu", local_files_only=True)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"embedding model in {card.folder} cannot be loaded ({error}): check the folder or "
            "unset RADCITE_EMBEDDING_MODEL"
        ) from error
    model.max_seq_length = card.window
    return model
