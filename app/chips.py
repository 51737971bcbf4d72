"""What was read from a question, as short labels; and how descriptors and values are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.knowledge.radiation import Patient
from rag.types import Descriptor, Scalar, Span


class Labels(Protocol):
    """How descriptors, their values and editions are called, and which categories exist.

    ``choices`` are the values that a guideline's tables know of a descriptor, each with its label;
    none for a number. ``dose`` says what a radiation symbol means; empty where that is not known.
    """

    def name(self, descriptor: str) -> str: ...

    def value(self, descriptor: str, value: str) -> str: ...

    def edition(self, guideline: str) -> str: ...

    def categories(self, guideline: str) -> tuple[str, ...]: ...

    def choices(self, descriptor: str) -> tuple[tuple[str, str], ...]: ...

    def dose(self, symbol: str, patient: Patient) -> str: ...


class PlainLabels:
    """The identifiers themselves, made readable; for when no vocabulary is at hand."""

    def name(self, descriptor: str) -> str:
        return descriptor.replace("_", " ").capitalize()

    def value(self, descriptor: str, value: str) -> str:
        return value.replace("_", "-")

    def edition(self, guideline: str) -> str:
        return guideline

    def categories(self, guideline: str) -> tuple[str, ...]:
        return ()

    def choices(self, descriptor: str) -> tuple[tuple[str, str], ...]:
        return ()

    def dose(self, symbol: str, patient: Patient) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way on: what the button says, and the question it asks."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One descriptor: as read (``text``), or missing; ``ways`` ask with another value of it."""

    name: str
    label: str
    text: str
    missing: bool = False
    ways: tuple[Choice, ...] = ()


def chips_of(items: Sequence[Descriptor], labels: Labels, question: str = "") -> tuple[Chip, ...]:
    """One chip for each place in the text, in reading order.

    ``question`` is the text that they were read from, where its words may be exchanged. A place may give several descriptors: ``8 x 6 mm → mean diameter 7 mm, greatest diameter 8 mm``.
    """
    places: dict[Span, list[Descriptor]] = {}
    for item in sorted(items, key=lambda item: item.span):
        places.setdefault(item.span, []).append(item)
    chips = (_chip(group, labels, question) for group in places.values())
    return tuple({chip.text: chip for chip in chips}.values())


def missing_chip(name: str, labels: Labels, question: str) -> Chip:
    """A descriptor that was not said; its ways say it."""
    ways = tuple(
        Choice(label, with_detail(question, value_in_words(name, value, labels, label)))
        for value, label in labels.choices(name)
    )
    return Chip(name, labels.name(name), "", missing=True, ways=ways)


def with_detail(question: str, detail: str) -> str:
    """The question with one more detail, as a reader would write it on."""
    return f"{question.strip().rstrip('?.,; ')}, {detail}"


def _exchanged(item: Descriptor, labels: Labels, question: str) -> tuple[Choice, ...]:
    """The question with other values in the place of the words that this one was read from."""
    start, end = item.span
    if not item.text or not isinstance(item.value, str) or question[start:end] != item.text:
        return ()
    return tuple(
        Choice(
            label,
            f"{question[:start]}{value_in_words(item.name, value, labels, label)}{question[end:]}",
        )
        for value, label in labels.choices(item.name)
        if value != item.value
    )


def _chip(group: Sequence[Descriptor], labels: Labels, question: str) -> Chip:
    first = group[0]
    said = " ".join(first.text.split())
    read = dict.fromkeys(_read_as(item, labels) for item in group if not _same(item, said, labels))
    text = f"{said} → {', '.join(read)}" if said and read else said or ", ".join(read)
    ways = _exchanged(first, labels, question) if len(group) == 1 else ()
    return Chip(first.name, ", ".join(labels.name(item.name) for item in group), text, ways=ways)


def _read_as(item: Descriptor, labels: Labels) -> str:
    if isinstance(item.value, str):
        return value_in_words(item.name, item.value, labels)
    return f"{in_sentence(labels.name(item.name))} {quantity(item.value, item.unit)}"


def _same(item: Descriptor, said: str, labels: Labels) -> bool:
    """Whether the reader's own words already say the value."""
    if isinstance(item.value, str):
        return _alike(said, value_in_words(item.name, item.value, labels))
    return _alike(said, quantity(item.value, item.unit))


def value_in_words(descriptor: str, value: str, labels: Labels, label: str | None = None) -> str:
    """How a value is said in a sentence: ``new``; ``calcification: present`` where it needs a name.

    ``label`` is how the value is called, as the corpus says unless given.
    """
    said = in_sentence((label or labels.value(descriptor, value)).split(" (")[0])
    if value in NEEDS_NAME or said.isdecimal():
        return f"{in_sentence(labels.name(descriptor))}: {said}"
    return said


def in_sentence(label: str) -> str:
    """A label without its capital, unless it is an abbreviation.

    >>> in_sentence("Part-solid"), in_sentence("PET-avid")
    ('part-solid', 'PET-avid')
    """
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


NEEDS_NAME = frozenset({"present", "absent", "yes", "no", "none", "other", "stated", "unstated"})
"""Values that say nothing without their descriptor's name."""


def _alike(said: str, read: str) -> bool:
    """The same words, whatever the spacing, hyphens and case."""
    return re.sub(r"[\s-]+", "", said.lower()) == re.sub(r"[\s-]+", "", read.lower())


def quantity(value: Scalar, unit: str | None) -> str:
    """A number with its unit, no more digits than it has: ``7 mm``, ``6.5 mm``."""
    number = f"{value:.6g}" if isinstance(value, float | int) else value
    return f"{number} {unit}" if unit else number
