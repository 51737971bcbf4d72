"""Copies: a statement that says what whole clauses of the passage say, word for word but for the joints.

"TR5: FNA at 1.0 cm or more" as "TR5 has FNA at 1.0 cm or more" changes nothing, and no check need read
it. Every word, figure and sign stands in order, denials, bounds and conjunctions among them; only articles,
copulas, prepositions and names of things in general may be put in or left out, and all of the passage's brackets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.answering.grounding.text import plain, sentences, units_of
from rag.answering.grounding.words import stem
from rag.types import Passage

_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*|[<>=%;]+")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_FILLERS = frozenset(
    map(
        stem,
        "a an the is are was were be been has have had does do did it its this that these those of for in at on by with to which who there "
        "category nodule lesion observation finding management managed means includes gets".split(),
    )
)  # fmt: skip
_FEWEST = 4
"""Words from which a copy says something."""
_RUN = 4


def is_verbatim(text: str, passage: Passage) -> bool:
    """Whether the statement is exactly one or more whole sentences of the passage."""
    return text in _runs_of_sentences(passage.text)


@lru_cache(maxsize=1024)
def _runs_of_sentences(passage: str) -> frozenset[str]:
    whole = plain(passage)
    spans = list(sentences(whole))
    runs = (
        whole[a:d].rstrip(" .") for at, (a, _) in enumerate(spans) for _, d in spans[at : at + 6]
    )
    return frozenset(runs)


def is_copy(text: str, passage: Passage) -> bool:
    """Whether the statement copies a clause, a sentence or a run of sentences of the passage."""
    said = _spine(text)
    return len(said) >= _FEWEST and any(_equal(said, other) for other in _spines(passage))


@lru_cache(maxsize=1024)
def _spines(passage: Passage) -> tuple[tuple[str, ...], ...]:
    whole = plain(passage.text)
    spans = list(sentences(whole))
    runs = [whole[a:d] for at, (a, _) in enumerate(spans) for _, d in spans[at : at + _RUN]]
    pieces = (*units_of(passage.text), *runs)
    both = (x for piece in pieces for x in (piece, _BRACKETS.sub("", piece)))
    return tuple(dict.fromkeys(map(_spine, both)))


def _spine(text: str) -> tuple[str, ...]:
    """The words that count, in order; of a hyphenated word each part."""
    found = (stem(match.group().lower()) for match in _TOKEN.finditer(plain(text)))
    return tuple(word for word in found if word not in _FILLERS)


def _equal(said: Sequence[str], passage: Sequence[str]) -> bool:
    """Whether the two are one; a semicolon of the passage may be an "and", or nothing."""
    at = 0
    for word in passage:
        if word == ";":
            at += said[at : at + 1] in (("and",), (";",))
        elif said[at : at + 1] == (word,):
            at += 1
        else:
            return False
    return at == len(said)
