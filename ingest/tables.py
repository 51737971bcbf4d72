"""Tables of a page: cells with their text, rows with their header path, spans and footnotes.

Ruled tables come from drawn rules (``table_grid.py``), the others from how lines stand under each
other (``table_columns.py``); from there on both are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ingest.banded_tables import band_frames, halves
from ingest.document import Area, Line, RawPage, Rule
from ingest.pdf_characters import LINE_END_HYPHEN
from ingest.table_grid import Grid, GridCell, find_grids

_MOST_CELL_SHARE = 0.7
_LONG_CELL = 80
_BASELINE = 0.55
_LETTER = (4.0, 22.0)
_LEAST_TILE = 8.0
_LEAST_TILES = 6
HEADER_WORDS = re.compile(
    r"(radiologic\s+|treatment\s*/\s*|imaging\s+)?procedures?|treatment|rating|appropriateness category"
    r"|category|comments?|r\.?r\.?l\.?\*?|(relative )?radiation level\*?|(adults?|peds?|pediatrics?) rrl"
    r"|soe|strength of evidence|median|final tabulations|references|study quality|findings?"
    r"|management|recommendations?|descriptors?|score|points|size|criteria|assessment"
    r"|구분|항목|범주|권고|등급|소견",
    re.IGNORECASE,
)
"""What stands at the head of a column in guideline tables."""


PICTURE = "\ufffc"
"""Stands in a cell for a picture as small as a letter, such as a radiation symbol."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``rows`` and ``columns`` say how many of the grid it spans."""

    row: int
    column: int
    rows: int
    columns: int
    area: Area
    lines: tuple[Line, ...]
    text: str

    @property
    def bold(self) -> bool:
        return bool(self.lines) and all(line.bold for line in self.lines)


@dataclass(frozen=True)
class Table:
    """One table of one page; ``head`` rows name the columns, ``titles`` rows before them all."""

    page: int
    area: Area
    cells: tuple[Cell, ...]
    row_count: int
    column_count: int
    lefts: tuple[float, ...]
    titles: int
    head: int
    ruled: bool

    @cached_property
    def _covering(self) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }

    def cell(self, row: int, column: int) -> Cell | None:
        """The cell that covers this place of the grid."""
        return self._covering.get((row, column))

    def row(self, row: int) -> tuple[Cell, ...]:
        """The cells over one row of the grid, left to right, spanned ones included."""
        found = [self.cell(row, column) for column in range(self.column_count)]
        return tuple(dict.fromkeys(cell for cell in found if cell is not None))

    def header_path(self, column: int) -> str:
        """What the head says of a column, from the outermost header in."""
        cells = [self.cell(row, column) for row in range(self.titles, self.titles + self.head)]
        return " > ".join(dict.fromkeys(cell.text for cell in cells if cell and cell.text))

    @property
    def body(self) -> range:
        return range(self.titles + self.head, self.row_count)


def with_pictures(page: RawPage) -> RawPage:
    """The page with its letter-sized pictures as lines of :data:`PICTURE`, side by side ones joined."""
    small = [one for one in page.pictures if _LETTER[0] <= one.bottom - one.top <= _LETTER[1]]
    lines: list[Line] = []
    for area in sorted(small, key=lambda area: (round(area.top), area.x0)):
        wide, high = area.x1 - area.x0, area.bottom - area.top
        if not 0.6 * high <= wide <= 6 * high:
            continue
        text = PICTURE * max(1, round(wide / high))
        last = lines[-1] if lines else None
        if last and abs(last.top - area.top) < 2 and -1 < area.x0 - last.x1 < 0.8 * high:
            lines[-1] = replace(last, text=last.text + text, x1=area.x1)
        else:
            lines.append(Line(text, area.x0, area.top, area.x1, area.bottom, high))
    return replace(page, lines=(*page.lines, *lines)) if lines else page


def ruled_tables(page: RawPage) -> tuple[Table, ...]:
    """The page's ruled tables that hold at least two rows or columns of text."""
    grids = find_grids((*page.rules, *band_frames(page)))
    return tuple(table for grid in grids for table in _tables(page, grid))


