"""Charts of coloured or framed boxes: each box, or each line of points in it, becomes a row.

A chart has no rules between rows and columns. What a box means stands around it: the label at the
left of its band, the box above it that spans it or points at it, its own title. These become the
row's header path, so that "Hypoechoic 4 pt" is not taken for that of another column. Steps: shapes
-> boxes that hold text -> bands -> parents -> rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Area, Line, RawPage, Rule
from ingest.table_rows import HeadedCell, TableRow, row_boxes
from ingest.tables import Cell, Table, baselines, joined_lines, side_by_side

_LEAST_BOXES = 4
_LEAST_SHARE = 0.4
"""Of the characters of a page that a chart's boxes hold; elsewhere boxes are decoration of a text."""

_WIDEST, _HIGHEST = 0.9, 0.5
"""Shares of the page; a larger shape is a ground or a frame."""

_SMALL = 14.0
_MOST_CHARACTERS = 420
_LONG_TEXT = 160
"""Characters that boxes hold at most, on average: longer ones are prose in frames."""

_ALIGNED = 8.0
_FAR = 45.0
_ARROW = 0.3
"""Share of the gap between two boxes that an arrow, or its head, takes at least."""

_PAIR_GAP = 1.2
_LABEL_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Box:
    """A drawn box with the lines in it."""

    area: Area
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return joined_lines(side_by_side(group) for group in baselines(self.lines))


@dataclass(frozen=True, slots=True)
class Chart:
    """The boxes of one page as a table block: its cells are boxes and labels, its rows are made."""

    table: Table
    rows: tuple[TableRow, ...]


def chart_of(page: RawPage, lines: Sequence[Line]) -> Chart | None:
    """The chart of boxes that ``lines`` of ``page`` stand in, ``None`` where there is none."""
    boxes = _boxes(page, lines)
    bands = _bands(boxes)
    texts = [len(box.text) for box in boxes]
    if len(boxes) < _LEAST_BOXES or max(map(len, bands)) < 2:
        return None
    if sum(texts) < _LEAST_SHARE * sum(len(line.text) for line in lines):
        return None
    if sum(texts) / len(texts) > _LONG_TEXT or max(texts) > _MOST_CHARACTERS:
        return None
    held = {id(line) for box in boxes for line in box.lines}
    labels = [_labels(band, [line for line in lines if id(line) not in held]) for band in bands]
    rows = tuple(_rows(page, bands, labels))
    return Chart(_table(page, boxes, labels), rows)


def _boxes(page: RawPage, lines: Sequence[Line]) -> list[Box]:
    """Shapes that hold text and no other such shape, each once."""
    found: list[Box] = []
    for area in sorted(
        {_rounded(area) for area in page.shapes if _could_be_box(area, page)}, key=_size
    ):
        inside = tuple(line for line in lines if _holds(area, line))
        if inside and not any(_overlap(area, other.area) for other in found):
            found.append(Box(area, inside))
    return sorted(found, key=lambda box: (box.area.top, box.area.x0))


def _could_be_box(area: Area, page: RawPage) -> bool:
    wide, high = area.x1 - area.x0, area.bottom - area.top
    small = wide < _SMALL or high < _SMALL
    return not small and wide <= _WIDEST * page.width and high <= _HIGHEST * page.height


def _rounded(area: Area) -> Area:
    return Area(*(round(value) for value in (area.x0, area.top, area.x1, area.bottom)))


def _size(area: Area) -> float:
    return (area.x1 - area.x0) * (area.bottom - area.top)


def _holds(area: Area, line: Line) -> bool:
    middle = (line.top + line.bottom) / 2
    return area.x0 - 2 <= line.x0 and line.x1 <= area.x1 + 2 and area.top <= middle <= area.bottom


def _overlap(one: Area, other: Area) -> bool:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > 3 and high > 3


