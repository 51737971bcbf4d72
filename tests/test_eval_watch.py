"""Planted regressions: one threshold, one prompt word, one retrieval weight. Each is caught twice.

``radcite eval watch`` rings and names the cause; ``radcite eval compare`` lists the cases.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from evals.compare import compare
from evals.drift.charts import latest_signals
from evals.drift.history import append_point
from evals.drift.points import Point, Score
from evals.drift.watch import Watched, watch, watched_text
from evals.run.assistant import Radcite
from evals.run.evaluate import evaluate
from evals.run.store import Run
from evals.suites.case import Case, Suite
from evals.suites.files import load_suites, quality_suite
from rag.answering import prompts
from rag.answering.parts import Parts
from rag.answering.prompts import Form
from rag.answering.wording import ModelWording
from rag.settings import CORPUS, Settings, load_settings
from rag.wire import build


def cases(start: str, most: int) -> tuple[Case, ...]:
    return tuple(case for case in quality_suite() if case.id.startswith(start))[:most]


def once(settings: Settings, chosen: Sequence[Case], parts: Parts | None = None) -> Watched:
    return watch(Radcite(parts or build(settings)), chosen, lambda *_: None)


def ran(settings: Settings, chosen: Sequence[Case], parts: Parts | None = None) -> Run:
    suite = Suite("qc", "QC", "", tuple(replace(case, suite="qc") for case in chosen))
    return evaluate(
        settings, [suite], bases={}, assistant=Radcite(parts or build(settings)),
        say=lambda *_: None, fresh=True,
    ).run  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CORPUS, tmp_path / "corpus"))


def rewritten(path: Path, change: Callable[[str], str]) -> None:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    path.write_text(after, encoding="utf-8")


def plant_threshold(corpus: Path) -> None:
    """Category 4A at baseline from 7 mm instead of 8: table and facts agree, so it loads."""
    folder = corpus / "lung_rads_v2022"
    rewritten(
        folder / "decisions.yaml",
        lambda text: text.replace(
            'baseline, mean_diameter: ">= 6 mm < 8 mm"}, category: "3"',
            'baseline, mean_diameter: ">= 6 mm < 7 mm"}, category: "3"',
        ).replace(
            'baseline, mean_diameter: ">= 8 mm < 15 mm"}, category: 4A',
            'baseline, mean_diameter: ">= 7 mm < 15 mm"}, category: 4A',
        ),
    )
    rewritten(
        folder / "facts.yaml",
        lambda text: text.replace(
            "Solid nodule at baseline: mean diameter 6 mm or more and less than 8 mm",
            "Solid nodule at baseline: mean diameter 6 mm or more and less than 7 mm",
        ).replace(
            "Solid nodule at baseline: mean diameter 8 mm or more",
            "Solid nodule at baseline: mean diameter 7 mm or more",
        ),
    )


def test_a_changed_threshold_is_caught(corpus: Path, tmp_path: Path) -> None:
    settings, chosen = load_settings(home=tmp_path / "home", corpus=corpus), cases("cat-lr", 5)
    before = build(settings)
    first = ran(settings, chosen, before)
    assert once(settings, chosen, before).in_control
    assert once(settings, chosen, before).in_control
    plant_threshold(corpus)
    after = build(settings)
    seen = once(settings, chosen, after)
    rung = {chart.score: mark for chart, mark in latest_signals(seen.charts)}
    assert rung["category.accuracy"].cause == "corpus changed (lung_rads_v2022)"
    assert rung["category.over"].signals[0] == "shewhart_high"
    assert seen.point.flipped == ("cat-lr-02",)
    assert "WORSE: Category: Category accuracy" in watched_text(seen)
    found = compare(first, ran(settings, chosen, after))
    assert [(case.id, case.worse) for case in found.cases] == [("cat-lr-02", True)]
    assert found.parts == {"corpus": ("lung_rads_v2022",)}


class Obedient:
    """A model that keeps figures where it is told to keep them exactly, and else rounds them up."""

    name, context_tokens, answer_tokens = "obedient", 8192, 500
    form: Form = "json"
    tokens = staticmethod(len)

    def stream(
        self, messages: Sequence[tuple[str, str]], schema: object
    ) -> Generator[str, None, None]:
        told, asked = messages[0][1], messages[-1][1]
        match = re.search(r"\[(\d+)\] \(.*?\) (?=[A-Z])(.+)", asked)
        assert match
        text = match[2] if " exactly as the evidence" in told else _other_figures(match[2])
        yield json.dumps({"statements": [{"text": text, "citations": [int(match[1])]}]})


def _other_figures(text: str) -> str:
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 3), text)


def test_a_changed_prompt_word_is_caught(
    built_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(home=built_home, llm_url="http://127.0.0.1:9/v1", llm_model="obedient")
    with_figures = ("pq-03", "pq-09", "pq-22", "pq-24", "pq-30")
    every = {case.id: case for suite in load_suites() for case in suite.cases}
    chosen = [every[name] for name in with_figures]
    wording = ModelWording(
        settings, connect=lambda _: Obedient(), embedder=lambda texts: [[1.0]] * len(texts)
    )
    parts = replace(build(settings), wording=wording)
    aside = replace(parts, settings=Settings(**{**settings.model_dump(), "home": tmp_path}))
    first = ran(aside.settings, chosen, aside)
    for _ in range(2):
        assert once(settings, chosen, aside).in_control
    word = prompts.ANSWER.instruction.replace(
        " exactly as the evidence", " roughly as the evidence"
    )
    changed = replace(prompts.ANSWER, instruction=word)
    monkeypatch.setattr(prompts, "ANSWER", changed)
    seen = once(settings, chosen, aside)
    rung = {chart.score: mark for chart, mark in latest_signals(seen.charts)}
    assert rung["protocol.worded"].cause == "prompt changed"
    found = compare(first, ran(aside.settings, chosen, aside))
    assert found.parts == {"prompt": ()}
    assert any("worded" in case.metrics and case.worse for case in found.cases)


def test_a_changed_retrieval_weight_is_caught(
    built_home: Path, corpus: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built_home / "index", home / "index")
    settings, chosen = load_settings(home=home, corpus=corpus), cases("ap-", 30)[3::3]
    before = build(settings)
    first = ran(settings, chosen, before)
    assert once(settings, chosen, before).in_control
    assert once(settings, chosen, before).in_control

    def slipped(text: str) -> str:
        weights = json.loads(text)
        weights["ranking"]["bm25_whole"] *= -10
        return json.dumps(weights)

    rewritten(corpus / "scenario_ranking.json", slipped)
    after = build(settings)
    seen = once(settings, chosen, after)
    rung = dict(latest_signals(seen.charts))
    assert rung and {mark.cause for mark in rung.values()} == {
        "retrieval weights changed (scenario_ranking.json)"
    }
    assert seen.point.flipped
    found = compare(first, ran(settings, chosen, after))
    assert found.parts == {"weights": ("scenario_ranking.json",)} and found.cases


def test_the_command_shows_the_latest_run_and_says_when_there_is_none(tmp_path: Path) -> None:
    runner = CliRunner(env={"RADCITE_HOME": str(tmp_path)})
    none = runner.invoke(main, ["eval", "watch", "--show"])
    assert none.exit_code == 2 and "radcite eval watch" in none.output
    stamp = {"cases": "c", "model": "", "corpus/x": "1"}
    for value, part in ((0.9, "1"), (0.9, "1"), (0.7, "2")):
        scores = {"category.accuracy": Score(value, 20)}
        append_point(
            tmp_path, Point("2026-11-28T00:00:00+00:00", scores, stamp | {"corpus/x": part})
        )
    shown = runner.invoke(main, ["eval", "watch", "--show"])
    assert shown.exit_code == 1
    assert "WORSE" in shown.output and "probable cause: corpus changed (x)" in shown.output
