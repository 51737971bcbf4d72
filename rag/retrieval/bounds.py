"""Quantities of a sentence with their bounds, so that a number asked about can be held against them.

``eGFR under 30`` holds for an eGFR of 25 and not for one of 40; ``10-19 mm`` holds for 12 mm. What
is measured is known by its unit, or without one by the word before it (``DWI score 4``). Only
retrieval uses this: which passage is meant by a number. What a number decides is for the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

_INFINITE = float("inf")

_UNITS: dict[str, tuple[str, float]] = {
    "mm": ("mm", 1), "cm": ("mm", 10), "millimetre": ("mm", 1), "millimeter": ("mm", 1),
    "centimetre": ("mm", 10), "centimeter": ("mm", 10), "mm3": ("mm3", 1), "s": ("s", 1),
    "sec": ("s", 1), "second": ("s", 1), "min": ("s", 60), "minute": ("s", 60), "h": ("h", 1),
    "hr": ("h", 1), "hour": ("h", 1), "day": ("day", 1), "week": ("week", 1),
    "month": ("month", 1), "mo": ("month", 1), "year": ("year", 1), "yr": ("year", 1),
    "%": ("%", 1), "percent": ("%", 1), "msv": ("msv", 1), "mgy": ("mgy", 1), "hu": ("hu", 1),
    "t": ("t", 1), "tesla": ("t", 1), "ml/s": ("ml/s", 1), "point": ("point", 1),
    "w/kg": ("w/kg", 1),
}  # fmt: skip


UNITS = frozenset(name for name, _ in _UNITS.values())
"""What a quantity with a unit is called in :attr:`Bounds.of`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a sentence says of one quantity: from ``low`` to ``high``, each inclusive or not.

    ``of`` is the unit (lengths in ``mm``), or the word that stands before a number without one.
    """

    of: str
    low: float
    high: float
    low_held: bool = True
    high_held: bool = True

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def holds(self, value: float) -> bool:
        above = value > self.low or (self.low_held and value == self.low)
        return above and (value < self.high or (self.high_held and value == self.high))


@cache
def _quantity() -> re.Pattern[str]:
    number = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    units = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    more = r"more|larger|over|older|above|faster|higher|longer|thicker"
    less = r"less|fewer|smaller|under|below|finer|thinner|lower|shorter"
    return re.compile(
        rf"(?<![\w.-])(?P<sign><=|>=|<|>|≤|≥)?\s*(?P<low>{number})(?:\s*(?:-|–|to)\s*(?P<high>{number}))?"
        rf"(?:[\s-]?(?P<unit>(?:{units})s?)(?![a-z0-9/]))?(?![\w])"
        rf"(?:\s+(?:(?P<more>(?:or|and) (?:{more}))|(?P<less>(?:or|and) (?:{less}))))?",
        re.IGNORECASE,
    )


@cache
def _before() -> re.Pattern[str]:
    up_in, up_out = (
        r"at least|from|minimum of",
        r"(?:more|larger|greater|higher) than|above|over|exceed\w*|beyond",
    )
    down_in, down_out = (
        r"up to|at most|maximum of|not exceed",
        r"(?:less|smaller|lower) than|under|below",
    )
    return re.compile(
        rf"(?:(?P<up_in>{up_in})|(?P<up_out>{up_out})|(?P<down_in>{down_in})|(?P<down_out>{down_out}))\s*$",
        re.IGNORECASE,
    )


_BETWEEN = frozenset(
    """score scores of value is a the or at least under below above over more less than up to
    exactly most with and from between in""".split()
)
"""Words that may stand between a quantity's name and its number."""


_LABELLED = frozenset("rads tirads category categories cat level tr lr edition".split())
"""Numbers after these are labels, no quantities."""


@cache
def _label() -> re.Pattern[str]:
    one = (
        r"(?:tr|lr-?)?(?P<label>\d[abcx]?|m|tiv|nc)(?![\w%]|[.,]\d|-\d| (?:mm|cm|months?|years?)\b)"
    )
    start = r"(?:rads(?: us)?|categor(?:y|ies)|cat\.?|level)(?: was| is| of)?[\s:(-]{1,2}|(?<![a-z0-9])(?:tr|lr-)(?=\d|m\b|tiv|nc)|(?<![\w.-])(?=4[abcx]\b)"
    joint = r"\s*(?:, and |, or |,|/| and | or | to | through )\s*"
    return re.compile(
        rf"(?:{start}){one}(?P<rest>(?:{joint}(?:category |tr|lr-)?\d[abcx]?(?![\w%]|[.,]\d| (?:mm|cm)))*)",
        re.I,
    )


def labels_of(text: str) -> frozenset[str]:
    """Category labels named in ``text``, without their system: ``{"4A", "3"}``."""
    found: set[str] = set()
    for match in _label().finditer(text):
        found.add(match["label"].upper())
        found.update(x.upper() for x in re.findall(r"\d[abcx]?", match["rest"], re.I))
    return frozenset(found)


def quantities(text: str) -> tuple[Bounds, ...]:
    """The quantities of ``text`` in order; a bare number without a name before it is none.

    >>> quantities("eGFR under 30")
    (Bounds(of='egfr', low=-inf, high=30.0, low_held=False, high_held=False),)
    """
    found = (_bounds(text, match) for match in _quantity().finditer(text))
    return tuple(one for one in found if one is not None)


def _bounds(text: str, match: re.Match[str]) -> Bounds | None:
    before = text[max(0, match.start() - 40) : match.start()]
    name, factor = _named(match["unit"], before)
    if not name:
        return None
    low = float(match["low"].replace(",", "")) * factor
    if match["high"]:
        return Bounds(name, low, float(match["high"].replace(",", "")) * factor)
    word = _before().search(before)
    way = word.lastgroup if word else None
    if match["sign"] in ("<", "<=", "≤") or match["less"] or way in ("down_in", "down_out"):
        held = match["sign"] in ("<=", "≤") or bool(match["less"]) or way == "down_in"
        return Bounds(name, -_INFINITE, low, False, held)
    if match["sign"] in (">", ">=", "≥") or match["more"] or way in ("up_in", "up_out"):
        held = match["sign"] in (">=", "≥") or bool(match["more"]) or way == "up_in"
        return Bounds(name, low, _INFINITE, held, False)
    return Bounds(name, low, low)


def _named(unit: str | None, before: str) -> tuple[str, float]:
    if unit:
        plain = unit.lower()
        return _UNITS.get(plain) or _UNITS[plain.removesuffix("s")]
    words = re.findall(r"[a-z][a-z0-9]*|\d", before.lower())[-4:]
    named = [word for word in words if word not in _BETWEEN]
    plain = named[-1] if named else ""
    return ("" if plain in _UNITS or plain.isdigit() or plain in _LABELLED else plain), 1


def agreement(asked: Iterable[Bounds], said: Sequence[Bounds]) -> float:
    """How the exact quantities asked about stand to what is said of them: -1 to 1.

    1 where each lies within all bounds on it, -1 where each lies outside; what is not spoken of
    counts nothing.
    """
    marks = [_mark(one, said) for one in asked if one.exact]
    return sum(marks) / len(marks) if marks else 0.0


def _mark(asked: Bounds, said: Sequence[Bounds]) -> float:
    same = [one for one in said if one.of == asked.of]
    if not same:
        return 0.0
    held = [one.holds(asked.low) for one in same]
    if all(held):
        return 1.0
    return 0.3 if any(held) else -1.0
