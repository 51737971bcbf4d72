"""A referral or a scenario as weighted words, with what it denies and the body regions it names.

Wordings of the lexicon are read as their canonical wording (its words and, for several words, the
joined term), the words as written stay beside them at half weight, implied words at a third. A
word after "suspected", "?" or "rule out" weighs more: it is the question. A denied word ("no
fever", "red flags absent") is kept apart, because a scenario may turn on it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rag.knowledge.clinical_terms import ClinicalTerms, Words, words_of

AS_WRITTEN, IMPLIED, JOINED, IN_QUESTION = 0.5, 0.3, 0.5, 1.2
SCOPE = 7
"""Words that a denial reaches at most, to the right; it ends at a sign or at "but"."""

_DENY = frozenset({"no", "without", "not", "deny", "deni", "lack", "never", "neither", "nor", "nil", "w", "lacking", "free"})  # fmt: skip
_DENY_BEFORE = frozenset({"absent", "exclud", "improbabl", "unlikely"})
_END = frozenset({".", ";", "but", "with", "had", "has", "now", "presents", "then"})
_SIGNS = frozenset(".;,:!()?#")
_ASKS = words_of("suspected")
_BETWEEN = frozenset(words_of(
    "my her his their your our the a an this that some really very quite so just keeps left right both bright fresh "
    "dark good bad little big large small frank obvious"
))  # fmt: skip
"""Words that people put inside a wording of several words: "blood in my pee"."""
_AMOUNTS = frozenset(words_of("lots lot plenty bits bit streaks spots specks cupfuls mouthfuls amount loads tons"))  # fmt: skip
"""The same with "of" after them: "coughing up cupfuls of blood"."""
_MOST_BETWEEN = 4
_LEADING_MARK = re.compile(r"\?+(?=\w)")
"""A question mark in front of a word ("?PE") suspects it."""


@dataclass(slots=True)
class ClinicalText:
    """``weights`` of affirmed words, those of them that are ``asked``, ``denied`` ones, ``open`` ones
    (said both ways) and the body ``regions`` named."""

    weights: Counter[str] = field(default_factory=Counter)
    denied: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    open: set[str] = field(default_factory=set)
    regions: set[str] = field(default_factory=set)


_QUESTION = re.compile(
    r"(?:\b(?:suspected|suspect|suspicion (?:of|for)|suspicious for|concern(?:ed|ing)? (?:for|about)|"
    r"r/o|rule out|possible|likely|query|worried about|looking for|evaluate for|assess for)\b|\?(?=\s?\w))"
    r"\s*(?P<core>[^.;?!]{3,120})", re.I)  # fmt: skip


_LONG = 60
"""Words from which a text is a story: its complaint is told first, and the rest would drown it."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def core(text: str) -> str:
    """What is asked about ("suspected ...", "? ..."); where that is not marked the first two sentences
    of a long story, or ``text`` itself.

    >>> core("45F, chest pain after a flight. Suspected pulmonary embolism.")
    'pulmonary embolism'
    """
    parts = [match["core"].strip() for match in _QUESTION.finditer(text)]
    if not parts and len(text.split()) >= _LONG:
        return " ".join(_SENTENCE.split(text)[:2])
    return "; ".join(parts) or text


def units(text: str, terms: ClinicalTerms) -> Iterator[tuple[Words | None, Words]]:
    """Canonical wording (or ``None``) and words as written, longest match first."""
    words = words_of(_LEADING_MARK.sub(" suspected ", text))
    place = 0
    while place < len(words):
        canonical, written, length = _wording_at(words, place, terms)
        yield canonical, written
        place += length


def _wording_at(words: Words, place: int, terms: ClinicalTerms) -> tuple[Words | None, Words, int]:
    """The longest wording that begins at ``place``, as it stands or with words in between (which are
    left out of the words as written), and how many words it takes."""
    canonical, length = _longest(words[place : place + terms.longest], terms)
    kept = _without_between(words[place : place + terms.longest + _MOST_BETWEEN])
    spread, said = _longest([words[place + i] for i in kept[: terms.longest]], terms)
    if spread is not None and said > length and kept[said - 1] >= said:
        return spread, tuple(words[place + i] for i in kept[:said]), kept[said - 1] + 1
    return canonical, words[place : place + length], length


def _longest(words: Sequence[str], terms: ClinicalTerms) -> tuple[Words | None, int]:
    """The longest wording at the front of ``words`` and its length; ``None`` and 1 without one."""
    for length in range(len(words), 0, -1):
        canonical = terms.canonical.get(tuple(words[:length]))
        if canonical is not None:
            return canonical, length
    return None, 1


def _without_between(words: Words) -> list[int]:
    """Places of the words without those that people put in between; the first always stays."""
    kept = [0]
    for i, word in enumerate(words[1:], 1):
        of_amount = word == "of" and words[i - 1] in _AMOUNTS
        if word not in _BETWEEN and word not in _AMOUNTS and not of_amount:
            kept.append(i)
    return kept


