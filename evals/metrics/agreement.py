"""Agreement of two runs, or two wordings of one question: observed share and Cohen's kappa."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def observed_agreement(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Share of pairs with the same label; ``None`` without pairs.

    Raises:
        ValueError: the lists differ in length.
    """
    pairs = list(zip(first, second, strict=True))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """kappa = (observed - chance) / (1 - chance); ``None`` where chance alone gives agreement.

    Source: Cohen, A coefficient of agreement for nominal scales, Educ Psychol Meas 20(1), 1960.

    >>> cohen_kappa("aabb", "aaba")
    0.5
    """
    observed = observed_agreement(first, second)
    if observed is None:
        return None
    n, a, b = len(first), Counter(first), Counter(second)
    chance = sum(a[label] * b[label] for label in a) / n**2
    return None if chance == 1 else (observed - chance) / (1 - chance)
