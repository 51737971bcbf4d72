"""Sizes, volumes and percentages in a text, with their places.

Lengths come in millimetres and volumes in cubic millimetres, whatever unit the text uses. A size
that the text gives only within bounds ("<6 mm", "4-5 mm", "up to 6 mm", "sub-centimetre") stays
bounds and is never made a number.

Mean diameter is the mean of the long and the short axis. Of three axes the long one is the
greatest; which of the other two lies in its plane is not said, so the mean is known only to lie
between the two possible means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.knowledge.words import overlap
from rag.types import Scalar, Span

Kind = Literal["length", "volume", "percent"]

UNITS = {"length": "mm", "volume": "mm3", "percent": "percent"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number known only to lie between bounds; ``None`` is no bound on that side."""

    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False

    def written(self, unit: str) -> str:
        """In the cell syntax of the decision tables: ``>= 4 mm <= 5 mm``."""
        low = "" if self.low is None else f"{'>' if self.low_open else '>='} {self.low:g} {unit}"
        high = (
            "" if self.high is None else f"{'<' if self.high_open else '<='} {self.high:g} {unit}"
        )
        return f"{low} {high}".strip()


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measurement: its axes in mm (or one number in mm3 or percent), or bounds.

    ``became`` is set where the text gives a change: where the size it grew or shrank to stands.
    """

    kind: Kind
    axes: tuple[float, ...]
    bounds: Bounds | None
    span: Span
    became: Span | None = None

    @property
    def mean(self) -> Scalar:
        """Mean of long and short axis, or bounds in cell syntax; volumes and percentages as they are."""
        if self.bounds:
            return self.bounds.written(UNITS[self.kind])
        if len(self.axes) < 3:
            return _tidy(sum(self.axes) / len(self.axes))
        short, middle, long = sorted(self.axes)
        low, high = _tidy((long + short) / 2), _tidy((long + middle) / 2)
        return low if low == high else Bounds(low, high).written(UNITS[self.kind])

    @property
    def greatest(self) -> Scalar:
        """The greatest axis, or bounds in cell syntax."""
        return self.bounds.written(UNITS[self.kind]) if self.bounds else max(self.axes)


_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip

_WORD = "|".join(_NUMBER_WORDS)
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])|\d+(?:[.,]\d+)?|\.\d+|\b(?:{_WORD})\b)"
_LENGTH = (
    r"(?:mms?|millimet(?:er|re)s?|cms?|centimet(?:er|re)s?|\u339c|\u339d|밀리미터|밀리|센티미터|센티|센치)"
    r"(?!\^?3|\u00b3|[a-z0-9])"
)
_VOLUME = (
    r"(?:mm\^?3|mm\u00b3|\u33a3|cubic (?:mm|millimet(?:er|re)s?)|cm\^?3|cm\u00b3|cc|\u33c4|ml"
    r"|millilit(?:er|re)s?|cubic (?:cm|centimet(?:er|re)s?)|[u\u00b5\u03bc]l)(?![a-z0-9]|\s?/\s?(?:s|sec|min|h|kg)\b)"
)
_PERCENT = r"(?:%|percent\b|퍼센트)"

_LESS = (
    r"<|(?:slightly |just |a little )?(?:less|smaller|shorter|lower) than|(?:just |slightly )?under|below"
    r"|sub-?|nearly|almost|not quite"
)
_AT_MOST = (
    r"<=|=<|\u2264|\u2266|less than or equal to|up to|at most|no (?:more|larger|greater|bigger) than"
    r"|not (?:more|larger|greater) than|not exceeding|smaller than or equal to|equal to or (?:less|smaller) than"
)
_MORE = (
    r">|(?:slightly |just |a little )?(?:more|greater|larger|bigger|higher) than|(?:just |slightly )?over|above"
    r"|exceeding|exceeds"
)
_AT_LEAST = (
    r">=|=>|\u2265|\u2267|at least|no (?:less|smaller) than|not (?:less|smaller) than|minimum of"
    r"|(?:greater|more|larger) than or equal to|equal to or (?:greater|more|larger) than"
)
_ABOUT = r"about|approximately|approx\.?|around|roughly|circa|ca\.?|~|\u2248|\u223c|약|대략"
_AFTER = {
    "at_least": r"or (?:more|larger|greater|above|bigger|over|higher)|and (?:above|over|larger|more|up)|\+|이상",
    "at_most": r"or (?:less|smaller|below|under|fewer)|and (?:below|under|less|smaller)|이하",
    "less": r"미만",
    "more": r"초과|넘는",
}
_PLANE = r"(?:\s*\(?(?:ap|tr|trv|trans|transverse|cc|craniocaudal|sagittal|longitudinal|long|wide|deep|tall|axis|short)\)?){0,2}"


@cache
def _shapes(kind: Kind) -> re.Pattern[str]:
    """How a quantity of this kind is written: axes, from-to, range, list of two, single."""
    unit = {"length": _LENGTH, "volume": _VOLUME, "percent": _PERCENT}[kind]
    n, u = _NUMBER, rf"\s*[-+]?\s*(?:{unit})"
    times = r"\s*(?:x|\*|by)\s*"
    axes = rf"(?P<x1>{n})(?P<xu1>{u})?{_PLANE}{times}(?P<x2>{n})(?P<xu2>{u})?{_PLANE}(?:{times}(?P<x3>{n})(?P<xu3>{u})?)?"
    came = rf"from\s+(?:an?\s+|about\s+|approximately\s+)?(?P<f1>{n})(?P<fu1>{u})?\s*(?:up |down )?(?:to|-|->|\u2192)\s*(?:about\s+|approximately\s+)?(?P<f2>{n})(?P<fu2>{u})"
    when = r"(?:\s*\(?(?:[a-z]+\s+){0,4}(?:(?:19|20)\d\d(?:[-./]\d{1,2}){0,2}|\d{1,2}/\d{2,4}|[a-z]{3,9}\.? \d{4})\)?)?"
    arrow = rf"(?P<a1>{n})(?P<au1>{u})?{when}\s*(?:-+>|=>|\u2192|\u21d2)\s*(?P<a2>{n})(?P<au2>{u})"
    hangul = rf"(?P<h1>{n})(?P<hu1>{u})?\s*에서\s*(?P<h2>{n})(?P<hu2>{u})"
    among = rf"(?P<r1>{n})(?P<ru1>{u})?\s*(?:-|~|to|through)\s*(?P<rc><=?|\u2264)?\s*(?P<r2>{n})(?P<ru2>{u})"
    between = rf"between\s+(?P<b1>{n})(?P<bu1>{u})?\s+and\s+(?P<b2>{n})(?P<bu2>{u})"
    pair = rf"(?P<l1>{n})(?P<lu1>{u})?\s*(?:and|&|및|와|과)\s*(?P<l2>{n})(?P<lu2>{u})"
    single = rf"(?P<s1>{n})(?P<su1>{u})"
    if kind == "percent":
        axes = rf"(?P<x1>{n})(?P<xu1>{u})(?P<x2>(?!))"  # a percentage has no axes
    shapes = "|".join((axes, came, arrow, hangul, between, among, pair, single))
    return re.compile(rf"(?<![a-z0-9_.])(?:{shapes})")


@cache
def _comparators() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What may stand before a number, the longer wordings first."""
    signs = (
        ("at_most", _AT_MOST),
        ("at_least", _AT_LEAST),
        ("less", _LESS),
        ("more", _MORE),
        ("about", _ABOUT),
    )
    return tuple(
        (name, re.compile(rf"(?<![a-z<>=-])(?:{words})\s*(?:an?\s+)?$")) for name, words in signs
    )


