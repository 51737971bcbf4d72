"""A finding read from a text with slips of the hand, put back onto the words as they were typed."""

from __future__ import annotations

from dataclasses import replace

from rag.answering.finding import Finding
from rag.knowledge.spelling import Typed
from rag.types import Descriptor


def as_typed(finding: Finding, typed: Typed) -> Finding:
    """``finding`` quoting the text as typed, with a note for each word that was read as another."""

    def back(item: Descriptor) -> Descriptor:
        start, end = typed.place(item.span)
        return replace(item, span=(start, end), text=typed.written[start:end])

    said = (
        f"Read \u201c{one.written}\u201d as \u201c{one.read}\u201d." for one in typed.corrections
    )
    return replace(
        finding,
        descriptors=tuple(map(back, finding.descriptors)),
        contradictions=tuple((back(a), back(b)) for a, b in finding.contradictions),
        uncertain=tuple(map(back, finding.uncertain)),
        possible=tuple(map(back, finding.possible)),
        notes=(*finding.notes, *said),
        span=typed.place(finding.span),
        text=typed.written,
    )
