"""The passage search as LangChain knows it: a ``BaseRetriever`` that returns ``Document``s."""

from __future__ import annotations

from collections.abc import Collection

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from rag.retrieval.embedding import Embedder
from rag.retrieval.search import PassageSearch
from rag.settings import Settings
from rag.types import Hit


class HybridRetriever(BaseRetriever):
    """A LangChain retriever over the current passage index.

    ``k`` passages come back from ``invoke``; ``guidelines`` restricts to guideline or document
    ids; superseded editions stay out unless asked for. Safe to share between threads.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    search: PassageSearch
    k: int = 8
    guidelines: tuple[str, ...] | None = None
    include_superseded: bool = False

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder | None = None) -> HybridRetriever:
        """A retriever that loads nothing until its first query.

        Raises:
            SettingsError: the settings name no embedding model on this machine.
        """
        return cls(search=PassageSearch(settings, embedder), k=settings.passages)

    def hits(
        self,
        query: str,
        k: int | None = None,
        guidelines: Collection[str] | None = None,
        include_superseded: bool | None = None,
    ) -> tuple[Hit, ...]:
        """As :meth:`PassageSearch.hits`; arguments left out take the retriever's own values."""
        return self.search.hits(
            query,
            self.k if k is None else k,
            self.guidelines if guidelines is None else guidelines,
            self.include_superseded if include_superseded is None else include_superseded,
        )

    @property
    def size(self) -> int:
        """How many passages the current index holds."""
        return self.search.size

    def document_frequency(self, term: str) -> int:
        """How many passages of the current index hold an index term."""
        return self.search.document_frequency(term)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [to_document(hit) for hit in self.hits(query)]


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
            "line": passage.line,
            "document": passage.document,
            "fact_ids": list(passage.fact_ids),
            "score": hit.score,
            "dense_rank": hit.dense_rank,
            "lexical_rank": hit.lexical_rank,
            "similarity": hit.similarity,
        },
    )
