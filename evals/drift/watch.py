"""One run of the quality-control suite: asked, held against the history, appended to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from evals.drift.charts import Chart, charts, latest_signals
from evals.drift.history import append_point, read_history
from evals.drift.points import Point, Score
from evals.run.assistant import Radcite
from evals.run.evaluate import model_name
from evals.run.execute import Say, run_cases
from evals.run.result import CaseResult
from evals.run.stamp import stamp
from evals.run.summary import means
from evals.suites.case import Case

TIMES = "latency"


@dataclass(frozen=True, slots=True)
class Watched:
    """The new point and all charts with it."""

    point: Point
    charts: tuple[Chart, ...]

    @property
    def in_control(self) -> bool:
        return not latest_signals(self.charts)


def watch(assistant: Radcite, cases: Sequence[Case], say: Say, accepted: str = "") -> Watched:
    """Run the cases, append the point, and hold every score against its limits.

    ``accepted`` is the reason why limits start anew from this point.
    """
    settings = assistant.parts.settings
    before = read_history(settings.home_dir)
    results = run_cases(
        cases, assistant, done={}, keep=lambda _: None, say=say,
        names=assistant.procedure_names, completed=assistant.completed,
    )  # fmt: skip
    parts = stamp(settings, cases, model_name(assistant))
    point = point_of(results, parts, before[-1] if before else None, accepted)
    append_point(settings.home_dir, point)
    return Watched(point, charts((*before, point)))


def point_of(
    results: Sequence[CaseResult],
    parts: Mapping[str, str],
    before: Point | None,
    accepted: str = "",
) -> Point:
    """The results as a point of the history."""
    told = {result.id: result_line(result) for result in results}
    old = before.results if before else {}
    return Point(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        scores=scores_of(results),
        stamp=dict(parts),
        flipped=tuple(case for case in told if case in old and old[case] != told[case]),
        accepted=accepted,
        results=told,
    )


def scores_of(results: Sequence[CaseResult]) -> dict[str, Score]:
    """The mean of every metric of every suite, and the mean answer time over all."""
    found: dict[str, Score] = {}
    for suite in dict.fromkeys(result.suite for result in results):
        of_suite = [result for result in results if result.suite == suite]
        for metric, mean in means(of_suite).items():
            if metric != "latency_ms":
                found[f"{suite}.{metric}"] = Score(mean.value, mean.n, mean.unscored)
    time = means(results)["latency_ms"]
    found[f"{TIMES}.latency_ms"] = Score(time.value, time.n, time.unscored)
    return found


def result_line(result: CaseResult) -> str:
    """Decision and scores of a case in one line; the time is left out."""
    scores = " ".join(
        f"{name}={value if value is None else round(value, 3)}"
        for name, value in sorted(result.scores.items())
        if name != "latency_ms"
    )
    return f"{result.signature or result.error} | {scores}"


def watched_text(watched: Watched) -> str:
    """What left its limits, what probably caused it, and which cases changed."""
    point, signals = watched.point, latest_signals(watched.charts)
    lines = [f"Quality control {point.at}: {len(point.results)} cases, {len(point.scores)} scores"]
    if point.accepted:
        lines.append(f"Limits start anew from here: {point.accepted}")
    if not signals:
        lines.append("All scores are within their limits.")
    for chart, mark in signals:
        lines += [_signal_line(chart), f"    probable cause: {mark.cause}"]
    if point.flipped:
        lines.append(f"Changed cases since the run before: {', '.join(point.flipped)}")
    if signals:
        lines.append("If the change is meant: radcite eval watch --accept 'reason'")
    return "\n".join(lines)


def _signal_line(chart: Chart) -> str:
    mark = chart.marks[-1]
    scale, unit = (100, " %") if chart.unit == "share" else (1, " ms")
    side = "WORSE" if chart.worse(mark) else "better"
    value, low, high = (
        "none" if number is None else f"{number * scale:.1f}"
        for number in (mark.value, mark.lower, mark.upper)
    )
    names = ", ".join(signal.replace("_", " ") for signal in mark.signals)
    return f"{side}: {chart.title} {value}{unit}, limits {low} to {high} ({names})"
