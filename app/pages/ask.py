"""Ask: the question on top, the answer left, its evidence right."""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import asking, state
from app.address_box import follow
from app.answer_page import answer_columns, progress_html
from app.badge import badge_of
from app.frame import guarded
from app.literal import literal
from app.opinion import opinion_box
from app.route_line import route_line
from app.shelf_markup import shelf_html
from app.view import view_of
from rag.errors import RadciteError
from rag.types import Response

words = state.words()


def question_box() -> None:
    """One line, Enter asks; leaving the box does not."""
    follow(asking.BOX, asking.asked().question)
    with st.form("ask", border=False, enter_to_submit=True), st.container(horizontal=True):
        st.text_input(
            words.question,
            key=asking.BOX,
            placeholder=words.placeholder,
            label_visibility="collapsed",
        )
        st.form_submit_button(words.ask, type="primary", on_click=asking.ask_box)


def examples() -> None:
    """One row for each thing that a reader may come for."""
    with st.container(key="examples"):
        for row, (purpose, questions) in enumerate(words.example_questions):
            with st.container(key=f"examples_{row}", horizontal=True):
                st.html(f'<span class="rc-label">{escape(purpose)}</span>', width="content")
                for text in questions:
                    st.button(
                        literal(text), key=f"example {text}", on_click=asking.ask_for, args=(text,),
                        type="tertiary",
                    )  # fmt: skip


def empty_page() -> None:
    st.html(
        f'<section class="rc-empty"><h1>{escape(words.empty_title)}</h1>'
        f"<p>{escape(words.empty_text)}</p></section>"
    )
    examples()
    shelf, labels = state.parts().shelf, state.labels()
    current = [edition for edition in shelf.editions() if not edition.superseded]
    st.html(shelf_html([badge_of(edition, labels, words) for edition in current], words))


def stopped_page() -> None:
    st.html(
        f'<section class="rc-empty" role="status"><h1>{escape(words.stopped)}</h1>'
        f"<p>{escape(words.stopped_text)}</p></section>"
    )
    st.button(words.ask_again, on_click=asking.ask_again)


def answered_page() -> None:
    """The answer; while it is made, what has passed its checks so far and a way to stop."""
    place = st.empty()
    try:
        response = answer_shown_as_it_comes(place)
        # What was taken over stands above the answer, to be dropped there.
        view = view_of(replace(response, carried_over={}), state.labels(), words)
    except RadciteError:
        place.empty()
        raise
    with place.container():
        route_line(response, words)
        answer_columns(view, words, lambda: opinion_box(response, words))
        if view.tone == "refusal" and not view.cards:
            examples()


def answer_shown_as_it_comes(place: DeltaGenerator) -> Response:
    if asking.is_answered():
        return asking.answer(lambda _: None)
    with place.container(), st.container(key="underway"):
        said = st.empty()
        with st.container(key="stop"):
            st.button(words.stop, icon=":material/stop_circle:", on_click=asking.stop)

    def tell(progress: asking.Progress) -> None:
        said.html(progress_html(progress, words))

    tell(asking.Progress())
    return asking.answer(tell)


def page() -> None:
    if not asking.asked().question:
        empty_page()
    elif asking.is_stopped():
        stopped_page()
    else:
        answered_page()


question_box()
guarded(page)
