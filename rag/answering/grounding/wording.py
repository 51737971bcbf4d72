"""Near copies: a statement that repeats its passage almost word for word may differ only harmlessly.

The other checks ask whether what a statement names stands in the passage at all. A copy with one
word changed ("category 2 or 2", "before" for "after") can pass them because the word stands
elsewhere in the same sentence; here the two are laid side by side.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from rag.answering.grounding.labels import labels
from rag.answering.grounding.measures import is_given
from rag.answering.grounding.mentions import mask, quoted
from rag.answering.grounding.quantities import UNIT_OF_BARE, Quantity, quantities
from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.text import without_asides
from rag.answering.grounding.words import is_common, meaning_of
from rag.types import Span

NEAR_COPY = 0.75
"""Least share of the statement's tokens that stand in the passage in the same order."""

SHORT = 5
"""A statement of fewer tokens says too little to be called a copy."""

_Tokens = tuple[tuple[str, Span], ...]
_Change = tuple[str, int, int, int, int]

_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9'-]*|[<>≥≤=~]+")
_TELLING = frozenset(
    "before after least most less more under over above below within until or and all high low with higher lower may must should "
    "can might could".split()
)  # fmt: skip
"""Words that are common but turn a sentence round when one stands for another."""

_RESTRICTING = frozenset("only unless except twice".split())
"""Words that may be neither put in nor left out."""

_DENYING = frozenset("not no never without neither nor none cannot".split())
"""Words that deny: one may stand for another, but their number stays."""

_DEMANDS = re.compile(
    r"\b(?:when|if|where|with|having|requir\w+|must|needs?|needed|both)\b", re.IGNORECASE
)
"""Words under which the members of a list must all be met."""

_ONLY_THERE = re.compile(r"\bonly (?:in|at|on|for|during|after|before|with)\b", re.IGNORECASE)
_THERE_ONLY = re.compile(
    r"\b(?:in|at|on|for|during|after|before|with) [^,;.()]+ only(?=[,;.]|$)", re.IGNORECASE
)
_SOURCE = re.compile(r"\s*\([A-Z]{2,}(?:(?:,| and|/) ?[A-Z]{2,})*(?: \d{4})?\)")
"""Whose word it is, or an abbreviation: "(ESUR)", "(ACR and ESUR)"."""

_ALLOWING = {"can": "may", "could": "may", "might": "may"}
_JOINING = frozenset({"and", "or"})
_KEPT = _TELLING | _RESTRICTING | _DENYING


@lru_cache(maxsize=8192)
def _tokens(text: str) -> _Tokens:
    """Words by meaning; a quantity or label is one token, however it is worded."""
    figures = [(item.span, _figure(item)) for item in quantities(text) if not _is_year(item)]
    figures += [(item.span, f"\x01label {item.label}") for item in labels(text)]
    rest = mask(text, [span for span, _ in figures])
    words = [(found.span(), _meaning(found.group())) for found in _TOKEN.finditer(rest)]
    return tuple((token, span) for span, token in sorted((*figures, *words)))


def _figure(item: Quantity) -> str:
    return f"\x01{item.dimension} {item.ends} {item.low_closed} {item.high_closed}"


def _is_year(item: Quantity) -> bool:
    """A year names an edition or a source; what it may be is checked elsewhere."""
    return item.dimension == UNIT_OF_BARE and item.is_point and 1900 < (item.low or 0) < 2100


def _meaning(word: str) -> str:
    lower = _ALLOWING.get(word.lower(), word.lower())
    return lower if lower in _KEPT or not word[0].isalpha() else meaning_of(word)


def _weighs(token: str) -> bool:
    return token in _KEPT or not token[0].isalpha() or not is_common(token)


def check_wording(part: Part, unit: Unit, *, whole: bool = False) -> CheckResult:
    """In a near copy, no telling word or figure is exchanged, put in or left out.

    An aside of the passage ("(not slow)") may be left out as a whole. Of a ``whole`` passage other
    sentences may be left out, with their denials.
    """
    texts = {unit.text}
    if "(" not in part.text:
        texts |= {without_asides(unit.text), _SOURCE.sub("", unit.text)}
    faults = [_fault(part, text, whole) for text in sorted(texts)]
    found = [fault for fault in faults if fault is not None]
    return next((fault for fault in found if fault.passed), (*found, passed("wording"))[0])


