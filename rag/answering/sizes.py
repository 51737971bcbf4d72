"""What each measurement of a text measures: the nodule, its solid part, a wall, an earlier size ...

Read from the words around it in its chunk. A measurement of something else (a lymph node, a slice,
a distance) is set aside; one that could be an earlier or the present size is left to the context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.answering.measurements import Quantity
from rag.answering.reading import Reading
from rag.knowledge.phrases import Mention
from rag.knowledge.words import overlap
from rag.types import Span

Role = Literal[
    "size", "past", "previous", "change", "component", "component_past", "component_before", "wall",
    "wall_before", "elsewhere",
]  # fmt: skip
"""``past`` is an earlier size if the text also gives another one, else the size itself;
``component_past`` and ``wall_before`` likewise."""

Axis = Literal["long", "short", "mean", ""]


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity with what it measures; ``axis`` where the text names one.

    ``now``: the text says that it is today's; ``whole``: that it is of the whole nodule ("in total").
    """

    quantity: Quantity
    role: Role
    axis: Axis
    chunk: int
    now: bool = False
    whole: bool = False

    @property
    def span(self) -> Span:
        return self.quantity.span


@cache
def _pattern(name: str) -> re.Pattern[str]:
    gap = r"(?:\s+(?!now\b|current|today|ha(?:s|ve)\b|develop|acquir|new\b)[a-z]+|\s*[:=]){0,4}\s*$"
    date = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|(?:19|20)\d\d|\d{1,2}/\d{2,4}"
    exam = r"(?:prior|previous|last|earlier|old|comparison|preceding)"
    thing = r"(?:solid |part-solid |ground-glass )?(?:nodule|lesion|ggn|ggo|cyst|opacity|mass)"
    known = r"(?!\s+(?:seen|noted|described|identified|reported|known|demonstrated|detected|characteri[sz]ed|mentioned|visuali[sz]ed|documented))"
    earlier = rf"previous(?:ly)?{known}|prev|prior|earlier|formerly|last (?:year|scan|exam|ct|screen\w*|study|time)|old|past"
    patterns = {
        "distance_after": r"\s*(?:away\s+)?(?:from(?!\s+(?:an? |about |the )?(?:\d|prior|previous|baseline|last))|fn\b|deep\b|below\b|above\b|off\b|(?:superior|inferior|posterior|anterior|lateral|medial) to)",
        "distance_before": r"\bap\s*/\s*tr(?:ans\w*|v)?\s*[:=]?\s*\d+(?:\.\d+)?\s*/\s*$|\b(?:within|distance of|depth of|located|lies|lying)\s*$",
        "acquisition": r"\s*-?(?:thick |thin )?(?:slices?|sections?|collimation|axial|reconstruct\w*|cuts?|images?)\b",
        "change_before": r"(?:\bby|\bgrew|\bgrown|growth of|growth|increase of|increased|(?:increase|change|growth|difference) in [a-z ]{0,25}of|change of|difference of|gain of|gained|\bdelta|(?<![\w)])\+(?=$))(?: (?:only|just|about|approximately|over|another|a|an|some))*\s*$",
        "change_after": r"\s*(?:of\s+)?(?:growth|increase|larger|bigger|enlargement|change|increment|증가|성장|커짐|커졌)\b",
        "change_over": r"\s*(?:exactly |only )?(?:in|over|within|since) (?:the |about |exactly )?(?:\d|last|past|one|two|six|twelve|12|a )",
        "of_a_rule": r"\s*(?:row|line|rule|cut-?off|threshold|class|group|range|bracket|step)s?\b",
        "whole": r"\b(?:total|overall|whole|entire)(?:\s+(?:size|diameter|mean|nodule|lesion|of|is|was))*\s*[:=]?\s*$",
        "whole_after": r"\s*(?:in )?(?:total|overall)\b",
        "grew_to": r"(?:to|into|at|로)\s*(?:about |approximately )?$",
        "previous_before": rf"(?:\b(?:{earlier}|compared (?:to|with)|in comparison (?:to|with)|up from|down from|from|vs\.?|versus)|이전|기존|과거|작년|전에){gap}",
        "previous_after": rf"\s*\)?(?:\s*(?:previously|before|earlier)\b(?!\s*(?:[a-z]+\s+){{0,3}}?\d)|,?\s*(?:a|one|two|three|four|five|six|\d+)[\s-]*(?:month|year|week|mo|yr)s? (?:ago|earlier|before|prior)|,?\s*last (?:year|time|exam|scan|ct|screen\w*)|\s*(?:{thing}\s+)?(?:on|at|in) (?:the |her |his )?{exam}\b)",
        "past_before": rf"(?:\b(?:was|were|had been|initially|originally|measured|baseline|in (?:{date})|(?:{date}))\b|(?:19|20)\d\d년?)(?:\s+(?!now\b|current|today|to\b)[a-z]+|\s*[:=(]){{0,3}}\s*$",
        "past_after": rf"\s*\(?\s*(?:(?:in|on|at|from) )?\(?(?:the )?(?:baseline|initial|first)\b|\s*(?:{thing}\s+)?\(?\s*(?:,\s*)?(?:(?:in|on|at|from) )?\(?(?:{date})\b",
        "now_before": r"\b(?:now|currently|current|today|presently|this (?:time|exam|year|scan))\b[^.;]{0,30}$|(?:현재|이번|지금)[^.;]{0,12}$",
        "now_after": r"\s*\(?\s*(?:now|currently|today|at present|on (?:the |this )?(?:current|today)|현재)(?!\s*(?:[a-z]+\s+){0,3}?\d)",
        "known_before": r"\b(?:previous(?:ly)?|prior|known|earlier)\s+(?:[a-z]+\s+){0,2}$",
        "then_now": r"\b(?:now|currently|today|presently|at present)\b",
        "long": r"(?:(?:long(?:est)?|greatest|largest|max(?:imum|imal)?\.?|major)[ -]?(?:axis|diameter|dimension|axial diameter|axial|size)|\bmax(?:imum|imal)?\.?)(?:\s*(?:of|is|was|:|=))?\s*$",
        "long_after": r"\s*\(?(?:in )?(?:the )?(?:its )?(?:long(?:est)?|greatest|largest|max(?:imum|imal)?|major)(?:[ -](?:axis|diameter|dimension)|\))",
        "short": r"(?:short(?:est)?|minor|perpendicular)[ -]?(?:axis|diameter|dimension)?(?:\s*(?:of|is|was|:|=))?\s*$",
        "short_after": r"\s*\(?(?:in )?(?:the )?(?:its )?(?:short(?:est)?|minor|perpendicular)(?:[ -](?:axis|diameter|dimension)|\))",
        "mean": r"(?:mean|average|avg\.?|평균)[ -]?(?:diameter|size|axis|직경|크기)?(?:\s*(?:of|is|was|:|=|은|는))?\s*$",
        "mean_after": r"\s*\(?(?:in )?(?:total )?(?:mean|average|avg)\b",
        "stop": r"\b(?:of|in|with|on|for|at|since|from|is|are|was|were|has|have|than|to|by|measur\w*|compared|after|before|near|within)\b",
        "preposition": r"\b(?:in|of|near|to|within|at|by|behind|along|from|on|abutting|beside|around|touching|against)\s+(?:[a-z-]+\s+){0,3}$",
    }
    return re.compile(patterns[name])


