"""From a finding's descriptors to what a guideline's tables say of it.

The table decides; this module chooses it, reads equivalent units, applies the guideline's upgrades
and puts the decision into words. It never fills in what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from rag.knowledge.axis import UNSTATED, Axis
from rag.knowledge.deciding import Lift, TableOutcome, as_is, decide, halfway, labels, settled
from rag.knowledge.decision_table import (
    CATEGORY,
    DecisionTable,
    Disputed,
    Given,
    Impossible,
    Leaf,
    NotCovered,
    Outcome,
    Score,
)
from rag.knowledge.guideline import Guideline, Upgrade
from rag.knowledge.inputs import Inputs, holds, read_inputs
from rag.knowledge.interval import Interval, in_words
from rag.knowledge.row_text import row_text
from rag.types import Clarification, Decision, Descriptor, Reading


def grade(guideline: Guideline, descriptors: Sequence[Descriptor]) -> Decision:
    """What the guideline says of one finding.

    Decided: ``category`` is set, or ``management`` alone where the guideline has no labels.
    With a category, ``clarification`` asks for what its management still depends on. Otherwise
    ``readings``, ``missing`` or ``not_covered`` is set. A contradiction in the description sets
    ``missing`` to the inputs that contradict each other and says so in ``notes``.

    Raises:
        QuestionError: a descriptor or value is not declared in the vocabulary.
    """
    inputs = read_inputs(guideline, descriptors)
    blank = Decision(guideline.edition, "", descriptors=tuple(descriptors), notes=inputs.notes)
    if guideline.entry is None:
        reason = f"{guideline.edition.label} is held here without decision tables."
        return replace(blank, not_covered=reason)
    upgrade = next((u for u in guideline.upgrades if _applies(u, inputs)), None)
    lift = _lift(guideline, upgrade) if upgrade else as_is
    case = _Case(guideline, inputs, blank, upgrade, lift)
    found = decide(guideline.entry, inputs.values, lift)
    if not found.leaves:
        return replace(blank, not_covered=_no_table(guideline, inputs))
    return case.decision(found)


def managed(
    guideline: Guideline, descriptors: Sequence[Descriptor], decision: Decision, label: str
) -> str | None:
    """What would follow if an undecided finding turned out to be ``label``, all else as described.

    The category's own management where what follows is not told apart further, or cannot be yet.
    """
    category = guideline.category(label)
    if category is None:
        return None
    given = replace(
        decision, category=label, management=category.management, missing=(), clarification=None
    )
    case = _Case(guideline, read_inputs(guideline, descriptors), given, None, as_is)
    second = next((t for t in guideline.tables if decision.table in t.after), None)
    return (case.after(given, second) if second else given).management


def _applies(upgrade: Upgrade, inputs: Inputs) -> bool:
    return any(holds(cells, inputs.values) for cells in upgrade.any_of)


def _lift(guideline: Guideline, upgrade: Upgrade) -> Lift:
    target = guideline.category(upgrade.to)
    lifted = Given(upgrade.to, target.management if target else None)

    def reading(each: Reading) -> Reading:
        if each.category not in upgrade.source:
            return each
        ids = tuple(dict.fromkeys((*each.fact_ids, *upgrade.facts)))
        return replace(each, category=lifted.category, management=lifted.management, fact_ids=ids)

    def lift(outcome: Outcome) -> Outcome:
        if isinstance(outcome, Given) and outcome.category in upgrade.source:
            return lifted
        if isinstance(outcome, Disputed):
            return settled(tuple(reading(each) for each in outcome.readings))
        return outcome

    return lift


def _no_table(guideline: Guideline, inputs: Inputs) -> str:
    finding = inputs.values.get("finding")
    spec = guideline.vocabulary.descriptors.get("finding")
    if spec is None or not isinstance(finding, frozenset):
        return f"{guideline.edition.label} has no table for this."
    named = " or ".join(spec.says(value).lower() for value in sorted(finding))
    return f"{guideline.edition.label} has no table for this finding: {named}."


@dataclass(frozen=True)
class _Case:
    """One question to one guideline."""

    guideline: Guideline
    inputs: Inputs
    blank: Decision
    upgrade: Upgrade | None
    lift: Lift

    def decision(self, found: TableOutcome) -> Decision:
        known = replace(
            self.blank,
            table=found.leaves[0].table.id,
            notes=_unique(self.blank.notes, self._notes(found.leaves)),
            fact_ids=self._facts(found.leaves),
        )
        outcome = found.outcome
        if outcome is None:
            return self._undecided(known, found)
        if isinstance(outcome, Impossible):
            return self._contradiction(known, found.leaves[0], outcome)
        known = replace(known, row=_row_ids(found.leaves), row_text=self._row_text(found.leaves))
        if isinstance(outcome, NotCovered):
            silent = [
                leaf.row.outcome
                for leaf in found.leaves
                if isinstance(leaf.row.outcome, NotCovered)
            ]
            left = {label for each in silent for label in each.remaining}
            return replace(
                known,
                not_covered=" ".join(dict.fromkeys(each.reason for each in silent)),
                possible=tuple(c.label for c in self.guideline.categories if c.label in left),
            )
        if isinstance(outcome, Disputed):
            return replace(known, readings=outcome.readings)
        return self._decided(known, found, outcome)

    def _decided(self, known: Decision, found: TableOutcome, outcome: Outcome) -> Decision:
        if not isinstance(outcome, Given):
            return known
        category = self.guideline.category(outcome.category) if outcome.category else None
        decision = replace(
            known,
            category=outcome.category,
            management=outcome.management,
            fact_ids=_unique(known.fact_ids, category.facts if category else ()),
            notes=_unique(known.notes, self._upgrade_notes(found, outcome), self._modifiers()),
        )
        return self._second_step(decision, found) if outcome.category else decision

    def _upgrade_notes(self, found: TableOutcome, outcome: Given) -> Iterable[str]:
        if self.upgrade is None:
            return ()
        if outcome.category != self.upgrade.to:
            return (self.upgrade.otherwise,)
        before = dict.fromkeys(label for leaf in found.leaves for label in labels(leaf.row.outcome))
        return (f"Category {' or '.join(before)} without these features.", self.upgrade.note)

    def _modifiers(self) -> Iterable[str]:
        for modifier in self.guideline.modifiers:
            if modifier.when and holds(modifier.when, self.inputs.values):
                yield f"Modifier {modifier.label} ({modifier.name}) is added to the category."

    def _second_step(self, decision: Decision, found: TableOutcome) -> Decision:
        """What a later table adds to a category: management by size and the like."""
        passed = {table.id for leaf in found.leaves for table in leaf.tables}
        for table in self.guideline.tables:
            if table.after & passed:
                return self.after(decision, table)
        return decision

    def after(self, decision: Decision, table: DecisionTable) -> Decision:
        label = frozenset({decision.category or ""})
        found = decide(table, {**self.inputs.values, CATEGORY: label})
        if found.outcome is None:
            asked = self._clarification(found)
            name = self.guideline.vocabulary[found.missing[0]].label.lower()
            note = f"What follows depends on the {name}."
            return replace(decision, clarification=asked, notes=_unique(decision.notes, (note,)))
        text = "\n".join((decision.row_text or "", self._row_text(found.leaves)))
        notes = _unique(decision.notes, (leaf.row.note or "" for leaf in found.leaves))
        facts = _unique(decision.fact_ids, self._facts(found.leaves))
        decision = replace(decision, row_text=text, fact_ids=facts, notes=notes)
        if isinstance(found.outcome, Given):
            return replace(decision, management=found.outcome.management)
        if isinstance(found.outcome, NotCovered | Impossible):
            said = _unique(decision.notes, (found.outcome.reason,))
            return replace(decision, management=None, notes=said)
        return decision

    def _undecided(self, known: Decision, found: TableOutcome) -> Decision:
        open_labels = {
            label for leaf in found.leaves for label in _left(self.lift(leaf.row.outcome))
        }
        ordered = (c.label for c in self.guideline.categories if c.label in open_labels)
        return replace(
            known,
            missing=found.missing,
            possible=tuple(ordered),
            clarification=self._clarification(found),
            notes=_unique(self.blank.notes, self._halfway(found)),
        )

    def _halfway(self, found: TableOutcome) -> Iterable[str]:
        for name in halfway(found.leaves, self.inputs.values):
            spec, value = self.guideline.vocabulary[name], self.inputs.values[name]
            if name in found.missing and isinstance(value, Interval):
                said = in_words(value, spec.unit)
                yield (f"{spec.label} {said} lies half-way between two whole ones; the guideline "
                       "rounds to whole units and does not say which way.")  # fmt: skip

    def _clarification(self, found: TableOutcome) -> Clarification:
        return self.guideline.vocabulary.clarification(found.missing[0], found.choices or None)

    def _contradiction(self, known: Decision, leaf: Leaf, outcome: Impossible) -> Decision:
        parts = [name for part in leaf.table.parts for name in (part.part, part.whole)]
        named = [name for name in (*leaf.row.cells, *parts) if name in self.inputs.values]
        missing = tuple(dict.fromkeys(named)) or tuple(self.inputs.values)[:1]
        return replace(
            known,
            missing=missing,
            clarification=self.guideline.vocabulary.clarification(missing[0]),
            notes=_unique((outcome.reason,), self.blank.notes),
        )

    def _notes(self, leaves: Sequence[Leaf]) -> Iterable[str]:
        for leaf in leaves:
            yield from (row.note for _, row in leaf.path if row.note)
            if leaf.row.note:
                yield leaf.row.note
            if leaf.table.scores:
                yield self._points(leaf.table)

    def _points(self, table: DecisionTable) -> str:
        said = []
        for score in table.scores:
            value = self._known_value(score.axis)
            if value is not None and value != UNSTATED:
                said.append(f"{score.axis.spec.label}: {score.axis.spec.says(value).lower()}, "
                            f"{_points(score.points[value])}")  # fmt: skip
        return f"Points: {'; '.join(said)}."

    def _known_value(self, axis: Axis) -> str | None:
        value = self.inputs.values.get(axis.name, frozenset())
        return next(iter(value)) if isinstance(value, frozenset) and len(value) == 1 else None

    def _facts(self, leaves: Sequence[Leaf]) -> tuple[str, ...]:
        rows = (fact for leaf in leaves for fact in leaf.facts)
        tables = dict.fromkeys(leaf.table.id for leaf in leaves)
        scores = (
            score for leaf in leaves if leaf.table.id in tables for score in leaf.table.scores
        )
        points = (fact for score in scores for fact in self._score_facts(score))
        lifted = self.upgrade.facts if self.upgrade else ()
        return _unique(rows, points, lifted, self.inputs.facts)

    def _score_facts(self, score: Score) -> tuple[str, ...]:
        value = self._known_value(score.axis)
        return (*score.facts[value], *score.final.get(value, ())) if value else ()

    def _row_text(self, leaves: Sequence[Leaf]) -> str:
        """The rows in words; several rows that agree stand on a line each."""
        texts = (row_text(self.guideline, leaf.table, leaf.row) for leaf in leaves)
        return "\n".join(dict.fromkeys(texts))


def _left(outcome: Outcome) -> tuple[str, ...]:
    """The labels that an outcome gives, or among which it leaves the choice to the reader."""
    return outcome.remaining if isinstance(outcome, NotCovered) else labels(outcome)


def _points(points: int) -> str:
    return f"{points} point" if points == 1 else f"{points} points"


def _row_ids(leaves: Sequence[Leaf]) -> str:
    return ", ".join(dict.fromkeys(leaf.row.id for leaf in leaves))


def _unique(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in groups for text in group if text))
