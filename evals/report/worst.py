"""Which cases to look at first: wrong before missing, harmful before harmless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.run.result import CaseResult

MOST = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a case: ``weight`` orders (higher first), ``tone`` is stop or care."""

    words: str
    weight: int
    tone: str


CALL_FAULTS = {
    "under": Fault("under-called", 100, "stop"),
    "off_scale": Fault("wrong category", 90, "stop"),
    "over": Fault("over-called", 80, "stop"),
    "other_system": Fault("decided by another system", 70, "stop"),
    "same_management": Fault("wrong category, same management", 40, "care"),
}


def faults(result: CaseResult) -> tuple[Fault, ...]:
    """All faults of a case, the heaviest first; empty where nothing is wrong."""
    if result.error:
        return (Fault(f"error: {result.error[:80]}", 95, "stop"),)
    found = [CALL_FAULTS[result.call]] if result.call in CALL_FAULTS else []
    found += [fault for is_so, fault in _looks(result) if is_so]
    return tuple(sorted(found, key=lambda fault: -fault.weight))


def _looks(result: CaseResult) -> list[tuple[bool, Fault]]:
    scores = result.scores
    outcome = str(result.answer.get("outcome", ""))
    wrong_outcome = scores.get("outcome") == 0
    return [
        (scores.get("clean") == 0, Fault("says what it must not", 85, "stop")),
        (wrong_outcome and outcome == "answer", Fault("answered, should not be", 75, "stop")),
        ((scores.get("grounded") or 1) < 1 or scores.get("grounded") == 0,
         Fault("a figure stands in nothing it cites", 65, "stop")),
        ((scores.get("edition") or 1) < 1 or scores.get("edition") == 0,
         Fault("cites another edition", 50, "care")),
        (wrong_outcome and outcome == "refusal", Fault("refused, should be answered", 45, "care")),
        (wrong_outcome and outcome == "needs_details", Fault("asked back without need", 35, "care")),
        (scores.get("cited") == 0 and outcome == "answer", Fault("right fact not cited", 44, "care")),
        (scores.get("topic_1") == 0 and not wrong_outcome, Fault("wrong topic first", 55, "care")),
        (scores.get("says", 1) != 1, Fault("a required word is missing", 30, "care")),
        (scores.get("recall_10") == 0, Fault("right fact not among ten", 25, "care")),
        (scores.get("possible_covered", 1) != 1, Fault("a possible category is not listed", 60, "stop")),
    ]  # fmt: skip


def worst(
    results: Sequence[CaseResult], most: int = MOST
) -> list[tuple[CaseResult, tuple[Fault, ...]]]:
    """The faulty cases, worst first."""
    found = [(result, faults(result)) for result in results]
    faulty = [item for item in found if item[1]]
    return sorted(faulty, key=lambda item: -sum(fault.weight for fault in item[1]))[:most]
