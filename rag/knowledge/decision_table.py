"""Decision tables in memory, and deciding with some inputs unknown.

A table is compiled (see ``table_compile``) so that every combination of its inputs hits exactly one
row. What is known of a question is a box too: the values each input may still have. The rows that
touch this box are all rows the answer can come from, so nothing has to be enumerated and nothing
missing is assumed. If they agree, the table has decided; if not, the inputs that would split them
best are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import ceil, floor

from rag.knowledge.axis import Axis, Cell, Known, Values
from rag.knowledge.interval import ANY, Interval, point
from rag.types import Reading

CATEGORY, POINTS = "category", "points"
"""Inputs that no descriptor gives: an earlier table's category, and a table's own total."""


@dataclass(frozen=True, slots=True)
class Given:
    """A category, a recommendation, or both."""

    category: str | None
    management: str | None


@dataclass(frozen=True, slots=True)
class Disputed:
    """Sources read the row differently."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class NotCovered:
    """The guideline is silent, or says the case is outside it.

    ``remaining`` are the categories among which the reader, not the table, decides.
    """

    reason: str
    remaining: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Impossible:
    """The combination contradicts itself."""

    reason: str


@dataclass(frozen=True, slots=True)
class See:
    """Go on with another table and the same values."""

    table: DecisionTable


Outcome = Given | Disputed | NotCovered | Impossible | See


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it asks of each input, what follows, and the facts it rests on."""

    id: str
    cells: Mapping[str, Cell]
    outcome: Outcome
    facts: tuple[str, ...]
    note: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """The points that each value of an input adds, and the facts that say so."""

    axis: Axis
    points: Mapping[str, int]
    facts: Mapping[str, tuple[str, ...]]
    final: Mapping[str, tuple[str, ...]]
    """Values whose points are the whole total, with the facts that say so."""


@dataclass(frozen=True, slots=True)
class Part:
    """``part`` is a part of ``whole`` and cannot be larger."""

    part: str
    whole: str
    reason: str


@dataclass(frozen=True)
class DecisionTable:
    """A compiled table. ``axes`` follow ``inputs``; ``masks[i][j]`` is row i on axis j."""

    id: str
    title: str
    axes: tuple[Axis, ...]
    rows: tuple[Row, ...]
    parts: tuple[Part, ...] = ()
    rounded: frozenset[str] = frozenset()
    scores: tuple[Score, ...] = ()
    when: tuple[Mapping[str, Cell], ...] = ()
    after: frozenset[str] = frozenset()

    @property
    def inputs(self) -> tuple[str, ...]:
        """The descriptors that this table reads, in order."""
        if self.scores:
            return tuple(score.axis.name for score in self.scores)
        return tuple(axis.name for axis in self.axes)

    @property
    def asked(self) -> tuple[Axis, ...]:
        """The axes that a question can fill."""
        return tuple(score.axis for score in self.scores) or self.axes

    @cached_property
    def masks(self) -> tuple[tuple[int, ...], ...]:
        return tuple(
            tuple(axis.mask_of_cell(row.cells.get(axis.name)) for axis in self.axes)
            for row in self.rows
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """A row that may hold, with the tables and ``see`` rows that led to it."""

    table: DecisionTable
    row: Row
    path: tuple[tuple[DecisionTable, Row], ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts of this row and of the rows that led to it, each once."""
        chain = [*self.row.facts, *(fact for _, row in self.path for fact in row.facts)]
        return tuple(dict.fromkeys(chain))

    @property
    def tables(self) -> tuple[DecisionTable, ...]:
        return (*(table for table, _ in self.path), self.table)


def leaves(table: DecisionTable, values: Values) -> tuple[Leaf, ...]:
    """Every row that can still hold, ``see`` followed; contradictions only where nothing else is.

    ``values`` holds what is known by descriptor name; a missing name is unknown.
    """
    found = tuple(_walk(table, values, ()))
    sound = tuple(leaf for leaf in found if not isinstance(leaf.row.outcome, Impossible))
    return sound or found


def _walk(
    table: DecisionTable, values: Values, path: tuple[tuple[DecisionTable, Row], ...]
) -> Iterator[Leaf]:
    rounded = {**values, **{n: _rounded(values[n]) for n in table.rounded if n in values}}
    narrowed, broken = _narrow(table, rounded)
    if broken is not None:
        yield Leaf(table, Row("parts", {}, Impossible(broken.reason), ()), path)
        return
    box = _box(table, narrowed)
    for row, masks in zip(table.rows, table.masks, strict=True):
        if all(mine & theirs for mine, theirs in zip(masks, box, strict=True)):
            if isinstance(row.outcome, See):
                yield from _walk(row.outcome.table, rounded, (*path, (table, row)))
            else:
                yield Leaf(table, row, path)


def _narrow(table: DecisionTable, values: Values) -> tuple[Values, Part | None]:
    """Values narrowed by what a part and its whole say of each other, for this table only: what a
    table that follows treats as unstated must not become stated by it."""
    narrowed = {**values}
    for relation in table.parts:
        part, whole = _interval(narrowed, relation.part), _interval(narrowed, relation.whole)
        narrowed_part = part.meet(Interval(high=whole.high, high_closed=whole.high_closed))
        narrowed_whole = whole.meet(Interval(low=part.low, low_closed=part.low_closed))
        if narrowed_part.empty or narrowed_whole.empty:
            return values, relation
        if whole != ANY:
            narrowed[relation.part] = narrowed_part
        if part != ANY:
            narrowed[relation.whole] = narrowed_whole
    return narrowed, None


def _box(table: DecisionTable, values: Values) -> tuple[int, ...]:
    """The atoms of each axis that can still hold."""
    if not table.scores:
        return tuple(axis.mask_of_known(values.get(axis.name)) for axis in table.axes)
    axis, mask = table.axes[0], 0
    for total in totals(table, values):
        mask |= axis.mask_of_known(point(total))
    return (mask,)


def _interval(values: Values, name: str) -> Interval:
    found = values.get(name, ANY)
    return found if isinstance(found, Interval) else ANY


def _rounded(known: Known) -> Known:
    """An exact number to whole units, one half-way as both neighbours; bounds stay as they are."""
    number = known.exact if isinstance(known, Interval) else None
    if number is None:
        return known
    half = number % 1 == 0.5
    return Interval(floor(number), ceil(number), True, True) if half else point(round(number))


def totals(table: DecisionTable, values: Values) -> frozenset[int]:
    """Every total of points that can still occur."""
    sums: list[set[int]] = []
    finals: set[int] = set()
    for score in table.scores:
        mask = score.axis.mask_of_known(values.get(score.axis.name))
        atoms = [a for i, a in enumerate(score.axis.atoms) if mask >> i & 1 and isinstance(a, str)]
        finals |= {score.points[atom] for atom in atoms if atom in score.final}
        sums.append({score.points[atom] for atom in atoms if atom not in score.final})
    return frozenset(finals | {sum(terms) for terms in product(*sums)})
