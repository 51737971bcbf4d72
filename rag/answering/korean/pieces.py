"""A Korean text as a row of pieces: known words with their English, the rest as it stands.

Words are found by the fewest unknown letters, then by the fewest pieces; spaces do not matter,
because Korean compounds are written with and without them ("고형결절", "고형 결절").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.knowledge.korean import Form, Kind, KoreanWords
from rag.types import Span

PieceKind = Kind | Literal["number", "unknown", "plain"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One word: what kind it is, its English (``plain`` and ``unknown``: itself), where it stands."""

    kind: PieceKind
    english: str
    span: Span


_NUMBER = r"(?P<n>\d+(?:\.\d+)?(?:\s*[-~]\s*\d+(?:\.\d+)?)?)"
_UNITS = {
    "년": "years",
    "개월": "months",
    "달": "months",
    "주": "weeks",
    "일": "days",
    "시간": "hours",
}
_BOUNDS = {"이상": "at least", "이하": "at most", "미만": "less than", "초과": "more than"}
_COUNTED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), english)
    for pattern, english in (
        (rf"생후\s*{_NUMBER}\s*개월", "{n}-month-old"),
        (rf"생후\s*{_NUMBER}\s*주", "{n}-week-old"),
        (rf"생후\s*{_NUMBER}\s*일", "{n}-day-old"),
        (rf"임신\s*{_NUMBER}\s*주(?:차)?", "pregnant, {n} weeks gestation,"),
        *(
            (rf"{_NUMBER}\s*(?:세|살)\s*{word}(?:의|인)?", f"{english} {{n}} years old")
            for word, english in _BOUNDS.items()
        ),
        *(
            (rf"{_NUMBER}\s*(?P<u>mm|cm|㎜|㎝|%)?\s*{word}(?:의|인)?", f"{english} {{n}} {{u}}")
            for word, english in _BOUNDS.items()
        ),
        (rf"{_NUMBER}\s*(?:세|살)(?:의|인)?", "{n}-year-old"),
        (r"(?P<n>[2-9]0)\s*대(?:의)?(?=\s|남|여|환|$)", "in their {n}s,"),
        (rf"{_NUMBER}\s*갑년", "{n} pack-years"),
        *(
            (rf"{_NUMBER}\s*{word}\s*전(?:에|의)?(?!신)", f"{{n}} {unit} ago")
            for word, unit in _UNITS.items()
        ),
        *((rf"{_NUMBER}\s*{word}\s*(?:간|동안)", f"for {{n}} {unit}") for word, unit in _UNITS.items()),
        *(
            (rf"{_NUMBER}\s*{word}\s*(?:후|뒤|이후)(?:에|의)?", f"after {{n}} {unit}")
            for word, unit in _UNITS.items()
        ),
        *((rf"{_NUMBER}\s*{word}(?![가-힣]*형)", f"{{n}} {unit}") for word, unit in _UNITS.items()),
    )
)  # fmt: skip
_EMPTY = ("silent", "courtesy")
_UNKNOWN_COST, _AT_START, _INSIDE = 3.0, 1.5, 0.3


def pieces(text: str, words: KoreanWords) -> tuple[Piece, ...]:
    """``text`` taken apart; every character that is no space belongs to exactly one piece."""
    taken = _counted(text)
    found = list(taken.values())
    for start, end in _gaps(text, taken):
        found += _of_run(text, start, end, words)
    return tuple(_whole_words(text, sorted(found, key=lambda piece: piece.span)))


def _whole_words(text: str, row: list[Piece]) -> Iterator[Piece]:
    """A word that holds unknown letters and nothing known is one unknown word, but for its endings."""
    for start, end in _words(text):
        inside = [piece for piece in row if start <= piece.span[0] < end]
        while inside and inside[-1].kind in _EMPTY and len(inside) > 1:
            inside.pop()
        strange = [piece for piece in inside if piece.kind in ("unknown", *_EMPTY)]
        if any(p.kind == "unknown" for p in strange) and len(strange) == len(inside):
            span = (inside[0].span[0], inside[-1].span[1])
            yield Piece("unknown", text[span[0] : span[1]], span)
        else:
            yield from (piece for piece in row if start <= piece.span[0] < end)


def _words(text: str) -> Iterator[Span]:
    """Spans of what stands between spaces, in which punctuation is a word of its own."""
    for match in re.finditer(r"[가-힣]+|[^\s가-힣]+", text):
        yield match.span()


def _counted(text: str) -> dict[Span, Piece]:
    """Numbers with a Korean word of counting: ages, durations, weeks of gestation."""
    taken: dict[Span, Piece] = {}
    for pattern, english in _COUNTED:
        for match in pattern.finditer(text):
            if not any(a < match.end() and match.start() < b for a, b in taken):
                unit = match.groupdict().get("u") or ""
                said = english.format(n=re.sub(r"\s*[-~]\s*", "-", match["n"]), u=unit).strip()
                taken[match.span()] = Piece("number", said, match.span())
    return taken


def _gaps(text: str, taken: dict[Span, Piece]) -> Iterator[Span]:
    at = 0
    for start, end in sorted(taken):
        yield at, start
        at = end
    yield at, len(text)


def _of_run(text: str, start: int, end: int, words: KoreanWords) -> list[Piece]:
    """The best row of pieces for ``text[start:end]``, by dynamic programming from its end."""
    places = [at for at in range(start, end) if not text[at].isspace()]
    letters = "".join(text[at] for at in places).lower()
    first = [at == 0 or not text[at - 1].strip() for at in places]
    best: list[tuple[float, int, Form | None]] = [(0.0, 0, None)] * (len(places) + 1)
    for at in range(len(places) - 1, -1, -1):
        best[at] = min(
            (
                (cost + best[at + length][0], length, form)
                for cost, length, form in _choices(letters, first, at, words)
            ),
            key=lambda choice: choice[0],
        )
    return _joined(text, places, best)


def _choices(
    letters: str, first: list[bool], at: int, words: KoreanWords
) -> Iterator[tuple[float, int, Form | None]]:
    """What may begin at ``letters[at]``: a known form or one letter as it stands, with its cost."""
    korean = "가" <= letters[at] <= "힣"
    yield (_UNKNOWN_COST if korean else 0.0), 1, None
    for length in range(min(words.longest, len(letters) - at), 0, -1):
        form = words.forms.get(letters[at : at + length])
        if form is None or (any(first[at + 1 : at + length]) and not first[at]):
            continue
        if not korean and not first[at]:
            continue
        yield _cost(form, length, first, at), length, form


def _cost(form: Form, length: int, first: list[bool], at: int) -> float:
    """Long forms before short ones; what says nothing is dear at the start of a word."""
    whole = first[at] and (at + length >= len(first) or first[at + length])
    if form.kind in _EMPTY:
        return _INSIDE if not first[at] else 0.6 if whole else _AT_START
    if length == 1:
        return 1.0 if first[at] else _UNKNOWN_COST - 0.1
    return 1.0 - 0.02 * length


def _joined(
    text: str, places: list[int], best: list[tuple[float, int, Form | None]]
) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    while at < len(places):
        _, length, form = best[at]
        span = (places[at], places[at + length - 1] + 1)
        at += length
        if form is not None:
            found.append(Piece(form.kind, form.english, span))
            continue
        kind: PieceKind = "unknown" if "가" <= text[span[0]] <= "힣" else "plain"
        if found and found[-1].kind == kind and found[-1].span[1] == span[0]:
            span = (found[-1].span[0], span[1])
            found.pop()
        found.append(Piece(kind, text[span[0] : span[1]], span))
    return found
