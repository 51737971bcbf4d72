"""The shared vocabulary: every descriptor that a table may ask for and the grammar may read.

Loaded from ``corpus/descriptors.yaml``; its format stands in ``corpus/README.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rag.knowledge.interval import quantity, unit_named
from rag.knowledge.yaml_file import open_yaml
from rag.types import Clarification, Scalar


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """One value of a closed list and how readers call it."""

    value: str
    label: str
    label_ko: str | None = None


@dataclass(frozen=True, slots=True)
class DescriptorSpec:
    """A declared descriptor: a closed list of values, or a number in ``unit``."""

    name: str
    label: str
    type: Literal["enum", "number"]
    question: str
    label_ko: str | None = None
    question_ko: str | None = None
    unit: str | None = None
    values: tuple[ValueSpec, ...] = ()

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values of the closed list, in order; empty for a number."""
        return tuple(value.value for value in self.values)

    def name_in(self, language: str) -> str:
        """What the descriptor is called in a language, in English where no other name is held."""
        return self.label_ko if language == "ko" and self.label_ko else self.label

    def says(self, value: Scalar, language: str = "en") -> str:
        """A value as a reader reads it: a label, or a number with its unit."""
        if not isinstance(value, str):
            return quantity(value, self.unit)
        spec = next((item for item in self.values if item.value == value), None)
        if spec is None:
            return value
        return spec.label_ko if language == "ko" and spec.label_ko else spec.label


@dataclass(frozen=True)
class Vocabulary:
    """All descriptors by name, in file order."""

    descriptors: Mapping[str, DescriptorSpec]

    def __getitem__(self, name: str) -> DescriptorSpec:
        return self.descriptors[name]

    def __contains__(self, name: object) -> bool:
        return name in self.descriptors

    def __iter__(self) -> Iterator[DescriptorSpec]:
        return iter(self.descriptors.values())

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.descriptors)

    def clarification(
        self, name: str, only: Collection[str] | None = None, language: str = "en"
    ) -> Clarification:
        """The question for a missing descriptor; ``only`` limits the values offered."""
        spec = self[name]
        options = tuple(
            (value.value, spec.says(value.value, language))
            for value in spec.values
            if only is None or value.value in only
        )
        korean = language == "ko" and spec.question_ko
        return Clarification(name, korean or spec.question, options, spec.unit)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Value(_Strict):
    value: str
    label: str
    label_ko: str | None = None


class _Descriptor(_Strict):
    name: str
    label: str
    type: Literal["enum", "number"]
    question: str
    label_ko: str | None = None
    question_ko: str | None = None
    unit: str | None = None
    values: list[_Value] = []


class _File(_Strict):
    descriptors: list[_Descriptor]


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary in ``path``.

    Raises:
        CorpusError: a key is unknown, a name stands twice, a list lacks values, a unit is unknown.
    """
    file = open_yaml(path)
    specs: dict[str, DescriptorSpec] = {}
    for position, entry in enumerate(file.as_model(_File).descriptors):
        where = ("descriptors", position)
        if entry.name in specs:
            raise file.error(f"descriptor {entry.name!r} is declared twice; keep one", where)
        problem = _problem(entry)
        if problem:
            raise file.error(f"descriptor {entry.name!r} {problem}", where)
        specs[entry.name] = _spec(entry)
    return Vocabulary(specs)


def _problem(entry: _Descriptor) -> str | None:
    values = [value.value for value in entry.values]
    if entry.type == "enum":
        if not values or entry.unit:
            return "is an enum: it needs values and no unit"
        if len(set(values)) < len(values) or {"stated", "unstated"} & set(values):
            return "has a value twice, or one called stated or unstated"
        return None
    if values:
        return "is a number: it has no list of values"
    try:
        unit_named(entry.unit) if entry.unit else None
    except ValueError as error:
        return f"has an {error}"
    return None


def _spec(entry: _Descriptor) -> DescriptorSpec:
    values = tuple(ValueSpec(value.value, value.label, value.label_ko) for value in entry.values)
    return DescriptorSpec(
        entry.name,
        entry.label,
        entry.type,
        entry.question,
        entry.label_ko,
        entry.question_ko,
        entry.unit,
        values,
    )
