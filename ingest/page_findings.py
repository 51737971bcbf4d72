"""What was found on a page of a library document: for looking at, in words or as a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.document import PageText, TextLine
from ingest.manifest import load_library
from ingest.page_picture import PagePicture, page_picture, pages_of
from ingest.pdf_picture import Outline
from rag.errors import DocumentError
from rag.types import Box

LineKind = Literal["line", "heading", "table"]


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One line of the page as it was read, with its number and place."""

    number: int
    kind: LineKind
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PageFindings:
    """The lines of one page in reading order."""

    document: str
    page: int
    lines: tuple[FoundLine, ...]


def page_findings(home: Path, document: str, page: int) -> PageFindings:
    """What the last reading found on ``page`` of the library document.

    Raises:
        DocumentError: not in the library, not read yet, or no such page.
    """
    entry = load_library(home).find(document)
    pages = pages_of(home, entry)
    if not pages:
        raise DocumentError(entry.name, "has not been read yet: run 'radcite ingest'")
    text = next((one for one in pages if one.number == page), None)
    if text is None:
        raise DocumentError(entry.name, f"no page {page}: it has {len(pages)}")
    before = next((one for one in pages if one.number == page - 1), None)
    run_on = [] if before is None else [(before, line) for line in before.lines]
    here = [*run_on, *((text, line) for line in text.lines)]
    found = [_found(owner, line) for owner, line in here if line.box.page == page]
    return PageFindings(entry.id, page, tuple(sorted(found, key=lambda line: line.number)))


def draw_findings(home: Path, findings: PageFindings, scale: float = 1.5) -> PagePicture:
    """The page with a frame around each line that was found, coloured by its kind."""
    outlines = tuple(Outline(line.box, line.kind) for line in findings.lines)
    return page_picture(home, findings.document, findings.page, scale=scale, outlines=outlines)


def _found(page: PageText, line: TextLine) -> FoundLine:
    start, end = line.span
    in_heading = any(a <= start and end <= b for a, b in (h.span for h in page.headings))
    kind: LineKind = "heading" if in_heading else "table" if line.in_table else "line"
    return FoundLine(line.number, kind, page.text[start:end], line.box)
