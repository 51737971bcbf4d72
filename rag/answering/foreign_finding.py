"""Whether a size belongs to something that no table here is about: "4 cm subcapsular haematoma".

A text without the noun of a finding may still describe one ("8 mm, solid, new"). Where a word that the
glossary does not know stands at the end of what is measured, that word is the noun, and the size is
its size.
"""

from __future__ import annotations

import re
from functools import cache

from rag.answering.scope import is_plain
from rag.answering.source import Source
from rag.knowledge.words import overlap

_OWN = ("nodule_type", "composition", "mass_shape", "mass_margin", "breast_mass", "airway_level")
"""Layers that only a finding of ours has."""


def of_something_else(source: Source) -> bool:
    """Whether what is measured is named by a strange noun, and nothing points to our organs."""
    reading = source.reading
    named = any(
        m.layer[1:] in ("lung", "thyroid", "breast") and m.value == "sure" for m in reading.mentions
    )
    own = any(m.layer in _OWN for m in reading.mentions)
    if named or own or source.grouped.groups or source.labels:
        return False
    sizes = [m.span for m in source.grouped.beside.measures if m.quantity.kind == "length"]
    return any(_strange_noun_after(source, end) for _, end in sizes)


def _strange_noun_after(source: Source, place: int) -> bool:
    reading = source.reading
    chunk = reading.chunks[reading.chunk_at(max(place - 1, 0))]
    words = list(_word().finditer(reading.folded, place, chunk.span[1]))
    known = [m.span for m in reading.mentions]
    return bool(words) and not any(
        is_plain(word.group()) or any(overlap(word.span(), span) for span in known)
        for word in words[-1:]
    )


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[a-z]{4,}")
