"""An appropriateness table as a reader reads it: bands from what to order to what not to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.chips import Labels
from app.follow_up import Choice
from app.words import EN, Words
from rag.types import AppropriatenessTable, RatedProcedure, Statement

Tone = Literal["good", "care", "stop"]

TONES: dict[str, Tone] = {
    "usually appropriate": "good",
    "may be appropriate": "care",
    "may be appropriate (disagreement)": "care",
    "usually not appropriate": "stop",
}
"""The guideline's own category names in the order they are shown; the word always stands beside."""


@dataclass(frozen=True, slots=True)
class Level:
    """A radiation level as printed and what it means; ``meaning`` is empty where that is not said."""

    symbol: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """One procedure; ``rating`` is 1 to 9, or ``None`` where the guideline gives none.

    ``note`` names what the question states that touches this row; empty where nothing does.
    """

    name: str
    rating: int | None
    adult: Level
    child: Level
    note: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """All procedures of one category in the answer's order, best first; ``folded`` where they are not to be ordered."""

    title: str
    tone: Tone
    rows: tuple[ProcedureRow, ...]

    @property
    def folded(self) -> bool:
        return self.tone == "stop"


@dataclass(frozen=True, slots=True)
class ProcedureTable:
    """One scenario's whole table; ``others`` ask for the next scenarios."""

    topic: str
    scenario: str
    currency_note: str
    bands: tuple[Band, ...]
    others: tuple[Choice, ...]


def procedure_table(
    table: AppropriatenessTable, labels: Labels, words: Words = EN
) -> ProcedureTable:
    """The table in bands; a category this does not know stands after those it knows."""
    names = [*TONES, *(p.category for p in table.procedures if p.category not in TONES)]
    grouped = {name: [p for p in table.procedures if p.category == name] for name in names}
    year = f" ({table.year})" if table.year is not None else ""
    return ProcedureTable(
        topic=f"{table.topic}{year}",
        scenario=words.scenario_n.format(n=table.variant_no, text=table.scenario),
        currency_note=table.currency_note or "",
        bands=tuple(_band(name, rows, labels) for name, rows in grouped.items() if rows),
        others=tuple(
            Choice(f"{other.topic}: {other.scenario}", f"{other.topic}: {other.scenario}")
            for other in table.alternatives
        ),
    )


def _band(name: str, rows: Sequence[RatedProcedure], labels: Labels) -> Band:
    title = name[:1].upper() + name[1:]
    return Band(title, TONES.get(name, "care"), tuple(_row(row, labels) for row in rows))


def _row(row: RatedProcedure, labels: Labels) -> ProcedureRow:
    adult, child = row.rrl_adult or "", row.rrl_peds or ""
    return ProcedureRow(
        row.name,
        row.rating,
        Level(adult, labels.dose(adult, "adult")),
        Level(child, labels.dose(child, "child")),
        row.note or "",
    )


def says_band(statement: Statement) -> bool:
    """Whether a statement only lists a category's procedures, as the table does; Korean ones too,
    which name the guideline's own category in brackets."""
    head = statement.text.partition(": ")[0].lower()
    return head in TONES or head.partition("(")[2].removesuffix(")") in TONES


def in_reading_order(
    statements: Sequence[Statement], table: AppropriatenessTable
) -> tuple[Statement, ...]:
    """The statements with what to do first: a direct answer, else the best category, then the rest.

    The scenario comes right after; what the table below says again is left to it.
    """
    scenario = [s for s in statements if table.scenario in s.text]
    bands = [s for s in statements if says_band(s)]
    direct = [s for s in statements if s not in scenario and s not in bands]
    first = direct or bands[:1]
    return (*first[:1], *scenario, *first[1:])
