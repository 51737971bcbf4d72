"""A guideline, a comparison or the shelf as plain structured lines, for terminal and browser.

Every line says what it is (:data:`Kind`) and which facts it shows, so that a front end only has to
lay it out. Nothing is worded here that is not in the corpus.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.knowledge.appropriateness import Scenario, Topic
from rag.knowledge.decision_table import DecisionTable, Impossible, Row, See
from rag.knowledge.edition_diff import Change, EditionDiff
from rag.knowledge.facts import Fact
from rag.knowledge.guideline import Guideline
from rag.knowledge.row_text import conditions, outcome_text
from rag.knowledge.scenario_passages import procedure_line
from rag.knowledge.shelf import Shelf
from rag.types import Edition

Kind = Literal["title", "meta", "heading", "fact", "note", "category", "row", "gap", "was", "now"]

ONE_SOURCE = "rests on one source"
SOURCES_DIFFER = "sources differ"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a readable guideline; ``marks`` are short remarks (one source, sources differ)."""

    kind: Kind
    text: str
    fact_ids: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One edition as ``corpus list`` shows it; ``status`` is current, partly held or superseded."""

    id: str
    title: str
    edition: str
    issuer: str
    year: int | None
    status: str


def shelf_rows(shelf: Shelf) -> tuple[ShelfRow, ...]:
    """Every edition on the shelf, editions of one guideline together, the current one first."""
    ids = (name for _, names in sorted(shelf.families.items()) for name in names)
    return tuple(_shelf_row(shelf, name) for name in ids)


def _shelf_row(shelf: Shelf, name: str) -> ShelfRow:
    entry, edition = shelf.entries[name]
    status = "current, held in part" if entry.partial else "current"
    if edition.superseded_by is not None:
        status = f"superseded by {edition.superseded_by}"
    return ShelfRow(name, edition.title, edition.edition, edition.issuer, edition.year, status)


def render_guideline(guideline: Guideline) -> tuple[Line, ...]:
    """The whole guideline: who issued it, its categories, tables and facts by section, its gaps."""
    return (
        *_head(guideline),
        *_categories(guideline),
        *(line for table in guideline.tables for line in _table(guideline, table)),
        *(line for section in guideline.sections for line in _section(guideline, section)),
        *_gaps(guideline),
    )


def _head(guideline: Guideline) -> Iterator[Line]:
    edition = guideline.edition
    yield Line("title", f"{edition.label}: {guideline.full_title}")
    yield Line("meta", f"Issued by {edition.issuer}" + _published(guideline))
    if edition.superseded_by is not None:
        yield Line("meta", f"Superseded by {edition.superseded_by}")
    if guideline.notice:
        yield Line("meta", guideline.notice)
    yield Line("meta", guideline.applies_to)
    for source in guideline.sources:
        yield Line("meta", f"Source: {source}")
    yield Line("meta", guideline.rights)


def _published(guideline: Guideline) -> str:
    return f", published {guideline.published}" if guideline.published else ""


def _categories(guideline: Guideline) -> Iterator[Line]:
    if guideline.categories:
        yield Line("heading", "Categories")
    for category in guideline.categories:
        text = f"{category.label} {category.name}"
        if category.management:
            text += f": {category.management}"
        yield Line("category", text, category.facts)
    for modifier in guideline.modifiers:
        yield Line("category", f"{modifier.label} (modifier) {modifier.name}", modifier.facts)
    for absent in guideline.nonexistent:
        yield Line("note", f"Does not exist: {', '.join(absent.labels)}", absent.facts)


def _table(guideline: Guideline, table: DecisionTable) -> Iterator[Line]:
    rows = [row for row in table.rows if not isinstance(row.outcome, See | Impossible)]
    if not rows:
        return
    yield Line("heading", f"Table: {table.title}")
    for score in table.scores:
        points = ", ".join(f"{value} {n}" for value, n in score.points.items())
        ids = tuple(dict.fromkeys(f for facts in score.facts.values() for f in facts))
        yield Line("row", f"{score.axis.spec.label}: {points}", ids)
    for row in rows:
        yield _row(guideline, table, row)


def _row(guideline: Guideline, table: DecisionTable, row: Row) -> Line:
    asked = conditions(row.cells, {axis.name: axis.spec for axis in table.axes})
    outcome = outcome_text(guideline, row.outcome)
    return Line("row", " ".join(part for part in (asked, outcome) if part), row.facts)


def _section(guideline: Guideline, section: str) -> Iterator[Line]:
    yield Line("heading", section)
    for fact in guideline.facts_in(section):
        yield fact_line(fact, guideline.edition)
        if fact.note:
            yield Line("note", fact.note, (fact.id,))


def fact_line(fact: Fact, edition: Edition) -> Line:
    """A fact with its issuing body and year, where these are not the folder's own."""
    body = ", ".join(str(part) for part in (fact.issuer, fact.year) if part)
    shown = body if fact.issuer and fact.issuer != edition.issuer else ""
    marks = (
        *([shown] if shown else []),
        *([ONE_SOURCE] if fact.confidence == "verified1" else []),
        *([SOURCES_DIFFER] if fact.disagreement else []),
    )
    return Line("fact", fact.fact, (fact.id,), marks)


def _gaps(guideline: Guideline) -> Iterator[Line]:
    if guideline.gaps:
        yield Line("heading", "Not held here")
    for gap in guideline.gaps:
        yield Line("gap", gap)


def render_diff(diff: EditionDiff) -> tuple[Line, ...]:
    """Two editions side by side: each difference, then the facts of both."""
    title = Line("title", f"{diff.old.label} and {diff.new.label}")
    body = (line for change in diff.changes for line in render_change(change))
    return (title, *_superseded(diff), *body)


def _superseded(diff: EditionDiff) -> Iterator[Line]:
    for edition in (diff.old, diff.new):
        if edition.superseded_by is not None:
            yield Line("meta", f"{edition.label} is superseded by {edition.superseded_by}")


def render_change(change: Change) -> tuple[Line, ...]:
    """One difference with its facts: what was, then what is now."""
    ids = tuple(fact.id for fact in (*change.was, *change.now))
    marks = () if change.kind == "changed" else (change.kind,)
    return (
        Line("heading", change.topic, ids, marks),
        Line("fact", change.sentence, ids),
        *(Line("was", f"{change.old.label}: {fact.fact}", (fact.id,)) for fact in change.was),
        *(Line("now", f"{change.new.label}: {fact.fact}", (fact.id,)) for fact in change.now),
    )


def render_topic(topic: Topic) -> tuple[Line, ...]:
    """An appropriateness topic: its scenarios, each with its procedure rows."""
    year = str(topic.year) if topic.year else "year not established"
    return (
        Line("title", topic.title, marks=(year,)),
        *([Line("meta", f"Note: {topic.currency_note}.")] if topic.currency_note else []),
        Line("meta", f"Panels: {', '.join(topic.panels)}"),
        *(line for scenario in topic.scenarios for line in _scenario(scenario)),
    )


def _scenario(scenario: Scenario) -> Iterator[Line]:
    marks = (ONE_SOURCE,) if scenario.confidence == "verified1" else ()
    yield Line("heading", f"{scenario.variant_no}. {scenario.text}", marks=marks)
    for procedure in scenario.procedures:
        yield Line("row", procedure_line(procedure))
