"""From the rows that can still hold to a decision, or to the question that splits them best."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rag.knowledge.axis import Known, Values, cut
from rag.knowledge.decision_table import (
    CATEGORY,
    DecisionTable,
    Disputed,
    Given,
    Impossible,
    Leaf,
    NotCovered,
    Outcome,
    leaves,
)
from rag.knowledge.interval import ANY, Interval
from rag.knowledge.vocabulary import DescriptorSpec
from rag.types import Reading

Lift = Callable[[Outcome], Outcome]
"""Changes an outcome that a feature of the finding upgrades; ``as_is`` where there is none."""

OutcomeKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """What a table says of what is known.

    ``leaves`` are the rows that can still hold. ``outcome`` is theirs where all agree, else
    ``None``; then ``missing`` names the inputs to ask for, the most telling first, and ``choices``
    the values of the first that are still possible.
    """

    leaves: tuple[Leaf, ...]
    outcome: Outcome | None
    missing: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def as_is(outcome: Outcome) -> Outcome:
    return outcome


def decide(table: DecisionTable, values: Values, lift: Lift = as_is) -> TableOutcome:
    """The outcome of a table, never with a default for what is missing.

    ``values`` is what is known by descriptor name (see :func:`rag.knowledge.axis.known_values`).
    """
    found = leaves(table, values)
    outcomes = _distinct(found, lift)
    if len(outcomes) <= 1:
        return TableOutcome(found, next(iter(outcomes.values()), None))
    ranked = _ranked(table, values, found, lift, frozenset(outcomes))
    return TableOutcome(found, None, *ranked)


def labels(outcome: Outcome) -> tuple[str, ...]:
    """The category labels of an outcome: one, those of its readings, or none."""
    if isinstance(outcome, Given):
        return (outcome.category,) if outcome.category else ()
    if isinstance(outcome, Disputed):
        return tuple(reading.category for reading in outcome.readings if reading.category)
    return ()


def settled(readings: tuple[Reading, ...]) -> Outcome:
    """A dispute, or what all readings agree on."""
    said = {(reading.category, reading.management) for reading in readings}
    return Given(*said.pop()) if len(said) == 1 else Disputed(readings)


def _distinct(found: Iterable[Leaf], lift: Lift) -> dict[OutcomeKey, Outcome]:
    lifted = (lift(leaf.row.outcome) for leaf in found)
    return {_key(outcome): outcome for outcome in lifted}


def _key(outcome: Outcome) -> OutcomeKey:
    """Outcomes with the same key tell the reader to do the same."""
    if isinstance(outcome, Given):
        return ("given", outcome.category, outcome.management)
    if isinstance(outcome, Disputed):
        return ("disputed", *((r.category, r.management) for r in outcome.readings))
    return (type(outcome).__name__,) if isinstance(outcome, NotCovered | Impossible) else ("see",)


def _ranked(
    table: DecisionTable,
    values: Values,
    found: tuple[Leaf, ...],
    lift: Lift,
    open_now: frozenset[OutcomeKey],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Inputs by how few outcomes are expected to remain once known, and the first one's values."""
    scored: list[tuple[float, int, str, tuple[str, ...]]] = []
    unknown = _unknown_inputs(found, table, values)
    for order, (spec, atoms) in enumerate(unknown):
        after: dict[frozenset[OutcomeKey], None] = {}
        choices: list[str] = []
        for atom in atoms:
            rest = frozenset(_distinct(leaves(table, {**values, spec.name: atom}), lift))
            if rest:
                after[rest] = None
                choices.extend(atom if isinstance(atom, frozenset) else ())
        if any(rest != open_now for rest in after):
            expected = sum(len(rest) for rest in after) / len(after)
            scored.append((expected, order, spec.name, tuple(choices)))
    scored.sort()
    if not unknown:  # all is told, and a number lies half-way between two whole ones
        return halfway(found, values) or tuple(values)[:1], ()
    if not scored:  # only two inputs together tell the outcomes apart
        return tuple(spec.name for spec, _ in unknown), unknown[0][0].allowed
    return tuple(name for _, _, name, _ in scored), scored[0][3]


def halfway(found: Iterable[Leaf], values: Values) -> tuple[str, ...]:
    """Inputs that these tables round to whole units and whose value lies exactly between two."""
    rounded = dict.fromkeys(name for leaf in found for name in sorted(leaf.table.rounded))
    numbers = {name: values.get(name) for name in rounded}
    return tuple(
        name
        for name, known in numbers.items()
        if isinstance(known, Interval) and known.exact is not None and known.exact % 1 == 0.5
    )


def _unknown_inputs(
    found: tuple[Leaf, ...], table: DecisionTable, values: Values
) -> list[tuple[DescriptorSpec, tuple[Known, ...]]]:
    """Every input that the rows still in play ask for and that is not known exactly, with what it
    can still be: one value each, or one interval between all bounds of these tables."""
    tables = {each.id: each for each in (table, *(t for leaf in found for t in leaf.tables))}
    specs: dict[str, DescriptorSpec] = {}
    bounds: dict[str, list[Interval]] = {}
    for axis in (axis for each in tables.values() for axis in each.asked):
        if axis.exception and axis.name not in values:
            continue
        specs.setdefault(axis.name, axis.spec)
        bounds.setdefault(axis.name, []).extend(a for a in axis.atoms if isinstance(a, Interval))
    open_inputs = []
    for name, spec in specs.items():
        atoms = _still_possible(spec, cut(bounds[name]), values.get(name))
        if len(atoms) > 1 and name != CATEGORY:
            open_inputs.append((spec, atoms))
    return open_inputs


def _still_possible(
    spec: DescriptorSpec, intervals: tuple[Interval, ...], known: Known | None
) -> tuple[Known, ...]:
    if spec.type == "enum":
        allowed = known if isinstance(known, frozenset) else frozenset(spec.allowed)
        return tuple(frozenset({value}) for value in spec.allowed if value in allowed)
    within = known if isinstance(known, Interval) else ANY
    met = (atom.meet(within) for atom in intervals)
    return tuple(atom for atom in met if not atom.empty)
