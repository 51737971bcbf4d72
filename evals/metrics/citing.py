"""Citations: are the cited facts the right ones, and do their figures carry the statement?

The figure check is written apart from ``rag.answering.grounding`` on purpose: an assistant must
not be graded by its own checker. It knows less (numbers with lengths brought to millimetres), so
what it passes may still be wrong; what it fails is worth a look.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Sequence

_NUMBER = re.compile(r"(?<![\w.])(\d+(?:[.,]\d{3})*(?:\.\d+)?)\s*(cm|mm)?(?![\w])", re.IGNORECASE)


def citation_precision(
    cited: Sequence[Collection[Hashable]], right: Collection[Hashable]
) -> float | None:
    """Cited passages that hold a right fact / cited passages; ``None`` where nothing is cited.

    ALCE's citation precision (Gao et al., Enabling Large Language Models to Generate Text with
    Citations, EMNLP 2023) with labelled facts in the place of an entailment model. A lower bound:
    a passage may support the answer without holding a labelled fact.

    >>> citation_precision([{"f1", "f2"}, {"f9"}], {"f1"})
    0.5
    """
    if not right or not cited:
        return None
    return sum(bool(set(facts) & set(right)) for facts in cited) / len(cited)


def citation_recall(
    cited: Sequence[Collection[Hashable]], right: Collection[Hashable]
) -> float | None:
    """Right facts that are cited / right facts; 0 where nothing is cited."""
    if not right:
        return None
    found = {fact for facts in cited for fact in facts}
    return len(found & set(right)) / len(set(right))


def figures(text: str) -> frozenset[float]:
    """The numbers of a text; lengths in millimetres, so that 0.8 cm and 8 mm are one figure.

    >>> sorted(figures("8 mm (0.8 cm) in 12 months, category 4A"))
    [8.0, 12.0]
    """
    return frozenset(
        round(float(number.replace(",", "")) * (10 if unit.lower() == "cm" else 1), 6)
        for number, unit in _NUMBER.findall(text)
    )


def figures_grounded(statement: str, cited_texts: Iterable[str]) -> bool:
    """Whether every figure of the statement stands in one of the texts it cites."""
    given: set[float] = set().union(*map(figures, cited_texts))
    return figures(statement) <= given


def grounded_share(statements: Sequence[tuple[str, Sequence[str]]]) -> float | None:
    """Statements whose figures all stand in what they cite / statements; ``None`` without any.

    A statement that cites nothing is not grounded.
    """
    if not statements:
        return None
    good = [bool(cited) and figures_grounded(text, cited) for text, cited in statements]
    return sum(good) / len(good)
