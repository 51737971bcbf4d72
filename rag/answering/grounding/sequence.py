"""What comes first: "A before B" does not support "B before A".

Three ways in which a passage orders things: by "before" and "after"; by a list that is run through
("in this order", "then"); and by what is done first and what only where that is not available. The
figures of a comparison ("57 % against 46.7 %") are a fourth: the second is the other side's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import find, lexicon, mask, places, quoted
from rag.answering.grounding.modality import contrast, examinations
from rag.answering.grounding.quantities import MOVED, Quantity, quantities
from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.systems import editions
from rag.answering.grounding.words import all_words
from rag.types import Span

_CHECK = "sequence"
_TURN = re.compile(
    r"\b(?P<before>before|prior to|ahead of)\b|\b(?P<after>after|following|subsequent to)\b(?! the most\b)",
    re.IGNORECASE,
)
_SUCCEEDS = re.compile(
    r"\b(?P<before>(?:is|are|was|were|been)(?: \w+)? (?:replac|supersed|succeed|supplant)ed by)\b"
    r"|\b(?P<after>(?:replac|supersed|succeed|supplant)(?:e?s|ed|ing)|in place of|instead of)\b(?! by\b)",
    re.IGNORECASE,
)
_WITH = re.compile(r"(?P<old>[^,;:()]+?) (?:with|by) (?P<new>[^,;:()]+)", re.IGNORECASE)
_CUT = re.compile(r"[,;:()]\s?|\b(?:if|when|because|unless|as)\b", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|may|can|should|must|has|have|will)\b", re.IGNORECASE)
_LISTED = re.compile(r"\bin (?:this|the following) order\b|\bthen\b", re.IGNORECASE)
_FIRST = re.compile(
    r"\bfirst(?:-line)?\b(?! (?:trimester|year|scan|screening|pass|day))|\binitial(?:ly)? (?:test|study|imaging|exam)",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"\b(?:not|isn't|un)[ -]?(?:immediately |readily |at once |at hand )?available\b", re.IGNORECASE
)
_AGAINST = re.compile(
    r"\b(?:against|versus|vs\.?|compared (?:with|to)|as opposed to)", re.IGNORECASE
)
_ALTERNATIVE = re.compile(r"[,;:()]\s?(?:or\b)?|\bor\b", re.IGNORECASE)
_PRONOUNS = frozenset({"it", "they", "this", "these", "which", "its"})
_EMPTY = frozenset("the a an is are be it of in to for and or with".split())


@dataclass(frozen=True, slots=True)
class _Order:
    """The words of what comes earlier and of what comes later."""

    earlier: frozenset[str]
    later: frozenset[str]


def check_sequence(part: Part, unit: Unit) -> CheckResult:
    """What the passage puts first, or on one side of a comparison, stays there."""
    for turned in (
        _turned_round,
        _succeeds_otherwise,
        _out_of_the_list,
        _other_examination,
        _other_side,
        _moved_back,
        _other_time,
    ):
        span = turned(part.text, unit.text)
        if span:
            reason = f"{quoted(part.text, [span])} turns the order of the cited passage round"
            return contradicted(_CHECK, reason, (span,))
    return passed(_CHECK)


@lru_cache(maxsize=4096)
def _orders(text: str, turns: re.Pattern[str] = _TURN) -> tuple[tuple[_Order, Span], ...]:
    """Each "before" and "after" of the text with the words on both its sides."""
    found = []
    placed = list(turns.finditer(text))
    for at, turn in enumerate(placed):
        told = text[: placed[at + 1].start()] if turns is _SUCCEEDS and placed[at + 1 :] else text
        left, right = _exchanged(told, turn) or _sides(told, turn.span())
        order = _Order(left, right) if turn["before"] else _Order(right, left)
        found.append((order, turn.span()))
    return tuple(found)


def _exchanged(text: str, turn: re.Match[str]) -> tuple[frozenset[str], frozenset[str]] | None:
    """What comes and what goes in "replaces A with B"; ``None`` for another turn of phrase."""
    given = _WITH.match(text, turn.end()) if turn.group().lower().startswith("replac") else None
    return (_words(given["new"]), _words(given["old"])) if given else None


def _sides(text: str, turn: Span) -> tuple[frozenset[str], frozenset[str]]:
    """The words left and right of a turning word; one that leads its sentence has the rest on its left."""
    left, right = text[: turn[0]], text[turn[1] :]
    cut = _CUT.search(right)
    if not left.strip() and cut and _VERB.search(right[: cut.start()]):
        return _words(""), _words("")  # "After A B is done, ...": where A ends is not said
    if not left.strip():
        return (
            (_words(right[cut.end() :]), _words(right[: cut.start()])) if cut else (_words(""),) * 2
        )
    near = _CUT.split(left.rstrip(" ,;:("))[-1]
    left = (
        near if _words(near) - _PRONOUNS else left
    )  # "..., replacing v1.0": the subject stands farther off
    return _words(left), _words(right[: cut.start()] if cut else right)


def _words(text: str) -> frozenset[str]:
    named = {label.label for label in labels(text)} | {x.concept for x in editions(text)}
    return (all_words(mask(text, places(editions(text)))) | named) - _EMPTY


def _turned_round(own: str, there: str) -> Span | None:
    """A "before" whose sides stand the other way round in the passage."""
    for said, span in _orders(own):
        for meant, _ in _orders(there):
            kept = len(said.earlier & meant.earlier) + len(said.later & meant.later)
            crossed = said.earlier & meant.later, said.later & meant.earlier
            if all(crossed) and len(crossed[0]) + len(crossed[1]) > kept:
                return span
    return None


def _succeeds_otherwise(own: str, there: str) -> Span | None:
    """What takes another's place must do so in the passage; its subject there may be an "it"."""
    meant = [order for order, _ in _orders(there, _SUCCEEDS)]
    for said, span in _orders(own, _SUCCEEDS) if meant else ():
        if not any(_same_succession(said, order) for order in meant):
            return span
    return None


