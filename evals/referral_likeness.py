"""Whether a question reads like a request for an examination: a logistic model on its sentence vector.

Part of the abstention's fit (``evals/fit_scenario_ranker.py``). For: the shelf's referrals in all their
forms. Against: questions that no topic covers. The abstention sees each of them with the value of a
model that was fitted without it (five folds; referrals are dealt by topic), so that it does not learn
to trust what the model has seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rag.knowledge.scenario_entry import ScenarioEntry
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_index import Embed

FOLDS, PENALTY, ROUNDS = 5, 0.3, 12


@dataclass(frozen=True)
class Likeness:
    """``weights`` ``(d,)`` on the unit vector of a question and ``bias``; ``apart`` holds the value of
    each question of the fit under the model without it."""

    weights: Floats
    bias: float
    apart: Mapping[str, float]


def fitted_likeness(
    entries: Sequence[ScenarioEntry], strange: Sequence[str], embed: Embed
) -> Likeness:
    """The model for all questions, and every question's value under the model without its fold."""
    topics = {topic: n for n, topic in enumerate(dict.fromkeys(e.topic for e in entries))}
    asked = [(text, topics[e.topic]) for e in entries for text in e.referrals]
    texts = [*(text for text, _ in asked), *strange]
    fold = np.array([*(n for _, n in asked), *range(len(strange))]) % FOLDS
    truth = np.array([1.0] * len(asked) + [0.0] * len(strange))
    rows = np.hstack([embed(texts), np.ones((len(texts), 1))]).astype(np.float64)
    apart = np.zeros(len(texts))
    for one in range(FOLDS):
        apart[fold == one] = rows[fold == one] @ _fitted(rows[fold != one], truth[fold != one])
    whole = _fitted(rows, truth)
    values = {text: float(value) for text, value in zip(texts, apart, strict=True)}
    return Likeness(whole[:-1].astype(np.float32), float(whole[-1]), values)


def _fitted(rows: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Balanced logistic regression by Newton's method with an L2 penalty (the bias is free)."""
    share = np.where(truth > 0, 0.5 / truth.sum(), 0.5 / (1 - truth).sum()) * len(truth)
    ridge = np.eye(rows.shape[1]) * PENALTY
    ridge[-1, -1] = 1e-9
    found = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-rows @ found))
        slope = rows.T @ (share * (chance - truth)) + ridge @ found
        bend = (rows * (share * chance * (1 - chance))[:, None]).T @ rows + ridge
        found = found - np.linalg.solve(bend, slope)
    return found
