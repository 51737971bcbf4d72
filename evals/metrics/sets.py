"""Sets of procedures compared: exact match, precision, recall and F1.

An empty set of expected procedures names nothing to find, so it is unscored (``None``) whatever
was answered: agreeing on nothing is no win. An empty answer to a real expectation is 0.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable


def exact_match(answered: Collection[Hashable], expected: Collection[Hashable]) -> float | None:
    """1 where both sets hold the same items.

    >>> exact_match({"CT"}, {"CT"}), exact_match(set(), {"CT"}), exact_match(set(), set())
    (1.0, 0.0, None)
    """
    return float(set(answered) == set(expected)) if expected else None


def set_precision(answered: Collection[Hashable], expected: Collection[Hashable]) -> float | None:
    """Right items / answered items; 0 where nothing was answered."""
    if not expected:
        return None
    return len(set(answered) & set(expected)) / len(set(answered)) if answered else 0.0


def set_recall(answered: Collection[Hashable], expected: Collection[Hashable]) -> float | None:
    """Right items / expected items."""
    return len(set(answered) & set(expected)) / len(set(expected)) if expected else None


def set_f1(answered: Collection[Hashable], expected: Collection[Hashable]) -> float | None:
    """Harmonic mean of precision and recall (van Rijsbergen, Information Retrieval, 1979).

    >>> set_f1({"CT", "MRI"}, {"CT"})
    0.6666666666666666
    """
    if not expected:
        return None
    both = len(set(answered) & set(expected))
    return 2 * both / (len(set(answered)) + len(set(expected)))
