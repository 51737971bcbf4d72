"""What a question on categories asks in words: the guideline's own sentence, before or in place of a category.

"How common is category 4B" asks for more than what 4B means, and "which nodules are 4A at
baseline" describes nothing to grade. The text route's best passage answers such questions, where
it is sure and speaks of the same category.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.label_route import asks_beyond
from rag.answering.parts import Parts
from rag.answering.route import Routed
from rag.answering.text_route import from_text, likeliest, passages_for
from rag.types import Passage, Statement

_SURE = 0.6
"""Probability from which a passage comes before the category's own text."""
_UNLIKELY = 0.3
"""Probability below which nothing says what a question asks about a category beyond what it means."""
_HARDLY = 0.05
"""The same for a question in words that a table would answer as if it described a finding."""


def with_words_asked(
    question: str, routed: Routed, draft: Draft, parts: Parts, guidelines: Collection[str] | None
) -> Draft:
    """The category's draft, with the passage that answers in front or alone where one is asked for."""
    if draft.route != "category" or not draft.decisions:
        return draft
    explained = [decision.table for decision in draft.decisions] == ["categories"]
    if not explained and _asks_a_statistic().search(question):
        return _statistic(question, routed, draft, parts, guidelines)
    if draft.outcome == "answer":
        if explained:
            return _in_front(question, routed, draft, parts, guidelines)
        of_text = _asks_in_words(question) and not _sized(routed)
        if of_text and likeliest(question, routed, parts, guidelines) < _HARDLY:
            return _unsaid(draft)
        return draft
    if not _asks_in_words(question) or _sized(routed):
        return draft
    return _instead(question, routed, draft, parts, guidelines)


def _unsaid(draft: Draft) -> Draft:
    """A refusal: a category is named, and what is asked about it is said nowhere; its entry stands beside."""
    named = dict.fromkeys(
        f"{d.edition.label} category {d.category}" for d in draft.decisions if d.category
    )
    reason = f"No guideline on the shelf says what is asked about {' and '.join(named)}; what the category means is shown beside."  # fmt: skip
    if not named:
        reason = "No guideline on the shelf says what is asked; it describes findings, and how it grades them is shown beside."
    return refusal("guideline_text", "not_covered", reason, evidence=draft.evidence)


def _statistic(
    question: str, routed: Routed, draft: Draft, parts: Parts, guidelines: Collection[str] | None
) -> Draft:
    """What was measured, from the text alone: a category is no answer to "unnecessary biopsy rate"."""
    asked = guidelines or routed.guidelines or None
    best = next(iter(passages_for(question, routed, parts, asked)), None)
    said = best is not None and best.features["label"] >= 0 and "%" in best.hit.passage.text
    return from_text(question, routed, parts, asked) if said else _unsaid(draft)


def _in_front(
    question: str, routed: Routed, draft: Draft, parts: Parts, guidelines: Collection[str] | None
) -> Draft:
    guideline = parts.shelf.get(draft.decisions[0].edition.guideline)
    synonyms = parts.glossary.named_things(question)
    if not asks_beyond(question, guideline, routed.labels, synonyms):
        return draft
    if likeliest(question, routed, parts, guidelines) < _UNLIKELY:
        return _unsaid(draft)
    best = next(iter(passages_for(question, routed, parts, guidelines)), None)
    if best is None or best.probability < _SURE or best.features["label"] <= 0:
        return draft
    passage = best.hit.passage
    if passage.edition.guideline not in (guidelines or routed.guidelines):
        return draft
    return replace(_led_by(passage, draft), retrieved=(best.hit, *draft.retrieved))


def _led_by(passage: Passage, draft: Draft) -> Draft:
    """The draft with the passage as its first statement, its evidence renumbered."""
    evidence = EvidenceList()
    first = Statement(passage.text, (evidence.cite(passage),))
    number = {item.n: evidence.cite(item.passage, item.quote) for item in draft.evidence}
    rest = tuple(
        replace(said, citations=tuple(dict.fromkeys(number[n] for n in said.citations)))
        for said in draft.statements
        if said.text != passage.text
    )
    lead = 1 + sum(said.text != passage.text for said in draft.statements[: draft.lead])
    return replace(draft, statements=(first, *rest), evidence=evidence.items, lead=lead)


def _instead(
    question: str, routed: Routed, draft: Draft, parts: Parts, guidelines: Collection[str] | None
) -> Draft:
    """What the text says, where the tables ask back or are silent and the text names the category."""
    asked = guidelines or routed.guidelines or None
    text = from_text(question, routed, parts, asked)
    if text.outcome != "answer":
        return draft
    if draft.outcome == "needs_details" and (routed.ambiguous or not routed.labels):
        return draft
    best = next(iter(passages_for(question, routed, parts, asked)))
    return text if not routed.labels or best.features["label"] > 0 else draft


def _sized(routed: Routed) -> bool:
    """Whether a finding with a size is described: that is for the tables."""
    sizes = ("mean_diameter", "max_diameter", "volume", "solid_component")
    return any(d.name in sizes for finding in routed.findings for d in finding.descriptors)


@cache
def _in_words() -> re.Pattern[str]:
    return re.compile(
        r"^\W*(?:what|which|how|why|when|where|who|does|do|is there|are there|can|may|must|should)\b"
        r"|\b(?:which|what) (?:sizes?|diameters?|nodules?|lesions?|findings?|features?)\b",
        re.IGNORECASE,
    )


@cache
def _asks_a_statistic() -> re.Pattern[str]:
    """How well a rule did in a study, asked for in so many words."""
    return re.compile(
        r"\b(?:(?<!malignancy )(?<!cancer )rates?|sensitivity|specificity|prevalence|ppv ?\d?|npv|auc|kappa|accuracy)\W*$"
        r"|\bhow (?:sensitive|specific|accurate)\b|\b(?:what|which) (?:sensitivity|specificity|accuracy)\b",
        re.IGNORECASE,
    )


@cache
def _wants_category() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:what|which)\s+(?:[\w]+[\s-]){0,2}(?:categor\w+|rads|level|assessment|score)\b(?! \d)",
        re.IGNORECASE,
    )


def _asks_in_words(question: str) -> bool:
    """Whether a sentence of the guideline is asked for and not the category of a finding."""
    return bool(_in_words().search(question)) and not _wants_category().search(question)
