"""Settings: what answers, from which index, how the page looks, and what radcite is not."""

from __future__ import annotations

from html import escape
from importlib.metadata import version

import streamlit as st

from app import state
from app.doctor import age
from app.markup import definitions_html, icon
from app.words import EN

THEMES = (
    ("Dark", EN.dark, "dark_mode"),
    ("Light", EN.light, "light_mode"),
    ("System", EN.system, "contrast"),
)


def answering() -> list[tuple[str, str]]:
    settings = state.settings()
    mode = EN.mode_evidence
    if settings.llm_url:
        mode = EN.mode_llm.format(model=settings.llm_model or EN.asked_of_endpoint)
    return [(EN.mode, mode), (EN.endpoint, settings.llm_url or EN.no_endpoint)]


def index() -> list[tuple[str, str]]:
    settings, current = state.settings(), state.index_state()
    if current is None:
        return [
            (EN.index_title, f"{EN.index_none}. {EN.index_hint}"),
            (EN.folder, str(settings.home_dir)),
        ]
    return [
        (EN.fingerprint, current.fingerprint),
        (EN.embedding, f"{current.model_id} ({current.dimension})"),
        (EN.passages, f"{current.passages:,}"),
        (EN.documents, str(len(current.documents))),
        (EN.built, age(current.created)),
        (EN.folder, str(settings.home_dir)),
    ]


def themes_html() -> str:
    """Three buttons; the script marks the one in force and keeps the choice in this browser."""
    buttons = "".join(
        f'<button class="rc-choice" data-theme-choice="{value}" aria-pressed="false">'
        f"{icon(symbol)}{escape(name)}</button>"
        for value, name, symbol in THEMES
    )
    return f'<div class="rc-choices" role="group" aria-label="{escape(EN.theme)}">{buttons}</div>'


def keys_html() -> str:
    rows = [(f"<kbd>{escape(key)}</kbd>", escape(what)) for key, what in EN.shortcut_list]
    return f'<dl class="rc-facts">{"".join(f"<dt>{k}</dt><dd>{w}</dd>" for k, w in rows)}</dl>'


def section(title: str, body: str) -> str:
    return f'<section class="rc-section"><h2>{escape(title)}</h2>{body}</section>'


def text(words: str) -> str:
    return f"<p>{escape(words)}</p>"


st.html(f'<h1 class="rc-title rc-top">{escape(EN.page_settings)}</h1>')
left, right = st.columns(2, gap="large")
with left:
    st.html(section(EN.answering, definitions_html(answering())))
    st.html(section(EN.index_title, definitions_html(index())))
    st.html(
        section(
            EN.about,
            text(EN.disclaimer_long) + definitions_html([(EN.version, version("radcite"))]),
        )
    )
with right:
    st.html(section(EN.theme, themes_html()))
    st.html(section(EN.language, text(EN.language_note)))
    st.html(section(EN.shortcuts, keys_html()))
    st.html(section(EN.privacy, text(EN.privacy_note)))
