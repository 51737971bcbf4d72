"""The characters of a PDF page as a reader sees them: meaning, place, boldness."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pypdfium2

_BULLETS = frozenset({0xF0A7, 0xF0B7, 0xF0D8, 0xF076})
_SYMBOL_FONT = {
    0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF0B0: "°", 0xF06D: "μ", 0xF0B9: "≠",
    0xF0BB: "≈", 0xF0AE: "→", 0xF0AC: "←", 0xF0B7: "•", 0xF03C: "<", 0xF03E: ">", 0xF02D: "−",
}  # fmt: skip
"""Adobe's Symbol encoding as it appears when a file gives no meaning to its codes."""

_SOFT_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})
LINE_ENDS = frozenset({0x0A, 0x0D})
_BOLD_WEIGHT = 600
_FORCE_BOLD = 1 << 18  # PDF 32000-1, table 123

LINE_END_HYPHEN = "\u00ad"
"""Stands in a line's text where a word is broken by a hyphen, at the line's end as a rule."""


UNREADABLE = "\ufffd"
"""Stands for a sign whose meaning the file does not give."""


@dataclass(frozen=True, slots=True)
class Character:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    index: int


def is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
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


def characters(
    page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage
) -> Iterator[tuple[int, Character]]:
    """Every character with its code, in the order in which PDFium reads them."""
    import pypdfium2.raw as pdfium

    rotation, (width, height) = page.get_rotation(), page.get_size()
    box = pdfium.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
        x0, top, x1, bottom = as_seen(box, rotation, width, height)
        yield (
            code,
            Character(
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


def as_seen(
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
