"""A PDF page as a picture, with lines marked on it; runs in a worker that can be killed.

Marks come from positions in the file, never from a model: a mark is a line's box, made narrower
where only a part of the line is meant and that part's characters are found in the box.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.pdf_characters import Character, characters
from ingest.places import find_quote
from rag.errors import DocumentError
from rag.types import Box

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

MOST_PIXELS = 24_000_000
_MARK = (255, 224, 110)
_COLOURS = {
    "line": (120, 150, 180), "heading": (30, 130, 80), "table": (180, 60, 50),
    "cell": (210, 140, 60), "picture": (120, 80, 160),
}  # fmt: skip
"""Outlines of what was found on a page, by kind."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to mark; ``part`` is what of its text is meant, ``None`` for all."""

    box: Box
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Outline:
    """A box to draw a frame around; ``kind`` is one of the kinds of what is found on a page."""

    box: Box
    kind: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with the boxes that were marked and the number of pages of its document."""

    png: bytes
    width: int
    height: int
    boxes: tuple[Box, ...]
    pages: int


def draw_page(
    path: Path,
    name: str,
    number: int,
    scale: float,
    marks: Sequence[Mark] = (),
    outlines: Sequence[Outline] = (),
) -> Drawn:
    """Page ``number`` at ``scale`` pixels a point (less where the page is huge).

    Raises:
        DocumentError: no such page, or it cannot be drawn.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path, password="")
        try:
            pages = len(document)
            if not 1 <= number <= pages:
                raise DocumentError(name, f"no page {number}: it has {pages}")
            return _drawn(document[number - 1], pages, scale, marks, outlines)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise DocumentError(name, f"page {number} cannot be drawn: {error}") from error


def text_in_boxes(path: Path, boxes: Sequence[Box]) -> str:
    """The characters whose middle lies in one of ``boxes``, as PDFium reads them: for checking marks."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path, password="")
    try:
        return "".join(
            character.text
            for number in sorted({box.page for box in boxes})
            for character in _characters_of(document[number - 1])
            if any(box.page == number and _is_in(character, box) for box in boxes)
        )
    finally:
        document.close()


def _characters_of(page: pypdfium2.PdfPage) -> list[Character]:
    text_page = page.get_textpage()
    try:
        return [character for _, character in characters(page, text_page)]
    finally:
        text_page.close()


def _drawn(
    page: pypdfium2.PdfPage,
    pages: int,
    scale: float,
    marks: Sequence[Mark],
    outlines: Sequence[Outline],
) -> Drawn:
    width, height = page.get_size()
    fitting = min(scale, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    boxes = _narrowed(page, marks)
    image = page.render(scale=fitting, may_draw_forms=False).to_pil().convert("RGB")
    image = _marked(image, boxes, fitting)
    _outline(image, outlines, fitting)
    packed = io.BytesIO()
    image.save(packed, "PNG")
    return Drawn(packed.getvalue(), image.width, image.height, boxes, pages)


def _narrowed(page: pypdfium2.PdfPage, marks: Sequence[Mark]) -> tuple[Box, ...]:
    if all(mark.part is None for mark in marks):
        return tuple(mark.box for mark in marks)
    found = _characters_of(page)
    return tuple(narrow_box(mark, found) for mark in marks)


def narrow_box(mark: Mark, found: Sequence[Character]) -> Box:
    """The part's own box within the line's; the line's where the part is not found in it."""
    box = mark.box
    if mark.part is None:
        return box
    inside = [character for character in found if _is_in(character, box)]
    letters = [(letter, c) for c in inside for letter in c.text]
    span = find_quote("".join(letter for letter, _ in letters), mark.part)
    if span is None:
        return box
    meant = [c for letter, c in letters[span[0] : span[1]] if not letter.isspace()]
    return Box(box.page, min(c.x0 for c in meant), box.top, max(c.x1 for c in meant), box.bottom)


def _is_in(character: Character, box: Box) -> bool:
    x, y = (character.x0 + character.x1) / 2, (character.top + character.bottom) / 2
    return box.x0 - 1 <= x <= box.x1 + 1 and box.top - 1 <= y <= box.bottom + 1


def _marked(image: Image, boxes: Sequence[Box], scale: float) -> Image:
    """Boxes laid over the page as a marker pen does: paper turns yellow, ink stays."""
    from PIL import Image as Images
    from PIL import ImageChops, ImageDraw

    if not boxes:
        return image
    layer = Images.new("RGB", image.size, (255, 255, 255))
    pen = ImageDraw.Draw(layer)
    for box in boxes:
        pen.rectangle(_pixels(box, scale, 1.0), fill=_MARK)
    marked = ImageChops.multiply(image, layer)
    pen = ImageDraw.Draw(marked)
    for box in boxes:  # a bar beside each line: seen also on a coloured ground
        x0, top, _, bottom = _pixels(box, scale, 1.0)
        pen.rectangle((x0 - 3 * scale, top, x0 - 1.5 * scale, bottom), fill=(176, 112, 0))
    return marked


def _outline(image: Image, outlines: Sequence[Outline], scale: float) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    for outline in outlines:
        thick = 2 if outline.kind == "table" else 1
        pen.rectangle(_pixels(outline.box, scale, 0.0), outline=_COLOURS[outline.kind], width=thick)


def _pixels(box: Box, scale: float, margin: float) -> tuple[float, float, float, float]:
    x0, x1 = sorted(((box.x0 - margin) * scale, (box.x1 + margin) * scale))
    top, bottom = sorted(((box.top - margin) * scale, (box.bottom + margin) * scale))
    return x0, top, x1, bottom