def _same_succession(said: _Order, meant: _Order) -> bool:
    later = said.later & meant.later or meant.later <= _PRONOUNS
    earlier = said.earlier & meant.earlier or meant.earlier <= _PRONOUNS
    return bool(later and earlier)


def _out_of_the_list(own: str, there: str) -> Span | None:
    """A "before" against the order in which the passage lists things."""
    if not _LISTED.search(there) or _orders(there):
        return None
    for said, span in _orders(own):
        first = _place(said.earlier - said.later, there)
        second = _place(said.later - said.earlier, there)
        if first is not None and second is not None and first > second:
            return span
    return None


def _place(words: frozenset[str], text: str) -> int | None:
    """Where the first of these words stands in the text."""
    places = [label.span[0] for label in labels(text) if label.label in words]
    named = frozenset(word for word in words if len(word) > 3)
    places += [m.start() for m in re.finditer(r"[\w-]+", text) if all_words(m.group()) & named]
    return min(places, default=None)


def _other_examination(own: str, there: str) -> Span | None:
    """Another examination is "first", or stands in for the one that is "not available"."""
    for marker in (_FIRST, _ABSENT):
        said, meant = _marked(own, marker), _marked(there, marker)
        if said and meant and not said.keys() & meant.keys():
            return next(iter(said.values()))
    return None


def _marked(text: str, marker: re.Pattern[str]) -> dict[str, Span]:
    """The examinations of the pieces of the text in which the marker stands."""
    found: dict[str, Span] = {}
    start = 0
    for cut in [*_ALTERNATIVE.finditer(text), None]:
        end = cut.start() if cut else len(text)
        if marker.search(text[start:end]):
            named = examinations(text[start:end])
            found |= {m.concept: (start + m.span[0], start + m.span[1]) for m in named}
        start = cut.end() if cut else end
    return found


def _other_side(own: str, there: str) -> Span | None:
    """The second figure of a comparison given as the first, or as the only one."""
    for first, second in _compared(there):
        said = [q for q in quantities(own) if q.dimension == first.dimension]
        a = next((q for q in said if q.ends == first.ends), None)
        b = next((q for q in said if q.ends == second.ends), None)
        turned = a is None or (b is not None and b.span < a.span and not _leads(own, b))
        if b is not None and turned:
            return b.span
    return None


def _moved_back(own: str, there: str) -> Span | None:
    """ "Raises 4 to 3" where the passage has the 3 first: from one to the other runs as it runs there."""
    places = {q.ends: q.span[0] for q in reversed(quantities(there))}
    for a, b in pairwise(quantities(own)):
        moved = own[a.span[1] : b.span[0]].strip() == "to" and MOVED.search(own[: a.span[0]])
        if moved and places.get(a.ends, 0) > places.get(b.ends, len(there)):
            return a.span[0], b.span[1]
    return None


def _compared(text: str) -> list[tuple[Quantity, Quantity]]:
    found = quantities(text)
    return [
        (a, b)
        for a, b in pairwise(found)
        if a.dimension == b.dimension
        and a.ends != b.ends
        and _AGAINST.fullmatch(text[a.span[1] : b.span[0]].strip())
    ]


def _leads(text: str, figure: Quantity) -> bool:
    """Whether the comparison stands before this figure: "compared with 46.7 %, it was 57 %"."""
    return bool(_AGAINST.search(mask(text, [(figure.span[0], len(text))])))


_TIMES = lexicon(
    ("before", r"before(?:hand)?|prior to|ahead of|preced\w+|earlier|previous\w*"),
    ("after", r"after(?:wards?)?|following|subsequent\w*|later|since|post"),
    ("during", r"during"),
)


def _other_time(own: str, there: str) -> Span | None:
    """ "Before" where the passage says "during": a time that it does not name, for one that it does."""
    said = find(mask(own, places(quantities(own), contrast(own))), _TIMES)
    meant = {x.concept for x in find(there, _TIMES)}
    return next((x.span for x in said if meant and x.concept not in meant), None)
