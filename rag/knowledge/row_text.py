"""Rows in words: what the reader sees of a table, and what is searched."""

from __future__ import annotations

from collections.abc import Mapping

from rag.knowledge.axis import UNSTATED, Cell
from rag.knowledge.decision_table import (
    DecisionTable,
    Disputed,
    Given,
    Impossible,
    NotCovered,
    Outcome,
    Row,
    Score,
)
from rag.knowledge.guideline import Guideline
from rag.knowledge.vocabulary import DescriptorSpec
from rag.types import Reading


def row_text(guideline: Guideline, table: DecisionTable, row: Row) -> str:
    """A row with its header path: guideline and edition, table, conditions, outcome.

    ``Lung-RADS v2022, Solid nodules. Timing: new; mean diameter: 6 mm or more and less than 8 mm.
    Category 4A (Suspicious): LDCT at 3 months.``
    """
    specs = {axis.name: axis.spec for axis in table.axes}
    head = f"{guideline.edition.label}, {table.title}."
    parts = (head, conditions(row.cells, specs), outcome_text(guideline, row.outcome))
    return " ".join(part for part in parts if part)


def score_text(guideline: Guideline, table: DecisionTable, score: Score) -> str:
    """The points of one input: ``ACR TI-RADS 2017, Points. Composition: cystic 0, ... points.``"""
    named = ", ".join(
        f"{_lower(score.axis.spec.says(value))} {points}"
        for value, points in score.points.items()
        if value != UNSTATED
    )
    return f"{guideline.edition.label}, {table.title}. {score.axis.spec.label}: {named} points."


def conditions(cells: Mapping[str, Cell], specs: Mapping[str, DescriptorSpec]) -> str:
    """What a row asks; exceptions that are merely not mentioned are left out."""
    asked = [
        f"{specs[name].label}: {_lower(cell.says(specs[name]))}"
        for name, cell in cells.items()
        if UNSTATED not in cell.words
    ]
    return "; ".join([*asked[:1], *(_lower(each) for each in asked[1:])]) + "." if asked else ""


def outcome_text(guideline: Guideline, outcome: Outcome) -> str:
    """What follows, as a sentence or two."""
    if isinstance(outcome, Given):
        return given_text(guideline, outcome.category, outcome.management)
    if isinstance(outcome, Disputed):
        readings = "; ".join(_reading(guideline, reading) for reading in outcome.readings)
        return f"Readings differ. {readings}."
    if isinstance(outcome, NotCovered | Impossible):
        return outcome.reason
    return ""


def given_text(guideline: Guideline, label: str | None, management: str | None) -> str:
    """``Category 4A (Suspicious): LDCT at 3 months.``"""
    said = management.rstrip(".") + "." if management else ""
    if label is None:
        return said
    category = guideline.category(label)
    head = f"Category {label} ({category.name})" if category else f"Category {label}"
    return f"{head}: {said}" if said else f"{head}."


def _reading(guideline: Guideline, reading: Reading) -> str:
    said = given_text(guideline, reading.category, reading.management).rstrip(".")
    return f"{said} ({reading.basis})" if reading.basis else said


def _lower(text: str) -> str:
    """The first letter in lower case, unless the word is an abbreviation or a label."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first[1:].islower() else text
