"""Run summaries as plain text for the terminal. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from evals.metric_names import METRICS
from evals.metrics.means import Mean
from evals.run.store import Run
from evals.run.summary import SuiteSummary


def said(mean: Mean, unit: str = "share") -> str:
    """A mean as a reader takes it in: ``87 % (74 to 94), n 38``; unscored cases are named.

    >>> said(Mean(0.5, 0.1, 0.3, 0.7, 20, 2, 5))
    '50.0 % (30 to 70), n 20, 2 unscored'
    """
    unscored = f", {mean.unscored} unscored" if mean.unscored else ""
    if mean.value is None:
        return f"not scored, n 0{unscored}"
    if unit == "ms":
        return f"{mean.value:.0f} ms, n {mean.n}{unscored}"
    bounds = (
        ""
        if mean.low is None or mean.high is None
        else f" ({100 * mean.low:.0f} to {100 * mean.high:.0f})"
    )
    return f"{100 * mean.value:.1f} %{bounds}, n {mean.n}{unscored}"


def run_text(run: Run) -> str:
    """Every suite with every score."""
    return "\n\n".join([_head(run), *map(suite_text, run.suites)])


def _head(run: Run) -> str:
    model = run.about.get("model") or "no language model"
    return (
        f"Run {run.id}: {len(run.cases)} cases in {run.seconds:.0f} s, {run.assistant}, {model}, "
        f"commit {run.about.get('commit')}"
    )


def suite_text(suite: SuiteSummary) -> str:
    errors = f", {suite.errors} with errors" if suite.errors else ""
    lines = [f"{suite.title} ({suite.n} cases{errors})"]
    rows = [
        (METRICS[name].title, said(mean, METRICS[name].unit)) for name, mean in suite.scores.items()
    ]
    if suite.times:
        rows.append(
            (
                "Answer time, median / 95 %",
                f"{suite.times['median']:.0f} / {suite.times['p95']:.0f} ms",
            )
        )
    return "\n".join([*lines, *columns(rows, indent=2)])


def columns(rows: Iterable[Sequence[str]], indent: int = 0) -> list[str]:
    """Rows with their cells under each other."""
    table = [tuple(row) for row in rows]
    if not table:
        return []
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    return [
        " " * indent
        + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def unscored_text(run: Run) -> str:
    """Why scores are missing: each reason with how often it occurred, the most frequent first."""
    reasons = Counter(
        f"{name}: {reason[:110]}"
        for case in run.cases
        for name, reason in case.answer.get("unscored", {}).items()
    )
    if not reasons:
        return "Every score was given."
    lines = [f"  {count} x {reason}" for reason, count in reasons.most_common(12)]
    return "\n".join([f"Unscored: {reasons.total()}", *lines])
