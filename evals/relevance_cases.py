"""Questions with the features of their candidates, as ``evals/fit_relevance.py`` fits on them.

No question sees itself: relations are learned without the fifth of the facts that it belongs to, and
the known questions that it is compared with are those of the other ways of asking.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.fit_relations import Pair, relations
from rag.answering.answer import reader
from rag.answering.parts import Parts
from rag.answering.text_route import CANDIDATES, fitting, searched
from rag.knowledge.fact_questions import load_fact_questions
from rag.knowledge.passages import passages
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.alternatives import load_alternatives
from rag.retrieval.relations import Relations
from rag.retrieval.relevance import RelevanceJudge
from rag.retrieval.relevance_weights import FEATURES, Weights
from rag.retrieval.search import PassageSearch
from rag.retrieval.tokens import tokens
from rag.types import Hit, Passage

DATA = Path(__file__).resolve().parent / "data"
_FOLDS = 5
_FORMS = 5
"""Ways of asking that ``questions.yaml`` holds of each fact, in the same order."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the facts that answer it (none: near ``beside``); ``form`` is its way of asking.

    ``settles``: it only settles the weights of the answer."""

    text: str
    facts: tuple[str, ...]
    beside: str = ""
    form: int | None = None
    settles: bool = False

    @property
    def fold(self) -> int | None:
        """The fifth of the facts that it belongs to; ``None`` for the development set."""
        fact = self.beside or (self.facts[0] if self.facts and self.form is not None else "")
        return zlib.crc32(fact.encode()) % _FOLDS if fact else None


@dataclass(frozen=True, slots=True)
class Case:
    """One question: features of its candidates (n, features) and which of them are right (n,)."""

    question: Question
    features: Floats
    right: NDArray[np.bool_]

    @property
    def covered(self) -> bool:
        return bool(self.question.facts)


def known_questions(corpus: Path) -> tuple[Question, ...]:
    """The corpus's questions; the place among those of its fact tells how one asks."""
    seen: dict[str, int] = {}
    found: list[Question] = []
    for one in load_fact_questions(corpus):
        place = seen.get(one.facts[0], 0)
        seen[one.facts[0]] = place + 1
        found.append(Question(one.text, one.facts, form=place % _FORMS))
    return tuple(found)


def near_misses(path: Path = DATA / "near_misses.yaml") -> tuple[Question, ...]:
    rows = _sheet(path)["near_misses"]
    assert isinstance(rows, dict)
    return tuple(
        Question(text, (), beside=fact, form=place)
        for fact, asked in rows.items()
        for place, text in enumerate(asked)
    )


def development(path: Path = DATA / "answerability_dev.yaml") -> tuple[Question, ...]:
    sheet = _sheet(path)
    covered, silent = sheet["covered"], sheet["not_covered"]
    assert isinstance(covered, list) and isinstance(silent, list)
    return (
        *(Question(row["question"], (row["fact"],)) for row in covered),
        *(Question(text, ()) for text in silent),
    )


def settling(path: Path = DATA / "shelf_held_out.yaml") -> tuple[Question, ...]:
    """A set that was held out from earlier fits."""
    sheet = _sheet(path)
    covered, silent = sheet["covered"], sheet["not_covered"]
    assert isinstance(covered, list) and isinstance(silent, list)
    return (
        *(Question(row["question"], tuple(row["facts"]), settles=True) for row in covered),
        *(Question(text, (), settles=True) for text in silent),
    )


def _sheet(path: Path) -> Mapping[str, object]:
    sheet = read_yaml(path)
    assert isinstance(sheet, dict)
    return sheet


