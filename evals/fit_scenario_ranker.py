"""Fits ``corpus/scenario_ranking.json``: the weights of the ranker and of the abstention.

    python -m evals.fit_scenario_ranker [--home FOLDER] [--each 2] [--own 0.5] [--write]

What is used for what: the ranking weights are fitted on the shelf's referrals (``referrals.yaml``; each
form of them is asked of an index that lacks it), on questions made from the shelf's own text
(``evals/scenario_questions.py``) and on our own vignettes (``evals/data/appropriateness_own.jsonl``).
``--held-out`` leaves every fifth topic's referrals out of the fit and reports on them. The abstention
is fitted on half of the uncovered questions and more of their kind, on half of our vignettes, on some
referrals of every form (each against an index without that form) and on made questions; ``--abstention``
fits it alone. The development sets of guideline phrases and of
vignettes take no part.

The loss is the listwise softmax over a pool of candidates a question (Cao et al., "Learning to
Rank: From Pairwise Approach to Listwise Approach", ICML 2007), with an L2 penalty; a feature that can
only speak for a scenario keeps a weight of at least zero, one that can only speak against it at most
zero. numpy alone, one seed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.appropriateness_cases import own_cases
from evals.referral_likeness import fitted_likeness
from evals.referral_metric import write_metric
from evals.scenario_abstention import (
    ACCEPT,
    Doubles,
    FitShelf,
    fitted_abstention,
    read_all,
    strange_to_fit,
    text_questions,
)
from evals.scenario_questions import QuestionMaker, folds
from rag.answering.scenario_entries import scenario_entries
from rag.knowledge.appropriateness import load_topics
from rag.knowledge.clinical_terms import load_clinical_terms
from rag.knowledge.scenario_referrals import load_referrals
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.corpus_vectors import CorpusVectors
from rag.retrieval.embedding import PackagedEmbeddings
from rag.retrieval.postings import Floats, Ints
from rag.retrieval.referral_metric import FILE as METRIC
from rag.retrieval.scenario_facets import APART
from rag.retrieval.scenario_features import stacked
from rag.retrieval.scenario_index import (
    STAGES,
    Bools,
    ScenarioIndex,
)
from rag.retrieval.scenario_ranker import load_weights
from rag.retrieval.vector_cache import VectorCache
from rag.settings import load_settings

POOL, STRANGERS, PENALTY, STEPS = 60, 12, 1e-3, 600
HELD_OUT = 5
"""Every so many topics are left out where ``--held-out`` asks for it."""
FOR = (
    "bm25_topic", "bm25_scenario", "bm25_terms", "bm25_whole", "bm25_shelf",
    "bm25_topic_best", "asked",
    "asked_title", "contrast", "contrast_behind", "said_own", "said_own_behind", "said_mass", "said_title", "dense_core", "dense_whole",
    "dense_scenario", "dense_terms", "dense_topic_best", "dense_said", "dense_said_core",
    "dense_said_topic_best", "tuned_whole", "tuned_said", "tuned_topic_best", "denied_both", "region_fits", "age_fits",
    "age_narrow", "acuity_fits", "child_for_child", "sex_fits", "pregnancy_fits", "stage_fits", "stage_implied", "result_fits",
    "quantity_fits", "condition_fits", *(f"{name}_fits" for name in APART),
)  # fmt: skip
AGAINST = (
    "unsaid_own", "denied_here", "denied_there", "region_elsewhere", "region_strange", "age_apart", "age_off",
    "adult_for_child", "child_for_adult", "child_rival", "child_unsaid", "sex_off", "sex_unsaid",
    "treatment_unasked", "pregnancy_off", "pregnancy_unsaid", "pregnancy_ignored", "acuity_off", "result_off", "result_unsaid",
    "result_unasked", "quantity_off", "quantity_unsaid", "condition_unsaid",
    *(f"stage_unsaid_{name.replace(' ', '_')}" for name in STAGES[1:]),
    *(f"{name}_{side}" for name in APART for side in ("unsaid", "ignored")),
)  # fmt: skip
NAMES = (*FOR, *AGAINST)


@dataclass(frozen=True)
class Lesson:
    """Candidates of questions: features ``(q, pool, f)``, the first of each right; ``gold`` is its row."""

    rows: Floats
    gold: Ints

    def only(self, chosen: Bools) -> Lesson:
        """The questions that ``chosen`` marks, shape ``(q,)``."""
        return Lesson(self.rows[chosen], self.gold[chosen])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print the weights, and write them with ``--write``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--each", type=int, default=2, help="questions a scenario and fold")
    parser.add_argument("--own", type=float, default=0.25, help="weight of our own vignettes")
    parser.add_argument("--said", type=float, default=2.0, help="weight of the shelf's referrals")
    parser.add_argument("--held-out", action="store_true", help="report on every fifth topic")
    parser.add_argument("--abstention", action="store_true", help="keep the ranking's weights")
    parser.add_argument("--write", action="store_true")
    chosen = parser.parse_args(arguments)
    settings = load_settings()
    home = chosen.home or settings.home_dir
    plain = PackagedEmbeddings(settings.embedding_model)
    cache = VectorCache(home / "cache" / "fit.sqlite", plain.model_id, plain.dimension)
    shipped = CorpusVectors(settings.corpus, plain.model_id, plain.dimension)
    embed = PackagedEmbeddings(settings.embedding_model, cache, shipped).embed
    terms = load_clinical_terms(settings.corpus / "clinical_terms.yaml")
    folder = settings.corpus / "acr_ac_2025"
    entries = scenario_entries(load_topics(folder), load_referrals(folder))
    shelf = FitShelf(entries, terms, embed)
    if chosen.abstention:
        ranking = dict(load_weights(settings.corpus / "scenario_ranking.json").ranking)
        made, texts = made_lesson(shelf, settings.corpus, 1)
    else:
        made, texts = made_lesson(shelf, settings.corpus, chosen.each)
        own = own_lesson(shelf)
        said = said_lesson(shelf)
        if chosen.held_out:
            away = np.array([shelf.whole.topic_of[row] % HELD_OUT == 0 for row in said.gold])
            tried = fitted([(made, 1.0), (own, chosen.own), (said.only(~away), chosen.said)])
            print("\n".join(held_out(tried, said.only(away), len(entries))))
        weights = fitted([(made, 1.0), (own, chosen.own), (said, chosen.said)])
        ranking = {
            n: round(float(w), 4) for n, w in zip(NAMES, weights, strict=True) if abs(w) > 0.01
        }
    of_the_texts = text_questions(settings.corpus)
    like = fitted_likeness(entries, strange_to_fit(), embed)
    covered = fitted_abstention(ranking, texts, of_the_texts, shelf, like)
    data = {
        "note": "written by evals/fit_scenario_ranker.py; do not edit",
        "ranking": ranking,
        "covered": {name: round(value, 3) for name, value in covered.items()},
        "accept": ACCEPT,
        "like_bias": round(like.bias, 3),
        "like": [round(float(weight), 2) for weight in like.weights],
    }
    text = json.dumps(data, indent=1)
    print(text)
    if chosen.write:
        (settings.corpus / "scenario_ranking.json").write_text(text + "\n", encoding="utf-8")
        write_metric(shelf.whole.gram, plain.model_id, folder / METRIC)
    return 0


def made_lesson(shelf: FitShelf, corpus: Path, each: int) -> tuple[Lesson, list[str]]:
    """Made questions against the half of the terms that they were not made from."""
    wordings = read_yaml(corpus / "clinical_terms.yaml")["same"]  # type: ignore[index]
    maker = QuestionMaker([[str(wording) for wording in group] for group in wordings])
    entries = shelf.entries
    halves = folds(entries)
    rows: list[Floats] = []
    texts: list[str] = []
    golds: list[int] = []
    for half, other in (halves, halves[::-1]):
        questions = [
            maker.question(e, spare.terms)
            for e, spare in zip(entries, other, strict=True)
            for _ in range(each)
        ]
        index = shelf.index(half, shelf.whole.gram)
        right = [row for row in range(len(entries)) for _ in range(each)]
        rows.append(_rows(questions, right, index, shelf))
        texts += questions
        golds += right
    return Lesson(np.concatenate(rows), np.array(golds, np.int32)), texts[:: len(texts) // 400]


def own_lesson(shelf: FitShelf) -> Lesson:
    """Our own vignettes against the whole index."""
    place = {key: row for row, key in enumerate(shelf.whole.keys)}
    cases = own_cases()
    right = [place[next(iter(case.scenarios))] for case in cases]
    rows = _rows([case.question for case in cases], right, shelf.whole, shelf)
    return Lesson(rows, np.array(right, np.int32))


def said_lesson(shelf: FitShelf) -> Lesson:
    """The shelf's referrals as questions, each form of them against an index that lacks this form."""
    rows: list[Floats] = []
    golds: list[int] = []
    entries = shelf.entries
    for form in shelf.forms:
        right = [row for row, entry in enumerate(entries) if form < len(entry.referrals)]
        rows.append(
            _rows([entries[r].referrals[form] for r in right], right, shelf.without(form), shelf)
        )
        print(f"referrals, form {form + 1}: {len(right)} questions", file=sys.stderr)
        golds += right
    return Lesson(np.concatenate(rows), np.array(golds, np.int32))


