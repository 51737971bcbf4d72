"""A passage as retrieval judges it: the terms of its text, headings and subjects, its quantities and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.retrieval.answer_kind import kinds_in
from rag.retrieval.bounds import Bounds, labels_of, quantities
from rag.retrieval.tokens import tokens
from rag.types import Passage


@dataclass(frozen=True, slots=True)
class Seen:
    """A passage as it is judged; ``own`` are the terms of its text, ``subject`` those before its verb,
    ``defined`` the subjects of its clauses that say what something is, ``headed`` the terms of its
    headings."""

    headed: frozenset[str]
    terms: frozenset[str]
    own: frozenset[str]
    subject: frozenset[str]
    defined: tuple[frozenset[str], ...]
    kinds: frozenset[str]
    bounds: tuple[Bounds, ...]
    labels: frozenset[str]


@lru_cache(maxsize=8192)
def seen(passage: Passage) -> Seen:
    verb = _verb().search(passage.text)
    subject = passage.text[: verb.start()] if verb else passage.text
    return Seen(
        headed=frozenset(tokens(f"{passage.edition.title} {passage.section}")),
        terms=frozenset(tokens(f"{passage.search_text} {passage.text}")),
        own=frozenset(tokens(_own_text(passage))),
        subject=frozenset(tokens(subject)),
        defined=tuple(
            frozenset(tokens(m["subject"] or m["head"] or ""))
            for m in _defining().finditer(passage.text)
        ),
        kinds=kinds_in(passage.text),
        bounds=quantities(passage.text),
        labels=labels_of(passage.text),
    )


def _own_text(passage: Passage) -> str:
    """The passage's text; a document's with the words that its abbreviations stand for."""
    if passage.kind != "document":
        return passage.text
    spelled = passage.search_text.partition(passage.text)[2]
    return f"{passage.text} {spelled}"


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:means?|includes?|comprises?|covers?|is|are|was|were|has|have|needs?|gets?|gives?|may|can"
        r"|must|should|does|do|uses?)(?=\s)|:"
    )


@cache
def _defining() -> re.Pattern[str]:
    """Clauses that say what their subject is; not what is done with it ("is given")."""
    verbs = r"means?|includes?|comprises?|covers?|describes?|scores?|adds?|has|have|(?:is|are) (?!not\b|never\b|\w+(?:ed|en|wn)\b)"
    return re.compile(rf"(?:^|[.;:,]\s+)(?P<subject>[^.;:,]*?)\s(?:{verbs})|^(?P<head>[^:]+):")
