"""The best pieces of documents read word by word, so that the right one among neighbours comes first.

Neighbouring paragraphs share most words and nearly the same vector; what tells them apart is whether
each word of the question is met by one of theirs in the same sense (``late_interaction.py``). That costs
some thirty milliseconds a piece, so the first few are read; the others are taken for no nearer than the
least near of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.retrieval.late_interaction import LateInteraction, Weigh
from rag.retrieval.relevance_weights import DocumentWeights
from rag.types import Span

READ = 8
"""Pieces that are read; more of them brought nothing on the questions of the fit."""
_LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Read:
    """Which of the pieces (by place) stands here, and its probability of answering, 0 to 1."""

    of: int
    probability: float


class CloseReader:
    """Reads pieces of documents; ``late`` compares words, ``None`` for a model that it was not fitted for."""

    def __init__(self, weights: DocumentWeights, late: LateInteraction | None) -> None:
        self._weights = weights
        self._late = late

    @property
    def accept(self) -> float:
        """Probability from which a piece answers."""
        return self._weights.accept if self._late else self._weights.unread_accept

    @property
    def nearly(self) -> float:
        """Probability from which a piece is a weak match; that of an answer where words are not compared."""
        return self._weights.nearly if self._late else self._weights.unread_accept

    def read(
        self, question: str, texts: Sequence[str], places: Sequence[float],
        probabilities: Sequence[float], weigh: Weigh,
    ) -> tuple[Read, ...]:  # fmt: skip
        """The pieces in their new order; ``places`` (log odds) and ``probabilities`` are those before."""
        if self._late is None:
            return tuple(Read(n, p) for n, p in enumerate(probabilities))
        near = self._late.nearness(question, texts[:READ], weigh)
        every = (*near, *(min(near),) * (len(texts) - len(near)))
        scores = [
            place + self._weights.place * one for place, one in zip(places, every, strict=True)
        ]
        order = sorted(range(len(near)), key=lambda n: -scores[n])
        return tuple(
            Read(n, self._probability(probabilities[n], every[n]))
            for n in (*order, *range(len(near), len(texts)))
        )

    def parts(
        self, question: str, text: str, spans: Sequence[Span], weigh: Weigh
    ) -> tuple[float, ...]:
        """How near each part of a piece's search text is; all alike where words are not compared."""
        if self._late is None:
            return (0.0,) * len(spans)
        return self._late.parts(question, text, spans, weigh)

    def _probability(self, before: float, near: float) -> float:
        w, p = self._weights, min(max(before, _LEAST), 1 - _LEAST)
        odds = w.bias + w.odds * math.log(p / (1 - p)) + w.nearness * near
        return 1 / (1 + math.exp(-odds))
