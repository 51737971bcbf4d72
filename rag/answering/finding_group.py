"""The words and measurements that a text gives one finding, gathered while reading."""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.answering.sizes import Measure
from rag.knowledge.phrases import Mention

OWN_HEADS = ("@nodule", "@cyst", "@airway")
"""Nouns that a finding of its own may start with."""


@dataclass(slots=True)
class Group:
    """The words and measurements of one finding, gathered while reading."""

    heads: list[Mention] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    parts: list[Mention] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    number: str = ""
    plural: bool = False

    @property
    def has_size(self) -> bool:
        return any(
            m.role in ("size", "past") and m.quantity.kind == "length" for m in self.measures
        )

    def values(self, layer: str) -> set[str]:
        return {m.value for m in self.mentions if m.layer == layer}
