"""The free-text ages of appropriateness scenarios as ranges in years.

Words stand for ranges that only rank scenarios; they decide nothing: ``adult`` is 18 years and
over, ``child`` under 18, ``infant`` under 1 year, ``neonate`` up to 28 days, ``reproductive age``
12 to 55 years, ``postmenopausal`` 45 years and over. ``adult or skeletally mature child`` has no
stated lower age and is read from 12 years. Where two limits are given for the sexes the wider one
holds, and a blurred limit (``>=25-30 y``) is read at its wider end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import inf

from rag.errors import CorpusError

YEARS = {"y": 1.0, "mo": 1 / 12, "wk": 7 / 365.25, "d": 1 / 365.25}
WORDS: dict[str, tuple[float, float, bool, bool]] = {
    "any": (0, inf, True, True),
    "adult": (18, inf, True, True),
    "adult or skeletally mature child": (12, inf, True, True),
    "child": (0, 18, True, False),
    "infant": (0, 1, True, False),
    "neonate": (0, 28 * YEARS["d"], True, True),
    "reproductive age": (12, 55, True, True),
    "postmenopausal": (45, inf, True, True),
}
"""Word -> low, high, low closed, high closed."""

_UNIT = r"(?P<unit>y|mo|wk|d)"
_BOUND = re.compile(rf"(?P<infant>infant )?(?P<sign>[<>≤≥])(?P<n>\d+)(-(?P<m>\d+))? {_UNIT}")
_SPAN = re.compile(rf"(?P<open>>)?(?P<low>\d+)( (?P<lowunit>y|mo|wk|d))?-(?P<high>\d+) {_UNIT}")
_SEXES = re.compile(r"<(\d+) y male, <(\d+) y female")


@dataclass(frozen=True, slots=True)
class AgeRange:
    """A range of ages in years as a scenario words it; ``high`` is infinite where open-ended."""

    text: str
    low: float
    high: float
    low_closed: bool = True
    high_closed: bool = True

    def covers(self, years: float) -> bool:
        """Whether a patient of this age (in years) belongs to the range."""
        above = years >= self.low if self.low_closed else years > self.low
        below = years <= self.high if self.high_closed else years < self.high
        return above and below

    def overlaps(self, low: float, high: float) -> bool:
        """Whether any age of ``low <= age <= high`` (years) belongs to the range."""
        above = high >= self.low if self.low_closed else high > self.low
        below = low <= self.high if self.high_closed else low < self.high
        return above and below


def read_age(text: str) -> AgeRange:
    """The range that a scenario's ``age`` stands for.

    >>> read_age("6 mo-5 y").covers(0.4)
    False

    Raises:
        CorpusError: the text is none of the forms above; nothing is assumed.
    """
    if text in WORDS:
        return AgeRange(text, *WORDS[text])
    if bound := _BOUND.fullmatch(text):
        return _from_bound(text, bound)
    if span := _SPAN.fullmatch(text):
        return _from_span(text, span)
    if sexes := _SEXES.fullmatch(text):
        return AgeRange(text, 0, max(float(n) for n in sexes.groups()), True, False)
    raise CorpusError(
        f"cannot read the age '{text}'; write a word ({', '.join(WORDS)}), a bound (≥40 y) or a "
        "span (6 mo-5 y) with the unit y, mo, wk or d"
    )


def _from_bound(text: str, bound: re.Match[str]) -> AgeRange:
    year = YEARS[bound["unit"]]
    numbers = [float(n) * year for n in (bound["n"], bound["m"]) if n]
    top, top_closed = (1.0, False) if bound["infant"] else (inf, True)
    if bound["sign"] in ">≥":
        return AgeRange(text, min(numbers), top, bound["sign"] == "≥", top_closed)
    return AgeRange(text, 0, max(numbers), True, bound["sign"] == "≤")


def _from_span(text: str, span: re.Match[str]) -> AgeRange:
    low = float(span["low"]) * YEARS[span["lowunit"] or span["unit"]]
    high = float(span["high"]) * YEARS[span["unit"]]
    if low >= high:
        raise CorpusError(f"the age '{text}' runs backwards; write the lower age first")
    return AgeRange(text, low, high, span["open"] is None)
