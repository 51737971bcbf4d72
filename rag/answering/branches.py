"""What an undecided finding would be: the answer to each possible reply, said beside the question.

Nothing is assumed: every branch names its condition. The first missing input splits the case into
its values; where several are missing, one more branch says what all of them together must be for
the least suspicious outcome ("TR3 if wider than tall, margin smooth and no punctate foci").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.answering.decisive import told_apart, written
from rag.answering.grading import Case
from rag.knowledge.axis import Axis
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.interval import Interval, in_words
from rag.types import Branch, Condition, Decision, Descriptor

SILENT = ""
"""Among a branch's categories: the guideline may also be silent."""

_MOST_INPUTS = 6
"""More missing inputs than this describe no case yet; their branches would be a table."""


_Told = tuple[Descriptor, ...]
_Options = list[tuple[str | Interval, Decision]]


def with_branches(case: Case) -> Case:
    """``case`` with its decision's branches, where something is missing."""
    found = branches(case.guideline, case.finding.for_tables, case.decision)
    return replace(case, decision=replace(case.decision, branches=found)) if found else case


def branches(
    guideline: Guideline, descriptors: Sequence[Descriptor], decision: Decision
) -> tuple[Branch, ...]:
    """The branches of a finding that is still undecided; empty where nothing is missing.

    ``descriptors`` are those that ``decision`` was made from.
    """
    missing = decision.missing
    if not missing or len(missing) > _MOST_INPUTS or _decided(decision) or not decision.possible:
        return ()
    axes = {axis.name: axis for axis in told_apart(guideline)}
    if missing[0] not in axes:
        return ()
    told = tuple(descriptors)
    first = tuple(_by_value(guideline, told, axes[missing[0]]))
    telling = [b for b in first if len(b.categories) < max(len(decision.possible), 2)]
    telling.sort(
        key=lambda b: (
            not b.categories,
            len(b.categories) > 1,
            decision.possible.index(b.categories[0])
            if b.categories and b.categories[0] in decision.possible
            else 0,
        )
    )
    if any(b.categories == decision.possible[:1] for b in first):
        return tuple(telling)
    least = _least(guideline, told, [axes[n] for n in missing if n in axes], decision)
    return (*([least] if least else []), *telling)


def _decided(decision: Decision) -> bool:
    return bool(decision.category or decision.management or decision.readings)


def _outcomes(decision: Decision) -> tuple[str, ...]:
    """The labels that a decision gives or leaves possible."""
    if decision.category:
        return (decision.category,)
    if decision.readings:
        return tuple(reading.category or "" for reading in decision.readings)
    return decision.possible if len(decision.possible) != 1 else (*decision.possible, SILENT)


def _options(guideline: Guideline, told: _Told, axis: Axis) -> _Options:
    """Each value that the input can still have, with what the table then says."""
    known = tuple(d for d in told if d.name == axis.name)
    rest = tuple(d for d in told if d.name != axis.name)
    allowed = {d.value for d in known}
    tried: _Options = []
    for atom in axis.atoms:
        value = written(atom, axis.spec.unit)
        if isinstance(atom, str) and allowed and value not in allowed:
            continue
        replaced = Descriptor(axis.name, value, axis.spec.unit, "", (0, 0))
        decision = grade(guideline, (*rest, replaced))
        if not _contradicts(decision):
            tried.append((atom, decision))
    return tried


def _contradicts(decision: Decision) -> bool:
    return bool(decision.missing) and not decision.possible and not _decided(decision)


def _by_value(guideline: Guideline, told: _Told, axis: Axis) -> Iterator[Branch]:
    """One branch for each outcome, over the values of one input that give it."""
    grouped: dict[tuple[object, ...], _Options] = {}
    for atom, decision in _options(guideline, told, axis):
        key = (_outcomes(decision), decision.management, bool(decision.readings))
        grouped.setdefault(key, []).append((atom, decision))
    for options in grouped.values():
        decision = options[0][1]
        condition = _condition(axis, [atom for atom, _ in options])
        yield Branch((condition,), _outcomes(decision), decision.management)


def _least(
    guideline: Guideline, told: _Told, axes: Sequence[Axis], decision: Decision
) -> Branch | None:
    """The branch to the least suspicious outcome; ``None`` where no values lead to it alone."""
    least, conditions = decision.possible[0], []
    for axis in axes:
        options = _options(guideline, told, axis)
        keeping = [(atom, d) for atom, d in options if least in _outcomes(d)]
        if not keeping or len(keeping) == len(options):
            continue
        conditions.append(_condition(axis, [atom for atom, _ in keeping]))
        told = (*(d for d in told if d.name != axis.name), *_as_told(axis, keeping))
        reached = grade(guideline, told)
        if reached.category == least:
            return Branch(tuple(conditions), (least,), reached.management)
    return None


def _as_told(axis: Axis, options: _Options) -> Iterator[Descriptor]:
    for atom, _ in options:
        yield Descriptor(axis.name, written(atom, axis.spec.unit), axis.spec.unit, "", (0, 0))


def _condition(axis: Axis, atoms: Sequence[str | Interval]) -> Condition:
    unit = axis.spec.unit
    intervals = [atom for atom in atoms if isinstance(atom, Interval)]
    if intervals:
        whole = intervals[0]
        for interval in intervals[1:]:
            whole = whole.hull(interval)
        said = in_words(whole, unit)
        return Condition(axis.name, axis.spec.label, (written(whole, unit),), said)
    values = tuple(atom for atom in atoms if isinstance(atom, str))
    said = " or ".join(_lower(_plain(axis.spec.says(value))) for value in values)
    return Condition(axis.name, axis.spec.label, values, said)


def _lower(said: str) -> str:
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]


def branch_sentence(found: Sequence[Branch]) -> str:
    """The branches in one sentence: ``Category 3 if timing: baseline; category 4A if ...``."""
    said = "; ".join(map(_in_words, found))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _in_words(branch: Branch) -> str:
    conditions = " and ".join(map(_said, branch.conditions))
    labels = " or ".join(label or "none" for label in branch.categories)
    return f"category {labels} if {conditions}" if labels else f"no category if {conditions}"


def _said(condition: Condition) -> str:
    """``timing baseline``, ``no punctate echogenic foci``, ``mean diameter less than 6 mm``."""
    label = _lower(_plain(condition.label))
    if condition.values in (("absent",), ("present",)):
        return f"no {label}" if condition.values == ("absent",) else f"{label} present"
    return f"{label} {condition.words}"


def _plain(label: str) -> str:
    """A label without what it says in brackets."""
    return re.sub(r" \([^)]*\)", "", label)
