"""Cells and the axes they cut: one input of a table as a finite list of atoms.

An enum's atoms are its values. A number's atoms are the points and open intervals between all
bounds that the table's rows name, so that any two numbers in one atom fall in the same rows. Sets of
atoms are bit masks: a row is one mask per axis, and so is what is known of a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf, isinf

from rag.knowledge.interval import ANY, Interval, in_words, parse_bounds, point
from rag.knowledge.vocabulary import DescriptorSpec, Vocabulary
from rag.types import Scalar

STATED, UNSTATED = "stated", "unstated"

Known = frozenset[str] | Interval
"""What is known of an input: the values it may have, or the interval it lies in."""

Values = Mapping[str, Known]
"""What is known by descriptor name; a name that is not there is unknown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row asks of one input: any of these values or intervals, or (un)stated."""

    values: frozenset[str] = frozenset()
    intervals: tuple[Interval, ...] = ()
    words: frozenset[str] = frozenset()

    def admits(self, atom: str | Interval) -> bool:
        """Whether an atom lies in this cell."""
        if atom == UNSTATED:
            return UNSTATED in self.words
        if STATED in self.words:
            return True
        if isinstance(atom, Interval):
            return any(atom.touches(interval) for interval in self.intervals)
        return atom in self.values

    def says(self, spec: DescriptorSpec, language: str = "en") -> str:
        """The cell in words: ``Oval or Lentiform``, ``6 mm or more and less than 8 mm``."""
        named = [spec.says(value, language) for value in spec.allowed if value in self.values]
        numbers = [in_words(interval, spec.unit, language) for interval in self.intervals]
        either = " 또는 " if language == "ko" else " or "
        return either.join([*named, *numbers, *sorted(self.words - {UNSTATED})])


@dataclass(frozen=True)
class Axis:
    """One input of a table, cut into atoms; ``exception``: not mentioned means unstated."""

    spec: DescriptorSpec
    atoms: tuple[str | Interval, ...]
    exception: bool = False

    @property
    def name(self) -> str:
        return self.spec.name

    @cached_property
    def full(self) -> int:
        """The mask of all atoms."""
        return (1 << len(self.atoms)) - 1

    def mask_of_cell(self, cell: Cell | None) -> int:
        """The atoms a row's cell holds; all of them where the row does not name the input."""
        if cell is None:
            return self.full
        return _mask(cell.admits(atom) for atom in self.atoms)

    def mask_of_known(self, known: Known | None) -> int:
        """The atoms that what is known can fall in."""
        if known is None:
            return 1 << (len(self.atoms) - 1) if self.exception else self.full
        return _mask(_agrees(atom, known) for atom in self.atoms)

    def says(self, mask: int) -> str:
        """The first atom of a mask, for error messages."""
        atom = self.atoms[(mask & -mask).bit_length() - 1]
        said = in_words(atom, self.spec.unit) if isinstance(atom, Interval) else atom
        return f"{self.name}: {said}"


def _mask(bits: Iterable[bool]) -> int:
    return sum(1 << position for position, bit in enumerate(bits) if bit)


def _agrees(atom: str | Interval, known: Known) -> bool:
    if isinstance(atom, Interval):
        return isinstance(known, Interval) and atom.touches(known)
    return isinstance(known, frozenset) and atom in known


def make_axis(spec: DescriptorSpec, cells: Iterable[Cell]) -> Axis:
    """The axis of an input as these cells cut it."""
    used = tuple(cells)
    exception = any(cell.words for cell in used)
    atoms: tuple[str | Interval, ...] = spec.allowed
    if spec.type == "number":
        atoms = cut(interval for cell in used for interval in cell.intervals)
    return Axis(spec, (*atoms, UNSTATED) if exception else atoms, exception)


def cut(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Points and open intervals between all bounds, in ascending order.

    ``cut([Interval(6, 8, True)])`` is ``(..6), {6}, (6..8), {8}, (8..)``.
    """
    bounds = sorted({b for i in intervals for b in (i.low, i.high) if not isinf(b)})
    atoms = [Interval(low, high) for low, high in zip([-inf, *bounds], [*bounds, inf], strict=True)]
    points = [*(point(bound) for bound in bounds), None]
    pairs = zip(atoms, points, strict=True)
    return tuple(atom for pair in pairs for atom in pair if atom is not None)


def parse_cell(raw: object, spec: DescriptorSpec) -> Cell:
    """A cell as written in a table: a value, bounds, or a list of those.

    Raises:
        ValueError: a value is not declared for this descriptor, or bounds cannot be read.
    """
    entries = raw if isinstance(raw, list) else [raw]
    if not entries:
        raise ValueError("is an empty list; name at least one value")
    parts = [_parse_entry(entry, spec) for entry in entries]
    words = frozenset(word for part in parts for word in part.words)
    if {STATED, UNSTATED} <= words:
        raise ValueError("is always true; leave the input out")
    return Cell(
        frozenset(value for part in parts for value in part.values),
        tuple(interval for part in parts for interval in part.intervals),
        words,
    )


def _parse_entry(entry: object, spec: DescriptorSpec) -> Cell:
    if not isinstance(entry, str):
        raise ValueError(f"{entry!r} is no text; put it in quotes")
    if entry in (STATED, UNSTATED):
        return Cell(words=frozenset({entry}))
    if spec.type == "number":
        return Cell(intervals=(parse_bounds(entry, spec.unit),))
    if entry not in spec.allowed:
        raise ValueError(f"{entry!r} is not declared; {spec.name} is {', '.join(spec.allowed)}")
    return Cell(values=frozenset({entry}))


def known(value: Scalar, spec: DescriptorSpec) -> Known:
    """A descriptor's value as what is known; a number's text is bounds in cell syntax.

    Raises:
        ValueError: the value is not declared, or bounds cannot be read.
    """
    if spec.type == "number":
        return parse_bounds(value, spec.unit) if isinstance(value, str) else point(float(value))
    if value not in spec.allowed:
        raise ValueError(f"{spec.name}: {value!r} is not declared in descriptors.yaml")
    return frozenset({str(value)})


def known_values(values: Mapping[str, Scalar], vocabulary: Vocabulary) -> dict[str, Known]:
    """Plain values as what is known.

    Raises:
        ValueError: a name or value is not declared in the vocabulary.
    """
    unknown = [name for name in values if name not in vocabulary]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not declared in descriptors.yaml")
    return {name: known(value, vocabulary[name]) for name, value in values.items()}


def either(first: Known, second: Known) -> Known:
    """What is known when two statements of one input disagree: one of them."""
    if isinstance(first, Interval) and isinstance(second, Interval):
        return first.hull(second)
    if isinstance(first, frozenset) and isinstance(second, frozenset):
        return first | second
    return ANY
