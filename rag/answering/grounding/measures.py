"""Quantities of a statement against those of its passage: value, unit, direction, completeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.answering.grounding.attributes import is_rule
from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import mask, quoted
from rag.answering.grounding.quantities import UNIT_OF_BARE, Quantity, quantities
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    partly,
    passed,
    unsupported,
)
from rag.answering.grounding.systems import edition_names
from rag.answering.grounding.text import without_asides

_QUANTITY, _RULE = "quantity", "complete rule"
_SIZES = ("mm", "mm3")
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_NONE = re.compile(r"\b(?:no|not|none|without|lack\w*)\b", re.IGNORECASE)
_ONE = re.compile(
    r"\b(?:one|any|an?) (?:or more\b|further|additional|other)|\bat least (?:one|an?)\b",
    re.IGNORECASE,
)


def check_quantities(part: Part, unit: Unit) -> CheckResult:
    """Every quantity with its unit stands in the passage, bounded in the same direction.

    A bare measurement that the reader gave ("a 9 mm nodule") is right where it lies inside an
    interval of the passage (``[8, 15) mm``).
    """
    there = quantities(unit.text)
    loose: list[Quantity] = []
    for own in quantities(part.text):
        match = _match(own, there, part, unit)
        if not match or _repeated(own, part, there):
            return _mismatch(part, own, there)
        if match == "loose":
            loose.append(own)
    if not loose:
        return passed(_QUANTITY)
    spans = tuple(quantity.span for quantity in loose)
    return partly(
        _QUANTITY, f"whether the ends of {quoted(part.text, spans)} belong to it is not said", spans
    )


def _match(own: Quantity, there: Sequence[Quantity], part: Part, unit: Unit) -> str:
    """``exact``, ``loose`` (the same but for its ends), or empty."""
    same = [x for x in there if x.dimension == own.dimension and _role_fits(own, x)]
    if any(_equal(own, x) for x in same):
        return "exact"
    if own.is_point and own.dimension in (*_SIZES, "months") and is_given(own, part):
        inside = [
            x for x in same if not x.is_point and x.low != x.high and x.contains(own.low or 0)
        ]
        if inside:
            return "exact"
    if own.dimension == UNIT_OF_BARE and _in_heading(own, unit):
        return "exact"
    if own.low is None and any(x.is_point and _is_limit(x, unit) for x in _of_end(own, same)):
        return "exact"
    return "loose" if any(_loosely_equal(own, x) for x in same) else ""


def _of_end(own: Quantity, same: Sequence[Quantity]) -> list[Quantity]:
    return [x for x in same if x.low == own.high and own.high_closed]


def _is_limit(figure: Quantity, unit: Unit) -> bool:
    """Whether the passage goes up to this figure: "repeatable to 1 mg"."""
    return unit.text[: figure.span[0]].rstrip().endswith(" to")


def _repeated(own: Quantity, part: Part, there: Sequence[Quantity]) -> bool:
    """Whether the statement gives a value more often than the passage: one of them is made up."""
    said = [x for x in quantities(part.text) if x.dimension == own.dimension and x.ends == own.ends]
    meant = [x for x in there if x.dimension == own.dimension and x.ends == own.ends]
    return len(said) > max(1, len(meant))


def _role_fits(own: Quantity, other: Quantity) -> bool:
    """A size of the solid component or wall is not one of the whole nodule; unsaid fits where one is meant."""
    return own.role == other.role


def _equal(own: Quantity, other: Quantity) -> bool:
    ends = own.ends == other.ends and _same_closure(own, other)
    return ends or (own.is_point and own.during and _spans(other, own))


def _same_closure(own: Quantity, other: Quantity) -> bool:
    return (own.low is None or own.low_closed == other.low_closed) and (
        own.high is None or own.high_closed == other.high_closed
    )


def _spans(other: Quantity, own: Quantity) -> bool:
    """``in 12 months`` says the same as ``within 12 months``, though not the other way round."""
    return other.during and other.high == own.high


def _loosely_equal(own: Quantity, other: Quantity) -> bool:
    """The same ends, where one of the two does not say whether they belong to it."""
    return (
        own.ends == other.ends
        and None not in own.ends
        and _compatible(own.low_closed, other.low_closed)
        and _compatible(own.high_closed, other.high_closed)
    )


def _compatible(own: bool | None, other: bool | None) -> bool:
    return own is None or other is None or own == other


def is_given(own: Quantity, part: Part) -> bool:
    """Whether the reader's question gives this very value (or it is the mean of two axes given)."""
    given = [
        x for x in quantities(part.asked.question) if x.dimension == own.dimension and x.is_point
    ]
    points = [x.low or 0.0 for x in given]
    means = [(a + b) / 2 for a, b in pairwise(points)]
    return own.low in points or own.low in means


