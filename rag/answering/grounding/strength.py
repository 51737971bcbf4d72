"""Strength: a "may" does not become a "must"; "only", "always" and "urgent" stand in the passage."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.answering.grounding.mentions import Mention, find, lexicon, mask, quoted
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.result import CheckResult, Part, Unit, partly, passed, unsupported
from rag.answering.grounding.text import fine_clauses
from rag.answering.grounding.words import content_words

_CHECK = "strength"
_HEDGE = re.compile(
    r"\b(?:may|might|can|could|consider(?:ed|s|ing)?|optional(?:ly)?|suggest(?:s|ed|ing|ive)?|likely|possibl[ey]|usually|favou?rs?"
    r"|preferred|encouraged|sometimes|selected|often|typically|potential(?:ly)?|commonly|generally|chiefly)\b",
    re.IGNORECASE,
)  # fmt: skip
_FIRM = lexicon(
    ("must", r"must|needs?(?! (?:not|no)\b)|requires?|required|mandatory|obligatory|has to|have to|needs? to|needed|necessary|shall|imperative"),
    ("should", r"should|recommend\w*|advised?|indicated|calls? for"),
    ("only", r"only|solely|exclusively|limited to(?! \d)|restricted to(?! \d)"),
    ("always", r"always|regardless|irrespective|any (?:size|age|sex|patient|person|woman|nodule|lesion|case|time|category|implant|device)|all (?:sizes|ages|patients|people|women|men|nodules|lesions|cases|categories|implants|devices|children|adults)|whatever|in all cases|every case|no matter|invariably"),
    ("never", r"never|under no circumstances"),
    ("urgent", r"urgent\w*|immediate\w*|emergen\w+|straight away|at once|as soon as possible|promptly"),
    ("certain", r"definit\w+|certain(?:ly)?|proof|proven|proved|proves?(?! to be)|confirm(?:s|ed)?|guarantee\w*|undoubtedly|diagnostic of"),
)  # fmt: skip
_MUST_STAND = {"only", "always", "urgent", "certain", "never"}
_QUOTED = re.compile(r'"[^"]*"')
_MAY = re.compile(r"\b(?:may|might|can|could|optional(?:ly)?)\b", re.IGNORECASE)
_ONLY_IF = re.compile(r"\bonly (?:if|when|where)\b", re.IGNORECASE)
_ALONE = re.compile(r"\balone\b", re.IGNORECASE)
_NEVER = re.compile(r"\b(?:never|not|no)\b", re.IGNORECASE)


@lru_cache(maxsize=8192)
def firm_words(text: str) -> tuple[Mention, ...]:
    """Words that oblige, restrict, generalise, hasten or make certain."""
    return find(mask(text, [quantity.span for quantity in quantities(text)]), _FIRM)


def check_strength(part: Part, unit: Unit) -> CheckResult:
    """The statement is no firmer than the clause of the passage that it restates."""
    own, there = firm_words(part.text), {mention.concept for mention in firm_words(unit.text)}
    if _NEVER.search(unit.text):
        there.add("never")
    if _ALONE.search(unit.text):
        there.add("only")
    if "must" in there and _ONLY_IF.search(part.text):
        there.add("only")
    beyond = tuple(m.span for m in own if m.concept in _MUST_STAND - there)
    if beyond:
        reason = f"{quoted(part.text, beyond)} goes beyond the cited passage"
        return unsupported(_CHECK, reason, beyond)
    harder = tuple(m.span for m in own if m.concept == "must")
    if harder and "should" in there and not there & {"must", "only"}:
        reason = f"{quoted(part.text, harder)}: the cited passage only recommends it"
        return unsupported(_CHECK, reason, harder)
    hedge = _hedge(part, unit)
    firm = tuple(m.span for m in own if m.concept in ("must", "should") and m.concept not in there)
    if _open(part, unit) and firm:
        hedge = hedge or "may"
    if hedge and firm:
        reason = f'{quoted(part.text, firm)}: the cited passage says "{hedge}"'
        return unsupported(_CHECK, reason, firm)
    if hedge:
        return partly(_CHECK, f'the cited passage says "{hedge}"')
    return _obligation(part, own, there)


def _open(part: Part, unit: Unit) -> bool:
    """Whether the passage only allows what the statement says, by "may" or the like."""
    return bool(_MAY.search(_QUOTED.sub("", unit.text))) and not _MAY.search(part.text)


def _hedge(part: Part, unit: Unit) -> str:
    """The word by which the passage leaves open what the statement says plainly; empty if none."""
    if _HEDGE.search(part.text):
        return ""
    own = content_words(part.text)
    for clause in fine_clauses(_QUOTED.sub("", unit.text)):
        found = _HEDGE.search(clause)
        if found and own & content_words(clause):
            return found.group()
    return ""


def _obligation(part: Part, own: tuple[Mention, ...], there: set[str]) -> CheckResult:
    must = tuple(
        m.span for m in own if m.concept == "must" and not there & {"must", "only", "should"}
    )
    if must:
        return partly(
            _CHECK, f"{quoted(part.text, must)} is not the word of the cited passage", must
        )
    return passed(_CHECK)
