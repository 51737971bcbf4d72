"""How the corpus calls descriptors, their values and editions, for chips, buttons and badges."""

from __future__ import annotations

from dataclasses import dataclass

from rag.knowledge.shelf import Shelf
from rag.knowledge.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class CorpusLabels:
    """The names that ``descriptors.yaml`` and the shelf give."""

    vocabulary: Vocabulary
    shelf: Shelf

    def name(self, descriptor: str) -> str:
        return self.vocabulary[descriptor].label if descriptor in self.vocabulary else descriptor

    def value(self, descriptor: str, value: str) -> str:
        return self.vocabulary[descriptor].says(value) if descriptor in self.vocabulary else value

    def edition(self, guideline: str) -> str:
        return self.shelf.edition(guideline).label if guideline in self.shelf.ids else guideline
