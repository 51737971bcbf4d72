"""Between the guideline texts and the appropriateness tables: which of them a question is for.

A referral (a patient, a stage of care, an order) goes to the tables first; anything else to the
texts first. Where the first is silent the other may answer, and a refusal names what lay nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from rag.answering.appropriate import from_appropriateness
from rag.answering.draft import Draft, refusal
from rag.answering.facets import read_facets
from rag.answering.parts import Parts
from rag.answering.route import Routed
from rag.answering.scenario_desk import ScenarioDesk
from rag.retrieval.tokens import tokens


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
        return _of_the_same_region(question, from_appropriateness(question, desk), parts)

    first, second = (
        (read_tables, read_text) if is_referral(question, routed) else (read_text, read_tables)
    )
    draft = first()
    if draft.outcome != "refusal":
        return draft
    other = second()
    return draft if other.outcome == "refusal" else other


def _of_the_same_region(question: str, draft: Draft, parts: Parts) -> Draft:
    """The draft, unless its table is of another part of the body than the question."""
    table = draft.appropriateness
    if table is None:
        return draft
    if not parts.regions.apart(tokens(question), tokens(f"{table.topic} {table.scenario}")):
        return draft
    return refusal(
        "appropriateness",
        "not_covered",
        f"No scenario on the shelf fits this. The nearest topic, {table.topic}, is about another "
        "part of the body.",
        evidence=draft.evidence,
        retrieved=draft.retrieved,
    )


def is_referral(question: str, routed: Routed) -> bool:
    """Whether the question describes a patient to be examined, or asks what to order."""
    facets = read_facets(question)
    patient = (facets.age is not None and facets.age.stated) or facets.sex is not None
    return routed.intent == "appropriateness" or patient or facets.stage is not None


def _desk(
    routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> ScenarioDesk | None:
    """The tables, unless the reader or the question names guidelines that have none."""
    asked = guidelines or routed.guidelines
    if routed.labels or (asked and not set(asked) & set(parts.shelf.with_topics)):
        return None
    return parts.desk()
