"""The metrics agree with an independent library, and hold what their names promise."""

from __future__ import annotations

import doctest
import importlib
import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.metrics import agreement, categories, citing, deciding, means, paired, ranking, sets

sklearn = pytest.importorskip("sklearn.metrics")

MODULES = ("agreement", "categories", "citing", "deciding", "means", "paired", "ranking", "sets")
DRAWN = [random.Random(seed) for seed in range(25)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_the_documentation_run(name: str) -> None:
    done = doctest.testmod(importlib.import_module(f"evals.metrics.{name}"))
    assert done.failed == 0


def ranking_of(rng: random.Random) -> tuple[list[int], dict[int, float]]:
    items = list(range(rng.randint(5, 30)))
    rng.shuffle(items)
    gains = {item: float(rng.randint(1, 3)) for item in rng.sample(items, rng.randint(1, 4))}
    return items, gains


@pytest.mark.parametrize("rng", DRAWN)
def test_ranking_agrees_with_scikit_learn(rng: random.Random) -> None:
    ranked, gains = ranking_of(rng)
    places = [gains.get(item, 0.0) for item in ranked]
    scores = [[float(len(ranked) - at) for at in range(len(ranked))]]
    k = rng.randint(1, len(ranked) - 1)
    assert ranking.ndcg_at(ranked, gains, k) == pytest.approx(
        sklearn.ndcg_score([places], scores, k=k)
    )
    binary = [float(place > 0) for place in places]
    assert ranking.average_precision(ranked, gains) == pytest.approx(
        sklearn.average_precision_score(binary, scores[0])
    )
    one = rng.choice(sorted(gains))
    alone = [[float(item == one) for item in ranked]]
    # With one right label the label ranking average precision is the reciprocal rank.
    assert ranking.reciprocal_rank(ranked, {one}) == pytest.approx(
        sklearn.label_ranking_average_precision_score(alone, scores)
    )
    top = [float(at < k) for at in range(len(ranked))]
    assert ranking.recall_at(ranked, gains, k) == pytest.approx(sklearn.recall_score(binary, top))
    assert ranking.success_at(ranked, {one}, k) == sklearn.top_k_accuracy_score(
        [ranked.index(one)], scores, k=k, labels=range(len(ranked))
    )


@pytest.mark.parametrize("rng", DRAWN)
def test_sets_and_detections_agree_with_scikit_learn(rng: random.Random) -> None:
    items = range(8)
    right = {item for item in items if rng.random() < 0.4} or {0}
    given_ = {item for item in items if rng.random() < 0.4}
    truth, said = [[int(item in chosen) for item in items] for chosen in (right, given_)]
    scores = {"zero_division": 0.0}
    assert sets.set_precision(given_, right) == pytest.approx(
        sklearn.precision_score(truth, said, **scores)
    )
    assert sets.set_recall(given_, right) == pytest.approx(
        sklearn.recall_score(truth, said, **scores)
    )
    assert sets.set_f1(given_, right) == pytest.approx(sklearn.f1_score(truth, said, **scores))
    detections = [deciding.Detection(bool(s), bool(t)) for s, t in zip(said, truth, strict=True)]
    recall = means.clustered_mean([d.recall for d in detections if d.recall is not None])
    assert recall.value == pytest.approx(sklearn.recall_score(truth, said, **scores))
    precision = [d.precision for d in detections if d.precision is not None]
    if precision:
        assert np.mean(precision) == pytest.approx(sklearn.precision_score(truth, said))


@pytest.mark.parametrize("rng", DRAWN[:20])
def test_agreement_and_accuracy_agree_with_scikit_learn(rng: random.Random) -> None:
    first = [rng.choice("abc") for _ in range(25)]
    second = [rng.choice("abc") if rng.random() < 0.4 else label for label in first]
    assert agreement.cohen_kappa(first, second) == pytest.approx(
        sklearn.cohen_kappa_score(first, second)
    )
    assert agreement.observed_agreement(first, second) == pytest.approx(
        sklearn.accuracy_score(first, second)
    )
    labels = ["a", "b", "c"]
    matrix = categories.harm_matrix(zip(first, second, strict=True), labels)
    ours = [[matrix[row][column] for column in labels] for row in labels]
    assert np.array_equal(ours, sklearn.confusion_matrix(first, second, labels=labels))


def test_nothing_expected_is_no_win() -> None:
    assert sets.exact_match(set(), set()) is None
    assert sets.set_f1({"CT"}, set()) is None
    assert sets.exact_match(set(), {"CT"}) == 0.0
    assert ranking.recall_at(["a"], set(), 1) is None
    assert ranking.ndcg_at(["a"], {}, 1) is None


def test_unscored_cases_are_counted_and_are_not_zero() -> None:
    mean = means.clustered_mean([1.0, None, 0.0, None, 1.0])
    assert mean.value == pytest.approx(2 / 3)
    assert (mean.n, mean.unscored) == (3, 2)
    nothing = means.clustered_mean([None, None])
    assert (nothing.value, nothing.n, nothing.unscored) == (None, 0, 2)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=40))
