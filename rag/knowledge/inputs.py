"""From a question's descriptors to what is known of a table's inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from rag.errors import QuestionError
from rag.knowledge.axis import STATED, UNSTATED, Cell, Known, Values, either, known
from rag.knowledge.guideline import Equivalent, Guideline
from rag.knowledge.interval import Interval
from rag.types import Descriptor


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known by input name, what was noticed on the way, and the facts that were used."""

    values: dict[str, Known]
    notes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def read_inputs(guideline: Guideline, descriptors: Sequence[Descriptor]) -> Inputs:
    """Descriptors as known values, with the guideline's equivalents applied.

    Two descriptors of one name that differ leave both possible: nothing is chosen between them.

    Raises:
        QuestionError: a descriptor or value is not declared in the vocabulary.
    """
    values: dict[str, Known] = {}
    notes: list[str] = []
    for descriptor in descriptors:
        new = _known(guideline, descriptor)
        old = values.setdefault(descriptor.name, new)
        if old != new:
            values[descriptor.name] = either(old, new)
            notes.append(stated_twice(guideline.vocabulary[descriptor.name].label))
    facts: list[str] = []
    for rule in guideline.equivalents:
        if rule.source in values:
            notes.extend(_apply(guideline, rule, values))
            facts.extend(rule.facts)
    return Inputs(values, tuple(dict.fromkeys(notes)), tuple(dict.fromkeys(facts)))


def stated_twice(label: str) -> str:
    """What is said of two descriptors of one name that differ."""
    return f"{label} is stated in two ways; both are kept open."


def _known(guideline: Guideline, descriptor: Descriptor) -> Known:
    if descriptor.name not in guideline.vocabulary:
        raise QuestionError(
            f"descriptor {descriptor.name!r} is unknown; see corpus/descriptors.yaml"
        )
    try:
        return known(descriptor.value, guideline.vocabulary[descriptor.name])
    except (ValueError, TypeError) as error:
        raise QuestionError(f"descriptor {descriptor.name!r}: {error}") from error


def _apply(guideline: Guideline, rule: Equivalent, values: dict[str, Known]) -> list[str]:
    """Adds the input that ``rule`` derives; says so where it disagrees with what was stated."""
    derived = _derived(rule, values[rule.source])
    stated = values.get(rule.input)
    if derived is None:
        return []
    if stated is None:
        values[rule.input] = derived
    elif not _agree(stated, derived):
        values[rule.input] = either(stated, derived)
        names = [guideline.vocabulary[name].label for name in (rule.input, rule.source)]
        return [
            f"{names[0]} and {names[1].lower()} point to different classes; both are kept open."
        ]
    return []


def _derived(rule: Equivalent, source: Known) -> Known | None:
    if not isinstance(source, Interval):
        return None
    if rule.values:
        fits = (v for v, cells in rule.values.items() if any(source.touches(c) for c in cells))
        return frozenset(fits) or None
    return by_pairs(rule.pairs, source)


def by_pairs(pairs: Sequence[tuple[float, float]], source: Interval) -> Interval:
    """The input's values by threshold pairs: on a threshold exactly on its pair, else between two.

    ``by_pairs([(34, 4), (113, 6), (268, 8)], point(150))`` is ``Interval(6, 8, False, False)``;
    at 113 it is 6. So a bound holds as it is written, inclusive (Lung-RADS) or not (Fleischner).
    """
    below = [(a, b) for a, b in pairs if a <= source.low]
    above = [(a, b) for a, b in pairs if a >= source.high]
    low, high = below[-1] if below else (-inf, -inf), above[0] if above else (inf, inf)
    low_closed = low[0] == source.low and source.low_closed
    high_closed = high[0] == source.high and source.high_closed
    return Interval(low[1], high[1], low_closed, high_closed)


def _agree(stated: Known, derived: Known) -> bool:
    if isinstance(stated, Interval) and isinstance(derived, Interval):
        return stated.touches(derived)
    if isinstance(stated, frozenset) and isinstance(derived, frozenset):
        return bool(stated & derived)
    return False


def holds(cells: Mapping[str, Cell], values: Values) -> bool:
    """Whether what is known of every named input lies wholly in its cell."""
    return all(_within(cell, values.get(name)) for name, cell in cells.items())


def _within(cell: Cell, value: Known | None) -> bool:
    if value is None:
        return UNSTATED in cell.words
    if STATED in cell.words:
        return True
    if isinstance(value, Interval):
        return any(interval.meet(value) == value for interval in cell.intervals)
    return value <= cell.values
