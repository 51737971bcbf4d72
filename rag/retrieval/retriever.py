"""Hybrid retrieval: dense neighbours and BM25 over the same passages, fused by rank."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from contextlib import suppress

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from rag.errors import PassageIndexError
from rag.retrieval.embedding import Embedder, PackagedEmbeddings
from rag.retrieval.fusion import reciprocal_rank_fusion
from rag.retrieval.passage_index import IndexReader, PassageIndex
from rag.retrieval.store import StoredPassage
from rag.settings import Settings
from rag.types import Hit

_CANDIDATES = 50
"""Passages that each retriever puts up for fusion (at least five times what is asked for)."""


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over the current passage index.

    ``k`` passages come back from ``invoke``; ``guidelines`` restricts to guideline or document
    ids; superseded editions stay out unless asked for. Safe to share between threads.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    settings: Settings
    embedder: Embedder
    k: int = 8
    guidelines: tuple[str, ...] | None = None
    include_superseded: bool = False
    _reader: IndexReader = PrivateAttr()

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder | None = None) -> HybridRetriever:
        """A retriever that loads nothing until its first query.

        Raises:
            SettingsError: the settings name no embedding model on this machine.
        """
        return cls(
            settings=settings,
            embedder=embedder or PackagedEmbeddings(settings.embedding_model),
            k=settings.passages,
        )

    def model_post_init(self, _context: object) -> None:
        self._reader = IndexReader(
            self.settings.home_dir,
            self.embedder.model_id,
            self.embedder.dimension,
            self.settings.chroma_url,
        )

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the index that answers now (opens it)."""
        return self._reader.current().state.fingerprint

    @property
    def size(self) -> int:
        """How many passages the current index holds."""
        return self._reader.current().lexical.size

    def document_frequency(self, term: str) -> int:
        """How many passages of the current index hold an index term."""
        return self._reader.current().lexical.document_frequency(term)

    def index(self) -> PassageIndex:
        """The current build, open for reading."""
        return self._reader.current()

    def warm(self) -> None:
        """Open the index while the embedding model loads, so that the first query is quick."""
        opener = threading.Thread(target=self._open_quietly, daemon=True)
        opener.start()
        self.embedder.embed_query("warm")
        opener.join()
        self._reader.current()

    def hits(
        self,
        query: str,
        k: int | None = None,
        guidelines: Collection[str] | None = None,
        include_superseded: bool | None = None,
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages, best first, each with both ranks and its cosine similarity.

        Ranks are those among the passages that the filters let through. Arguments left out take
        the retriever's own values.

        Raises:
            PassageIndexError: no index, one of another model, or a store that does not answer.
        """
        limit = self.k if k is None else k
        chosen = self.guidelines if guidelines is None else guidelines
        superseded = self.include_superseded if include_superseded is None else include_superseded
        if not query.strip() or limit < 1:
            return ()
        index = self._reader.current()
        vector = self.embedder.embed_query(query)
        wide = max(_CANDIDATES, 5 * limit)
        dense = index.store.nearest(vector, wide, chosen, include_superseded=superseded)
        lexical = index.lexical.search(query, wide, chosen, include_superseded=superseded)
        rankings = [[n.passage_id for n in dense], [h.passage_id for h in lexical]]
        fused = reciprocal_rank_fusion(rankings)[:limit]
        stored = index.store.get(passage_id for passage_id, _ in fused)
        return tuple(_hit(stored[name], score, rankings, vector) for name, score in fused)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [to_document(hit) for hit in self.hits(query)]

    def _open_quietly(self) -> None:
        """Open ahead of need; an error is raised where the index is first asked for."""
        with suppress(PassageIndexError):
            self._reader.current()


def to_document(hit: Hit) -> Document:
    """A hit as LangChain sees it: the text shown to a reader, and everything known of it."""
    passage, edition = hit.passage, hit.passage.edition
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "passage_id": passage.id,
            "kind": passage.kind,
            "guideline": edition.guideline,
            "title": edition.title,
            "edition": edition.edition,
            "issuer": edition.issuer,
            "year": edition.year,
            "superseded": edition.superseded,
            "source_url": edition.source_url,
            "section": passage.section,
            "page": passage.page,
            "document": passage.document,
            "fact_ids": list(passage.fact_ids),
            "score": hit.score,
            "dense_rank": hit.dense_rank,
            "lexical_rank": hit.lexical_rank,
            "similarity": hit.similarity,
        },
    )


def _hit(
    stored: StoredPassage, score: float, rankings: Sequence[Sequence[str]], vector: Sequence[float]
) -> Hit:
    import numpy as np

    dense, lexical = (_rank(ranking, stored.passage.id) for ranking in rankings)
    similarity = float(np.dot(stored.vector, np.asarray(vector, dtype=np.float32)))
    return Hit(stored.passage, score, dense, lexical, similarity)


def _rank(ranking: Sequence[str], passage_id: str) -> int | None:
    return ranking.index(passage_id) + 1 if passage_id in ranking else None
