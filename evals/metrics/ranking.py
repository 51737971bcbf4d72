"""Ranked retrieval: recall, success, reciprocal rank, average precision and nDCG.

``ranked`` is the list as the reader gets it, best first, without repetition; ``relevant`` the set
of right items. With nothing relevant there is nothing to find: the result is ``None``.
Definitions: Manning, Raghavan, Schütze, Introduction to Information Retrieval (2008), chapter 8.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from math import log2
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def recall_at(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float | None:
    """R@k = relevant items among the first ``k`` / all relevant items.

    >>> recall_at(["a", "b", "c"], {"b", "d"}, 2)
    0.5
    """
    if not relevant:
        return None
    return len(set(ranked[:k]) & set(relevant)) / len(set(relevant))


def success_at(ranked: Sequence[Hashable], relevant: Collection[Hashable], k: int) -> float | None:
    """1 where any right item stands among the first ``k``: R@k for questions with one right place.

    >>> success_at(["a", "b", "c"], {"b", "d"}, 2)
    1.0
    """
    if not relevant:
        return None
    return float(bool(set(ranked[:k]) & set(relevant)))


def reciprocal_rank(ranked: Sequence[Hashable], relevant: Collection[Hashable]) -> float | None:
    """1 / rank of the first right item, 0 where none is listed; its mean is the MRR.

    Source: Voorhees, The TREC-8 Question Answering Track Report (1999).

    >>> reciprocal_rank(["a", "b"], {"b"})
    0.5
    """
    if not relevant:
        return None
    wanted = set(relevant)
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in wanted), 0.0)


def average_precision(ranked: Sequence[Hashable], relevant: Collection[Hashable]) -> float | None:
    """AP = sum of precision@rank over the ranks of right items / number of right items."""
    if not relevant:
        return None
    wanted, found, total = set(relevant), 0, 0.0
    for rank, item in enumerate(ranked, 1):
        if item in wanted:
            found += 1
            total += found / rank
    return total / len(wanted)


def ndcg_at(ranked: Sequence[Item], gains: Mapping[Item, float], k: int) -> float | None:
    """nDCG@k = DCG@k / DCG@k of the best order, DCG@k = sum of gain / log2(rank + 1).

    Linear gains. Source: Järvelin, Kekäläinen, Cumulated gain-based evaluation of IR techniques,
    ACM TOIS 20(4), 2002.

    >>> ndcg_at(["a", "b"], {"b": 1.0}, 2)
    0.6309297535714575
    """
    best = dcg(sorted(gains.values(), reverse=True)[:k])
    if best == 0:
        return None
    return dcg([gains.get(item, 0.0) for item in ranked[:k]]) / best


def dcg(gains: Sequence[float]) -> float:
    """Discounted cumulated gain of gains in rank order."""
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))


def recall_curve(
    ranked: Sequence[Hashable], relevant: Collection[Hashable], depth: int
) -> tuple[float, ...] | None:
    """Recall at 1, 2, ... ``depth``; never falls."""
    if not relevant:
        return None
    return tuple(recall_at(ranked, relevant, k) or 0.0 for k in range(1, depth + 1))
