"""Quality: what answers now, how well it did, what drifted, what was withheld, what readers said."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import state
from app.audit import as_csv
from app.frame import guarded
from app.html_parts import definitions_html
from app.quality import newest_runs, opinions_in, report_of, withheld_in, worst_cases
from app.quality_markup import (
    drift_html,
    feedback_html,
    runs_html,
    section_html,
    withheld_html,
    worst_html,
)
from app.standing import answering_rows, index_rows
from evals.drift.charts import charts
from evals.drift.history import read_history

words = state.words()


def now() -> None:
    rows = [*answering_rows(words), *index_rows(words)]
    st.html(section_html(words.answering_now, definitions_html(rows)))


def drift() -> None:
    points = read_history(state.settings().home_dir)
    st.html(section_html(words.drift, drift_html(charts(points), words)))


def evaluations() -> None:
    runs = newest_runs(state.settings().home_dir)
    st.html(section_html(words.evaluations, runs_html(runs, words)))
    if runs and (report := report_of(state.settings().home_dir, runs[0])):
        st.download_button(
            words.report_page, report, f"radcite-{runs[0].id}.html", "text/html",
            icon=":material/description:", on_click="ignore",
        )  # fmt: skip
    worst = worst_html(worst_cases(runs[0]), words) if runs else ""
    if worst:
        st.html(section_html(words.worst_cases, worst))


def withheld() -> None:
    entries = state.audit().read(months=2).rows
    st.html(section_html(words.withheld_title, withheld_html(withheld_in(entries), words)))


def feedback() -> None:
    opinions = opinions_in(state.feedback().read().rows)
    st.html(section_html(words.feedback, feedback_html(opinions, words)))
    if opinions.rows and state.is_librarian():
        st.download_button(
            words.export_csv, as_csv(opinions.rows), "radcite-feedback.csv", "text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip


st.html(f'<h1 class="rc-title rc-top">{escape(words.quality_title)}</h1>')
for part in (now, drift, evaluations, withheld, feedback):
    guarded(part)
