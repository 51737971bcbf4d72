"""What the passage narrows is not widened: no modifier of its subject or condition is left out.

"Patients with end-stage kidney disease can have contrast" does not support "patients with kidney disease
can". What is *said* of the subject may be given in part, and members of a list may be left out; a word
that narrows what the sentence speaks of, or the condition it holds under, may not. In a rule that leads
to a label every describing word is a condition.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answering.grounding.attributes import ATTRIBUTES, POPULATIONS, values
from rag.answering.grounding.attributes import mentions as attribute_mentions
from rag.answering.grounding.labels import labels
from rag.answering.grounding.meaning import implied, means_known
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.result import CheckResult, Part, Unit, passed, unsupported
from rag.answering.grounding.strands import (
    CONDITIONAL,
    VERBS,
    Member,
    Term,
    members,
    terms,
)
from rag.answering.grounding.text import plain
from rag.answering.grounding.words import all_words
from rag.types import Span

_CHECK = "narrowed"
_DEFINING = frozenset("applies covers means".split())
"""Verbs after which the conditions of a label stand."""

_BRACKET = re.compile(r"(?<=\()[^()]*(?=\))")
_RESTRICTING = frozenset("with on for in at during after before without under over within".split())
"""Prepositions of phrases that say when, where or for whom; "of" and "by" seldom do."""

_QUALIFYING = frozenset(
    "some many few several certain selected suspected possible probable potential".split()
)
"""Words that say how many of a kind, or how sure: what holds of some is not said of all."""

_TOGETHER = re.compile(r"\b(?:both|together|all of)\b", re.IGNORECASE)
_NEEDED = re.compile(r"\b(?:needs? to|must|requires?)\b", re.IGNORECASE)
_LISTING = frozenset({"or", "and", ",", "/"})
_TABLES = (*ATTRIBUTES, *POPULATIONS)


def check_narrowed(part: Part, unit: Unit) -> CheckResult:
    """No word that narrows what the passage speaks of, or its condition, is left out."""
    told, whole = _told(part, unit), _concludes(part, unit)
    found = members(unit.text, brackets=False)
    pieces = _pieces(found, whole)
    for bracket in _BRACKET.finditer(unit.text):
        alone = " " * bracket.start() + bracket.group()
        pieces += _pieces(members(alone), True, True)
    often = Counter(key for piece in pieces for key in piece.keys)
    left_out = [
        term
        for piece in pieces
        if len(pieces) == 1 or any(often[x.key] == 1 and told.names(x) for x in piece.telling)
        for term in _modifiers(piece, told)
    ]
    if _TOGETHER.search(unit.text) or (whole and _NEEDED.search(unit.text)):
        left_out += _demanded(found, told)
    if whole:
        left_out += _conditions_of_a_label(found, told)
    if not left_out:
        return passed(_CHECK)
    words = ", ".join(f'"{plain(unit.text)[slice(*term.span)]}"' for term in left_out)
    return unsupported(_CHECK, f"leaves out {words}, on which the cited passage depends")


def _demanded(found: Sequence[Member], told: _Told) -> list[Term]:
    """Members of a list that must hold together, of which the statement names one and leaves out others."""
    at = next((n for n, member in enumerate(found) if member.verb is not None), len(found))
    run = [*found[at : at + 1]]
    for member in found[at + 1 :]:
        if member.verb is not None or member.joint not in ("and", ","):
            break
        run.append(member)
    rows = [[x for x in member.terms[member.verb or 0 :] if x.kind == "word"] for member in run]
    if len(rows) < 2 or not any(told.names(x) for row in rows for x in row):
        return []
    return [x for row in rows if row and not any(told.has(x) for x in row) for x in row]


def _conditions_of_a_label(found: Sequence[Member], told: _Told) -> list[Term]:
    """Figures before the colon that leads to a label: "under 10 mm and 1 or more features: LR-4"."""
    colon = next((n for n, member in enumerate(found) if member.joint == ":"), 0)
    alone = colon == len(found) - 1 and all(x.key.startswith("\x01label") for x in found[-1].terms)
    given = [x for member in found[:colon] for x in member.terms if x.is_measured]
    return [x for x in given if not told.has(x)] if alone else []


def _concludes(part: Part, unit: Unit) -> bool:
    """Whether the statement leads to a label that the passage has: then all that is described counts."""
    there = {x.label for x in labels(unit.text)}
    last = max((x.span[1] for x in terms(part.text) if x.is_telling), default=0)
    ending = (x for x in labels(part.text) if x.role == "target" or x.span[1] >= last)
    return any(x.label in there for x in ending)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A member, or what it has up to its verb or behind it.

    ``narrows`` are the terms that say of what or when it holds, ``conditions`` those behind an "if" or
    "only", ``whole`` that all others count as much; ``listed`` are the neighbours in a list, before and behind.
    """

    terms: tuple[Term, ...]
    narrows: frozenset[Term]
    conditions: frozenset[Term]
    listed: tuple[tuple[Term, ...], tuple[Term, ...]]
    whole: bool
    heads: bool
    bracket: bool = False

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(term.key for term in self.telling)

    @property
    def telling(self) -> tuple[Term, ...]:
        """The terms by which a statement shows that it speaks of this."""
        return tuple(x for x in self.terms if x.kind in ("figure", "word"))


