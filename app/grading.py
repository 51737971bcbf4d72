"""The finding that one session grades: read from a text, corrected by hand, under several systems.

Only the finding is kept; form, decision, tables and sentence are computed from it anew each time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.answering.decisive import TurningPoint, turning_points
from rag.answering.finding import Finding
from rag.answering.grade_form import Field, declared_inputs
from rag.answering.grade_sheet import GradeSheet, blank_finding, filled, read_text
from rag.answering.grading import Case
from rag.answering.proposals import Proposal, confirmed
from rag.answering.side_by_side import systems_beside
from rag.answering.systems import ORGANS
from rag.errors import QuestionError
from rag.knowledge.glossary import Glossary
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.knowledge.vocabulary import DescriptorSpec
from rag.types import Scalar

SHOWN_TURNS = 4
"""Nearest changes that would give another outcome; more would hide them."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a grading page remembers: the text, its findings and which of them is looked at."""

    text: str = ""
    findings: tuple[Finding, ...] = ()
    chosen: int = 0
    problem: str = ""

    @property
    def finding(self) -> Finding | None:
        return self.findings[self.chosen] if self.findings else None


def systems_fitting(
    text: str, chosen: Sequence[str], shelf: Shelf, glossary: Glossary
) -> tuple[str, ...]:
    """The chosen systems, or the one that fits where the text is plainly of another organ."""
    findings = read_text(text, shelf, glossary) if text.strip() else ()
    organs = {finding.organ for finding in findings if finding.organ}
    if not organs or any(ORGANS.get(shelf.get(name).family) in organs for name in chosen):
        return tuple(chosen)
    return systems_beside(findings[0], shelf)[:1] or tuple(chosen)


def sitting_of(
    text: str, guidelines: Sequence[Guideline], shelf: Shelf, glossary: Glossary
) -> Sitting:
    """A text read for these guidelines; an empty form where nothing is read."""
    found = read_text(text, shelf, glossary, [g.id for g in guidelines]) if text.strip() else ()
    blank = (blank_finding(guidelines[0]),) if guidelines else ()
    return Sitting(text.strip(), found or blank)


def corrected_by(
    sitting: Sitting, name: str, value: Scalar | None, guidelines: Sequence[Guideline]
) -> Sitting:
    """The sitting with one value of its finding set by hand, or taken back."""
    finding = sitting.finding
    asking = (
        [g for g in guidelines if any(field.name == name for field in declared_inputs(g))]
        if finding
        else []
    )
    if finding is None or not asking:
        return sitting
    try:
        changed = filled(finding, {name: value}, asking[0])
    except QuestionError as error:
        return replace(sitting, problem=str(error))
    findings = list(sitting.findings)
    findings[sitting.chosen] = changed
    return replace(sitting, findings=tuple(findings), problem="")


def with_proposal(sitting: Sitting, proposal: Proposal) -> Sitting:
    """The sitting with a proposal of a model that the reader took for its finding."""
    finding = sitting.finding
    if finding is None:
        return sitting
    findings = list(sitting.findings)
    findings[sitting.chosen] = confirmed(finding, [proposal])
    return replace(sitting, findings=tuple(findings), problem="")


def is_filled(finding: Finding) -> bool:
    """Whether anything was read or set by hand; the kind that a system knows only one of is neither."""
    return any(item.text or item.name != "finding" for item in finding.descriptors)


def joined_form(sheets: Sequence[GradeSheet]) -> tuple[Field, ...]:
    """The inputs of several systems as one form: each once, with all values that any of them knows."""
    fields: dict[str, Field] = {}
    for field in (field for sheet in sheets for field in sheet.form):
        fields[field.name] = _joined(fields[field.name], field) if field.name in fields else field
    return tuple(fields.values())


def _joined(first: Field, second: Field) -> Field:
    waiting = [place for place in (first.missing, second.missing) if place is not None]
    return replace(
        first,
        spec=_with_values(first.spec, second.spec),
        in_play=first.in_play or second.in_play,
        missing=min(waiting, default=None),
        may_stay_silent=first.may_stay_silent and second.may_stay_silent,
    )


def _with_values(spec: DescriptorSpec, other: DescriptorSpec) -> DescriptorSpec:
    known = set(spec.allowed)
    return replace(spec, values=(*spec.values, *(v for v in other.values if v.value not in known)))


@lru_cache(maxsize=64)
def turns(case: Case) -> tuple[TurningPoint, ...]:
    """The nearest changes that would give another outcome."""
    return turning_points(case)[:SHOWN_TURNS]


def label_of(spec: DescriptorSpec, language: str) -> str:
    return spec.name_in(language)


def value_labels(spec: DescriptorSpec, language: str) -> Mapping[str, str]:
    """What the buttons of an input say."""
    return {value: spec.says(value, language) for value in spec.allowed}
