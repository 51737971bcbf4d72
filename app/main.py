"""Entry of the browser app: who reads, pages, the line that says what answers, the disclaimer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import state
from app.frame import footer, status_line
from app.words import EN

ICON = Path(__file__).resolve().parent / "assets" / "icon.svg"

st.set_page_config(page_title=EN.product, page_icon=ICON, layout="wide", initial_sidebar_state=210)
words = state.words()
known = state.person() is not None
pages = [
    st.Page("pages/ask.py", title=words.page_ask, icon=":material/search:", default=True),
    st.Page("pages/grade.py", title=words.page_grade, icon=":material/straighten:",
            url_path="grade"),
    st.Page("pages/appropriateness.py", title=words.page_appropriateness,
            icon=":material/rule:", url_path="appropriateness"),
    st.Page("pages/guidelines.py", title=words.page_guidelines, icon=":material/menu_book:",
            url_path="guidelines"),
    st.Page("pages/quality.py", title=words.page_quality, icon=":material/monitoring:",
            url_path="quality"),
    st.Page("pages/settings.py", title=words.page_settings, icon=":material/tune:",
            url_path="settings"),
]  # fmt: skip
signing_in = [st.Page("pages/sign_in.py", title=words.sign_in, default=True)]
page = st.navigation(pages if known else signing_in, position="sidebar" if known else "hidden")
if known:
    status_line()
page.run()
footer()
