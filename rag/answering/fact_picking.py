"""Picking the facts of one guideline that a question is about, by words alone.

Used where a table has already settled which guideline and category are meant, so that neither the
index nor the embedding model is needed. Words count by how rare they are in the guideline.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.compose import bare_label
from rag.answering.labels import Label, labels_in
from rag.knowledge.guideline import Guideline
from rag.knowledge.passages import passages
from rag.knowledge.words import fold
from rag.retrieval.concepts import Synonyms, concepts, share
from rag.retrieval.tokens import tokens
from rag.types import Passage

ENOUGH = 0.45
"""Share of the question's own words, weighed by rarity, that a picked fact must hold."""


@dataclass(frozen=True)
class _Sheet:
    facts: tuple[tuple[Passage, frozenset[str]], ...]
    idf: dict[str, float]
    middle: float

    def weigh(self, term: str) -> float:
        """A term the guideline lacks is most often another word for one it has: it counts middling."""
        return self.idf.get(term, self.middle)


@lru_cache(maxsize=32)
def _sheet(guideline: Guideline) -> _Sheet:
    facts = tuple(
        (passage, frozenset(tokens(passage.search_text)))
        for passage in passages(guideline)
        if passage.kind == "fact"
    )
    counts = Counter(term for _, held in facts for term in held)
    idf = {term: math.log(1 + len(facts) / count) for term, count in counts.items()}
    return _Sheet(facts, idf, sum(idf.values()) / max(len(idf), 1))


def picked(
    guideline: Guideline,
    question: str,
    synonyms: Synonyms = (),
    *,
    about: Callable[[Passage], bool] | None = None,
    besides: Collection[str] = (),
    most: int = 3,
) -> tuple[Passage, ...]:
    """The facts that hold most of what the question itself names, best first.

    ``about`` says which facts may be picked at all; ``besides`` are index terms of the question
    that do not count (the guideline's name). Empty where the question says nothing of its own or
    no fact holds enough of it.
    """
    sheet = _sheet(guideline)
    own = [c for c in concepts(question, synonyms) if not set(c.said) <= set(besides)]
    scored = [
        (share(own, held, sheet.weigh), passage)
        for passage, held in sheet.facts
        if about is None or about(passage)
    ]
    good = sorted((pair for pair in scored if pair[0] >= ENOUGH), key=lambda pair: -pair[0])
    return tuple(passage for _, passage in good[:most])


def names_label(passage: Passage, label: str) -> bool:
    """Whether a passage says something about a category (``4A``, ``TR4``)."""
    bare = bare_label(label)
    return any(bare_label(found.value) == bare for found in _labels(passage.text))


@lru_cache(maxsize=4096)
def _labels(text: str) -> tuple[Label, ...]:
    return labels_in(fold(text))


def best_first(
    passages: Sequence[Passage], guideline: Guideline, question: str, synonyms: Synonyms = ()
) -> tuple[Passage, ...]:
    """Passages in the order of how much of the question they hold; ties keep their order."""
    sheet, asked = _sheet(guideline), concepts(question, synonyms)
    return tuple(sorted(passages, key=lambda p: -share(asked, tokens(p.search_text), sheet.weigh)))
