"""Hybrid search: dense neighbours, BM25 and known questions over the same passages, fused by rank.

Plain of LangChain (whose retriever in ``retriever.py`` wraps this), because importing its base
class costs a cold question half a second.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from rag.errors import PassageIndexError
from rag.retrieval.fusion import reciprocal_rank_fusion
from rag.retrieval.passage_index import IndexReader, PassageIndex
from rag.retrieval.relations import FILE, Bearing, load_relations
from rag.retrieval.store import StoredPassage
from rag.settings import Settings
from rag.types import Hit

if TYPE_CHECKING:
    from rag.retrieval.embedding import Embedder

_CANDIDATES = 50
"""Passages that each way of searching puts up for fusion (at least five times what is asked)."""


class PassageSearch:
    """Searches the current passage index; loads nothing until its first query. Thread-safe.

    Raises:
        SettingsError: the settings name no embedding model on this machine.
    """

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        self.embedder = embedder or _packaged(settings)
        self._passages = settings.passages
        self._relations = settings.corpus / FILE
        self._reader = IndexReader(
            settings.home_dir, self.embedder.model_id, self.embedder.dimension, settings.chroma_url
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
        include_superseded: bool = False,
        question: str | None = None,
    ) -> tuple[Hit, ...]:
        """The ``k`` best passages, best first, each with both ranks and its cosine similarity.

        Ranks are those among the passages that the filters let through: ``guidelines`` restricts
        to guideline or document ids, superseded editions stay out unless asked for. ``question`` is
        what was asked where ``query`` has other words added to it.

        Raises:
            PassageIndexError: no index, one of another model, or a store that does not answer.
        """
        limit = self._passages if k is None else k
        if not query.strip() or limit < 1:
            return ()
        index = self._reader.current()
        vector = self.embedder.embed_query(query)
        wide = max(_CANDIDATES, 5 * limit)
        dense = index.store.nearest(vector, wide, guidelines, include_superseded=include_superseded)
        lexical = index.lexical.search(
            query, wide, guidelines, include_superseded=include_superseded
        )
        plain = self.embedder.embed_query(question) if question else vector
        asked = index.questions.similarities(plain)
        known = index.questions.nearest(
            asked, wide // 2, guidelines, include_superseded=include_superseded
        )
        rankings = [[n.passage_id for n in dense], [h.passage_id for h in lexical], known]
        fused = reciprocal_rank_fusion(rankings)[:limit]
        names = [passage_id for passage_id, _ in fused]
        stored = index.store.get(names)
        shared = index.lexical.scores(query, names)
        return tuple(
            replace(
                _hit(stored[name], score, rankings, vector, shared.get(name)),
                asked=asked.get(name),
                bearing=self._bearing(plain, stored[name]),
            )
            for name, score in fused
        )

    def _bearing(self, asked: Sequence[float], stored: StoredPassage) -> float | None:
        import numpy as np

        learned = self._learned
        return learned.of(np.asarray(asked, np.float32), stored.vector) if learned else None

    @cached_property
    def _learned(self) -> Bearing | None:
        """What was learned of this model's vectors; nothing of another's."""
        learned = load_relations(self._relations).bearing
        return learned if learned and learned.model_id == self.embedder.model_id else None

    def _open_quietly(self) -> None:
        """Open ahead of need; an error is raised where the index is first asked for."""
        with suppress(PassageIndexError):
            self._reader.current()


def _packaged(settings: Settings) -> Embedder:
    from rag.retrieval.embedding import PackagedEmbeddings

    return PackagedEmbeddings(settings.embedding_model)


def _hit(
    stored: StoredPassage,
    score: float,
    rankings: Sequence[Sequence[str]],
    vector: Sequence[float],
    shared: float | None,
) -> Hit:
    import numpy as np

    dense, lexical = (_rank(ranking, stored.passage.id) for ranking in rankings[:2])
    similarity = float(np.dot(stored.vector, np.asarray(vector, dtype=np.float32)))
    return Hit(stored.passage, score, dense, lexical, similarity, shared)


def _rank(ranking: Sequence[str], passage_id: str) -> int | None:
    return ranking.index(passage_id) + 1 if passage_id in ranking else None