def _in_heading(own: Quantity, unit: Unit) -> bool:
    """A year is right where it is the edition's."""
    years = [
        x
        for x in quantities(unit.text)
        if x.dimension == UNIT_OF_BARE and 1900 < (x.low or 0) < 2100
    ]
    return own.is_point and not years and str(int(own.low or 0)) in edition_names(unit.edition)


def _mismatch(part: Part, own: Quantity, there: Sequence[Quantity]) -> CheckResult:
    words = quoted(part.text, [own.span])
    same = [x for x in there if x.dimension == own.dimension]
    shared = [x for x in same if set(x.ends) & set(own.ends) - {None}]
    if shared:
        return contradicted(
            _QUANTITY, f"{words}: the cited passage bounds it otherwise", (own.span,)
        )
    if same:
        return contradicted(
            _QUANTITY, f"{words} is not the value in the cited passage", (own.span,)
        )
    return unsupported(_QUANTITY, f"{words} does not stand in the cited passage", (own.span,))


def check_complete_rule(part: Part, unit: Unit) -> CheckResult:
    """A rule's sizes are not left out: "a new solid nodule is 4A" needs its 6 to 8 mm.

    They may stand in the statement so far, or lie in the question as the patient's own sizes.
    """
    if not is_rule(unit.text):
        return passed(_RULE)
    rule = without_asides(unit.text)
    there = [x for x in quantities(rule) if x.dimension in _SIZES]
    for dimension in _SIZES:
        needed = [x for x in there if x.dimension == dimension]
        if needed and all(_said(x, part) for x in needed):
            return passed(_RULE)
    if not there:
        return passed(_RULE)
    missing = next(x for x in there if not _said(x, part))
    words = rule[slice(*missing.span)]
    return unsupported(_RULE, f'leaves out "{words}", on which the cited rule depends')


def check_complete_count(part: Part, unit: Unit) -> CheckResult:
    """A rule's count is not left out: "10-19 mm is LR-5" needs its "2 or more additional features"."""
    rule = without_asides(unit.text)
    shared = {x.label for x in labels(rule)} & {x.label for x in labels(part.text)}
    found = quantities(rule)
    counts = [x for x in found if x.dimension == UNIT_OF_BARE and _is_count(x)]
    choice = _OR.search(mask(rule, [x.span for x in found]))
    if not shared or not counts or choice or any(_said(x, part) for x in counts):
        return passed(_RULE)
    if counts[0].low == 1 and _ONE.search(part.text):
        return passed(_RULE)
    if counts[0].low == 0 and _NONE.search(part.text):
        return passed(_RULE)
    words = rule[slice(*counts[0].span)].strip()
    return unsupported(_RULE, f'leaves out "{words}", on which the cited rule depends')


def _is_count(figure: Quantity) -> bool:
    """ "2 or more", or "0": how many features a rule asks for."""
    return figure.ends == (0, 0) or bool(figure.low and figure.high is None)


def _said(needed: Quantity, part: Part) -> bool:
    own = [
        x
        for x in quantities(part.text)
        if x.dimension == needed.dimension and x.role == needed.role
    ]
    before = [] if own else list(quantities(part.before))
    if any(_equal(x, needed) or _loosely_equal(x, needed) for x in [*own, *before]):
        return True
    given = [x for x in quantities(part.asked.question) if x.dimension == needed.dimension]
    return any(x.is_point and x.role == needed.role and needed.contains(x.low or 0) for x in given)
