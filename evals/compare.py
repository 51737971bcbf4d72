"""Two runs beside each other: every score with its paired difference, and every case that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.drift.causes import WORDS, changed
from evals.metric_names import METRICS
from evals.metrics.agreement import cohen_kappa, observed_agreement
from evals.metrics.paired import Difference, paired_bootstrap
from evals.run.result import CaseResult
from evals.run.store import Run
from evals.text_tables import columns

MOST_NAMED = 3
"""Scores named with a changed case; how many more is said."""


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """One suite's metric in both runs, over the cases that both have."""

    suite: str
    metric: str
    first: float | None
    second: float | None
    difference: Difference

    @property
    def worse(self) -> bool:
        value = self.difference.value or 0.0
        return value < 0 if METRICS[self.metric].better == "higher" else value > 0


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case that is answered or scored differently; ``metrics`` are those whose value changed."""

    id: str
    suite: str
    question: str
    before: str
    after: str
    metrics: tuple[str, ...]
    worse: bool
    better: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between two runs; ``only`` counts cases that one of them lacks."""

    first: str
    second: str
    parts: Mapping[str, tuple[str, ...]]
    scores: tuple[ScoreChange, ...]
    cases: tuple[CaseChange, ...]
    agreement: float | None
    kappa: float | None
    both: int
    only: tuple[int, int]


def compare(first: Run, second: Run) -> Comparison:
    """Compare the second run with the first, over the cases that both have."""
    before = {case.id: case for case in first.cases}
    after = {case.id: case for case in second.cases}
    pairs = [(before[name], after[name]) for name in before if name in after]
    old, new = [a.signature for a, _ in pairs], [b.signature for _, b in pairs]
    return Comparison(
        first=first.id,
        second=second.id,
        parts=changed(first.stamp, second.stamp),
        scores=tuple(_score_changes(pairs)),
        cases=tuple(change for a, b in pairs if (change := _case_change(a, b))),
        agreement=observed_agreement(old, new),
        kappa=cohen_kappa(old, new),
        both=len(pairs),
        only=(len(before) - len(pairs), len(after) - len(pairs)),
    )


def _score_changes(pairs: Sequence[tuple[CaseResult, CaseResult]]) -> list[ScoreChange]:
    suites = dict.fromkeys(a.suite for a, _ in pairs)
    found = []
    for suite in suites:
        of_suite = [pair for pair in pairs if pair[0].suite == suite]
        for metric in METRICS:
            taking_part = [p for p in of_suite if metric in p[0].scores and metric in p[1].scores]
            if taking_part and metric != "latency_ms":
                found.append(_score_change(suite, metric, taking_part))
    return found


def _score_change(
    suite: str, metric: str, pairs: Sequence[tuple[CaseResult, CaseResult]]
) -> ScoreChange:
    first = [a.scores[metric] for a, _ in pairs]
    second = [b.scores[metric] for _, b in pairs]
    difference = paired_bootstrap(first, second, [a.group for a, _ in pairs])
    return ScoreChange(suite, metric, _mean(first), _mean(second), difference)


def _mean(values: Sequence[float | None]) -> float | None:
    scored = [value for value in values if value is not None]
    return sum(scored) / len(scored) if scored else None


def _case_change(before: CaseResult, after: CaseResult) -> CaseChange | None:
    """The change of one case; ``None`` where decision and scores are the same (times aside)."""
    metrics = {*before.scores, *after.scores} - {"latency_ms"}
    moved = tuple(
        m for m in METRICS if m in metrics and before.scores.get(m) != after.scores.get(m)
    )
    if before.signature == after.signature and not moved:
        return None
    return CaseChange(
        before.id, before.suite, before.question, before.signature or before.error,
        after.signature or after.error, moved, any(_fell(m, before, after) for m in moved),
        any(_fell(m, after, before) for m in moved),
    )  # fmt: skip


def _fell(metric: str, before: CaseResult, after: CaseResult) -> bool:
    old, new = before.scores.get(metric), after.scores.get(metric)
    if old is None or new is None:
        return False
    return new < old if METRICS[metric].better == "higher" else new > old


def comparison_text(found: Comparison) -> str:
    """The comparison for the terminal: what changed in the system, then scores, then cases."""
    parts = [f"{WORDS[part]}{_inside(inside)}" for part, inside in found.parts.items()]
    lines = [
        f"{found.first} -> {found.second}: {found.both} cases in both, {found.only[0]} only in the "
        f"first, {found.only[1]} only in the second",
        f"Changed parts: {', '.join(parts) or 'none that is recorded'}",
        f"Same decision: {_percent(found.agreement)} of cases, kappa {_number(found.kappa)}",
        "",
    ]
    moved = [change for change in found.scores if change.difference.value]
    lines += columns(map(_score_row, moved)) or ["No score changed."]
    lines += ["", f"{len(found.cases)} cases changed" + (":" if found.cases else ".")]
    for case in sorted(found.cases, key=lambda case: not case.worse):
        lines += _case_lines(case)
    return "\n".join(lines)


def _score_row(change: ScoreChange) -> tuple[str, ...]:
    d = change.difference
    verdict = ("worse" if change.worse else "better") if d.clear else "within chance"
    bounds = f"[{100 * (d.low or 0):+.1f}, {100 * (d.high or 0):+.1f}]"
    return (
        change.suite, METRICS[change.metric].title,
        f"{_percent(change.first)} -> {_percent(change.second)}",
        f"{100 * (d.value or 0):+.1f} {bounds}", f"n {d.n}", verdict,
    )  # fmt: skip


def _case_lines(case: CaseChange) -> list[str]:
    verdict = "worse" if case.worse else "better" if case.better else "changed"
    titles = [METRICS[metric].title for metric in case.metrics]
    more = f" and {len(titles) - MOST_NAMED} more" if len(titles) > MOST_NAMED else ""
    moved = ", ".join(titles[:MOST_NAMED]) + more
    return [
        f"  {case.id} ({verdict}{'; ' + moved if moved else ''}): {case.question[:110]}",
        f"      - {case.before[:140]}",
        f"      + {case.after[:140]}",
    ]


def _inside(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.1f} %"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"
