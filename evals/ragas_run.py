"""Answers scored by RAGAS: cases with a known answer, asked, scored, kept case by case."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from evals.errors import EvaluationError
from evals.ragas_bridge import Judge, RagasScorer, Sample, Scored
from evals.run.assistant import Json, Radcite
from evals.run.evaluate import Finished, model_name, summaries
from evals.run.execute import Say
from evals.run.result import CaseResult, begun, kept
from evals.run.stamp import about, digest, stamp
from evals.run.store import Journal, Run, new_id, runs_folder, unfinished, write_run
from evals.suites.case import Case, Suite
from rag.errors import RadciteError

PREFIX = "ragas_"


@dataclass(frozen=True, slots=True)
class Facts:
    """Sentences of the corpus by fact id: the references are looked up, never written by a model."""

    sentences: Mapping[str, str]

    def reference(self, case: Case) -> str:
        """What a right answer says: the case's reference, or the sentences of its facts."""
        said = [self.sentences[fact] for fact in case.expected.facts if fact in self.sentences]
        return case.expected.reference or " ".join(said[:2])


def scorable(suites: Sequence[Suite], facts: Facts) -> tuple[Suite, ...]:
    """The suites with only those cases that have a reference and are to be answered."""
    found = []
    for suite in suites:
        cases = tuple(
            case
            for case in suite.cases
            if case.kind == "answer"
            and case.expected.outcomes in ((), ("answer",))
            and facts.reference(case)
        )
        if cases:
            found.append(Suite(suite.name, suite.title, suite.about, cases))
    if not found:
        raise EvaluationError(
            "no case has a reference answer: name a suite such as protocol or editions"
        )
    return tuple(found)


def sample_of(case: Case, answer: Json, reference: str) -> Sample:
    """The answer as RAGAS wants it: contexts are all passages given to the answer."""
    contexts: dict[str, tuple[str, ...]] = {}
    for item in answer["evidence"]:
        contexts[item["quote"]] = tuple(item["fact_ids"])
    for hit in answer["retrieved"]:
        contexts.setdefault(hit["text"], ())
    ids = [fact for facts in contexts.values() for fact in facts]
    return Sample(
        question=case.question,
        response=answer["text"],
        contexts=tuple(contexts) or (" ",),
        context_ids=tuple(dict.fromkeys(ids)),
        reference=reference,
        reference_ids=case.expected.facts,
    )


def self_graded(judge: Judge, assistant: Radcite) -> bool:
    """Whether the judge is the model that worded the answers."""
    settings = assistant.parts.settings
    if settings.llm_url is None:
        return False
    same_server = settings.llm_url.rstrip("/") == judge.url.rstrip("/")
    return same_server and settings.llm_model in (None, judge.model)


def judge_said(judge: Judge | None, assistant: Radcite) -> str | None:
    """The judge in words, with a warning where it grades itself."""
    if judge is None:
        return None
    warning = (
        " (SELF-GRADED: the judge is the answering model)" if self_graded(judge, assistant) else ""
    )
    return f"{judge.model} at {judge.url}{warning}"


def ragas_run(
    suites: Sequence[Suite], facts: Facts, assistant: Radcite, scorer: RagasScorer,
    judge: Judge | None, say: Say, fresh: bool = False,
) -> Finished:  # fmt: skip
    """Ask and score every case; an interrupted run is taken up where it stopped."""
    settings = assistant.parts.settings
    cases = [case for suite in suites for case in suite.cases]
    told = judge_said(judge, assistant)
    parts = stamp(settings, cases, model_name(assistant)) | {"judge": told or ""}
    key = digest(["ragas", *(f"{name}={value}" for name, value in sorted(parts.items()))])
    folder = None if fresh else unfinished(settings.home_dir, key)
    journal = Journal(folder or runs_folder(settings.home_dir) / f"{new_id()}-ragas", key)
    done, started, results = journal.done(), time.perf_counter(), []
    for number, case in enumerate(cases):
        say(case.suite, number, len(cases))
        if case.id not in done:
            done[case.id] = _case(case, facts.reference(case), assistant, scorer)
            journal.keep(done[case.id])
        results.append(done[case.id])
    say("done", len(cases), len(cases))
    run = Run(
        id=journal.folder.name,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - started, 1),
        assistant="radcite, scored by RAGAS",
        stamp=parts,
        about=about(settings) | {"model": model_name(assistant), "judge": told},
        suites=summaries(suites, results),
        cases=tuple(results),
    )
    write_run(journal.folder, run)
    return Finished(run, journal.folder, 0)


def _case(case: Case, reference: str, assistant: Radcite, scorer: RagasScorer) -> CaseResult:
    try:
        answer = assistant.answer(case)
    except RadciteError as error:
        unscored: dict[str, float | None] = {PREFIX + name: None for name in scorer.names}
        return CaseResult(**begun(case), scores=unscored, error=str(error))
    scored = scorer.score(sample_of(case, answer, reference))
    return CaseResult(
        **begun(case),
        scores={PREFIX + name: one.value for name, one in scored.items()},
        signature=answer["text"].split("\n", 1)[0][:160],
        answer=kept(answer) | {"reference": reference, "unscored": _reasons(scored)},
    )


def _reasons(scored: Mapping[str, Scored]) -> dict[str, str]:
    return {name: one.reason for name, one in scored.items() if one.value is None}
