"""A mean with its standard error, its n and what could not be scored.

Questions about one topic or document succeed and fail together, so the standard error is clustered:
SE^2 = G/(G-1) * sum over clusters of (sum of residuals)^2 / n^2 (Liang, Zeger, Biometrika 73(1),
1986; for evaluations of language models: Miller, Adding Error Bars to Evals, 2024). With one case a
cluster it is the usual s / sqrt(n).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Mean:
    """``value`` over ``n`` scored cases in ``clusters`` groups; ``unscored`` cases are not in it.

    ``low`` and ``high`` bound the 95 % interval. ``value`` is ``None`` without a scored case, the
    error and the bounds are ``None`` too where the clusters are too few to say.
    """

    value: float | None
    se: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int
    clusters: int


def clustered_mean(
    values: Sequence[float | None], clusters: Sequence[Hashable] | None = None
) -> Mean:
    """The mean of the scored values; ``clusters`` names each value's group (each its own if None).

    Raises:
        ValueError: the two lists differ in length.
    """
    groups = list(clusters) if clusters is not None else list(range(len(values)))
    scored = [(v, g) for v, g in zip(values, groups, strict=True) if v is not None]
    unscored, n = len(values) - len(scored), len(scored)
    if not n:
        return Mean(None, None, None, None, 0, unscored, 0)
    value = sum(v for v, _ in scored) / n
    error = clustered_error(scored, value)
    number = len({g for _, g in scored})
    low, high = _bounds([v for v, _ in scored], value, error, number)
    return Mean(value, error, low, high, n, unscored, number)


def clustered_error(scored: Sequence[tuple[float, Hashable]], mean: float) -> float | None:
    """Clustered standard error of the mean; ``None`` with fewer than two clusters."""
    residuals: dict[Hashable, float] = defaultdict(float)
    for value, group in scored:
        residuals[group] += value - mean
    number = len(residuals)
    if number < 2:
        return None
    return sqrt(number / (number - 1) * sum(r**2 for r in residuals.values())) / len(scored)


def _bounds(
    values: Sequence[float], mean: float, error: float | None, clusters: int
) -> tuple[float | None, float | None]:
    """Shares get Wilson's interval, which stays honest at 0 and 1; other means get mean +- 1.96 SE."""
    if set(values) <= {0.0, 1.0}:
        return wilson(mean, effective_n(len(values), mean, error, clusters))
    if error is None:
        return None, None
    shares = all(0 <= value <= 1 for value in values)
    floor, ceiling = (0.0, 1.0) if shares else (float("-inf"), float("inf"))
    return max(floor, mean - Z95 * error), min(ceiling, mean + Z95 * error)


def effective_n(n: int, share: float, error: float | None, clusters: int) -> float:
    """n / design effect: as many independent cases as the clustered ones are worth.

    Source: Korn, Graubard, Survey Methodology 24(2), 1998. Where the error says nothing (all right,
    all wrong, one cluster) the number of clusters is taken: the cautious side.
    """
    if not error or share in (0.0, 1.0):
        return float(min(n, clusters))
    return min(float(n), share * (1 - share) / error**2)


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson, J Am Stat Assoc 22, 1927).

    >>> [round(bound, 3) for bound in wilson(1.0, 20)]
    [0.839, 1.0]
    """
    z2 = Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)
