"""Which rows of text are headings, by size and weight beside what is ordinary in the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout import Row
from ingest.variant_headings import CAPTION_CHARACTERS, is_caption
from rag.types import Box

_LARGER = 1.12
_MUCH_LARGER = 1.35
_HEADING_CHARACTERS = 220
_AUTHORS = re.compile(r",\s*(MD|PhD|MPH|DO|MBBS|MSc|MS|DPhil)\b")


@dataclass(frozen=True, slots=True)
class Style:
    """What is ordinary in this document: body font size, and whether bold says anything."""

    size: float
    bold_is_rare: bool


def style_of(pages: Sequence[Sequence[Row]]) -> Style:
    sizes: Counter[float] = Counter()
    bold = 0
    for row in (row for page in pages for row in page):
        sizes[row.size] += len(row.text)
        bold += len(row.text) if row.bold else 0
    total = sum(sizes.values())
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    return Style(body, bold_is_rare=bold < 0.4 * total)


def heading_level(row: Row, style: Style) -> int | None:
    """1 to 3, or ``None`` for a row that looks like the text around it."""
    if row.is_table_row or not any(character.isalpha() for character in row.text):
        return None
    if row.size >= _MUCH_LARGER * style.size:
        return 1
    if row.size >= _LARGER * style.size:
        return 2
    letters = [character for character in row.text if character.isalpha()]
    shouted = len(letters) > 4 and sum(c.isupper() for c in letters) > 0.9 * len(letters)
    if shouted or (row.bold and style.bold_is_rare):
        return 3
    return None


def could_be_heading(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    if _AUTHORS.search(text):
        return False
    longest = CAPTION_CHARACTERS if is_caption(text) else _HEADING_CHARACTERS
    return letters >= 3 and text[0] not in ",;:.)" and len(text) <= longest


def stands_alone(box: Box, others: Sequence[Box]) -> bool:
    """Whether no other text stands beside a heading, at its height.

    On a chart, headings beside each other are each over a column of their own; read one after the
    other, the last of them would seem to stand over every column.
    """
    return not any(
        (other.x1 <= box.x0 or other.x0 >= box.x1)
        and min(box.bottom, other.bottom) - max(box.top, other.top) > 2
        for other in others
    )
