"""Which passage answers the question, and does any, or do they only lie near it?

Retrieval always returns something. Two questions are put to what it returned. *Order*: which
passage is it, by lexical score, similarity, how much of the question's content it carries (words
weighed by rarity on the shelf), whether its numbers, labels and kinds of quantity fit. *Answer*:
does the passage say what is asked; here nothing is relative to the other passages. Both are
linear in the same features; their weights were fitted by ``evals/fit_relevance.py`` on
``evals/data/answerability_dev.yaml``, a set that is reported on nowhere.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rag.retrieval.alternatives import Alternatives, Named
from rag.retrieval.asked import Asked, asked
from rag.retrieval.bounds import agreement
from rag.retrieval.close_reading import CloseReader
from rag.retrieval.concepts import Concept, Synonyms, asking_terms
from rag.retrieval.document_order import document_order
from rag.retrieval.relations import WELL_SAID, Relations
from rag.retrieval.relevance_weights import Weights
from rag.retrieval.seen import Seen
from rag.retrieval.seen import seen as seen_as
from rag.retrieval.spoken_of import about, denies_unasked, of_another_edition
from rag.types import Hit, Passage

Features = Mapping[str, float]

_ASTRAY = 0.93
"""Probability from which a passage answers although it lacks the quantity asked for."""
_SUBJECT = 0.5
"""Share of a thing's name that the subject of its definition holds."""
_USUALLY = (0.20, 0.56)
"""Nearness of a passage's known questions, as a line over its own: see ``evals/fit_relevance.py``."""
_NO_FOCUS = 0.7
"""Where a question names nothing that it asks for: between held and not."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with its place in the order, its probability of answering (0 to 1) and the features.

    ``missing`` is what the passage lacks of the question, in the question's order.
    """

    hit: Hit
    rank_score: float
    probability: float
    features: Features
    missing: tuple[str, ...]