def _fault(part: Part, passage: str, whole: bool) -> CheckResult | None:
    """The fault of a near copy of this text, a passed check if it has none, ``None`` for no copy."""
    own, there = _tokens(part.text), _tokens(passage)
    if _ONLY_THERE.search(part.text) and _THERE_ONLY.search(passage):
        own, there = (
            _without_only(own),
            _without_only(there),
        )  # "only in the lung", "in the lung only"
    changes = _changes(own, there)
    if changes is None:
        return None
    if whole:
        changes = [change for change in changes if change[0] == "replace"]
    denied = _count(_DENYING, own, ((a, b) for _, a, b, _, _ in changes))
    if denied != _count(_DENYING, there, ((c, d) for _, _, _, c, d in changes)):
        return contradicted("wording", "puts in or leaves out a denial of the cited passage")
    moved = _moved(part, own, there)
    for _, a, b, c, d in changes:
        said, meant = [x for x, _ in own[a:b]], [x for x, _ in there[c:d]]
        listed = (said, meant) == (["or"], ["and"]) and not _DEMANDS.search(passage)
        if not listed and _changes_meaning(said, meant, moved):
            span = (own[a][1][0], own[b - 1][1][1]) if b > a else (0, len(part.text))
            return contradicted("wording", _reason(part.text, span, meant), (span,))
    return passed("wording")


def _without_only(tokens: _Tokens) -> _Tokens:
    return tuple(item for item in tokens if item[0] != "only")


def _changes(own: _Tokens, there: _Tokens) -> list[_Change] | None:
    """What differs, in order, where the first is nearly a copy of the second or of a piece of it;
    ``None`` where it is not."""
    first, second = [x for x, _ in own], [x for x, _ in there]
    shared = sum((Counter(first) & Counter(second)).values())
    if len(own) < SHORT or shared < NEAR_COPY * len(own):
        return None
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < NEAR_COPY * len(own):
        return None
    changes: list[_Change] = list(matcher.get_opcodes())
    inner = changes[1:] if changes[0][0] == "insert" else changes
    inner = inner[:-1] if inner[-1][0] == "insert" else inner
    return [change for change in inner if change[0] != "equal"]


def _count(words: frozenset[str], tokens: _Tokens, spans: Iterable[Span]) -> int:
    return sum(x in words for a, b in spans for x, _ in tokens[a:b])


def _moved(part: Part, own: _Tokens, there: _Tokens) -> set[str]:
    """Tokens that merely stand at another place of the sentence, and sizes that the reader gave."""
    here, elsewhere = Counter(x for x, _ in own), Counter(x for x, _ in there)
    moved = {x for x in here | elsewhere if here[x] == elsewhere[x] and x not in _KEPT}
    moved |= {x for x in here if _is_figure(x) and here[x] <= elsewhere[x]}
    return moved | {_figure(item) for item in quantities(part.text) if is_given(item, part)}


def _changes_meaning(said: list[str], meant: list[str], moved: set[str]) -> bool:
    if _exchanged_figures(said, meant, moved):
        return True
    put_in = {x for x in said if _weighs(x) and x not in moved} - set(meant) - _DENYING
    left_out = {x for x in meant if _weighs(x) and x not in moved} - set(said) - _DENYING
    if (put_in | left_out) & _RESTRICTING or any(_is_figure(x) for x in put_in):
        return True
    if (put_in, left_out) == ({"should"}, {"must"}):
        return False
    exchanged = put_in - _JOINING and left_out - _JOINING
    return bool(exchanged or (put_in & _JOINING and left_out & _JOINING))


def _exchanged_figures(said: list[str], meant: list[str], moved: set[str]) -> bool:
    """Whether one label stands where another does, or one quantity for another of its dimension."""
    new = {_kind(x) for x in said if _is_figure(x) and x not in meant}
    old = {_kind(x) for x in meant if _is_figure(x) and x not in said}
    return bool(new & old) and not all(
        x in moved for x in said if _is_figure(x) and _kind(x) != "\x01label"
    )


def _is_figure(token: str) -> bool:
    return token[0] == "\x01"


def _kind(figure: str) -> str:
    return figure.split(" ", 1)[0]


def _reason(text: str, span: Span, meant: list[str]) -> str:
    if span == (0, len(text)):
        return "leaves out a telling word of the cited passage"
    words = " ".join(word for word in meant if not _is_figure(word))
    return f"{quoted(text, [span])} stands for other words ({words}) of the cited passage"
