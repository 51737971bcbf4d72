"""Quality as HTML: evaluations, control charts, worst cases, what was withheld, feedback."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.html_parts import icon
from app.quality import Opinions, WithheldStatement
from app.words import Words
from evals.drift.charts import Chart, Mark, latest_signals
from evals.metric_names import metric_name
from evals.metrics.means import Mean
from evals.run.result import CaseResult
from evals.run.store import Run

SHOWN_MARKS = 30
WIDTH, HEIGHT, PAD = 300, 84, 8


def empty_html(text: str) -> str:
    """Nothing is there yet, and how it comes to be."""
    return f'<p class="rc-nothing">{icon("hourglass_empty")}{escape(text)}</p>'


def section_html(title: str, inner: str) -> str:
    return f'<section class="rc-section"><h2>{escape(title)}</h2>{inner}</section>'


def grid_html(header: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """A table of texts."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="rc-tablebox" tabindex="0"><table class="rc-table {kind}"><thead><tr>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def runs_html(runs: Sequence[Run], words: Words) -> str:
    """Every suite of every run, newest first, each mean with its 95 % interval and its n."""
    if not runs:
        return empty_html(words.no_evaluations)
    return "".join(_run(run, i == 0, words) for i, run in enumerate(runs))


def _run(run: Run, opened: bool, words: Words) -> str:
    rows = [
        (suite.title, _name(metric), _mean(mean, metric_name(metric).unit), str(mean.n),
         words.unscored_n.format(n=mean.unscored) if mean.unscored else "")
        for suite in run.suites
        for metric, mean in suite.scores.items()
    ]  # fmt: skip
    header = (words.suite, words.score, words.value, "n", "")
    said = f"{run.started[:16].replace('T', ' ')} · {run.assistant}"
    return (
        f'<details class="rc-more"{" open" if opened else ""}><summary>{escape(said)}</summary>'
        f"{grid_html(header, rows)}</details>"
    )


def _name(metric: str) -> str:
    return metric_name(metric).title


def _mean(mean: Mean, unit: str) -> str:
    """A mean in the unit of its score; a share with its 95 % interval."""
    told = _value(mean.value, unit)
    if mean.low is None or mean.high is None or unit == "ms":
        return told
    return f"{told} ({mean.low:.1%} - {mean.high:.1%})"


def drift_html(charts: Sequence[Chart], words: Words) -> str:
    """What left its limits at the last run, then a small chart of every score."""
    if not charts:
        return empty_html(words.no_drift)
    out = latest_signals(charts)
    head = "".join(_signal(chart, mark, words) for chart, mark in out)
    said = head or f'<p class="rc-good">{icon("check")}{escape(words.drift_steady)}</p>'
    drawn = "".join(chart_html(chart, words) for chart in charts)
    return f'{said}<div class="rc-charts">{drawn}</div>'


def _signal(chart: Chart, mark: Mark, words: Words) -> str:
    cause = f" {words.cause.format(cause=mark.cause)}" if mark.cause else ""
    said = words.drift_out.format(scores=f"{chart.title} {_value(mark.value, chart.unit)}") + cause
    return f'<p class="rc-bad" role="alert">{icon("warning")}{escape(said)}</p>'


def chart_html(chart: Chart, words: Words) -> str:
    """One control chart: the score over the last runs, its limits as a band, signals as crosses."""
    marks = [mark for mark in chart.marks[-SHOWN_MARKS:] if mark.value is not None]
    if not marks:
        return ""
    last = marks[-1]
    said = words.chart_says.format(
        title=chart.title, value=_value(last.value, chart.unit), when=last.at[:10],
        lower=_value(last.lower, chart.unit), upper=_value(last.upper, chart.unit),
    )  # fmt: skip
    kind = "" if chart.in_control else " is-out"
    return (
        f'<figure class="rc-chart{kind}"><figcaption>{escape(chart.title)} '
        f"<b>{escape(_value(last.value, chart.unit))}</b></figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
        f"<title>{escape(said)}</title>{_drawing(marks)}</svg></figure>"
    )


