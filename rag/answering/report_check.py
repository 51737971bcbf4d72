"""A report's category held against the table: does it agree, and if not, what makes the difference.

The table decides; a case that it leaves open, or cannot decide yet, is never called a mistake. The
difference is found by changing one descriptor at a time to everything its tables tell apart and
deciding again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isinf
from typing import Literal

from rag.answering.compose import category_named
from rag.answering.grading import STATED_LEVELS
from rag.knowledge.axis import UNSTATED, Axis, cut
from rag.knowledge.decision_table import CATEGORY, POINTS
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.inputs import read_inputs
from rag.knowledge.interval import Interval, in_words
from rag.types import Decision, Descriptor, Scalar

Verdict = Literal["agrees", "differs", "judgement", "open", "not_covered", "undecided"]
"""``judgement``: the stated category holds unless the reader counts an upgrading feature.
``open``: sources read the row differently. ``undecided``: a descriptor is missing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One descriptor that, changed alone, gives the stated category.

    ``would`` is what it would have to be, in words; ``decision`` what the table then says;
    ``stated`` is false for a feature that the text does not mention; ``size`` orders differences,
    the smallest change first: a number's by how far it must move, relative to its value.
    """

    name: str
    label: str
    would: str
    decision: Decision
    stated: bool = True
    size: float = 0.5


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
    lifted = any(u.to == decision.category and label in u.source for u in guideline.upgrades)
    if lifted and grade(replace(guideline, upgrades=()), descriptors).category == label:
        return "judgement"
    return "differs"


def single_changes(
    guideline: Guideline, descriptors: Sequence[Descriptor], label: str
) -> tuple[Difference, ...]:
    """Every descriptor that alone, changed or added, gives ``label``; the smallest change first."""
    told = read_inputs(guideline, descriptors).values
    found = (
        _change(guideline, descriptors, axis, label)
        for axis in _axes(guideline)
        if axis.name in told or axis.exception
    )
    return tuple(sorted((c for c in found if c is not None), key=lambda c: (not c.stated, c.size)))


def _axes(guideline: Guideline) -> Iterator[Axis]:
    """Every input of the guideline once, with all that any of its tables tells apart."""
    tables = (*guideline.tables, *((guideline.entry,) if guideline.entry else ()))
    grouped: dict[str, list[Axis]] = {}
    for axis in (axis for table in tables for axis in table.asked):
        grouped.setdefault(axis.name, []).append(axis)
    for name in (CATEGORY, POINTS, "finding", *STATED_LEVELS):
        grouped.pop(name, None)
    for axes in grouped.values():
        atoms = tuple(dict.fromkeys(atom for axis in axes for atom in axis.atoms))
        intervals = tuple(atom for atom in atoms if isinstance(atom, Interval))
        words = tuple(atom for atom in atoms if isinstance(atom, str) and atom != UNSTATED)
        yield replace(
            axes[0],
            atoms=cut(intervals) if intervals else words,
            exception=any(axis.exception for axis in axes),
        )


def _change(
    guideline: Guideline, descriptors: Sequence[Descriptor], axis: Axis, label: str
) -> Difference | None:
    """The nearest values of one input that give ``label``, ``None`` where none does."""
    sources = {rule.source for rule in guideline.equivalents if rule.input == axis.name}
    gone = {axis.name, *sources}
    rest = tuple(item for item in descriptors if item.name not in gone)
    was = read_inputs(guideline, descriptors).values.get(axis.name)
    hits: list[tuple[str | Interval, Decision]] = []
    for atom in axis.atoms:
        tried = Descriptor(axis.name, _written(atom, axis.spec.unit), axis.spec.unit, "", (0, 0))
        decision = grade(guideline, (*rest, tried))
        if decision.category == label:
            hits.append((atom, decision))
    number = was.exact if isinstance(was, Interval) else None
    near = _nearest(hits, axis, number)
    if not near:
        return None
    return Difference(
        name=axis.name,
        label=axis.spec.label,
        would=_in_words(axis, [atom for atom, _ in near]),
        decision=near[0][1],
        stated=was is not None,
        size=_size(near[0][0], number),
    )


def _written(atom: str | Interval, unit: str | None) -> Scalar:
    """An atom as a descriptor's value: the word itself, or bounds in the cells' syntax."""
    if isinstance(atom, str):
        return atom
    if atom.exact is not None:
        return atom.exact
    tail = f" {unit}" if unit else ""
    low = f">{'=' * atom.low_closed} {atom.low:g}{tail}" * (not isinf(atom.low))
    high = f"<{'=' * atom.high_closed} {atom.high:g}{tail}" * (not isinf(atom.high))
    return f"{low} {high}".strip()


def _nearest(
    hits: Sequence[tuple[str | Interval, Decision]], axis: Axis, number: float | None
) -> list[tuple[str | Interval, Decision]]:
    """All hits of a list of values; of numbers the unbroken run that lies nearest."""
    runs: list[list[tuple[str | Interval, Decision]]] = []
    for hit in hits:
        at = axis.atoms.index(hit[0])
        follows = runs and isinstance(hit[0], Interval) and axis.atoms[at - 1] == runs[-1][-1][0]
        if follows or (runs and isinstance(hit[0], str)):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    if not runs:
        return []
    best = min(runs, key=lambda run: min(_size(atom, number) for atom, _ in run))
    return sorted(best, key=lambda hit: _size(hit[0], number))


def _size(atom: str | Interval, number: float | None) -> float:
    """How far a number must move to lie in ``atom``, relative to its value; 0.5 for words."""
    if isinstance(atom, str) or number is None or number == 0:
        return 0.5
    return max(atom.low - number, number - atom.high, 0.0) / number


def _in_words(axis: Axis, atoms: Sequence[str | Interval]) -> str:
    intervals = [atom for atom in atoms if isinstance(atom, Interval)]
    if intervals:
        whole = intervals[0]
        for interval in intervals[1:]:
            whole = whole.hull(interval)
        return in_words(whole, axis.spec.unit)
    return " or ".join(axis.spec.says(atom).lower() for atom in atoms if isinstance(atom, str))
