"""Where sentences end: English and Korean guideline prose, by rule.

A full stop ends no sentence after an abbreviation of the field (``e.g.``, ``Fig.``, ``et al.``),
inside a number (``1.5 mm``), or before a lower-case word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.types import Span

ENDS_SENTENCE = re.compile(r"[.!?。…]['\"”’)\]]*(\s*\[[\d,\s–-]+\]|\^[\d,–-]+)?$")
"""Matches at the end of a text that closes a sentence (a citation mark may follow)."""

_ABBREVIATION_LIST = """
e.g i.e eg ie vs al fig figs no nos approx ca cf dr mr mrs ms prof st inc ltd vol ed eds pp p
ref refs resp incl max min dept univ jan feb mar apr jun jul aug sep sept oct nov dec"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_STOP = re.compile(r"[.!?。][\"'”’)\]]*(?:\s*\[[\d,\s–-]+\]|\^[\d,–-]+)?(?=\s)")
_BEFORE = re.compile(r"([\w.]+)$")


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of ``text``, without the white space between them.

    A newline always parts sentences: it parts paragraphs, headings and table rows.

    >>> text = "Growth is > 1.5 mm. See Fig. 2."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['Growth is > 1.5 mm.', 'See Fig. 2.']
    """
    spans: list[Span] = []
    for start, end in _lines(text):
        for stop in [*_stops(text, start, end), end]:
            spans += _trimmed(text, start, stop)
            start = stop
    return tuple(spans)


def first_sentence_end(text: str) -> int:
    """Where the first sentence of ``text`` ends (its length where it is one sentence)."""
    spans = sentence_spans(text)
    return spans[0][1] if spans else len(text)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    for match in _STOP.finditer(text, start, end):
        if _closes(text, match.start(), match.end(), end):
            yield match.end()


def _closes(text: str, stop: int, after: int, end: int) -> bool:
    following = text[after : after + 40].lstrip()
    if after >= end or not following:
        return True
    if text[stop] != ".":
        return True
    before = _BEFORE.search(text, max(0, stop - 30), stop)
    word = before[1].lower() if before else ""
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
        return False
    return not following[0].islower()


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [(start, end)] if end > start else []
