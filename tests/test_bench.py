"""The measuring of ``make bench``, with a stand-in for the radcite command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from evals import bench

ANSWERS = """\
import json, sys, time
for number, line in enumerate(sys.stdin):
    json.loads(line)["question"]
    time.sleep({pause})
    route = "category" if number % 2 else "guideline_text"
    print(json.dumps({{"route": route, "elapsed_ms": {stated}}}), flush=True)
"""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a Python program in the place of the radcite command."""

    def put(program: str) -> None:
        script = tmp_path / "radcite"
        script.write_text(f"#!{sys.executable}\n{program}", "utf-8")
        script.chmod(0o755)
        monkeypatch.setattr(bench, "radcite", lambda: str(script))

    return put


def test_warm_leaves_out_the_starts_and_times_the_rest(command, tmp_path: Path) -> None:
    command(ANSWERS.format(pause=0.05, stated=1))
    together, *routes = bench.warm(tmp_path, list("abcde"))
    assert len(together.seconds) == 3
    assert all(seconds > 0.04 for seconds in together.seconds)
    assert [(timing.name, len(timing.seconds)) for timing in routes] == [
        ("warm question, category", 1),
        ("warm question, guideline_text", 2),
    ]


def test_answers_that_arrive_together_count_what_they_state(command, tmp_path: Path) -> None:
    command(ANSWERS.format(pause=0, stated=250))
    assert bench.warm(tmp_path, list("abc"))[0].median >= 0.25


@pytest.mark.parametrize("program", ["import sys; sys.exit(3)", "print('{\"elapsed_ms\": 1}')"])
def test_a_run_that_lost_answers_reports_nothing(command, tmp_path: Path, program: str) -> None:
    command(program)
    with pytest.raises(bench.BenchError, match="answers to 2 questions"):
        bench.warm(tmp_path, ["a", "b"])


def test_a_failing_command_is_an_error_with_its_last_words(command, tmp_path: Path) -> None:
    command("import sys; sys.exit('the index is missing')")
    with pytest.raises(bench.BenchError, match="the index is missing"):
        bench.cold(tmp_path, 1, lambda line: None)


def test_commands_take_turns_after_one_unmeasured_run_of_each() -> None:
    calls: list[str] = []

    def call(name: str, seconds: float):
        def run() -> float:
            calls.append(name)
            return seconds

        return run

    timings = bench.in_turns({"a": call("a", 1.0), "b": call("b", 2.0)}, 2, lambda line: None)
    assert calls == ["a", "b", "a", "b", "a", "b"]
    assert [timing.seconds for timing in timings] == [(1.0, 1.0), (2.0, 2.0)]


def test_measured_commands_see_no_setting_of_the_caller(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RADCITE_LLM_URL", "http://127.0.0.1:1/v1")
    measured = bench.environment(tmp_path)
    assert {name for name in measured if name.startswith("RADCITE_")} == {"RADCITE_HOME"}
