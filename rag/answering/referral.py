"""Between the guideline texts and the appropriateness tables: which of them a question is for.

A referral (a patient of some age, the result of a test, the question what to order) goes to the
tables first and to the texts where they are silent. Anything else goes to the texts, and to the
tables only where the texts are silent and the question asks for an examination.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache

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

    if not is_referral(question, routed):
        draft = read_text()
        asks = draft.outcome == "refusal" and _examination().search(question)
        return _better(draft, read_tables) if asks else draft
    return _better(read_tables(), read_text)


def _better(draft: Draft, other: Callable[[], Draft]) -> Draft:
    """The draft unless it refuses and the other does not."""
    if draft.outcome != "refusal":
        return draft
    second = other()
    return draft if second.outcome == "refusal" else second


@cache
def _examination() -> re.Pattern[str]:
    """Asking which examination to do, in words that a guideline's text may not use."""
    kinds = r"exam\w*|tests?|imaging|stud(?:y|ies)|scans?|modality|protocol"
    return re.compile(
        rf"\b(?:which|what|best|first|initial|next)\b[^.?]{{0,30}}\b(?:{kinds})\b|\bprotocol for\b"
        r"|^\s*(?:ct|mri|us|cta|mra|x-?ray) (?:protocol )?for\b",
        re.IGNORECASE,
    )


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
    if routed.intent == "appropriateness":
        return True
    facets = read_facets(question)
    return bool(facets.results) or (facets.age is not None and facets.age.stated)


def _desk(routed: Routed, parts: Parts, guidelines: Collection[str] | None) -> ScenarioDesk | None:
    """The tables, unless the reader or the question names guidelines that have none."""
    asked = guidelines or routed.guidelines
    if routed.labels or (asked and not set(asked) & set(parts.shelf.with_topics)):
        return None
    return parts.desk()
