"""Time in a text: intervals, dates, "new" and "baseline", and growth by a guideline's own rule.

Thresholds of growth are parameters that come from a guideline's fact; none stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rag.answering.reading import Reading
from rag.answering.sizes import governor
from rag.knowledge.facts import Fact
from rag.knowledge.phrases import Mention
from rag.types import Span

MONTHS = {"day": 12 / 365.25, "week": 12 * 7 / 365.25, "month": 1.0, "year": 12.0}
_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WORDS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "nine": 9,
    "twelve": 12,
    "eighteen": 18,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A time that has passed, in months, with its place."""

    months: float
    span: Span


@dataclass(frozen=True, slots=True)
class Date:
    """A year, with the month where it is given, and its place."""

    year: int
    month: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class GrowthRule:
    """What a guideline calls growth: more than ``mm_gt`` mm of mean diameter within ``months``.

    ``months`` is ``None`` where the guideline sets no window.
    """

    mm_gt: float
    months: float | None

    @classmethod
    def in_facts(cls, facts: Iterable[Fact]) -> GrowthRule | None:
        """The rule of a guideline: its first fact whose value has ``mm_gt`` and ``months``.

        ``None`` where no fact defines growth so.
        """
        values = (fact.value for fact in facts if isinstance(fact.value, Mapping))
        rule = next((v for v in values if "mm_gt" in v and "months" in v), None)
        return None if rule is None else cls(float(rule["mm_gt"]), float(rule["months"]))


@cache
def _interval() -> re.Pattern[str]:
    number = rf"\d+(?:\.\d+)?|{'|'.join(_WORDS)}"
    unit = r"day|week|wk|month|mo|mth|year|yr|개월|달|년|주|일"
    return re.compile(
        rf"(?<![a-z0-9.])(?P<n>{number})[\s-]*(?P<u>{unit})s?(?![a-z])(?![\s-]*(?:old|of age|pack|history))"
        r"|\blast year(?:'s)?\b|작년"
    )


@cache
def _planned() -> re.Pattern[str]:
    """What makes an interval a plan and no past: "repeat LDCT in 3 months", "every 6 months"."""
    return re.compile(
        r"(?:\b(?:ct|ldct|scan|imaging|exam|follow[- ]?up|f/u|us|ultrasound|mammogram|repeat|return|recall)\s+in|\bevery|\bnext|\brecommend\w*(?: \w+){0,4}|\bin the next|\bpack)\s*$"
    )


def intervals(folded: str) -> tuple[Interval, ...]:
    """Past intervals of a folded text ("at 6 months", "4 months later", "last year"), in order."""
    return tuple(
        Interval(_months(match), match.span())
        for match in _interval().finditer(folded)
        if not _planned().search(folded[max(match.start() - 40, 0) : match.start()])
    )


def _months(match: re.Match[str]) -> float:
    if match.group("n") is None:
        return 12.0
    number = float(_WORDS.get(match.group("n"), 0) or match.group("n"))
    unit = match.group("u")
    short = {
        "wk": "week",
        "mo": "month",
        "mth": "month",
        "yr": "year",
        "개월": "month",
        "달": "month",
        "년": "year",
        "주": "week",
        "일": "day",
    }
    return round(number * MONTHS[short.get(unit, unit)], 2)


@cache
def _date() -> re.Pattern[str]:
    name = "|".join(_NAMES)
    return re.compile(
        rf"\b(?P<name>{name})[a-z]*\.?,?\s*(?:\d{{1,2}},?\s*)?(?P<y1>(?:19|20)\d\d)\b"
        r"|(?<!\d)(?P<y2>(?:19|20)\d\d)[-./년]\s?(?P<m2>\d{1,2})(?:월|[-./]\d{1,2})?(?!\d)"
        r"|(?<![\d/])(?P<m3>\d{1,2})/(?:\d{1,2}/)?(?P<y3>(?:19|20)\d\d)(?!\d)"
        r"|(?<![a-z\d.])(?P<y4>(?:19|20)\d\d)(?!\d|\s?(?:mm|ml|cm))"
    )


def dates(folded: str) -> tuple[Date, ...]:
    """Dates of a folded text, in order; a guideline's edition ("v2022") is none."""
    return tuple(_read_date(match) for match in _date().finditer(folded))


def _read_date(match: re.Match[str]) -> Date:
    groups = match.groupdict()
    year = int(next(groups[key] for key in ("y1", "y2", "y3", "y4") if groups[key]))
    month = (
        _NAMES.index(groups["name"]) + 1
        if groups["name"]
        else int(groups["m2"] or groups["m3"] or 0)
    )
    return Date(year, month if 1 <= month <= 12 else None, match.span())


def months_between(earlier: Date, later: Date) -> float | None:
    """Months from one date to another, ``None`` where a month is not given."""
    if earlier.month is None or later.month is None:
        return None
    return float((later.year - earlier.year) * 12 + later.month - earlier.month)


