"""What must hold of a compiled table: every combination of its inputs hits exactly one row.

Rows are boxes of atoms. Two rows overlap when their boxes meet on every axis; without overlaps the
rows cover everything exactly when their volumes add up to the volume of the whole table. Only when
they do not is a combination that no row covers looked for, to name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from math import prod

from rag.knowledge.axis import Axis
from rag.knowledge.decision_table import DecisionTable, Disputed, Given, Row, See

Box = tuple[int, ...]


def overlaps(table: DecisionTable) -> Iterator[tuple[Row, Row, str]]:
    """Pairs of rows that hold for one combination, and that combination in words."""
    pairs = combinations(zip(table.rows, table.masks, strict=True), 2)
    for (first, mine), (second, theirs) in pairs:
        common = tuple(a & b for a, b in zip(mine, theirs, strict=True))
        if all(common):
            yield first, second, _says(table.axes, common)


def gap(table: DecisionTable, allowed: Box | None = None) -> str | None:
    """A combination that no row covers, in words; only right where no rows overlap.

    ``allowed`` limits the atoms that can occur; all of them by default.
    """
    whole = allowed or tuple(axis.full for axis in table.axes)
    within = [tuple(m & w for m, w in zip(row, whole, strict=True)) for row in table.masks]
    if sum(_volume(row) for row in within) == _volume(whole):
        return None
    return _says(table.axes, _uncovered(within, whole))


def _volume(box: Box) -> int:
    return prod(mask.bit_count() for mask in box)


def _uncovered(rows: Sequence[Box], whole: Box) -> Box:
    """A single combination within ``whole`` outside all ``rows``; there must be one."""
    found: list[int] = []
    left = list(rows)
    for position in range(len(whole)):
        rest = whole[position + 1 :]
        for bit in _bits(whole[position]):
            here = [row for row in left if row[position] & bit]
            if sum(_volume(row[position + 1 :]) for row in here) < _volume(rest):
                found.append(bit)
                left = here
                break
    return tuple(found)


def _bits(mask: int) -> Sequence[int]:
    return [1 << position for position in range(mask.bit_length()) if mask >> position & 1]


def _says(axes: Sequence[Axis], box: Box) -> str:
    return ", ".join(axis.says(mask) for axis, mask in zip(axes, box, strict=True))


def unused_input(table: DecisionTable) -> str | None:
    """An input that no row asks about."""
    named = {name for row in table.rows for name in row.cells}
    return next((axis.name for axis in table.axes if axis.name not in named), None)


def unreached(tables: Sequence[DecisionTable]) -> DecisionTable | None:
    """A table that nothing leads to: no ``when``, no ``after`` and no row that sees it."""
    outcomes = [row.outcome for table in tables for row in table.rows]
    seen = {outcome.table.id for outcome in outcomes if isinstance(outcome, See)}
    return next((t for t in tables if not t.when and not t.after and t.id not in seen), None)


def second_step_problem(table: DecisionTable, known: Collection[str]) -> str | None:
    """What is wrong with a table that runs ``after`` others; ``known`` are all table ids."""
    if table.when:
        return "a table has either when or after"
    strange = sorted(table.after - set(known))
    if strange:
        return f"there is no table {strange[0]!r} to run after"
    for row in _rows_behind(table):
        if isinstance(row.outcome, Disputed) or (
            isinstance(row.outcome, Given) and row.outcome.category
        ):
            return f"row {row.id!r} of a second step gives a category or a dispute"
    return None


def _rows_behind(table: DecisionTable) -> Iterator[Row]:
    for row in table.rows:
        if isinstance(row.outcome, See):
            yield from _rows_behind(row.outcome.table)
        else:
            yield row