def _pieces(found: Sequence[Member], whole: bool, bracket: bool = False) -> list[_Piece]:
    pieces: list[_Piece] = []
    zone: _Zone = "subject"
    for at, member in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        if member.joint == ":" or member.verb is not None:
            zone = "predicate" if member.verb is None else "subject"
        zones, zone = _zones(member, zone)
        narrows = frozenset(term for term, its in zones if its != "predicate")
        conditions = frozenset(term for term, its in zones if its == "condition")
        goes_on = (following is not None and following.verb is None) or member.verb is None
        listed = (
            found[at - 1].terms[-1:] if member.joint in _LISTING else (),
            _list_after(found, at) if goes_on else (),
        )
        heads = bool(following and following.joint == ":")
        cut = 0 if member.verb is None else member.verb
        for row, ends in (
            (member.terms[:cut], (listed[0], ())),
            (member.terms[cut:], (() if cut else listed[0], listed[1])),
        ):
            if row:
                pieces.append(_Piece(row, narrows, conditions, ends, whole, heads, bracket))
    return pieces


def _list_after(found: Sequence[Member], at: int) -> tuple[Term, ...]:
    """The first telling term of each member that goes on the list behind this one."""
    told: list[Term] = []
    for member in found[at + 1 :]:
        if member.joint not in _LISTING or (told and member.verb is not None):
            break
        told += [x for x in member.terms if x.is_telling][:1]
    return tuple(told)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the statement has said, with all that it may rely on.

    ``named`` are the places of attributes of the passage that it names, ``within`` those of intervals in
    which a size that it gives lies.
    """

    terms: tuple[Term, ...]
    words: frozenset[str]
    named: tuple[Span, ...]
    within: frozenset[Span]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(term.key for term in self.terms)

    def names(self, term: Term) -> bool:
        """Whether the statement has this very term, not only one near to it."""
        return term.key in self.keys

    def has(self, term: Term) -> bool:
        if term.kind in ("figure", "name", "examination"):
            return term.key in self.keys or term.span in self.within
        inside = any(a <= term.span[0] and term.span[1] <= b for a, b in self.named)
        return inside or means_known(term.key, self.words)


def _told(part: Part, unit: Unit) -> _Told:
    asked = part.asked
    texts = [x for x in (part.text, part.before, asked.question, asked.decision) if x]
    texts.append(unit.edition.label)
    own = {value for table in _TABLES for text in texts for value in values(text, table)}
    named = tuple(x.span for x in attribute_mentions(unit.text) if x.concept in own)
    words = frozenset[str]().union(*map(all_words, texts)) | implied(part, unit)
    given = [x for text in texts for x in quantities(text) if x.is_point]
    within = frozenset(
        x.span
        for x in quantities(unit.text)
        if any(x.dimension == y.dimension and x.contains(y.low or 0) for y in given)
    )
    return _Told(tuple(x for text in texts for x in terms(text)), words, named, within)


_Zone = Literal["subject", "predicate", "condition"]


def _zones(member: Member, zone: _Zone) -> tuple[list[tuple[Term, _Zone]], _Zone]:
    """For each term whether it stands with the subject, behind the verb or in a condition; and the last."""
    found: list[tuple[Term, _Zone]] = []
    for term in member.terms:
        if term.text in CONDITIONAL:
            zone = "condition"
        elif term.text in VERBS and zone == "subject":
            zone = "subject" if term.text in _DEFINING else "predicate"
        found.append((term, zone))
    return found, zone


def _modifiers(piece: _Piece, told: _Told) -> Iterator[Term]:
    """What is left out though something hangs on it; not what a list offers as a choice."""
    row = piece.terms
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and _is_missing(row[end], told, piece):
            end += 1
        beside = (*piece.listed[0] * (at == 0), *piece.listed[1] * (end == len(row)))
        chosen = any(x.kind in ("empty", "common") or told.has(x) for x in beside)
        if end > at and not chosen and _hangs_on(piece, at, end):
            before = row[max(0, at - 1) : at]
            yield from (
                x for x in row[at:end] if x.text in _QUALIFYING or not _may_be_a_verb(x, before)
            )
        at = max(end, at + 1)


def _is_missing(term: Term, told: _Told, piece: _Piece) -> bool:
    if term.text in _QUALIFYING:
        return not any(x.text in _QUALIFYING and x.key == term.key for x in told.terms)
    counted = term.kind == "word" or (piece.whole and term.is_measured and not piece.bracket)
    return counted and not told.has(term)


def _hangs_on(piece: _Piece, start: int, end: int) -> bool:
    """Whether the words are a condition, or stand after a preposition, or before a noun of the subject."""
    row = piece.terms
    if piece.whole or any(x in piece.conditions for x in row[start:end]):
        return True
    back = start - 1
    while back > 0 and row[back].text in ("a", "an", "the"):
        back -= 1
    if back > 0 and row[back].text in _RESTRICTING and row[back - 1].kind != "empty":
        return True
    if any(x.text in _QUALIFYING for x in row[start:end]):
        return True
    follows = end < len(row) and (
        row[end].is_telling or (row[end].kind == "common" and not piece.heads)
    )
    return follows and any(x in piece.narrows for x in row[start:end])


def _may_be_a_verb(term: Term, before: Sequence[Term]) -> bool:
    """A finite verb is said by other words; English modifiers end in no plural "s"."""
    if term.text.endswith("ing") and any(x.text in CONDITIONAL for x in before):
        return True
    if term.text.endswith("ed") and any(x.text in VERBS for x in before):
        return True
    plural = term.text.endswith("s") and not term.text.endswith(("ss", "us", "is"))
    return plural or any(
        x.text == "to" or (x.text.endswith("s") and x.kind != "empty") for x in before
    )
