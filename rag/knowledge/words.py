"""Text as words with their places: the ground on which phrases are found.

Folding is character by character, so that every place in the folded text is the same place in
the reader's own words and a span can always be shown back verbatim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from rag.types import Span

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
_SPACES = "\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000\t\r"
_TIMES = "\u00d7\u2715\u2716\u2a09"
_QUOTES = "\u2018\u2019\u02bc\u0060\u00b4"
_FULLWIDTH = {ord("\uff01") + i: chr(ord("!") + i) for i in range(94)}


@cache
def _folding() -> dict[int, str]:
    table = dict(_FULLWIDTH)
    for characters, plain in ((_DASHES, "-"), (_SPACES, " "), (_TIMES, "x"), (_QUOTES, "'")):
        table |= {ord(c): plain for c in characters}
    return table


@cache
def _wrapped() -> re.Pattern[str]:
    return re.compile(r"(?<=[\w,(])\n(?=[ ]*[a-z(])")


def fold(text: str) -> str:
    """``text`` in lower case with plain dashes, spaces and signs; same length, same places.

    A line break in the middle of a sentence, as pasted reports have them, becomes a space.
    """
    plain = _wrapped().sub(" ", text.translate(_folding()))
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or sign with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def is_sign(self) -> bool:
        return not self.text[0].isalnum()


@cache
def _word_pattern() -> re.Pattern[str]:
    number = r"\d{1,3}(?:,\d{3})+(?![\d.,])|\d+(?:[.,]\d+)?|(?<![\d.])\.\d+"
    short = r"(?<![a-z/])(?:w/o|r/o|f/u|s/p|h/o|c/w|w/)(?![a-z/])"
    return re.compile(rf"{short}|{number}|[a-z][a-z0-9]*(?:'[a-z]+)?|[\uac00-\ud7a3]+|[^\s\w]|\w")


def words_of(folded: str) -> tuple[Word, ...]:
    """Words, numbers and signs of a folded text, in order.

    Hyphens inside words are left out (``part-solid`` reads ``part solid``); a dash with a space
    on a side stays, as it separates. An item number (``1.`` or ``2)`` opening a line) stays too.
    """
    found = (Word(m.group(), m.start(), m.end()) for m in _word_pattern().finditer(folded))
    return tuple(word for word in found if word.text != "-" or _separates(folded, word.start))


def _separates(folded: str, place: int) -> bool:
    before = folded[place - 1] if place else " "
    after = folded[place + 1] if place + 1 < len(folded) else " "
    return before.isspace() or after.isspace()


def covering(first: Span, second: Span) -> Span:
    """The shortest span that holds both."""
    return min(first[0], second[0]), max(first[1], second[1])


def inside(inner: Span, outer: Span) -> bool:
    """Whether ``inner`` lies within ``outer`` (equal spans do)."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def overlap(first: Span, second: Span) -> bool:
    """Whether two spans share a character."""
    return first[0] < second[1] and second[0] < first[1]