@cache
def _comparators_after() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"\s*(?:{words})(?![a-z0-9])")) for name, words in _AFTER.items()
    )


def quantities(folded: str, blocked: Iterable[Span] = ()) -> tuple[Quantity, ...]:
    """All measurements of a folded text in order; places in ``blocked`` are category labels or dates."""
    taken = list(blocked)
    found: list[Quantity] = []
    for kind in ("volume", "length", "percent"):
        place = 0
        while match := _shapes(kind).search(folded, place):
            read = tuple(_read(folded, kind, match))
            spans = [quantity.span for quantity in read] or [match.span()]
            held = [span[1] for span in taken for own in spans if overlap(own, span)]
            if read and not held:
                found += read
                taken += spans
            # What begins inside a date may go on beyond it: "2024-06-10 and 6 mm".
            place = min(max([*held, match.start() + 1]), match.end()) if held else match.end()
    found += _subcentimetre(folded)
    return tuple(sorted(found, key=lambda quantity: quantity.span))


def _read(folded: str, kind: Kind, match: re.Match[str]) -> Iterator[Quantity]:
    letter = next(
        name[0]
        for name, text in match.groupdict().items()
        if text and name[-1] == "1" and "u" not in name
    )
    numbers = [n for n in "123" if match.groupdict().get(f"{letter}{n}")]
    units = [match.group(f"{letter}u{n}") for n in numbers]
    if not any(units):
        return
    values = [
        _value(match.group(f"{letter}{n}"), unit or _known(units), kind)
        for n, unit in zip(numbers, units, strict=True)
    ]
    if any(value is None for value in values):
        return
    axes = tuple(value for value in values if value is not None)
    places = [(match.start(f"{letter}{n}"), _end(match, letter, n)) for n in numbers]
    yield from _shaped(folded, kind, letter, axes, places, match)


