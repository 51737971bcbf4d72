"""Asks the cases one by one and scores each; what is finished is kept and not asked again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from evals.metrics.ranking import recall_curve
from evals.run.assistant import Assistant
from evals.run.result import CaseResult, Json, begun, kept
from evals.scoring import (
    DEPTH,
    case_call,
    decision_of,
    ranked_facts,
    scenarios_shown,
    score_answer,
    score_search,
    signature,
)
from evals.suites.case import Case
from rag.errors import RadciteError

Say = Callable[[str, int, int], None]
"""Progress: stage, done, total."""

Keep = Callable[[CaseResult], None]


def run_cases(
    cases: Sequence[Case], assistant: Assistant, *,
    done: Mapping[str, CaseResult], keep: Keep, say: Say, names: Mapping[str, str],
    completed: Callable[[Case], Case] = lambda case: case,
) -> tuple[CaseResult, ...]:  # fmt: skip
    """Every case's result in order; those in ``done`` are taken over as they are.

    A case whose answer raises one of radcite's errors is kept with the error, unscored; any other
    exception is a fault of the program and ends the run (what is kept can be resumed).
    """
    results: list[CaseResult] = []
    for number, case in enumerate(cases):
        say(case.suite, number, len(cases))
        result = done.get(case.id)
        if result is None:
            result = run_case(completed(case), assistant, names)
            keep(result)
        results.append(result)
    say("done", len(cases), len(cases))
    return tuple(results)


def run_case(case: Case, assistant: Assistant, names: Mapping[str, str]) -> CaseResult:
    """One case, asked and scored."""
    try:
        if case.kind == "passages":
            return _searched(case, assistant)
        return _answered(case, assistant.answer(case), names)
    except RadciteError as error:
        return CaseResult(**begun(case), scores={"outcome": None}, error=str(error))


def _searched(case: Case, assistant: Assistant) -> CaseResult:
    started = time.perf_counter()
    found = assistant.search(case, DEPTH)
    elapsed = (time.perf_counter() - started) * 1000
    facts = [passage["fact_ids"] for passage in found]
    right = set(case.expected.facts)
    curve = recall_curve(ranked_facts(facts, right), right, DEPTH) or ()
    shown = [{key: passage[key] for key in ("passage_id", "fact_ids", "text")} for passage in found]
    first = " ".join(facts[0]) if facts else ""
    scores = score_search(case, facts) | {"latency_ms": elapsed}
    return CaseResult(
        **begun(case), scores=scores, signature=first, curve=curve, answer={"found": shown[:5]}
    )


def _answered(case: Case, answer: Json, names: Mapping[str, str]) -> CaseResult:
    result = CaseResult(
        **begun(case),
        scores=score_answer(case, answer, names),
        signature=signature(case, answer),
        answer=kept(answer),
        curve=_scenario_curve(case, answer),
    )
    if not case.expected.category:
        return result
    decision = decision_of(answer, case.expected.guideline)
    return replace(
        result,
        expected_label=case.expected.category,
        given_label=decision["category"] if decision else None,
        call=case_call(case, answer),
    )


def _scenario_curve(case: Case, answer: Json) -> tuple[float, ...]:
    """Whether a right scenario stands among the first 1, 2, ... 10."""
    right = case.expected.scenarios
    if not right:
        return ()
    shown = scenarios_shown(answer)
    return tuple(float(bool(set(shown[:k]) & set(right))) for k in range(1, 11))


def with_agreement(
    results: Sequence[CaseResult], base_of: Callable[[str], CaseResult | None]
) -> tuple[CaseResult, ...]:
    """Reworded cases with ``same``: the decision is that of the base question in this run."""
    return tuple(_agreeing(result, base_of) if result.base else result for result in results)


def _agreeing(result: CaseResult, base_of: Callable[[str], CaseResult | None]) -> CaseResult:
    base = base_of(result.base)
    asked = base is not None and not base.error and not result.error
    same = float(base.signature == result.signature) if asked and base else None
    return replace(result, scores={**result.scores, "same": same})
