"""Text on a page that a reader cannot see: white, transparent, invisible, tiny, or beside the page.

It is left out, because what nobody can see must not answer. Text laid invisibly under a scanned
picture (as OCR does), and white text on a coloured ground, can be seen and stay.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.document import Area
from ingest.pdf_characters import Character, Frame
from ingest.pdf_drawn import Drawn

if TYPE_CHECKING:
    import pypdfium2

_PALE = 240
_FAINT = 20
_TINY = 1.2
_INVISIBLE_MODES = (3, 7)
"""PDF 32000-1, table 106: neither filled nor stroked; and added to the clipping path only."""


def is_hidden(
    text_page: pypdfium2.PdfTextPage, character: Character, drawn: Drawn, frame: Frame
) -> bool:
    """Whether a reader of the page cannot see this character."""
    if character.text.isspace():
        return False
    x, y = (character.x0 + character.x1) / 2, (character.top + character.bottom) / 2
    if not (0 <= x <= frame.width and 0 <= y <= frame.height):
        return True
    if character.bottom - character.top < _TINY:
        return True
    if _is_invisible(text_page, character.index):
        return not _is_on(drawn.pictures, x, y)
    if _is_pale(text_page, character.index):
        return not (_is_on(drawn.fills, x, y) or _is_on(drawn.pictures, x, y))
    return False


def _is_on(areas: Sequence[Area], x: float, y: float) -> bool:
    return any(a.x0 <= x <= a.x1 and a.top <= y <= a.bottom for a in areas)


def _is_invisible(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    import pypdfium2.raw as pdfium

    item = pdfium.FPDFText_GetTextObject(text_page, index)
    return bool(item) and pdfium.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE_MODES


def _is_pale(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    """Filled with (nearly) white, or nearly transparent."""
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    known = pdfium.FPDFText_GetFillColor(
        text_page, index, ctypes.byref(red), ctypes.byref(green), ctypes.byref(blue),
        ctypes.byref(alpha),
    )  # fmt: skip
    if not known:
        return False
    pale = min(red.value, green.value, blue.value) >= _PALE
    return pale or alpha.value < _FAINT
