"""The category route: a finding to the row of a table, or a category to what it means.

Tables decide; the sentences here only say which row holds and what it rests on.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.compose import (
    category_headline,
    category_named,
    decision_statements,
    fact_passages,
    possible_sentence,
)
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.route import Routed
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Category, Guideline
from rag.knowledge.shelf import Shelf
from rag.types import Clarification, Decision, Evidence, Outcome, Statement


def from_nonexistent(routed: Routed, shelf: Shelf) -> Draft:
    """Decline a category that does not exist, by name, with the list of those that do."""
    evidence = EvidenceList()
    statements = []
    for guideline_id, label in routed.nonexistent:
        guideline = shelf.get(guideline_id)
        cited = evidence.cite_all(fact_passages(guideline, _inventory(guideline, label)))
        statements.append(Statement(nonexistent_sentence(guideline, label), cited))
    reason = " ".join(statement.text for statement in statements)
    return refusal(
        "category", "nonexistent", reason, evidence=evidence.items, statements=tuple(statements)
    )


def nonexistent_sentence(guideline: Guideline, label: str) -> str:
    """``Lung-RADS v2022 has no category 6. Its categories are 0, 1, ... S is a modifier.``"""
    existing = ", ".join(category.label for category in guideline.categories)
    modifiers = ", ".join(modifier.label for modifier in guideline.modifiers)
    tail = f" {modifiers} is a modifier, not a category." if modifiers else ""
    return (
        f"{guideline.edition.label} has no category {label}. Its categories are {existing}.{tail}"
    )


def _inventory(guideline: Guideline, label: str) -> tuple[str, ...]:
    """Facts that say which categories exist: those named for this label, else all such."""
    named = [entry for entry in guideline.nonexistent if label in entry.labels]
    return tuple(fact for entry in named or guideline.nonexistent for fact in entry.facts)


def from_labels(routed: Routed, guidelines: Sequence[Guideline]) -> Draft | None:
    """Say what the categories asked about mean and what follows, under each system.

    ``None`` where no system on the shelf has such a label. Where the question names no system
    and several have the label, the answer under each is shown and the system is asked for.
    """
    evidence = EvidenceList()
    found = [
        (guideline, category)
        for guideline in guidelines
        for category in (category_named(guideline, label) for label in routed.labels)
        if category is not None
    ]
    if not found:
        return None
    statements = [s for pair in found for s in category_statements(*pair, evidence)]
    systems = tuple(dict.fromkeys(guideline for guideline, _ in found))
    unclear = len(systems) > 1 and bool(routed.ambiguous)
    return Draft(
        route="category",
        outcome="needs_details" if unclear else "answer",
        statements=tuple(statements),
        evidence=evidence.items,
        decisions=tuple(_explained(guideline, category) for guideline, category in found),
        clarification=which_system(systems) if unclear else None,
        asking=(which_system(systems).question,) if unclear else (),
        lead=len(statements),
    )


def category_statements(
    guideline: Guideline, category: Category, evidence: EvidenceList
) -> tuple[Statement, ...]:
    """The category with its management, then each further fact of the category by itself."""
    passages = fact_passages(guideline, category.facts)
    headline = category_headline(guideline, category.label, category.management)
    cited = evidence.cite_all(passages[:1])
    rest = [Statement(passage.text, (evidence.cite(passage),)) for passage in passages[1:]]
    return (Statement(headline, cited), *rest)


def _explained(guideline: Guideline, category: Category) -> Decision:
    return Decision(
        edition=guideline.edition,
        table="categories",
        category=category.label,
        management=category.management,
        fact_ids=category.facts,
    )


def which_system(guidelines: Sequence[Guideline]) -> Clarification:
    """Ask which system is meant, where a label or finding exists in several."""
    options = tuple((g.id, g.edition.label) for g in guidelines)
    names = " or ".join(label for _, label in options)
    return Clarification("guideline", f"Which system do you mean: {names}?", options)


def from_findings(routed: Routed, guidelines: Sequence[Guideline]) -> Draft | None:
    """Grade every finding under every system that may apply; the most suspicious comes first.

    ``None`` where no table of these guidelines is for such a finding.
    """
    graded = [
        (guideline, decision)
        for guideline in guidelines
        for decision in _most_suspicious_first(guideline, routed)
    ]
    if not graded:
        return None
    evidence = EvidenceList()
    statements = tuple(s for pair in graded for s in decision_statements(*pair, evidence))
    decisions = tuple(decision for _, decision in graded)
    outcome = outcome_of(decisions)
    clarification = next((d.clarification for d in decisions if d.clarification), None)
    if outcome == "refusal":
        return _not_covered(graded, evidence)
    unclear = outcome == "needs_details"
    return Draft(
        route="category",
        outcome=outcome,
        statements=statements,
        evidence=evidence.items if not unclear else _with_possible(graded, evidence),
        decisions=decisions,
        clarification=clarification if unclear else None,
        asking=_asking(graded) if unclear else (),
        lead=len(statements),
    )


def _with_possible(
    graded: Sequence[tuple[Guideline, Decision]], evidence: EvidenceList
) -> tuple[Evidence, ...]:
    """Evidence with what each category that is still possible would lead to."""
    for guideline, decision in graded:
        for label in decision.possible:
            category = category_named(guideline, label)
            if category is not None:
                evidence.cite_all(fact_passages(guideline, category.facts[:1]))
    return evidence.items


def _most_suspicious_first(guideline: Guideline, routed: Routed) -> list[Decision]:
    """Grade each finding; the exam's category is that of the most suspicious one."""
    order = {category.label: place for place, category in enumerate(guideline.categories)}
    decisions = [grade(guideline, finding.descriptors) for finding in routed.findings]
    applicable = [d for d in decisions if d.table]
    return sorted(applicable, key=lambda d: -order.get(d.category or "", -1))


def decided(decision: Decision) -> bool:
    """A category, a management without a category, or every reading of a disputed row."""
    return bool(decision.category or decision.management or decision.readings)


def outcome_of(decisions: Sequence[Decision]) -> Outcome:
    """Answer as soon as one finding is decided and none still lacks a descriptor."""
    if any(decision.missing and not decided(decision) for decision in decisions):
        return "needs_details"
    return "answer" if any(map(decided, decisions)) else "refusal"


def _asking(graded: Sequence[tuple[Guideline, Decision]]) -> tuple[str, ...]:
    """For each open finding: what is still possible and what to say next."""
    sentences = []
    for guideline, decision in graded:
        if decided(decision):
            continue
        question = decision.clarification.question if decision.clarification else ""
        possible = possible_sentence(guideline, decision.possible)
        sentences.append(" ".join(filter(None, (question, possible, *decision.notes))))
    return tuple(sentence for sentence in dict.fromkeys(sentences) if sentence)


def _not_covered(
    graded: Sequence[tuple[Guideline, Decision]], evidence: EvidenceList
) -> Draft:
    reasons = []
    for guideline, decision in graded:
        evidence.cite_all(fact_passages(guideline, decision.fact_ids))
        reasons.append(f"{guideline.edition.label}: {decision.not_covered or 'no row covers this'}")
    return refusal(
        "category",
        "not_covered",
        " ".join(reasons),
        evidence=evidence.items,
        decisions=tuple(decision for _, decision in graded),
    )
