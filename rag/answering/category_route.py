"""The category route: a finding to the row of a table, or a category to what it means.

Tables decide; the sentences here only say which row holds and what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from rag.answering.compose import (
    category_named,
    decision_statements,
    fact_passages,
    possible_sentence,
)
from rag.answering.descriptors import with_growth
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.fact_picking import picked
from rag.answering.finding import Finding
from rag.answering.label_route import from_labels
from rag.answering.route import Routed, systems_for
from rag.answering.timing import GrowthRule
from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.retrieval.concepts import Synonyms
from rag.types import Decision, Descriptor, Evidence, Outcome


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
        return from_labels(question, routed, tuple(shelf.get(name) for name in named), synonyms)
    return None


def _systems(
    routed: Routed, shelf: Shelf, guidelines: Collection[str] | None
) -> tuple[Guideline, ...]:
    """The systems asked for; else those named; else those that may apply to the findings."""
    named = tuple(guidelines or routed.guidelines) or tuple(
        dict.fromkeys(name for f in routed.findings if _placed(f) for name in systems_for(f, shelf))
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
    rule = GrowthRule.in_facts(guideline.facts)
    grown = (with_growth(f, rule) if rule else f for f in routed.findings)
    decisions = [_graded(guideline, finding) for finding in grown]
    applicable = [d for d in decisions if d.table]
    return sorted(applicable, key=lambda d: -order.get(d.category or "", -1))


def _graded(guideline: Guideline, finding: Finding) -> Decision:
    """The table's word on one finding; what the text leaves open stays open and is said so.

    The tables get all values that an unsettled descriptor may have; the reader sees only those
    that were read.
    """
    decision = grade(guideline, finding.for_tables)
    said = (*decision.notes, *finding.notes, *map(_against, finding.contradictions))
    return replace(decision, descriptors=finding.descriptors, notes=tuple(dict.fromkeys(said)))


def _against(pair: tuple[Descriptor, Descriptor]) -> str:
    one, other = pair
    return f'"{one.text}" and "{other.text}" contradict each other; neither is taken as so.'


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


def _not_covered(graded: Sequence[tuple[Guideline, Decision]], evidence: EvidenceList) -> Draft:
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
