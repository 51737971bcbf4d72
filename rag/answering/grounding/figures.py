"""Whether every figure and label of a statement stands in what it cites, or in the question.

The one rule that no reading of a sentence may overrule: a number, with its unit where it has one, or
a label such as 4A or TR3, that neither the passage nor the question holds, is never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rag.answering.grounding.result import CheckResult, passed, unsupported
from rag.answering.grounding.text import plain
from rag.answering.grounding.units import NUMBER, NUMBER_WORDS, UNIT_WORDS, UNITS
from rag.types import Span

_FIGURE = re.compile(
    rf"(?<![\w.])(?P<number>{NUMBER})(?:[\s-]*(?:{UNIT_WORDS})(?!\w)|(?!\w))", re.IGNORECASE
)
_LABEL = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w+\b")
_SPACED = re.compile(r"\d+[a-z]{1,3}3?")
"""A figure whose unit stands close to it ("8mm"): no label."""


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
    for found in _FIGURE.finditer(plain(text)):
        unit = next((at for at in range(len(UNITS)) if found[f"u{at}"]), None)
        written = found["number"]
        if unit is None and not written[0].isdigit():
            continue  # a count in words ("two conditions")
        number = _value(written.lower())
        measured = None if unit is None else (UNITS[unit][1], round(number * UNITS[unit][2], 6))
        yield _Figure(number, measured, found.group().strip())


def _value(written: str) -> float:
    """A number in digits, in words, or as an article ("a year", "half an hour")."""
    if written[0].isdigit():
        return float(written.replace(",", ""))
    return float(NUMBER_WORDS.get(written, 0.5 if written.startswith("half") else 1))


def _labels(text: str) -> list[str]:
    return [found for found in _LABEL.findall(text) if not _SPACED.fullmatch(found)]


def _spans(text: str, words: Iterable[str]) -> tuple[Span, ...]:
    found = (text.find(word) for word in words)
    return tuple((at, at + len(word)) for at, word in zip(found, words, strict=True) if at >= 0)
