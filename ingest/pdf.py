"""PDF files to positioned lines; the only file that imports the PDF libraries.

pypdf opens the file (encryption, damage, what it says of itself); PDFium gives each character with
its place. Only ever called in a worker process that can be killed (``ingest/reading.py``).
"""

from __future__ import annotations

import ctypes
import html
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from ingest.document import Line, RawPage
from rag.errors import DocumentError

if TYPE_CHECKING:
    import pypdfium2

_WIDE_GAP_EM = 1.5
"""A gap of so many font sizes parts two table cells or columns; words are a third of one apart."""

_BULLETS = frozenset({0xF0A7, 0xF0B7, 0xF0D8, 0xF076})
_SYMBOL_FONT = {
    0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF0B0: "°", 0xF06D: "μ", 0xF0B9: "≠",
    0xF0BB: "≈", 0xF0AE: "→", 0xF0AC: "←", 0xF0B7: "•", 0xF03C: "<", 0xF03E: ">", 0xF02D: "−",
}  # fmt: skip
"""Adobe's Symbol encoding as it appears when a file gives no meaning to its codes."""

_SOFT_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
_LINE_ENDS = frozenset({0x0A, 0x0D})
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123

LINE_END_HYPHEN = "\u00ad"
"""Stands in a line's text where a word is broken by a hyphen, at the line's end as a rule."""


UNREADABLE = "\ufffd"
"""Stands for a sign whose meaning the file does not give."""


@dataclass(frozen=True, slots=True)
class PdfContent:
    """All pages of a PDF with the title its metadata names."""

    title: str | None
    pages: tuple[RawPage, ...]


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    index: int


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
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        runs = (run for row in _rows(page, text_page) for run in _split_at_gaps(row))
        lines = tuple(_line(run, _is_mostly_bold(text_page, run)) for run in runs)
        return RawPage(index + 1, width, height, lines)
    finally:
        text_page.close()
        page.close()


def _rows(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> Iterator[list[_Character]]:
    """Characters between PDFium's line ends."""
    row: list[_Character] = []
    for code, character in _characters(page, text_page):
        if code in _LINE_ENDS:
            yield row
            row = []
        else:
            row.append(character)
    yield row


def _is_mostly_bold(text_page: pypdfium2.PdfTextPage, run: list[_Character]) -> bool:
    """Judged by the first, middle and last character: a bold number before plain text is not."""
    visible = [character.index for character in run if not character.text.isspace()]
    sample = (visible[0], visible[len(visible) // 2], visible[-1])
    return sum(_is_bold(text_page, index) for index in sample) >= 2


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    """By weight, by the font's flag or by its name: writers state one of them at best."""
    import pypdfium2.raw as pdfium

    name, flags = _font(text_page, index)
    weight = pdfium.FPDFText_GetFontWeight(text_page, index)
    by_name = re.search(rb"bold|black|heavy|demi", name, re.IGNORECASE)
    return weight >= _BOLD_WEIGHT or bool(flags & _FORCE_BOLD) or by_name is not None


def _font(text_page: pypdfium2.PdfTextPage, index: int) -> tuple[bytes, int]:
    """Name and flags of a character's font."""
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int(0)
    pdfium.FPDFText_GetFontInfo(text_page, index, name, 256, ctypes.byref(flags))
    return name.value, flags.value


def _characters(
    page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage
) -> Iterator[tuple[int, _Character]]:
    import pypdfium2.raw as pdfium

    rotation, (width, height) = page.get_rotation(), page.get_size()
    box = pdfium.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
        x0, top, x1, bottom = _as_seen(box, rotation, width, height)
        yield (
            code,
            _Character(
                text=_character(text_page, index, code),
                x0=x0,
                top=top,
                x1=x1,
                bottom=bottom,
                index=index,
            ),
        )


def _character(text_page: pypdfium2.PdfTextPage, index: int, code: int) -> str:
    """The character, or :data:`UNREADABLE`: a lost sign may be a ``≥``, so it is never dropped."""
    import pypdfium2.raw as pdfium

    if code in _SOFT_HYPHENS:
        return LINE_END_HYPHEN
    if pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1:
        return UNREADABLE
    if 0xE000 <= code <= 0xF8FF:
        return _private(text_page, index, code)
    if code < 0x20:
        return " "
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return UNREADABLE
    return chr(code)


def _private(text_page: pypdfium2.PdfTextPage, index: int, code: int) -> str:
    """A code without a meaning of its own: known in the Symbol font, a bullet, or unreadable."""
    if b"symbol" in _font(text_page, index)[0].lower() and code in _SYMBOL_FONT:
        return _SYMBOL_FONT[code]
    return "•" if code in _BULLETS else UNREADABLE


def _as_seen(
    box: object, rotation: int, width: float, height: float
) -> tuple[float, float, float, float]:
    """A box in PDF coordinates (origin below left, unrotated) to the page as a reader sees it."""
    left, low = float(box.left), float(box.bottom)  # type: ignore[attr-defined]
    right, high = float(box.right), float(box.top)  # type: ignore[attr-defined]
    if rotation == 90:
        return low, left, high, right
    if rotation == 180:
        return width - right, low, width - left, high
    if rotation == 270:
        return width - high, height - right, width - low, height - left
    return left, height - high, right, height - low


def _split_at_gaps(row: list[_Character]) -> Iterator[list[_Character]]:
    """Runs of characters on one baseline without a wide gap; each begins with a visible one."""
    run: list[_Character] = []
    last: _Character | None = None
    for character in row:
        if character.text.isspace():
            if run:
                run.append(character)
            continue
        if last is not None and _is_apart(last, character):
            yield run
            run = []
        run.append(character)
        last = character
    if run:
        yield run


def _is_apart(before: _Character, after: _Character) -> bool:
    size = max(before.bottom - before.top, 1.0)
    far = after.x0 - before.x1 > _WIDE_GAP_EM * size or after.x1 < before.x0 - size
    below = after.top >= before.bottom - 0.1 * size or after.bottom <= before.top + 0.1 * size
    return far or below


def _line(run: list[_Character], bold: bool) -> Line:
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


def _with_superscripts(run: list[_Character]) -> Iterator[str]:
    """The run's characters; a raised figure after a figure or full stop gets a ``^`` before it.

    Otherwise ``12`` with reference mark ``3`` would read 123, and ``10`` to the fifth 105.
    """
    before: _Character | None = None
    for character in run:
        if before is not None and character.text.isdigit() and _is_raised(before, character):
            yield "^"
        yield character.text
        before = character


def _is_raised(before: _Character, character: _Character) -> bool:
    size = before.bottom - before.top
    smaller = character.bottom - character.top < 0.8 * size
    higher = character.bottom < before.bottom - 0.12 * size
    return smaller and higher and (before.text.isdigit() or before.text in ".,;:)]%")
