"""PDF files to positioned lines; what it draws is read in ``pdf_characters.py``.

pypdf opens the file (encryption, damage, what it says of itself); PDFium gives each character with
its place. Only ever called in a worker process that can be killed (``ingest/reading.py``).
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from ingest.document import Line, RawPage, Rule
from ingest.pdf_characters import LINE_ENDS, Character, Frame, characters, is_bold
from ingest.pdf_drawn import Drawn, drawn_on
from ingest.pdf_hidden import is_hidden
from rag.errors import DocumentError

if TYPE_CHECKING:
    import pypdfium2

_WIDE_GAP_EM = 1.5
"""A gap of so many font sizes parts two table cells or columns; words are a third of one apart."""


@dataclass(frozen=True, slots=True)
class PdfContent:
    """All pages of a PDF with the title its metadata names."""

    title: str | None
    pages: tuple[RawPage, ...]


def read_pdf(path: Path, name: str, max_pages: int) -> PdfContent:
    """All pages' lines.

    Raises:
        DocumentError: encrypted, damaged, no pages, or more than ``max_pages``.
    """
    title, count = _opened_by_pypdf(path, name)
    if count == 0:
        raise DocumentError(name, "no pages")
    if count > max_pages:
        raise DocumentError(name, f"{count} pages; the limit is {max_pages}")
    return PdfContent(title, tuple(_pages(path, name)))


def _opened_by_pypdf(path: Path, name: str) -> tuple[str | None, int]:
    """Title and number of pages; what is encrypted or damaged ends here."""
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(name, "encrypted: it opens only with a password")
        metadata = reader.metadata
        title = str(metadata.title) if metadata and metadata.title else None
        return _clean_title(title), len(reader.pages)
    except FileNotDecryptedError as error:
        raise DocumentError(name, "encrypted: it opens only with a password") from error
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise DocumentError(name, f"damaged or no PDF: {error}") from error
    except (RecursionError, NotImplementedError, IndexError, AssertionError) as error:
        raise DocumentError(name, f"damaged: {type(error).__name__}") from error


def _clean_title(title: str | None) -> str | None:
    plain = " ".join(html.unescape(title or "").replace("\x00", "").split())
    return plain or None


def _pages(path: Path, name: str) -> Iterator[RawPage]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path, password="")
        try:
            for index in range(len(document)):
                yield _page(document, index)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(name, f"damaged: {error}") from error


def _page(document: pypdfium2.PdfDocument, index: int) -> RawPage:
    page = document[index]
    frame = Frame.of(page)
    text_page = page.get_textpage()
    try:
        drawn = drawn_on(page, frame)
        upright = [rule for rule in drawn.rules if not rule.is_level]
        rows, hidden = _visible_rows(page, text_page, drawn, frame)
        runs = (run for row in rows for run in _split_at_gaps(row, upright))
        lines = tuple(_line(run, _is_mostly_bold(text_page, run)) for run in runs)
        return RawPage(
            index + 1, frame.width, frame.height, lines, drawn.rules, drawn.fills, drawn.pictures,
            hidden, drawn.shapes,
        )  # fmt: skip
    finally:
        text_page.close()
        page.close()


def _visible_rows(
    page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage, drawn: Drawn, frame: Frame
) -> tuple[list[list[Character]], int]:
    """Characters between PDFium's line ends, without those that cannot be seen; and how many these are."""
    rows: list[list[Character]] = [[]]
    hidden = 0
    for code, character in characters(page, text_page):
        if code in LINE_ENDS:
            rows.append([])
        elif is_hidden(text_page, character, drawn, frame):
            hidden += 1
        else:
            rows[-1].append(character)
    return rows, hidden


def _is_mostly_bold(text_page: pypdfium2.PdfTextPage, run: list[Character]) -> bool:
    """Judged by the first, middle and last character: a bold number before plain text is not."""
    visible = [character.index for character in run if not character.text.isspace()]
    sample = (visible[0], visible[len(visible) // 2], visible[-1])
    return sum(is_bold(text_page, index) for index in sample) >= 2


def _split_at_gaps(row: list[Character], upright: Sequence[Rule]) -> Iterator[list[Character]]:
    """Runs of characters on one baseline without a wide gap or an upright rule between them.

    Each begins with a visible character.
    """
    run: list[Character] = []
    last: Character | None = None
    for character in row:
        if character.text.isspace():
            if run:
                run.append(character)
            continue
        if last is not None and (
            _is_apart(last, character) or _is_parted(last, character, upright)
        ):
            yield run
            run = []
        run.append(character)
        last = character
    if run:
        yield run


def _is_apart(before: Character, after: Character) -> bool:
    size = max(before.bottom - before.top, 1.0)
    far = after.x0 - before.x1 > _WIDE_GAP_EM * size or after.x1 < before.x0 - size
    below = after.top >= before.bottom - 0.1 * size or after.bottom <= before.top + 0.1 * size
    return far or below


def _is_parted(before: Character, after: Character, upright: Sequence[Rule]) -> bool:
    """Whether an upright rule stands in the gap between two characters."""
    middle = (after.top + after.bottom) / 2
    start, end = before.x1 - 1.0, after.x0 + 1.0
    return end - start > 2.0 and any(
        start <= rule.x0 <= end and rule.top <= middle <= rule.bottom for rule in upright
    )


def _line(run: list[Character], bold: bool) -> Line:
    visible = [character for character in run if not character.text.isspace()]
    return Line(
        text=re.sub(r"\s+", " ", "".join(_with_superscripts(run))).strip(),
        x0=min(c.x0 for c in visible),
        top=min(c.top for c in visible),
        x1=max(c.x1 for c in visible),
        bottom=max(c.bottom for c in visible),
        size=round(median(c.bottom - c.top for c in visible), 1),
        bold=bold,
    )


def _with_superscripts(run: list[Character]) -> Iterator[str]:
    """The run's characters; a raised figure after a figure or full stop gets a ``^`` before it.

    Otherwise ``12`` with reference mark ``3`` would read 123, and ``10`` to the fifth 105.
    """
    before: Character | None = None
    for character in run:
        if before is not None and character.text.isdigit() and _is_raised(before, character):
            yield "^"
        yield character.text
        before = character


def _is_raised(before: Character, character: Character) -> bool:
    size = before.bottom - before.top
    smaller = character.bottom - character.top < 0.8 * size
    higher = character.bottom < before.bottom - 0.12 * size
    return smaller and higher and (before.text.isdigit() or before.text in ".,;:)]%")
