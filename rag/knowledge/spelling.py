"""Misspelt words of a referral read as words of the shelf, one slip a word.

Candidates are found by deletions (Garbe, "SymSpell", 2012): a word and a known word are near when they
meet after leaving out one letter each; a swap of neighbours is one slip (Damerau). Only words that
nothing in the corpus has are touched, never short ones, and never their first letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

SHORTEST = 6
"""Letters from which a word is corrected at all."""
_WORD = re.compile(rf"[a-z]{{{SHORTEST},}}", re.I)


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as written and as read."""

    written: str
    read: str


@dataclass(frozen=True)
class Speller:
    """Words that a misspelt word may be read as, with how often the shelf has them; ``valid`` words
    stand elsewhere in the corpus and are left as they are."""

    known: Mapping[str, int]
    valid: frozenset[str] = frozenset()

    def corrected(self, text: str) -> tuple[str, tuple[Correction, ...]]:
        """``text`` with its misspelt words replaced, and what was replaced.

        >>> Speller({"surveillance": 3}).corrected("yearly surveilance")
        ('yearly surveillance', (Correction(written='surveilance', read='surveillance'),))
        """
        made: list[Correction] = []

        def read(match: re.Match[str]) -> str:
            word = match.group()
            better = self.nearest(word.lower())
            if better is None:
                return word
            made.append(Correction(word, better))
            return better

        return _WORD.sub(read, text), tuple(dict.fromkeys(made))

    def nearest(self, word: str) -> str | None:
        """The known word that ``word`` is meant to be; ``None`` where it is known or nothing is near."""
        if len(word) < SHORTEST or word in self.valid or _known(word, self.known):
            return None
        near = {other for part in _deletions(word) for other in self._by_deletion.get(part, ())}
        fitting = [other for other in near if other[0] == word[0] and _distance(word, other) <= 1]
        return min(fitting, key=lambda other: (-self.known[other], other), default=None)

    @cached_property
    def _by_deletion(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for word, count in self.known.items():
            if len(word) >= SHORTEST - 1 and count > 1:
                for part in _deletions(word):
                    found.setdefault(part, []).append(word)
        return {part: tuple(words) for part, words in found.items()}


def speller_of(texts: Iterable[str], others: Iterable[str] = ()) -> Speller:
    """A speller that reads misspelt words as words of ``texts``; words of ``others`` are valid."""
    counts: dict[str, int] = {}
    for text in texts:
        for word in _words(text):
            counts[word] = counts.get(word, 0) + 1
    return Speller(counts, frozenset(word for text in others for word in _words(text)))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def _known(word: str, known: Mapping[str, int]) -> bool:
    """Whether the word stands there, in another number or with another common ending."""
    stems = {word, word.removesuffix("s"), word.removesuffix("es"), f"{word}s"}
    for ending in ("ed", "ing", "ly", "er", "al"):
        stem = word.removesuffix(ending)
        stems |= {stem, f"{stem}e", f"{stem}ing", f"{stem}ed"}
    return not stems.isdisjoint(known)


def _deletions(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _distance(one: str, other: str) -> int:
    """Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, theirs in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
