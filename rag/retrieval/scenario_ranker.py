"""Ranking all scenarios of the shelf for one question, with the reasons of every place.

A linear model over the named features of ``scenario_features.py``; its weights stand in
``corpus/scenario_ranking.json``, fitted by ``evals/fit_scenario_ranker.py`` on questions made from
the shelf's own text and on our own vignettes. Scenarios that cannot be this patient's (another age,
the other sex, pregnancy) are left out and named. Whether anything fits at all is a second, logistic
model over the best scenario's own evidence; the weights of both come from the same file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np

from rag.errors import CorpusError
from rag.knowledge.clinical_terms import ClinicalTerms
from rag.knowledge.clinical_text import core
from rag.knowledge.facet_values import Facets
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_facets import conflicts
from rag.retrieval.scenario_features import Question, features, read_question
from rag.retrieval.scenario_index import Bools, ScenarioIndex
from rag.retrieval.scenario_rules import barred_by_rule, unsaid

EXCLUDED = np.float32(-1e6)
NAMED_EXCLUSIONS = 3
"""Excluded scenarios that are named: those that would else have stood among the first ten."""

MOST_EXPLAINED = 40.0
"""Rarity (sum of idf) of explained words beyond which more of them tell nothing more."""

MOST_LIKE = 6.0
"""Log odds of being a request for an examination beyond which more tells nothing more."""

Embed = Callable[[Sequence[str]], Floats]


@dataclass(frozen=True)
class RankingWeights:
    """Weights of the ranking features and of the decision whether anything fits.

    ``accept`` is the probability (0 to 1) from which a question counts as covered; ``like`` ``(d,)`` and
    ``like_bias`` say how far a question's vector reads like a request for an examination.
    """

    ranking: Mapping[str, float]
    covered: Mapping[str, float]
    accept: float
    like: Floats
    like_bias: float


@dataclass(frozen=True, slots=True)
class RankedScenario:
    """A scenario in its place; ``parts`` are the contributions that add up to ``score``."""

    topic: str
    variant_no: int
    scenario: str
    score: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A scenario left out for a conflict; ``reasons`` are ``age``, ``sex`` or ``pregnancy``."""

    topic: str
    variant_no: int
    scenario: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first ``k`` scenarios, those that a conflict kept out, and whether anything fits.

    ``probability`` (0 to 1) is that of the question being covered; ``topics`` are the best topics
    in order; ``evidence`` is what the probability was reckoned from.
    """

    scenarios: tuple[RankedScenario, ...]
    excluded: tuple[Excluded, ...]
    topics: tuple[str, ...]
    probability: float
    covered: bool
    evidence: Mapping[str, float]


def load_weights(path: Path) -> RankingWeights:
    """The weights in ``path``.

    Raises:
        CorpusError: the file is missing or not what the fitting script writes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return RankingWeights(
            {str(name): float(value) for name, value in data["ranking"].items()},
            {str(name): float(value) for name, value in data["covered"].items()},
            float(data["accept"]),
            np.array(data["like"], np.float32),
            float(data["like_bias"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"ranking weights cannot be read ({error}); run evals/fit_scenario_ranker.py"
        raise CorpusError(message, file=str(path)) from error


def rank_scenarios(
    question: str, facets: Facets, index: ScenarioIndex, terms: ClinicalTerms,
    weights: RankingWeights, embed: Embed | None = None, k: int = 10,
) -> Ranking:  # fmt: skip
    """The ``k`` scenarios that fit ``question`` best, best first.

    ``embed`` turns texts into unit rows of the index's model; without it the ranking is lexical.
    """
    vectors = None
    if embed is not None and question.strip():
        pair = embed([question, core(question)])
        vectors = (pair[0], pair[1])
    read = read_question(question, facets, vectors, index, terms)
    found = features(read, index)
    scores = scored(found, weights.ranking, len(index))
    elsewhere, results = found.get("region_elsewhere"), found.get("result_unsaid")
    found["unsaid"] = unsaid(question, facets, scores, index, elsewhere, results, bool(read.asked))
    ranking = {**weights.ranking, "unsaid": -1.0}
    scores = scores - found["unsaid"]
    barred = conflicts(facets, index) | barred_by_rule(question, facets, index)
    open_scores = _barring(scores, barred)
    order = np.argsort(-open_scores, kind="stable")[:k]
    like = referral_likeness(vectors[0], weights) if vectors else 0.0
    evidence = coverage_evidence(read, found, open_scores, index, like)
    probability = covered_probability(evidence, weights.covered)
    return Ranking(
        scenarios=tuple(
            _ranked(int(i), open_scores, found, ranking, index)
            for i in order
            if open_scores[i] > EXCLUDED / 2
        ),
        excluded=_excluded(scores, open_scores, barred, index),
        topics=best_topics(open_scores, index, k),
        probability=probability,
        covered=probability >= weights.accept,
        evidence=evidence,
    )


def scored(found: Mapping[str, Floats], weights: Mapping[str, float], n: int) -> Floats:
    """Weighted sum of the features, shape ``(n,)``."""
    total = np.zeros(n, np.float32)
    for name, weight in weights.items():
        if name in found:
            total += np.float32(weight) * found[name]
    return total


def best_topics(scores: Floats, index: ScenarioIndex, k: int) -> tuple[str, ...]:
    """The first ``k`` topics by their best scenario."""
    topics = dict.fromkeys(int(index.topic_of[i]) for i in np.argsort(-scores, kind="stable"))
    return tuple(index.topics[topic] for topic in list(topics)[:k])


def coverage_evidence(
    question: Question,
    found: Mapping[str, Floats],
    scores: Floats,
    index: ScenarioIndex,
    like: float,
) -> dict[str, float]:
    """What the best scenario and its topic carry of the question; see :func:`covered_probability`.

    Shares are of the question's words weighed by their rarity; a word that stands nowhere on the
    shelf counts as missing. ``like`` is :func:`referral_likeness`; ``elsewhere`` tells that the best
    scenario is about other parts of the body than the question.
    """
    best = int(np.argmax(scores))
    present = [(weight * float(index.idf[word]), word) for word, weight in question.known.items()]
    topic = _words_of_topic(index, int(index.topic_of[best]))
    row = _words_of_row(index, best)
    return {
        "bias": 1.0,
        "in_scenario": sum(x for x, word in present if word in row) / question.mass,
        "in_topic": sum(x for x, word in present if word in topic) / question.mass,
        "on_shelf": sum(x for x, _ in present) / question.mass,
        "explained": min(sum(x for x, word in present if word in topic), MOST_EXPLAINED)
        / MOST_EXPLAINED,
        "dense": float(found["dense_whole"][best]) if "dense_whole" in found else 0.0,
        "dense_core": float(found["dense_core"].max()) if "dense_core" in found else 0.0,
        "said": float(found["dense_said"][best]) if "dense_said" in found else 0.0,
        "tuned": float(found["tuned_said"][best]) if "tuned_said" in found else 0.0,
        "score": float(scores[best]) / 20,
        "region": float(bool(question.words.regions)),
        "title": float(found["said_title"][best]),
        "elsewhere": float(found["region_elsewhere"][best]) if "region_elsewhere" in found else 0.0,
        "like": max(min(like, MOST_LIKE), -MOST_LIKE) / MOST_LIKE,
    }


def referral_likeness(vector: Floats, weights: RankingWeights) -> float:
    """Log odds that a question with this unit vector ``(d,)`` asks for an examination; 0 where the
    vectors are of another model's size than the weights."""
    if vector.shape != weights.like.shape:
        return 0.0
    return float(vector @ weights.like) + weights.like_bias


def covered_probability(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Logistic function of the weighted evidence."""
    total = sum(weight * evidence.get(name, 0.0) for name, weight in weights.items())
    return 1 / (1 + exp(-max(min(total, 40.0), -40.0)))


def _words_of_row(index: ScenarioIndex, row: int) -> frozenset[int]:
    return index.words_of_rows([row])


def _words_of_topic(index: ScenarioIndex, topic: int) -> frozenset[int]:
    return index.words_of_rows(np.flatnonzero(index.topic_of == topic).tolist())


def _barring(scores: Floats, barred: Mapping[str, Bools]) -> Floats:
    open_scores = scores.copy()
    for rows in barred.values():
        open_scores[rows] = EXCLUDED
    return open_scores


def _ranked(
    row: int, scores: Floats, found: Mapping[str, Floats], weights: Mapping[str, float],
    index: ScenarioIndex,
) -> RankedScenario:  # fmt: skip
    parts = {
        name: float(weights[name] * values[row])
        for name, values in found.items()
        if weights.get(name) and values[row]
    }
    topic, variant = index.keys[row]
    return RankedScenario(topic, variant, index.texts[row], float(scores[row]), parts)


def _excluded(
    scores: Floats, open_scores: Floats, barred: Mapping[str, Bools], index: ScenarioIndex
) -> tuple[Excluded, ...]:
    out = np.flatnonzero(open_scores == EXCLUDED)
    first = out[np.argsort(-scores[out], kind="stable")][:NAMED_EXCLUSIONS]
    bar = float(np.sort(open_scores)[-10]) if len(index) >= 10 else -np.inf
    return tuple(_left_out(int(i), barred, index) for i in first if scores[i] >= bar)


def _left_out(row: int, barred: Mapping[str, Bools], index: ScenarioIndex) -> Excluded:
    topic, variant = index.keys[row]
    reasons = tuple(name for name, rows in barred.items() if rows[row])
    return Excluded(topic, variant, index.texts[row], reasons)
