"""From suites to a run: the whole way, with resuming."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evals.run.assistant import Radcite
from evals.run.execute import Say, run_case, run_cases, with_agreement
from evals.run.result import CaseResult
from evals.run.stamp import about, digest, stamp
from evals.run.store import Journal, Run, new_id, runs_folder, unfinished, write_run
from evals.run.summary import SuiteSummary, summed
from evals.suites.case import Case, Suite
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Finished:
    """A run, its folder, and how many cases were taken over from an interrupted one."""

    run: Run
    folder: Path
    resumed: int


def evaluate(
    settings: Settings, suites: Sequence[Suite], *, bases: Mapping[str, Case],
    assistant: Radcite, say: Say, fresh: bool = False,
) -> Finished:  # fmt: skip
    """Run the suites and write the run's file; an interrupted run of the same kind is taken up.

    ``bases`` are the cases that reworded ones are held against, by id. ``fresh`` begins anew.
    """
    cases = [case for suite in suites for case in suite.cases]
    model = model_name(assistant)
    parts = stamp(settings, cases, model)
    key = digest(f"{name}={value}" for name, value in sorted(parts.items()))
    home = settings.home_dir
    folder = None if fresh else unfinished(home, key)
    journal = Journal(folder or runs_folder(home) / new_id(), key)
    done, started = journal.done(), time.perf_counter()
    results = run_cases(
        cases, assistant, done=done, keep=journal.keep, say=say,
        names=assistant.procedure_names, completed=assistant.completed,
    )  # fmt: skip
    results = with_agreement(results, _base_results(results, bases, assistant))
    run = Run(
        id=journal.folder.name,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - started, 1),
        assistant=assistant.name,
        stamp=parts,
        about=about(settings) | {"model": model, "judge": None},
        suites=summaries(suites, results),
        cases=results,
    )
    write_run(journal.folder, run)
    return Finished(run, journal.folder, len(done))


def summaries(suites: Sequence[Suite], results: Sequence[CaseResult]) -> tuple[SuiteSummary, ...]:
    """A summary of each suite, in order."""
    return tuple(
        summed(
            suite.name, suite.title, suite.about,
            [result for result in results if result.suite == suite.name],
        )
        for suite in suites
    )  # fmt: skip


def _base_results(
    results: Sequence[CaseResult], bases: Mapping[str, Case], assistant: Radcite
) -> Callable[[str], CaseResult | None]:
    """Looks a base case up among the results, or asks it where its suite is not in this run."""
    known: dict[str, CaseResult] = {result.id: result for result in results}

    def base_of(case_id: str) -> CaseResult | None:
        if case_id not in known and case_id in bases:
            base = assistant.completed(bases[case_id])
            known[case_id] = run_case(base, assistant, assistant.procedure_names)
        return known.get(case_id)

    return base_of


def model_name(assistant: Radcite) -> str | None:
    """The served model's name where one words answers."""
    if assistant.parts.wording is None:
        return None
    return assistant.parts.settings.llm_model or "served model"
