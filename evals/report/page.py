"""The report page of a run: one file that needs no network, no script library and no picture."""

from __future__ import annotations

from pathlib import Path

from evals.report import blocks
from evals.run.store import REPORT, Run

STYLE = Path(__file__).with_name("report.css")

TOGGLE = (
    "document.querySelector('button.theme').addEventListener('click', () => {"
    "const root = document.documentElement;"
    "root.dataset.theme = root.dataset.theme === 'light' ? 'dark' : 'light';});"
)


def page(run: Run) -> str:
    """The whole page as HTML."""
    body = "".join([
        blocks.head(run), blocks.headline(run.cases), blocks.overview(run.suites), blocks.harm(run.suites),
        blocks.curves(run.suites), blocks.worst_cases(run.cases), blocks.tables(run.suites),
    ])  # fmt: skip
    return document(f"radcite, measured: {run.id}", body)


def document(title: str, body: str) -> str:
    """A page around a body, with style and the switch between light and dark."""
    return (
        '<!doctype html><html lang="en" data-theme="dark"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body><main>{body}<footer>Not for diagnosis or treatment decisions. Cases were written for this "
        "project or come from the files named in each; see evals/README.md.</footer></main>"
        f"<script>{TOGGLE}</script></body></html>\n"
    )


def write_report(folder: Path, run: Run) -> Path:
    """Write the page beside the run's JSON; returns its path."""
    path = folder / REPORT
    path.write_text(page(run), encoding="utf-8")
    return path