@cache
def _predicate_before() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[,:;(\-\"/]|\b(?:is|are|was|were|be|been|appears?|being|entirely|completely|also|both|all|but|and|as|mm|cm|clearly|now|possibly|probably|likely|perhaps|maybe|presumably|apparently|potentially|questionably|suspected|nodules?|lesions?|ggns?|ggos?|cysts?|opacity|mass)|결절|\u339c)\s*$"
    )


@cache
def _predicate_after() -> re.Pattern[str]:
    return re.compile(
        r"\s*(?:$|[,.;:)?(\-\"/]|(?:since|from|compared|relative|on|in|at|vs|versus|when|to|finding|and|this|interval|today|or|as|but|than|with respect|over|by|after|is|was|has)\b)"
    )


@cache
def _reference() -> re.Pattern[str]:
    """Words that make "baseline" the examination one compares with."""
    return re.compile(
        r"\b(?:since|from|than|vs|versus|relative to|compared (?:to|with)|in comparison (?:to|with)|not (?:seen|present|visible|there|identified) (?:on|at|in)|absent (?:on|at|in)|after|following|beyond)\s+(?:the |her |his |a |prior |previous )*$"
    )


@cache
def _noun_marker() -> re.Pattern[str]:
    return re.compile(r"\b(?:no|not|the|a|an|any|something|anything|nothing)\s*$")


def _before_type_or_size(reading: Reading, mention: Mention) -> bool:
    """ "new part-solid 10 mm": the noun is left out."""
    after = reading.folded[mention.span[1] :]
    start = mention.span[1] + len(after) - len(after.lstrip())
    typed = any(m.span[0] == start for m in reading.of("nodule_type"))
    return (
        typed
        or re.match(r"\s*\d+(?:[.,]\d+)?(?:\s*x\s*\d+(?:[.,]\d+)?)?\s*-?(?:mm|cm|\u339c)", after)
        is not None
    )


def timing_mentions(
    reading: Reading, heads: Sequence[Mention]
) -> Iterator[tuple[Mention, Mention | None]]:
    """Each phrase of time that speaks about a finding, with the noun it speaks about.

    A bare "new" must stand before a finding ("new 5 mm solid nodule") or be said of one ("..., new
    since 2023"); "baseline" as the examination one compares with is no baseline examination.
    """
    for mention in reading.of("timing"):
        chunk = reading.chunks[reading.chunk_at(mention.span[0])].span
        noun = governor(reading, mention.span, chunk, heads)
        if mention.value == "baseline" and (
            _is_reference(reading, mention) or _is_past(reading, mention)
        ):
            continue
        if mention.value == "new" and not _speaks_of(reading, mention, chunk, noun):
            continue
        yield mention, noun


FOLLOWED = ("stable", "smaller", "growing", "slow_growing")
"""Values of timing that tell what happened since an earlier examination."""


def _is_past(reading: Reading, mention: Mention) -> bool:
    """Whether "baseline" tells where an earlier size or category comes from.

    So it is where the text also tells what has happened since: "8 mm at baseline, unchanged at 12
    months", "category 3 at baseline, now smaller".
    """
    later = [
        m for m in reading.of("timing") if m.value in FOLLOWED and m.span[0] >= mention.span[1]
    ]
    if not later:
        return False
    before = reading.folded[max(mention.span[0] - 40, 0) : mention.span[0]]
    if _owned().search(before):
        return True
    return any(_dated(reading, reading.chunks[reading.chunk_at(m.span[0])].span) for m in later)


@cache
def _owned() -> re.Pattern[str]:
    """A size or a label right before "at baseline"."""
    return re.compile(
        r"(?:mm|cm|\u339c|\u339d|mm3|\u00b3|\b(?:\d[abcx]?))\)?\s*(?:nodule |lesion )?(?:at|on|in)?\s*(?:the )?$"
    )


def _dated(reading: Reading, chunk: Span) -> bool:
    said = reading.folded[slice(*chunk)]
    return bool(intervals(said)) or bool(reading.roles_in(chunk, "current"))


def _is_reference(reading: Reading, mention: Mention) -> bool:
    before = reading.folded[max(mention.span[0] - 45, 0) : mention.span[0]]
    after = reading.folded[mention.span[1] : mention.span[1] + 24]
    said_before = _reference().search(before) is not None
    compared = re.match(
        r"\s*(?:size|measurement|diameter|value|comparison|of \d|was|were|measured|,?\s*(?:it|this|that) would)",
        after,
    )
    return said_before or compared is not None


def _speaks_of(reading: Reading, mention: Mention, chunk: Span, noun: Mention | None) -> bool:
    if reading.folded[slice(*mention.span)] not in ("new", "newly", "신규"):
        return True
    if noun is not None and noun.span[0] >= mention.span[1]:
        return noun.layer != "@other_organ"
    if _before_type_or_size(reading, mention):
        return True
    before = (
        reading.folded[chunk[0] : mention.span[0]]
        or reading.folded[max(chunk[0] - 1, 0) : mention.span[0]]
    )
    after = reading.folded[mention.span[1] : mention.span[1] + 20]
    closing = re.match(r"\s*(?:$|[,.;)])", after) is not None and not _noun_marker().search(before)
    said_of = closing or not before.strip() or _predicate_before().search(before) is not None
    return said_of and _predicate_after().match(after) is not None
