"""A page's text box and its address, kept alike without writing over what is being typed.

What the reader typed and sent is in the box already. Setting it once more from the server would
replace the next words, which may stand there before the page has answered; so a box is set only
where the address changed in another way: a link, a button, the browser's way back.
"""

from __future__ import annotations

import streamlit as st


def follow(box: str, said: str) -> None:
    """Put the address's text into the box with this key, where it did not come from there."""
    if st.session_state.get(_known(box)) != said or box not in st.session_state:
        st.session_state[box] = said
        note(box, said)


def note(box: str, said: str) -> None:
    """Remember that ``said`` is in the address because the box held it."""
    st.session_state[_known(box)] = said


def _known(box: str) -> str:
    return f"{box} in address"
