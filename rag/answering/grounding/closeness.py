"""Closeness: a statement keeps to the words of what it cites.

The other checks know many ways in which a sentence can go wrong, and a free paraphrase finds new ones:
of subtly wrong statements that keep to the passage's words far fewer slip through. The prompt asks for
the guideline's own words, so a statement may hold one word that stands nowhere in its passages, and
that one joins and names only ("is called", "lesion"). Its sizes and shares stand in the passage's order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.quantities import UNIT_OF_BARE, quantities
from rag.answering.grounding.result import CheckResult, passed, unsupported
from rag.answering.grounding.text import plain, sentences
from rag.answering.grounding.words import stem
from rag.types import Evidence, Passage, Span

_CHECK = "closeness"
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*")
_JOINING = frozenset(
    f(word)
    for f in (str, stem)
    for word in "a an the is are was were be been it its this that these those of in on at to by for with and or as any such there do does did "
    "has have had which who when where if then than so also both each one from under over into".split()
)  # fmt: skip
"""Words that any sentence needs; the other checks read what they do to it."""

_LIGHT = frozenset(
    map(
        stem,
        "called means includes manage management category follows criteria criterion gives recommends lesion nodule observation "
        "finding scores counts needs gets receives applies uses states classified assigned requires consists describes shows term name "
        "guideline edition version about here level grade value rate".split(),
    )
)  # fmt: skip
"""Of these a statement may hold one that its passages lack."""


VERBS = (
    r"is|are|was|were|has|have|had|may|can|should|must|will|needs?|gets?|does|do|applies|apply|means|scores?|gives?"
    r"|includes?|covers?|requires?"
)
"""Verbs by which a sentence of a guideline says something of its subject."""

_VERB = re.compile(rf"\b(?:{VERBS})\b|:")
_RESTRICTIONS = (
    "below|above|under|over|with|without|during|after|before|within|outside|until|in|for|on|at"
)
_RESTRICTION = re.compile(
    rf"\b(?:{_RESTRICTIONS})\b(?P<what>.*?)(?=\b(?:{_RESTRICTIONS})\b|[,;:]|$)", re.IGNORECASE
)
_BRACKETS = re.compile(r"\([^()]*\)")


def check_closeness(text: str, cited: Sequence[Evidence], question: str = "") -> CheckResult:
    """At most one word is new, a light one; figures stand in the passage's order; no restriction is left out.

    ``question`` may hold the restriction ("in liver CT") that the statement need not repeat.
    """
    strange = _new_words(text, cited)
    heavy = [span for word, span in strange if word not in _LIGHT]
    if heavy or len({word for word, _ in strange}) > 1:
        words = tuple(heavy or [span for _, span in strange])
        reason = f"{quoted(text, words)} is not the wording of the cited passage"
        return unsupported(_CHECK, reason, words)
    if cited and not any(_in_order(text, item.passage.text) for item in cited):
        return unsupported(_CHECK, "gives the figures in another order than the cited passage")
    left_out = [_restriction_left_out(f"{text} {question}", item.passage) for item in cited]
    if cited and all(left_out):
        return unsupported(_CHECK, f'leaves out "{left_out[0]}" of the cited passage')
    return passed(_CHECK)


def _new_words(text: str, cited: Sequence[Evidence]) -> list[tuple[str, Span]]:
    known = _JOINING.union(*(_words_of(item.passage) for item in cited))
    found = ((stem(match.group().lower()), match.span()) for match in _WORD.finditer(plain(text)))
    return [(word, span) for word, span in found if word not in known and word not in _JOINING]


def _words_of(passage: Passage) -> frozenset[str]:
    edition = passage.edition
    told = (passage.text, edition.label, passage.section, edition.issuer, str(edition.year or ""))
    return _stems(" ".join(told))


def _in_order(text: str, passage: str) -> bool:
    """Whether quantities that stand once in the passage come in its order."""
    places: dict[tuple[object, object], list[int]] = {}
    for found in quantities(plain(passage)):
        places.setdefault((found.dimension, found.ends), []).append(found.span[0])
    named = [q for q in quantities(plain(text)) if q.dimension != UNIT_OF_BARE]
    said = [places.get((q.dimension, q.ends), []) for q in named]
    once = [at[0] for at in said if len(at) == 1]
    return all(a <= b for a, b in pairwise(once))


def _restriction_left_out(told: str, passage: Passage) -> str:
    """What the nearest clause says of where or when its subject holds, if ``told`` has no word of it:
    "nodules *below biopsy size* are followed"."""
    said = _stems(f"{told} {passage.section} {passage.edition.label}")
    whole = plain(passage.text)
    clauses = [c for a, b in sentences(whole) for c in whole[a:b].split(";")]
    nearest = _BRACKETS.sub(" ", max(clauses, key=lambda c: len((_stems(c) - _JOINING) & said)))
    verb = _VERB.search(nearest)
    for found in _RESTRICTION.finditer(nearest[: verb.start()] if verb else ""):
        words = {w for w in _stems(found["what"]) - _JOINING - _LIGHT if not w[0].isdigit()}
        if words and not words & said:
            return found.group().strip()
    return ""


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(match.group().lower()) for match in _WORD.finditer(plain(text)))
