"""Phrases with alternatives, and finding them in a text.

A phrase is words; hyphens and spaces are the same; ``(a|b)`` lists alternatives and an empty one
makes a word optional. Phrases with Hangul are found inside words as well, because particles
attach to them. A phrase starting with ``re:`` is a regular expression over the folded text.

Each phrase means one or more ``(layer, value)`` pairs. Within a layer the longest phrase wins,
so "part-solid" is never read as "solid"; layers do not disturb each other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rag.knowledge.words import Word, words_of
from rag.types import Span

Meaning = tuple[str, str]
"""Layer (a descriptor's name or ``@role``) and value."""

_HANGUL = re.compile("[\uac00-\ud7a3]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase found in a text: what it says and where it stands."""

    layer: str
    value: str
    span: Span


def expand(phrase: str) -> tuple[str, ...]:
    """All plain phrases that ``phrase`` with its alternatives stands for.

    >>> expand("part(ly|) solid")
    ('partly solid', 'part solid')

    Raises:
        ValueError: the parentheses do not match.
    """
    found, end = _alternatives(phrase, 0)
    if end != len(phrase):
        raise ValueError(f"parentheses do not match in {phrase!r}")
    return tuple(dict.fromkeys(" ".join(p.replace("-", " ").split()) for p in found))


def _alternatives(phrase: str, place: int) -> tuple[list[str], int]:
    finished: list[str] = []
    current = [""]
    while place < len(phrase) and phrase[place] != ")":
        if phrase[place] == "(":
            inner, place = _alternatives(phrase, place + 1)
            if place == len(phrase):
                raise ValueError(f"parentheses do not match in {phrase!r}")
            current = [start + rest for start in current for rest in inner]
            place += 1
        elif phrase[place] == "|":
            finished, current, place = finished + current, [""], place + 1
        else:
            end = next((i for i in range(place, len(phrase)) if phrase[i] in "(|)"), len(phrase))
            current = [start + phrase[place:end] for start in current]
            place = end
    return finished + current, place


class PhraseBook:
    """Phrases with their meanings, found in a folded text by :meth:`find`.

    Raises:
        ValueError: a phrase is malformed; the message quotes it.
    """

    def __init__(self, entries: Iterable[tuple[str, Meaning]]) -> None:
        self._plain: dict[str, list[Meaning]] = {}
        self._longest: dict[str, int] = defaultdict(int)
        self._hangul: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._hangul_phrases: dict[str, set[str]] = {}
        self._patterns: list[tuple[str, Meaning]] = []
        for phrase, meaning in entries:
            self._add(phrase.lower(), meaning)

    def _add(self, phrase: str, meaning: Meaning) -> None:
        if phrase.startswith("re:"):
            self._patterns.append((phrase[3:], meaning))
            return
        for plain in expand(phrase):
            if _HANGUL.search(plain):
                self._hangul[meaning[0]][plain.replace(" ", "")].append(meaning[1])
                self._hangul_phrases.setdefault(meaning[0], set()).add(plain)
            elif plain:
                self._plain.setdefault(plain, []).append(meaning)
                first = plain.split(" ", 1)[0]
                self._longest[first] = max(self._longest[first], plain.count(" ") + 1)

    @cached_property
    def _compiled(self) -> tuple[tuple[re.Pattern[str], Meaning], ...]:
        return tuple((re.compile(pattern), meaning) for pattern, meaning in self._patterns)

    @cached_property
    def _compiled_hangul(self) -> dict[str, re.Pattern[str]]:
        return {layer: _any_of(phrases) for layer, phrases in self._hangul_phrases.items()}

    @cached_property
    def terms(self) -> frozenset[str]:
        """Every plain phrase, Latin and Hangul."""
        hangul = {p for phrases in self._hangul_phrases.values() for p in phrases}
        return frozenset(self._plain) | frozenset(hangul)

    def find(self, folded: str, words: tuple[Word, ...] | None = None) -> tuple[Mention, ...]:
        """Mentions in order of place; the longest phrase of each layer at each place."""
        words = words_of(folded) if words is None else words
        found = [*self._find_plain(words), *self._find_patterns(folded)]
        if _HANGUL.search(folded):
            found += self._find_hangul(folded)
        return _longest_in_each_layer(found)

    def _find_plain(self, words: tuple[Word, ...]) -> Iterator[Mention]:
        for first, word in enumerate(words):
            phrase = ""
            for last in range(first, min(first + self._longest.get(word.text, 0), len(words))):
                phrase = f"{phrase} {words[last].text}" if phrase else words[last].text
                for layer, value in self._plain.get(phrase, ()):
                    yield Mention(layer, value, (word.start, words[last].end))

    def _find_patterns(self, folded: str) -> Iterator[Mention]:
        for pattern, (layer, value) in self._compiled:
            for match in pattern.finditer(folded):
                yield Mention(layer, value, match.span())

    def _find_hangul(self, folded: str) -> Iterator[Mention]:
        for layer, pattern in self._compiled_hangul.items():
            for match in pattern.finditer(folded):
                for value in self._hangul[layer]["".join(match.group().split())]:
                    yield Mention(layer, value, match.span())


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all phrases, the longest tried first; spaces in them are optional."""
    ordered = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    parts = (r"\s*".join(re.escape(word) for word in phrase.split()) for phrase in ordered)
    return re.compile(
        "|".join(part + (r"(?![a-z0-9])" if part[-1].isascii() else "") for part in parts)
    )


def _longest_in_each_layer(found: Iterable[Mention]) -> tuple[Mention, ...]:
    layers: Mapping[str, list[Mention]] = defaultdict(list)
    for mention in dict.fromkeys(found):
        layers[mention.layer].append(mention)
    kept = [mention for mentions in layers.values() for mention in _without_overlap(mentions)]
    return tuple(sorted(kept, key=lambda m: (m.span, m.layer, m.value)))


def _without_overlap(mentions: list[Mention]) -> Iterator[Mention]:
    """The earliest and longest first; two values of one phrase in one layer both stay."""
    end, last = -1, (-1, -1)
    for mention in sorted(mentions, key=lambda m: (m.span[0], -m.span[1])):
        if mention.span[0] >= end or mention.span == last:
            yield mention
            end, last = mention.span[1], mention.span
