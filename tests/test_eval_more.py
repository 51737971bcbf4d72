"""Peers, cost curves, the README's table and the bench: their pure parts, and one real small round."""

from __future__ import annotations

import doctest
import json
import sys
from pathlib import Path

import pytest

import evals.cost_curves
import evals.peers.documents
from evals.bench_all import PARTS, Part, run_all
from evals.cost_curves import CostPoint, cost_of, curves_text, exponent, write_curves
from evals.errors import EvaluationError
from evals.peers.documents import FactFinder
from evals.peers.peer import Reply, as_answer
from evals.peers.side_by_side import Side, sides_text
from evals.peers.worker import NAMES
from evals.readme_table import README, SUMMARY, put, table
from evals.run.result import CaseResult
from evals.scoring import score_answer
from evals.suites.case import Case, Expected
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS

FACT = "A solid nodule of 9 mm at the baseline examination is category 4A."


@pytest.mark.parametrize("module", [evals.cost_curves, evals.peers.documents])
def test_examples_in_the_documentation_run(module) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("passage", "held"),
    [
        (f"Before. {FACT} After.", ["f"]),
        (FACT.replace(" at ", "\nat "), ["f"]),
        (FACT.replace("9 mm", "12 mm"), []),
        ("A solid nodule of 9 mm", []),
        ("", []),
    ],
)
def test_a_passage_holds_a_fact_when_its_words_stand_in_it(passage: str, held: list[str]) -> None:
    assert FactFinder({"f": FACT}).facts_in(passage) == held


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("It is category 4A.", "answer"),
        ("I don't know.", "refusal"),
        ("The context does not mention this.", "refusal"),
        ("I cannot answer that question from the given context.", "refusal"),
    ],
)
def test_a_peers_words_say_whether_it_refuses(said: str, outcome: str) -> None:
    case = Case("a", "s", "q", "g", "here", "a", Expected(outcomes=("answer",), facts=("f",)))
    answer = as_answer(case, Reply(said, (FACT,)), FactFinder({"f": FACT}), {"f": "g"}, 12.0)
    assert answer["outcome"] == outcome
    scores = score_answer(case, answer)
    assert scores["latency_ms"] == 12.0 and scores["outcome"] == float(outcome == "answer")
    assert outcome == "refusal" or (scores["cited"], scores["edition"]) == (1.0, 1.0)


def test_what_a_side_cannot_do_is_said_with_its_reason() -> None:
    found = {"recall_1": 1.0, "recall_5": 1.0, "mrr": 1.0, "ndcg_10": 1.0, "latency_ms": 20.0}
    one = CaseResult("r", "retrieval", "q", "g", "o", "r", scores=found)
    two = CaseResult(
        "p",
        "protocol",
        "q",
        "g",
        "o",
        "p",
        scores={"outcome": None},
        error="needs a language model",
    )
    text = sides_text([
        Side("langchain", "its tutorial", 3.0, 900.0, 2.0, (one, two)),
        Side("llamaindex", failed="ModuleNotFoundError: llama_index"),
    ])  # fmt: skip
    assert "langchain: not done: needs a language model" in text
    assert "llamaindex: not done: ModuleNotFoundError" in text
    assert "not done" in next(line for line in text.splitlines() if line.startswith("protocol"))
    assert "20 ms" in text and set(NAMES) >= {"langchain", "llamaindex", "radcite"}


def test_costs_are_measured_on_a_real_store(tmp_path: Path) -> None:
    point = cost_of(300, tmp_path, Shelf.open(CORPUS))
    assert point.passages == 300
    assert min(point.store_s, point.lexical_s, point.dense_ms, point.lexical_ms, point.disk_mb) > 0


def test_the_curves_name_their_exponent_and_stand_alone(tmp_path: Path) -> None:
    points = [
        CostPoint(n, n / 700, n / 5000, 4.0 + n**0.5, 0.1, 200.0, n / 100) for n in (1000, 10000)
    ]
    assert "exponent" in curves_text(points) and "1.00" in curves_text(points)
    page = write_curves(tmp_path, points, tmp_path / "cost.json").read_text(encoding="utf-8")
    assert page.count("<svg") >= 6 and "https://" not in page
    assert json.loads((tmp_path / "cost.json").read_text())[1]["passages"] == 10000
    assert exponent([(1, 1)]) is None


def test_the_readme_shows_exactly_what_the_committed_summary_yields() -> None:
    readme = README.read_text(encoding="utf-8")
    made = table(json.loads(SUMMARY.read_text(encoding="utf-8")))
    assert put(readme, made) == readme, "run: radcite eval table"


def test_the_readme_shows_the_side_by_side_as_measured() -> None:
    from evals import plain_langchain as plain

    readme = README.read_text(encoding="utf-8")
    made = plain.table(json.loads(plain.SUMMARY.read_text(encoding="utf-8")))
    assert put(readme, made, plain.BEGIN, plain.END) == readme, "run the command in its marker"


def test_a_readme_without_markers_is_said_to_be_so() -> None:
    with pytest.raises(EvaluationError, match="lacks the lines"):
        put("no markers", "table")


def test_one_failing_part_does_not_stop_the_bench(tmp_path: Path, capfd) -> None:
    fails = Part("bad", (sys.executable, "-c", "raise SystemExit(3)"))
    works = Part("good", (sys.executable, "-c", "print('done')"))
    assert run_all([fails, works]) == (fails,)
    assert "done" in capfd.readouterr().out


def test_every_module_of_the_bench_is_there() -> None:
    for part in PARTS:
        if "-m" in part.command:
            module = part.command[-1]
            assert Path(*module.split(".")).with_suffix(".py").exists(), module
