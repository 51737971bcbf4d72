"""What a sentence speaks of, where that is not what it is asked: another edition, a label it denies,
a thing of which it names only a part in passing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from rag.retrieval.bounds import labels_of
from rag.types import Passage

_OF_ANOTHER_THING = 0.5
"""Share of a subject's words that the question must hold for the sentence to be about the thing asked."""


@cache
def _edition() -> re.Pattern[str]:
    return re.compile(r"\bv\d+(?:\.\d+)*\b|\b\d(?:st|nd|rd|th)(?=[ -]edition)", re.IGNORECASE)


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(r"\b(?:has|have|is|are) no (?P<what>category \w+|[A-Z]{1,4}-?\d\w?)\b")


def editions_in(text: str) -> frozenset[str]:
    """Editions written as versions or ordinals.

    >>> sorted(editions_in("In v1.0 and v1.1; the 4th edition"))
    ['4th', 'v1.0', 'v1.1']
    """
    return frozenset(found.lower() for found in _edition().findall(text))


def of_another_edition(question: str, passage: Passage) -> bool:
    """Whether the passage speaks of editions only that are neither asked about nor its own."""
    said = editions_in(passage.text)
    return bool(said) and not said & (editions_in(question) or editions_in(_own(passage)))


def _own(passage: Passage) -> str:
    return passage.edition.edition


def denies_unasked(question: str, text: str) -> bool:
    """Whether the sentence says that a category does not exist which the question does not name."""
    denied = frozenset().union(*(labels_of(m["what"]) for m in _denial().finditer(text)))
    return bool(denied) and not denied & labels_of(question)


def about(subject: Iterable[str], asked: frozenset[str]) -> bool:
    """Whether most words of a sentence's subject are those of the thing asked about."""
    words = frozenset(subject)
    return not words or len(words & asked) >= _OF_ANOTHER_THING * len(words)