def painted_tables(page: RawPage, ruled: Sequence[Table]) -> tuple[Table, ...]:
    """Tables that draw no rules: painted areas that share sides, each a cell."""
    free = [
        area
        for area in page.fills
        if min(area.x1 - area.x0, area.bottom - area.top) >= _LEAST_TILE
        and _size(area) < 0.5 * page.width * page.height
        and not any(_meets(area, table.area, -3) for table in ruled)
    ]
    tiles = [one for one in free if any(one != o and _meets(one, o, 2.5) for o in free)]
    if len(tiles) < _LEAST_TILES:
        return ()
    grids = find_grids([side for tile in tiles for side in _sides(tile)])
    return tuple(table for grid in grids for table in _tables(page, grid))


def _meets(one: Area, other: Area, reach: float) -> bool:
    """Whether two areas overlap, or stand no further than ``reach`` apart."""
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return wide > -reach and high > -reach


def _sides(area: Area) -> tuple[Rule, ...]:
    x0, top, x1, bottom = area.x0, area.top, area.x1, area.bottom
    return (
        Rule(x0, top, x1, top), Rule(x0, bottom, x1, bottom),
        Rule(x0, top, x0, bottom), Rule(x1, top, x1, bottom),
    )  # fmt: skip


def _tables(page: RawPage, grid: Grid) -> Iterator[Table]:
    """The table that a grid is, the two that stand side by side in it, or none."""
    lines = [line for line in page.lines if _is_inside(line, grid.area)]
    held = _lines_by_cell(lines, grid.cells)
    cells = tuple(
        Cell(c.row, c.column, c.rows, c.columns, c.area, *_content(held.get(place, [])))
        for place, c in enumerate(grid.cells)
    )
    if not is_tabular(cells):
        return
    columns, rows = max(1, len(grid.lefts) - 1), max(1, len(grid.tops) - 1)
    for part, lefts in halves(cells, columns, grid.lefts):
        yield with_head(page, part, rows, max(1, len(lefts) - 1), lefts, ruled=True)


def with_head(
    page: RawPage, cells: tuple[Cell, ...], rows: int, columns: int, lefts: tuple[float, ...],
    *, ruled: bool,
) -> Table:  # fmt: skip
    """The table of these cells, its titles and head told from its body."""
    area = Area(
        min(cell.area.x0 for cell in cells), min(cell.area.top for cell in cells),
        max(cell.area.x1 for cell in cells), max(cell.area.bottom for cell in cells),
    )  # fmt: skip
    titles = _titles(cells, rows, columns)
    head = _head(cells, rows, titles, page)
    return Table(page.number, area, cells, rows, columns, lefts, titles, head, ruled)


def is_tabular(cells: Sequence[Cell]) -> bool:
    """Several cells with text over several columns, none of which holds nearly all of it.

    A frame around running text is no table; neither are frames that stand alone.
    """
    full = [cell for cell in cells if cell.text]
    if len({cell.column for cell in cells}) < 2 or len(full) < 2:
        return False
    sizes = sorted(len(cell.text) for cell in full)
    framed = sizes[-1] > _LONG_CELL and sizes[-1] > _MOST_CELL_SHARE * sum(sizes)
    return len(full) > 3 or not framed or len(cells) > 6


def _is_inside(line: Line, area: Area) -> bool:
    x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
    return area.x0 <= x <= area.x1 and area.top <= y <= area.bottom


def _lines_by_cell(lines: Sequence[Line], cells: Sequence[GridCell]) -> dict[int, list[Line]]:
    """Each line in the smallest cell around its middle, else in the cell where it begins."""
    held: dict[int, list[Line]] = {}
    for line in lines:
        around = [n for n, cell in enumerate(cells) if _is_inside(line, cell.area)]
        place = min(around, key=lambda n: _size(cells[n].area), default=None)
        if place is not None:
            held.setdefault(place, []).append(line)
    return held


def _size(area: Area) -> float:
    return (area.x1 - area.x0) * (area.bottom - area.top)


