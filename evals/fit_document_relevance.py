"""Fit how pieces of documents are weighed (``corpus/relevance_documents.yaml``).

    python -m evals.fit_document_relevance FOLDER           fits and writes
    python -m evals.fit_document_relevance FOLDER --try     prints the figures and writes nothing

FOLDER holds the PDFs that ``evals/data/document_questions_fit*.yaml`` ask about; they are taken into the
library of the home (RADCITE_HOME). Those questions are reported nowhere. Pieces of documents are weighed
as facts are first (``evals/fit_relevance.py``, run before this), the best ones are read word by word.

*Order*: what nearness by words counts beside the order of facts, so that a right page takes most of the
softmax over the pieces read. *Answer*: log odds from those of a fact and the nearness, of the best piece
of each question whose right page comes first, against the best piece of questions that no document
answers: the near misses, and every question once more with its own document taken away. ``accept`` is
the lowest probability that refuses ``REFUSED`` of the near misses; those down to ``nearly``, which refuses
``WEAKLY_REFUSED`` of them, are shown as a weak match where nothing answers.

More features were tried on the same questions, cross-fitted by document: vectors of single sentences, what
the best sentence or the headings hold, weights of their own for all features of a fact. None brought the
right page first more often (630 of 860 with all of them, 642 without) or told near misses better.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from evals.document_questions import DATA, DocumentQuestion, question_of, taken_in
from rag.answering.answer import reader
from rag.answering.parts import Parts
from rag.answering.text_route import CANDIDATES, fitting
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.alternatives import load_alternatives
from rag.retrieval.close_reading import READ
from rag.retrieval.embedding import PackagedEmbeddings
from rag.retrieval.late_interaction import LateInteraction
from rag.retrieval.relations import FILE, load_relations
from rag.retrieval.relevance import RelevanceJudge
from rag.retrieval.relevance_weights import (
    DOCUMENTS_FILE,
    FACTS_FILE,
    DocumentWeights,
    load_document_weights,
    load_weights,
)
from rag.retrieval.search import PassageSearch
from rag.settings import Settings, load_settings
from rag.wire import build

QUESTIONS = (DATA / "document_questions_fit.yaml", DATA / "document_questions_fit_2.yaml")
REFUSED = 0.8
WEAKLY_REFUSED = 0.65
_NEAR_MISS = 3.0
"""A near miss weighs as much: somebody really asks so, and there are fewer of them."""
_RIDGE = 1e-3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """The pieces read for one question, best first, that fit it: places, odds, nearness, right or not.

    ``asks`` is what it stands for: ``covered``, ``near`` (a near miss) or ``gone`` (its document is).
    """

    asks: str
    places: Floats
    odds: Floats
    near: Floats
    right: NDArray[np.bool_]


@dataclass(frozen=True)
class Fitting:
    """What the cases are made with."""

    parts: Parts
    judge: RelevanceJudge
    late: LateInteraction
    ids: tuple[str, ...]

    def cases(self) -> Iterator[Case]:
        for path in QUESTIONS:
            sheet = read_yaml(path)
            assert isinstance(sheet, dict)
            for one in map(question_of, sheet["answered"]):
                yield self._case(one.question, "covered", one, self.ids)
                yield self._case(one.question, "gone", None, self._without(one))
            for text in sheet["near_misses"]:
                yield self._case(text, "near", None, self.ids)

    def _without(self, one: DocumentQuestion) -> tuple[str, ...]:
        """The documents but the one that answers, and those of the same topic."""
        hits = self.parts.search(one.question, CANDIDATES, self.ids, True)
        titles = {h.passage.document: h.passage.edition for h in hits}
        own = titles.get(one.document)
        same = {e.guideline for e in titles.values() if own and e.title == own.title}
        return tuple(name for name in self.ids if name not in same)

    def _case(self, text: str, asks: str, one: DocumentQuestion | None, ids: Sequence[str]) -> Case:
        parts = self.parts
        synonyms = parts.glossary.named_things(text)
        hits = parts.search(text, CANDIDATES, ids, True)
        judged = self.judge.judge(text, hits, synonyms)[:READ]
        texts = [item.hit.passage.search_text for item in judged]
        near = dict(
            zip(
                texts, self.late.nearness(text, texts, self.judge.idf) if texts else (), strict=True
            )
        )
        kept = fitting(judged, text, reader(parts)(text), parts)
        return Case(
            asks,
            np.array([item.rank_score for item in kept]),
            np.array([_odds(item.probability) for item in kept]),
            np.array([near[item.hit.passage.search_text] for item in kept]),
            np.array([_is_right(item.hit.passage, one) for item in kept], dtype=bool),
        )


def _odds(probability: float) -> float:
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def _is_right(passage: object, one: DocumentQuestion | None) -> bool:
    document, page = getattr(passage, "document", None), getattr(passage, "page", None)
    return one is not None and document == one.document and page in one.pages


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fit what is accepted of documents.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, help="home to use (RADCITE_HOME otherwise)")
    parser.add_argument("--try", action="store_true", dest="only_try", help="write nothing")
    options = parser.parse_args(arguments)
    settings = load_settings(**({"home": options.home} if options.home else {}))
    cases = tuple(opened(settings, taken_in(settings, options.folder)).cases())
    path = settings.corpus / DOCUMENTS_FILE
    before = load_document_weights(path)
    fitted = fit(cases, before)
    for weights in (before, fitted):
        sys.stdout.write("\n".join(lines(cases, weights)) + "\n")
    if not options.only_try:
        path.write_text(as_text(fitted), encoding="utf-8")
    return 0


def opened(settings: Settings, ids: Sequence[str]) -> Fitting:
    """The parts, with a judge that weighs pieces as facts are."""
    search, corpus = PassageSearch(settings), settings.corpus
    assert isinstance(search.embedder, PackagedEmbeddings)
    judge = RelevanceJudge(
        search.document_frequency,
        search.size,
        load_weights(corpus / FACTS_FILE),
        load_alternatives(corpus / "alternatives.yaml"),
        load_relations(corpus / FILE),
    )
    late = LateInteraction(search.embedder.pieces)
    return Fitting(build(settings), judge, late, tuple(ids))


def fit(cases: Sequence[Case], before: DocumentWeights) -> DocumentWeights:
    """The weights that these cases want."""
    placed = replace(before, place=fit_place(cases))
    best = [(one, best_of(one, placed.place)) for one in cases if len(one.places)]
    used = [(c, n) for c, n in best if c.asks != "covered" or c.right[n]]
    table = np.array([[c.odds[n], c.near[n]] for c, n in used])
    labels = [c.asks == "covered" for c, _ in used]
    weights = [_NEAR_MISS if c.asks == "near" else 1.0 for c, _ in used]
    scale = table.std(axis=0)
    model = LogisticRegression(class_weight="balanced", max_iter=3000)
    model.fit(table / scale, labels, sample_weight=weights)
    odds, nearness = (model.coef_[0] / scale).tolist()
    fitted = replace(placed, odds=odds, nearness=nearness, bias=float(model.intercept_[0]))
    return replace(
        fitted,
        accept=accept_from(cases, fitted, REFUSED),
        nearly=accept_from(cases, fitted, WEAKLY_REFUSED),
    )


def fit_place(cases: Sequence[Case]) -> float:
    """What nearness counts in the order, beside a place in the order of facts."""
    used = [c for c in cases if c.asks == "covered" and c.right.any()]
    tables = [(np.column_stack([c.places / 5, 8 * c.near]), c.right) for c in used]

    def loss(w: Floats) -> float:
        total = _RIDGE * float(w @ w)
        for table, right in tables:
            scores = table @ w
            shares = np.exp(scores - scores.max())
            total -= math.log(float(shares[right].sum() / shares.sum())) / len(tables)
        return total

    place, near = minimize(loss, np.ones(2), method="L-BFGS-B").x
    return float(8 * near / (place / 5))


def best_of(one: Case, place: float) -> int:
    return int(np.argmax(one.places + place * one.near))


def probability(one: Case, weights: DocumentWeights) -> float:
    """The probability of the best piece; 0 without any."""
    if not len(one.places):
        return 0.0
    n = best_of(one, weights.place)
    odds = weights.bias + weights.odds * one.odds[n] + weights.nearness * one.near[n]
    return float(1 / (1 + math.exp(-odds)))


def accept_from(cases: Sequence[Case], weights: DocumentWeights, refused: float) -> float:
    """Just above what the best pieces of this share of the near misses reach."""
    near = [probability(c, weights) for c in cases if c.asks == "near"]
    return math.ceil(100 * float(np.quantile(near, refused))) / 100


def _first(one: Case, weights: DocumentWeights) -> bool:
    return len(one.places) > 0 and bool(one.right[best_of(one, weights.place)])


def lines(cases: Sequence[Case], weights: DocumentWeights) -> Iterator[str]:
    """How often the right page comes first, and what would be answered and refused."""
    covered = [c for c in cases if c.asks == "covered"]
    right = [c for c in covered if _first(c, weights)]
    yield f"nearness counts {weights.place:.1f}: right page first {len(right)} of {len(covered)}"
    for least in sorted({weights.accept, weights.nearly, 0.3, 0.4, 0.5, 0.6}):
        answered = sum(probability(c, weights) >= least for c in right)
        astray = sum(probability(c, weights) >= least for c in covered if not _first(c, weights))
        refused = {
            asks: [probability(c, weights) < least for c in cases if c.asks == asks]
            for asks in ("near", "gone")
        }
        yield (
            f"accept {least:.2f}: right page first and answered {answered} of {len(right)}, another page "
            f"answered {astray} of {len(covered) - len(right)}, refused: near misses "
            f"{sum(refused['near'])} of {len(refused['near'])}, without their document "
            f"{sum(refused['gone'])} of {len(refused['gone'])}"
        )


def as_text(weights: DocumentWeights) -> str:
    values = asdict(weights)
    rest = (f"{name}: {value:.3f}" for name, value in values.items() if name != "model_id")
    head = "# Written by `python -m evals.fit_document_relevance`."
    return "\n".join((head, f"model_id: {weights.model_id}", *rest)) + "\n"


if __name__ == "__main__":
    sys.exit(main())
