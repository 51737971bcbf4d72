"""Which passage answers the question, and does any, or do they only lie near it?

Retrieval always returns something. Two questions are put to what it returned. *Order*: which
passage is it, by lexical score, similarity, how much of the question's content it carries (words
weighed by rarity on the shelf), whether its numbers, labels and kinds of quantity fit. *Answer*:
does the passage say what is asked; here nothing is relative to the other passages. Both are
linear in the same features; their weights were fitted by ``evals/fit_relevance.py`` on
``evals/data/answerability_dev.yaml``, a set that is reported on nowhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.alternatives import Alternatives
from rag.retrieval.answer_kind import kinds_in
from rag.retrieval.asked import Asked, asked
from rag.retrieval.bounds import Bounds, agreement, labels_of, quantities
from rag.retrieval.concepts import Concept, Synonyms, share
from rag.retrieval.tokens import tokens
from rag.types import Hit, Passage

FEATURES = (
    "lexical",
    "similarity",
    "coverage",
    "own_coverage",
    "heaviest_missing",
    "unknown",
    "focus",
    "kind",
    "bounds",
    "label",
    "subject",
    "row",
    "apart",
    "special",
)
"""Names of the features of a passage for a question, each about 0 to 1 or -1 to 1."""

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature for the order and for the answer, and the least probability of an answer."""

    order: Mapping[str, float]
    answer: Mapping[str, float]
    bias: float
    accept: float


class _WeightsFile(BaseModel):
    """``relevance.yaml`` as it stands on disk; written by ``evals/fit_relevance.py``."""

    model_config = ConfigDict(extra="forbid")

    order: dict[str, float]
    answer: dict[str, float]
    bias: float
    accept: float = Field(gt=0, lt=1)


def load_weights(path: Path) -> Weights:
    """The fitted weights.

    Raises:
        CorpusError: the file is missing a weight or holds something else.
    """
    try:
        weights = Weights(**_WeightsFile.model_validate(read_yaml(path)).model_dump())
    except ValidationError as error:
        raise CorpusError(
            f"{error.errors()[0]['msg']}: run 'python -m evals.fit_relevance'", file=path.name
        ) from error
    unknown = {*weights.order, *weights.answer} - set(FEATURES)
    if unknown:
        raise CorpusError(
            f"unknown feature {', '.join(sorted(unknown))}: run 'python -m evals.fit_relevance'",
            file=path.name,
        )
    return weights


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with its place in the order, its probability of answering (0 to 1) and the features.

    ``missing`` is what the passage lacks of the question, in the question's order.
    """

    hit: Hit
    rank_score: float
    probability: float
    features: Features
    missing: tuple[str, ...]


class RelevanceJudge:
    """Judges hits; ``document_frequency`` counts the passages that hold a term, of ``size`` in all."""

    def __init__(
        self,
        document_frequency: Callable[[str], int],
        size: int,
        weights: Weights,
        alternatives: Alternatives | None = None,
    ) -> None:
        self._frequency = document_frequency
        self._size = size
        self.weights = weights
        self._alternatives = alternatives or Alternatives()

    def judge(
        self, question: str, hits: Sequence[Hit], synonyms: Synonyms = ()
    ) -> tuple[Judged, ...]:
        """Every hit with its probability, the best by order first (ties keep the retriever's)."""
        read = asked(question, synonyms)
        best = max((hit.lexical or 0.0 for hit in hits), default=0.0) or 1.0
        judged = [self._one(read, hit, (hit.lexical or 0.0) / best) for hit in hits]
        return tuple(sorted(judged, key=lambda item: -item.rank_score))

    def accepts(self, item: Judged) -> bool:
        return item.probability >= self.weights.accept

    def idf(self, term: str) -> float:
        """Robertson-Spärck Jones weight, never negative; highest for a term the shelf lacks."""
        frequency = self._frequency(term)
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))

    def _one(self, read: Asked, hit: Hit, lexical: float) -> Judged:
        seen = _seen(hit.passage)
        features = {
            "lexical": lexical,
            "similarity": hit.similarity if hit.similarity is not None else 0.0,
            **self._carried(read, seen),
            **_fit(read, seen),
            "apart": min(self._alternatives.apart(read.terms, seen.own), 2) / 2,
            "special": float(self._alternatives.special(read.terms, seen.own)),
            "row": float(hit.passage.kind == "row"),
        }
        w = self.weights
        probability = logistic(w.bias + _weighed(w.answer, features))
        missing = tuple(" ".join(c.said) for c in read.concepts if not c.held_by(seen.terms))
        return Judged(hit, _weighed(w.order, features), probability, features, missing)

    def _carried(self, read: Asked, seen: _Seen) -> dict[str, float]:
        """How much of the question the passage carries, words weighed by rarity."""
        weigh = self.idf
        total = sum(c.weight(weigh) for c in read.concepts) or 1.0
        lacking = [c.weight(weigh) for c in read.concepts if not c.held_by(seen.terms)]
        strange = [c.weight(weigh) for c in read.concepts if self._strange(c)]
        focus = share(read.focus, seen.terms, weigh) if read.focus else 0.7
        return {
            "coverage": share(read.concepts, seen.terms, weigh),
            "own_coverage": share(read.concepts, seen.own, weigh),
            "heaviest_missing": max(lacking, default=0.0) / total,
            "unknown": sum(strange) / total,
            "focus": focus,
            "subject": share(read.concepts, seen.subject, weigh),
        }

    def _strange(self, concept: Concept) -> bool:
        """Whether no passage of the shelf could hold it under any of its names."""
        return not any(all(self._frequency(term) for term in name) for name in concept.names)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A passage as it is judged; ``own`` are the terms of its text, ``subject`` those before its verb."""

    terms: frozenset[str]
    own: frozenset[str]
    subject: frozenset[str]
    kinds: frozenset[str]
    bounds: tuple[Bounds, ...]
    labels: frozenset[str]


@lru_cache(maxsize=8192)
def _seen(passage: Passage) -> _Seen:
    verb = _verb().search(passage.text)
    subject = passage.text[: verb.start()] if verb else passage.text
    return _Seen(
        terms=frozenset(tokens(f"{passage.search_text} {passage.text}")),
        own=frozenset(tokens(passage.text)),
        subject=frozenset(tokens(subject)),
        kinds=kinds_in(passage.text),
        bounds=quantities(passage.text),
        labels=labels_of(passage.text),
    )


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:means?|includes?|comprises?|covers?|is|are|was|were|has|have|needs?|gets?|gives?|may|can"
        r"|must|should|does|do|uses?)(?=\s)|:"
    )


def _fit(read: Asked, seen: _Seen) -> dict[str, float]:
    """Whether kind, numbers, labels and the manner of saying fit the question."""
    kind = 0.0 if not read.wanted else 1.0 if read.wanted & seen.kinds else -1.0
    label = 0.0
    if read.labels and seen.labels:
        label = 1.0 if read.labels & seen.labels else -1.0
    return {
        "kind": kind,
        "bounds": agreement(read.quantities, seen.bounds),
        "label": label,
    }


def _weighed(weights: Mapping[str, float], features: Features) -> float:
    return sum(weight * features[name] for name, weight in weights.items())


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow.

    >>> logistic(0.0)
    0.5
    """
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))
