"""Numbers that are known, or known only to lie between bounds; units and their conversion.

The text form is the corpus's cell syntax: ``8 mm``, ``< 6 mm``, ``>= 6 mm < 8 mm``, ``> 1.0 cm``.
Conversions use decimal arithmetic, so that 0.7 cm is 7 mm and not 7.000000000000001.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from math import inf

UNITS: dict[str, tuple[str, Decimal]] = {
    "mm": ("length", Decimal(1)),
    "cm": ("length", Decimal(10)),
    "mm3": ("volume", Decimal(1)),
    "ml": ("volume", Decimal(1000)),
    "cm3": ("volume", Decimal(1000)),
    "months": ("time", Decimal(1)),
    "years": ("time", Decimal(12)),
    "percent": ("share", Decimal(1)),
    "points": ("points", Decimal(1)),
}
"""Unit -> what it measures and its size in that kind's base unit (mm, mm3, months, ...)."""

_SPELLINGS = {"month": "months", "year": "years", "%": "percent"}
_SPELLINGS |= {"point": "points", "mm³": "mm3", "cm³": "cm3", "mL": "ml"}
_UNIT = r"[a-zA-Z%]+[3³]?"
_BOUND = re.compile(
    rf"\s*(?P<sign><=|>=|<|>|≤|≥)?\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>{_UNIT})?"
)


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high``; an open end leaves the bound itself out."""

    low: float = -inf
    high: float = inf
    low_closed: bool = False
    high_closed: bool = False

    def contains(self, number: float) -> bool:
        above = self.low < number or (self.low_closed and self.low == number)
        below = number < self.high or (self.high_closed and self.high == number)
        return above and below

    @property
    def empty(self) -> bool:
        closed = self.low_closed and self.high_closed
        return self.low > self.high or (self.low == self.high and not closed)

    @property
    def exact(self) -> float | None:
        """The one number in it, ``None`` when there are more."""
        return self.low if self.low == self.high and not self.empty else None

    def meet(self, other: Interval) -> Interval:
        """What lies in both."""
        low, low_open = max((self.low, not self.low_closed), (other.low, not other.low_closed))
        high, high_closed = min((self.high, self.high_closed), (other.high, other.high_closed))
        return Interval(low, high, not low_open, high_closed)

    def touches(self, other: Interval) -> bool:
        return not self.meet(other).empty

    def hull(self, other: Interval) -> Interval:
        """The shortest interval that holds both."""
        low, low_open = min((self.low, not self.low_closed), (other.low, not other.low_closed))
        high, high_closed = max((self.high, self.high_closed), (other.high, other.high_closed))
        return Interval(low, high, not low_open, high_closed)


ANY = Interval()


def point(number: float) -> Interval:
    """The interval that holds exactly this number."""
    return Interval(number, number, True, True)


def unit_named(name: str) -> str:
    """The unit as this module spells it.

    Raises:
        ValueError: the unit is unknown.
    """
    unit = _SPELLINGS.get(name, name)
    if unit not in UNITS:
        raise ValueError(f"unknown unit {name!r}; units are {', '.join(UNITS)}")
    return unit


def convert(number: float | str, unit: str, to: str) -> float:
    """``number`` in ``unit`` as a number in ``to``: ``convert("0.8", "cm", "mm")`` is 8.0.

    Raises:
        ValueError: a unit is unknown, or the two measure different things.
    """
    (kind, size), (other, base) = UNITS[unit_named(unit)], UNITS[unit_named(to)]
    if kind != other:
        raise ValueError(f"{unit} cannot be read as {to}")
    return float(Decimal(str(number)) * size / base)


def parse_bounds(text: str, unit: str | None) -> Interval:
    """The interval that a cell names, in ``unit``.

    ``parse_bounds(">= 0.6 cm < 8 mm", "mm")`` is ``Interval(6.0, 8.0, True, False)``. Where the
    descriptor has a unit every number needs one; where it has none (``None``) no number has.

    Raises:
        ValueError: the text is no bounds, a unit is missing or wrong, or nothing lies between.
    """
    found = ANY
    at = 0
    while at < len(text.rstrip()):
        match = _BOUND.match(text, at)
        if match is None or (at and not match["sign"]):
            raise ValueError(f"{text!r} is no bounds; write like '>= 6 mm < 8 mm'")
        found = found.meet(_one_bound(match, unit))
        at = match.end()
    if found == ANY or found.empty:
        raise ValueError(f"no number lies in {text!r}")
    return found


def _one_bound(match: re.Match[str], unit: str | None) -> Interval:
    if (match["unit"] is None) != (unit is None):
        wanted = f"its unit ({unit})" if unit else "no unit"
        raise ValueError(f"{match[0].strip()!r} needs {wanted}")
    number = convert(match["number"], match["unit"], unit) if unit else float(match["number"])
    sign = {"≤": "<=", "≥": ">="}.get(match["sign"], match["sign"])
    if sign is None:
        return point(number)
    closed = sign.endswith("=")
    return (
        Interval(number, inf, closed) if sign[0] == ">" else Interval(-inf, number, False, closed)
    )


def in_words(interval: Interval, unit: str | None, language: str = "en") -> str:
    """How a reader would say it: ``6 mm or more and less than 8 mm``, ``6 mm 이상 8 mm 미만``."""
    if interval.exact is not None:
        return quantity(interval.exact, unit)
    if language == "ko":
        return _in_korean(interval, unit)
    low = high = ""
    if interval.low > -inf:
        said = quantity(interval.low, unit)
        low = f"{said} or more" if interval.low_closed else f"more than {said}"
    if interval.high < inf:
        said = quantity(interval.high, unit)
        high = f"up to {said}" if interval.high_closed else f"less than {said}"
    return " and ".join(part for part in (low, high) if part) or "any"


def _in_korean(interval: Interval, unit: str | None) -> str:
    low = high = ""
    if interval.low > -inf:
        low = f"{quantity(interval.low, unit)} {'이상' if interval.low_closed else '초과'}"
    if interval.high < inf:
        high = f"{quantity(interval.high, unit)} {'이하' if interval.high_closed else '미만'}"
    return " ".join(part for part in (low, high) if part) or "무관"


def quantity(number: float, unit: str | None) -> str:
    """A number and its unit without needless zeros: ``8 mm``, ``1 point``, ``2 percent``."""
    singular = unit is not None and number == 1 and unit.endswith("s")
    shown = unit[:-1] if unit and singular else unit
    return f"{number:g} {shown}" if shown else f"{number:g}"
