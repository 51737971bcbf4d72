"""One finding under several systems: what each decides, by which row, and which one applies.

A pure value that the front ends show in equal columns; nothing is chosen for the reader where the
finding's own words do not say which system is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answering.compose import fact_passages, name_of
from rag.answering.draft import EvidenceList
from rag.answering.finding import Finding
from rag.answering.grading import graded, rows_in_force
from rag.answering.systems import ORGANS
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.types import Decision, Edition, Statement

SideOutcome = Literal["decided", "disputed", "missing", "not_covered"]

SCREENING, INCIDENTAL = "lung_rads", "fleischner"
"""Families of which one is for screening CT and the other for what CT shows by chance."""

_SCOPE = {
    SCREENING: ("lr22.system.one_code",),
    INCIDENTAL: ("fl.scope.incidental",),
}
"""The facts that say what each is for."""


@dataclass(frozen=True, slots=True)
class Side:
    """One system's column.

    ``said`` is its management, its readings, its question back or why it is silent; ``because``
    are the rows in force as ``(table, conditions)``. ``differs`` names what is not as in the first
    decided column: ``management``, or ``category`` between editions of one system (labels of
    different systems are not comparable).
    """

    edition: Edition
    decision: Decision
    outcome: SideOutcome
    name: str
    said: str
    because: tuple[tuple[str, str], ...] = ()
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applies:
    """Which system is meant for this finding; ``guideline`` is ``None`` where the text is silent."""

    guideline: str | None
    sentence: str
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The same finding under each system, in the order asked for."""

    sides: tuple[Side, ...]
    applies: Applies | None = None


def systems_beside(finding: Finding, shelf: Shelf, superseded: bool = False) -> tuple[str, ...]:
    """Ids of all editions whose tables are for such a finding; older ones only where asked for."""
    families = [family for family in ORGANS if family in shelf.families]
    ids = [name for family in families for name in shelf.families[family]]
    usable = (i for i in ids if superseded or not shelf.edition(i).superseded)
    return tuple(i for i in usable if shelf.has_tables(i) and graded(shelf.get(i), finding).table)


def side_by_side(finding: Finding, guidelines: Sequence[Guideline]) -> SideBySide:
    """``finding`` graded under each guideline whose tables are for it."""
    decisions = [(guideline, graded(guideline, finding)) for guideline in guidelines]
    pairs = [(guideline, decision) for guideline, decision in decisions if decision.table]
    first = next((d for _, d in pairs if _outcome(d) == "decided"), None)
    sides = tuple(_side(guideline, decision, first) for guideline, decision in pairs)
    return SideBySide(sides, which_applies(finding, [guideline for guideline, _ in pairs]))


def _side(guideline: Guideline, decision: Decision, first: Decision | None) -> Side:
    named = name_of(guideline, decision.category) if decision.category else guideline.edition.title
    return Side(
        edition=guideline.edition,
        decision=decision,
        outcome=_outcome(decision),
        name=named,
        said=_said(decision),
        because=tuple(
            (held.table.title, held.conditions) for held in rows_in_force(guideline, decision)
        ),
        differs=_differs(decision, first),
    )


def _outcome(decision: Decision) -> SideOutcome:
    if decision.readings:
        return "disputed"
    if decision.category or decision.management:
        return "decided"
    return "not_covered" if decision.not_covered else "missing"


def _said(decision: Decision) -> str:
    if decision.readings:
        return "; ".join(f"{reading.category}: {reading.basis}" for reading in decision.readings)
    asked = decision.clarification.question if decision.clarification else ""
    return decision.management or decision.not_covered or asked


def _differs(decision: Decision, first: Decision | None) -> tuple[str, ...]:
    if first is None or decision is first or _outcome(decision) != "decided":
        return ()
    of_one_system = decision.edition.title == first.edition.title
    found = []
    if of_one_system and decision.category != first.category:
        found.append("category")
    if decision.management != first.management:
        found.append("management")
    return tuple(found)


def which_applies(finding: Finding, guidelines: Sequence[Guideline]) -> Applies | None:
    """Which of a screening and an incidental system a lung finding belongs to, and why.

    ``None`` where not both are among ``guidelines``: systems for one purpose stand side by side.
    """
    held = {guideline.family: guideline for guideline in guidelines}
    if not {SCREENING, INCIDENTAL} <= set(held):
        return None
    screening, incidental = held[SCREENING], held[INCIDENTAL]
    context = _context(finding)
    one, other = screening.edition.label, incidental.edition.label
    facts = (*_SCOPE[SCREENING], *_SCOPE[INCIDENTAL])
    if context == "screening":
        said = f"{one} applies: this is a screening examination, and {other} is for incidental nodules."
        return Applies(screening.id, said, facts)
    if context == "incidental":
        said = (
            f"{other} applies: the nodule is incidental, and {one} is for screening examinations."
        )
        return Applies(incidental.id, said, facts)
    said = (
        f"{one} applies if this is a screening examination, {other} if the nodule is incidental on "
        "CT done for another reason; the text does not say which."
    )
    return Applies(None, said, facts)


def _context(finding: Finding) -> str | None:
    """``screening`` or ``incidental``; a first screening round is said by the timing alone."""
    context = finding.get("exam_context")
    if context in ("screening", "incidental"):
        return str(context)
    if context is None and (finding.get("timing") == "baseline" or finding.get("prior_category")):
        return "screening"
    return None


def applies_statement(
    finding: Finding, guidelines: Sequence[Guideline], evidence: EvidenceList
) -> Statement | None:
    """The sentence of :func:`which_applies`, citing what each system says it is for."""
    found = which_applies(finding, guidelines)
    if found is None:
        return None
    passages = [p for guideline in guidelines for p in fact_passages(guideline, found.fact_ids)]
    return Statement(found.sentence, evidence.cite_all(passages))
