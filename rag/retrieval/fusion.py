"""Reciprocal rank fusion: one ranking out of several, from ranks alone.

Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual rank
learning methods", SIGIR 2009: ``score(d) = sum over rankings of weight / (k + rank(d))``, rank
from 1, k = 60.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[str]], *, k: int = 60, weights: Sequence[float] | None = None
) -> tuple[tuple[str, float], ...]:
    """All ranked ids with their fused score, best first; ties are broken by id.

    >>> reciprocal_rank_fusion([["a", "b"], ["b", "c"]], k=1)
    (('b', 0.8333333333333333), ('a', 0.5), ('c', 0.3333333333333333))

    Args:
        rankings: ids, best first, each id once a ranking.
        k: how much the first ranks stand out (smaller: more).
        weights: one positive weight a ranking; all 1 by default.

    Raises:
        ValueError: an id twice in one ranking, or weights that do not fit.
    """
    shares = _weights(rankings, weights)
    terms: dict[str, list[float]] = {}
    for ranking, weight in zip(rankings, shares, strict=True):
        if len(set(ranking)) != len(ranking):
            raise ValueError("a ranking holds an id twice")
        for rank, item in enumerate(ranking, start=1):
            terms.setdefault(item, []).append(weight / (k + rank))
    # fsum is exact, so the order in which the rankings come cannot change a score
    fused = ((item, fsum(parts)) for item, parts in terms.items())
    return tuple(sorted(fused, key=lambda pair: (-pair[1], pair[0])))


def _weights(rankings: Sequence[Sequence[str]], weights: Sequence[float] | None) -> Sequence[float]:
    if weights is None:
        return [1.0] * len(rankings)
    if len(weights) != len(rankings) or any(weight <= 0 for weight in weights):
        raise ValueError("one positive weight a ranking is needed")
    return weights
