"""Tables that hang under a coloured band, as on a poster: the band is their title and their width.

Such a table draws rules between its rows and columns, but neither sides nor bottom. Its frame is
closed along the band (``band_frames``). Where two lists stand under one band, each with rows of its
own, they are two tables (``halves``): a row read across both would say what nobody wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.document import Area, RawPage, Rule
from ingest.table_grid import merged_rules

if TYPE_CHECKING:
    from ingest.tables import Cell

_NEAR = 4.0
_LEAST_WIDE, _LEAST_HIGH, _MOST_HIGH = 100.0, 10.0, 80.0
_LEAST_RULES = 2
_OWN_ROWS = 3
"""Rows that each of two lists begins where the other begins none."""


def band_frames(page: RawPage) -> Iterator[Rule]:
    """The sides of each table that hangs under a band and draws none of its own, the band included."""
    bands = [fill for fill in page.fills if _is_band(fill, page)]
    if not bands:
        return
    levels, uprights = merged_rules(page.rules)
    for band in bands:
        end = min((b.top for b in bands if _is_below(b, band)), default=page.height)
        across = [rule for rule in levels if _is_under(rule, band, end)]
        down = [rule for rule in uprights if _is_under(rule, band, end)]
        if _hangs(band, across, down):
            bottom = max(*(rule.top for rule in across), *(rule.bottom for rule in down))
            yield from _frame(band, bottom)


def _is_band(fill: Area, page: RawPage) -> bool:
    """A painted strip with words on it."""
    wide, high = fill.x1 - fill.x0, fill.bottom - fill.top
    if wide < max(_LEAST_WIDE, 3 * high) or not _LEAST_HIGH <= high <= _MOST_HIGH:
        return False
    return any(
        fill.x0 <= line.x0 and line.x1 <= fill.x1
        and fill.top <= (line.top + line.bottom) / 2 <= fill.bottom
        for line in page.lines
    )  # fmt: skip


def _is_below(one: Area, band: Area) -> bool:
    return one.top > band.bottom and one.x0 < band.x1 and band.x0 < one.x1


def _is_under(rule: Rule, band: Area, end: float) -> bool:
    inside = band.x0 - _NEAR <= rule.x0 and rule.x1 <= band.x1 + _NEAR
    return inside and band.bottom - _NEAR <= rule.top and rule.bottom <= end + _NEAR


def _hangs(band: Area, across: Sequence[Rule], down: Sequence[Rule]) -> bool:
    """Level rules end at both ends of the band, an upright begins at it, and no side is drawn."""
    left = sum(abs(rule.x0 - band.x0) <= _NEAR for rule in across)
    right = sum(abs(rule.x1 - band.x1) <= _NEAR for rule in across)
    begins = any(abs(rule.top - band.bottom) <= _NEAR for rule in down)
    closed = any(min(abs(r.x0 - band.x0), abs(r.x0 - band.x1)) <= _NEAR for r in down)
    return min(left, right) >= _LEAST_RULES and begins and not closed


def _frame(band: Area, bottom: float) -> Iterator[Rule]:
    for y in (band.top, band.bottom, bottom):
        yield Rule(band.x0, y, band.x1, y)
    for x in (band.x0, band.x1):
        yield Rule(x, band.top, x, bottom)


def halves(
    cells: Sequence[Cell], columns: int, lefts: tuple[float, ...]
) -> tuple[tuple[tuple[Cell, ...], tuple[float, ...]], ...]:
    """The cells as one table, or as the two that stand side by side, each with its columns' edges.

    A title over both stays over each of them.
    """
    titles = [cell for cell in cells if cell.columns == columns]
    body = [cell for cell in cells if cell.columns < columns]
    for border in range(1, columns):
        if _are_apart(body, border):
            return tuple(
                (tuple(_part(titles, body, first, last, lefts)), lefts[first : last + 1])
                for first, last in ((0, border), (border, columns))
            )
    return ((tuple(cells), lefts),)


def _are_apart(body: Sequence[Cell], border: int) -> bool:
    """Whether no cell lies across the border, and rows begin on either side that the other lacks."""
    if any(cell.column < border < cell.column + cell.columns for cell in body):
        return False
    before = {cell.row for cell in body if cell.column < border}
    after = {cell.row for cell in body if cell.column >= border}
    return min(len(before - after), len(after - before)) >= _OWN_ROWS


def _part(
    titles: Sequence[Cell], body: Sequence[Cell], first: int, last: int, lefts: Sequence[float]
) -> Iterator[Cell]:
    for title in titles:
        area = replace(title.area, x0=lefts[first], x1=lefts[last])
        yield replace(title, column=0, columns=last - first, area=area)
    for cell in body:
        if first <= cell.column < last:
            yield replace(cell, column=cell.column - first)
