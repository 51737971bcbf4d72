"""Does a passage answer the question, or does it only lie near it?

Retrieval always returns something. What decides between an answer and "not covered" is how much
of the question's own content the passage carries: words are weighed by how rare they are on the
shelf (inverse document frequency), a word that stands nowhere on the shelf weighs most. The share
covered is joined with the dense similarity in a logistic function whose weights were fitted by
``evals/fit_relevance.py`` on ``evals/data/answerability_dev.yaml``, a set that is reported on nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.concepts import Concept, Synonyms, concepts, share
from rag.retrieval.tokens import tokens
from rag.types import Hit


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the logistic function; from the probability ``accept`` on, a passage answers."""

    bias: float
    similarity: float
    coverage: float
    accept: float


class _WeightsFile(BaseModel):
    """``relevance.yaml`` as it stands on disk; written by ``evals/fit_relevance.py``."""

    model_config = ConfigDict(extra="forbid")

    bias: float
    similarity: float
    coverage: float
    accept: float = Field(gt=0, lt=1)


def load_weights(path: Path) -> Weights:
    """The fitted weights.

    Raises:
        CorpusError: the file is missing a weight or holds something else.
    """
    try:
        return Weights(**_WeightsFile.model_validate(read_yaml(path)).model_dump())
    except ValidationError as error:
        raise CorpusError(
            f"{error.errors()[0]['msg']}: run 'python -m evals.fit_relevance'", file=path.name
        ) from error


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with its probability of answering (0 to 1) and what it was judged by.

    ``coverage`` is the idf-weighted share of the question's content words in the passage;
    ``missing`` what it lacks, in the question's order.
    """

    hit: Hit
    probability: float
    similarity: float
    coverage: float
    missing: tuple[str, ...]


class RelevanceJudge:
    """Judges hits; ``document_frequency`` counts the passages that hold a term, of ``size`` in all."""

    def __init__(
        self, document_frequency: Callable[[str], int], size: int, weights: Weights
    ) -> None:
        self._frequency = document_frequency
        self._size = size
        self.weights = weights

    def judge(
        self, question: str, hits: Sequence[Hit], synonyms: Synonyms = ()
    ) -> tuple[Judged, ...]:
        """Every hit with its probability, most probable first (ties keep the retriever's order)."""
        asked = concepts(question, synonyms)
        judged = [self._one(asked, hit) for hit in hits]
        return tuple(sorted(judged, key=lambda item: -item.probability))

    def accepts(self, item: Judged) -> bool:
        return item.probability >= self.weights.accept

    def idf(self, term: str) -> float:
        """Robertson-Spärck Jones weight, never negative; highest for a term the shelf lacks."""
        frequency = self._frequency(term)
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))

    def _one(self, asked: Sequence[Concept], hit: Hit) -> Judged:
        held = frozenset(tokens(f"{hit.passage.search_text} {hit.passage.text}"))
        coverage = share(asked, held, self.idf)
        missing = tuple(" ".join(c.said) for c in asked if not c.held_by(held))
        similarity = hit.similarity if hit.similarity is not None else 0.0
        w = self.weights
        probability = logistic(w.bias + w.similarity * similarity + w.coverage * coverage)
        return Judged(hit, probability, similarity, coverage, missing)


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow.

    >>> logistic(0.0)
    0.5
    """
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))
