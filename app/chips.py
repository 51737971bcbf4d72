"""What was read from a question, as short labels; and how descriptors and values are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from rag.types import Descriptor, Scalar


class Labels(Protocol):
    """How descriptors, their values and editions are called; the corpus says so."""

    def name(self, descriptor: str) -> str: ...

    def value(self, descriptor: str, value: str) -> str: ...

    def edition(self, guideline: str) -> str: ...


class PlainLabels:
    """The identifiers themselves, made readable; for when no vocabulary is at hand."""

    def name(self, descriptor: str) -> str:
        return descriptor.replace("_", " ").capitalize()

    def value(self, descriptor: str, value: str) -> str:
        return value.replace("_", "-")

    def edition(self, guideline: str) -> str:
        return guideline


@dataclass(frozen=True, slots=True)
class Chip:
    """One descriptor: as read (``text``), or missing."""

    name: str
    label: str
    text: str
    missing: bool = False


def chip_of(item: Descriptor, labels: Labels) -> Chip:
    return Chip(item.name, labels.name(item.name), _chip_text(item, labels))


def _chip_text(item: Descriptor, labels: Labels) -> str:
    """The reader's words, and what they were read as where that is not the same.

    >>> _chip_text(Descriptor("mean_diameter", 7.0, "mm", "8 x 6 mm", (0, 8)), PlainLabels())
    '8 x 6 mm → mean diameter 7 mm'
    """
    said = " ".join(item.text.split())
    if isinstance(item.value, str):
        read = value_in_words(item.name, item.value, labels)
    else:
        read = quantity(item.value, item.unit)
    if not said or _alike(said, read):
        return read
    number = f"{labels.name(item.name).lower()} " if not isinstance(item.value, str) else ""
    return f"{said} → {number}{read}"


def value_in_words(descriptor: str, value: str, labels: Labels) -> str:
    """How a value is said in a sentence: ``new``; ``calcification: present`` where it needs a name."""
    said = labels.value(descriptor, value).split(" (")[0].lower()
    if value in NEEDS_NAME or said.isdecimal():
        return f"{labels.name(descriptor).lower()}: {said}"
    return said


NEEDS_NAME = frozenset({"present", "absent", "yes", "no", "none", "other", "stated", "unstated"})
"""Values that say nothing without their descriptor's name."""


def _alike(said: str, read: str) -> bool:
    """The same words, whatever the spacing, hyphens and case."""
    return re.sub(r"[\s-]+", "", said.lower()) == re.sub(r"[\s-]+", "", read.lower())


def quantity(value: Scalar, unit: str | None) -> str:
    """A number with its unit, no more digits than it has: ``7 mm``, ``6.5 mm``."""
    number = f"{value:.6g}" if isinstance(value, float | int) else value
    return f"{number} {unit}" if unit else number
