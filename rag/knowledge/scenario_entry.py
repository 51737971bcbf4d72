"""A scenario as the ranking index reads it: the reference's fields and the facets of its words."""

from __future__ import annotations

from dataclasses import dataclass

from rag.knowledge.facet_values import Facets


@dataclass(frozen=True, slots=True)
class ScenarioEntry:
    """One scenario as the index reads it; ``low`` and ``high`` are its ages in years.

    ``facets`` are read from topic and scenario, ``referrals`` are our own search aids; the other
    fields are the reference's own.
    """

    topic: str
    variant_no: int
    text: str
    terms: tuple[str, ...]
    low: float
    high: float
    sex: str
    pregnant: bool | None
    stage: str
    for_children: bool
    facets: Facets
    referrals: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        return f"{self.topic}. {self.text} {', '.join(self.terms)}"