def test_alone_in_its_cluster_the_error_is_the_usual_one(values: list[float]) -> None:
    mean = means.clustered_mean(values)
    usual = np.std(values, ddof=1) / math.sqrt(len(values))
    assert mean.se == pytest.approx(usual, abs=1e-9)


def test_cases_that_stand_and_fall_together_are_worth_less() -> None:
    values = [1.0] * 10 + [0.0] * 10
    together = means.clustered_mean(values, ["a"] * 10 + ["b"] * 10)
    apart = means.clustered_mean(values)
    assert together.se is not None and apart.se is not None
    assert together.se > 3 * apart.se
    repeated = means.clustered_mean(values * 3, list(range(20)) * 3)
    assert repeated.se == pytest.approx(apart.se)


def test_a_perfect_score_still_has_an_interval() -> None:
    mean = means.clustered_mean([1.0] * 20)
    assert mean.se == 0.0
    assert mean.low == pytest.approx(0.839, abs=1e-3) and mean.high == 1.0


def test_the_bootstrap_interval_is_that_of_the_paired_differences() -> None:
    rng = random.Random(5)
    first = [float(rng.random() < 0.6) for _ in range(400)]
    second = [min(1.0, a + float(rng.random() < 0.1)) for a in first]
    found = paired.paired_bootstrap(first, second, list(range(400)))
    gaps = np.subtract(second, first)
    half = 1.96 * np.std(gaps, ddof=1) / 20
    assert found.value == pytest.approx(float(np.mean(gaps)))
    assert found.low == pytest.approx(float(np.mean(gaps)) - half, abs=0.006)
    assert found.high == pytest.approx(float(np.mean(gaps)) + half, abs=0.006)
    assert found.clear and found.p is not None and found.p < 0.001


def test_equal_runs_differ_in_nothing() -> None:
    values = [1.0, 0.0, None, 1.0]
    found = paired.paired_bootstrap(values, values, "abcd")
    assert (found.value, found.p, found.n, found.unpaired) == (0.0, 1.0, 3, 1)
    assert not found.clear


LUNG = categories.Scale(
    "lung_rads_v2022",
    tuple(map(frozenset, (("1", "2"), ("3",), ("4A",), ("4B", "4X")))),
    frozenset({"0"}),
)


@pytest.mark.parametrize(
    ("expected", "answered", "kind"),
    [
        ("4A", "4A", "right"),
        ("4A", "3", "under"),
        ("3", "4B", "over"),
        ("1", "2", "same_management"),
        ("0", "2", "off_scale"),
    ],
)
def test_a_wrong_category_is_named_by_what_it_makes_people_do(expected, answered, kind) -> None:
    assert categories.call(LUNG, expected, answered) == kind


def test_a_label_that_the_guideline_lacks_is_no_quiet_zero() -> None:
    with pytest.raises(KeyError, match="4Z"):
        categories.call(LUNG, "4A", "4Z")


@pytest.mark.parametrize(
    ("statement", "cited", "grounded"),
    [
        ("Biopsy above 2 cm.", ["more than 20 mm"], True),
        ("Biopsy above 1.5 cm.", ["more than 20 mm"], False),
        ("LDCT in 3 months.", ["LDCT at 3 months", "6 mm"], True),
        ("No figure at all.", ["anything"], True),
        ("Anything.", [], False),
    ],
)
def test_a_figure_must_stand_in_what_is_cited(statement, cited, grounded) -> None:
    assert citing.grounded_share([(statement, cited)]) == float(grounded)
