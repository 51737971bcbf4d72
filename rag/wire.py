"""The one place that builds the real parts from settings.

Building opens nothing costly: guidelines are read when a question needs them, the passage index
and the embedding model at the first search, the model's endpoint at the first wording.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.answering.aim import Aims, load_aims
from rag.answering.excerpt import excerpt
from rag.answering.grounding import Asked, verify_statement
from rag.answering.parts import Parts, Wording
from rag.answering.scenario_desk import ScenarioDesk
from rag.answering.scope import domain_share
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.korean import KoreanWords, load_korean
from rag.knowledge.shelf import Shelf
from rag.retrieval.alternatives import load_alternatives
from rag.retrieval.answer_kind import kinds_wanted
from rag.retrieval.body_regions import load_body_regions
from rag.retrieval.close_reading import CloseReader
from rag.retrieval.concepts import concepts
from rag.retrieval.index_state import (
    current_fingerprint,
    pointer_mark,
    read_state,
    scenario_folder,
)
from rag.retrieval.late_interaction import LateInteraction
from rag.retrieval.relations import FILE as RELATIONS
from rag.retrieval.relations import load_relations
from rag.retrieval.relevance import Judged, RelevanceJudge
from rag.retrieval.relevance_weights import (
    DOCUMENTS_FILE,
    FACTS_FILE,
    load_document_weights,
    load_weights,
)
from rag.settings import Settings, load_settings
from rag.types import Evidence, Hit, Span, Statement, Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.retrieval.embedding import Embedder
    from rag.retrieval.search import PassageSearch


_OF_THE_FIELD = 0.25
"""Share of the content words that must be words of the field: one by chance makes no question."""

_FEWEST_KNOWN, _KNOWN_SHARE = 2, 0.6
"""How many of a question's content words the index must know for it to be of the field."""
_CONTRAST = "acr_contrast"
"""The guideline whose facts on contrast and safety stand beside the rows they touch."""


def build(settings: Settings | None = None) -> Parts:
    """The real parts for these settings (those of the environment when ``None``).

    Raises:
        SettingsError: a setting is out of range.
        CorpusError: a corpus file that is read now is wrong.
    """
    chosen = settings or load_settings()
    shelf = Shelf.open(chosen.corpus)
    glossary = load_glossary(chosen.corpus / "glossary.yaml", shelf.vocabulary)
    searching = Searching(chosen, glossary)
    return Parts(
        settings=chosen,
        shelf=shelf,
        vocabulary=shelf.vocabulary,
        glossary=glossary,
        regions=load_body_regions(chosen.corpus / "body_regions.yaml"),
        search=searching.search,
        judge=searching.judge,
        accepts=searching.accepts,
        nearly=searching.nearly,
        excerpt=searching.excerpt,
        in_domain=searching.in_domain,
        desk=_current_desk(chosen, shelf, searching),
        searchable=lambda: searchable(chosen.home_dir),
        fingerprint=lambda: current_fingerprint(chosen.home_dir),
        verify=verify,
        wording=_wording(chosen),
        aims=cache(lambda: _aims(chosen.corpus / "aims.yaml", searching)),
        korean=cache(lambda: _korean(chosen.corpus / "korean.yaml")),
    )


def verify(
    statement: Statement, evidence: Sequence[Evidence], question: str = ""
) -> tuple[Verdict, str]:
    """The grounding checks without an embedder, for statements that radcite composed itself."""
    return verify_statement(statement, evidence, asked=Asked(question=question))


def searchable(home: Path) -> tuple[str, ...]:
    """Ids of the guidelines and documents that the current index holds; none without an index."""
    state = read_state(home)
    return tuple(state.guidelines) if state else ()


