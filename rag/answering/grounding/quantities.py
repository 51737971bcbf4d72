"""Quantities with their units, read as intervals.

``at least 8 mm but less than 15 mm`` is ``[8, 15) mm``; ``0.8 cm`` is ``8 mm``; ``three months``
is a point of 3 months; ``annual`` is 12 months. A plain range (``1-3 months``) leaves open whether
its ends belong to it (``None``). Dimensions that cannot be converted exactly stay apart: weeks are
not months.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import mask, places
from rag.answering.grounding.systems import editions
from rag.answering.grounding.text import ARROW, plain
from rag.answering.grounding.units import AFTER, BEFORE, NUMBER, NUMBER_WORDS, UNIT_WORDS, UNITS
from rag.types import Span

_ITEM = re.compile(
    r"(?P<before>(?:" + "|".join(f"(?P<b_{kind}>(?<![A-Za-z])(?:{words}))" for kind, words in BEFORE) + r")(?:(?: the)?(?: age)?(?: of)?(?= \w))?\s*)?"
    rf"(?P<number>(?<![\w.\-/])(?:{NUMBER})|(?<=[<>=≥≤~( ])(?:{NUMBER})|(?<=\d-)(?:{NUMBER})|(?<=/)\d+(?:\.\d+)?)"
    rf"(?P<middle> (?:or|and) (?:more|older|larger|fewer|less)(?= [a-z]))?(?:(?:\s?-\s?|\s*)(?:{UNIT_WORDS})(?![A-Za-z]))?"
    r"(?P<after>" + "|".join(f"(?P<a_{kind}>{words})" for kind, words in AFTER) + r")?",
    re.IGNORECASE,
)  # fmt: skip
_AGE_BEFORE = re.compile(
    r"\b(?:younger than|older than)\s*$|\b(?:age[ds]?|ages|aged)\s*(?:of|from|between|range|is|at)?\s*$",
    re.IGNORECASE,
)
_AGED = re.compile(
    r"\b(?:age[ds]?|ages|old(?:er)?|people|adults?|patients?|women|men|person)\b", re.I
)
_FREQUENCY = re.compile(
    r"(?<!on )(?<!on an )(?<!on the )(?<!at )(?<!at an )(?<!at the )(?<!on their )"
    r"\b(?:(?P<m12>annual(?:ly)?|yearly|(?:every|each|once a|once every|per) year)|(?P<m6>half-yearly|semi-?annual(?:ly)?|twice a year)"
    r"|(?P<m3>quarterly)|(?P<m1>monthly|(?:every|each|once a) month)|(?P<m24>biennial(?:ly)?))\b",
    re.IGNORECASE,
)
MOVED = re.compile(
    r"\b(?:upgrad|downgrad|rais|lower|chang|convert|mov|rise|rose|fall|fell|drop)\w*\b[^,;.]*$",
    re.IGNORECASE,
)
"""A verb after which "3 to 4" names what it was and what it becomes."""

UNIT_OF_BARE = "number"
_PERIOD_AFTER = re.compile(
    r"^[- ]*(?:period|interval|window|span|time ?frame|apart)", re.IGNORECASE
)
_COMPONENT = re.compile(r"\bsolid (?:component|part|portion)s?\b", re.IGNORECASE)
_WALL = re.compile(r"\bwalls?\b", re.IGNORECASE)
_OWNER = re.compile(r"\bof (?:an?|the) [\w-]+(?: [\w-]+)? nodule\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval of one dimension, in that dimension's base unit; ``None`` ends are open-ended.

    ``low_closed``/``high_closed`` say whether the end belongs to it (``None``: the text does not
    say). ``role`` is what is measured where that matters: ``component``, ``wall`` or empty.
    ``during`` marks a span of time in which something happens rather than a time after it.
    """

    dimension: str
    low: float | None
    high: float | None
    low_closed: bool | None
    high_closed: bool | None
    span: Span
    role: str = ""
    approximate: bool = False
    during: bool = False

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def ends(self) -> tuple[float | None, float | None]:
        return self.low, self.high

    def contains(self, value: float) -> bool:
        above = (
            self.low is None
            or value > self.low
            or (value == self.low and self.low_closed is not False)
        )
        below = (
            self.high is None
            or value < self.high
            or (value == self.high and self.high_closed is not False)
        )
        return above and below


