"""The tables on the way to a decision as a reader sees them, with the row that holds marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.answering.grading import Case
from rag.knowledge.axis import UNSTATED, Axis, Cell
from rag.knowledge.decision_table import CATEGORY, DecisionTable, Impossible, Row, See
from rag.knowledge.guideline import Guideline
from rag.knowledge.inputs import read_inputs
from rag.knowledge.row_text import outcome_text
from rag.knowledge.rows_in_play import RowState, TableInPlay, paths_in_play

POINTS_COLUMNS = {"en": ("Input", "Value"), "ko": ("항목", "값")}
"""Columns of a table that says how many points each value adds, by language."""

ANY_VALUE = ""
"""What stands in a cell where the row may have any value."""


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: a text for each column, what follows, and whether it holds."""

    id: str
    cells: tuple[str, ...]
    outcome: str
    state: RowState
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """One table with all its rows; ``columns`` are the inputs' labels."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]

    @property
    def state(self) -> RowState:
        """``holds`` where one row of it does, ``possible`` where more is needed."""
        return "holds" if any(row.state == "holds" for row in self.rows) else "possible"


def tables_of(case: Case, language: str = "en") -> tuple[TableView, ...]:
    """The tables that can still decide, in the order in which they are asked.

    Inputs and values are named in ``language`` (``en`` or ``ko``); titles and outcomes are the
    guideline's own and stay as they are.

    Rows that only say that a combination contradicts itself are left out unless one of them holds;
    tables that only lead on to another one are left out.
    """
    values = read_inputs(case.guideline, case.finding.for_tables).values
    steps = paths_in_play(case.guideline, values, case.decision.category)
    views: list[TableView] = []
    for step in steps:
        views += _points(step, case, language) if step.table.scores else ()
        if not all(isinstance(row.outcome, See) for row in step.table.rows):
            views.append(_view(case.guideline, step, language))
    return tuple(view for view in views if view.rows)


def _view(guideline: Guideline, step: TableInPlay, language: str) -> TableView:
    names = [axis.name for axis in step.table.axes]
    rows = tuple(
        RowView(
            id=row.id,
            cells=tuple(_in_words(step.table, row, name, language) for name in names),
            outcome=_follows(guideline, row),
            state=step.state(row),
            fact_ids=row.facts,
        )
        for row in step.table.rows
        if not isinstance(row.outcome, Impossible) or row in step.rows
    )
    labels = tuple(_called(axis, language) for axis in step.table.axes)
    return TableView(step.table.id, step.table.title, labels, rows)


def _called(axis: Axis, language: str) -> str:
    if axis.name == CATEGORY:
        return "범주" if language == "ko" else "Category"
    return axis.spec.name_in(language)


def _follows(guideline: Guideline, row: Row) -> str:
    if isinstance(row.outcome, See):
        return f"see {row.outcome.table.title}"
    return outcome_text(guideline, row.outcome)


def _in_words(table: DecisionTable, row: Row, name: str, language: str) -> str:
    cell = row.cells.get(name)
    if cell is None:
        return ANY_VALUE
    spec = next(axis.spec for axis in table.axes if axis.name == name)
    return _with_silence(cell, cell.says(spec, language), language)


def _with_silence(cell: Cell, said: str, language: str) -> str:
    """A cell that also holds where nothing is said of its input."""
    if UNSTATED not in cell.words:
        return said
    if language == "ko":
        return f"언급 없음 또는 {said}" if said else "언급 없음"
    return f"not mentioned or {said.lower()}" if said else "not mentioned"


def _points(step: TableInPlay, case: Case, language: str) -> Iterator[TableView]:
    """The points that each value adds; the values that were read hold."""
    values = read_inputs(case.guideline, case.finding.for_tables).values
    rows: list[RowView] = []
    for score in step.table.scores:
        mask = score.axis.mask_of_known(values.get(score.axis.name))
        for place, value in enumerate(score.axis.atoms):
            if not isinstance(value, str) or value == UNSTATED:
                continue
            can = bool(mask >> place & 1)
            state: RowState = "out" if not can else "holds" if mask.bit_count() == 1 else "possible"
            said = (score.axis.spec.name_in(language), score.axis.spec.says(value, language))
            facts = score.facts.get(value, ())
            rows.append(
                RowView(
                    f"{score.axis.name}.{value}", said, _said(score.points[value]), state, facts
                )
            )
    yield TableView(
        f"{step.table.id}.points", step.table.title, POINTS_COLUMNS[language], tuple(rows)
    )


def _said(points: int) -> str:
    return "1 point" if points == 1 else f"{points} points"
