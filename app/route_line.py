"""The line between question and answer: how the question was read, and how to read it otherwise."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import asking, state
from app.literal import literal
from app.words import Words
from rag.answering.forced_route import FORCED_ROUTES, ForcedRoute
from rag.types import Response

ALL = ""


def route_line(response: Response, words: Words) -> None:
    """The route taken and the guideline it is limited to, both to be changed; what was taken over."""
    now = asking.asked()
    stamp = f"{now.question} {now.route} {now.guideline}"
    taken = response.route if response.route in FORCED_ROUTES else None
    with st.container(key="route", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            words.read_as,
            FORCED_ROUTES,
            key=f"route {stamp}",
            default=taken,
            format_func=words.routes.__getitem__,
            on_change=_by_route,
            args=(f"route {stamp}", taken),
            label_visibility="collapsed",
        )
        _limited(words, f"limit {stamp}", now.guideline)
    if response.carried_over:
        _taken_over(response, now, words)


def _limited(words: Words, key: str, chosen: str) -> None:
    """The guideline that the question is limited to."""
    names = {ALL: words.all_guidelines}
    names |= {edition.guideline: edition.label for edition in state.parts().shelf.editions()}
    ids = list(names)
    shown = chosen if chosen in names else ALL
    st.selectbox(
        words.limited_to,
        ids,
        index=ids.index(shown),
        key=key,
        format_func=names.__getitem__,
        on_change=_limit,
        args=(key, shown),
        label_visibility="collapsed",
        width=220,
    )


# Streamlit also calls these when a question is asked while the answer before it is still being
# drawn, with what the control has shown from the start: then nobody chose anything.


def _by_route(key: str, shown: ForcedRoute | None) -> None:
    chosen = st.session_state[key]
    if chosen not in (None, shown):
        asking.ask_again(route=chosen)


def _limit(key: str, shown: str) -> None:
    chosen = st.session_state[key]
    if chosen != shown:
        asking.ask_again(guideline=chosen)


def _taken_over(response: Response, now: asking.Asked, words: Words) -> None:
    """What the question took over from the ones before, and the way to ask without it."""
    labels = state.labels()
    chips = "".join(
        f'<span class="rc-chip" title="{escape(labels.name(name))}">'
        f'<span class="rc-sr">{escape(labels.name(name))}: </span>'
        f"{escape(labels.value(name, value) if isinstance(value, str) else f'{value:g}')}</span>"
        for name, value in response.carried_over.items()
    )
    before = words.follows_question.format(question=now.after[-1]) if now.after else ""
    with st.container(key="takenover", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="rc-takenover"><span class="rc-label" title="{escape(before)}">'
            f'{escape(words.follows)}</span><span class="rc-chips">{chips}</span></div>',
            width="content",
        )
        st.button(
            literal(words.ask_alone), icon=":material/close:", type="tertiary",
            on_click=asking.ask_alone,
        )  # fmt: skip
