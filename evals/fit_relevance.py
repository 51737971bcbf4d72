"""Fit the weights of ``rag/retrieval/relevance.py`` and what it knows of words (``relations.py``).

    python -m evals.fit_relevance            writes corpus/relevance.yaml and corpus/relations.json
    python -m evals.fit_relevance --try      prints the held-out figures and writes nothing

It learns from the known questions of ``corpus/questions.yaml``, the near misses of
``evals/data/near_misses.yaml`` (every third of both) and other people's questions
(``evals/data/answerability_dev.yaml``, ``shelf_held_out.yaml``).
*Order*: the right passage against the other candidates of its question (softmax over them).
*Answer*: the right passages of covered questions against the two best passages of questions that
the shelf does not answer (logistic), then settled on other people's questions alone: those who
wrote the known questions avoided the facts' words, and their near misses lie nearer than most.
``accept`` is the highest probability that still answers ``ANSWERED`` of other people's covered questions.

One fifth of the facts is fitted on by nothing; the figures printed are theirs.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from evals.relevance_cases import (
    Bench,
    Case,
    Question,
    development,
    known_questions,
    near_misses,
    settling,
)
from rag.retrieval.relations import FILE, relations_text
from rag.retrieval.relevance_weights import FEATURES
from rag.retrieval.search import PassageSearch

FOR_ORDER = "lexical similarity coverage kind bounds label row apart special own_coverage subject focus asked said bearing".split()
FOR_ANSWER = "similarity coverage own_coverage heaviest_missing unknown focus kind bounds label subject apart special said soft_coverage soft_missing stray bearing asked".split()
SETTLED = "asked coverage similarity heaviest_missing soft_missing stray bearing soft_coverage focus kind bounds subject".split()
"""Features whose weights are settled on other people's questions; ``asked`` has none before."""
ANSWERED = 0.97
EVERY = 3
_RIDGE = 2e-4
_FEWEST = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights by place in ``FOR_ORDER`` and ``FOR_ANSWER``, and the bias of the answer."""

    order: Floats
    answer: Floats
    bias: float


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
    learning = [one for one in known if not one.question.settles]
    order = fit_order(learning)
    rows, labels = examples(learning, order)
    learned = np.array(rows)[:, _columns(FOR_ANSWER)]
    learned[:, FOR_ANSWER.index("asked")] = 0.0
    model = _logistic().fit(learned, labels)
    first = Fitted(order, model.coef_[0], float(model.intercept_[0]))
    return settled(first, [one for one in known if one.question.fold is None])


def settled(first: Fitted, others: Sequence[Case]) -> Fitted:
    """The same with the answer's scale, bias and some weights as other people's questions want them."""
    rows, labels = examples(others, first.order)
    table = np.array(rows)
    odds = table[:, _columns(FOR_ANSWER)] @ first.answer + first.bias
    model = _logistic().fit(np.column_stack([odds, table[:, _columns(SETTLED)]]), labels)
    scale, *more = model.coef_[0]
    answer = scale * first.answer
    answer[[FOR_ANSWER.index(name) for name in SETTLED]] += more
    return Fitted(first.order, answer, float(scale * first.bias + model.intercept_[0]))


def _logistic() -> LogisticRegression:
    return LogisticRegression(class_weight="balanced", max_iter=3000)


def examples(known: Sequence[Case], order: Floats) -> tuple[list[Floats], list[int]]:
    """The best right passage of each covered question, the two best of each other, with 1 and 0."""
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
    return rows, labels


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question of held-out facts: its best passage's probability, and whether the right one came first."""

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


def accept_from(outcomes: Sequence[Outcome]) -> float:
    """The highest probability that still answers ``ANSWERED`` of the covered questions."""
    kept = [one.probability for one in outcomes if one.covered]
    return max(float(np.quantile(kept, 1 - ANSWERED)), _FEWEST)


def report(name: str, outcomes: Sequence[Outcome], accept: float) -> str:
    covered = [one for one in outcomes if one.covered]
    silent = [one for one in outcomes if not one.covered]
    first = sum(one.first for one in covered)
    kept = sum(one.probability >= accept for one in covered)
    refused = sum(one.probability < accept for one in silent)
    return (
        f"{name}: right passage first {first} of {len(covered)}, answered {kept} of "
        f"{len(covered)}, refused {refused} of {len(silent)}, accept {accept:.2f}"
    )


def usual_nearness(known: Sequence[Case]) -> tuple[float, float]:
    """``asked`` as a line over ``similarity``: what a passage without known questions is given."""
    pairs = np.concatenate([c.features[:, _columns(["similarity", "asked"])] for c in known])
    slope, start = np.polyfit(pairs[:, 0], pairs[:, 1], 1)
    return float(start), float(slope)


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


def drawn(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Every third question, not by place (which would be by fact) but by its own text."""
    return tuple(q for q in questions if zlib.crc32(q.text.encode()) % EVERY == 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, write what was fitted, and print what it does on the facts held out."""
    from rag.wire import build

    parts = build()
    corpus = parts.settings.corpus
    bench = Bench(parts, PassageSearch(parts.settings))
    asked = (*drawn((*known_questions(corpus), *near_misses())), *development(), *settling())
    cases = [case for case in map(bench.case, asked) if len(case.features)]
    out = [case for case in cases if case.question.fold == 0]
    fitted = fit([case for case in cases if case.question.fold != 0])
    judged = [outcome(case, fitted) for case in out]
    known = [outcome(case, fitted) for case in cases if case.question.fold is None]
    accept = accept_from(known)
    print(report("held-out facts", judged, accept))
    print(report("other people's questions (fitted on)", known, accept))
    print("usual nearness: {:.2f} + {:.2f} x similarity".format(*usual_nearness(cases)))
    if "--try" not in (sys.argv[1:] if arguments is None else arguments):
        (corpus / "relevance.yaml").write_text(written(fitted, accept), encoding="utf-8")
        (corpus / FILE).write_text(relations_text(bench.learned(None)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
