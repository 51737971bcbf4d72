"""When the guideline texts come before the appropriateness tables, though the words may be a referral's.

The tables say which examination is appropriate. They say nothing of a dose, a delay, a slice
thickness or of what another body than theirs holds; where a passage surely answers such a question,
no table stands in its way.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from rag.answering.parts import Parts
from rag.answering.referral_signs import asks_about_text, describes_an_age
from rag.answering.route import Routed
from rag.answering.text_route import passages_for
from rag.knowledge.shelf import Shelf
from rag.retrieval.answer_kind import kinds_wanted

SURE = 0.75
"""Probability from which a passage surely answers."""


def text_comes_first(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> bool:
    """Whether a passage answers what the tables cannot say."""
    of_body = names_a_body(question, parts.shelf)
    of_text = asks_about_text(question) and not (
        routed.intent == "appropriateness" or describes_an_age(question)
    )
    wanted = bool(kinds_wanted(question))
    if not (of_body or of_text or wanted or asks_technique(question)):
        return False
    best = next(iter(passages_for(question, routed, parts, guidelines)), None)
    if best is None:
        return False
    if of_body:
        return True
    return best.probability >= SURE and (not wanted or best.features["kind"] > 0)


@cache
def _technique() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:protocols?|phases?|sequences?|technique|slices?|delay|timing|injection|flow|saline|premedicat\w*"
        r"|preparation|fast(?:ing)?|field strength|coil|noncontrast scan|unenhanced (?:scan|phase)|oral contrast)\b",
        re.IGNORECASE,
    )


def asks_technique(question: str) -> bool:
    """Whether the question is about how an examination is done."""
    return _technique().search(question) is not None


def names_a_body(question: str, shelf: Shelf) -> bool:
    """Whether the question names a body that issued facts here, other than that of the tables."""
    words = set(re.findall(r"\b[A-Z][A-Z-]{2,}\b", question))
    return bool(words & _bodies(shelf))


@cache
def _bodies(shelf: Shelf) -> frozenset[str]:
    """Short names of the bodies that facts are issued by, without that of the appropriateness tables."""
    names = {
        word
        for guideline in (shelf.get(name) for name in shelf.ids if name not in shelf.with_topics)
        for fact in guideline.facts
        if fact.issuer
        for word in re.findall(r"\b[A-Z][A-Z-]{2,}\b", fact.issuer)
    }
    return frozenset(names - {"ACR", "CMS", "MRI", "SPR"})
