"""How the corpus calls descriptors, their values and editions, for chips, buttons and badges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rag.knowledge.radiation import GUIDELINE, Dose, Patient, read_doses
from rag.knowledge.shelf import Shelf


@dataclass(frozen=True)
class CorpusLabels:
    """The names that ``descriptors.yaml`` and the shelf give, in a language it has them in."""

    shelf: Shelf
    language: str = "en"

    def name(self, descriptor: str) -> str:
        if descriptor not in self.shelf.vocabulary:
            return descriptor
        spec = self.shelf.vocabulary[descriptor]
        return spec.name_in(self.language)

    def value(self, descriptor: str, value: str) -> str:
        if descriptor not in self.shelf.vocabulary:
            return value
        return self.shelf.vocabulary[descriptor].says(value, self.language)

    def edition(self, guideline: str) -> str:
        return self.shelf.edition(guideline).label if guideline in self.shelf.ids else guideline

    def categories(self, guideline: str) -> tuple[str, ...]:
        if guideline not in self.shelf.ids:
            return ()
        return tuple(category.label for category in self.shelf.get(guideline).categories)

    def choices(self, descriptor: str) -> tuple[tuple[str, str], ...]:
        if descriptor not in self.shelf.vocabulary:
            return ()
        spec = self.shelf.vocabulary[descriptor]
        return tuple((value, spec.says(value, self.language)) for value in spec.allowed)

    def dose(self, symbol: str, patient: Patient) -> str:
        found = self._doses.get((symbol, patient))
        return found.text if found else ""

    @cached_property
    def _doses(self) -> Mapping[tuple[str, Patient], Dose]:
        if GUIDELINE not in self.shelf.ids:
            return {}
        return read_doses(self.shelf.get(GUIDELINE).facts)
