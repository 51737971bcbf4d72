"""Tables without rules: rows whose cells stand under each other with clear gaps between columns.

Careful rather than complete: prose, lists and scattered labels must not become tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.document import Area, Line, RawPage
from ingest.layout import column_gutter
from ingest.tables import Cell, Table, joined_lines, with_head

_LEAST_ROWS = 3
_CELL_CHARACTERS = 70
_FAR = 3.5
_NEAR = 1.45
_SAME_ROW = 0.3
_GAP = 5.0
_MARKER = re.compile(r"[^\w☢]{1,3}|[o▪]|\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]")
_RUNS_ON = re.compile(r"(\b(and|or|with|without|of|the|to|for|in|on|by|IV|a|an)|[,(/-])$")


@dataclass
class _Run:
    """Rows taken together so far, and the columns (as intervals) they stand in."""

    rows: list[list[Line]] = field(default_factory=list)
    bands: list[tuple[float, float]] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        return max(line.bottom for line in self.rows[-1])


def column_tables(page: RawPage, lines: Sequence[Line]) -> tuple[Table, ...]:
    """The tables without rules among ``lines`` of ``page``, from top to bottom."""
    gutter = column_gutter(page)
    made = (_table(page, run, gutter) for run in _runs(_rows(lines)))
    return tuple(table for table in made if table is not None)


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines on one baseline, or beside each other around a middle, from top to bottom."""
    rows: list[list[Line]] = []
    for line in sorted(_without_markers(lines), key=lambda line: (line.top, line.x0)):
        if rows and _overlap(rows[-1], line) > _SAME_ROW and _is_beside(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: (line.x0, line.top)) for row in rows]


def _without_markers(lines: Sequence[Line]) -> list[Line]:
    """Without bullets and numbers before a text; a lone sign further right is a cell of its own."""
    return [
        line
        for line in lines
        if _MARKER.fullmatch(line.text) is None
        or any(other.x1 < line.x0 and _overlap([other], line) > _SAME_ROW for other in lines)
    ]


def _overlap(row: Sequence[Line], line: Line) -> float:
    bottom = max(one.bottom for one in row)
    return (min(bottom, line.bottom) - line.top) / max(1.0, line.bottom - line.top)


def _is_beside(row: Sequence[Line], line: Line) -> bool:
    """Not upon any of the row; a second line of one cell is a row of its own at first."""
    return all(
        line.x0 >= one.x1 - 1 or line.x1 <= one.x0 + 1 or line.top >= one.bottom - 3 for one in row
    )


def _runs(rows: Sequence[list[Line]]) -> Iterator[_Run]:
    run = _Run()
    for row in rows:
        if run.rows and not _joins(run, row):
            yield run
            run = _Run()
        if run.rows or len(_columns(row)) > 1:
            run.rows.append(row)
            run.bands = _joined_bands(run.bands, row)
    if run.rows:
        yield run


def _columns(row: Sequence[Line]) -> list[tuple[float, float]]:
    return _joined_bands([], row)


def _joined_bands(
    bands: Sequence[tuple[float, float]], row: Sequence[Line]
) -> list[tuple[float, float]]:
    """The intervals of ``bands`` and of the row's lines, those that overlap made one."""
    joined: list[tuple[float, float]] = []
    for x0, x1 in sorted([*bands, *((line.x0, line.x1) for line in row)]):
        if joined and x0 < joined[-1][1] + _GAP:
            joined[-1] = (joined[-1][0], max(joined[-1][1], x1))
        else:
            joined.append((x0, x1))
    return joined


def _joins(run: _Run, row: Sequence[Line]) -> bool:
    """Whether ``row`` goes on with the table: near, and every cell in one column of it."""
    size = max(line.size for line in row)
    if min(line.top for line in row) - run.bottom > _FAR * size:
        return False
    after = _joined_bands(run.bands, row)
    lone = len(_columns(row)) == 1
    if lone and min(line.top for line in row) - run.bottom > _NEAR * size:
        return False
    return len(after) >= len(run.bands) and (not lone or len(after) == len(run.bands))


def _table(page: RawPage, run: _Run, gutter: float | None) -> Table | None:
    full = [row for row in run.rows if len(_columns(row)) > 1]
    while run.rows and len(_columns(run.rows[-1])) == 1 and not _continues(run, len(run.rows) - 1):
        run.rows.pop()
    if len(full) < _LEAST_ROWS or len(run.bands) < 2 or _is_prose(full, run.bands, gutter):
        return None
    groups: list[list[list[Line]]] = []
    for place, row in enumerate(run.rows):
        if groups and _continues(run, place):
            groups[-1].append(row)
        else:
            groups.append([row])
    cells = tuple(
        cell for number, group in enumerate(groups) for cell in _cells(number, group, run.bands)
    )
    lefts = (*(band[0] for band in run.bands), run.bands[-1][1])
    return with_head(page, cells, len(groups), len(run.bands), lefts, ruled=False)


def _is_prose(
    full: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]], gutter: float | None
) -> bool:
    cells = [line for row in full for line in row]
    long = sum(len(line.text) for line in cells) / len(cells) > _CELL_CHARACTERS
    columns = (
        gutter is not None
        and len(bands) == 2
        and bands[0][1] <= gutter + 2
        and bands[1][0] >= gutter - 2
    )
    return long or columns


def _continues(run: _Run, place: int) -> bool:
    """Whether a row of one cell is the rest of the row above it, wrapped within its cell."""
    row = run.rows[place]
    if place == 0 or len(_columns(row)) > 1:
        return False
    above = [line for line in run.rows[place - 1] if line.x0 < row[0].x1 and line.x1 > row[0].x0]
    if not above or above[-1].bold != row[0].bold:
        return False
    pitch = row[0].top - above[-1].top
    wrapped = row[0].text[:1].islower() or _RUNS_ON.search(above[-1].text) is not None
    return pitch <= _NEAR * row[0].size and (wrapped or pitch < _usual_step(run) - 1.5)


def _usual_step(run: _Run) -> float:
    """The smallest distance between two rows that both fill several columns."""
    tops = [min(line.top for line in row) for row in run.rows if len(_columns(row)) > 1]
    return min((b - a for a, b in pairwise(tops)), default=0.0)


def _cells(
    number: int, group: Sequence[Sequence[Line]], bands: Sequence[tuple[float, float]]
) -> Iterator[Cell]:
    lines = [line for row in group for line in row]
    top, bottom = min(line.top for line in lines), max(line.bottom for line in lines)
    for column, (x0, x1) in enumerate(bands):
        here = sorted(
            (line for line in lines if x0 - 1 <= (line.x0 + line.x1) / 2 <= x1 + 1),
            key=lambda line: (round(line.top), line.x0),
        )
        text = joined_lines([line.text for line in here])
        yield Cell(number, column, 1, 1, Area(x0, top, x1, bottom), tuple(here), text)
