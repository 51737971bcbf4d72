"""When to answer, to refuse, or to ask back: precision, recall and calibration.

Every function scores one case, so that its mean over cases is the rate with its own n: ``None``
where the case has no part in that rate.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Detection:
    """One yes/no decision beside what was right."""

    decided: bool
    right: bool

    @property
    def precision(self) -> float | None:
        """Takes part in precision = right yes / all yes: only where yes was said."""
        return float(self.right) if self.decided else None

    @property
    def recall(self) -> float | None:
        """Takes part in recall = right yes / all that should be yes."""
        return float(self.decided) if self.right else None


def possible_covered(listed: Collection[str], truly: Collection[str]) -> float | None:
    """Share of the truly possible categories that "still possible" lists (1: none is left out).

    >>> possible_covered(["2", "4A"], ["2", "4A", "4B"])
    0.6666666666666666
    """
    return len(set(listed) & set(truly)) / len(set(truly)) if truly else None


def possible_exact(listed: Collection[str], truly: Collection[str]) -> float | None:
    """1 where "still possible" lists exactly the categories that the missing detail leaves open."""
    return float(set(listed) == set(truly)) if truly else None
