"""Two things exchanged: each stands in the passage, but in the other's place.

"Prednisone 50 mg at 13 h, diphenhydramine 50 mg at 1 h" does not support the same with the two drugs
exchanged. Two words are *rivals* where the passage puts them in like places: two abbreviations, two
quantities of one dimension, two labels, two words before one noun or one kind of figure. Of rivals the
statement must keep each in its own company: what stands beside it on the same side.

A passage that says different things of two groups ("one for unstable patients, a dose-reduced one for
the rest") is compared group by group as well: no two clauses may each mix both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations

from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import mask, quoted
from rag.answering.grounding.modality import contrast
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.text import plain
from rag.answering.grounding.words import meaning_of
from rag.types import Span

_CHECK = "exchange"
REACH = 2
"""How many words on each side are a word's company."""

CLEARLY = 1.0
"""By how much the other's company must outweigh its own, in neighbours."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9'-]*")
_SHORT = re.compile(r"\b[A-Z][A-Z0-9]{1,5}\b")
_EMPTY = frozenset(
    "a an the of is are was were be been being in on at to by for with and or as that this it its which who from".split()
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being) [\w-]+ by\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;:]\s|,\s(?:and|but|while|whereas)\s|\s(?:and|while|whereas|but) (?=an? |one |the )",
    re.IGNORECASE,
)

_Placed = tuple[tuple[str, Span], ...]
_Company = tuple[Mapping[str, float], Mapping[str, float]]
"""What stands left and right of a word, nearer ones counting more."""


def check_exchange(part: Part, unit: Unit) -> CheckResult:
    """No two things of the passage have changed places."""
    spans = _swapped(part.text, unit.text) or _crossed(part.text, unit.text)
    if not spans:
        return passed(_CHECK)
    reason = f"{quoted(part.text, spans)} stand in each other's place in the cited passage"
    return contradicted(_CHECK, reason, spans)


@lru_cache(maxsize=8192)
def _placed(text: str) -> _Placed:
    """Meanings of the words that are not empty; a quantity or label is one word."""
    source = plain(text)
    figures = [(x.span, f"\x01{x.dimension} {x.ends}") for x in quantities(source)]
    figures += [(x.span, f"\x01label {x.label}") for x in labels(source)]
    rest = mask(source, [span for span, _ in figures])
    words = [
        (found.span(), meaning_of(found.group()))
        for found in _WORD.finditer(rest)
        if found.group().lower() not in _EMPTY
    ]
    return tuple((word, span) for span, word in sorted((*figures, *words)))


def _swapped(own: str, there: str) -> tuple[Span, ...]:
    """The spans of two rivals of which each stands in the other's company; none if there are none."""
    if _PASSIVE.search(own) or _PASSIVE.search(there):
        return ()
    said, meant = _placed(own), _placed(there)
    words, known = [word for word, _ in said], [word for word, _ in meant]
    both = [word for word in dict.fromkeys(words) if word in known]
    kinds = _kinds(there)
    for a, b in combinations(both, 2):
        if _are_rivals(a, b, known, kinds) and _changed_places(a, b, words, known):
            spans = dict(reversed(said))
            return spans[a], spans[b]
    return ()


def _kinds(text: str) -> Mapping[str, str]:
    """Words of a closed kind: abbreviations, ways of using contrast."""
    found = {meaning_of(word): "abbreviation" for word in _SHORT.findall(text)}
    named = " ".join(text[slice(*x.span)] for x in contrast(text))
    return found | {meaning_of(word): "contrast" for word in _WORD.findall(named)}


def _kind(word: str) -> str:
    return word.split(" ", 1)[0] if word[0] == "\x01" else word


def _are_rivals(a: str, b: str, known: Sequence[str], kinds: Mapping[str, str]) -> bool:
    if "\x01" in (a[0], b[0]):
        return _kind(a) == _kind(b)
    if a in kinds and kinds[a] == kinds.get(b):
        return True
    return bool(_followers(a, known) & _followers(b, known) - {a, b})


def _followers(word: str, known: Sequence[str]) -> set[str]:
    return {_kind(known[at + 1]) for at in range(len(known) - 1) if known[at] == word}


def _changed_places(a: str, b: str, words: Sequence[str], known: Sequence[str]) -> bool:
    if _same_figures(a, b, words, known):
        return False
    pair = {a, b}
    said = _company(a, words, pair), _company(b, words, pair)
    meant = _company(a, known, pair), _company(b, known, pair)
    kept = _alike(said[0], meant[0]) + _alike(said[1], meant[1])
    crossed = _alike(said[0], meant[1]), _alike(said[1], meant[0])
    if not all(crossed) or (a[0] == "\x01" and kept):
        return False
    return sum(crossed) - kept >= CLEARLY


def _same_figures(a: str, b: str, words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether each is followed by the figure that follows it there, wherever it stands."""
    said, meant = (_figure(a, words), _figure(b, words)), (_figure(a, known), _figure(b, known))
    return None not in said and said == meant and said[0] != said[1]


def _figure(word: str, words: Sequence[str]) -> str | None:
    at = words.index(word)
    return next((x for x in words[at + 1 : at + 6] if x[0] == "\x01"), None)


def _company(word: str, words: Sequence[str], without: set[str]) -> _Company:
    left: dict[str, float] = {}
    right: dict[str, float] = {}
    for at in (at for at, other in enumerate(words) if other == word):
        for side, near in ((left, words[:at][::-1]), (right, words[at + 1 :])):
            for far, other in enumerate(near[:REACH], start=1):
                if other not in without:
                    side[other] = max(side.get(other, 0.0), 1 / far)
    return left, right


def _alike(one: _Company, other: _Company) -> float:
    return sum(
        min(a[x], b[x]) for a, b in zip(one, other, strict=True) for x in a.keys() & b.keys()
    )


def _crossed(own: str, there: str) -> tuple[Span, ...]:
    """The spans of two clauses that each mix what two clauses of the passage say apart."""
    said, meant = _clauses(own), [_words(there[a:b]) for a, b in _clauses(there)]
    if len(said) < 2 or len(meant) < 2:
        return ()
    for one, other in combinations(meant, 2):
        rest = frozenset().union(*(x for x in meant if x not in (one, other)))
        mine, theirs = one - other - rest, other - one - rest
        mixing = [
            x for x in said if _words(own[slice(*x)]) & mine and _words(own[slice(*x)]) & theirs
        ]
        if len(mixing) > 1 and not _words(own[slice(*mixing[0])]) & _words(
            own[slice(*mixing[1])]
        ) & (mine | theirs):
            return tuple(mixing[:2])
    return ()


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word, _ in _placed(text))


def _clauses(text: str) -> list[Span]:
    cuts = [found.span() for found in _CLAUSE.finditer(text)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(text)]
    return [(a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip()]
