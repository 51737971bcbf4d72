"""Sign in: the only page of someone who has not, where people sign in."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import state

words = state.words()
with st.container(key="signin"):
    st.html(
        f'<section class="rc-empty"><h1>{escape(words.sign_in_title)}</h1>'
        f"<p>{escape(words.sign_in_text)}</p></section>"
    )
    st.button(words.sign_in, type="primary", icon=":material/login:", on_click=st.login)
