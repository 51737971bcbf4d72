"""Whether a model's sentences tell what the guideline's own first sentence would have told.

Each sentence of a model may be true and still leave out the figure that was asked for. What evidence mode
would have put first is then shown as well, so that no answer is poorer for having a model.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.grounding.labels import labels
from rag.answering.grounding.modality import examinations
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.text import without_asides
from rag.answering.grounding.words import content_words
from rag.types import Statement

MOST = 0.75
"""Share of the first sentence's content words from which it counts as told."""


def tell_all(statements: Sequence[Statement], first: Statement) -> bool:
    """Whether every figure, label and examination of ``first``, and most of its words, stand in the statements."""
    told = " ".join(statement.text for statement in statements)
    text = without_asides(first.text)
    words = content_words(text)
    return _figures(text) <= _figures(told) and len(words & content_words(told)) >= MOST * len(
        words
    )


def _figures(text: str) -> frozenset[object]:
    figures = {(x.dimension, x.ends) for x in quantities(text)}
    named = {label.label for label in labels(text)} | {
        found.concept for found in examinations(text)
    }
    return frozenset(figures | named)