def measure(
    reading: Reading, quantities: Sequence[Quantity], heads: Sequence[Mention]
) -> tuple[Measure, ...]:
    """Each quantity with its role; those inside a phrase of the glossary are left out."""
    phrases = [m.span for m in reading.mentions if m.layer in _THRESHOLD_PHRASES]
    own = [q for q in quantities if not any(overlap(q.span, span) for span in phrases)]
    return tuple(_measure(reading, quantity, own, heads) for quantity in own)


_THRESHOLD_PHRASES = ("timing", "@ignore", "@no_nodule", "incomplete_reason", "infection_sign")


def _measure(
    reading: Reading, quantity: Quantity, all_of_them: Sequence[Quantity], heads: Sequence[Mention]
) -> Measure:
    number = reading.chunk_at(quantity.span[0])
    start = reading.chunks[number].span[0]
    start = max(
        [start, *(q.span[1] for q in all_of_them if start <= q.span[1] <= quantity.span[0])]
    )
    before = reading.folded[start : quantity.span[0]]
    after = reading.folded[quantity.span[1] : reading.chunks[number].span[1]]
    role = _role(reading, quantity, (before, after), all_of_them, heads)
    now = _pattern("now_before").search(before) or _pattern("now_after").match(after)
    whole = _pattern("whole").search(before) or _pattern("whole_after").match(after)
    return Measure(quantity, role, _axis(before, after), number, now is not None, whole is not None)


def _role(
    reading: Reading,
    quantity: Quantity,
    around: tuple[str, str],
    others: Sequence[Quantity],
    heads: Sequence[Mention],
) -> Role:
    before, after = around
    if quantity.kind != "percent" and _set_aside(before, after):
        return "elsewhere"
    if _pattern("whole").search(before) or _pattern("whole_after").match(after):
        return _when(reading, quantity, before, after)
    target = governor(
        reading, quantity.span, reading.chunks[reading.chunk_at(quantity.span[0])].span, heads
    )
    carried = target is None
    target = target or _carried_over(reading, quantity, others, heads)
    when = _when(reading, quantity, before, after)
    if target is not None and target.layer == "@component":
        if any(other.became == quantity.span for other in others):
            return "component"
        earlier = when == "previous" or (when == "past" and carried)
        return (
            "component_before" if earlier else "component_past" if when == "past" else "component"
        )
    if target is not None and target.layer == "@wall":
        return "wall" if when == "size" else "wall_before"
    if target is not None and target.layer == "@other_organ":
        return "elsewhere"
    return when