def read_clinical_text(text: str, terms: ClinicalTerms) -> ClinicalText:
    """``text`` as weighted words; empty for a text without content."""
    found = ClinicalText()
    polarity, reach, listing = 1, 0, False
    sequence = list(units(text, terms))
    asked = _asked(sequence)
    said: set[Words] = set()
    for place, (canonical, words) in enumerate(sequence):
        first = words[0]
        if (first == ":" and polarity < 0 and reach) or (first == "," and listing):
            listing = True  # "lacking all red flags: fever, trauma": the list is denied
            continue
        if first in _SIGNS or first in _END:
            polarity, reach, listing = 1, 0, False
            if first in _SIGNS:
                continue
        if canonical is None and first in _DENY:
            polarity, reach = _polarity(sequence, place), SCOPE
            continue
        if canonical == _ASKS:
            continue
        if reach or listing:
            reach -= 0 if listing else 1
        else:
            polarity = 1
        sign = -1 if polarity > 0 and _denied_after(sequence, place) else polarity
        _add(found, canonical, words, terms, sign, place in asked)
        said |= {canonical} if canonical and sign > 0 else set()
    for signs, meaning in terms.together:
        if signs <= said and meaning not in said:
            _lighten(found, signs, terms)
            _add(found, meaning, meaning, terms, 1, True)
    return found


def _lighten(found: ClinicalText, signs: frozenset[Words], terms: ClinicalTerms) -> None:
    """Halve what the signs say alone: in company they mean another thing."""
    for word in {word for sign in signs for word in _weighted(sign, sign, terms)}:
        found.weights[word] *= AS_WRITTEN  # type: ignore[assignment]


def _asked(sequence: Sequence[tuple[Words | None, Words]]) -> frozenset[int]:
    """Units of the clause that "suspected" stands before, or after: "?PE", "PE suspected"."""
    found: set[int] = set()
    ends = [-1, *(i for i, (_, words) in enumerate(sequence) if words[0] in _SIGNS), len(sequence)]
    for start, end in pairwise(ends):
        marks = [i for i in range(start + 1, end) if sequence[i][0] == _ASKS]
        for mark in marks:
            found |= set(range(mark + 1, end)) or set(range(start + 1, mark))
    return frozenset(found)


def _polarity(sequence: list[tuple[Words | None, Words]], place: int) -> int:
    """-1 for a denial, 0 where the text says both ("with or without", "trauma or not")."""
    before = [words[0] for _, words in sequence[max(0, place - 2) : place]]
    return 0 if before[-1:] == ["or"] or (before[-1:] == ["and"] and "with" in before) else -1


def _denied_after(sequence: list[tuple[Words | None, Words]], place: int) -> bool:
    """A denial that follows within three units of the same clause: "red flags absent"."""
    for _, words in sequence[place + 1 : place + 5]:
        if words[0] in _SIGNS or words[0] in {"or", "but", "with"}:
            return False
        if words[0] in _DENY_BEFORE or words[:2] == ("rul", "out"):
            return True
    return False


def _add(
    found: ClinicalText, canonical: Words | None, words: Words, terms: ClinicalTerms,
    sign: int, asked: bool,
) -> None:  # fmt: skip
    """One unit into the text's words, on the side that ``sign`` names."""
    meant = canonical or words
    weighted = _weighted(meant, words, terms)
    for denied in terms.denies.get(meant, ()):
        found.denied.update(dict.fromkeys((*denied, "_".join(denied)), 1.0))
    if canonical is None and words[0].startswith("non") and len(words[0]) > 6:
        found.denied[words[0][3:]] += 1
    if sign > 0:
        boost = 1 + IN_QUESTION if asked else 1
        for word, weight in weighted.items():
            found.weights[word] += weight * boost  # type: ignore[assignment]
        if asked:
            found.asked.update(weighted)
        found.regions |= terms.regions.get(meant, frozenset())
    elif sign < 0:
        found.denied.update(weighted)
    else:
        found.open |= set(weighted)


def _weighted(meant: Words, written: Words, terms: ClinicalTerms) -> Mapping[str, float]:
    weighted: dict[str, float] = {}
    for implied in terms.implies.get(meant, ()):
        weighted |= {word: IMPLIED for word in implied if word not in terms.filler}
    unsaid = {word for words in terms.denies.get(meant, ()) for word in words} | _DENY
    weighted |= {word: AS_WRITTEN for word in written if word not in terms.filler | unsaid}
    weighted |= {word: 1.0 for word in meant if len(meant) > 1 or word not in terms.filler}
    if len(meant) > 1:
        weighted["_".join(meant)] = JOINED
    return weighted
