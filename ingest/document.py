"""What a document is while it is read: pages of positioned lines, then pages of reading text."""

from __future__ import annotations

from dataclasses import dataclass

from rag.types import Box, Span


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one baseline without a wide gap, as it stands on the page.

    Coordinates are in points from the page's top left corner as a reader sees it (rotation
    applied): ``x0 < x1``, ``top < bottom``. ``size`` is the font size in points.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's lines in the order in which the file draws them; ``number`` counts from 1."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a page's reading text; ``level`` 1 is the highest."""

    span: Span
    level: int


@dataclass(frozen=True, slots=True)
class TextLine:
    """Where a part of a page's reading text stands: a line, or a table's row.

    ``box.page`` is the next page for the end of a sentence that runs on over the break; ``number``
    is the line's number on its page, from 1.
    """

    span: Span
    box: Box
    number: int
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's reading text: paragraphs parted by a newline, no running heads, hyphens joined.

    A sentence that runs on over the page break stands whole on the page where it begins.
    ``number`` is ``None`` for documents without pages (Markdown, text). ``is_chart``: most of the
    page is cells and labels, not prose, so that a sentence read from it may lack its row. ``lines``
    say where the text stands, in its order; none without pages.
    """

    number: int | None
    text: str
    headings: tuple[Heading, ...] = ()
    is_chart: bool = False
    lines: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage to be: ``pages[page].text[start:end]`` under the heading path ``section``."""

    page: int
    start: int
    end: int
    section: str


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as read: what it says of itself, its pages, and where it is cut.

    ``notices`` say what could not be read (pages without text), for the summary.
    """

    title: str | None
    year: int | None
    pages: tuple[PageText, ...]
    pieces: tuple[Piece, ...] = ()
    notices: tuple[str, ...] = ()
