"""Guidelines: the shelf to read. Statements by section, categories, decision tables."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import state
from app.frame import guarded
from app.shelf_markup import (
    categories_html,
    contents_html,
    facts_html,
    folded,
    guideline_head,
    tables_html,
)
from app.shelf_view import found_in, guideline_view
from rag.types import Edition

words = state.words()


def chosen_guideline(editions: tuple[Edition, ...]) -> str:
    """The guideline in the address, else the first; choosing another puts it there."""
    names = {
        e.guideline: f"{e.label} ({words.superseded})" if e.superseded else e.label
        for e in editions
    }
    asked = st.query_params.get("g", "")
    ids = list(names)
    if st.session_state.get("shown_guideline") != asked:
        st.session_state["shown_guideline"] = asked
        st.session_state["guideline"] = asked if asked in names else ids[0]
    return st.selectbox(
        words.guideline, ids, key="guideline", format_func=names.__getitem__, on_change=changed,
        label_visibility="collapsed",
    )  # fmt: skip


def changed() -> None:
    st.query_params.clear()
    st.query_params["g"] = st.session_state["shown_guideline"] = st.session_state["guideline"]


def page() -> None:
    shelf = state.parts().shelf
    ids = [name for family in shelf.families.values() for name in family]
    # What is text and tables comes first; topics with scenarios are there to be asked, not read.
    ids.sort(key=lambda name: name in shelf.with_topics)
    editions = tuple(map(shelf.edition, ids))
    if not editions:
        st.html(
            f'<p class="rc-muted">{escape(words.shelf_empty.format(folder=state.settings().corpus))}</p>'
        )
        return
    with st.container(key="shelf", horizontal=True):
        guideline = chosen_guideline(editions)
        wanted = st.text_input(
            words.find,
            placeholder=words.find,
            label_visibility="collapsed",
            type="search",
            live=True,
        )
    view = guideline_view(shelf.get(guideline), state.labels(), shelf.notice(guideline), words)
    with st.container(key="guidelinepage"):
        left, right = st.columns([74, 26], gap="large")
    with left:
        if wanted.strip():
            st.html(facts_html(found_in(view, wanted)))
            return
        st.html(
            guideline_head(view)
            + f'<div class="rc-fold">{folded(words.contents, contents_html(view))}</div>'
            + categories_html(view)
            + facts_html(view.sections, st.query_params.get("fact", ""))
            + tables_html(view)
        )  # fmt: skip
    with right:
        st.html(contents_html(view))


guarded(page)
