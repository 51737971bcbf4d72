"""Settings: how the page looks, what answers, who is reading, and what is written down."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.metadata import version

import streamlit as st

from app import state
from app.audit import as_csv, as_json_lines
from app.frame import guarded, say_done
from app.html_parts import definitions_html, icon
from app.literal import literal
from app.model_setting import check_endpoint, endpoint_is_ours, put_endpoint
from app.preferences import SIZES
from app.standing import answering_rows, index_rows
from app.words import LANGUAGES
from rag.errors import RadciteError

words = state.words()
THEMES = (
    ("Dark", words.dark, "dark_mode"),
    ("Light", words.light, "light_mode"),
    ("System", words.system, "contrast"),
)


def choices_html(name: str, label: str, choices: Sequence[tuple[str, str, str]]) -> str:
    """Buttons of one preference; the script marks the one in force and keeps the choice."""
    buttons = "".join(
        f'<button class="rc-choice" data-prefer="{name}" data-value="{value}" aria-pressed="false">'
        f"{icon(symbol) if symbol else ''}{escape(said)}</button>"
        for value, said, symbol in choices
    )
    return f'<div class="rc-choices" role="group" aria-label="{escape(label)}">{buttons}</div>'


def keys_html() -> str:
    rows = [(f"<kbd>{escape(key)}</kbd>", escape(what)) for key, what in words.shortcut_list]
    return f'<dl class="rc-facts">{"".join(f"<dt>{k}</dt><dd>{w}</dd>" for k, w in rows)}</dl>'


def section(title: str, body: str) -> str:
    return f'<section class="rc-section"><h2>{escape(title)}</h2>{body}</section>'


def text(said: str) -> str:
    return f"<p>{escape(said)}</p>"


def looks() -> None:
    languages = [(code, name, "") for code, name in LANGUAGES.items()]
    sizes = list(zip(SIZES, (words.small, words.normal, words.large), ("",) * 3, strict=True))
    st.html(
        section(words.theme, choices_html("theme", words.theme, THEMES))
        + section(
            words.language,
            choices_html("language", words.language, languages) + text(words.language_note),
        )
        + section(
            words.text_size,
            choices_html("size", words.text_size, sizes) + text(words.kept_in_browser),
        )
        + section(words.shortcuts, keys_html())
    )


def model() -> None:
    """What answers; a librarian may connect another endpoint where no variable fixes it."""
    st.html(section(words.answering, definitions_html(answering_rows(words))))
    if state.is_librarian() and endpoint_is_ours():
        with (
            st.form("endpoint", border=False),
            st.container(horizontal=True, vertical_alignment="bottom"),
        ):
            url = st.text_input(words.endpoint, value=state.settings().llm_url or "",
                                placeholder="http://127.0.0.1:8000/v1")  # fmt: skip
            kept = st.form_submit_button(words.keep)
        if kept:
            keep_endpoint(url.strip())
    if state.settings().llm_url and st.button(words.endpoint_check, icon=":material/cable:"):
        say_whether_it_answers()


def keep_endpoint(url: str) -> None:
    put_endpoint(url)
    state.note_down("model endpoint set", url or "none")
    st.rerun()


def say_whether_it_answers() -> None:
    try:
        say_done(words.endpoint_answers.format(model=check_endpoint(state.settings())))
    except RadciteError as error:
        said = words.endpoint_silent.format(reason=error)
        st.html(f'<p class="rc-bad" role="alert">{icon("error")}{escape(said)}</p>')


def people() -> None:
    reader = state.person()
    if reader is None:
        return
    role = words.role_librarian if reader.librarian else words.role_reader
    rows = [(words.signed_in, reader.name), (words.role, role)]
    note = "" if state.signs_in() else text(words.no_provider)
    st.html(section(words.people, definitions_html(rows) + note))
    if state.signs_in():
        st.button(literal(words.sign_out), icon=":material/logout:", on_click=st.logout)


def audit() -> None:
    days = state.settings().audit_days
    kept = words.days_n.format(n=days) if days else words.audit_off
    entries = state.audit().read().rows if state.is_librarian() else ()
    rows = [(words.audit_kept, kept)]
    rows += [(words.entries, f"{len(entries):,}")] if state.is_librarian() else []
    more = "" if state.is_librarian() else text(words.only_for_librarians)
    st.html(section(words.audit, text(words.audit_note) + definitions_html(rows) + more))
    if entries:
        with st.container(horizontal=True):
            st.download_button(words.export_csv, as_csv(entries), "radcite-audit.csv", "text/csv",
                               on_click="ignore")  # fmt: skip
            st.download_button(words.export_jsonl, as_json_lines(entries), "radcite-audit.jsonl",
                               "application/jsonl", on_click="ignore")  # fmt: skip


def about() -> None:
    rows = definitions_html([(words.version, version("radcite"))])
    st.html(
        section(words.index_title, definitions_html(index_rows(words)))
        + section(words.privacy, text(words.privacy_note))
        + section(words.about, text(words.disclaimer_long) + rows)
    )


st.html(f'<h1 class="rc-title rc-top">{escape(words.page_settings)}</h1>')
left, right = st.columns(2, gap="large")
with left:
    guarded(looks)
    guarded(people)
with right:
    guarded(model)
    guarded(audit)
    guarded(about)