def _drawing(marks: Sequence[Mark]) -> str:
    known = [v for m in marks for v in (m.value, m.lower, m.upper) if v is not None]
    low, high = min(known), max(known)
    spread = (high - low) or 1.0

    def y(value: float) -> float:
        return round(HEIGHT - PAD - (value - low) / spread * (HEIGHT - 2 * PAD), 1)

    step = (WIDTH - 2 * PAD) / max(len(marks) - 1, 1)
    places = [(round(PAD + i * step, 1), mark) for i, mark in enumerate(marks)]
    band = [
        (x, y(m.lower), y(m.upper))
        for x, m in places
        if m.lower is not None and m.upper is not None
    ]
    area = " ".join(f"{x},{top}" for x, _, top in band)
    area += " " + " ".join(f"{x},{bottom}" for x, bottom, _ in reversed(band))
    line = " ".join(f"{x},{y(m.value)}" for x, m in places if m.value is not None)
    dots = "".join(_dot(x, y(m.value), bool(m.signals)) for x, m in places if m.value is not None)
    return (
        f'<polygon class="rc-limits" points="{area}"></polygon>'
        f'<polyline class="rc-line" points="{line}"></polyline>{dots}'
    )


def _dot(x: float, y: float, signals: bool) -> str:
    """A point; a cross where it left its limits, so that colour alone says nothing."""
    if not signals:
        return f'<circle class="rc-dot" cx="{x}" cy="{y}" r="2.5"></circle>'
    return f'<path class="rc-cross" d="M{x - 4} {y - 4}l8 8m0 -8l-8 8"></path>'


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.0f} ms" if unit == "ms" else f"{value:.1%}"


def worst_html(cases: Sequence[CaseResult], words: Words) -> str:
    """The cases that went worst, with what was expected and what came."""
    rows = [
        (case.suite, case.question, _expected(case), case.error or str(case.answer.get("text", ""))[:300],
         ", ".join(f"{_name(name)} {value:g}" for name, value in case.scores.items() if value is not None))
        for case in cases
    ]  # fmt: skip
    header = (words.suite, words.question, words.expected, words.answered, words.score)
    return grid_html(header, rows, "rc-worst") if rows else ""


def _expected(case: CaseResult) -> str:
    return "; ".join(f"{name}: {_plain(value)}" for name, value in case.expected.items())[:300]


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def withheld_html(found: Sequence[WithheldStatement], words: Words, shown: int = 50) -> str:
    """What was not shown to readers, and why."""
    if not found:
        return empty_html(words.withheld_none)
    answers = len({(item.at, item.question) for item in found})
    count = words.withheld_count.format(n=len(found), m=answers)
    rows = [(_when(item.at), item.question, item.text, item.reason) for item in found[:shown]]
    header = (words.when, words.question, words.statement, words.reason)
    return f'<p class="rc-muted">{escape(count)}</p>{grid_html(header, rows)}'


def feedback_html(opinions: Opinions, words: Words, shown: int = 50) -> str:
    """What readers thought, newest first."""
    if not opinions.rows:
        return empty_html(words.feedback_none)
    count = words.feedback_count.format(n=opinions.helpful, m=len(opinions.rows))
    rows = [
        (_when(str(row.get("at", ""))), words.helpful if row.get("helpful") else words.not_helpful,
         words.reasons.get(str(row.get("reason")), ""), str(row.get("question", "")),
         str(row.get("comment", "")))
        for row in opinions.rows[:shown]
    ]  # fmt: skip
    header = (words.when, words.feedback, words.reason, words.question, words.comment_short)
    return f'<p class="rc-muted">{escape(count)}</p>{grid_html(header, rows)}'


def _when(at: str) -> str:
    return at[:16].replace("T", " ")