_PARTS = ("@component", "@wall")


def _carried_over(
    reading: Reading, quantity: Quantity, others: Sequence[Quantity], heads: Sequence[Mention]
) -> Mention | None:
    """The part of a nodule that the piece before ended with, for a size that goes on from it.

    So goes on a size that opens its piece: one told of the present after the part's earlier one ("wall
    was 2 mm and now 4 mm", "solid part 3 mm (2023) -> 5 mm"), and one that gives a part its first size
    where the nodule has its own ("16 mm, a solid part has developed, 4 mm").
    """
    number = reading.chunk_at(quantity.span[0])
    here, before = reading.chunks[number], reading.chunks[_before(reading, number)]
    goes_on = here is not before and here.sentence == before.sentence
    opening = reading.folded[here.span[0] : quantity.span[0]]
    if not goes_on or not _opens_on().fullmatch(opening):
        return None
    parts = [h for h in heads if before.span[0] <= h.span[0] and h.span[1] <= before.span[1]]
    if not parts or parts[-1].layer not in _PARTS:
        return None
    measured = [q for q in others if before.span[0] <= q.span[0] < before.span[1]]
    of_part = [q for q in measured if q.span[0] >= parts[-1].span[1]]
    compared = of_part and (opening.strip() or quantity.became or of_part[-1].became)
    first = not of_part and any(q.span[1] <= parts[-1].span[0] for q in others)
    return parts[-1] if compared or first else None


def _before(reading: Reading, number: int) -> int:
    """The number of the piece before, past those that only hold a date."""
    while number > 0:
        number -= 1
        if re.search(r"[a-z\uac00-\ud7a3]", reading.folded[slice(*reading.chunks[number].span)]):
            break
    return number


@cache
def _opens_on() -> re.Pattern[str]:
    words = "it|this|is|was|were|measures|measured|measuring|now|currently|today|previously|before"
    words += "|at|about|approximately|then"
    return re.compile(rf"\s*(?:(?:(?:{words})\b|->|=>|\u2192)\s*)*")


def _set_aside(before: str, after: str) -> bool:
    return any(
        pattern is not None
        for pattern in (
            _pattern("distance_after").match(after),
            _pattern("distance_before").search(before),
            _pattern("acquisition").match(after),
            _pattern("of_a_rule").match(after),
        )
    )


def _when(reading: Reading, quantity: Quantity, before: str, after: str) -> Role:
    if quantity.became is not None:
        return "previous"
    if _pattern("now_before").search(before) or _pattern("now_after").match(after):
        return "size"
    if _pattern("grew_to").search(before):
        return "size"
    if _pattern("change_after").match(after) or _pattern("change_before").search(before):
        return "change"
    opener = reading.chunks[reading.chunk_at(quantity.span[0])].opener
    if opener == "plus" and not before.strip() and _pattern("change_over").match(after):
        return "change"
    rest = after + reading.folded[quantity.span[1] + len(after) :][:24]
    if _pattern("previous_before").search(before) or _pattern("previous_after").match(rest):
        return "previous"
    if _pattern("known_before").search(before) and _pattern("then_now").search(after):
        return "previous"
    if _pattern("past_before").search(before) or _pattern("past_after").match(rest):
        return "past"
    return "size"


def _axis(before: str, after: str) -> Axis:
    for name in ("long", "short", "mean"):
        if _pattern(name).search(before) or _pattern(f"{name}_after").match(after):
            return name
    return ""


def governor(reading: Reading, span: Span, chunk: Span, heads: Sequence[Mention]) -> Mention | None:
    """The noun in the chunk that the words at ``span`` speak about, if there is one.

    A noun that follows with nothing but adjectives between ("8 mm smooth nodule"), else the last
    one before that does not stand behind a preposition ("nodule in the lobe near the aorta 8 mm").
    """
    here = [h for h in heads if chunk[0] <= h.span[0] and h.span[1] <= chunk[1]]
    following = next((h for h in here if h.span[0] >= span[1]), None)
    if following and not _pattern("stop").search(reading.folded, span[1], following.span[0]):
        return following
    earlier = [h for h in here if h.span[1] <= span[0]]
    free = [
        h
        for h in earlier
        if not _pattern("preposition").search(reading.folded[chunk[0] : h.span[0]])
    ]
    return next(reversed(free or earlier), following)
