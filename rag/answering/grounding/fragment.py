"""Fragments: a piece cut out of a sentence says nothing, however true its words are.

A weak model gives half of a sentence ("A new solid nodule that looks more like cancer than infection") or
the name of the place ("Lung-RADS v2022, Solid nodules"). Both stand in the passage word for word, and
neither answers anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.grounding.closeness import VERBS
from rag.answering.grounding.result import CheckResult, passed, unsupported
from rag.answering.grounding.text import plain, sentences
from rag.types import Evidence

_CHECK = "fragment"
_PIECE = re.compile(r"[^\W_]+(?:[.,]\d+)*|[^\w\s]")
_FINITE = re.compile(
    rf"\b(?:{VERBS}|becomes?|remains?|takes?|differs?|depends?|stands?|lies?|belongs?|uses?|used|replaces?|replaced"
    r"|counts?|shows?|describes?|asks?|makes?|adds?|keeps?)\b|[:=>]",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where|when|if)\b", re.IGNORECASE)
_ENDS = (";", ".", "(", ",")
"""What may follow a clause of a sentence; after a colon comes what its beginning is about."""


def check_whole(text: str, cited: Sequence[Evidence]) -> CheckResult:
    """A statement says something: it is not the name of a place, nor cut out of a sentence before its verb."""
    said = _pieces(text.rstrip(" ."))
    if any(_is_place(said, item) for item in cited):
        return unsupported(_CHECK, "names a place and says nothing of it", ((0, len(text)),))
    clauses = len(_RELATIVE.findall(text))
    verbs = len(_FINITE.findall(text))
    led = _FINITE.search(_RELATIVE.split(text)[0])
    if not led and verbs <= clauses and any(_cut(said, item, bool(clauses)) for item in cited):
        return unsupported(_CHECK, "is cut out of a sentence and says nothing", ((0, len(text)),))
    return passed(_CHECK)


def _is_place(said: Sequence[str], item: Evidence) -> bool:
    place = set(_pieces(f"{item.passage.edition.label} {item.passage.section}"))
    return {word for word in said if word.isalnum()} <= place


def _cut(said: Sequence[str], item: Evidence, joined: bool) -> bool:
    """Whether the pieces stand in one sentence of the passage without being a whole clause of it.

    ``joined``: the statement holds a further clause, so that its own verb is the more easily missed.
    """
    text = plain(item.passage.text)
    found = (_pieces(text[start:end].rstrip(" .")) for start, end in sentences(text))
    return any(_cut_from(said, one) or (joined and _breaks_off(said, one)) for one in found)


def _cut_from(said: Sequence[str], sentence: Sequence[str]) -> bool:
    size = len(said)
    for at in range(len(sentence) - size + 1):
        if list(sentence[at : at + size]) == list(said):
            before, after = sentence[:at], sentence[at + size :]
            begins = not before or before[-1] in (";", ".")
            ends = not after or after[0] in _ENDS
            return not (begins and ends)
    return False


def _breaks_off(said: Sequence[str], sentence: Sequence[str]) -> bool:
    """Whether the pieces, some of the sentence's left out, stop where its next word would go on."""
    if said[:1] != sentence[:1]:
        return False
    at = -1
    for word in said:
        try:
            at = sentence.index(word, at + 1)
        except ValueError:
            return False
    return at + 1 < len(sentence) and sentence[at + 1].isalnum()


def _pieces(text: str) -> list[str]:
    return [found.group().lower() for found in _PIECE.finditer(plain(text))]
