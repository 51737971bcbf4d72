"""Documents without fixed pages as blocks: headings, paragraphs, and table rows with their headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Heading, PageText
from ingest.tables import HEADER_WORDS
from rag.types import Span

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Written:
    """A paragraph's text; ``level`` is a heading's, ``is_row`` marks a table's row with headers."""

    text: str
    level: int | None = None
    is_row: bool = False


def page_of(blocks: Iterable[Written]) -> PageText | None:
    """All blocks as one page without a number; ``None`` where nothing is left of them."""
    kept = [(cleaned(block.text), block) for block in blocks]
    kept = [(text, block) for text, block in kept if text]
    headings: list[Heading] = []
    rows: list[Span] = []
    start = 0
    for text, block in kept:
        span = (start, start + len(text))
        if block.level is not None:
            headings.append(Heading(span, block.level))
        elif block.is_row:
            rows.append(span)
        start = span[1] + 1
    whole = "\n".join(text for text, _ in kept)
    return PageText(None, whole, tuple(headings), rows=tuple(rows)) if whole else None


def cleaned(text: str) -> str:
    """One line without invisible characters."""
    return " ".join(_INVISIBLE.sub("", text).split())


def table_blocks(rows: Sequence[Sequence[str]], headed: bool | None = None) -> Iterator[Written]:
    """Each row with the header of every cell; ``headed`` says whether the first row is the head.

    Unknown (``None``): it is one where it is full, no cell of it is a number or long, and there is
    more than one column and row.
    """
    full = [[cleaned(cell) for cell in row] for row in rows]
    full = [row for row in full if any(row)]
    if not full:
        return
    is_head = _looks_like_head(full) if headed is None else headed and len(full) > 1
    head = full[0] if is_head else []
    for row in full[1:] if is_head else full:
        cells = [cell for cell in row if cell]
        if not is_head or len(cells) < 2:
            yield Written(" | ".join(cells))
            continue
        named = (
            f"{head[n]}: {cell}" if n < len(head) and head[n] else cell
            for n, cell in enumerate(row)
            if cell
        )
        yield Written("; ".join(named), is_row=True)


def _looks_like_head(rows: Sequence[Sequence[str]]) -> bool:
    first = [cell for cell in rows[0] if cell]
    if len(rows) < 2 or len(rows[0]) < 2 or len(first) < len(rows[0]):
        return False
    known = any(HEADER_WORDS.fullmatch(cell.strip(" :*")) for cell in first)
    plain = not any(len(cell) > 60 or re.fullmatch(r"[\d.,%\s-]+", cell) for cell in first)
    return known or plain
