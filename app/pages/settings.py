"""Settings: what answers, from which index, how the page looks, and what radcite is not."""

from __future__ import annotations

from html import escape
from importlib.metadata import version

import streamlit as st

from app import state
from app.doctor import age
from app.markup import definitions_html, icon

words = state.words()
THEMES = (
    ("Dark", words.dark, "dark_mode"),
    ("Light", words.light, "light_mode"),
    ("System", words.system, "contrast"),
)


def answering() -> list[tuple[str, str]]:
    settings = state.settings()
    mode = words.mode_evidence
    if settings.llm_url:
        mode = words.mode_llm.format(model=settings.llm_model or words.asked_of_endpoint)
    return [(words.mode, mode), (words.endpoint, settings.llm_url or words.no_endpoint)]


def index() -> list[tuple[str, str]]:
    settings, current = state.settings(), state.index_state()
    if current is None:
        return [
            (words.index_title, f"{words.index_none}. {words.index_hint}"),
            (words.folder, str(settings.home_dir)),
        ]
    return [
        (words.fingerprint, current.fingerprint),
        (words.embedding, f"{current.model_id} ({current.dimension})"),
        (words.passages, f"{current.passages:,}"),
        (words.documents, str(len(current.documents))),
        (words.built, age(current.created)),
        (words.folder, str(settings.home_dir)),
    ]


def themes_html() -> str:
    """Three buttons; the script marks the one in force and keeps the choice in this browser."""
    buttons = "".join(
        f'<button class="rc-choice" data-prefer="theme" data-value="{value}" aria-pressed="false">'
        f"{icon(symbol)}{escape(name)}</button>"
        for value, name, symbol in THEMES
    )
    return (
        f'<div class="rc-choices" role="group" aria-label="{escape(words.theme)}">{buttons}</div>'
    )


def keys_html() -> str:
    rows = [(f"<kbd>{escape(key)}</kbd>", escape(what)) for key, what in words.shortcut_list]
    return f'<dl class="rc-facts">{"".join(f"<dt>{k}</dt><dd>{w}</dd>" for k, w in rows)}</dl>'


def section(title: str, body: str) -> str:
    return f'<section class="rc-section"><h2>{escape(title)}</h2>{body}</section>'


def text(words: str) -> str:
    return f"<p>{escape(words)}</p>"


st.html(f'<h1 class="rc-title rc-top">{escape(words.page_settings)}</h1>')
left, right = st.columns(2, gap="large")
with left:
    st.html(section(words.answering, definitions_html(answering())))
    st.html(section(words.index_title, definitions_html(index())))
    st.html(
        section(
            words.about,
            text(words.disclaimer_long) + definitions_html([(words.version, version("radcite"))]),
        )
    )
with right:
    st.html(section(words.theme, themes_html()))
    st.html(section(words.language, text(words.language_note)))
    st.html(section(words.shortcuts, keys_html()))
    st.html(section(words.privacy, text(words.privacy_note)))
