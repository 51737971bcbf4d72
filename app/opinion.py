"""Helpful or not: what a reader thought of an answer, with a reason, kept on this machine."""

from __future__ import annotations

import streamlit as st

from app import state
from app.audit import opinion_entry
from app.words import Words
from rag.types import Response

LONGEST_COMMENT = 500


def opinion_box(response: Response, words: Words) -> None:
    """Two buttons; "not helpful" asks what was wrong before it is kept."""
    given = st.session_state.setdefault("opinions", {})
    key = response.question
    with st.container(key="opinion", horizontal=True, vertical_alignment="center"):
        if given.get(key) == "kept":
            st.html(f'<p class="rc-kept" role="status">{words.kept}</p>')
            return
        st.button(
            words.helpful, icon=":material/thumb_up:", type="tertiary",
            on_click=_keep, args=(response, True),
        )  # fmt: skip
        st.button(
            words.not_helpful, icon=":material/thumb_down:", type="tertiary",
            on_click=given.__setitem__, args=(key, "asking"),
        )  # fmt: skip
    if given.get(key) == "asking":
        _reason_form(response, words)


def _reason_form(response: Response, words: Words) -> None:
    with st.form("reason", border=True):
        st.pills(
            words.what_was_wrong, list(words.reasons), key="reason_kind",
            format_func=words.reasons.__getitem__,
        )  # fmt: skip
        st.text_input(words.comment, key="reason_comment", max_chars=LONGEST_COMMENT)
        st.form_submit_button(words.keep, on_click=_keep, args=(response, False))


def _keep(response: Response, helpful: bool) -> None:
    reader = state.person()
    entry = opinion_entry(
        response,
        reader.id if reader else "",
        helpful,
        "" if helpful else st.session_state.get("reason_kind") or "",
        "" if helpful else st.session_state.get("reason_comment") or "",
    )
    state.feedback().append(entry)
    st.session_state.setdefault("opinions", {})[response.question] = "kept"
