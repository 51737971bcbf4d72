"""The category route: a finding to the row of a table, or a category to what it means.

Tables decide; the sentences here only say which row holds and what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import cache

from rag.answering.compose import (
    bare_label,
    category_headline,
    category_named,
    decision_statements,
    fact_passages,
    possible_sentence,
)
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.fact_picking import best_first, names_label, picked
from rag.answering.finding import Finding
from rag.answering.route import Routed, systems_for
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Category, Guideline
from rag.knowledge.shelf import Shelf
from rag.retrieval.concepts import Synonyms
from rag.retrieval.tokens import tokens
from rag.types import Clarification, Decision, Evidence, Outcome, Passage, Statement


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


def from_category(
    question: str,
    routed: Routed,
    shelf: Shelf,
    synonyms: Synonyms,
    guidelines: Collection[str] | None = None,
) -> Draft | None:
    """A finding graded or a category explained; ``None`` where the question is of neither kind."""
    rule = asks_for_a_rule(question)
    if rule and routed.labels and routed.guidelines:
        chosen = tuple(shelf.get(name) for name in guidelines or routed.guidelines)
        return from_labels(question, routed, chosen, synonyms)
    if routed.intent in ("grade", "check_report") and routed.findings and not rule:
        return from_findings(question, routed, _systems(routed, shelf, guidelines), synonyms)
    if routed.intent == "category_info" and routed.labels:
        named = guidelines or routed.guidelines or routed.ambiguous
        return from_labels(
            question, routed, tuple(shelf.get(name) for name in named), synonyms
        )
    return None


def _systems(
    routed: Routed, shelf: Shelf, guidelines: Collection[str] | None
) -> tuple[Guideline, ...]:
    """The systems asked for; else those named; else those that may apply to the findings."""
    named = tuple(guidelines or routed.guidelines) or tuple(
        dict.fromkeys(
            name for f in routed.findings if _placed(f) for name in systems_for(f, shelf)
        )
    )
    return tuple(shelf.get(name) for name in named)


@cache
def _rule_openers() -> re.Pattern[str]:
    return re.compile(
        r"^\W*(?:(?:from|up to|above|below|over|under|at|until|after) (?:which|what|how)\b"
        r"|how (?:much|large|big|small|many|likely)\b|what if\b|(?:when )?(?:may|can)\b"
        r"|which (?:sizes?|nodules?|lesions?|cysts?)\b|what (?:sizes?|volume|diameter)\b)",
        re.IGNORECASE,
    )


def asks_for_a_rule(question: str) -> bool:
    """Whether the question asks what the guideline says and describes no finding to grade.

    >>> asks_for_a_rule("From which size is a solid nodule 4B?"), asks_for_a_rule("8 mm nodule, new")
    (True, False)
    """
    return _rule_openers().search(question) is not None


_ANYWHERE = frozenset(("cyst", "infection", "airway_nodule", "incomplete_exam", "no_nodule"))
"""Findings that other organs have too: without a word on the organ no system is assumed."""


def _placed(finding: Finding) -> bool:
    return finding.organ is not None or finding.kind not in _ANYWHERE


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
    denied = (fact for entry in named or guideline.nonexistent for fact in entry.facts)
    modifiers = (fact for modifier in guideline.modifiers for fact in modifier.facts)
    return tuple(dict.fromkeys((*denied, *guideline.inventory, *modifiers)))


def from_labels(
    question: str, routed: Routed, guidelines: Sequence[Guideline], synonyms: Synonyms = ()
) -> Draft | None:
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
    statements = [
        statement
        for guideline, category in found
        for statement in (
            *asked_statements(question, guideline, category, evidence, synonyms),
            *category_statements(question, guideline, category, evidence, synonyms),
        )
    ]
    statements = list({statement.text: statement for statement in reversed(statements)}.values())[::-1]
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


@cache
def _by_itself(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’.-]){re.escape(label)}(?![\w'’.-])")


def _mentioning(label: str) -> Callable[[Passage], bool]:
    return lambda passage: _by_itself(label).search(passage.text) is not None


def from_modifiers(
    question: str, routed: Routed, shelf: Shelf, synonyms: Synonyms = ()
) -> Draft | None:
    """What a modifier ("S") means and when it is added; ``None`` where none is asked about.

    A modifier is a capital letter by itself, so the case of the question counts here.
    """
    named = [n for n in routed.guidelines or shelf.ids if shelf.has_tables(n)]
    asked = [
        (guideline, modifier)
        for guideline in (shelf.get(n) for n in named if not shelf.edition(n).superseded)
        for modifier in guideline.modifiers
        if _by_itself(modifier.label).search(question)
    ]
    if not asked:
        return None
    evidence = EvidenceList()
    found = [
        passage
        for guideline, modifier in asked
        for passage in (
            *picked(guideline, question, synonyms, about=_mentioning(modifier.label)),
            *fact_passages(guideline, modifier.facts),
        )
    ]
    statements = [Statement(p.text, (evidence.cite(p),)) for p in dict.fromkeys(found)]
    return Draft(
        route="category",
        outcome="answer",
        statements=tuple(statements),
        evidence=evidence.items,
        lead=len(statements),
    )


_MANAGEMENT_WORDS = (
    "category management manage managed follow followup up next ct ldct scan interval until when "
    "nodule finding lesion do what now patient describe explain definition meaning level"
)
"""Words that the category's own entry answers; others may ask for a fact of their own."""


def asked_statements(
    question: str,
    guideline: Guideline,
    category: Category,
    evidence: EvidenceList,
    synonyms: Synonyms = (),
) -> tuple[Statement, ...]:
    """Facts on this category that the question's own words point to, before all others."""
    names = tokens(" ".join((*guideline.names, guideline.edition.label, guideline.edition.title)))
    besides = {*names, *tokens(_MANAGEMENT_WORDS)}
    facts = picked(
        guideline,
        question,
        synonyms,
        about=lambda passage: names_label(passage, category.label),
        besides={*besides, *tokens(category.label), bare_label(category.label)},
    )
    return tuple(Statement(passage.text, (evidence.cite(passage),)) for passage in facts)


def category_statements(
    question: str,
    guideline: Guideline,
    category: Category,
    evidence: EvidenceList,
    synonyms: Synonyms = (),
) -> tuple[Statement, ...]:
    """The category with its management, then its facts, the one most asked about first."""
    own = fact_passages(guideline, category.facts)
    passages = best_first(own, guideline, question, synonyms)
    headline = category_headline(guideline, category.label, category.management)
    cited = evidence.cite_all(passages)
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


def from_findings(
    question: str, routed: Routed, guidelines: Sequence[Guideline], synonyms: Synonyms = ()
) -> Draft | None:
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
        evidence=_nearby(question, graded, evidence, synonyms) if unclear else evidence.items,
        decisions=decisions,
        clarification=clarification if unclear else None,
        asking=_asking(graded) if unclear else (),
        lead=len(statements),
    )


def _nearby(
    question: str,
    graded: Sequence[tuple[Guideline, Decision]],
    evidence: EvidenceList,
    synonyms: Synonyms,
) -> tuple[Evidence, ...]:
    """Evidence for a finding that is still open: facts on what is asked, then what each category
    that is still possible would lead to."""
    for guideline in dict.fromkeys(guideline for guideline, _ in graded):
        evidence.cite_all(picked(guideline, question, synonyms))
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
        asked = question or "More is needed."
        if len({each.id for each, _ in graded}) > 1:
            asked = f"{guideline.edition.label}: {asked}"
        sentences.append(" ".join(filter(None, (asked, possible, *decision.notes))))
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
