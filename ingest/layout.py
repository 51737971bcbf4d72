"""Positioned lines to rows in reading order: columns, rows, running heads.

Each step takes and gives plain values, so that it can be drawn on the page:
lines -> (columns told apart) -> rows -> (running heads and feet removed).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Line, RawPage

_PROSE_CHARACTERS = 25
_COLUMN_LINES = 6
_MARGIN_SHARE = 0.12
_RUNNING_SHARE = 0.4
_NEARBY_ROWS = 14
_MARK_CHARACTERS = 2

_PAGE_NUMBER = re.compile(
    r"(page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?((\s*(of|/)\s*)\d{1,4})?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Row:
    """Lines on one baseline in one column, left to right: one line of prose, or a table's cells."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def x0(self) -> float:
        return self.lines[0].x0

    @property
    def x1(self) -> float:
        return max(line.x1 for line in self.lines)

    @property
    def top(self) -> float:
        return min(line.top for line in self.lines)

    @property
    def bottom(self) -> float:
        return max(line.bottom for line in self.lines)

    @property
    def size(self) -> float:
        """Font size of most of the row's characters."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines if len(line.text) > 1)

    @property
    def is_table_row(self) -> bool:
        """Several cells; a bullet, number or label (``Variant 1:``) before its text is none."""
        first = self.lines[0].text
        cells = self.lines[1:] if first.endswith(":") and len(first) < 16 else self.lines
        return sum(len(line.text) > 3 for line in cells) > 1


def rows_in_reading_order(page: RawPage) -> tuple[Row, ...]:
    """The page's rows as a reader takes them: a column to its end, then the next.

    The file's own order is kept where it already goes column by column (it knows sidebars and
    captions better than geometry does); rows drawn across two columns are taken apart.
    """
    gutter = column_gutter(page)
    if gutter is None:
        return _rows(page.lines)
    sides = [_side(line, gutter) for line in page.lines]
    if _goes_across(sides):
        return _rows_by_column(page.lines, gutter)
    return _rows(page.lines, sides)


def column_gutter(page: RawPage) -> float | None:
    """Where the gap between two columns of prose lies, or ``None``.

    At least six lines of prose must stand on either side of it, and where both sides stand beside
    each other, fewer than a third as many may cross it.
    """
    prose = [
        line
        for line in page.lines
        if len(line.text) >= _PROSE_CHARACTERS and line.x1 - line.x0 > 0.2 * page.width
    ]
    best: tuple[int, float] | None = None
    for step in range(35, 66):
        x = page.width * step / 100
        beside = _lines_beside(prose, x)
        if beside >= _COLUMN_LINES and (best is None or beside > best[0]):
            best = (beside, x)
    return best[1] if best else None


def _lines_beside(prose: Sequence[Line], x: float) -> int:
    """Lines on the shorter side of ``x``; 0 where too many lines cross ``x`` between them."""
    left = [line for line in prose if line.x1 <= x]
    right = [line for line in prose if line.x0 >= x]
    if not left or not right:
        return 0
    top = max(min(line.top for line in side) for side in (left, right))
    bottom = min(max(line.bottom for line in side) for side in (left, right))
    crossing = [line for line in prose if line.x0 < x < line.x1]
    between = sum(top < line.top and line.bottom < bottom for line in crossing)
    fewer = min(len(left), len(right))
    return fewer if between * 3 < fewer else 0


def without_running_heads(
    pages: Sequence[Sequence[Row]], heights: Sequence[float]
) -> list[list[Row]]:
    """Pages without the rows at their edges that recur from page to page, or are page numbers.

    Recurring means: the same but for digits, on two pages in five and at least three.
    """
    seen: Counter[str] = Counter()
    for rows, height in zip(pages, heights, strict=True):
        seen.update({_key(row) for row in rows if _at_edge(row, height)})
    needed = max(3, _RUNNING_SHARE * len(pages))
    return [
        [row for row in rows if not _is_running(row, height, seen[_key(row)] >= needed)]
        for rows, height in zip(pages, heights, strict=True)
    ]


def _is_running(row: Row, height: float, recurs: bool) -> bool:
    if not _at_edge(row, height):
        return False
    return recurs or _PAGE_NUMBER.fullmatch(row.text.strip()) is not None


def _at_edge(row: Row, height: float) -> bool:
    return row.bottom < _MARGIN_SHARE * height or row.top > (1 - _MARGIN_SHARE) * height


def _key(row: Row) -> str:
    return re.sub(r"\d+", "#", row.text.lower()).strip()


def _side(line: Line, gutter: float) -> int:
    """0: across both columns, 1: left, 2: right."""
    if line.x0 < gutter - 2 and line.x1 > gutter + 2:
        return 0
    return 1 if line.x1 <= gutter + 2 else 2


def _goes_across(sides: Sequence[int]) -> bool:
    """Whether the file changes sides so often that it must be drawing row by row."""
    columns = [side for side in sides if side]
    changes = sum(a != b for a, b in pairwise(columns))
    return changes > len(columns) / 4


def _rows_by_column(lines: Sequence[Line], gutter: float) -> tuple[Row, ...]:
    """Between lines that go across the page: the left column from top to bottom, then the right."""
    ordered: list[Row] = []
    band: list[Line] = []
    for line in sorted(lines, key=lambda line: (round(line.top), line.x0)):
        if _side(line, gutter) == 0:
            ordered += _band(band, gutter)
            ordered += _rows([line])
            band = []
        else:
            band.append(line)
    return tuple(ordered + _band(band, gutter))


def _band(lines: Sequence[Line], gutter: float) -> list[Row]:
    left = [line for line in lines if _side(line, gutter) == 1]
    right = [line for line in lines if _side(line, gutter) == 2]
    return [*_rows(left), *_rows(right)]


def _rows(lines: Sequence[Line], sides: Sequence[int] | None = None) -> tuple[Row, ...]:
    """Lines gathered into rows, in the order in which each row's first line comes."""
    groups: list[list[Line]] = []
    group_sides: list[int] = []
    for number, line in enumerate(lines):
        side = sides[number] if sides else 0
        for place in _candidates(line, len(groups)):
            if group_sides[place] == side and _on_one_baseline(groups[place], line):
                groups[place].append(line)
                break
        else:
            groups.append([line])
            group_sides.append(side)
    return tuple(Row(tuple(sorted(group, key=lambda line: line.x0))) for group in groups)


def _candidates(line: Line, count: int) -> range:
    """Rows that ``line`` may join: the last one; a lone bullet or mark also one of some before.

    Cells and columns that the file draws apart from each other are kept apart.
    """
    reach = _NEARBY_ROWS if len(line.text) <= _MARK_CHARACTERS else 1
    return range(count - 1, max(-1, count - 1 - reach), -1)


def _on_one_baseline(group: Sequence[Line], line: Line) -> bool:
    """Most of the lower one's height overlaps, and the line stands beside the group, not upon it."""
    first = group[0]
    overlap = min(first.bottom, line.bottom) - max(first.top, line.top)
    lower = min(first.bottom - first.top, line.bottom - line.top)
    beside = all(line.x0 >= other.x1 - 2 or line.x1 <= other.x0 + 2 for other in group)
    return lower > 0 and overlap > 0.6 * lower and beside
