"""The parts of the report page as HTML. Pure; every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from evals.metric_names import METRICS
from evals.metrics.categories import HARMFUL, NO_CATEGORY, Scale, call
from evals.report.svg import Row, Series, dot_plot, line_plot
from evals.report.worst import Fault, worst
from evals.run.result import CaseResult
from evals.run.store import Run
from evals.run.summary import SuiteSummary
from evals.text_tables import said
from evals.urgency import scales


def head(run: Run) -> str:
    """What ran, on what, with what."""
    about = run.about
    index = about.get("index") or {}
    facts = {
        "Run": run.id,
        "Cases": str(len(run.cases)),
        "Took": f"{run.seconds:.0f} s",
        "Model": str(about.get("model") or "none: evidence mode"),
        "Judge": str(about.get("judge") or "none"),
        "Commit": str(about.get("commit")),
        "Index": f"{index.get('fingerprint', 'none')}, {index.get('passages', 0):,} passages",
        "Machine": str(about.get("machine")),
    }
    shown = "".join(
        f"<span>{escape(name)} <b>{escape(value)}</b></span>" for name, value in facts.items()
    )
    return (
        '<header class="top"><div><h1>radcite, measured</h1></div>'
        '<button class="theme" type="button">Light or dark</button></header>'
        f'<div class="facts">{shown}</div>'
    )


LEADS: Mapping[str, tuple[str, ...]] = {
    "appropriateness": ("scenario_1", "topic_3", "first_study"),
    "category": ("accuracy", "wrong"),
    "editions": ("cited", "edition"),
    "korean": ("outcome",),
    "protocol": ("cited", "grounded"),
    "refusals": ("refusal_precision", "refusal_recall"),
    "retrieval": ("recall_5", "mrr"),
    "robustness": ("same", "wrong"),
}
"""Scores that stand for a suite in the overview; a file's cases show those marked as leading."""


def leading(suite: SuiteSummary) -> list[str]:
    """Metrics of the overview that the suite has."""
    named = LEADS.get(suite.name)
    return [m for m in (named or suite.scores) if m in suite.scores and (named or METRICS[m].lead)]


def overview(suites: Sequence[SuiteSummary]) -> str:
    """The scores that stand for each suite, with their intervals."""
    rows = [_overview_row(suite, metric) for suite in suites for metric in leading(suite)]
    return (
        '<h2>Scores</h2><div class="panel scroll"><div class="wide">'
        f"{dot_plot(rows, 'Scores of each suite with 95 % intervals')}</div>"
        '<p class="soft small">Dots are means over cases, bars 95 % intervals, clustered by topic or '
        "guideline. Unscored cases are counted and are not zero.</p></div>"
    )


def _overview_row(suite: SuiteSummary, metric: str) -> Row:
    mean = suite.scores[metric]
    n = f"n {mean.n}" + (f", {mean.unscored} unscored" if mean.unscored else "")
    value = "not scored" if mean.value is None else f"{100 * mean.value:.1f} %"
    lower = ", less is better" if METRICS[metric].better == "lower" else ""
    title = METRICS[metric].title
    small = title if title[1:2].isupper() or "@" in title else title[0].lower() + title[1:]
    label = f"{suite.title}: {small}{lower}"
    return Row(label, mean.value, mean.low, mean.high, f"{value}   {n}")


def headline(results: Sequence[CaseResult]) -> str:
    """What a reader must know first: what was wrong where it hurts."""
    labelled = [r for r in results if r.call]
    wrong = [r for r in labelled if r.call in HARMFUL or r.call == "other_system"]
    under, over = (sum(r.call == kind for r in labelled) for kind in ("under", "over"))
    refusable = [r.answer.get("outcome") for r in results if "refusal_recall" in r.scores]
    lines = []
    if labelled:
        lines.append(
            f"Wrong category shown in {len(wrong)} of {len(labelled)} cases "
            f"({under} under-called, {over} over-called)"
        )
    if refusable:
        answered = sum(outcome == "answer" for outcome in refusable)
        lines.append(f"{answered} of {len(refusable)} questions answered that should be refused")
    return f'<p class="lead">{escape("; ".join(lines))}.</p>' if lines else ""


def harm(suites: Sequence[SuiteSummary]) -> str:
    """A matrix of expected and shown categories for every guideline that has cases."""
    joined: dict[str, dict[str, dict[str, int]]] = {}
    for suite in suites:
        for guideline, matrix in suite.harm.items():
            into = joined.setdefault(
                guideline, {row: dict.fromkeys(cells, 0) for row, cells in matrix.items()}
            )
            for row, cells in matrix.items():
                for column, count in cells.items():
                    into[row][column] += count
    if not joined:
        return ""
    keys = (
        ("right", "right"),
        ("same", "wrong, same management"),
        ("under", "under-called"),
        ("over", "over-called"),
    )
    key = "".join(f'<span class="key {kind}">{words}</span>' for kind, words in keys)
    tables = "".join(matrix_table(guideline, matrix) for guideline, matrix in joined.items())
    return (
        f'<h2>Harm matrix</h2><p class="soft small">Rows: right category. Columns: shown. {key}</p>'
        f'<div class="grid">{tables}</div>'
    )


