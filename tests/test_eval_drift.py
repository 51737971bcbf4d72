"""Control charts: what stays quiet, what rings, and which cause is named."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

import evals.drift.causes
import evals.drift.charts
from evals.drift.causes import UNKNOWN, changed, probable_cause
from evals.drift.charts import charts, latest_signals
from evals.drift.history import append_point, history_path, read_history
from evals.drift.points import Point, Score
from evals.errors import HistoryError

STAMP = {
    "model": "",
    "prompt": "p1",
    "corpus/lung_rads_v2022": "a",
    "weights/w.json": "w",
    "cases": "c",
}


def point(value: float | None, n: int = 40, accepted: str = "", **stamp: str) -> Point:
    parts = STAMP | {key.replace("__", "/"): text for key, text in stamp.items()}
    return Point(
        "2026-11-28T00:00:00+00:00",
        {"category.accuracy": Score(value, n)},
        parts,
        accepted=accepted,
    )


def marks(*points: Point):
    (chart,) = charts(points)
    return chart.marks


@pytest.mark.parametrize("module", [evals.drift.causes, evals.drift.charts])
def test_examples_in_the_documentation_run(module) -> None:
    assert doctest.testmod(module).failed == 0


def test_runs_that_repeat_exactly_stay_in_control() -> None:
    assert not any(mark.signals for mark in marks(*[point(0.9)] * 30))


def test_without_a_model_one_changed_case_is_out_of_limits() -> None:
    *quiet, last = marks(*[point(0.9)] * 3, point(0.875, corpus__lung_rads_v2022="b"))
    assert not any(mark.signals for mark in quiet)
    assert last.signals == ("shewhart_low",)
    assert last.cause == "corpus changed (lung_rads_v2022)"
    assert last.lower is not None and last.lower > 0.875


def test_with_a_model_chance_is_learnt_before_it_rings() -> None:
    noisy = [0.90, 0.875, 0.90, 0.925, 0.90, 0.875, 0.925, 0.90, 0.90, 0.875]
    seen = marks(*[point(value, model="m") for value in noisy])
    assert not any(mark.signals for mark in seen)
    *_, last = marks(*[point(value, model="m") for value in [*noisy, 0.6]])
    assert "shewhart_low" in last.signals


def test_a_small_lasting_shift_rings_in_the_cusum_alone() -> None:
    steady = [0.90, 0.91, 0.89, 0.90, 0.91, 0.89, 0.90, 0.90, 0.91, 0.89] * 2
    shifted = [0.882] * 12
    seen = marks(*[point(value, n=1000, model="m") for value in [*steady, *shifted]])
    rung = [mark for mark in seen if mark.signals]
    assert rung and all("shewhart_low" not in mark.signals for mark in rung)
    assert "cusum_low" in rung[0].signals


def test_a_better_score_leaves_its_limits_too_and_is_not_called_worse() -> None:
    found = charts([*[point(0.8)] * 3, point(0.9, weights__w="x")])
    ((chart, mark),) = latest_signals(found)
    assert mark.signals[0] == "shewhart_high" and not chart.worse(mark)


def test_an_accepted_change_or_other_cases_start_new_limits() -> None:
    assert not marks(*[point(0.9)] * 3, point(0.7, accepted="new table"))[-1].signals
    assert not marks(*[point(0.9)] * 3, point(0.7, cases="other"))[-1].signals


def test_a_point_out_of_limits_does_not_join_the_baseline() -> None:
    seen = marks(*[point(0.9)] * 3, point(0.5), point(0.5), point(0.9))
    assert seen[-1].centre == pytest.approx(0.9)
    assert [mark.baseline for mark in seen] == [True, True, True, False, False, True]


def test_a_score_that_could_not_be_scored_is_shown_as_missing_not_as_zero() -> None:
    seen = marks(*[point(0.9)] * 3, point(None, n=0))
    assert seen[-1].value is None and not seen[-1].signals


def test_the_likeliest_change_is_named_and_an_unlikely_one_is_not() -> None:
    after = STAMP | {"prompt": "p2", "corpus/lung_rads_v2022": "b"}
    assert probable_cause("category.accuracy", STAMP, after) == "corpus changed (lung_rads_v2022)"
    assert probable_cause("protocol.cited", STAMP, after).startswith(
        "prompt changed; corpus changed"
    )
    assert probable_cause("protocol.cited", STAMP, STAMP) == UNKNOWN
    assert changed(STAMP, STAMP) == {}


def test_the_history_only_grows_and_reads_back(tmp_path: Path) -> None:
    assert read_history(tmp_path) == ()
    points = [point(0.9), point(None, n=0), point(0.8, accepted="why")]
    for one in points:
        append_point(tmp_path, one)
    assert list(read_history(tmp_path)) == points


def test_a_damaged_line_is_named_and_nothing_is_left_out_in_silence(tmp_path: Path) -> None:
    append_point(tmp_path, point(0.9))
    with history_path(tmp_path).open("a") as file:
        file.write('{"at": "x", "sco\n')
    with pytest.raises(HistoryError, match=r"history\.jsonl:2"):
        read_history(tmp_path)
