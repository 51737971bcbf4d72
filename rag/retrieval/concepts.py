"""What a question names, each thing once with the other words for it.

``renal function`` and ``eGFR`` are one concept: a passage holds it when it holds all words of any
of its names. Everything else in a question is a concept of one word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.retrieval.stemming import stem
from rag.retrieval.tokens import tokens

_ASKING = (
    "recommend recommended should need needed needs use used give given get must may allowed many "
    "much often long large kind type please tell explain mean meaning say says said according "
    "patient patients adult under between during there any about after before also just still not "
    "no yes ok okay so does done which who whom whose why where okay let me show include including receive received plan planned consider considered "
    "because associated exactly standard usual usually typical afterwards possible possibly result "
    "full first order able generally please currently regarding exist exists existing happen happens "
    "really actually simply want would like know protocol protocols suspected suspicion inpatient "
    "inpatients outpatient outpatients ward department ed er"
)
"""Words of asking: they name no content, so a passage need not carry them."""


@cache
def asking_terms() -> frozenset[str]:
    """The words of asking as index terms."""
    return frozenset(tokens(_ASKING))


Synonyms = Sequence[tuple[str, Sequence[str]]]
"""For each thing that a text names: the words it was said in, and all names of the thing."""

Weigh = Callable[[str], float]
"""How much an index term counts; rarer terms count more."""


@dataclass(frozen=True, slots=True)
class Concept:
    """``said`` are the question's own index terms; a passage holds one of ``names`` or not.

    ``either`` where the question names two things and either will do.
    """

    said: tuple[str, ...]
    names: tuple[frozenset[str], ...]
    either: bool = False

    def held_by(self, terms: Collection[str]) -> bool:
        held = terms if isinstance(terms, frozenset) else frozenset(terms)
        return any(name <= held for name in self.names)

    def weight(self, weigh: Weigh) -> float:
        """The weight of its lightest name: a rare way of saying a common thing is not rare."""
        return min(sum(weigh(term) for term in name) for name in self.names)


def concepts(question: str, synonyms: Synonyms = ()) -> tuple[Concept, ...]:
    """The concepts of a question in order, without the words of asking."""
    named = [_concept(said, names) for said, names in synonyms]
    taken = {term for concept in named for term in concept.said}
    rest = (c for c in _said(tokens(question)) if not set(c.said) & (taken | asking_terms()))
    found = dict.fromkeys((*(c for c in named if c.names), *rest))
    return _either(question, tuple(found))


@cache
def _or() -> re.Pattern[str]:
    return re.compile(
        r"([\w-]+) or ([\w-]+)|\b([a-z]{4,})/([a-z]{4,})\b", re.IGNORECASE
    )  # not "PET/CT", "w/o"


def _either(question: str, found: Sequence[Concept]) -> tuple[Concept, ...]:
    """``appendicitis or abscess``, ``gonadal/pelvic`` is one concept: a passage on either speaks of what is asked."""
    concepts = list(found)
    for match in _or().finditer(question):
        first, second = (set(tokens(word)) for word in match.groups() if word)
        pair = [c for c in concepts if set(c.said) & (first | second)]
        if len(pair) == 2 and pair[0] is not pair[1]:
            said = (*pair[0].said, *pair[1].said)
            at = concepts.index(pair[0])
            concepts[at] = Concept(said, (*pair[0].names, *pair[1].names), either=True)
            concepts.remove(pair[1])
    return tuple(concepts)


def _said(terms: Sequence[str]) -> Iterator[Concept]:
    """Each term by itself, but a compound (``non-solid``, ``24 g``) once, whole or by its parts."""
    at = 0
    while at < len(terms):
        first, second, third = (*terms[at : at + 3], "", "")[:3]
        if third and third in (first + second, stem(first + second)):
            yield Concept((first, second, third), (frozenset((third,)), frozenset((first, second))))
            at += 3
        else:
            yield Concept((first,), (frozenset((first,)),))
            at += 1


def _concept(said: str, names: Iterable[str]) -> Concept:
    sets = dict.fromkeys(frozenset(tokens(name)) for name in (said, *names))
    return Concept(tuple(tokens(said)), tuple(name for name in sets if name))


def share(asked: Iterable[Concept], terms: Collection[str], weigh: Weigh) -> float:
    """Weight of the concepts held over the weight of all, 0 to 1; nothing asked is nothing held."""
    held = frozenset(terms)
    weighed = [(concept.weight(weigh), concept.held_by(held)) for concept in asked]
    total = sum(weight for weight, _ in weighed)
    return sum(weight for weight, good in weighed if good) / total if total else 0.0