class Bench:
    """The parts opened once, and what of them knows nothing of a fold of the facts."""

    def __init__(self, parts: Parts, search: PassageSearch) -> None:
        self.parts = parts
        self._search = search
        self._known = known_questions(parts.settings.corpus)
        self._pairs = tuple(self._paired((*self._known, *near_misses())))
        self._learned: dict[int | None, Relations] = {}

    @cached_property
    def _passage_of(self) -> dict[str, Passage]:
        """Each fact's own passage."""
        shelf = self.parts.shelf
        names = (name for name in shelf.ids if name not in shelf.with_topics)
        every = (passage for name in names for passage in passages(shelf.get(name)))
        return {p.fact_ids[0]: p for p in every if p.kind == "fact"}

    def _paired(self, asked: Sequence[Question]) -> Iterator[tuple[int | None, Pair]]:
        """Questions with the passage of their fact, each with its fold."""
        stored = self._search.index().store.get(p.id for p in self._passage_of.values())
        vectors = np.asarray(
            self._search.embedder.embed_documents([q.text for q in asked]), dtype=np.float32
        )
        for question, vector in zip(asked, vectors, strict=True):
            passage = self._passage_of[question.beside or question.facts[0]]
            words = tuple(dict.fromkeys(tokens(question.text)))
            terms = frozenset(tokens(f"{passage.search_text} {passage.text}"))
            row = stored[passage.id].vector
            yield question.fold, Pair(words, terms, vector, row, bool(question.facts))

    def learned(self, without: int | None) -> Relations:
        """Relations that know nothing of a fold; of all pairs for ``None``."""
        if without not in self._learned:
            pairs = [p for fold, p in self._pairs if without is None or fold != without]
            self._learned[without] = relations(pairs, self._search.embedder.model_id)
        return self._learned[without]

    def case(self, question: Question) -> Case:
        """Its candidates, searched as the text route searches, judged without what it taught."""
        parts, text = self.parts, question.text
        routed = reader(parts)(text)
        asked, old = searched(text, routed, parts), bool(routed.editions_named)
        hits = [self._blinded(hit, question) for hit in parts.search(text, CANDIDATES, asked, old)]
        fold = question.fold
        judged = self._judge(fold).judge(text, hits, parts.glossary.named_things(text))
        kept = fitting(judged, text, routed, parts)
        wanted = frozenset(question.facts)
        return Case(
            question,
            np.array([[item.features[name] for name in FEATURES] for item in kept]),
            np.array([bool(wanted & {*item.hit.passage.fact_ids}) for item in kept], dtype=bool),
        )

    def _judge(self, fold: int | None) -> RelevanceJudge:
        parts, search = self.parts, self._search
        alternatives = load_alternatives(parts.settings.corpus / "alternatives.yaml")
        weights = Weights({}, {}, 0.0, 0.5)
        return RelevanceJudge(
            search.document_frequency, search.size, weights, alternatives, self.learned(fold)
        )

    def _blinded(self, hit: Hit, question: Question) -> Hit:
        """The hit as it were without this way of asking among the known questions."""
        vector = np.asarray(self._search.embedder.embed_query(question.text), dtype=np.float32)
        stored = self._search.index().store.get([hit.passage.id])[hit.passage.id]
        learned = self.learned(question.fold).bearing
        assert learned is not None
        if question.form is None:
            return replace(hit, bearing=learned.of(vector, stored.vector))
        near = sorted(float(v @ vector) for v in self._others(hit.passage, question.form))[-2:]
        asked = sum(near) / len(near) if near else None
        return replace(hit, asked=asked, bearing=learned.of(vector, stored.vector))

    def _others(self, passage: Passage, form: int) -> list[NDArray[np.float32]]:
        """Vectors of the passage's known questions that ask in another way."""
        return [
            vector
            for fact in passage.fact_ids
            for at, vector in self._by_fact.get(fact, ())
            if at != form
        ]

    @cached_property
    def _by_fact(self) -> dict[str, list[tuple[int | None, NDArray[np.float32]]]]:
        held: dict[str, list[tuple[int | None, NDArray[np.float32]]]] = {}
        for question, (_, pair) in zip(self._known, self._pairs, strict=False):
            for fact in question.facts:
                held.setdefault(fact, []).append((question.form, pair.question))
        return held
