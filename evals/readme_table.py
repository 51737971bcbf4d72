"""The README's results table: made from the summary of a run, so that no figure is typed by hand.

    radcite eval table            after `radcite eval run all`: writes the summary and the README's table

The summary (``evals/data/results.json``) is committed; a test holds the README to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evals.errors import EvaluationError
from evals.metric_names import METRICS
from evals.report.blocks import leading
from evals.run.stamp import ROOT
from evals.run.store import Run

SUMMARY = Path(__file__).resolve().parent / "data" / "results.json"
README = ROOT / "README.md"
BEGIN, END = "<!-- results: radcite eval table -->", "<!-- end of results -->"

Json = Mapping[str, Any]


def summary(run: Run) -> dict[str, Any]:
    """What the table needs of a run, and what it was run on."""
    index = run.about.get("index") or {}
    return {
        "run": run.id, "started": run.started[:10], "commit": run.about.get("commit"),
        "model": run.about.get("model"), "machine": run.about.get("machine"),
        "passages": index.get("passages"), "cases": len(run.cases), "seconds": run.seconds,
        "rows": [
            {
                "suite": suite.title, "metric": metric, "n": mean.n, "unscored": mean.unscored,
                "value": _rounded(mean.value), "low": _rounded(mean.low), "high": _rounded(mean.high),
            }
            for suite in run.suites
            for metric in leading(suite)
            for mean in [suite.scores[metric]]
        ],
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def table(results: Json) -> str:
    """The summary as Markdown."""
    lines = ["| suite | score | | 95 % interval | n |", "|---|---|---|---|---|"]
    lines += [_line(row) for row in results["rows"]]
    model = results["model"] or "no language model"
    lines.append("")
    lines.append(
        f"{results['cases']} cases, {model}, {results['passages']:,} passages, {results['machine']}, "
        f"{results['started']}, commit {results['commit']}. `radcite eval run all` makes these figures on your machine."
    )
    return "\n".join(lines)


def _line(row: Json) -> str:
    metric = METRICS[row["metric"]]
    lower = " (less is better)" if metric.better == "lower" else ""
    value = "not scored" if row["value"] is None else f"{100 * row['value']:.0f} %"
    bounds = "" if row["low"] is None else f"{100 * row['low']:.0f} to {100 * row['high']:.0f}"
    n = f"{row['n']}" + (f", {row['unscored']} unscored" if row["unscored"] else "")
    return f"| {row['suite']} | {metric.title}{lower} | {value} | {bounds} | {n} |"


def put(readme: str, made: str, begin: str = BEGIN, end: str = END) -> str:
    """The README with the table between its markers.

    Raises:
        EvaluationError: the markers are not there.
    """
    if begin not in readme or end not in readme:
        raise EvaluationError(f"the README lacks the lines {begin} and {end}")
    before, rest = readme.split(begin, 1)
    after = rest.split(end, 1)[1]
    return f"{before}{begin}\n{made}\n{end}{after}"


def write(run: Run, readme: Path = README, results: Path = SUMMARY) -> None:
    """Write the summary of the run and the table of the README from it."""
    made = summary(run)
    results.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    readme.write_text(put(readme.read_text(encoding="utf-8"), table(made)), encoding="utf-8")
