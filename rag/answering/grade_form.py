"""The form of a guideline's own inputs for one finding: to be looked at, filled in and corrected.

The fields are what the guideline's tables declare, never a list of their own, in the order in which
a report is dictated (the order of ``corpus/descriptors.yaml``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.answering.finding import Finding
from rag.answering.grading import Case
from rag.answering.timing import GrowthRule
from rag.knowledge.axis import Axis
from rag.knowledge.decision_table import CATEGORY, POINTS
from rag.knowledge.guideline import Guideline
from rag.knowledge.inputs import read_inputs
from rag.knowledge.rows_in_play import entry_axes, paths_in_play
from rag.knowledge.vocabulary import DescriptorSpec, ValueSpec
from rag.types import Descriptor

_OF_GROWTH = (
    "previous_diameter", "previous_solid_component", "interval_months", "diameter_change",
)  # fmt: skip
"""Descriptors from which the growth rule of a guideline gives the timing."""


@dataclass(frozen=True, slots=True)
class Field:
    """One input of the form.

    Attributes:
        spec: name, label, question (English and Korean), unit; ``values`` are only those that the
            guideline's tables know, empty for a number.
        read: the value that holds, with the words it was read from; ``text`` is empty for one that
            was set by hand. ``None`` while there is none.
        unsettled: values that the text mentions without settling one: to be chosen from.
        in_play: whether a table that can still decide asks for it, or a value is there.
        missing: place among the details still missing, 1 the most telling; ``None`` where the
            decision does not wait for it.
        may_stay_silent: not mentioning it counts as "not there" by the guideline's own words.
    """

    spec: DescriptorSpec
    read: Descriptor | None = None
    unsettled: tuple[Descriptor, ...] = ()
    in_play: bool = False
    missing: int | None = None
    may_stay_silent: bool = False

    @property
    def name(self) -> str:
        return self.spec.name


def form_of(case: Case) -> tuple[Field, ...]:
    """The form of a finding under a guideline, in the order of dictation."""
    asked = frozenset(_asked_now(case))
    return tuple(_field(case, declared, asked) for declared in declared_inputs(case.guideline))


def _field(case: Case, declared: Field, asked: frozenset[str]) -> Field:
    name, finding = declared.name, case.finding
    read = next((d for d in finding.descriptors if d.name == name), None)
    decision = case.decision
    open_second = decision.clarification.descriptor if decision.clarification else None
    waits = (*decision.missing, *((open_second,) if open_second else ()))
    return replace(
        declared,
        read=read,
        unsettled=_unsettled(finding, name),
        in_play=name in asked or name in waits or read is not None,
        missing=waits.index(name) + 1 if name in waits else None,
    )


def _unsettled(finding: Finding, name: str) -> tuple[Descriptor, ...]:
    mentioned = (*(d for pair in finding.contradictions for d in pair), *finding.uncertain)
    said = tuple(d for d in mentioned if d.name == name)
    left = tuple(d for d in finding.possible if d.name == name)
    return tuple(dict.fromkeys(said or left))


@lru_cache(maxsize=32)
def declared_inputs(guideline: Guideline) -> tuple[Field, ...]:
    """Every input that a guideline's tables, equivalents, upgrades and modifiers read.

    ``finding`` is among them only where the tables tell kinds of findings apart.
    """
    axes = {axis.name: axis for axis in reversed(tuple(_all_axes(guideline)))}
    plain = {*_beside_tables(guideline)} - set(axes)
    fields = {name: _declared(axis, guideline) for name, axis in axes.items()}
    fields |= {name: Field(guideline.vocabulary[name]) for name in plain}
    return tuple(fields[spec.name] for spec in guideline.vocabulary if spec.name in fields)


def _declared(axis: Axis, guideline: Guideline) -> Field:
    spec = guideline.vocabulary[axis.name]
    if axis.name == "finding":
        spec = replace(spec, values=_kinds(guideline, spec))
    silent = all(a.exception for a in _all_axes(guideline) if a.name == axis.name)
    return Field(spec, may_stay_silent=silent)


def _kinds(guideline: Guideline, spec: DescriptorSpec) -> tuple[ValueSpec, ...]:
    """The kinds of findings for which the guideline has a table."""
    rows = guideline.entry.rows if guideline.entry else ()
    cells = [row.cells["finding"] for row in rows if "finding" in row.cells]
    return tuple(v for v in spec.values if any(v.value in cell.values for cell in cells))


def _all_axes(guideline: Guideline) -> Iterator[Axis]:
    yield from entry_axes(guideline)
    for table in guideline.tables:
        yield from (axis for axis in table.asked if axis.name not in (CATEGORY, POINTS))


def _beside_tables(guideline: Guideline) -> Iterator[str]:
    yield from (rule.source for rule in guideline.equivalents)
    for upgrade in guideline.upgrades:
        yield from (name for cells in upgrade.any_of for name in cells)
    for modifier in guideline.modifiers:
        yield from modifier.when
    if GrowthRule.in_facts(guideline.facts):
        yield from _OF_GROWTH


def _asked_now(case: Case) -> Iterable[str]:
    """Inputs of the tables in play, with what stands for one of them and what may lift the result."""
    guideline = case.guideline
    values = read_inputs(guideline, case.finding.for_tables).values
    tables = paths_in_play(guideline, values, case.decision.category)
    names = {axis.name for path in tables for axis in path.table.asked}
    names |= {axis.name for axis in entry_axes(guideline)}
    names |= {rule.source for rule in guideline.equivalents if rule.input in names}
    if "timing" in names and GrowthRule.in_facts(guideline.facts):
        names |= set(_OF_GROWTH) - {"previous_solid_component"}
    if "solid_component_timing" in names and GrowthRule.in_facts(guideline.facts):
        names.add("previous_solid_component")
    if any(case.decision.category in upgrade.source for upgrade in guideline.upgrades):
        names |= {n for u in guideline.upgrades for cells in u.any_of for n in cells}
    return names
