"""Which words of a passage support what is said of it: the words that evidence cards mark.

Quantities, labels and modalities of the statements that cite a passage are marked wherever they
stand in it; so are the words that the passage shares with the question. A statement that is the
passage's own sentence shares every word with it, so its plain words mark nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from rag.types import Span

_UNITS = "mm3|mm³|mm|cm|mSv|mL|%|months?|years?|weeks?|days?|hours?"
_TOKEN = re.compile(
    r"(?P<edition>\bv\d[\d.]*\b|\b(?:19|20)\d\d\b|\b[\w-]*RADS\b|\b(?:[Ss]cenario|[Vv]ariant)\s+\d+\b)|"
    r"(?P<label>\b(?:TR|LR-|T)?\d[A-CX]\b|\bTR\d\b|\bLR-\w+|\b[A-Z][A-Z/-]*[A-Z]\b)"
    rf"|(?P<number>\d+(?:[.,]\d+)*)(?P<unit>[\s-]?(?:{_UNITS})(?![^\W_]))?"
    r"|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)"
)
_BETWEEN = re.compile(r"[\s,<>=≤≥/–-]{1,4}")
_PLAIN_WORDS = """
a an and any are as at be been but by can does for from has have how if in is it its many may more
most no not of on one or over should such than that the their then there this to until up was what
when where which who why will with within long count counts mean next patient seen added question
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())


def support_spans(
    passage: str, claims: Sequence[str], question: str = "", *, reworded: bool = True
) -> tuple[Span, ...]:
    """Character ranges of ``passage`` to mark, in order and apart from each other.

    Args:
        passage: the text shown.
        claims: the statements that cite it.
        question: what was asked; words it shares with the passage are marked too.
        reworded: whether the claims are in other words than the guideline's.
    """
    wanted = set(_keys(question))
    for claim in claims:
        own_sentence = _folded(claim) in _folded(passage) or _folded(passage) in _folded(claim)
        wanted |= set(_keys(claim) if reworded and not own_sentence else _figures(claim))
    found = ((start, end) for key, start, end in _tokens(passage) if key in wanted)
    return _joined(passage, found)


def split_at(text: str, spans: Iterable[Span]) -> tuple[tuple[str, bool], ...]:
    """``text`` in pieces, each with whether it is marked.

    >>> split_at("8 mm solid", [(0, 4)])
    (('8 mm', True), (' solid', False))
    """
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    return tuple(piece for piece in pieces if piece[0])


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Every ``(key, start, end)`` in order; a number and its unit are one."""
    for match in _matches(text):
        yield _key(match), match.start(), match.end()


def _matches(text: str) -> Iterator[re.Match[str]]:
    """The tokens that can support something: all but names of systems, editions, years, scenarios."""
    return (match for match in _TOKEN.finditer(text) if match["edition"] is None)


def _is_word(match: re.Match[str]) -> bool:
    return match["word"] is not None


def _key(match: re.Match[str]) -> str:
    """What two occurrences have in common: lower case, no plural, a unit without its spacing."""
    if match["number"]:
        return match["number"] + (match["unit"] or "").strip(" -\u00a0").rstrip("s")
    word = match.group().lower()
    return word.removesuffix("s") if _is_word(match) and len(word) > 3 else word


def _keys(text: str) -> Iterator[str]:
    for match in _matches(text):
        if _is_word(match) and match.group().lower() in _PLAIN:
            continue
        yield _key(match)
        if match["unit"]:
            yield match["number"]  # the passage may give the unit once for several numbers


def _figures(text: str) -> Iterator[str]:
    return (_key(match) for match in _matches(text) if not _is_word(match))


def _folded(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")


def _joined(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbouring marks with nothing but a sign or a unit between them become one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and _BETWEEN.fullmatch(text, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)
