"""Facets: the facts of a referral that tell one appropriateness scenario from another.

Values only. ``rag/answering/facets.py`` reads them from text, the scenario ranker compares them.
Each facet that was read from words also stands in :attr:`Facets.read` with its span, so that a
reader can see and correct it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

from rag.types import Descriptor

Sex = Literal["female", "male"]
Acuity = Literal["acute", "subacute", "chronic"]
Outcome = Literal["normal", "abnormal", "indeterminate", "done"]


@dataclass(frozen=True, slots=True)
class AgeBand:
    """An age or a range of ages in years, ``low <= age <= high``; ``stated`` is false for a word.

    >>> AgeBand(0, 1).apart(AgeBand(18, 120))
    17
    """

    low: float
    high: float = inf
    stated: bool = False

    def apart(self, other: AgeBand) -> float:
        """Years between the two ranges, 0 where they touch or overlap."""
        return max(self.low - other.high, other.low - self.high, 0)


@dataclass(frozen=True, slots=True)
class PriorResult:
    """A test that has been done and how it came out (``done`` where the text does not say)."""

    test: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Quantity:
    """A size in millimetres or a named score, as the range that the text states."""

    name: str
    low: float
    high: float

    def meets(self, other: Quantity) -> bool:
        """Whether the ranges share more than an open bound's edge."""
        if self.low == self.high or other.low == other.high:
            return self.low <= other.high and other.low <= self.high
        return self.low < other.high and other.low < self.high


@dataclass(frozen=True, slots=True)
class Facets:
    """What was read from one text; ``None`` or empty where the text does not say.

    ``stage`` is the reference's own word (initial, next, follow-up, surveillance, screening,
    staging, treatment planning, treatment). ``conditions`` are names such as
    ``contrast_allergy``, ``immunocompromised``, ``known_cancer``, ``pacemaker``, ``low_gfr``.
    ``gestation`` is in weeks, ``gfr`` in mL/min/1.73 m2.
    """

    age: AgeBand | None = None
    sex: Sex | None = None
    pregnant: bool | None = None
    gestation: float | None = None
    acuity: Acuity | None = None
    stage: str | None = None
    results: frozenset[PriorResult] = frozenset()
    conditions: frozenset[str] = frozenset()
    gfr: float | None = None
    quantities: frozenset[Quantity] = frozenset()
    read: tuple[Descriptor, ...] = ()
