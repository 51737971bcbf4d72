"""How the corpus vocabulary calls descriptors and their values, for chips and buttons."""

from __future__ import annotations

from app.chips import Labels, PlainLabels
from rag.knowledge.vocabulary import Vocabulary


def labels_of(vocabulary: Vocabulary) -> Labels:
    """The labels that ``corpus/descriptors.yaml`` gives."""
    return PlainLabels()
