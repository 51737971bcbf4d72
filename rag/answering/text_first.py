"""When the guideline texts come before the appropriateness tables, though the words may be a referral's.

The tables say which examination is appropriate. They say nothing of a dose, a delay, a slice
thickness or of what another body than theirs holds; where a passage surely answers such a question,
no table stands in its way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from rag.answering.parts import Parts
from rag.answering.referral_signs import (
    asks_about_text,
    asks_for_examination,
    describes_an_age,
    is_referral,
)
from rag.answering.route import Routed
from rag.answering.text_route import passages_for
from rag.knowledge.shelf import Shelf
from rag.retrieval.answer_kind import kinds_wanted
from rag.retrieval.bounds import UNITS, quantities

SURE = 0.75
"""Probability from which a passage surely answers."""


def text_comes_first(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> bool:
    """Whether a passage answers what the tables cannot say."""
    named = _bodies_named(question, parts)
    of_text = asks_about_text(question) and not (
        routed.intent == "appropriateness" or describes_an_age(question)
    )
    referred = is_referral(question, routed)
    # "Poor flow ... does he need a scan?" of a patient asks neither of needs nor of technique.
    examined = referred and asks_for_examination(question) and not _names_a_protocol(question)
    wanted = bool(kinds_wanted(question)) and not examined
    technique = asks_technique(question) and not examined
    # A referral's own values ("Wells 3", "eGFR 15") are facts of its patient, not what it asks about.
    measured = not referred and any(
        one.exact and one.of not in UNITS for one in quantities(question)
    )
    if not (named or of_text or wanted or measured or technique):
        return False
    best = next(iter(passages_for(question, routed, parts, guidelines)), None)
    if best is None:
        return False
    if named & capitals(best.hit.passage.edition.issuer):
        return True  # the body that is asked for
    if measured and best.features["bounds"] > 0:
        return True  # a stated value that a bound of the passage holds
    if not (of_text or wanted or technique):
        return False
    return best.probability >= SURE and (not wanted or best.features["kind"] > 0)


def _bodies_named(question: str, parts: Parts) -> frozenset[str]:
    """Capitals that may be a body's name; "WCC" and "GCS" are none, and need no search.

    The bodies of readers' own documents are not known beforehand: with such documents any may be one.
    """
    named = capitals(question)
    if not named or any(name not in parts.shelf.ids for name in parts.searchable()):
        return named
    return named & frozenset().union(*map(capitals, _issuers(parts.shelf)))


def _issuers(shelf: Shelf) -> Iterator[str]:
    """Who speaks on the shelf: the issuers of editions, and of facts where a guideline joins several."""
    for name in shelf.ids:
        yield shelf.edition(name).issuer
        if not shelf.has_tables(name) and name not in shelf.with_topics:
            yield from (fact.issuer for fact in shelf.get(name).facts if fact.issuer)


@cache
def _technique() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:protocols?|phases?|sequences?|technique|slices?|field of view|fov|matrix|voxels?|delay|timing|injection|flow|saline|premedicat\w*"
        r"|preparation|fast(?:ing)?|field strength|coil|noncontrast scan|unenhanced (?:scan|phase)|oral contrast)\b",
        re.IGNORECASE,
    )


def asks_technique(question: str) -> bool:
    """Whether the question is about how an examination is done."""
    return _technique().search(question) is not None


def asks_of_texts(question: str) -> bool:
    """Whether only a text can be meant: a body or a protocol is named, a dose or delay is asked for.

    "High flow vascular anomaly" and "saline implant" are no questions of technique.
    """
    named = _names_a_protocol(question)
    return named or bool(kinds_wanted(question)) or asks_about_text(question)


def _names_a_protocol(question: str) -> bool:
    named = r"\b(?:protocols?|technique|sequences?|premedicat\w*)\b"
    return re.search(named, question, re.IGNORECASE) is not None


def capitals(text: str) -> frozenset[str]:
    """Words in capitals, as bodies are named (ESUR, AHA)."""
    return frozenset(re.findall(r"\b[A-Z][A-Z-]{2,}\b", text)) - {"ACR", "MRI"}
