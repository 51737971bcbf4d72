"""Drawn rules to the cells of ruled tables: edges -> crossings -> cells -> tables.

The steps follow pdfplumber's table finder (after A. Nurminen, Algorithmic extraction of data in
tables in PDF documents, Tampere 2013), on the rules that PDFium reports.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.document import Area, Rule

_SNAP = 3.0
"""Points: rules nearer than this are one; ends nearer than this touch."""

_SHORT = 4.0
_MOST_CROSSINGS = 8_000

Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell by its place in the grid of its table: rows and columns count from 0."""

    row: int
    column: int
    rows: int
    columns: int
    area: Area


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one ruled table; ``lefts`` and ``tops`` are the edges of columns and rows."""

    area: Area
    cells: tuple[GridCell, ...]
    lefts: tuple[float, ...]
    tops: tuple[float, ...]


def find_grids(rules: Sequence[Rule]) -> tuple[Grid, ...]:
    """The ruled tables of a page, from top to bottom."""
    levels, uprights = merged_rules(rules)
    closed = [*rules, *open_sides(levels, uprights)]
    levels, uprights = merged_rules(closed)
    crossings = _crossings(levels, uprights)
    if not 4 <= len(crossings.points) <= _MOST_CROSSINGS:
        return ()
    groups = _touching(list(_cells(crossings)))
    return tuple(sorted(map(_grid, groups), key=lambda grid: (grid.area.top, grid.area.x0)))


def merged_rules(rules: Sequence[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Level and upright rules, each snapped to one line and joined where pieces touch."""
    levels = [rule for rule in rules if rule.is_level]
    uprights = [_turned(rule) for rule in rules if not rule.is_level]
    return list(_merged(levels)), [_turned(rule) for rule in _merged(uprights)]


def open_sides(levels: Sequence[Rule], uprights: Sequence[Rule]) -> Iterator[Rule]:
    """The sides of tables that draw none: where level rules end above each other.

    Only beside an upright rule: what stands between two tables of one width is no row of theirs.
    """
    for ends in ([rule.x0 for rule in levels], [rule.x1 for rule in levels]):
        for x in _edges(ends) if ends else ():
            here = [r for r, end in zip(levels, ends, strict=True) if abs(end - x) <= _SNAP]
            for above, below in pairwise(sorted(here, key=lambda rule: rule.top)):
                if _are_parted(above, below, uprights) and not _is_crossed(x, above, below, levels):
                    yield Rule(x, above.top, x, below.top)


def _is_crossed(x: float, above: Rule, below: Rule, levels: Sequence[Rule]) -> bool:
    """Whether a level rule runs on past ``x`` between the two: then no side of theirs is there."""
    return any(
        above.top + _SNAP < rule.top < below.top - _SNAP
        and rule.x0 < x - _SNAP
        and x + _SNAP < rule.x1
        for rule in levels
    )


def _are_parted(above: Rule, below: Rule, uprights: Sequence[Rule]) -> bool:
    """Whether upright rules run through the whole band between two level ones."""
    left, right = max(above.x0, below.x0), min(above.x1, below.x1)
    return any(
        left - _SNAP <= rule.x0 <= right + _SNAP
        and rule.top <= above.top + _SNAP
        and rule.bottom >= below.top - _SNAP
        for rule in uprights
    )


def _turned(rule: Rule) -> Rule:
    """Rows and columns exchanged, so that one way of joining serves both."""
    return Rule(rule.top, rule.x0, rule.bottom, rule.x1)


def _merged(levels: Sequence[Rule]) -> Iterator[Rule]:
    for height, group in _snapped(levels):
        run: list[float] | None = None
        for rule in sorted(group, key=lambda rule: rule.x0):
            if run is not None and rule.x0 <= run[1] + _SNAP:
                run[1] = max(run[1], rule.x1)
                continue
            if run is not None and run[1] - run[0] > _SHORT:
                yield Rule(run[0], height, run[1], height)
            run = [rule.x0, rule.x1]
        if run is not None and run[1] - run[0] > _SHORT:
            yield Rule(run[0], height, run[1], height)