def _content(lines: Sequence[Line]) -> tuple[tuple[Line, ...], str]:
    groups = list(baselines(lines))
    return tuple(line for group in groups for line in group), joined_lines(
        map(side_by_side, groups)
    )


def side_by_side(group: Sequence[Line]) -> str:
    """Lines on one baseline; those that touch are one word drawn in parts (``mm`` and ``3``)."""
    text = group[0].text
    for before, line in pairwise(group):
        apart = line.x0 - before.x1 > 0.12 * before.size
        text += f" {line.text}" if apart else line.text
    return text


def baselines(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines of one cell, those on one baseline together from left to right."""
    group: list[Line] = []
    for line in sorted(lines, key=lambda line: ((line.top + line.bottom) / 2, line.x0)):
        if group:
            height = min(group[0].bottom - group[0].top, line.bottom - line.top)
            overlap = min(group[0].bottom, line.bottom) - max(group[0].top, line.top)
            if overlap < _BASELINE * height:
                yield sorted(group, key=lambda one: one.x0)
                group = []
        group.append(line)
    if group:
        yield sorted(group, key=lambda one: one.x0)


def joined_lines(lines: Iterable[str]) -> str:
    """A cell's lines as one text; a word broken by a soft hyphen is made whole."""
    text = ""
    for line in lines:
        if text.endswith(LINE_END_HYPHEN):
            hyphen = "" if line[:1].islower() and text[-2:-1].islower() else "-"
            text = text.removesuffix(LINE_END_HYPHEN) + hyphen + line
        elif text.endswith("-") and line[:1].isalnum():
            text += line
        else:
            text = f"{text} {line}" if text else line
    return " ".join(text.replace(LINE_END_HYPHEN, "-").split())


def _titles(cells: Sequence[Cell], rows: int, columns: int) -> int:
    """Leading rows of one cell over all columns."""
    count = 0
    while count < rows - 1 and any(
        cell.row == count and cell.columns == columns and columns > 1 for cell in cells
    ):
        count += 1
    return count


def _head(cells: Sequence[Cell], rows: int, titles: int, page: RawPage) -> int:
    """How many rows after the titles name the columns; 0 where none does."""
    first = [cell for cell in cells if cell.row == titles and cell.text]
    below = [cell for cell in cells if cell.row > titles and cell.text]
    if not first or not below:
        return _head_alone(first)
    named = sum(HEADER_WORDS.fullmatch(cell.text.strip(" :*")) is not None for cell in first)
    bolder = all(cell.bold for cell in first) and not all(cell.bold for cell in below)
    grounded = _on_ground(first, page) and not _on_ground(below, page)
    parted = _parted_below(first, below, titles)
    if not (bolder or grounded or named * 2 >= len(first) or parted):
        return 0
    return max(*(cell.rows for cell in first), 1 + parted)


def _parted_below(first: Sequence[Cell], below: Sequence[Cell], titles: int) -> int:
    """1 where a cell of the first row spans columns that the next row, and all after, part."""
    second = [cell for cell in below if cell.row == titles + 1]
    spanning = [cell for cell in first if cell.columns > 1 and cell.rows == 1]
    return int(
        bool(spanning)
        and max(len(cell.text) for cell in spanning) <= _LONG_CELL
        and len(first) > 1
        and all(
            sum(span.column <= one.column < span.column + span.columns for one in second) > 1
            for span in spanning
        )
    )


def _head_alone(first: Sequence[Cell]) -> int:
    """A table of one row: a head whose rows stand on the next page, or a row without head."""
    named = sum(HEADER_WORDS.fullmatch(cell.text.strip(" :*")) is not None for cell in first)
    return 1 if first and named == len(first) else 0


def _on_ground(cells: Sequence[Cell], page: RawPage) -> bool:
    """Whether each of these cells has a painted ground of about its own height."""
    return all(
        any(
            fill.x0 <= cell.area.x0 + 4 and cell.area.x1 - 4 <= fill.x1
            and abs(fill.top - cell.area.top) < 4 and abs(fill.bottom - cell.area.bottom) < 4
            for fill in page.fills
        )
        for cell in cells
    )  # fmt: skip
