"""Learn ``corpus/relations.json`` (rag/retrieval/relations.py) from questions and near misses.

Pairs of a question and the passage of a fact: known questions with the fact that answers them, near
misses with the fact they lie beside. Called by ``evals/fit_relevance.py``, which leaves out the facts
of one fold at a time, so that no weight is fitted on what these already know.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from rag.retrieval.concepts import asking_terms
from rag.retrieval.relations import Bearing, Relations

_ROUNDS = 5
_LEAST, _MOST_NAMES = 0.01, 15
"""Probability below which a relation is dropped, and how many a word keeps."""
_SAID_TWICE = 3
"""Pairs in which a word must be lacking before anything is learned of it."""
_PRODUCT = 10.0
"""Scale of the products of two unit vectors' numbers beside the question's own."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """Index terms and vectors of a question and of a passage, and whether that answers it."""

    asked: tuple[str, ...]
    terms: frozenset[str]
    question: NDArray[np.float32]
    passage: NDArray[np.float32]
    answers: bool


def relations(pairs: Sequence[Pair], model_id: str) -> Relations:
    """Everything learned of ``pairs``; vectors are those of ``model_id``."""
    answered = [pair for pair in pairs if pair.answers]
    said = Counter(word for pair in answered for word in _content(pair))
    total = sum(said.values())
    return Relations(
        means=association([(_content(pair), sorted(pair.terms)) for pair in answered]),
        usual={word: float(f"{(n + 0.5) / total:.2e}") for word, n in said.items()},
        rare=float(f"{0.5 / total:.2e}"),
        strays=strays(pairs),
        bearing=bearing(pairs, model_id),
    )


def _content(pair: Pair) -> tuple[str, ...]:
    return tuple(word for word in pair.asked if word not in asking_terms())


def association(
    pairs: Sequence[tuple[Sequence[str], Sequence[str]]],
) -> dict[str, dict[str, float]]:
    """IBM model 1 with a null word: how likely each passage word is asked for as each question word."""
    links = [
        (word, of, (number, word))
        for number, (asked, terms) in enumerate(pairs)
        for word in asked
        for of in ("", *terms)
    ]
    places: dict[tuple[str, str], int] = {}
    pair = np.array([places.setdefault((word, of), len(places)) for word, of, _ in links])
    slots: dict[tuple[int, str], int] = {}
    slot = np.array([slots.setdefault(key, len(slots)) for *_, key in links])
    sources: dict[str, int] = {}
    source = np.array([sources.setdefault(of, len(sources)) for _, of in places])
    share = np.array([1.0 if word == of else 0.05 for word, of in places])
    for _ in range(_ROUNDS):
        weight = share[pair]
        counts = np.bincount(pair, weight / np.bincount(slot, weight)[slot], len(places))
        share = counts / np.bincount(source, counts, len(sources))[source]
    return _pruned(zip(places, share.tolist(), strict=True))


def _pruned(found: Iterable[tuple[tuple[str, str], float]]) -> dict[str, dict[str, float]]:
    by_word: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (word, of), share in found:
        if of and share >= _LEAST:
            by_word[word].append((share, of))
    return {
        word: {of: round(share, 3) for share, of in sorted(names, reverse=True)[:_MOST_NAMES]}
        for word, names in by_word.items()
    }


def strays(pairs: Sequence[Pair]) -> dict[str, float]:
    """Logistic weights of the words that the passage lacks."""
    lacking = [[word for word in pair.asked if word not in pair.terms] for pair in pairs]
    counts = Counter(word for words in lacking for word in words)
    known = sorted(word for word, n in counts.items() if n >= _SAID_TWICE)
    place = {word: at for at, word in enumerate(known)}
    cells = [(n, place[w]) for n, words in enumerate(lacking) for w in words if w in place]
    rows, columns = zip(*cells, strict=True)
    table = csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(pairs), len(known)))
    model = _logistic(0.1).fit(table, [pair.answers for pair in pairs])
    return {word: round(float(w), 3) for word, w in zip(known, model.coef_[0], strict=True)}


def bearing(pairs: Sequence[Pair], model_id: str) -> Bearing:
    """The linear reading of both vectors."""
    asked = np.array([pair.question for pair in pairs], dtype=np.float64)
    passages = np.array([pair.passage for pair in pairs], dtype=np.float64)
    table = np.hstack([asked * passages * _PRODUCT, asked])
    model = _logistic(1.0).fit(table, [pair.answers for pair in pairs])
    product, question = np.split(model.coef_[0], 2)
    bias = float(model.intercept_[0])
    return Bearing(model_id, (product * _PRODUCT).tolist(), question.tolist(), bias)


def _logistic(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=3000)
