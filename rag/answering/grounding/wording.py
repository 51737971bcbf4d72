"""Near copies: a statement that repeats its passage almost word for word may differ only harmlessly.

The other checks ask whether what a statement names stands in the passage at all. A copy with one
word changed ("category 2 or 2", "before" for "after") can pass them because the word stands
elsewhere in the same sentence; here the two are laid side by side.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.words import is_common, meaning_of
from rag.types import Span

NEAR_COPY = 0.75
"""Least share of the statement's tokens that stand in the passage in the same order."""

SHORT = 5
"""A statement of fewer tokens says too little to be called a copy."""

_Tokens = tuple[tuple[str, Span], ...]
_Change = tuple[str, int, int, int, int]

_TOKEN = re.compile(r"[A-Za-z][A-Za-z'-]*|\d+(?:[.,]\d+)*[A-Z]?|[<>≥≤=~%]+|->|→")
_TELLING = frozenset(
    "not no never without neither nor none cannot only unless except before after least most less more under over above below "
    "within until or and once twice all high low with higher lower may must should can might could".split()
)
"""Words that are common but turn a sentence round when they are put in, left out or exchanged."""

_NEGATING = frozenset(
    "not no never without neither nor none cannot only unless except twice".split()
)
"""Of these, the words that may neither be put in nor left out; the rest may not be exchanged."""

_JOINING = frozenset({"and", "or"})


@lru_cache(maxsize=8192)
def _tokens(text: str) -> _Tokens:
    return tuple((_meaning(found.group()), found.span()) for found in _TOKEN.finditer(text))


def _meaning(token: str) -> str:
    return (
        meaning_of(token) if token[0].isalpha() and token.lower() not in _TELLING else token.lower()
    )


def _weighs(token: str) -> bool:
    return not token[0].isalpha() or token in _TELLING or not is_common(token)


def check_wording(part: Part, unit: Unit) -> CheckResult:
    """In a near copy, no telling word or figure is exchanged, put in or left out."""
    own, there = _tokens(part.text), _tokens(unit.text)
    if len(own) < SHORT or _shared(own, there) < NEAR_COPY * len(own):
        return passed("wording")
    matcher = SequenceMatcher(None, [x for x, _ in own], [x for x, _ in there], autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < NEAR_COPY * len(own):
        return passed("wording")
    for change, a, b, c, d in _inner(matcher.get_opcodes()):
        said, meant = [x for x, _ in own[a:b]], [x for x, _ in there[c:d]]
        if change != "equal" and _changes_meaning(said, meant):
            span = (own[a][1][0], own[b - 1][1][1]) if b > a else (0, len(part.text))
            words = part.text[slice(*span)] if b > a else " ".join(meant)
            verb = "stands for other words of" if b > a else "is left out of"
            return contradicted("wording", f'"{words}" {verb} the cited passage', (span,))
    return passed("wording")


def _shared(own: _Tokens, there: _Tokens) -> int:
    """How many tokens the two have in common in any order; a cheap upper bound."""
    return sum((Counter(x for x, _ in own) & Counter(x for x, _ in there)).values())


def _inner(changes: Sequence[_Change]) -> Sequence[_Change]:
    """Without what the passage says before or after the part that is copied."""
    if changes and changes[0][0] == "insert":
        changes = changes[1:]
    return changes[:-1] if changes and changes[-1][0] == "insert" else changes


def _changes_meaning(said: list[str], meant: list[str]) -> bool:
    put_in = {x for x in said if _weighs(x)} - set(meant)
    left_out = {x for x in meant if _weighs(x)} - set(said)
    if (put_in | left_out) & _NEGATING:
        return True
    if put_in - _JOINING and left_out - _JOINING:
        return True
    if put_in & _JOINING and left_out & _JOINING:
        return True
    return any(x[0].isdigit() for x in put_in)
