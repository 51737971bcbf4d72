"""Things told apart by a number: level 2, zone IV, group II, composition b.

Such a number is a name, not a quantity: "level 1" does not stand in "level 2 of one institution".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.units import NUMBER_WORDS
from rag.answering.grounding.words import meaning_of
from rag.types import Span

_CHECK = "ordinals"
_ONE = r"(?:[IV]{1,4}|\d{1,2}|[a-d])\b(?![.,]?\d|[ -]?(?:mm|cm|%|T\b|mg|m[lL]|months?|years?|weeks?|days?|hours?))"
_NAMED = re.compile(
    rf"\b(?P<noun>(?i:level|zone|group|stage|phase|step|type|composition|density))s?"
    rf"(?: (?i:category))? (?P<list>{_ONE}(?:(?:, | and | or |/|, and |-| to ){_ONE})*)"
)
_COUNT = re.compile(
    r"\b(?P<n>one|two|three|four|five|six) (?!of|or|and|who|that|which|is|was|in|for|with)(?P<noun>[a-z]{3,})",
    re.IGNORECASE,
)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
_SAME = {"density": "composition"}


@dataclass(frozen=True, slots=True)
class Ordinal:
    """A noun with the number that names one of its kind, in Arabic figures."""

    name: tuple[str, str]
    span: Span


@lru_cache(maxsize=8192)
def ordinals(text: str) -> tuple[Ordinal, ...]:
    """Every numbered name of the text; each member of a list is one."""
    found = []
    for named in _NAMED.finditer(text):
        noun = named["noun"].lower()
        for one in re.finditer(r"[IV]+|\d+|[a-d]\b", named["list"]):
            at = named.start("list")
            number = _ROMAN.get(one.group(), one.group())
            name = (_SAME.get(noun, noun), number)
            found.append(Ordinal(name, (at + one.start(), at + one.end())))
    return tuple(found)


def _counted(text: str) -> dict[str, set[int]]:
    """How many of which thing: ``{"dimens": {2}}`` for "in two dimensions"."""
    found: dict[str, set[int]] = {}
    for named in _COUNT.finditer(text):
        found.setdefault(meaning_of(named["noun"]), set()).add(NUMBER_WORDS[named["n"].lower()])
    return found


def check_counted(part: Part, unit: Unit) -> CheckResult:
    """Of a thing that the passage counts in words the statement gives the same number."""
    there = _counted(unit.text)
    for named in _COUNT.finditer(part.text):
        meant = there.get(meaning_of(named["noun"]), set())
        if meant and NUMBER_WORDS[named["n"].lower()] not in meant:
            reason = (
                f"{quoted(part.text, [named.span()])} is another number than in the cited passage"
            )
            return contradicted("count", reason, (named.span(),))
    return passed("count")


def check_ordinals(part: Part, unit: Unit) -> CheckResult:
    """A numbered name of the statement stands in the passage."""
    there = {item.name for item in ordinals(f"{unit.heading}. {unit.text}")}
    wrong = tuple(item.span for item in ordinals(part.text) if item.name not in there)
    if not wrong:
        return passed(_CHECK)
    reason = f"{quoted(part.text, wrong)} is another than in the cited passage"
    return contradicted(_CHECK, reason, wrong)
