"""One finding as read from a text, under one guideline: decided, and where in the tables.

The table decides on what was read. What the text leaves open stays open, and is said beside the
decision in :func:`remarks`, never settled.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from rag.answering.descriptors import with_growth
from rag.answering.finding import Finding
from rag.answering.timing import GrowthRule
from rag.errors import QuestionError
from rag.knowledge.axis import known
from rag.knowledge.decision_table import DecisionTable, Row
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.inputs import stated_twice
from rag.knowledge.row_text import conditions, row_text
from rag.knowledge.vocabulary import Vocabulary
from rag.types import Decision, Descriptor, Scalar

STATED_LEVELS = ("thyroid_level", "birads_category")
"""Descriptors that repeat a category which the text gives instead of what was seen."""


@dataclass(frozen=True)
class Case:
    """One finding under one guideline.

    ``finding`` holds the growth that its sizes give there, ``told`` is the finding without it.
    """

    guideline: Guideline
    finding: Finding
    decision: Decision
    told: Finding


def case_of(guideline: Guideline, finding: Finding) -> Case:
    """What the guideline's tables say of ``finding``; growth is read by the guideline's own rule.

    The tables get every value that an unsettled descriptor may have; ``Decision.descriptors`` are
    only those that were read.
    """
    finding = _by_its_features(guideline, _consistent(guideline, finding))
    rule = GrowthRule.in_facts(guideline.facts)
    grown = with_growth(finding, rule) if rule else finding
    decision = grade(guideline, grown.for_tables)
    left_open = {stated_twice(guideline.vocabulary[name].label) for name in grown.open}
    notes = tuple(note for note in decision.notes if note not in left_open)  # remarks say it
    decision = replace(decision, descriptors=grown.descriptors, notes=notes)
    return Case(guideline, grown, decision, finding)


ASSESSED = ("birads_category", "malignancy_likelihood", "breast_assessment")
"""Inputs of which each alone gives the category of a breast finding."""


def _consistent(guideline: Guideline, finding: Finding) -> Finding:
    """``finding`` without assessments that lead to different categories; they are named as contradicting.

    "Probably benign, likelihood of malignancy 25%" is no category: neither statement is taken over the
    other. A category and one of its parts (4 and 4B) go together.
    """
    told = [d for d in finding.descriptors if d.name in ASSESSED]
    if len(told) < 2:
        return finding
    alone = {d: _alone(guideline, finding, d) for d in told}
    for one, other in itertools.combinations([d for d in told if alone[d]], 2):
        if alone[one].startswith(alone[other]) or alone[other].startswith(alone[one]):
            continue
        kept = without(finding, ASSESSED)
        words = _in_words(guideline, kept, {alone[one], alone[other]}, one)
        return replace(
            kept,
            contradictions=(*kept.contradictions, (one, other)),
            open=(*kept.open, "breast_assessment") if words else kept.open,
            possible=(*kept.possible, *words),
        )
    return finding


def _in_words(
    guideline: Guideline, finding: Finding, wanted: Collection[str], read: Descriptor
) -> tuple[Descriptor, ...]:
    """The assessments in words that give the ``wanted`` categories, read at the place of ``read``."""
    spec = guideline.vocabulary["breast_assessment"]
    every = (replace(read, name=spec.name, value=value, unit=None) for value in spec.allowed)
    found = [
        word for word in every
        if grade(guideline, (*finding.for_tables, word)).category in wanted
    ]  # fmt: skip
    return tuple(found) if len(found) > 1 else ()


def _alone(guideline: Guideline, finding: Finding, descriptor: Descriptor) -> str:
    """The category that one assessment gives without the others; empty where it gives none."""
    others = [name for name in ASSESSED if name != descriptor.name]
    return grade(guideline, without(finding, others).for_tables).category or ""


def _by_its_features(guideline: Guideline, finding: Finding) -> Finding:
    """``finding`` without a stated thyroid level where the features that it describes give another one."""
    stated = next((d for d in finding.descriptors if d.name == "thyroid_level"), None)
    if stated is None:
        return finding
    described = without(finding, ("thyroid_level",))
    category = grade(guideline, described.for_tables).category
    if category is None or category.endswith(str(stated.value)):
        return finding
    note = f"The text states level {stated.text}; the features that it describes give {category}."
    return replace(described, notes=(*described.notes, note))


def graded(guideline: Guideline, finding: Finding) -> Decision:
    """The decision of :func:`case_of`."""
    return case_of(guideline, finding).decision


def most_suspicious_first(guideline: Guideline, findings: Iterable[Finding]) -> tuple[Case, ...]:
    """Each finding that the guideline has a table for; the exam's category is that of the first."""
    order = {category.label: place for place, category in enumerate(guideline.categories)}
    cases = (case_of(guideline, finding) for finding in findings)
    applicable = [case for case in cases if case.decision.table]
    return tuple(sorted(applicable, key=lambda c: -order.get(c.decision.category or "", -1)))


