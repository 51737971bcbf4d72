"""What an undecided finding would be: the answer to each possible reply, said beside the question.

Nothing is assumed: every branch names its condition. The first missing input splits the case into
its values; where several are missing, one more branch says what all of them together must be for
the least suspicious outcome ("TR3 if wider than tall, margin smooth and no punctate foci").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

from rag.answering.decisive import told_apart, written
from rag.answering.grading import STATED_LEVELS, Case
from rag.knowledge.axis import Axis
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.interval import Interval, in_words
from rag.types import Branch, Condition, Decision, Descriptor, Scalar

SILENT = ""
"""Among a branch's categories: the guideline may also be silent."""

_MOST_INPUTS = 6
"""More missing inputs than this describe no case yet; their branches would be a table."""


_Told = tuple[Descriptor, ...]
_Options = list[tuple[str | Interval, Decision]]
_Keep = Callable[[_Options, str], _Options]


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
    labelled = bool(guideline.categories)
    if not missing or len(missing) > _MOST_INPUTS or _decided(decision):
        return ()
    if labelled and not decision.possible:  # the description contradicts itself
        return ()
    axes = {axis.name: axis for axis in told_apart(guideline, stated=True)}
    if missing[0] not in axes:
        return ()
    told = tuple(descriptors)
    first = tuple(_by_value(guideline, told, axes[missing[0]]))
    if not labelled:
        return tuple(branch for branch in first if branch.management)
    tells = any(len(b.categories) < max(len(decision.possible), 2) for b in first)
    telling = sorted(first, key=lambda b: _order(b, decision.possible)) if tells else []
    if any(b.categories == decision.possible[:1] for b in first):
        return tuple(telling)
    least = _least(guideline, told, axes, decision)
    if least is None:
        return tuple(telling)
    wider = [b for b in telling if len(b.categories) > 1 and b.conditions[0] in least.conditions]
    return (least, *(b for b in telling if b not in wider))


def _order(branch: Branch, possible: Sequence[str]) -> tuple[bool, bool, int]:
    """One category first, the least suspicious before the others; what the guideline leaves last."""
    label = branch.categories[0] if branch.categories else ""
    return (
        not branch.categories,
        len(branch.categories) > 1,
        possible.index(label) if label in possible else len(possible),
    )


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
        if isinstance(atom, Interval) and not _near(atom, allowed):
            continue
        replaced = Descriptor(axis.name, value, axis.spec.unit, "", (0, 0))
        decision = grade(guideline, (*rest, replaced))
        if not _contradicts(decision):
            tried.append((atom, decision))
    return tried


def _near(atom: Interval, told: Collection[Scalar]) -> bool:
    """Whether a number that is told (and is asked again, being half-way) can be meant by ``atom``."""
    numbers = [float(value) for value in told if isinstance(value, float | int)]
    if len(numbers) != 1:
        return True
    return atom.touches(Interval(floor(numbers[0]), ceil(numbers[0]), True, True))


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
    guideline: Guideline, told: _Told, axes: Mapping[str, Axis], decision: Decision
) -> Branch | None:
    """The branch to the least suspicious outcome; ``None`` where no values lead to it alone.

    First by the values that leave it possible; where these do not settle it together, by those of
    them that leave the least open.
    """
    for keep in (_possible, _plainest):
        found = _led_to(guideline, told, axes, decision, keep)
        if found:
            return found
    return None


def _led_to(
    guideline: Guideline, told: _Told, axes: Mapping[str, Axis], decision: Decision, keep: _Keep
) -> Branch | None:
    """Input after input narrowed to what ``keep`` takes; a reply may open another question."""
    least, conditions = decision.possible[0], []
    waiting, tried = list(decision.missing), set[str]()
    while waiting:
        axis = axes.get(name := waiting.pop(0))
        tried.add(name)
        options = _options(guideline, told, axis) if axis else []
        keeping = keep(options, least)
        if axis is None or not keeping or len(keeping) == len(options):
            continue
        conditions.append(_condition(axis, [atom for atom, _ in keeping]))
        told = (*(d for d in told if d.name != name), *_as_told(axis, keeping))
        reached = grade(guideline, told)
        if reached.category == least:
            return Branch(tuple(conditions), (least,), reached.management)
        waiting = [n for n in reached.missing if n not in tried]
    return None


def _possible(options: _Options, least: str) -> _Options:
    return [(atom, d) for atom, d in options if least in _outcomes(d)]


def _plainest(options: _Options, least: str) -> _Options:
    """Those of the values that leave ``least`` possible which leave the fewest questions."""
    found = _possible(options, least)
    fewest = min((len(d.missing) for _, d in found), default=0)
    return [(atom, d) for atom, d in found if len(d.missing) == fewest]


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
    """The branches in one sentence: ``Category 3 if timing: baseline; category 4A if ...``.

    A branch on the category itself ("category 4 if reported 4") says nothing and is left out.
    """
    said = "; ".join(_in_words(b) for b in found if not of_itself(b))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def of_itself(branch: Branch) -> bool:
    """Whether the condition is the category itself, as a text may state it."""
    return any(condition.name in STATED_LEVELS for condition in branch.conditions)


def _in_words(branch: Branch) -> str:
    conditions = " and ".join(map(_said, branch.conditions))
    labels = " or ".join(label or "none" for label in branch.categories)
    if not labels and branch.management:
        return f"{branch.management.rstrip('.')} if {conditions}"
    return f"category {labels} if {conditions}" if labels else f"no category if {conditions}"


def _said(condition: Condition) -> str:
    """``timing baseline``, ``no punctate echogenic foci``, ``mean diameter less than 6 mm``."""
    label = in_running_text(condition.label)
    if label.split()[-1] in condition.words.split():  # "low risk" says that it is the risk
        return condition.words
    if condition.values in (("absent",), ("present",)):
        return f"no {label}" if condition.values == ("absent",) else f"{label} present"
    return f"{label} {condition.words}"


def in_running_text(label: str) -> str:
    """A label as it stands within a sentence, without what it says in brackets."""
    return _lower(_plain(label))


def _plain(label: str) -> str:
    """A label without what it says in brackets."""
    return re.sub(r" \([^)]*\)", "", label)
