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


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as it was typed and as it is read; ``slips`` are (read span, typed span) in order."""

    written: str
    read: str
    slips: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What was read as something else, each once."""
        pairs = (Correction(self.written[a:b], self.read[c:d]) for (c, d), (a, b) in self.slips)
        return tuple(dict.fromkeys(pairs))

    def place(self, span: tuple[int, int]) -> tuple[int, int]:
        """Where the words at ``span`` of the text as read stand in the text as typed."""
        return self._at(span[0], 0), self._at(span[1], 1)

    def _at(self, position: int, end: int) -> int:
        moved = 0
        for read, typed in self.slips:
            if read[0] < position < read[1] or position == read[end]:
                return typed[end]
            if position >= read[1]:
                moved = typed[1] - read[1]
        return position + moved


@dataclass(frozen=True)
class SlipReader:
    """Reads a word with one slip of the hand as the word of the field that it is meant to be.

    A slip is two neighbouring letters swapped, one left out or one struck twice, never the first and
    never one for another ("plural" is no slip of "pleural"). ``words`` are those of the field; the
    ``plain`` words of the language are left as they are.
    """

    words: frozenset[str]
    plain: frozenset[str] = frozenset()

    def read(self, text: str) -> Typed:
        """``text`` with its slips mended.

        >>> SlipReader(frozenset({"solid"})).read("9 mm soild nodule").read
        '9 mm solid nodule'
        """
        parts: list[str] = []
        slips: list[tuple[tuple[int, int], tuple[int, int]]] = []
        at = length = 0
        for match in _SLIPPED.finditer(text):
            meant = self._meant(match.group().lower())
            if meant is None:
                continue
            parts += [text[at : match.start()], meant]
            start = length + match.start() - at
            length = start + len(meant)
            slips.append(((start, length), match.span()))
            at = match.end()
        return Typed(text, "".join(parts) + text[at:], tuple(slips))

    def _meant(self, word: str) -> str | None:
        if word in self.words or word in self.plain or _known(word, self._counted):
            return None
        found = sorted(self.words & _slips_of(word))
        return found[0] if len(found) == 1 else None

    @cached_property
    def _counted(self) -> Mapping[str, int]:
        return dict.fromkeys(self.words, 1)


_SLIPPED = re.compile(r"(?<![A-Za-z-])[A-Za-z]{5,}(?![A-Za-z0-9])")


def _slips_of(word: str) -> set[str]:
    """What a word may have been meant as: neighbours swapped back, a letter put in, a double one out."""
    inside = range(1, len(word))
    swapped = {
        word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in inside if i + 1 < len(word)
    }
    put_in = {
        word[:i] + letter + word[i:]
        for i in range(1, len(word) + 1)
        for letter in "abcdefghijklmnopqrstuvwxyz"
    }
    struck_twice = {word[:i] + word[i + 1 :] for i in inside if word[i] == word[i - 1]}
    return swapped | put_in | struck_twice


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
