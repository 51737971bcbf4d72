"""Captions of appropriateness variants as headings: they stand over all procedures until the next one.

A caption ("Variant 3: ...") looks like the headings of the procedures below it and is often longer
than any heading. Taken by its looks alone it would end with the first procedure, or be read as the
last words of the section before it, and the text below would bear another variant's name.
"""

from __future__ import annotations

import re

CAPTION_CHARACTERS = 1_200
"""No caption is longer."""

CAPTION_LEVEL = 2
PROCEDURE_LEVEL = 3

_CAPTION = re.compile(r"\s*(?:clinical\s+)?variants?\s*:?\s*\d{1,2}\b\s*(?:[:.–-]|[a-z(]|$)", re.I)
_AFTER = re.compile(
    r"\s*(?:summary of|supporting doc|appropriateness category|relative radiation level|references\b"
    r"|discussion of|safety considerations|panel members|anticipated exceptions|glossary\b)",
    re.I,
)
"""What stands after the variants, over the whole document again; so does a heading in capitals."""


def is_caption(text: str) -> bool:
    return _CAPTION.match(text) is not None


def ranked(headings: list[tuple[str, int]]) -> list[int]:
    """The level of each heading of a document (text, level by its looks), in their order.

    >>> ranked([("Variant 1: Knee pain.", 3), ("CT Knee", 3), ("MRI Knee", 3), ("Summary of Tables", 3)])
    [2, 3, 3, 2]
    """
    levels: list[int] = []
    inside = False
    for text, level in headings:
        if is_caption(text):
            inside = True
            levels.append(CAPTION_LEVEL)
        elif inside and (text.isupper() or _AFTER.match(text)):
            inside = False
            levels.append(CAPTION_LEVEL)
        else:
            levels.append(max(level, PROCEDURE_LEVEL) if inside else level)
    return levels
