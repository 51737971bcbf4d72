"""What was read from a question, as short labels; and how descriptors and values are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.types import Descriptor, Scalar


class Labels(Protocol):
    """How descriptors and their values are called; the corpus vocabulary is one."""

    def name(self, descriptor: str) -> str: ...

    def value(self, descriptor: str, value: str) -> str: ...


class PlainLabels:
    """The identifiers themselves, made readable; for when no vocabulary is at hand."""

    def name(self, descriptor: str) -> str:
        return descriptor.replace("_", " ").capitalize()

    def value(self, descriptor: str, value: str) -> str:
        return value.replace("_", "-")


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
    '8 x 6 mm → 7 mm'
    """
    said = " ".join(item.text.split())
    read = (
        labels.value(item.name, item.value)
        if isinstance(item.value, str)
        else quantity(item.value, item.unit)
    )
    same = said.lower().replace(" ", "") == read.lower().replace(" ", "")
    return read if same or not said or read.lower().startswith(said.lower()) else f"{said} → {read}"


def quantity(value: Scalar, unit: str | None) -> str:
    """A number with its unit, no more digits than it has: ``7 mm``, ``6.5 mm``."""
    number = f"{value:.6g}" if isinstance(value, float | int) else value
    return f"{number} {unit}" if unit else number
