"""RAGAS behind its bridge: always the judge-less metrics, a judge's failures counted, nothing sent out."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytest.importorskip("ragas", reason="RAGAS is not installed: pip install 'radcite[evals]'")
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of RAGAS' own imports
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

from evals.ragas_bridge import JUDGED, JUDGELESS, Judge, RagasScorer, Sample, Scored  # noqa: E402
from evals.ragas_run import Facts, judge_said, ragas_run, scorable, self_graded  # noqa: E402
from evals.run.store import JOURNAL, read_run  # noqa: E402
from evals.suites.case import Case, Expected, Suite  # noqa: E402
from evals.text_tables import run_text, unscored_text  # noqa: E402
from tests.judge_server import JudgeServer  # noqa: E402
from tests.scripted_llm import ScriptedServer, said  # noqa: E402
from tests.test_eval_run import Told, decided  # noqa: E402

SAMPLE = Sample(
    question="How is a solid nodule followed?",
    response="By low-dose CT at 3 months.",
    contexts=("Category 4A is followed by low-dose CT in 3 months.", "Category 2: 12 months."),
    context_ids=("f1", "f2"),
    reference="Low-dose CT at 3 months.",
    reference_ids=("f1",),
)


def embed(text: str) -> list[float]:
    return [float(len(word)) for word in (text.split() * 8)[:8]]


def test_without_a_judge_the_metrics_that_need_none_are_scored() -> None:
    with RagasScorer(embed) as scorer:
        scores = scorer.score(SAMPLE)
    assert tuple(scores) == JUDGELESS
    assert scores["id_precision"].value == 0.5 and scores["id_recall"].value == 1.0
    assert all(one.value is not None and 0 < one.value <= 1 for one in scores.values())


def test_with_a_judge_every_metric_is_scored_under_a_schema() -> None:
    with JudgeServer() as server, RagasScorer(embed, Judge(server.url, "judge")) as scorer:
        scores = scorer.score(SAMPLE)
    assert set(scores) == {*JUDGELESS, *JUDGED}
    assert scores["faithfulness"].value == 1.0 and scores["context_recall"].value == 1.0
    assert {call["model"] for call in server.calls} == {"judge"}
    assert all(call["response_format"]["type"] == "json_schema" for call in server.calls)
    assert all(call["temperature"] == 0 for call in server.calls)


@pytest.mark.parametrize(
    ("script", "reason"),
    [(said("I would rather not say."), ""), (said("", status=500), "500")],
)
def test_a_judge_that_fails_gives_unscored_with_its_reason_never_zero(script, reason) -> None:
    with ScriptedServer() as server:
        server.script(script)
        with RagasScorer(embed, Judge(server.url, "judge", timeout_s=5)) as scorer:
            scores = scorer.score(SAMPLE)
    assert all(scores[name].value is None and reason in scores[name].reason for name in JUDGED)
    assert all(scores[name].reason for name in JUDGED)
    assert all(scores[name].value is not None for name in JUDGELESS)


def test_a_judge_that_is_not_there_gives_unscored() -> None:
    with RagasScorer(embed, Judge("http://127.0.0.1:9/v1", "judge", timeout_s=2)) as scorer:
        scores = scorer.score(SAMPLE)
    assert all(scores[name].value is None for name in JUDGED)


def test_nothing_is_tracked() -> None:
    with RagasScorer(embed):
        assert os.environ["RAGAS_DO_NOT_TRACK"] == "true"
        from ragas._analytics import do_not_track

        assert do_not_track()


def cases(*names: str) -> Suite:
    expected = Expected(outcomes=("answer",), facts=("f1",))
    made = [Case(n, "s", f"question {n}", "lung_rads_v2022", "here", n, expected) for n in names]
    return Suite("s", "Suite", "About.", tuple(made))


def test_a_run_keeps_its_cases_counts_the_unscored_and_can_go_on(tmp_path: Path) -> None:
    facts = Facts({"f1": "Low-dose CT at 3 months."})
    (suite,) = scorable([cases("a", "b", "c")], facts)
    told = Told({"a": decided(None), "b": decided(None)}, tmp_path)
    judge = Judge("http://127.0.0.1:9/v1", "judge", timeout_s=1)

    class Killed(RagasScorer):
        seen = 0

        def score(self, sample: Sample):
            Killed.seen += 1
            if Killed.seen == 2:
                raise KeyboardInterrupt
            return super().score(sample)

    def run(scorer: RagasScorer):
        return ragas_run([suite], facts, told, scorer, judge, lambda *_: None)

    with Killed(embed, judge) as scorer:
        with pytest.raises(KeyboardInterrupt):
            run(scorer)
        assert len(list(tmp_path.rglob(JOURNAL))) == 1
        done = run(scorer)
    assert told.asked == ["a", "b", "b", "c"]
    (summary,) = read_run(done.folder / "run.json").suites
    faithful, semantic = summary.scores["ragas_faithfulness"], summary.scores["ragas_semantic"]
    assert (faithful.value, faithful.n, faithful.unscored) == (None, 0, 3)
    assert (semantic.n, semantic.unscored, summary.errors) == (2, 1, 1)
    assert "3 unscored" in run_text(done.run)
    assert "2 x faithfulness: " in unscored_text(done.run)


def test_a_judge_that_grades_itself_is_said_to(tmp_path: Path) -> None:
    from rag.settings import load_settings
    from rag.wire import build

    told = Told({}, tmp_path)
    judge = Judge("http://127.0.0.1:9/v1", "m")
    assert not self_graded(judge, told)
    told.parts = build(load_settings(home=tmp_path, llm_url=judge.url, llm_model="m"))
    assert "SELF-GRADED" in str(judge_said(judge, told))
    told.parts = build(load_settings(home=tmp_path, llm_url=judge.url, llm_model="other"))
    assert "SELF-GRADED" not in str(judge_said(judge, told))


def test_the_scorer_works_where_an_event_loop_already_runs() -> None:
    async def inside() -> dict[str, Scored]:
        with RagasScorer(embed) as scorer:
            return scorer.score(SAMPLE)

    # In a thread: a browser driver of an earlier test may have left this one with a running loop.
    with ThreadPoolExecutor(1) as thread:
        scores = thread.submit(asyncio.run, inside()).result()
    assert scores["id_recall"].value is not None
