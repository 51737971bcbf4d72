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
class Area:
    """A rectangle on a page, in the coordinates of :class:`Line`."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn straight line, upright (``x0 == x1``) or level (``top == bottom``), nearly."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def is_level(self) -> bool:
        return self.x1 - self.x0 > self.bottom - self.top


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page's lines in the order in which the file draws them; ``number`` counts from 1.

    ``fills`` are painted areas (a table head's ground), ``pictures`` places of images, ``shapes``
    what is drawn around, framed or painted, round corners included (a chart's boxes); ``hidden`` counts characters that a reader cannot see and that were left out.
    """

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    fills: tuple[Area, ...] = ()
    pictures: tuple[Area, ...] = ()
    hidden: int = 0
    shapes: tuple[Area, ...] = ()


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
    say where the text stands, in its order; none without pages. ``rows`` are the table rows that name
    the header of each cell and so can be read alone.
    """

    number: int | None
    text: str
    headings: tuple[Heading, ...] = ()
    is_chart: bool = False
    lines: tuple[TextLine, ...] = ()
    rows: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage to be: ``pages[page].text[start:end]`` under the heading path ``section``."""

    page: int
    start: int
    end: int
    section: str


@dataclass(frozen=True, slots=True)
class CriteriaRow:
    """One procedure row of an appropriateness table, as printed.

    ``category`` is one of ``rag.knowledge.appropriateness.RATINGS``; radiation levels are symbols as
    printed or ``None``; ``votes`` are the panel's for the ratings 1 to 9, empty where not printed.
    """

    procedure: str
    category: str
    rating: int | None
    rrl_adult: str | None
    rrl_peds: str | None
    strength: str | None
    votes: tuple[int, ...]
    comment: str | None
    page: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class CriteriaVariant:
    """One clinical variant with its rows; ``page`` and ``boxes`` are its caption's."""

    number: int
    text: str
    rows: tuple[CriteriaRow, ...]
    page: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Criteria:
    """An appropriateness document: its topic, the year it prints, its variants; ``notices`` say what was not read."""

    topic: str
    year: int | None
    variants: tuple[CriteriaVariant, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as read: what it says of itself, its pages, and where it is cut.

    ``notices`` say what could not be read (pages without text), for the summary; ``criteria`` are
    its appropriateness tables, where it has such.
    """

    title: str | None
    year: int | None
    pages: tuple[PageText, ...]
    pieces: tuple[Piece, ...] = ()
    notices: tuple[str, ...] = ()
    criteria: Criteria | None = None