def _shaped(
    folded: str,
    kind: Kind,
    letter: str,
    axes: tuple[float, ...],
    places: list[Span],
    match: re.Match[str],
) -> Iterator[Quantity]:
    whole = places[0][0], places[-1][1]
    if letter in "xs":
        yield _compared(folded, kind, axes, whole)
    elif (
        letter in "fah"
        or (letter == "r" and axes[0] > axes[1])
        or (letter == "r" and _is_change(folded, whole[0]))
    ):
        yield Quantity(kind, axes[:1], None, places[0], became=places[1])
        yield _compared(folded, kind, axes[1:], places[1])
    elif letter == "l":
        yield Quantity(kind, axes[:1], None, places[0])
        yield Quantity(kind, axes[1:], None, places[1])
    else:
        high_open = letter == "r" and match.group("rc") == "<"
        low_open = kind == "percent"  # printed classes join: 2-10 % is what lies above 2 %
        yield Quantity(
            kind, (), Bounds(axes[0], axes[1], low_open, high_open), (match.start(), whole[1])
        )


@cache
def _change_word() -> re.Pattern[str]:
    return re.compile(
        r"(?:grew|grown|grow|increas\w*|decreas\w*|enlarg\w*|went|chang\w*|shr[aiu]nk\w*)\s+(?:in (?:size|diameter)\s+)?(?:from\s+)?$"
    )


def _is_change(folded: str, place: int) -> bool:
    return _change_word().search(folded[max(place - 40, 0) : place]) is not None


def _known(units: list[str | None]) -> str:
    return next(unit for unit in reversed(units) if unit)


def _end(match: re.Match[str], letter: str, n: str) -> int:
    with_unit: int = match.end(f"{letter}u{n}")
    return with_unit if with_unit > 0 else match.end(f"{letter}{n}")


def _value(number: str, unit: str, kind: Kind) -> float | None:
    """The number in mm, mm3 or percent; ``None`` where a comma could be read in two ways."""
    if number in _NUMBER_WORDS:
        plain = float(_NUMBER_WORDS[number])
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+", number):
        if kind != "volume":
            return None
        plain = float(number.replace(",", ""))
    else:
        plain = float(number.replace(",", "."))
    return _tidy(plain * _factor(unit.strip(" -+"), kind))


def _factor(unit: str, kind: Kind) -> float:
    if kind == "percent":
        return 1.0
    centi = unit.startswith(("cm", "cent", "센", "\u339d")) or "centi" in unit or "cubic cm" in unit
    if kind == "length":
        return 10.0 if centi else 1.0
    return 1000.0 if centi or unit.startswith(("cc", "\u33c4", "ml", "millil")) else 1.0


def _tidy(value: float) -> float:
    """Without the dust that decimal fractions leave (1.1 cm is 11 mm)."""
    return round(value, 4)


def _compared(folded: str, kind: Kind, axes: tuple[float, ...], span: Span) -> Quantity:
    """The quantity with the words of comparison around it, where there are any."""
    before = folded[max(span[0] - 32, 0) : span[0]]
    for name, pattern in _comparators():
        if match := pattern.search(before):
            start = span[0] - len(before) + match.start()
            return _bounded(kind, axes, (start, span[1]), name)
    if "+" in folded[span[0] : span[1]]:
        return _bounded(kind, axes, span, "at_least")
    for name, pattern in _comparators_after():
        if match := pattern.match(folded, span[1]):
            return _bounded(kind, axes, (span[0], match.end()), name)
    return Quantity(kind, axes, None, span)


def _bounded(kind: Kind, axes: tuple[float, ...], span: Span, comparator: str) -> Quantity:
    value = axes[0]
    bounds = {
        "less": Bounds(high=value, high_open=True),
        "at_most": Bounds(high=value),
        "more": Bounds(low=value, low_open=True),
        "at_least": Bounds(low=value),
    }.get(comparator)
    if bounds is None or len(axes) > 1:
        return Quantity(kind, axes, None, span)
    return Quantity(kind, (), bounds, span)


@cache
def _subcentimetre_pattern() -> re.Pattern[str]:
    return re.compile(r"\bsub-?\s?(?:centimet(?:er|re)(?:s|ric)?|cm)\b")


def _subcentimetre(folded: str) -> Iterator[Quantity]:
    for match in _subcentimetre_pattern().finditer(folded):
        yield Quantity("length", (), Bounds(high=10.0, high_open=True), match.span())
