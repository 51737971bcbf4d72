"""What the passage narrows is not widened: no modifier of its subject or condition is left out.

"Patients with end-stage kidney disease can have contrast" does not support "patients with kidney disease
can". What is *said* of the subject may be given in part, and members of a list may be left out; a word
that narrows what the sentence speaks of, or the condition it holds under, may not. In a rule that leads
to a label every describing word is a condition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.answering.grounding.attributes import ATTRIBUTES, POPULATIONS, is_rule, values
from rag.answering.grounding.attributes import mentions as attribute_mentions
from rag.answering.grounding.labels import labels
from rag.answering.grounding.meaning import implied, means_known
from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.result import CheckResult, Part, Unit, passed, unsupported
from rag.answering.grounding.strands import (
    CONDITIONAL,
    PREPOSITIONS,
    VERBS,
    Member,
    Term,
    members,
    terms,
)
from rag.answering.grounding.words import all_words
from rag.types import Span

_CHECK = "narrowed"
_DEFINING = frozenset("applies covers means".split())
"""Verbs after which the conditions of a label stand."""

_LISTING = frozenset({"or", "and", ",", "/"})
_TABLES = (*ATTRIBUTES, *POPULATIONS)


def check_narrowed(part: Part, unit: Unit) -> CheckResult:
    """No word that narrows what the passage speaks of, or its condition, is left out."""
    told = _told(part, unit)
    found = members(unit.text, brackets=False)
    often = Counter(key for member in found for key in member.keys)
    rule = is_rule(unit.text) and bool(labels(part.text))
    left_out: list[Term] = []
    subject = True
    for member, following in zip(found, (*found[1:], None), strict=True):
        subject = subject or member.verb is not None
        narrowing, subject = _narrowing(member, subject)
        used = len(found) == 1 or any(often[x.key] == 1 and told.has(x) for x in member.terms)
        if used:
            listed = (member.joint in _LISTING, bool(following and following.joint in _LISTING))
            kept = member.terms if rule else narrowing
            left_out += [x for x in _modifiers(member, told, listed, rule) if x in kept]
    if not left_out:
        return passed(_CHECK)
    words = quoted(unit.text, [term.span for term in left_out])
    return unsupported(_CHECK, f"leaves out {words}, on which the cited passage depends")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the statement has said, with all that it may rely on; places of attributes it names."""

    keys: frozenset[str]
    words: frozenset[str]
    named: tuple[Span, ...]

    def has(self, term: Term) -> bool:
        if term.kind in ("figure", "name"):
            return term.key in self.keys
        if term.kind == "examination" and term.key in self.keys:
            return True
        inside = any(a <= term.span[0] and term.span[1] <= b for a, b in self.named)
        return inside or means_known(term.key.lstrip("\x03"), self.words)


def _told(part: Part, unit: Unit) -> _Told:
    text = f"{part.text} {part.before} {part.asked.question} {part.asked.decision} {unit.heading}"
    own = {value for table in _TABLES for value in values(text, table)}
    named = tuple(x.span for x in attribute_mentions(unit.text) if x.concept in own)
    words = all_words(text) | implied(part, unit)
    return _Told(frozenset(x.key for x in terms(text)), words, named)


def _narrowing(member: Member, subject: bool) -> tuple[frozenset[Term], bool]:
    """The terms of the member that say of what or when it holds, and whether the next goes on so."""
    found: set[Term] = set()
    for term in member.terms:
        if term.text in CONDITIONAL:
            subject = True
        elif term.text in VERBS:
            subject = term.text in _DEFINING
        if subject:
            found.add(term)
    return frozenset(found), subject


def _modifiers(
    member: Member, told: _Told, listed: tuple[bool, bool], rule: bool
) -> Iterator[Term]:
    """Words left out that hang on one that is said; not those that a list offers as a choice."""
    row = member.terms
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and _is_missing(row[end], told):
            end += 1
        chosen = (at == 0 and listed[0]) or (end == len(row) and listed[1])
        if end > at and not chosen and (rule or _hangs_on(row, at, end)):
            yield from (x for x in row[at:end] if not _may_be_a_verb(x, row[at - 1 : at]))
        at = max(end, at + 1)


def _is_missing(term: Term, told: _Told) -> bool:
    return term.kind in ("word", "examination") and not told.has(term)


def _hangs_on(row: Sequence[Term], start: int, end: int) -> bool:
    """Whether the words stand before a noun, or after a preposition behind one."""
    before = end < len(row) and row[end].kind not in ("empty", "sign")
    back = start - 1
    while back > 0 and row[back].text in ("a", "an", "the"):
        back -= 1
    behind = back > 0 and row[back].text in PREPOSITIONS and row[back - 1].kind != "empty"
    return before or behind


def _may_be_a_verb(term: Term, before: Sequence[Term]) -> bool:
    """A finite verb is said by other words; English modifiers end in no plural "s"."""
    plural = term.text.endswith("s") and not term.text.endswith(("ss", "us", "is"))
    return plural or any(x.text.endswith("s") and x.kind != "empty" for x in before)
