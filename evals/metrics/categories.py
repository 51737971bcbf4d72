"""Categories compared, and which way a wrong one errs.

A wrong category matters by what it makes people do. Labels of one system are put on a scale of
urgency (``evals/data/urgency.yaml``): labels with the same management share a step. A call below
the right step is an under-call (a cancer may wait), one above it an over-call (a biopsy too many).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Call = Literal[
    "right", "same_management", "under", "over", "off_scale", "asked", "refused", "other_system"
]
"""``off_scale``: one of the two labels (incomplete, known cancer) stands on no scale.
``asked`` and ``refused`` give no category; ``other_system`` decided by another guideline."""

CALLS: tuple[Call, ...] = (
    "right", "same_management", "under", "over", "off_scale", "asked", "refused", "other_system",
)  # fmt: skip
HARMFUL: frozenset[Call] = frozenset({"under", "over", "off_scale", "same_management"})
"""Calls that show a wrong category."""

NO_CATEGORY = "none"
"""Column of the harm matrix for answers without a category."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Steps of urgency of one guideline, least urgent first; ``beside`` are labels on no step."""

    guideline: str
    steps: tuple[frozenset[str], ...]
    beside: frozenset[str] = frozenset()

    def step(self, label: str) -> int | None:
        """Place on the scale from 0, or ``None`` for a label beside it.

        Raises:
            KeyError: the guideline has no such label.
        """
        if label in self.beside:
            return None
        for place, labels in enumerate(self.steps):
            if label in labels:
                return place
        raise KeyError(f"{self.guideline} has no category {label!r} on its urgency scale")

    @property
    def labels(self) -> tuple[str, ...]:
        return (*sorted(self.beside), *(label for step in self.steps for label in sorted(step)))


def call(scale: Scale, expected: str, answered: str) -> Call:
    """How an answered category errs.

    >>> lung = Scale("lung", (frozenset("12"), frozenset("3")), frozenset("0"))
    >>> call(lung, "3", "2"), call(lung, "2", "3"), call(lung, "1", "2"), call(lung, "0", "3")
    ('under', 'over', 'same_management', 'off_scale')
    """
    if answered == expected:
        return "right"
    right, given = scale.step(expected), scale.step(answered)
    if right is None or given is None:
        return "off_scale"
    if right == given:
        return "same_management"
    return "under" if given < right else "over"


def accuracy(kind: Call | None) -> float | None:
    """1 for the right label; asking back or refusing a decided case is 0 too."""
    return None if kind is None else float(kind == "right")


def error(kind: Call | None) -> float | None:
    """1 where a wrong category was shown; asking back or refusing is no such error."""
    return None if kind is None else float(kind in HARMFUL)


def harm_matrix(
    pairs: Iterable[tuple[str, str | None]], labels: Sequence[str]
) -> Mapping[str, Mapping[str, int]]:
    """Counts of ``(expected, answered)``: one row an expected label, columns as ``labels``, then none.

    >>> harm_matrix([("3", "2"), ("3", None)], ["2", "3"])["3"]
    {'2': 1, '3': 0, 'none': 1}
    """
    counts = Counter((right, given or NO_CATEGORY) for right, given in pairs)
    columns = (*labels, NO_CATEGORY)
    return {row: {column: counts[row, column] for column in columns} for row in labels}
