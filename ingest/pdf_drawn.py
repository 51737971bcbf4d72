"""What a PDF page draws beside its text: rules, filled areas and pictures, as a reader sees them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ingest.document import Area, Rule
from ingest.pdf_characters import Frame

if TYPE_CHECKING:
    import pypdfium2

_MOST_OBJECTS = 20_000
_MOST_SEGMENTS = 400
"""A path of more segments is a drawing, not a table's rules."""

_THIN = 2.6
_STRAIGHT = 0.6
_WHITE = 250

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rules, filled areas and pictures of one page; ``shapes`` are framed or painted, round corners too."""

    rules: tuple[Rule, ...] = ()
    fills: tuple[Area, ...] = ()
    pictures: tuple[Area, ...] = ()
    shapes: tuple[Area, ...] = ()


def drawn_on(page: pypdfium2.PdfPage, frame: Frame) -> Drawn:
    """Everything drawn on ``page`` that may be a table's rule, its ground, or a picture."""
    import pypdfium2.raw as pdfium

    rules: list[Rule] = []
    fills: list[Area] = []
    pictures: list[Area] = []
    shapes: list[Area] = []
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    wanted = list(kinds)
    for number, item in enumerate(page.get_objects(filter=wanted, max_depth=4)):
        if number >= _MOST_OBJECTS:
            break
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures.append(_image_area(item, frame))
        elif item.type == pdfium.FPDF_PAGEOBJ_SHADING:
            shapes += _shaded(item, frame)
            fills += _shaded(item, frame)
        else:
            _add_path(item, frame, rules, fills, shapes)
    return Drawn(tuple(rules), tuple(fills), tuple(pictures), tuple(shapes))


def _shaded(item: pypdfium2.PdfObject, frame: Frame) -> Iterator[Area]:
    """The ground of a gradient; inside a form its place would be the form's, so it is left out."""
    if item.container is None:
        x0, y0, x1, y1 = item.get_bounds()
        yield _bounds([frame.point(x0, y0), frame.point(x1, y1)])


def _add_path(
    item: pypdfium2.PdfObject, frame: Frame, rules: list[Rule], fills: list[Area],
    shapes: list[Area],
) -> None:  # fmt: skip
    filled, stroked = _painted(item)
    is_white = filled and _is_white(item)
    corners: list[Point] = []  # of all parts: round corners part a shape's sides
    whole: list[Area] = []
    for points in _subpaths(item):
        seen = [frame.point(x, y) for x, y in points]
        corners += seen
        if stroked:
            rules.extend(_straight(seen))
        elif filled and len(seen) > 2 and not is_white:
            area = _bounds(seen)
            if min(area.x1 - area.x0, area.bottom - area.top) <= _THIN:
                rules.append(_as_rule(area))
            else:
                fills.append(area)
        if stroked and filled and len(seen) > 3 and not is_white:
            fills.append(_bounds(seen))
        if len(seen) > 3:
            whole.append(_bounds(seen))
    if stroked or (filled and not is_white):
        shapes += whole or ([_bounds(corners)] if len(corners) > 3 else [])


def _painted(item: pypdfium2.PdfObject) -> tuple[bool, bool]:
    import pypdfium2.raw as pdfium

    mode, stroke = ctypes.c_int(0), ctypes.c_int(0)
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(mode), ctypes.byref(stroke))
    return mode.value != 0, bool(stroke.value)


def _is_white(item: pypdfium2.PdfObject) -> bool:
    import pypdfium2.raw as pdfium

    red, green, blue, alpha = (ctypes.c_uint(0) for _ in range(4))
    known = pdfium.FPDFPageObj_GetFillColor(
        item, ctypes.byref(red), ctypes.byref(green), ctypes.byref(blue), ctypes.byref(alpha)
    )
    return bool(known) and min(red.value, green.value, blue.value) >= _WHITE


def _subpaths(item: pypdfium2.PdfObject) -> Iterator[list[Point]]:
    """The corner points of each part of a path, in page coordinates; curves end a part."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFPath_CountSegments(item)
    if not 0 < count <= _MOST_SEGMENTS:
        return
    matrix = _matrix(item)
    points: list[Point] = []
    x, y = ctypes.c_float(0), ctypes.c_float(0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if kind != pdfium.FPDF_SEGMENT_LINETO and points:
            yield points
            points = []
        points.append(_transformed((x.value, y.value), matrix))
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 2:
            points.append(points[0])
    if points:
        yield points


def _matrix(item: pypdfium2.PdfObject) -> Matrix:
    """From the object's own coordinates to the page's, through all forms it is nested in."""
    matrix = _own_matrix(item)
    holder = item.container
    while holder is not None:
        matrix = _product(matrix, _own_matrix(holder))
        holder = holder.container
    return matrix


def _own_matrix(item: pypdfium2.PdfObject) -> Matrix:
    a, b, c, d, e, f = item.get_matrix().get()
    return a, b, c, d, e, f


def _product(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies ``first``, then ``second`` (PDF 32000-1, 8.3.4)."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def _transformed(point: Point, matrix: Matrix) -> Point:
    (x, y), (a, b, c, d, e, f) = point, matrix
    return a * x + c * y + e, b * x + d * y + f


def _straight(points: list[Point]) -> Iterator[Rule]:
    """Upright and level strokes among the lines between ``points``."""
    for (x0, y0), (x1, y1) in pairwise(points):
        wide, high = abs(x1 - x0), abs(y1 - y0)
        if (wide < _STRAIGHT) != (high < _STRAIGHT):
            yield Rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _as_rule(area: Area) -> Rule:
    """The middle line of a thin area."""
    if area.x1 - area.x0 >= area.bottom - area.top:
        middle = (area.top + area.bottom) / 2
        return Rule(area.x0, middle, area.x1, middle)
    middle = (area.x0 + area.x1) / 2
    return Rule(middle, area.top, middle, area.bottom)


def _bounds(points: list[Point]) -> Area:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Area(min(xs), min(ys), max(xs), max(ys))


def _image_area(item: pypdfium2.PdfObject, frame: Frame) -> Area:
    """An image fills the unit square of its matrix."""
    matrix = _matrix(item)
    corners = [_transformed(point, matrix) for point in ((0, 0), (1, 0), (0, 1), (1, 1))]
    return _bounds([frame.point(x, y) for x, y in corners])