def remarks(cases: Iterable[Case]) -> tuple[str, ...]:
    """What the reader must know of how the text was read: contradictions, suspicions, notes."""
    return tuple(dict.fromkeys(said for case in cases for said in _remarks_on(case.finding)))


def _remarks_on(finding: Finding) -> Iterable[str]:
    yield from finding.notes
    for one, other in finding.contradictions:
        said, against = (d.text or str(d.value) for d in (one, other))  # set by hand: no words
        yield f'"{said}" and "{against}" contradict each other; neither is taken as so.'
    for doubted in finding.uncertain:
        yield f'"{doubted.text}" is said as a suspicion or a question; it is not taken as so.'


def unclaimed(finding: Finding) -> Finding:
    """``finding`` without the category that the text itself gives it, if anything else is told.

    A report's category cannot be checked against itself.
    """
    told = {"finding", "max_diameter", "mean_diameter", "exam_context", "age", *STATED_LEVELS}
    if all(d.name in told for d in finding.descriptors):
        return finding
    return without(finding, STATED_LEVELS)


def without(finding: Finding, names: Iterable[str]) -> Finding:
    """``finding`` as if the text had said nothing of these descriptors."""
    gone = frozenset(names)
    return replace(
        finding,
        descriptors=tuple(d for d in finding.descriptors if d.name not in gone),
        contradictions=tuple(p for p in finding.contradictions if p[0].name not in gone),
        uncertain=tuple(d for d in finding.uncertain if d.name not in gone),
        open=tuple(name for name in finding.open if name not in gone),
        possible=tuple(d for d in finding.possible if d.name not in gone),
    )


def corrected(
    finding: Finding, values: Mapping[str, Scalar | None], vocabulary: Vocabulary
) -> Finding:
    """``finding`` with what the reader set by hand; ``None`` takes a descriptor back.

    A descriptor set by hand has no place in the text: its ``text`` is empty.

    Raises:
        QuestionError: a name or value is not declared in the vocabulary.
    """
    kept = without(finding, values)
    set_now = tuple(
        _by_hand(name, value, vocabulary) for name, value in values.items() if value is not None
    )
    return replace(kept, descriptors=(*kept.descriptors, *set_now))


def _by_hand(name: str, value: Scalar, vocabulary: Vocabulary) -> Descriptor:
    if name not in vocabulary:
        raise QuestionError(f"no input is called {name!r}; see radcite grade --list-inputs")
    spec = vocabulary[name]
    try:
        known(value, spec)
    except (ValueError, TypeError) as error:
        raise QuestionError(f"{name} cannot be {value!r}: {error}") from error
    if spec.unit == "mm" and isinstance(value, float | int) and not 0 <= value <= LARGEST_MM:
        raise QuestionError(
            f"{name} cannot be {value:g} mm: no finding has this size; check the unit"
        )
    return Descriptor(name, value, spec.unit, "", (0, 0))


LARGEST_MM = 500
"""More than a chest holds: a slip of the keyboard or of the unit, never a finding."""


@dataclass(frozen=True)
class HeldRow:
    """A row that is in force, or that still can be, with the table it stands in."""

    table: DecisionTable
    row: Row

    @property
    def conditions(self) -> str:
        """What the row asks, in words: ``Timing: new; mean diameter: 8 mm or more.``"""
        return conditions(self.row.cells, {axis.name: axis.spec for axis in self.table.axes})


def rows_in_force(guideline: Guideline, decision: Decision) -> tuple[HeldRow, ...]:
    """The rows that decided, those of a second step last; empty while undecided."""
    lines = dict.fromkeys((decision.row_text or "").split("\n"))
    every = [HeldRow(table, row) for table in guideline.tables for row in table.rows]
    by_text = {row_text(guideline, held.table, held.row): held for held in every} if lines else {}
    return tuple(by_text[line] for line in lines if line in by_text)
