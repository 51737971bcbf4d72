"""Fit the weights of ``rag/retrieval/relevance.py`` on the answerability development set.

    python -m evals.fit_relevance            writes corpus/relevance.yaml

Every candidate passage of every question is one sample: right (1) when it holds the question's
fact, wrong (0) otherwise, questions that the shelf does not answer included. ``accept`` is the
probability that lets through at most 8 % of the uncovered questions, estimated on
held-out fifths of the questions. Nothing is reported on this set.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from rag.answering.parts import Parts
from rag.answering.text_route import CANDIDATES, text_guidelines
from rag.knowledge.yaml_file import read_yaml

DATA = Path(__file__).resolve().parent / "data" / "answerability_dev.yaml"
UNCOVERED_LET_THROUGH = 0.08
_FOLDS = 5
_SEED = 20261123


@dataclass(frozen=True, slots=True)
class Samples:
    """Features (n, 2: similarity, coverage), labels (n,) and the question of each sample (n,)."""

    features: NDArray[np.float64]
    labels: NDArray[np.int64]
    questions: NDArray[np.int64]
    covered: NDArray[np.bool_]


def samples(parts: Parts, path: Path = DATA) -> Samples:
    """Every candidate passage of every question of the set."""
    sheet = read_yaml(path)
    assert isinstance(sheet, dict)
    asked = [(row["question"], row["fact"]) for row in sheet["covered"]]
    asked += [(question, None) for question in sheet["not_covered"]]
    rows: list[tuple[float, float, int, int]] = []
    for number, (question, fact) in enumerate(asked):
        hits = parts.search(question, CANDIDATES, text_guidelines(parts), True)
        for item in parts.judge(question, hits):
            right = fact is not None and fact in item.hit.passage.fact_ids
            rows.append((item.similarity, item.coverage, int(right), number))
    table = np.array(rows)
    return Samples(
        table[:, :2],
        table[:, 2].astype(np.int64),
        table[:, 3].astype(np.int64),
        np.array([fact is not None for _, fact in asked]),
    )


def fitted(features: NDArray[np.float64], labels: NDArray[np.int64]) -> LogisticRegression:
    """Logistic regression with both classes weighing the same."""
    return LogisticRegression(class_weight="balanced", max_iter=1000).fit(features, labels)


def held_out_best(all_samples: Samples) -> NDArray[np.float64]:
    """The best probability of each question, by a model that never saw the question."""
    count = len(all_samples.covered)
    order = np.random.default_rng(_SEED).permutation(count)
    best = np.zeros(count)
    for fold in np.array_split(order, _FOLDS):
        inside = np.isin(all_samples.questions, fold)
        model = fitted(all_samples.features[~inside], all_samples.labels[~inside])
        probability = model.predict_proba(all_samples.features[inside])[:, 1]
        for question in fold:
            best[question] = probability[all_samples.questions[inside] == question].max()
    return best


def accept_from(best: NDArray[np.float64], covered: NDArray[np.bool_]) -> float:
    """The probability that lets through the allowed share of the uncovered questions."""
    return float(np.quantile(best[~covered], 1 - UNCOVERED_LET_THROUGH))


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the weights, and print what they do on held-out questions."""
    from rag.wire import build

    parts = build()
    found = samples(parts)
    model = fitted(found.features, found.labels)
    best = held_out_best(found)
    accept = accept_from(best, found.covered)
    answered = float((best[found.covered] >= accept).mean())
    target = parts.settings.corpus / "relevance.yaml"
    target.write_text(
        "# Written by `python -m evals.fit_relevance`; see rag/retrieval/relevance.py.\n"
        f"bias: {model.intercept_[0]:.4f}\nsimilarity: {model.coef_[0][0]:.4f}\n"
        f"coverage: {model.coef_[0][1]:.4f}\naccept: {accept:.4f}\n",
        encoding="utf-8",
    )
    print(f"{target}: accepts {answered:.0%} of the covered development questions (held out)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
