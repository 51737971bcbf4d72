"""A report's category held against the table: does it agree, and if not, what makes the difference.

The table decides; a case that it leaves open, or cannot decide yet, is never called a mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from rag.answering.compose import category_named
from rag.answering.decisive import Difference, nearest_change, told_apart
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.inputs import read_inputs
from rag.types import Decision, Descriptor

Verdict = Literal["agrees", "differs", "judgement", "open", "not_covered", "undecided"]
"""``judgement``: the stated category holds unless the reader counts an upgrading feature, or it is
the reader's own assessment, which decides in a system like BI-RADS.
``open``: sources read the row differently. ``undecided``: a descriptor is missing."""


@dataclass(frozen=True, slots=True)
class ReportCheck:
    """The stated category, what the table says, and every single change that would explain it.

    ``sources_differ``: a statement that the deciding row rests on is read differently by sources.
    """

    stated: str
    verdict: Verdict
    decision: Decision
    differences: tuple[Difference, ...] = ()
    sources_differ: bool = False


def check_report(
    guideline: Guideline, descriptors: Sequence[Descriptor], decision: Decision, stated: str
) -> ReportCheck | None:
    """Hold ``stated`` against ``decision``, which ``guideline`` made of ``descriptors``.

    ``None`` where the guideline has no such category, so that there is nothing to compare.
    """
    category = category_named(guideline, stated)
    if category is None:
        return None
    verdict = _verdict(guideline, descriptors, decision, category.label)
    differ = verdict == "differs"
    return ReportCheck(
        stated=category.label,
        verdict=verdict,
        decision=decision,
        differences=single_changes(guideline, descriptors, category.label) if differ else (),
        sources_differ=differ and any(guideline.fact(i).disagreement for i in decision.fact_ids),
    )


def driving(guideline: Guideline, decisions: Sequence[Decision]) -> int:
    """The place of the decision that gives the examination its category.

    It is the one that can be the most suspicious; where two can be equally so, a decided one.
    """
    order = {category.label: place for place, category in enumerate(guideline.categories)}

    def highest(place: int) -> tuple[int, bool]:
        decision = decisions[place]
        labels = {decision.category, *decision.possible, *(r.category for r in decision.readings)}
        return max(order.get(x or "", -1) for x in labels), decision.category is not None

    return max(range(len(decisions)), key=highest)


def _verdict(
    guideline: Guideline, descriptors: Sequence[Descriptor], decision: Decision, label: str
) -> Verdict:
    if decision.readings:
        return "open"
    if decision.not_covered:
        return "not_covered"
    if decision.category is None:
        return "undecided"
    if decision.category == label:
        return "agrees"
    if _is_the_readers(guideline, descriptors, decision, label):
        return "judgement"
    lifted = any(u.to == decision.category and label in u.source for u in guideline.upgrades)
    if lifted and grade(replace(guideline, upgrades=()), descriptors).category == label:
        return "judgement"
    return "differs"


ASSESSMENTS = ("breast_assessment", "malignancy_likelihood")
"""Inputs that hold the reader's own assessment: where a system has them, they decide."""

_NEVER_SO = {("br.cat3.not_screening", "3")}
"""Facts that speak against a stated category, whatever the reader's assessment."""


def _is_the_readers(
    guideline: Guideline, descriptors: Sequence[Descriptor], decision: Decision, label: str
) -> bool:
    """Whether the category is the reader's assessment, which no reading of the words can contradict."""
    told = {item.name for item in descriptors}
    asked = {axis.name for table in guideline.tables for axis in table.asked}
    against = any(
        (fact, label) in _NEVER_SO for fact in decision.fact_ids if decision.category == "0"
    )
    return bool(asked & {*ASSESSMENTS}) and not told & {*ASSESSMENTS} and not against


def single_changes(
    guideline: Guideline, descriptors: Sequence[Descriptor], label: str
) -> tuple[Difference, ...]:
    """Every descriptor that alone, changed or added, gives ``label``; the smallest change first."""
    told = read_inputs(guideline, descriptors).values
    found = (
        nearest_change(guideline, descriptors, axis, lambda decision: decision.category == label)
        for axis in told_apart(guideline)
        if axis.name in told or axis.exception
    )
    return tuple(sorted((c for c in found if c is not None), key=lambda c: (not c.stated, c.size)))