def matrix_table(guideline: str, matrix: Mapping[str, Mapping[str, int]]) -> str:
    scale = scales()[guideline]
    rows = [row for row in matrix if sum(matrix[row].values())]
    used = [c for c in scale.labels if c in rows or any(matrix[row][c] for row in rows)]
    columns = [*used, NO_CATEGORY]
    heads = "".join(f"<th>{escape(c if c != NO_CATEGORY else 'none')}</th>" for c in columns)
    body = "".join(
        f'<tr><th class="row">{escape(row)}</th>{"".join(_cell(scale, row, c, matrix[row][c]) for c in columns)}</tr>'
        for row in rows
    )
    return (
        f'<div class="panel scroll"><h3>{escape(guideline)}</h3>'
        f'<table class="matrix"><tr><th></th>{heads}</tr>{body}</table></div>'
    )


def _cell(scale: Scale, expected: str, shown: str, count: int) -> str:
    if not count:
        return '<td class="zero">0</td>'
    if shown == NO_CATEGORY:
        return f"<td>{count}</td>"
    kind = {"same_management": "same", "off_scale": "under"}.get(
        k := call(scale, expected, shown), k
    )
    return f'<td class="{kind}" title="{k.replace("_", " ")}">{count}</td>'


def curves(suites: Sequence[SuiteSummary]) -> str:
    """Recall over rank, and times."""
    series = [
        Series(suite.title, tuple((float(k), y) for k, y in enumerate(suite.curve, 1)))
        for suite in suites
        if len(suite.curve) > 1
    ][:4]
    left = (
        f'<div class="panel"><h3>Recall by rank</h3>{line_plot(series, "Recall by rank", "rank")}</div>'
        if series
        else ""
    )
    return f'<h2>Search and time</h2><div class="grid">{left}<div class="panel"><h3>Answer time</h3>{times(suites)}</div></div>'


def times(suites: Sequence[SuiteSummary]) -> str:
    rows = "".join(
        f"<tr><td>{escape(s.title)}</td>{''.join(f'<td class=n>{s.times[k]:.0f} ms</td>' for k in ('median', 'p95', 'slowest'))}</tr>"
        for s in suites
        if s.times
    )
    return (
        '<table><tr><th>Suite</th><th class="n">median</th><th class="n">95 %</th><th class="n">slowest</th></tr>'
        f'{rows}</table><p class="soft small">The slowest holds the loading of what was not loaded yet.</p>'
    )


def tables(suites: Sequence[SuiteSummary]) -> str:
    """Every score of every suite."""
    return "<h2>All scores</h2>" + '<div class="grid">' + "".join(map(_table, suites)) + "</div>"


def _table(suite: SuiteSummary) -> str:
    rows = "".join(
        f'<tr title="{escape(METRICS[name].formula)}"><td>{escape(METRICS[name].title)}</td>'
        f"<td>{escape(said(mean, METRICS[name].unit))}</td></tr>"
        for name, mean in suite.scores.items()
    )
    return (
        f'<div class="panel"><h3>{escape(suite.title)}</h3><p class="soft small">{escape(suite.about)}</p>'
        f"<table>{rows}</table></div>"
    )


def worst_cases(results: Sequence[CaseResult]) -> str:
    """The cases to look at first, folded."""
    found = worst(results)
    if not found:
        return '<h2>Worst cases</h2><p class="soft">No case has a fault.</p>'
    shown = "".join(_case(result, faults) for result, faults in found)
    return f'<h2>Worst cases</h2><p class="soft small">{len(found)} cases, the gravest first.</p><div class="panel">{shown}</div>'


def _case(result: CaseResult, faults: Sequence[Fault]) -> str:
    tags = "".join(f'<span class="tag {f.tone}">{escape(f.words)}</span>' for f in faults[:3])
    return (
        f'<details><summary><span class="id">{escape(result.id)}</span>{escape(result.question)}{tags}</summary>'
        f'<dl class="case">{_story(result)}</dl></details>'
    )


def _story(result: CaseResult) -> str:
    """Expectation, answer, statements with verdicts, what was withheld, evidence."""
    answer = result.answer
    expected = "; ".join(f"{key}: {_brief(value)}" for key, value in result.expected.items())
    parts = [
        _term("Expected", escape(expected)),
        _term("Decided", escape(result.signature or result.error)),
    ]
    if answer.get("text"):
        parts.append(_term("Answer", escape(str(answer["text"]))))
    parts += _listed(
        "Statements",
        [f"{s['text']} {s['citations']} ({s['verdict']})" for s in answer.get("statements", ())],
    )
    parts += _listed(
        "Withheld",
        [f"{w['text']} ({w['verdict']}: {w['reason']})" for w in answer.get("withheld", ())],
    )
    parts += _listed(
        "Evidence",
        [
            f"[{e['n']}] {e['guideline']}, {e['section']}: {e['quote']}"
            for e in answer.get("evidence", ())
        ][:6],
    )
    parts += _listed(
        "Found", [f"{', '.join(p['fact_ids'])}: {p['text']}" for p in answer.get("found", ())]
    )
    parts.append(_term("From", escape(f"{result.edition}; {result.origin}")))
    return "".join(parts)


def _brief(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _term(name: str, html: str) -> str:
    return f"<dt>{name}</dt><dd>{html}</dd>"


def _listed(name: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    items = "".join(f"<li>{escape(line[:600])}</li>" for line in lines)
    return [_term(name, f"<ol>{items}</ol>")]
