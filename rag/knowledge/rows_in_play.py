"""Which rows of which tables hold, or can still hold, for what is known of a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.knowledge.axis import Axis, Values
from rag.knowledge.decision_table import CATEGORY, DecisionTable, Leaf, Row, leaves
from rag.knowledge.guideline import Guideline

RowState = Literal["holds", "possible", "out"]


@dataclass(frozen=True, slots=True)
class TableInPlay:
    """A table on the way to the decision, with the rows of it that can still hold, in its order.

    ``decided``: the rows agree; ``certain``: every way that is still open leads through the table.
    """

    table: DecisionTable
    rows: tuple[Row, ...]
    decided: bool
    certain: bool = True

    def state(self, row: Row) -> RowState:
        """``holds`` where the decision rests on it; ``possible`` while others can still hold."""
        if row not in self.rows:
            return "out"
        return "holds" if self.decided or (self.certain and len(self.rows) == 1) else "possible"


def paths_in_play(
    guideline: Guideline, values: Values, category: str | None = None
) -> tuple[TableInPlay, ...]:
    """The tables that can still decide, in the order in which they are asked.

    ``category`` is what they decided, where they did: then every row in play led there, and the
    tables of the second step (management by size) follow.
    """
    if guideline.entry is None:
        return ()
    found = leaves(guideline.entry, values)
    first = tuple(_tables(guideline, found, decided=category is not None))
    return (*first, *_second_step(guideline, found, values, category))


def _tables(guideline: Guideline, found: tuple[Leaf, ...], decided: bool) -> Iterator[TableInPlay]:
    steps: dict[str, tuple[DecisionTable, list[Row]]] = {}
    passing: Counter[str] = Counter(id for leaf in found for id in {t.id for t in leaf.tables})
    for leaf in found:
        for table, row in (*leaf.path, (leaf.table, leaf.row)):
            if table is not guideline.entry:
                steps.setdefault(table.id, (table, []))[1].append(row)
    for table, rows in steps.values():
        held = tuple(row for row in table.rows if row in rows)
        yield TableInPlay(table, held, decided, certain=passing[table.id] == len(found))


def _second_step(
    guideline: Guideline, found: tuple[Leaf, ...], values: Values, category: str | None
) -> Iterator[TableInPlay]:
    passed = {table.id for leaf in found for table in leaf.tables}
    after = next((t for t in guideline.tables if category and t.after & passed), None)
    if after is not None and category is not None:
        second = leaves(after, {**values, CATEGORY: frozenset({category})})
        yield from _tables(guideline, second, decided=False)


def entry_axes(guideline: Guideline) -> tuple[Axis, ...]:
    """The inputs by which the guideline tells which of its tables a finding is for."""
    return guideline.entry.axes if guideline.entry else ()
