"""Guidelines: the shelf to read. Statements by section, categories, decision tables."""

from __future__ import annotations

import streamlit as st

from app import state
from app.badge import badge_of
from app.document_page import documents_page
from app.editions_markup import differences_html, editions_html
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
from rag.knowledge.edition_diff import edition_diff, since
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
    if st.session_state.get("shown_guideline") != asked or "guideline" not in st.session_state:
        st.session_state["shown_guideline"] = asked
        st.session_state["guideline"] = asked if asked in names else ids[0]
    return st.selectbox(
        words.guideline, ids, key="guideline", format_func=names.__getitem__, on_change=changed,
        label_visibility="collapsed",
    )  # fmt: skip


def changed() -> None:
    chosen = st.session_state["guideline"]
    if chosen != st.session_state.get("shown_guideline"):
        st.query_params.from_dict({"g": chosen})
        st.session_state["shown_guideline"] = chosen


def shelf_part() -> str:
    """Whether the guidelines or the department's documents are read: the address says."""
    query = st.query_params
    named = "documents" if "d" in query or "documents" in query else "builtin"
    parts = {"builtin": words.builtin, "documents": words.documents}
    chosen = st.segmented_control(
        words.page_guidelines, list(parts), default=named, key=f"part {named}",
        format_func=parts.__getitem__, label_visibility="collapsed",
        on_change=to_part, args=(f"part {named}", named),
    )  # fmt: skip
    return chosen or named


def to_part(key: str, named: str) -> None:
    chosen = st.session_state.get(key)
    if chosen not in (None, named):
        st.query_params.from_dict({"documents": "1"} if chosen == "documents" else {})


def page() -> None:
    if shelf_part() == "documents":
        documents_page(words)
    else:
        guidelines_page()


def guidelines_page() -> None:
    shelf = state.parts().shelf
    ids = [name for family in shelf.families.values() for name in family]
    # What is text and tables comes first; topics with scenarios are there to be asked, not read.
    ids.sort(key=lambda name: name in shelf.with_topics)
    editions = tuple(map(shelf.edition, ids))
    with st.container(key="shelf", horizontal=True):
        guideline = chosen_guideline(editions)
        wanted = st.text_input(
            words.find, placeholder=words.find, label_visibility="collapsed", type="search",
            live=True,
        )  # fmt: skip
    view = guideline_view(shelf.get(guideline), state.labels(), shelf.notice(guideline), words)
    with st.container(key="guidelinepage"):
        left, right = st.columns([74, 26], gap="large")
    with left:
        if wanted.strip():
            st.html(facts_html(found_in(view, wanted), "", guideline, words))
            return
        chosen = st.query_params.get("fact", "")
        st.html(
            guideline_head(view, words)
            + editions_of(guideline)
            + f'<div class="rc-fold">{folded(words.contents, contents_html(view, words))}</div>'
            + categories_html(view, words)
            + facts_html(view.sections, chosen, guideline, words)
            + tables_html(view, chosen, words)
        )  # fmt: skip
    with right:
        st.html(contents_html(view, words))


def editions_of(guideline: str) -> str:
    """The other editions on the shelf, and what changed since the one before."""
    shelf, labels = state.parts().shelf, state.labels()
    family = next(ids for ids in shelf.families.values() if guideline in ids)
    badges = [badge_of(shelf.edition(name), labels, words) for name in family]
    before = since(shelf.corpus / guideline)
    changed = differences_html(edition_diff(shelf, before, guideline), words) if before else ""
    return editions_html(badges, guideline, words) + changed


guarded(page)
