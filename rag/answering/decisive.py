"""Which descriptor makes the difference: what a change of one alone would make of a decision.

Found by changing one descriptor at a time to everything that the guideline's tables tell apart and
deciding again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isinf

from rag.answering.grading import STATED_LEVELS, Case
from rag.knowledge.axis import UNSTATED, Axis, cut
from rag.knowledge.decision_table import CATEGORY, POINTS
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.inputs import read_inputs
from rag.knowledge.interval import Interval, in_words
from rag.types import Decision, Descriptor, Scalar


@dataclass(frozen=True, slots=True)
class Difference:
    """One descriptor that, changed alone, gives another outcome.

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


TurningPoint = Difference
"""The nearest change of a descriptor that was read which changes the outcome."""


def turning_points(case: Case) -> tuple[TurningPoint, ...]:
    """For each descriptor read, its nearest value that gives another outcome; the nearest first.

    Empty while the table has not decided. Contradictions and cases that the tables do not cover
    are no outcome to turn to.
    """
    decision = case.decision
    if not (decision.category or decision.management or decision.readings):
        return ()
    now = _outcome(decision)
    descriptors = case.finding.for_tables

    def another(tried: Decision) -> bool:
        return _outcome(tried) not in (now, _UNDECIDED)

    told = {d.name for d in descriptors}
    axes = [axis for axis in told_apart(case.guideline) if axis.name in told]
    found = (nearest_change(case.guideline, descriptors, axis, another) for axis in axes)
    return tuple(sorted((c for c in found if c is not None), key=lambda c: c.size))


_Outcome = tuple[str | None, str | None, tuple[str | None, ...]]
_UNDECIDED: _Outcome = (None, None, ())


def _outcome(decision: Decision) -> _Outcome:
    return decision.category, decision.management, tuple(r.category for r in decision.readings)


def told_apart(guideline: Guideline, *, stated: bool = False) -> Iterator[Axis]:
    """Every input of the guideline once, with all that any of its tables tells apart.

    ``stated``: also the categories that a text may state instead of what was seen.
    """
    tables = (*guideline.tables, *((guideline.entry,) if guideline.entry else ()))
    grouped: dict[str, list[Axis]] = {}
    for axis in (axis for table in tables for axis in table.asked):
        grouped.setdefault(axis.name, []).append(axis)
    for name in (CATEGORY, POINTS, "finding", *(() if stated else STATED_LEVELS)):
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


_Hit = tuple[str | Interval, Decision]


def nearest_change(
    guideline: Guideline,
    descriptors: Sequence[Descriptor],
    axis: Axis,
    wanted: Callable[[Decision], bool],
) -> Difference | None:
    """The nearest values of one input that give what is wanted, ``None`` where none does."""
    sources = {rule.source for rule in guideline.equivalents if rule.input == axis.name}
    rest = tuple(item for item in descriptors if item.name not in {axis.name, *sources})
    was = read_inputs(guideline, descriptors).values.get(axis.name)
    hits: list[_Hit] = []
    for atom in axis.atoms:
        tried = Descriptor(axis.name, written(atom, axis.spec.unit), axis.spec.unit, "", (0, 0))
        decision = grade(guideline, (*rest, tried))
        if wanted(decision):
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


def written(atom: str | Interval, unit: str | None) -> Scalar:
    """An atom of an axis as a descriptor's value: the word itself, or bounds in the cells' syntax."""
    if isinstance(atom, str):
        return atom
    if atom.exact is not None:
        return atom.exact
    tail = f" {unit}" if unit else ""
    low = f">{'=' * atom.low_closed} {atom.low:g}{tail}" * (not isinf(atom.low))
    high = f"<{'=' * atom.high_closed} {atom.high:g}{tail}" * (not isinf(atom.high))
    return f"{low} {high}".strip()


def _nearest(hits: Sequence[_Hit], axis: Axis, number: float | None) -> list[_Hit]:
    """All hits of a list of values; of numbers the unbroken run that lies nearest.

    A run is of one outcome: a number that moves on meets the nearest change first.
    """
    runs: list[list[_Hit]] = []
    for hit in hits:
        at = axis.atoms.index(hit[0])
        follows = runs and isinstance(hit[0], Interval) and axis.atoms[at - 1] == runs[-1][-1][0]
        if runs and (follows or isinstance(hit[0], str)) and _alike(runs[-1][-1], hit):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    if not runs:
        return []
    best = min(runs, key=lambda run: min(_size(atom, number) for atom, _ in run))
    return sorted(best, key=lambda hit: _size(hit[0], number))


def _alike(one: _Hit, other: _Hit) -> bool:
    return _outcome(one[1]) == _outcome(other[1])


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