def held_out(weights: Floats, lesson: Lesson, scenarios: int) -> list[str]:
    """Share of referrals whose own scenario comes first, form by form (they stand in that order)."""
    first = (lesson.rows @ weights).argmax(axis=1) == 0
    forms = np.cumsum(np.diff(lesson.gold, prepend=scenarios) < 0)
    return [
        f"form {form}: own scenario first {100 * first[forms == form].mean():.1f} %"
        f" (n = {(forms == form).sum()})"
        for form in dict.fromkeys(forms.tolist())
    ]


def _rows(
    questions: Sequence[str],
    right: Sequence[int],
    index: ScenarioIndex,
    shelf: FitShelf,
) -> Floats:
    """Features of the right scenario, the likeliest others and some strangers, ``(q, pool, f)``."""
    draw = np.random.default_rng(7)
    found = []
    for (_, values), gold in zip(
        read_all(questions, index, shelf.terms, shelf.embed), right, strict=True
    ):
        quick = 3 * values["bm25_whole"] + values["dense_whole"] + values["dense_terms"]
        quick = quick + 2 * values["dense_said"]
        near = [row for row in np.argsort(-quick)[: POOL + 1] if row != gold][: POOL - 1]
        far = draw.choice(len(index), STRANGERS, replace=False)
        far = np.where(far == gold, (far + 1) % len(index), far)
        found.append(stacked(values, NAMES, len(index))[[gold, *near, *far]].astype(np.float32))
    return np.stack(found)


