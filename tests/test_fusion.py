"""Reciprocal rank fusion: a hand-worked example and what always holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import reciprocal_rank_fusion

IDS = st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=10)
RANKINGS = st.lists(IDS, max_size=4)


def test_worked_by_hand() -> None:
    # k = 60: a = 1/61 + 1/63, b = 1/62, c = 1/63 + 1/61, d = 1/62; ties by id
    fused = reciprocal_rank_fusion([["a", "b", "c"], ["c", "d", "a"]])
    assert [name for name, _ in fused] == ["a", "c", "b", "d"]
    scores = dict(fused)
    assert scores["a"] == scores["c"] == pytest.approx(1 / 61 + 1 / 63)
    assert scores["b"] == scores["d"] == pytest.approx(1 / 62)


def test_weights_and_k() -> None:
    # 2/(1+1) = 1 for a, 0.5/(1+1) = 0.25 for b
    assert reciprocal_rank_fusion([["a"], ["b"]], k=1, weights=[2, 0.5]) == (
        ("a", 1.0),
        ("b", 0.25),
    )


def test_nothing_in_nothing_out() -> None:
    assert reciprocal_rank_fusion([]) == ()
    assert reciprocal_rank_fusion([[], []]) == ()


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0]])
def test_weights_that_do_not_fit_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        reciprocal_rank_fusion([["a"], ["b"]], weights=weights)


def test_an_id_twice_in_a_ranking_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        reciprocal_rank_fusion([["a", "a"]])


@given(RANKINGS, st.randoms())
def test_the_order_of_the_rankings_does_not_matter(
    rankings: list[list[str]], random: object
) -> None:
    shuffled = sorted(rankings, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert reciprocal_rank_fusion(shuffled) == reciprocal_rank_fusion(rankings)


@given(RANKINGS)
def test_every_id_once_scores_fall_and_stay_in_bounds(rankings: list[list[str]]) -> None:
    fused = reciprocal_rank_fusion(rankings)
    assert sorted(name for name, _ in fused) == sorted({name for r in rankings for name in r})
    scores = [score for _, score in fused]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= len(rankings) / 61 for score in scores)


@given(RANKINGS, st.integers(0, 3), st.integers(1, 9))
def test_moving_up_never_lowers_a_score(rankings: list[list[str]], which: int, place: int) -> None:
    if which >= len(rankings) or place >= len(rankings[which]):
        return
    name = rankings[which][place]
    better = [list(ranking) for ranking in rankings]
    better[which][place - 1], better[which][place] = name, better[which][place - 1]
    before, after = (dict(reciprocal_rank_fusion(r)) for r in (rankings, better))
    assert after[name] > before[name]


@given(RANKINGS, st.floats(0.1, 10))
def test_a_common_factor_in_the_weights_changes_no_order(
    rankings: list[list[str]], factor: float
) -> None:
    plain = reciprocal_rank_fusion(rankings)
    scaled = dict(reciprocal_rank_fusion(rankings, weights=[factor] * len(rankings)))
    assert all(scaled[name] == pytest.approx(score * factor) for name, score in plain)


@given(IDS)
def test_one_ranking_keeps_its_order(ranking: list[str]) -> None:
    assert [name for name, _ in reciprocal_rank_fusion([ranking])] == ranking