@dataclass(frozen=True, slots=True)
class _Item:
    """One number as read: its bound (``ge``, ``lt``, ...), value, unit and place."""

    bound: str
    value: float
    dimension: str
    factor: float
    span: Span
    bare: bool


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities of the text in order; bare numbers have the dimension ``number``."""
    source = plain(text)
    arrows = [found.span() for found in ARROW.finditer(source)]
    spans = arrows + places(labels(source), editions(source))
    masked = mask(source, spans)
    numbers = [
        _item(masked, found)
        for found in _ITEM.finditer(masked)
        if found.group("number").lower() != "one" or _has_unit(found)
    ]
    items = _with_units(masked, _bounded_after_brackets(masked, numbers))
    often = _frequencies(masked)
    items = [x for x in items if not any(_within(x.span, y.span) for y in often)]
    found = _folded(masked, items) + often
    return tuple(sorted(found, key=lambda quantity: quantity.span))


def _within(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _item(text: str, found: re.Match[str]) -> _Item:
    raw = found.group("number").lower()
    value = (
        0.5
        if raw.startswith("half ")
        else 1.0
        if raw in ("a", "an")
        else float(NUMBER_WORDS[raw])
        if raw in NUMBER_WORDS
        else float(raw.replace(",", ""))
    )
    dimension, factor = UNIT_OF_BARE, 1.0
    for at, (_, name, scale) in enumerate(UNITS):
        if found.group(f"u{at}"):
            dimension, factor = name, scale
            break
    if dimension == UNIT_OF_BARE and _AGE_BEFORE.search(text[: found.start("number")]):
        dimension, factor = "months", 12.0
    return _Item(
        _bound(text, found, dimension),
        value,
        dimension,
        factor,
        found.span(),
        raw not in NUMBER_WORDS,
    )


def _bound(text: str, found: re.Match[str], dimension: str) -> str:
    after = next((kind for kind, _ in AFTER if found.group(f"a_{kind}")), "")
    if found.group("middle"):
        after = "le" if re.search("less|fewer", found.group("middle")) else "ge"
    before = next((kind for kind, _ in BEFORE if found.group(f"b_{kind}")), "")
    if (
        before == "gt"
        and dimension in ("months", "days", "minutes")
        and found.group("before").strip().lower() == "over"
    ):
        return "gt" if _AGED.search(text) else "in"
    return after or before


def _has_unit(found: re.Match[str]) -> bool:
    return any(found.group(f"u{at}") for at in range(len(UNITS)))


def _bounded_after_brackets(text: str, items: list[_Item]) -> list[_Item]:
    """In ``8 mm (268 mm3) or more`` the bound belongs to both."""
    out = list(items)
    for at in range(len(out) - 1):
        first, second = out[at], out[at + 1]
        joint = text[first.span[1] : second.span[0]].strip()
        after = re.match(r"\s*\)(?P<bound>\s+or \w+)", text[second.span[1] :])
        if joint == "(" and after and not first.bound and not second.bound:
            bound = next(
                (kind for kind, words in AFTER if re.match(words, after.group("bound"))), ""
            )
            out[at : at + 2] = [replace(first, bound=bound), replace(second, bound=bound)]
    return out


def _with_units(text: str, items: list[_Item]) -> list[_Item]:
    """A number without a unit takes that of the next one where both stand in one list or range."""
    out = list(items)
    for at in range(len(out) - 2, -1, -1):
        item, following = out[at], out[at + 1]
        joint = text[item.span[1] : following.span[0]]
        listed = re.fullmatch(
            r"\s*(?:,|/|-|x|to|and|or|,\s*(?:and|or|but)|through|but|\(exclusive\))?\s*",
            joint,
            re.I,
        )
        apart = following.bound in ("in", "within") and not joint.strip()
        if (
            item.dimension == UNIT_OF_BARE
            and following.dimension != UNIT_OF_BARE
            and listed
            and not apart
        ):
            year = _YEAR.match(str(int(item.value))) and "," in joint
            bounded = following.bound and not re.fullmatch(r"\s*(?:-|to|and|but)?\s*", joint, re.I)
            if not year and not bounded:
                out[at] = replace(item, dimension=following.dimension, factor=following.factor)
    known = {item.value: item for item in reversed(out) if item.dimension != UNIT_OF_BARE}
    for at, item in enumerate(out):  # "800-1000 s/mm2 and should not exceed 1000"
        same = known.get(item.value) if item.bound and item.dimension == UNIT_OF_BARE else None
        if same and same.span < item.span:
            out[at] = replace(item, dimension=same.dimension, factor=same.factor)
    for at in range(1, len(out)):
        joint = text[out[at - 1].span[1] : out[at].span[0]]
        if (
            out[at].dimension == UNIT_OF_BARE
            and out[at].value
            and out[at - 1].dimension in ("months", "mm", "mm3")
            and re.fullmatch(r"\s*(?:-|to|and|up to)\s*", joint, re.I)
            and out[at - 1].bound not in ("le", "lt")
        ):
            out[at] = replace(out[at], dimension=out[at - 1].dimension, factor=out[at - 1].factor)
    return out


def _folded(text: str, items: list[_Item]) -> list[Quantity]:
    """Two neighbouring bounds of one dimension as one interval; the rest one by one."""
    found: list[Quantity] = []
    at = 0
    while at < len(items):
        pair = _interval(text, items[at], items[at + 1]) if at + 1 < len(items) else None
        found.append(pair or _single(text, items[at]))
        at += 2 if pair else 1
    return [_placed(text, quantity) for quantity in found]


_LOWER, _UPPER = {"ge": True, "gt": False}, {"le": True, "lt": False}


def _interval(text: str, first: _Item, second: _Item) -> Quantity | None:
    if first.dimension != second.dimension:
        return None
    joint = text[first.span[1] : second.span[0]].strip().lower().strip("(), ")
    scored = first.dimension == UNIT_OF_BARE
    if joint == "to" and scored and MOVED.search(text[: first.span[0]]):
        return None  # "upgrades a score of 3 to 4" is no range
    if joint not in (
        "",
        "-",
        "to",
        "and",
        "but",
        "through",
        "up to",
        "or",
        "and also",
        "and up to",
        "but also",
        "inclusive) to",
        "to just",
    ):
        return None
    span = (first.span[0], second.span[1])
    a, b = first.value * first.factor, second.value * second.factor
    if first.bound in _UPPER and second.bound in _LOWER and joint in ("and", "but", ""):
        return Quantity(first.dimension, b, a, _LOWER[second.bound], _UPPER[first.bound], span)
    ranged = (
        joint in ("", "-", "to", "and", "but", "through", "up to", "and up to", "to just")
        and second.bound in _UPPER
    )
    if first.bound in _LOWER and (ranged or (joint in ("-", "to") and not second.bound)):
        return Quantity(first.dimension, a, b, _LOWER[first.bound], _UPPER.get(second.bound), span)
    if first.bound in ("", "about", "in", "within"):
        between = joint == "and" and re.search(r"\bbetween\s*$", text[: first.span[0]], re.I)
        if ranged and joint:
            return Quantity(first.dimension, a, b, True, _UPPER[second.bound], span)
        if not second.bound and (joint in ("-", "to", "through", "up to") or between):
            return Quantity(first.dimension, a, b, None, None, span)
    return None


def _single(text: str, item: _Item) -> Quantity:
    value = round(item.value * item.factor, 6)
    timed = item.dimension in ("months", "days", "minutes", "seconds")
    if item.bound in _LOWER:
        return Quantity(item.dimension, value, None, _LOWER[item.bound], None, item.span)
    if item.bound in _UPPER or (item.bound == "within" and timed):
        return Quantity(
            item.dimension,
            None,
            value,
            None,
            _UPPER.get(item.bound, True),
            item.span,
            during=item.bound == "within",
        )
    during = timed and (item.bound == "in" or bool(_PERIOD_AFTER.match(text[item.span[1] :])))
    return Quantity(
        item.dimension,
        value,
        value,
        True,
        True,
        item.span,
        approximate=item.bound == "about",
        during=during,
    )


def _placed(text: str, quantity: Quantity) -> Quantity:
    if quantity.dimension not in ("mm", "mm3"):
        return quantity
    return replace(quantity, role=_role(text, quantity.span))


def _role(text: str, span: Span) -> str:
    """``component`` where the nearest noun on either side is the solid component; ``wall`` likewise."""
    before = re.split(
        r"[,;:]|\b(?:whose|with)\b(?=.*\bsolid\b)|\b(?:if|when|provided)\b", text[: span[0]]
    )[-1][-90:]
    before = _OWNER.sub(" ", before)
    after = re.split(r"[,;:()]|\b(?:and|with|whose|or)\b", text[span[1] :])[0][:40]
    for pattern, role in ((_COMPONENT, "component"), (_WALL, "wall")):
        if pattern.search(after) or (pattern.search(before) and not _other_noun(before, pattern)):
            return role
    return ""


def _other_noun(before: str, pattern: re.Pattern[str]) -> bool:
    last = [match.end() for match in pattern.finditer(before)][-1]
    return bool(re.search(r"\b(?:total|nodules?|overall)\b", before[last:], re.I))


def _frequencies(text: str) -> list[Quantity]:
    months = {"m12": 12.0, "m6": 6.0, "m3": 3.0, "m1": 1.0, "m24": 24.0}
    return [
        Quantity("months", months[kind], months[kind], True, True, found.span())
        for found in _FREQUENCY.finditer(text)
        for kind in months
        if found.group(kind)
    ]