def fitted(lessons: Sequence[tuple[Lesson, float]]) -> Floats:
    """Weights of :data:`NAMES` by Adam on the penalised listwise loss, signs kept."""
    signs = np.array([1.0] * len(FOR) + [-1.0] * len(AGAINST))
    rows = np.concatenate([lesson.rows for lesson, _ in lessons])
    shares = np.concatenate(
        [np.full(len(lesson.rows), w / len(lesson.rows)) for lesson, w in lessons]
    )
    shares /= shares.sum()
    scale = rows.reshape(-1, rows.shape[2]).std(axis=0) + 1e-6
    pool = rows.shape[1]
    flat = (rows / scale).astype(np.float32).reshape(-1, rows.shape[2])

    def gradient(w: Doubles) -> Doubles:
        scores = (flat @ w.astype(np.float32)).reshape(-1, pool)
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        chance[:, 0] -= 1
        pull = (shares[:, None] * chance).astype(np.float32).ravel()
        slope: Doubles = pull @ flat + 2 * PENALTY * w
        return slope

    found = _descended(gradient, signs)
    weights: Floats = (found / scale).astype(np.float32)
    return weights


def _descended(gradient: Callable[[Doubles], Doubles], signs: Doubles) -> Doubles:
    """Adam (Kingma and Ba, 2015), projected on the signs (0: free) after each step."""
    w: Doubles = 0.05 * np.asarray(signs, np.float64)
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, STEPS + 1):
        slope = gradient(w)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        rate = 0.03 * (1 - step / (STEPS + 1)) + 0.001
        w = w - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        w = np.where(signs > 0, np.maximum(w, 0), np.where(signs < 0, np.minimum(w, 0), w))
    return w


if __name__ == "__main__":
    sys.exit(main())
