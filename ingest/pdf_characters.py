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
class Frame:
    """How PDF coordinates (origin below left, unrotated) become a reader's (top left, rotated).

    ``left`` and ``low`` are the visible page's own corner, ``width`` and ``height`` its size as seen.
    """

    rotation: int
    width: float
    height: float
    left: float = 0.0
    low: float = 0.0

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> Frame:
        width, height = page.get_size()
        left, low, _, _ = page.get_bbox()
        return cls(page.get_rotation(), width, height, left, low)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.low
        if self.rotation == 90:
            return y, x
        if self.rotation == 180:
            return self.width - x, y
        if self.rotation == 270:
            return self.width - y, self.height - x
        return x, self.height - y

    def box(
        self, left: float, low: float, right: float, high: float
    ) -> tuple[float, float, float, float]:
        """``(x0, top, x1, bottom)`` of a rectangle."""
        (xa, ya), (xb, yb) = self.point(left, low), self.point(right, high)
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


@dataclass(frozen=True, slots=True)
class Character:
    """One character with its place on the page as seen, and its index in PDFium's text."""

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

    frame = Frame.of(page)
    box = pdfium.FS_RECTF()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(box))
        x0, top, x1, bottom = frame.box(box.left, box.bottom, box.right, box.top)
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
