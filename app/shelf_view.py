"""One guideline as a reader reads it: its statements by section, its categories, its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.badge import Badge, badge_of
from app.chips import Labels
from app.words import EN, Words
from rag.knowledge.axis import Axis
from rag.knowledge.decision_table import (
    DecisionTable,
    Disputed,
    Given,
    Impossible,
    NotCovered,
    Outcome,
    Row,
    See,
)
from rag.knowledge.facts import Fact
from rag.knowledge.guideline import Guideline


@dataclass(frozen=True, slots=True)
class FactView:
    """One statement; ``origin`` names the body that issued it where a guideline collects several."""

    id: str
    text: str
    marks: tuple[str, ...]
    note: str
    origin: str


@dataclass(frozen=True, slots=True)
class TableView:
    """One decision table: a header, and rows of cells; ``labelled`` where the last but one is a label.

    ``row_ids`` are what a link to a row names.
    """

    id: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    labelled: bool
    row_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuidelineView:
    """Everything the Guidelines page shows of one guideline."""

    id: str
    badge: Badge
    full_title: str
    notice: str
    about: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    gaps: tuple[str, ...]
    categories: tuple[tuple[str, str, str], ...]
    tables: tuple[TableView, ...]
    sections: tuple[tuple[str, tuple[FactView, ...]], ...]


def guideline_view(
    guideline: Guideline, labels: Labels, notice: str = "", words: Words = EN
) -> GuidelineView:
    """The whole guideline in reading order; ``notice`` is said with every answer from it."""
    return GuidelineView(
        id=guideline.id,
        badge=badge_of(guideline.edition, labels, words),
        full_title=guideline.full_title,
        notice=notice,
        about=tuple(_about(guideline, words)),
        sources=tuple(_source(citation) for citation in guideline.sources),
        gaps=guideline.gaps,
        categories=tuple((c.label, c.name, c.management or "") for c in guideline.categories),
        tables=tuple(_table(table, words) for table in guideline.tables),
        sections=sections_of(guideline.facts, words),
    )


def _about(guideline: Guideline, words: Words) -> Iterator[tuple[str, str]]:
    yield words.applies_to, guideline.applies_to
    yield words.issuer, guideline.edition.issuer
    if guideline.published:
        yield words.published, guideline.published
    yield words.rights, guideline.rights


def _source(citation: str) -> tuple[str, str]:
    """A citation line and the address in it, if there is one."""
    found = re.search(r"https?://[^\s)]+", citation)
    if found is None:
        return citation, ""
    return citation.replace(found.group(), "").strip(" ,;()") or found.group(), found.group()


def sections_of(
    facts: Sequence[Fact], words: Words = EN
) -> tuple[tuple[str, tuple[FactView, ...]], ...]:
    """Facts by section, both in file order."""
    grouped: dict[str, list[FactView]] = {}
    for fact in facts:
        grouped.setdefault(fact.section, []).append(_fact(fact, words))
    return tuple((section, tuple(group)) for section, group in grouped.items())


def found_in(view: GuidelineView, words: str) -> tuple[tuple[str, tuple[FactView, ...]], ...]:
    """The statements that contain all of these words, wherever they stand in them."""
    wanted = words.lower().split()
    kept = (
        (section, tuple(f for f in facts if all(w in _searched(section, f) for w in wanted)))
        for section, facts in view.sections
    )
    return tuple((section, facts) for section, facts in kept if facts)


def _searched(section: str, fact: FactView) -> str:
    return f"{section} {fact.text} {fact.note} {fact.origin}".lower()


def _fact(fact: Fact, words: Words) -> FactView:
    marks = [words.one_source] * (fact.confidence == "verified1")
    marks += [words.disagreement] * fact.disagreement
    origin = ", ".join(str(part) for part in (fact.issuer, fact.year) if part)
    return FactView(fact.id, fact.fact, tuple(marks), fact.note or "", origin)


def _table(table: DecisionTable, words: Words) -> TableView:
    """The inputs that any row asks for, then the label (if any row gives one) and what follows."""
    used = [axis for axis in table.axes if any(axis.name in row.cells for row in table.rows)]
    outcomes = [_outcome(row.outcome, words) for row in table.rows]
    labelled = any(label for label, _ in outcomes)
    asked = [tuple(_cell(row, axis, words) for axis in used) for row in table.rows]
    return TableView(
        id=table.id,
        title=table.title,
        header=(
            *(axis.spec.name_in(words.language_code) for axis in used),
            *((words.category,) * labelled),
            words.outcome,
        ),
        rows=tuple(
            (*cells, *((label,) * labelled), text)
            for cells, (label, text) in zip(asked, outcomes, strict=True)
        ),
        labelled=labelled,
        row_ids=tuple(f"{table.id}.{row.id}" for row in table.rows),
    )


def _cell(row: Row, axis: Axis, words: Words) -> str:
    cell = row.cells.get(axis.name)
    return cell.says(axis.spec, words.language_code) if cell is not None else words.any_value


def _outcome(outcome: Outcome, words: Words) -> tuple[str, str]:
    """The label a row gives, empty where it gives none, and what follows from the row."""
    match outcome:
        case Given(category, management):
            return category or "", management or ""
        case Disputed(readings):
            labels = f" {words.either} ".join(str(reading.category) for reading in readings)
            basis = "; ".join(f"{reading.category}: {reading.basis}" for reading in readings)
            return labels, f"{words.eyebrow_disputed}. {basis}"
        case NotCovered(reason):
            return "", f"{words.eyebrow_not_covered}: {reason}"
        case Impossible(reason):
            return "", f"{words.impossible}: {reason}"
        case See(table):
            return "", words.see_table.format(title=table.title)
