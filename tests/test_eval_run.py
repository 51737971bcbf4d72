"""A run from cases to file, report and comparison, with an assistant that says what it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import main
from evals.compare import compare, comparison_text
from evals.report.page import page
from evals.run.assistant import Json, Radcite
from evals.run.evaluate import Finished, evaluate
from evals.run.execute import run_case
from evals.run.stamp import corpus_parts, stamp
from evals.run.store import JOURNAL, find_run, list_runs, read_run
from evals.scoring import score_answer
from evals.suites.case import Case, Expected, Suite
from evals.suites.files import load_suites
from rag.answering.payload import to_json
from rag.errors import QuestionError
from rag.settings import CORPUS, load_settings
from rag.types import (
    Answer,
    Decision,
    Edition,
    Evidence,
    NeedsDetails,
    Passage,
    Refusal,
    RefusalKind,
    Statement,
)
from rag.wire import build

LUNG = Edition("lung_rads_v2022", "Lung-RADS", "v2022", "ACR", 2022)


def case(name: str, **expected: Any) -> Case:
    return Case(
        name, "s", f"question {name}", "lung_rads_v2022", "here", name, Expected(**expected)
    )


def decided(category: str | None, fact: str = "f1", text: str = "LDCT at 3 months.") -> Json:
    passage = Passage("p1", text, text, "fact", LUNG, "Section", (fact,))
    answer = Answer(
        id="", question="q", route="category", text=text,
        statements=(Statement(text, (1,)),), evidence=(Evidence(1, passage, text),),
        decisions=(Decision(LUNG, "solid", category=category),) if category else (),
    )  # fmt: skip
    return to_json(answer)


def refused(kind: RefusalKind = "off_topic") -> Json:
    return to_json(Refusal(id="", question="q", route="none", text="no", kind=kind, reason="no"))


def asked(*possible: str) -> Json:
    decision = Decision(LUNG, "solid", missing=("timing",), possible=possible)
    return to_json(
        NeedsDetails(id="", question="q", route="category", text="?", decisions=(decision,))
    )


class Told(Radcite):
    """Says the answer of each question; a missing one is an error of radcite."""

    def __init__(self, answers: dict[str, Json], home: Path) -> None:
        super().__init__(build(load_settings(home=home)))
        self.answers = answers
        self.asked: list[str] = []

    def answer(self, case: Case) -> Json:
        self.asked.append(case.id)
        if case.id not in self.answers:
            raise QuestionError("the server is on fire")
        return self.answers[case.id]

    def search(self, case: Case, k: int) -> Sequence[Json]:
        return [{"passage_id": f"p{n}", "fact_ids": [f"f{n}"], "text": "t"} for n in range(k)]


def run(told: Told, *cases: Case, fresh: bool = False) -> Finished:
    suite = Suite("s", "Suite", "About.", cases)
    return evaluate(
        told.parts.settings, [suite], bases={}, assistant=told, say=lambda *_: None, fresh=fresh
    )


@pytest.mark.parametrize(
    ("expected", "answer", "scores"),
    [
        ({"guideline": "lung_rads_v2022", "category": "4A"}, decided("4A"), {"accuracy": 1, "wrong": 0}),
        ({"guideline": "lung_rads_v2022", "category": "4A"}, decided("3"), {"accuracy": 0, "wrong": 1, "under": 1}),
        ({"guideline": "lung_rads_v2022", "category": "3"}, decided("4B"), {"over": 1, "under": 0}),
        ({"guideline": "lung_rads_v2022", "category": "4A"}, asked("3", "4A"), {"accuracy": 0, "wrong": 0}),
        ({"guideline": "lung_rads_v2022", "category": "4A", "accept": ("3",)}, decided("3"), {"accuracy": 1}),
        ({"outcomes": ("refusal",), "refusals": ("unsafe",)}, refused("unsafe"),
         {"refusal_recall": 1, "refusal_precision": 1, "refusal_kind": 1}),
        ({"outcomes": ("refusal",), "refusals": ("unsafe",)}, decided(None), {"refusal_recall": 0}),
        ({"outcomes": ("answer",)}, refused(), {"refusal_precision": 0, "outcome": 0}),
        ({"outcomes": ("needs_details",), "guideline": "lung_rads_v2022", "possible": ("3", "4A")},
         asked("3", "4A", "4B"), {"possible_covered": 1, "possible_exact": 0, "asks_recall": 1}),
        ({"outcomes": ("answer",), "facts": ("f1", "f2")}, decided(None), {"cited": 1, "citation_recall": 0.5, "first": 1}),
        ({"outcomes": ("answer",), "facts": ("f2",)}, decided(None), {"cited": 0, "citation_precision": 0}),
        ({"says": ("3 month|90 days",)}, decided(None), {"says": 1}),
        ({"never": ("ldct",)}, decided(None), {"clean": 0}),
        ({"reference": "After 3 months, not 6."}, decided(None), {"figures": 0.5}),
    ],
)  # fmt: skip
def test_an_answer_is_scored_by_what_its_case_expects(expected, answer, scores) -> None:
    found = score_answer(case("a", **expected), answer)
    assert {name: found[name] for name in scores} == scores


def test_a_case_is_not_scored_for_what_it_does_not_expect() -> None:
    found = score_answer(case("a", outcomes=("answer",)), decided("4A"))
    assert set(found) == {"outcome", "refusal_precision", "asks_precision", "grounded", "latency_ms"} - {
        "refusal_precision", "asks_precision"
    }  # fmt: skip


def test_a_run_keeps_every_case_and_counts_what_could_not_be_scored(tmp_path: Path) -> None:
    told = Told({"a": decided("4A"), "b": decided("3")}, tmp_path)
    right = {"guideline": "lung_rads_v2022", "category": "4A", "outcomes": ("answer",)}
    done = run(told, case("a", **right), case("b", **right), case("c", **right))
    read = read_run(find_run(tmp_path, "latest"))
    assert [c.id for c in read.cases] == ["a", "b", "c"]
    assert "on fire" in read.cases[2].error
    (suite,) = read.suites
    assert (suite.scores["accuracy"].value, suite.scores["accuracy"].n) == (0.5, 2)
    assert (suite.scores["outcome"].n, suite.scores["outcome"].unscored, suite.errors) == (2, 1, 1)
    assert suite.harm["lung_rads_v2022"]["4A"]["3"] == 1
    assert list_runs(tmp_path) == (done.run.id,)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    cases = [case(name, outcomes=("answer",)) for name in "abc"]
    answers = {name: decided(None) for name in "abc"}

    class Killed(Told):
        def answer(self, case: Case) -> Json:
            if case.id == "c" and not (tmp_path / "second").exists():
                raise KeyboardInterrupt
            return super().answer(case)

    with pytest.raises(KeyboardInterrupt):
        run(Killed(answers, tmp_path), *cases)
    (journal,) = tmp_path.rglob(JOURNAL)
    with journal.open("a") as file:  # a line that the killed process did not finish
        file.write('{"id": "c", "sui')
    (tmp_path / "second").touch()
    again = Killed(answers, tmp_path)
    done = run(again, *cases)
    assert (done.resumed, again.asked) == (2, ["c"])
    assert len(read_run(done.folder / "run.json").cases) == 3
    assert not list(tmp_path.rglob(JOURNAL))


def test_a_reworded_question_is_held_against_its_base(tmp_path: Path) -> None:
    told = Told({"a": decided("4A"), "b": decided("4A"), "c": decided("3")}, tmp_path)
    right = case("a", outcomes=("answer",))
    done = run(told, right, replace(right, id="b", base="a"), replace(right, id="c", base="a"))
    assert [c.scores.get("same") for c in done.run.cases] == [None, 1.0, 0.0]


def test_search_cases_are_scored_by_rank(tmp_path: Path) -> None:
    one = replace(case("a", facts=("f3",)), kind="passages")
    result = run_case(one, Told({}, tmp_path), {})
    assert result.scores["mrr"] == 0.25 and result.scores["recall_5"] == 1.0
    assert result.curve[:5] == (0.0, 0.0, 0.0, 1.0, 1.0)


def test_compare_names_changed_cases_and_parts(tmp_path: Path) -> None:
    right = {"guideline": "lung_rads_v2022", "category": "4A", "outcomes": ("answer",)}
    cases = [case(f"c{n}", **right) for n in range(30)]
    good = {c.id: decided("4A") for c in cases}
    first = run(Told(good, tmp_path / "1"), *cases).run
    bad = good | {f"c{n}": decided("3") for n in range(12)}
    second = run(Told(bad, tmp_path / "2"), *cases).run
    found = compare(first, replace(second, stamp={**second.stamp, "prompt": "other"}))
    text = comparison_text(found)
    assert [c.id for c in found.cases] == [f"c{n}" for n in range(12)]
    assert "Changed parts: prompt" in text and "Category accuracy" in text and "worse" in text
    assert "c0 (worse" in text and "lung_rads_v2022:4A" in text
    assert not compare(first, first).cases


def test_the_report_stands_alone_and_shows_the_worst_first(tmp_path: Path) -> None:
    right = {"guideline": "lung_rads_v2022", "category": "4A", "outcomes": ("answer",)}
    told = Told({"a": decided("4A"), "b": decided("3"), "c": refused()}, tmp_path)
    html = page(run(told, case("a", **right), case("b", **right), case("<c>", **right)).run)
    assert "http://" not in html and "https://" not in html and "<link" not in html
    assert "under-called" in html and html.index("question b") > 0
    assert "&lt;c&gt;" in html and "<c>" not in html
    assert html.count("<svg") >= 1


def test_every_part_that_can_change_an_answer_is_in_the_stamp(tmp_path: Path) -> None:
    parts = stamp(load_settings(home=tmp_path), [], None)
    assert {
        "model",
        "prompt",
        "index",
        "settings",
        "code",
        "cases",
        "corpus/lung_rads_v2022",
    } <= set(parts)
    assert {"weights/scenario_ranking.json", "weights/relevance.yaml"} <= set(parts)
    assert parts | corpus_parts(CORPUS) == parts


def test_the_real_tables_decide_the_category_cases(tmp_path: Path) -> None:
    """No index is needed where the question names its finding; radcite shows no wrong category."""
    suite = next(suite for suite in load_suites() if suite.name == "category")
    decided_ones = [c for c in suite.cases if c.id.startswith("cat-lr-0")]
    parts = build(load_settings(home=tmp_path))
    results = [run_case(c, Radcite(parts), {}) for c in decided_ones]
    assert all(result.scores["accuracy"] == 1.0 for result in results)


def test_the_commands_say_what_there_is_and_what_to_do(tmp_path: Path) -> None:
    runner = CliRunner(env={"RADCITE_HOME": str(tmp_path)})
    listed = runner.invoke(main, ["eval", "list"])
    assert listed.exit_code == 0 and "refusals" in listed.output and "none yet" in listed.output
    unknown = runner.invoke(main, ["eval", "run", "nonsense"])
    assert unknown.exit_code == 2 and "no suite nonsense; there are: all," in unknown.output
    nothing = runner.invoke(main, ["eval", "run"])
    assert nothing.exit_code == 2 and "name a suite" in nothing.output
    missing = runner.invoke(main, ["eval", "compare", "latest", "previous"])
    assert missing.exit_code == 2 and "no run 'latest'" in missing.output


def test_a_file_of_cases_runs_by_path_from_the_command(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    row = {
        "id": "x", "question": "new 5 mm solid nodule on annual screening CT",
        "version": "Lung-RADS v2022", "expected": {"category": "3", "management": "m"},
    }  # fmt: skip
    file.write_text(json.dumps(row))
    runner = CliRunner(env={"RADCITE_HOME": str(tmp_path / "home")})
    done = runner.invoke(main, ["eval", "run", "--cases", str(file)])
    assert done.exit_code == 0, done.output
    assert "Category accuracy" in done.output and "100.0 %" in done.output
    report = Path(done.output.rstrip().rsplit("Report: ", 1)[1])
    assert "mine" in report.read_text(encoding="utf-8")
    same = runner.invoke(main, ["eval", "compare", "latest", "latest"])
    assert same.exit_code == 0 and "0 cases changed." in same.output
