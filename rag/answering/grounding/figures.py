"""Whether every figure and label of a statement stands in what it cites, or in the question.

The one rule that no reading of a sentence may overrule: a number, with its unit where it has one, or
a label such as 4A or TR3, that neither the passage nor the question holds, is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.answering.grounding.result import CheckResult, passed, unsupported
from rag.types import Span

_TO_BASE = {
    "mm": ("length", 1.0), "millimetre": ("length", 1.0), "millimeter": ("length", 1.0),
    "cm": ("length", 10.0), "centimetre": ("length", 10.0), "centimeter": ("length", 10.0),
    "second": ("seconds", 1.0), "s": ("seconds", 1.0), "sec": ("seconds", 1.0),
    "minute": ("seconds", 60.0), "min": ("seconds", 60.0),
    "hour": ("seconds", 3600.0), "h": ("seconds", 3600.0),
    "day": ("days", 1.0), "week": ("days", 7.0),
    "month": ("months", 1.0), "year": ("months", 12.0),
    "%": ("share", 1.0), "mg": ("mass", 1.0), "g": ("mass", 1000.0),
    "mmol": ("amount", 1.0), "mSv": ("dose", 1.0), "mGy": ("absorbed", 1.0), "Gy": ("absorbed", 1000.0),
    "mL": ("volume", 1.0), "ml": ("volume", 1.0), "mm3": ("volume_mm3", 1.0), "kg": ("weight", 1.0),
}  # fmt: skip
"""Units that are read, with what they measure and how many of the smallest one they hold."""

_UNIT = "|".join(sorted(map(re.escape, _TO_BASE), key=len, reverse=True))
_FIGURE = re.compile(
    rf"(?<![\w.])(?P<number>\d+(?:[.,]\d+)*)(?:[\s-]*(?P<unit>{_UNIT})s?(?!\w)|(?!\w))"
)
_LABEL = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w+\b")
_SPACED = re.compile(r"\d+[a-z]{1,3}3?")
"""A figure whose unit stands close to it ("8mm"): no label."""


_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_NUMBERS = {word: str(n) for n, word in enumerate(_COUNTED) if word != "one"} | {
    word: str(10 * n)
    for n, word in enumerate("thirty forty fifty sixty seventy eighty ninety hundred".split(), 3)
}
"""Number words as digits; "one" stays, since it seldom counts."""

_NUMBER = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_SIGNS = (
    (re.compile(r"\bper ?cent\b|(?<=\d)%"), " %"),
    (re.compile(r"(\d)[-–](\d)"), r"\1 to \2"),
)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number as written, and what it measures in the smallest unit where it has a unit."""

    number: float
    measured: tuple[str, float] | None
    written: str


def check_figures(text: str, known: Iterable[str]) -> CheckResult:
    """No figure and no label that none of ``known`` holds; counts in words are left to other checks."""
    told = [part for part in known if part]
    figures = [figure for part in told for figure in _figures(part)]
    labels = {label.lower() for part in told for label in _labels(part)}
    strange = [f.written for f in _figures(text) if not _held(f, figures)]
    strange += [label for label in _labels(text) if label.lower() not in labels]
    if not strange:
        return passed("figures")
    listed = ", ".join(dict.fromkeys(strange))
    return unsupported(
        "figures", f"does not stand in the cited passage: {listed}", _spans(text, strange)
    )


def _held(figure: _Figure, known: list[_Figure]) -> bool:
    if figure.measured and figure.measured in {other.measured for other in known}:
        return True
    same = [other for other in known if other.number == figure.number]
    if not figure.measured:
        return bool(same)
    # The passage may leave the unit out, or name one that is not read; another one of the same kind is an error.
    return any(not other.measured or other.measured[0] != figure.measured[0] for other in same)


def _figures(text: str) -> Iterator[_Figure]:
    for found in _FIGURE.finditer(normalised(text)):
        if not found["unit"] and found["number"] not in text:
            continue  # a count in words ("two conditions")
        number = float(
            found["number"].replace(",", "")
            if _thousands(found["number"])
            else found["number"].replace(",", ".")
        )
        unit = found["unit"]
        dimension, size = _TO_BASE[unit] if unit else ("", 1.0)
        measured = (dimension, round(number * size, 6)) if unit else None
        yield _Figure(number, measured, found.group().strip())


def normalised(text: str) -> str:
    """Numbers as digits, apart from their units, so that two ways of writing look alike.

    >>> normalised("Seen after three months, 2-4% of all.")
    'Seen after 3 months, 2 to 4 % of all.'
    """
    for sign, words in _SIGNS:
        text = sign.sub(words, text)
    return _NUMBER.sub(lambda found: _NUMBERS[found.group().lower()], text)


def _thousands(number: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number))


def _labels(text: str) -> list[str]:
    return [found for found in _LABEL.findall(text) if not _SPACED.fullmatch(found)]


def _spans(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    found = (text.find(word) for word in words)
    return tuple((at, at + len(word)) for at, word in zip(found, words, strict=True) if at >= 0)
