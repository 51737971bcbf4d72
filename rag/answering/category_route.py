"""The category route: a finding to the row of a table, or a category to what it means.

Tables decide; the sentences here only say which row holds and what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache

from rag.answering.branches import with_branches
from rag.answering.compose import (
    category_headline,
    category_named,
    decision_statements,
    fact_passages,
)
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.fact_picking import picked
from rag.answering.finding import Finding
from rag.answering.grading import STATED_LEVELS, Case, most_suspicious_first, remarks, unclaimed
from rag.answering.label_route import from_labels
from rag.answering.other_organ import another_organ
from rag.answering.report_check import ReportCheck, check_report, driving
from rag.answering.report_check_words import check_sentence, check_statement
from rag.answering.route import Routed, systems_for
from rag.answering.side_by_side import INCIDENTAL, SCREENING, applies_statement
from rag.answering.undecided import details, headline
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.retrieval.concepts import Synonyms
from rag.types import Decision, Evidence, Outcome, Statement


def from_category(
    question: str,
    routed: Routed,
    shelf: Shelf,
    synonyms: Synonyms,
    guidelines: Collection[str] | None = None,
) -> Draft | None:
    """A finding graded or a category explained; ``None`` where the question is of neither kind.

    Documents among ``guidelines`` have no tables: where only such are asked, their text answers.
    """
    if guidelines is not None:
        guidelines = tuple(name for name in guidelines if name in shelf.ids)
        if not guidelines:
            return None
    if other := another_organ(question, routed.guidelines, shelf):
        return refusal("category", "not_covered", other)
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
    if guidelines is None and _incidental(routed, shelf, named):
        named = (*named, *shelf.families[INCIDENTAL][:1])
    return tuple(shelf.get(name) for name in named)


def _incidental(routed: Routed, shelf: Shelf, named: Sequence[str]) -> bool:
    """Whether the screening system is asked about a finding that the other one is for."""
    families = {shelf.entries[name][0].family for name in named}
    incidental = any(f.get("exam_context") == "incidental" for f in routed.findings)
    held = INCIDENTAL in shelf.families
    return incidental and held and SCREENING in families and INCIDENTAL not in families


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
    """Whether the finding may be graded under a system that the question does not name. Signs of infection
    are a screening category only on a screening examination; else a patient with pneumonia is meant."""
    if finding.kind == "infection" and finding.get("exam_context") != "screening":
        return False
    return finding.organ is not None or finding.kind not in _ANYWHERE


def from_findings(
    question: str, routed: Routed, guidelines: Sequence[Guideline], synonyms: Synonyms = ()
) -> Draft | None:
    """Grade every finding under every system that may apply; the most suspicious comes first.

    ``None`` where no table of these guidelines is for such a finding.
    """
    cases = [case for g in guidelines for case in most_suspicious_first(g, _told(routed))]
    if not cases:
        return None
    cases = [with_branches(case) for case in cases]
    evidence = EvidenceList()
    checks = _checks(routed, cases)
    statements = _statements(cases, checks, evidence)
    decisions = tuple(case.decision for case in cases)
    outcome = outcome_of(decisions)
    notices = remarks(cases)
    if outcome == "refusal":
        return replace(_not_covered(cases, checks, evidence), notices=notices)
    unclear = outcome == "needs_details"
    clarification = next((d.clarification for d in decisions if d.clarification), None)
    return Draft(
        route="category",
        outcome=outcome,
        statements=statements,
        evidence=_nearby(question, cases, evidence, synonyms) if unclear else evidence.items,
        decisions=decisions,
        notices=notices,
        clarification=clarification if unclear else None,
        asking=_asking(cases) if unclear else (),
        headlines=_headlines(cases) if unclear else (),
        lead=len(statements),
    )


def _told(routed: Routed) -> tuple[Finding, ...]:
    """The findings; without the category a report gives them where that is to be checked."""
    if routed.intent != "check_report":
        return routed.findings
    return tuple(map(unclaimed, routed.findings))


def _checks(routed: Routed, cases: Sequence[Case]) -> tuple[tuple[Guideline, ReportCheck], ...]:
    """The one category that a report states, held against each system that has it."""
    if routed.intent != "check_report" or len(routed.stated) != 1:
        return ()
    found = []
    for guideline in dict.fromkeys(case.guideline for case in cases):
        own = [case for case in cases if case.guideline is guideline]
        case = own[driving(guideline, [each.decision for each in own])]
        told = case.finding.for_tables
        if any(item.name in STATED_LEVELS for item in told):
            continue  # only the report's own category is told: nothing to hold it against
        check = check_report(guideline, told, case.decision, routed.stated[0])
        found += [(guideline, check)] if check else []
    return tuple(found)


def _statements(
    cases: Sequence[Case],
    checks: Sequence[tuple[Guideline, ReportCheck]],
    evidence: EvidenceList,
) -> tuple[Statement, ...]:
    """The report check first, then each decision, then which of the systems applies."""
    first = [check_statement(guideline, check, evidence) for guideline, check in checks]
    agreed = {check.decision for _, check in checks if check.verdict in ("agrees", "open")}
    decided_ = [
        statement
        for case in cases
        for place, statement in enumerate(
            decision_statements(case.guideline, case.decision, evidence)
        )
        if place or case.decision not in agreed
    ]
    systems = tuple(dict.fromkeys(case.guideline for case in cases))
    applies = applies_statement(cases[0].finding, systems, evidence)
    return tuple(s for s in (*first, *decided_, applies) if s is not None)


def _nearby(
    question: str,
    cases: Sequence[Case],
    evidence: EvidenceList,
    synonyms: Synonyms,
) -> tuple[Evidence, ...]:
    """Evidence for a finding that is still open: facts on what is asked, then what each category
    that is still possible would lead to."""
    for guideline in dict.fromkeys(case.guideline for case in cases):
        evidence.cite_all(picked(guideline, question, synonyms))
    for case in cases:
        for label in case.decision.possible:
            category = category_named(case.guideline, label)
            if category is not None:
                evidence.cite_all(fact_passages(case.guideline, category.facts[:1]))
    return evidence.items


def decided(decision: Decision) -> bool:
    """A category, a management without a category, or every reading of a disputed row."""
    return bool(decision.category or decision.management or decision.readings)


def outcome_of(decisions: Sequence[Decision]) -> Outcome:
    """Answer as soon as one finding is decided and none still lacks a descriptor."""
    if any(decision.missing and not decided(decision) for decision in decisions):
        return "needs_details"
    return "answer" if any(map(decided, decisions)) else "refusal"


def _asking(cases: Sequence[Case]) -> tuple[str, ...]:
    """For each open finding: what it can be, what each category needs, what to say next."""
    sentences = []
    several = len({case.guideline.id for case in cases}) > 1
    for case in cases:
        guideline, decision = case.guideline, case.decision
        if decided(decision):
            continue
        if decision.not_covered:
            sentences.append(f"{guideline.edition.label}: {decision.not_covered}")
            continue
        said = (headline(case), details(case), *decision.notes, _question(case, several))
        sentences.append(" ".join(filter(None, said)))
    return tuple(sentence for sentence in dict.fromkeys(sentences) if sentence)


def _question(case: Case, several: bool) -> str:
    asked = case.decision.clarification
    question = asked.question if asked else "More is needed."
    unnamed = several and not case.decision.possible and not case.decision.branches
    return f"{case.guideline.edition.label}: {question}" if unnamed else question


def _headlines(cases: Sequence[Case]) -> tuple[str, ...]:
    """For each open finding what it can be and what each category needs."""
    waiting = [case for case in cases if case.decision.missing and not decided(case.decision)]
    said = (" ".join(filter(None, (headline(case), details(case)))) for case in waiting)
    return tuple(line for line in dict.fromkeys(said) if line)


def _not_covered(
    cases: Sequence[Case], checks: Sequence[tuple[Guideline, ReportCheck]], evidence: EvidenceList
) -> Draft:
    reasons = [check_sentence(guideline, check) for guideline, check in checks]
    statements: list[Statement] = []
    for case in cases:
        cited = evidence.cite_all(fact_passages(case.guideline, case.decision.fact_ids))
        reason = case.decision.not_covered or "no row covers this"
        reasons.append(f"{case.guideline.edition.label}: {reason}")
        statements += [Statement(reasons[-1], cited), *_for_the_reader(case, evidence)]
    left = any(case.decision.possible for case in cases)
    return refusal(
        "category",
        "not_covered",
        " ".join(reasons),
        evidence=evidence.items,
        decisions=tuple(case.decision for case in cases),
        statements=tuple(statements) if left and not checks else (),
    )


def _for_the_reader(case: Case, evidence: EvidenceList) -> Iterator[Statement]:
    """What the guideline says of the words, and what each category that remains leads to."""
    guideline, decision = case.guideline, case.decision
    if not decision.possible:
        return
    for passage in fact_passages(guideline, decision.fact_ids):
        yield Statement(passage.text, (evidence.cite(passage),))
    for label in decision.possible:
        category = category_named(guideline, label)
        if category is not None:
            cited = evidence.cite_all(fact_passages(guideline, category.facts[:1]))
            yield Statement(category_headline(guideline, label, category.management), cited)
