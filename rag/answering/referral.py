"""Between the guideline texts, the grading tables and the appropriateness tables: which of them
a question is for.

A presentation (a patient, a complaint, a result) goes to the appropriateness tables first and to the
texts where no scenario covers it; a question about what a guideline says goes to the texts first, and
to the tables where the texts are silent. Whether a scenario covers it is the ranking's own fitted
judgement, never a word that must stand in the question. A finding that a grading table cannot decide
is a referral's when it is not told in a report's terms.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from rag.answering.appropriate import from_appropriateness
from rag.answering.draft import Draft
from rag.answering.parts import Parts
from rag.answering.referral_signs import (
    asks_about_text,
    asks_for_a_study,
    asks_for_examination,
    asks_what_to_order,
    is_referral,
    of_another_organ,
    reads_as_assessment,
    reads_as_report,
    says_only_an_assessment,
)
from rag.answering.route import Routed
from rag.answering.scenario_desk import ScenarioDesk
from rag.answering.text_first import asks_of_texts, asks_technique, text_comes_first

SURE, ALMOST_CERTAIN = 0.75, 0.95
"""Probabilities of being covered from which the tables come before the texts for words that may be
either's, and before a category for a finding that nothing marks as a referral's."""
SAYS_IT = 0.75
"""Share of the question's words that a scenario says itself, from which it is the one meant."""


def from_text_or_tables(
    question: str,
    routed: Routed,
    parts: Parts,
    guidelines: Collection[str] | None,
    read_text: Callable[[], Draft],
) -> Draft:
    """The draft of the first route that does not refuse; else the refusal of the likelier one."""
    desk = _desk(routed, parts, guidelines)
    if desk is None:
        return read_text()

    def read_tables() -> Draft:
        return from_appropriateness(question, desk)

    if text_comes_first(question, routed, parts, guidelines):
        certain = None if asks_of_texts(question) else _certain(question, desk)
        return certain or _better(read_text(), read_tables)
    if is_referral(question, routed):
        return _better(read_tables(), read_text)
    if not asks_about_text(question):
        sure = from_appropriateness(question, desk, certainty=SURE)
        return sure if sure.outcome != "refusal" else _better(read_text(), read_tables)
    draft = read_text()
    if asks_for_examination(question):
        return _better(draft, read_tables)
    if draft.outcome != "refusal" or asks_technique(question):
        return draft
    sure = from_appropriateness(question, desk, certainty=ALMOST_CERTAIN)
    return sure if sure.outcome != "refusal" else draft


def from_tables_instead(
    question: str,
    routed: Routed,
    graded: Draft,
    parts: Parts,
    guidelines: Collection[str] | None,
) -> Draft:
    """``graded``, or the scenario's table where the finding is a referral's and a scenario covers it."""
    wanted = _study_wanted(question, routed, parts, guidelines)
    if wanted is not None:
        return replace(wanted, notices=(*wanted.notices, *_also_graded(graded, parts)))
    report = (
        reads_as_report(routed.findings)
        or reads_as_assessment(question, routed.findings)
        or says_only_an_assessment(question, routed.findings, parts.glossary)
    )
    desk = None if report else _desk(routed, parts, guidelines)
    if desk is None:
        return graded
    elsewhere = of_another_organ(routed.findings, desk.regions_named(question))
    asked = elsewhere or asks_what_to_order(question, routed)
    draft = from_appropriateness(question, desk, certainty=0.0 if asked else ALMOST_CERTAIN)
    return graded if draft.outcome == "refusal" else draft


def _study_wanted(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> Draft | None:
    """The table of a certain scenario where a study is asked for, whatever the finding would be graded.

    A stated category ("BI-RADS 4, next imaging study") is then a result, not what is asked about. A
    finding of a screening programme keeps its category: the programme says what comes next.
    """
    programme = any(
        f.get("exam_context") == "screening" or f.get("prior_category") for f in routed.findings
    )
    if programme or not asks_for_a_study(question):
        return None
    reader_allows = not guidelines or set(guidelines) & set(parts.shelf.with_topics)
    desk = parts.desk() if reader_allows else None
    return _certain(question, desk) if desk else None


def _also_graded(graded: Draft, parts: Parts) -> tuple[str, ...]:
    """Says that a grading table speaks of the same finding, so that nobody takes one for the other."""
    names = dict.fromkeys(d.edition.title for d in graded.decisions)
    return tuple(f"{name} grades this finding too: ask for its category." for name in names)


def _certain(question: str, desk: ScenarioDesk) -> Draft | None:
    """The table of a scenario that says what the question says, ``None`` where none surely does."""
    draft = from_appropriateness(question, desk, certainty=ALMOST_CERTAIN, explained=SAYS_IT)
    return draft if draft.outcome != "refusal" else None


def _better(draft: Draft, other: Callable[[], Draft]) -> Draft:
    """The draft unless it refuses and the other does not, or knows it to be off topic."""
    if draft.outcome != "refusal":
        return draft
    second = other()
    off_topic = second.refusal is not None and second.refusal[0] == "off_topic"
    return second if off_topic or second.outcome != "refusal" else draft


def _desk(routed: Routed, parts: Parts, guidelines: Collection[str] | None) -> ScenarioDesk | None:
    """The tables, unless the reader or the question names guidelines that have none.

    A grading system named without its edition is named too.
    """
    asked = guidelines or routed.guidelines or routed.ambiguous
    if asked and not set(asked) & set(parts.shelf.with_topics):
        return None
    return parts.desk()