def _bands(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes beside each other, from top to bottom, each band from left to right."""
    bands: list[list[Box]] = []
    for box in boxes:
        last = bands[-1] if bands else []
        if last and box.area.top < min(one.area.bottom for one in last) - _SMALL / 2:
            last.append(box)
        else:
            bands.append([box])
    return [sorted(band, key=lambda box: box.area.x0) for band in bands]


def _labels(band: Sequence[Box], lines: Sequence[Line]) -> tuple[Line, ...]:
    """Short lines at the left of a band, within its height: what the band is about."""
    left = min(box.area.x0 for box in band)
    top, bottom = min(b.area.top for b in band), max(b.area.bottom for b in band)
    return tuple(
        line
        for line in lines
        if line.x1 <= left + 2
        and top - 4 <= (line.top + line.bottom) / 2 <= bottom + 4
        and len(line.text) <= _LABEL_CHARACTERS
    )


def _rows(
    page: RawPage, bands: Sequence[Sequence[Box]], labels: Sequence[Sequence[Line]]
) -> Iterator[TableRow]:
    names = [joined_lines(line.text for line in label) for label in labels]
    parents = [_parents(page, bands, number) for number in range(len(bands))]
    above = {id(parent) for found in parents for parent in found if parent is not None}
    for number, band in enumerate(bands):
        for box, parent in zip(band, parents[number], strict=True):
            if id(box) not in above:
                path = list(_path(names, number, parent))
                yield from _box_rows(page, box, path)


def _path(names: Sequence[str], number: int, parent: Box | None) -> Iterator[HeadedCell]:
    """The parent under its band's label, as a cell; an unlabelled parent is a header itself."""
    if parent is not None and names[number - 1]:
        yield HeadedCell(names[number - 1], parent.text, 0, 1)
    header = names[number] or (parent.text if parent is not None and not names[number - 1] else "")
    yield HeadedCell(header, "", 0, 1)


def _box_rows(page: RawPage, box: Box, path: Sequence[HeadedCell]) -> Iterator[TableRow]:
    """One row a pair of text and value where the box lists such pairs, else the box as one row."""
    *before, last = path
    groups = list(baselines(box.lines))
    pairs = _pairs(groups)
    if len(pairs) < 2:
        cells = (*before, HeadedCell(last.header, box.text, 0, 1))
        yield TableRow(page.number, cells, tuple(row_boxes(page.number, box.lines)))
        return
    title = joined_lines(side_by_side(group) for group in groups if not any(
        line in pair.lines for pair in pairs for line in group
    ))  # fmt: skip
    header = " > ".join(part for part in (last.header, title) if part)
    for pair in pairs:
        cells = (*before, HeadedCell(header, pair.text, 0, 1), HeadedCell("", pair.value, 1, 1))
        yield TableRow(page.number, cells, tuple(row_boxes(page.number, pair.lines)))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A text and the value at its right, with all their lines."""

    text: str
    value: str
    lines: tuple[Line, ...]


def _pairs(groups: Sequence[Sequence[Line]]) -> list[_Pair]:
    """Texts with a value at their right; a text of several lines shares the value beside them."""
    values = [group[-1] for group in groups if len(group) > 1 and _is_apart(group)]
    if len(values) < 2 or max(v.x0 for v in values) - min(v.x0 for v in values) > 40:
        return []
    edge = min(value.x0 for value in values) - 2
    left = [line for group in groups for line in group if line.x1 <= edge]
    values = [line for group in groups for line in group if line.x0 >= edge]
    held: dict[int, list[Line]] = {number: [] for number in range(len(values))}
    for line in left:
        middle = (line.top + line.bottom) / 2
        near = min(held, key=lambda n: abs((values[n].top + values[n].bottom) / 2 - middle))
        if abs((values[near].top + values[near].bottom) / 2 - middle) <= 1.2 * line.size:
            held[near].append(line)
    return [
        _Pair(joined_lines(line.text for line in held[n]), value.text, (*held[n], value))
        for n, value in enumerate(values)
        if held[n]
    ]


def _is_apart(group: Sequence[Line]) -> bool:
    before, last = group[-2], group[-1]
    return last.x0 - before.x1 > _PAIR_GAP * last.size and len(last.text) < 25


def _parents(page: RawPage, bands: Sequence[Sequence[Box]], number: int) -> list[Box | None]:
    """For each box of a band the box of the band above that it stands under, if any."""
    band = bands[number]
    above = bands[number - 1] if number else []
    gap = min(b.area.top for b in band) - max((b.area.bottom for b in above), default=-1e9)
    if not above or gap > _FAR:
        return [None] * len(band)
    banner = above[0] if len(above) == 1 < len(band) else None
    return [banner or _over(page, box, above) for box in band]


def _over(page: RawPage, box: Box, above: Sequence[Box]) -> Box | None:
    """The box that spans this one, or the nearest where something drawn leads from it to here."""
    for one in above:
        if one.area.x0 - _ALIGNED <= box.area.x0 and box.area.x1 <= one.area.x1 + _ALIGNED:
            return one
    nearest = min(above, key=lambda one: abs(_middle(one.area) - _middle(box.area)))
    drawn: tuple[Area | Rule, ...] = (*page.shapes, *page.fills, *page.rules)
    gap = box.area.top - nearest.area.bottom
    leads = any(
        one.bottom - one.top > _ARROW * gap
        and nearest.area.bottom - 4 <= one.top and one.bottom <= box.area.top + 4
        and one.x1 >= box.area.x0 and one.x0 <= box.area.x1
        for one in drawn
    )  # fmt: skip
    return nearest if leads else None


def _middle(area: Area) -> float:
    return (area.x0 + area.x1) / 2


def _table(page: RawPage, boxes: Sequence[Box], labels: Sequence[Sequence[Line]]) -> Table:
    """All boxes and labels as cells of one column, so that their lines are not read again."""
    cells = [Cell(n, 0, 1, 1, b.area, b.lines, b.text) for n, b in enumerate(boxes)]
    for label in labels:
        cells += [
            Cell(len(cells), 0, 1, 1, Area(x.x0, x.top, x.x1, x.bottom), (x,), x.text)
            for x in label
        ]
    area = Area(
        min(c.area.x0 for c in cells), min(c.area.top for c in cells),
        max(c.area.x1 for c in cells), max(c.area.bottom for c in cells),
    )  # fmt: skip
    count = len(cells)
    return Table(page.number, area, tuple(cells), count, 1, (area.x0, area.x1), 0, 0, ruled=False)
