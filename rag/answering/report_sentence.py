"""The sentence for the report: the finding as the table took it, category, edition, management."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.grading import Case
from rag.knowledge.decision_table import CATEGORY, POINTS
from rag.knowledge.inputs import read_inputs
from rag.knowledge.rows_in_play import paths_in_play
from rag.knowledge.vocabulary import DescriptorSpec
from rag.types import Decision, Descriptor

_NEEDS_NAME = ("present", "absent", "none", "other")


def report_sentence(case: Case) -> str:
    """A sentence to paste into a report; empty while the table has not decided.

    It names only what the row in force rests on, in the guideline's terms, and the edition. Where
    the guideline leaves the case open it gives every reading; where it is silent it says so.
    """
    decision = case.decision
    if decision.missing and not (decision.category or decision.management or decision.readings):
        return ""
    described = _described(case)
    said = _outcome(case)
    return f"{described}: {said}" if described else said[:1].upper() + said[1:]


def _outcome(case: Case) -> str:
    decision, label = case.decision, case.guideline.edition.label
    if decision.readings:
        labels = " or ".join(reading.category or "no category" for reading in decision.readings)
        return f"{label} leaves this case open; by the reading taken, category {labels}."
    if decision.not_covered:
        return f"not categorised: no row of {label} covers this finding."
    if decision.category is None:
        return f"{label}: {_sentence(decision.management)}"
    return f"{_category(case, decision)} Management: {_sentence(decision.management)}".removesuffix(
        " Management: "
    )


def _category(case: Case, decision: Decision) -> str:
    category = case.guideline.category(decision.category or "")
    name = f" ({category.name})" if category and category.name else ""
    modifiers = "".join(
        m.label for m in case.guideline.modifiers if f"Modifier {m.label} " in str(decision.notes)
    )
    return f"{case.guideline.edition.label} category {decision.category}{modifiers}{name}."


def _sentence(text: str | None) -> str:
    return text.rstrip(".") + "." if text else ""


def _described(case: Case) -> str:
    """The inputs that the row in force asks for, as they were read."""
    values = read_inputs(case.guideline, case.finding.for_tables).values
    steps = paths_in_play(case.guideline, values, case.decision.category)
    asked = {n for s in steps for row in s.rows for n in row.cells} - {CATEGORY, POINTS}
    asked |= {score.axis.name for s in steps for score in s.table.scores}
    sources = {rule.input: rule.source for rule in case.guideline.equivalents}
    asked |= {sources[name] for name in asked if name in sources}
    lifted = {n for u in case.guideline.upgrades if u.to == case.decision.category
              for cells in u.any_of for n in cells}  # fmt: skip
    told = {d.name: d for d in case.finding.descriptors}
    vocabulary = case.guideline.vocabulary
    named = [
        told[spec.name]
        for spec in vocabulary
        if spec.name in told and spec.name in asked | lifted and spec.name != "finding"
    ]
    parts = (_in_words(vocabulary[d.name], d) for d in named if not _said_by_another(d, named))
    return ", ".join(filter(None, (_head(case), *parts)))


def _said_by_another(descriptor: Descriptor, named: Sequence[Descriptor]) -> bool:
    """Whether the same words already gave a fuller value ("spiculated": margin and spiculation)."""
    if descriptor.value not in _NEEDS_NAME or not descriptor.text:
        return False
    same = (d for d in named if d.span == descriptor.span and d is not descriptor)
    return any(d.value not in _NEEDS_NAME for d in same)


def _head(case: Case) -> str:
    kind = case.finding.kind
    return _plain(case.guideline.vocabulary["finding"].says(kind)) if kind else ""


def _in_words(spec: DescriptorSpec, descriptor: Descriptor) -> str:
    label = _lower(_plain(spec.label))
    value = descriptor.value
    if isinstance(value, str) and spec.allowed:
        plain = _lower(_plain(spec.says(value)))
        return f"{label} {plain}" if value in _NEEDS_NAME or plain.isdecimal() else plain
    return f"{label} {spec.says(value)}"


def _plain(label: str) -> str:
    """A label without what it says in brackets."""
    return re.sub(r" \([^)]*\)", "", label)


def _lower(said: str) -> str:
    return said if said[1:2].isupper() else said[:1].lower() + said[1:]