def _snapped(levels: Sequence[Rule]) -> Iterator[tuple[float, list[Rule]]]:
    group: list[Rule] = []
    for rule in sorted(levels, key=lambda rule: rule.top):
        if group and rule.top - group[-1].top > _SNAP:
            yield sum(one.top for one in group) / len(group), group
            group = []
        group.append(rule)
    if group:
        yield sum(one.top for one in group) / len(group), group


@dataclass(frozen=True, slots=True)
class _Crossings:
    """Where rules cross: for each point the level and the upright rule that meet there."""

    points: dict[Corner, tuple[int, int]]


def _crossings(levels: Sequence[Rule], uprights: Sequence[Rule]) -> _Crossings:
    points: dict[Corner, tuple[int, int]] = {}
    tops = [level.top for level in levels]
    for number, upright in enumerate(uprights):
        start = bisect_left(tops, upright.top - _SNAP)
        for place in range(start, len(levels)):
            level = levels[place]
            if level.top > upright.bottom + _SNAP:
                break
            if level.x0 - _SNAP <= upright.x0 <= level.x1 + _SNAP:
                points[(upright.x0, level.top)] = (place, number)
    return _Crossings(points)


def _cells(crossings: _Crossings) -> Iterator[Area]:
    """For each crossing the smallest rectangle of rules whose top left corner it is."""
    points = crossings.points
    by_x, by_y = defaultdict(list), defaultdict(list)
    for x, y in sorted(points):
        by_x[x].append(y)
        by_y[y].append(x)
    for (x, y), (level, upright) in points.items():
        below = [v for v in by_x[x][bisect_left(by_x[x], y) + 1 :] if points[x, v][1] == upright]
        right = [u for u in by_y[y][bisect_left(by_y[y], x) + 1 :] if points[u, y][0] == level]
        corner = _nearest_corner(points, below, right, (x, y))
        if corner is not None:
            yield Area(x, y, corner[0], corner[1])


def _nearest_corner(
    points: dict[Corner, tuple[int, int]],
    below: Sequence[float],
    right: Sequence[float],
    corner: Corner,
) -> Corner | None:
    x, y = corner
    for v in below:
        for u in right:
            found = points.get((u, v))
            if found and found[0] == points[x, v][0] and found[1] == points[u, y][1]:
                return u, v
    return None


def _touching(cells: Sequence[Area]) -> list[list[Area]]:
    """Cells grouped by shared corners; a frame around everything stays a group of its own."""
    owner: dict[Corner, int] = {}
    groups: dict[int, list[Area]] = {}
    for number, cell in enumerate(sorted(cells, key=lambda cell: (cell.top, cell.x0))):
        met = {owner[corner] for corner in _corners(cell) if corner in owner}
        joined = [cell, *(one for name in met for one in groups.pop(name))]
        groups[number] = joined
        for one in joined:
            owner.update(dict.fromkeys(_corners(one), number))
    return list(groups.values())


def _corners(cell: Area) -> Iterable[Corner]:
    return (
        (cell.x0, cell.top), (cell.x1, cell.top), (cell.x0, cell.bottom), (cell.x1, cell.bottom),
    )  # fmt: skip


def _grid(cells: Sequence[Area]) -> Grid:
    lefts = _edges(value for cell in cells for value in (cell.x0, cell.x1))
    tops = _edges(value for cell in cells for value in (cell.top, cell.bottom))
    placed = [_placed(cell, lefts, tops) for cell in cells]
    area = Area(lefts[0], tops[0], lefts[-1], tops[-1])
    ordered = tuple(sorted(placed, key=lambda cell: (cell.row, cell.column)))
    return Grid(area, ordered, tuple(lefts), tuple(tops))


def _edges(values: Iterable[float]) -> list[float]:
    ordered = sorted(set(values))
    return [ordered[0], *(b for a, b in pairwise(ordered) if b - a > _SNAP)]


def _placed(cell: Area, lefts: Sequence[float], tops: Sequence[float]) -> GridCell:
    column, row = _index(lefts, cell.x0), _index(tops, cell.top)
    columns = max(1, _index(lefts, cell.x1) - column)
    rows = max(1, _index(tops, cell.bottom) - row)
    return GridCell(row, column, rows, columns, cell)


def _index(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda place: abs(edges[place] - value))
