"""Answers of a structured report to its own headings: "Spiculation: no", "fat (-)", "Foci - none".

A heading affirms nothing by itself; what stands after its sign says whether the feature is there.
Only an answer that closes its field counts: "nodule: no change" denies no nodule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.types import Span


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """An answer right after a heading; ``span`` covers the sign and the answer."""

    polarity: Literal["affirmed", "negated", "uncertain"]
    span: Span


@cache
def _answer() -> re.Pattern[str]:
    sign = r"\s*(?:[:=]|(?<=\s)-(?=\s))\s*\(?"
    no = r"none|nil|no|nope|n|not|absent|absence|neg|negative|without|없음|없다|무|음성|아니오"
    unsaid = (
        r"\?+|n/?a|unknown|unclear|uncertain|indeterminate|equivocal|possible|possibly|questionable"
        r"|suspected|(?:not |un)(?:stated|reported|specified|assessed|evaluated|mentioned|documented)"
        r"|(?:cannot|can't|could not) be \w+|확인 ?불가|불명확"
    )
    yes = r"yes|y|present|positive|pos|seen|있음|양성"
    signs = r"\(\s*(?:(?P<minus>-+)|(?P<plus>\++)|(?P<doubt>\?|\+/-|-/\+|±))\s*\)"
    more = r"(?:\s+(?:evidence|definite|sign|seen|present|identified|detected|visible|noted|enlarged|evident|appreciated))?"
    words = rf"{sign}(?:(?P<unsaid>{unsaid})|(?P<no>(?:{no}){more})|(?P<yes>{yes}))"
    closed = r"(?=\s*(?:[.,;/()\n\]]|$|\d\s*points?))"
    return re.compile(rf"\s*{signs}|{words}{closed}")


@cache
def _unticked() -> re.Pattern[str]:
    return re.compile(r"(?:\[\s*\]|\(\s+\)|\u2610|\u25a1)\s*$")


def field_answers(folded: str) -> tuple[FieldAnswer, ...]:
    """The answers of a folded text, in order.

    >>> [a.polarity for a in field_answers("fat: none. spiculation (+). growth: unknown")]
    ['negated', 'affirmed', 'uncertain']
    """
    return tuple(map(_read, _answer().finditer(folded)))


def _read(match: re.Match[str]) -> FieldAnswer:
    if match.group("minus") or match.group("no"):
        return FieldAnswer("negated", match.span())
    if match.group("plus") or match.group("yes"):
        return FieldAnswer("affirmed", match.span())
    return FieldAnswer("uncertain", match.span())


def unticked(folded: str, place: int) -> bool:
    """Whether an empty box stands before ``place``: an item of a form that nobody chose."""
    return _unticked().search(folded, max(place - 6, 0), place) is not None


def ticked(folded: str) -> bool:
    """Whether a box of a form is ticked."""
    return (
        re.search(r"\[\s*(?:x|v|\u2713|\u2714)\s*\]|\(\s*x\s*\)|[\u2611\u2612\u25a0]", folded)
        is not None
    )


def is_heading(folded: str, end: int, answer: int) -> bool:
    """Whether words that end at ``end`` are the heading of what stands at ``answer``."""
    return re.fullmatch(r"\s*[:=][^.;\n]*", folded[end:answer]) is not None
