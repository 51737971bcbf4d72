"""Entry of the browser app: pages, the line that says what answers, and the disclaimer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.frame import footer, status_line
from app.words import EN

ICON = Path(__file__).resolve().parent / "assets" / "icon.svg"

st.set_page_config(page_title=EN.product, page_icon=ICON, layout="wide", initial_sidebar_state=210)
page = st.navigation(
    [
        st.Page("pages/ask.py", title=EN.page_ask, icon=":material/search:", default=True),
        st.Page(
            "pages/guidelines.py",
            title=EN.page_guidelines,
            icon=":material/menu_book:",
            url_path="guidelines",
        ),
        st.Page(
            "pages/settings.py",
            title=EN.page_settings,
            icon=":material/tune:",
            url_path="settings",
        ),
    ]
)
status_line()
page.run()
footer()
