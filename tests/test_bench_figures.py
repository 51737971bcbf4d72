"""The arithmetic and the tables of ``make bench``; the measuring itself is not a test."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench_figures import (
    Target,
    Timing,
    duration,
    judge,
    ratio,
    record,
    target_table,
    timing_table,
)

TIMINGS = (Timing("cold", (11.0, 9.0, 10.0)), Timing("bare", (8.0, 9.0)), Timing("warm", (0.04,)))

seconds = st.lists(st.floats(1e-4, 1e4), min_size=1, max_size=30).map(tuple)


def test_a_timing_needs_at_least_one_repetition() -> None:
    with pytest.raises(ValueError, match="cold: nothing was timed"):
        Timing("cold", ())


@given(seconds)
def test_the_median_lies_within_the_spread(values: tuple[float, ...]) -> None:
    timing = Timing("x", values)
    low, high = timing.spread
    assert low <= timing.median <= high


@given(seconds, st.randoms())
def test_the_order_of_repetitions_does_not_matter(values: tuple[float, ...], random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert Timing("x", tuple(shuffled)).median == Timing("x", values).median


@pytest.mark.parametrize(
    ("target", "measured", "met"),
    [
        (Target("cold", 1.5, above="bare"), 1.5, True),
        (Target("cold", 1.4, above="bare"), 1.5, False),
        (Target("warm", 0.1), 0.04, True),
        (Target("cold", 9.9), 10.0, False),
        (Target("bare", 1.0, above="cold"), -1.5, True),
    ],
)
def test_a_target_is_judged_on_medians(target: Target, measured: float, met: bool) -> None:
    (result,) = judge([target], TIMINGS)
    assert result.measured == pytest.approx(measured)
    assert result.met is met


def test_a_target_on_something_not_timed_is_left_out() -> None:
    assert judge([Target("other", 1.0), Target("cold", 1.0, above="other")], TIMINGS) == ()


def test_ratios_are_of_medians_and_absent_rather_than_invented() -> None:
    assert ratio(TIMINGS, "cold", "bare") == pytest.approx(10 / 8.5)
    assert ratio(TIMINGS, "cold", "missing") is None
    assert ratio(TIMINGS, "missing", "bare") is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0012, "1.2 ms"), (0.0421, "42 ms"), (0.9996, "1000 ms"), (1.239, "1.24 s"), (95.2, "95 s")],
)
def test_durations_read_well(value: float, shown: str) -> None:
    assert duration(value) == shown


def test_tables_hold_every_timing_and_say_what_was_missed() -> None:
    results = judge([Target("cold", 1.0, above="bare"), Target("warm", 0.1)], TIMINGS)
    assert timing_table(TIMINGS, "bare").splitlines()[2:] == [
        "| cold | 10 s | 9.00 s to 11 s | 3 | 1.18 |",
        "| bare | 8.50 s | 8.00 s to 9.00 s | 2 | 1 |",
        "| warm | 40 ms | 40 ms to 40 ms | 1 | 0.00471 |",
    ]
    assert target_table(results).splitlines()[2:] == [
        "| cold above bare | 1.00 s | 1.50 s | MISSED |",
        "| warm | 100 ms | 40 ms | met |",
    ]


def test_the_record_is_plain_json_and_keeps_every_repetition() -> None:
    results = judge([Target("warm", 0.1)], TIMINGS)
    again = json.loads(json.dumps(record(TIMINGS, results, {"python": "3.11"})))
    assert [timing["seconds"] for timing in again["timings"]] == [
        [11.0, 9.0, 10.0],
        [8.0, 9.0],
        [0.04],
    ]
    assert again["targets"][0]["met"] is True
