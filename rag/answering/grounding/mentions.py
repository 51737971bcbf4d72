"""Words of a closed list found in a text, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.types import Span

Lexicon = Sequence[tuple[str, re.Pattern[str]]]
"""``(concept, pattern)`` pairs; an earlier concept takes its words away from the later ones."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One concept named at ``span``."""

    concept: str
    span: Span


def lexicon(*rows: tuple[str, str]) -> Lexicon:
    """A lexicon from ``(concept, regular expression)`` rows; case does not matter."""
    return tuple((concept, re.compile(rf"\b(?:{words})\b", re.I)) for concept, words in rows)


class Placed(Protocol):
    """Anything found in a text at a place."""

    @property
    def span(self) -> Span: ...


def places(*groups: Iterable[Placed]) -> list[Span]:
    """The places of everything in these groups."""
    return [item.span for group in groups for item in group]


def find(text: str, words: Lexicon) -> tuple[Mention, ...]:
    """All mentions, in order of their place; no two overlap."""
    found: list[Mention] = []
    rest = text
    for concept, pattern in words:
        here = [Mention(concept, match.span()) for match in pattern.finditer(rest)]
        rest = mask(rest, [mention.span for mention in here])
        found.extend(here)
    return tuple(sorted(found, key=lambda mention: mention.span))


def concepts(text: str, words: Lexicon) -> frozenset[str]:
    return frozenset(mention.concept for mention in find(text, words))


def mask(text: str, spans: Iterable[Span]) -> str:
    """``text`` with these places blanked out; its length stays."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = "\x00" * (end - start)
    return "".join(characters)


def shifted(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def quoted(text: str, spans: Sequence[Span]) -> str:
    """The words at these places, for a reason: ``"4A", "6 months"``."""
    return ", ".join(dict.fromkeys(f'"{text[a:b].strip()}"' for a, b in spans))