class Searching:
    """Retrieval opened at its first use; afterwards the retriever itself follows a new index."""

    def __init__(self, settings: Settings, glossary: Glossary) -> None:
        self._settings = settings
        self._glossary = glossary
        self._lock = threading.Lock()
        self._last: tuple[tuple[object, ...], tuple[Hit, ...]] | None = None

    @cached_property
    def _opened(self) -> PassageSearch:
        from rag.retrieval.search import PassageSearch

        with self._lock:
            return PassageSearch(self._settings)

    @cached_property
    def _judge(self) -> RelevanceJudge:
        retriever = self._opened
        corpus = self._settings.corpus
        return RelevanceJudge(
            retriever.document_frequency,
            retriever.size,
            load_weights(corpus / FACTS_FILE),
            load_alternatives(corpus / "alternatives.yaml"),
            load_relations(corpus / RELATIONS),
            self._close_reader,
        )

    @cached_property
    def _close_reader(self) -> CloseReader:
        """Reads pieces of documents word by word where the model is the one that this was fitted for."""
        from rag.retrieval.embedding import PieceEmbedder

        weights = load_document_weights(self._settings.corpus / DOCUMENTS_FILE)
        embedder = self._opened.embedder
        if embedder.model_id != weights.model_id or not isinstance(embedder, PieceEmbedder):
            return CloseReader(weights, None)
        return CloseReader(weights, LateInteraction(embedder.pieces))

    @property
    def embedder(self) -> Embedder:
        return self._opened.embedder

    def search(
        self,
        query: str,
        k: int,
        guidelines: Collection[str] | None = None,
        include_superseded: bool = False,
    ) -> tuple[Hit, ...]:
        """Hybrid hits for the query with the glossary's other words for what it names.

        The last result is kept: routes that look at the same passages search once.
        """
        asked = None if guidelines is None else tuple(guidelines)
        key = (query, k, asked, include_superseded, self._opened.index().state.build)
        last = self._last
        if last is None or last[0] != key:
            hits = self._opened.hits(self.expanded(query), k, asked, include_superseded, query)
            self._last = last = (key, hits)
        return last[1]

    def judge(self, question: str, hits: Sequence[Hit]) -> tuple[Judged, ...]:
        """The hits with the probability that each answers the question."""
        return self._judge.judge(question, hits, self._glossary.named_things(question))

    def accepts(self, item: Judged) -> bool:
        return self._judge.accepts(item)

    def nearly(self, item: Judged) -> bool:
        return self._judge.nearly(item)

    def excerpt(self, question: str, text: str, search_text: str) -> str:
        """The sentences of ``text`` that say what is asked; it is a part of ``search_text``."""
        asked, weigh = concepts(question, self._glossary.named_things(question)), self._judge.idf
        start = search_text.find(text)

        def near(spans: Sequence[Span]) -> Sequence[float]:
            moved = [(start + a, start + b) for a, b in spans]
            return self._close_reader.parts(question, search_text, moved, weigh)

        return excerpt(text, asked, weigh, kinds_wanted(question), near if start >= 0 else None)

    def in_domain(self, question: str) -> bool:
        """Whether the question is about radiology guidelines at all."""
        return domain_share(question, self._glossary.terms) >= _OF_THE_FIELD

    def expanded(self, query: str) -> str:
        """The query followed by other words for what it names (Korean to English, short to long)."""
        return " ".join((query, *self._glossary.search_terms(query)))


def _current_desk(
    settings: Settings, shelf: Shelf, searching: Searching
) -> Callable[[], ScenarioDesk | None]:
    """The desk of the current build: a new one after each ingestion, which may bring topics."""

    @lru_cache(maxsize=1)
    def opened(_mark: object) -> ScenarioDesk | None:
        return _scenario_desk(settings, shelf, searching)

    return lambda: opened(pointer_mark(settings.home_dir))


def _scenario_desk(settings: Settings, shelf: Shelf, searching: Searching) -> ScenarioDesk | None:
    """The appropriateness tables with their ranking index; ``None`` where the shelf has none."""
    names = shelf.with_topics
    if not names:
        return None

    def rows(texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy

        return numpy.array([embedder.embed_query(text) for text in texts], dtype=numpy.float32)

    embedder = searching.embedder
    contrast = [shelf.get(name) for name in shelf.ids if name == _CONTRAST]
    return ScenarioDesk(
        settings.corpus,
        shelf.edition(names[0]),
        scenario_folder(settings.home_dir),
        rows,
        embedder.model_id,
        {fact.id: fact.fact for guideline in contrast for fact in guideline.facts},
    )


def _aims(path: Path, searching: Searching) -> Aims | None:
    """What questions may be after, or ``None`` where this corpus has no examples."""

    def embed(texts: Sequence[str]) -> list[list[float]]:
        return [list(searching.embedder.embed_query(text)) for text in texts]

    return load_aims(path, embed) if path.exists() else None


def _korean(path: Path) -> KoreanWords | None:
    """The Korean words of the field, or ``None`` where this corpus has none."""
    return load_korean(path) if path.exists() else None


def _wording(settings: Settings) -> Wording | None:
    """The model that words answers, or ``None`` where no endpoint is set."""
    if settings.llm_url is None:
        return None
    from rag.answering.wording import ModelWording

    return ModelWording(settings)
