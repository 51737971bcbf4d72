"""Fit the weights of ``rag/retrieval/relevance.py`` on the answerability development set.

    python -m evals.fit_relevance            writes corpus/relevance.yaml
    python -m evals.fit_relevance --try      prints the held-out figures and writes nothing

*Order*: the right passage against the other candidates of its question (softmax over them).
*Answer*: the right passages of covered questions against the two best passages of questions that
the shelf does not answer (logistic). ``accept`` is the highest probability
that still answers ``ANSWERED`` of the covered questions, on held-out fifths of the questions. Figures are reported on other sets only.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from rag.answering.answer import reader
from rag.answering.parts import Parts
from rag.answering.text_route import CANDIDATES, searched
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.relevance import FEATURES

DATA = Path(__file__).resolve().parent / "data" / "answerability_dev.yaml"
FOR_ORDER = "lexical similarity coverage kind bounds label row apart special".split()
FOR_ANSWER = "similarity coverage own_coverage heaviest_missing unknown focus kind bounds label subject apart special".split()
ANSWERED = 0.95
_FOLDS = 5
_SEED = 20261128
_RIDGE = 2e-4

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: features of its candidates (n, features) and which of them are right (n,)."""

    question: str
    covered: bool
    features: Floats
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights by place in ``FOR_ORDER`` and ``FOR_ANSWER``, and the bias of the answer."""

    order: Floats
    answer: Floats
    bias: float


def cases(parts: Parts, path: Path = DATA) -> tuple[Case, ...]:
    """Every question of the set with its candidates, searched as the text route searches."""
    sheet = read_yaml(path)
    assert isinstance(sheet, dict)
    asked = [(row["question"], row["fact"]) for row in sheet["covered"]]
    asked += [(question, None) for question in sheet["not_covered"]]
    return tuple(case(parts, question, fact) for question, fact in asked)


def case(parts: Parts, question: str, fact: str | None) -> Case:
    """One question's candidates; ``fact`` is what answers it, ``None`` where nothing does."""
    routed = reader(parts)(question)
    asked, old = searched(question, routed, parts), bool(routed.editions_named)
    judged = parts.judge(question, parts.search(question, CANDIDATES, asked, old))
    return Case(
        question,
        fact is not None,
        np.array([[item.features[name] for name in FEATURES] for item in judged]),
        np.array([fact in item.hit.passage.fact_ids for item in judged], dtype=bool),
    )


def _columns(names: Sequence[str]) -> list[int]:
    return [FEATURES.index(name) for name in names]


def fit_order(known: Sequence[Case]) -> Floats:
    """Weights under which the right candidates take most of the softmax."""
    columns = _columns(FOR_ORDER)
    samples = [(c.features[:, columns], c.right) for c in known if c.right.any()]

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, slope = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for features, right in samples:
            scores = features @ weights
            shares = np.exp(scores - scores.max())
            held = shares[right].sum()
            total -= float(np.log(held / shares.sum())) / len(samples)
            pull = shares[right] @ features[right] / held - shares @ features / shares.sum()
            slope = slope - pull / len(samples)
        return total, slope

    found = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B")
    return np.asarray(found.x, dtype=np.float64)


def fit(known: Sequence[Case]) -> Fitted:
    """Both sets of weights."""
    order = fit_order(known)
    rows: list[Floats] = []
    labels: list[int] = []
    for one in known:
        best = np.argsort(-(one.features[:, _columns(FOR_ORDER)] @ order), kind="stable")
        if one.right.any():
            rows.append(one.features[best[one.right[best]][0]])
            labels.append(1)
        elif not one.covered:
            rows += list(one.features[best[:2]])
            labels += [0] * len(best[:2])
    model = LogisticRegression(class_weight="balanced", max_iter=2000, C=1.0)
    model.fit(np.array(rows)[:, _columns(FOR_ANSWER)], labels)
    return Fitted(order, model.coef_[0], float(model.intercept_[0]))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question judged by weights that never saw it: its best passage's probability, and whether
    the right passage came first."""

    covered: bool
    probability: float
    first: bool


def outcome(one: Case, fitted: Fitted) -> Outcome:
    if not len(one.features):
        return Outcome(one.covered, 0.0, False)
    scores = one.features[:, _columns(FOR_ORDER)] @ fitted.order
    best = int(np.argmax(scores))
    x = float(one.features[best, _columns(FOR_ANSWER)] @ fitted.answer) + fitted.bias
    return Outcome(one.covered, 1 / (1 + float(np.exp(-x))), bool(one.right[best]))


def held_out(known: Sequence[Case]) -> tuple[Outcome, ...]:
    """Every question judged by weights fitted on the other folds."""
    order = np.random.default_rng(_SEED).permutation(len(known))
    outcomes: dict[int, Outcome] = {}
    for fold in np.array_split(order, _FOLDS):
        inside = {int(place) for place in fold}
        fitted = fit([one for place, one in enumerate(known) if place not in inside])
        outcomes |= {place: outcome(known[place], fitted) for place in inside}
    return tuple(outcomes[place] for place in range(len(known)))


def accept_from(outcomes: Sequence[Outcome]) -> float:
    """The highest probability that still answers ``ANSWERED`` of the covered questions."""
    kept = [one.probability for one in outcomes if one.covered]
    return float(np.quantile(kept, 1 - ANSWERED))


def report(outcomes: Sequence[Outcome], accept: float) -> str:
    covered = [one for one in outcomes if one.covered]
    silent = [one for one in outcomes if not one.covered]
    first = sum(one.first for one in covered)
    kept = sum(one.probability >= accept for one in covered)
    refused = sum(one.probability < accept for one in silent)
    return (
        f"held out: right passage first {first} of {len(covered)}, answered {kept} of "
        f"{len(covered)}, refused {refused} of {len(silent)}, accept {accept:.2f}"
    )


def written(fitted: Fitted, accept: float) -> str:
    """``relevance.yaml`` as text."""
    lines = [
        "# Written by `python -m evals.fit_relevance`; see rag/retrieval/relevance.py.",
        "order:",
    ]
    lines += [f"  {n}: {w:.3f}" for n, w in zip(FOR_ORDER, fitted.order, strict=True)]
    lines += ["answer:"]
    lines += [f"  {n}: {w:.3f}" for n, w in zip(FOR_ANSWER, fitted.answer, strict=True)]
    return "\n".join((*lines, f"bias: {fitted.bias:.3f}", f"accept: {accept:.2f}")) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write the weights, and print what they do on held-out questions."""
    from rag.wire import build

    parts = build()
    known = cases(parts)
    outcomes = held_out(known)
    accept = accept_from(outcomes)
    print(report(outcomes, accept))
    if "--try" not in (sys.argv[1:] if arguments is None else arguments):
        target = parts.settings.corpus / "relevance.yaml"
        target.write_text(written(fit(known), accept), encoding="utf-8")
        print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