class RelevanceJudge:
    """Judges hits; ``document_frequency`` counts the passages that hold a term, of ``size`` in all."""

    def __init__(
        self,
        document_frequency: Callable[[str], int],
        size: int,
        weights: Weights,
        alternatives: Alternatives | None = None,
        relations: Relations | None = None,
        documents: CloseReader | None = None,
    ) -> None:
        self._frequency = document_frequency
        self._size = size
        self.weights = weights
        self._documents = documents
        self._alternatives = alternatives or Alternatives()
        self._relations = relations or Relations()
        self._groups = lru_cache(maxsize=8192)(self._alternatives.named_by)

    def judge(
        self, question: str, hits: Sequence[Hit], synonyms: Synonyms = ()
    ) -> tuple[Judged, ...]:
        """Every hit with its probability, the best by order first (ties keep the retriever's)."""
        read = asked(question, synonyms)
        weighed = self._weighed(read)
        best = max((hit.lexical or 0.0 for hit in hits), default=0.0) or 1.0
        judged = [self._one(weighed, hit, (hit.lexical or 0.0) / best) for hit in hits]
        judged.sort(key=lambda item: -item.rank_score)
        return self._closely(question, judged)

    def _closely(self, question: str, judged: Sequence[Judged]) -> tuple[Judged, ...]:
        """Pieces of documents read word by word, and dealt their own places anew."""
        at = [n for n, item in enumerate(judged) if item.hit.passage.kind == "document"]
        if self._documents is None or not at:
            return tuple(judged)
        pieces = [judged[n] for n in at]
        texts = [item.hit.passage.search_text for item in pieces]
        read = self._documents.read(
            question, texts, [i.rank_score for i in pieces], [i.probability for i in pieces], self.idf
        )  # fmt: skip
        found = list(judged)
        for place, one in zip(at, read, strict=True):
            score = judged[place].rank_score
            item = pieces[one.of]
            found[place] = replace(item, rank_score=score, probability=one.probability)
        return tuple(found)

    def accepts(self, item: Judged) -> bool:
        """Whether the passage answers.

        A passage without the kind of quantity asked for only where it is very sure; one on patients
        that the question does not name never; what a thing is, only in a sentence that says it of the
        thing.
        """
        features = item.features
        least = _ASTRAY if features["kind"] < 0 else self._accept(item.hit.passage)
        unfit = features["undefined"] > 0 or features["special"] > 0
        return item.probability >= least and not unfit

    def nearly(self, item: Judged) -> bool:
        """Whether a piece of a document may answer though it is not sure enough: a weak match."""
        features = item.features
        unfit = features["undefined"] > 0 or features["special"] > 0 or features["kind"] < 0
        if unfit or self._documents is None or item.hit.passage.kind != "document":
            return False
        return item.probability >= self._documents.nearly

    def _accept(self, passage: Passage) -> float:
        """A fact and a piece of a document are accepted from a probability of their own."""
        if passage.kind == "document" and self._documents is not None:
            return self._documents.accept
        return self.weights.accept

    def idf(self, term: str) -> float:
        """Robertson-Spärck Jones weight, never negative; highest for a term the shelf lacks."""
        frequency = self._frequency(term)
        return math.log(1 + (self._size - frequency + 0.5) / (frequency + 0.5))

    def _weighed(self, read: Asked) -> _Weighed:
        """The question with the weights of its concepts, each looked up once."""
        weigh = cache(self.idf)
        read = self._without_prefixes(read)
        known = {
            term: self._frequency(term) > 0 for c in read.concepts for n in c.names for term in n
        }
        strange = (c for c in read.concepts if not any(all(map(known.get, n)) for n in c.names))
        weights = {concept: concept.weight(weigh) for concept in read.concepts}
        total = sum(weights.values()) or 1.0
        unknown = sum(weights[concept] for concept in strange) / total
        words = {term: weigh(term) for term in read.terms - asking_terms()}
        return _Weighed(read, weights, total, unknown, self._groups(read.terms), words)

    def _without_prefixes(self, read: Asked) -> Asked:
        """ "Unmarked" read as "marked" where the shelf knows only that: what is denied is what is asked about."""
        said = {
            term: rest
            for term in read.terms
            if (found := _denying().match(term))
            and not self._frequency(term)
            and self._frequency(rest := term[found.end() :])
        }
        if not said:
            return read
        named = tuple(
            Concept(c.said, (*c.names, frozenset(said.get(term, term) for term in c.said)))
            if said.keys() & set(c.said)
            else c
            for c in read.concepts
        )
        focus = tuple(
            new for new, old in zip(named, read.concepts, strict=True) if old in read.focus
        )
        terms = frozenset(said.get(term, term) for term in read.terms)
        return replace(read, concepts=named, focus=focus, terms=terms)

    def _one(self, asked: _Weighed, hit: Hit, lexical: float) -> Judged:
        seen = seen_as(hit.passage)
        groups = self._groups(seen.own)
        elsewhere = of_another_edition(asked.read.text, hit.passage)
        denies = denies_unasked(asked.read.text, hit.passage.text)
        # A long paragraph of a document names many in passing: whom it is on stands in its headings.
        on = self._groups(seen.headed) if hit.passage.kind == "document" else groups
        features = {
            "lexical": lexical,
            "similarity": hit.similarity if hit.similarity is not None else 0.0,
            **_carried(asked, seen),
            **_fit(asked.read, seen),
            **_spoken(asked, seen, self._relations),
            "asked": _asked(hit),
            "bearing": hit.bearing or 0.0,
            "apart": min(self._alternatives.apart(asked.groups, groups) + elsewhere, 2) / 2,
            "special": float(self._alternatives.special(asked.groups, on) or denies),
            "row": float(hit.passage.kind == "row"),
        }
        w = self.weights
        probability = logistic(w.bias + _sum(w.answer, features))
        missing = tuple(" ".join(c.said) for c in asked.read.concepts if not c.held_by(seen.terms))
        place = _sum(w.order, features)
        if hit.passage.kind == "document":
            place += document_order(asked.read.text, asked.read.concepts, hit.passage)
        return Judged(hit, place, probability, features, missing)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A question with the weights of its concepts and of its ``words``; ``unknown`` is the share that
    the shelf lacks."""

    read: Asked
    weights: Mapping[Concept, float]
    total: float
    unknown: float
    groups: Named
    words: Mapping[str, float]


def _carried(asked: _Weighed, seen: Seen) -> dict[str, float]:
    """How much of the question the passage carries, words weighed by rarity."""
    held = {c: c.held_by(seen.terms) for c in asked.weights}
    lacking = max((w for c, w in asked.weights.items() if not held[c]), default=0.0)
    focus = sum(asked.weights[c] for c in asked.read.focus)
    focused = sum(asked.weights[c] for c in asked.read.focus if held[c])
    return {
        "coverage": sum(w for c, w in asked.weights.items() if held[c]) / asked.total,
        "own_coverage": _held(asked, seen.own),
        "heaviest_missing": lacking / asked.total,
        "unknown": asked.unknown,
        "focus": focused / focus if focus else _NO_FOCUS,
        "subject": _held(asked, seen.subject),
        "undefined": float(asked.read.defines and not _defined(asked, seen)),
    }


def _spoken(asked: _Weighed, seen: Seen, relations: Relations) -> dict[str, float]:
    """How much of the question the passage explains, whatever its words, and what is left."""
    words = asked.words
    total = sum(words.values()) or 1.0
    said = {word: relations.said(word, seen.terms) for word in words}
    explained = {word: min(how / WELL_SAID, 1.0) for word, how in said.items()}
    for either in (c.said for c in asked.read.concepts if c.either):
        best = max((explained[word] for word in either if word in explained), default=0.0)
        explained |= {word: best for word in either if word in explained}
    return {
        "said": sum(said.values()) / max(len(words), 1),
        "soft_coverage": sum(weight * explained[w] for w, weight in words.items()) / total,
        "soft_missing": max((weight * (1 - explained[w]) for w, weight in words.items()), default=0)
        / total,
        "stray": relations.stray(asked.read.terms, seen.terms),
    }


def _asked(hit: Hit) -> float:
    """How near the passage's known questions are; without any, as near as is usual for the passage."""
    if hit.asked is not None:
        return hit.asked
    return _USUALLY[0] + _USUALLY[1] * (hit.similarity or 0.0)


def _defined(asked: _Weighed, seen: Seen) -> bool:
    """Whether a clause says of the thing asked about what it is."""
    words = asked.read.terms
    return any(_held(asked, s) >= _SUBJECT and about(s, words) for s in seen.defined)


def _held(asked: _Weighed, terms: frozenset[str]) -> float:
    return sum(w for c, w in asked.weights.items() if c.held_by(terms)) / asked.total


@cache
def _denying() -> re.Pattern[str]:
    """Prefixes that deny a word, with enough of it left."""
    return re.compile(r"(?:un|non)(?=[a-z]{3})")


def _fit(read: Asked, seen: Seen) -> dict[str, float]:
    """Whether kind, numbers, labels and the manner of saying fit the question."""
    kind = 0.0 if not read.wanted else 1.0 if read.wanted & seen.kinds else -1.0
    label = 0.0
    if read.labels and seen.labels:
        label = 1.0 if read.labels & seen.labels else -1.0
    return {
        "kind": kind,
        "bounds": agreement(read.quantities, seen.bounds),
        "label": label,
    }


def _sum(weights: Mapping[str, float], features: Features) -> float:
    return sum(weight * features[name] for name, weight in weights.items())


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow.

    >>> logistic(0.0)
    0.5
    """
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))
