"""A sentence as terms, and the strands that it is made of: clauses and the members of their lists.

What a passage says of one member it does not say of the next, and what it says within a member it
says whole. Nothing here knows medicine: a term is a figure, the name of a system or edition, an
examination, a telling word, an empty word or a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import mask, places
from rag.answering.grounding.modality import examinations
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.systems import editions, systems
from rag.answering.grounding.text import plain
from rag.answering.grounding.words import is_common, meaning_of, pieces
from rag.types import Span

Kind = Literal["figure", "name", "examination", "word", "common", "empty", "sign"]

PREPOSITIONS = frozenset(
    "with on of for in at during after before under without from by to within over above as".split()
)
CONDITIONAL = frozenset(
    "if when where unless whenever provided once until whatever regardless only".split()
)
VERBS = frozenset(
    "is are was were has have had may might can could cannot should must will would does do did means needs need requires require "
    "applies uses covers includes scores gets carries gives counts becomes".split()
)
"""Verbs that a guideline's sentence turns on; where none of them stands, the clause has none."""

_ARTICLES = frozenset("a an the this that these those it its they which who be been being any no not than longer".split())  # fmt: skip
_RELATIVE = frozenset("that which who".split())
_JOINS = frozenset(
    "and or but while whereas against versus so because since although though".split()
)
_CUTS = frozenset({",", ";", ":", "->", "→"})
_RAW = re.compile(r"[A-Za-z][\w'-]*\w|[A-Za-z]|[,;:()/]|->|→")


@dataclass(frozen=True, slots=True)
class Term:
    """One term with its place; words are compared by ``key``, their meaning."""

    kind: Kind
    key: str
    span: Span
    text: str

    @property
    def is_telling(self) -> bool:
        return self.kind not in ("common", "empty", "sign")

    @property
    def is_measured(self) -> bool:
        """Whether it is a quantity with a unit, neither a label nor a count."""
        return self.kind == "figure" and not self.key.startswith(("\x01label", "\x01number"))

    @property
    def frame(self) -> str:
        """What a term of another member must share to be its rival: a figure's kind; empty for words."""
        return (
            self.key.split(" ", 1)[0]
            if self.kind == "figure"
            else self.kind * (self.kind == "name")
        )


@dataclass(frozen=True, slots=True)
class Member:
    """What stands between two joints; ``joint`` is the word or sign before it, empty for the first."""

    joint: str
    terms: tuple[Term, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(term.key for term in self.terms if term.is_telling)

    @property
    def verb(self) -> int | None:
        """Where its first verb stands that is not of a relative clause ("a nodule that is stable")."""
        return next(
            (
                at
                for at, term in enumerate(self.terms)
                if term.text in VERBS and not (at and self.terms[at - 1].text in _RELATIVE)
            ),
            None,
        )


@lru_cache(maxsize=8192)
def terms(text: str) -> tuple[Term, ...]:
    """All terms of the text in order."""
    source = plain(text)
    found = [Term("figure", f"\x01{x.dimension} {x.ends}", x.span, "") for x in quantities(source)]
    found += [Term("figure", f"\x01label {x.label}", x.span, "") for x in labels(source)]
    found += [
        Term("name", f"\x02{x.concept}", x.span, "") for x in (*systems(source), *editions(source))
    ]
    rest = mask(source, places(found))
    named = examinations(rest)
    found += [Term("examination", f"\x03{x.concept}", x.span, "") for x in named]
    rest = mask(rest, places(named))
    found += [term for raw in _RAW.finditer(rest) for term in _words(raw)]
    return tuple(sorted(found, key=lambda term: term.span))


def _words(raw: re.Match[str]) -> Iterable[Term]:
    if not raw.group()[0].isalpha():
        yield Term("sign", raw.group(), raw.span(), raw.group())
        return
    at = raw.start()
    for piece in pieces(raw.group()):
        if piece:
            yield Term(_kind(piece), meaning_of(piece), (at, at + len(piece)), piece.lower())
        at += len(piece) + 1


def _kind(word: str) -> Kind:
    lower = word.lower()
    if lower in PREPOSITIONS | CONDITIONAL | _ARTICLES | _JOINS | VERBS:
        return "empty"
    return "common" if is_common(word) else "word"


@lru_cache(maxsize=8192)
def members(text: str, *, brackets: bool = True) -> tuple[Member, ...]:
    """The members of the text's clauses, in order, with or without what stands in brackets."""
    found: list[tuple[str, list[Term]]] = [("", [])]
    aside: list[tuple[str, list[Term]]] = []
    depth = 0
    for term in terms(text):
        depth += (term.text == "(") - (term.text == ")" and depth > 0)
        if term.text == "(":
            aside.append(("(", []))
        if term.text in ("(", ")") or (depth and not brackets):
            continue
        row = aside if depth else found
        if term.text in _CUTS or term.text in _JOINS:
            if row[-1][1]:
                row.append((term.text, []))
            elif term.text in _JOINS:
                row[-1] = (term.text, [])
        else:
            row[-1][1].append(term)
    return tuple(Member(joint, tuple(held)) for joint, held in (*found, *aside) if held)
