"""Ask: the question on top, the answer left, its evidence right."""

from __future__ import annotations

from html import escape

import streamlit as st

from app import state
from app.badge import badge_of
from app.follow_up import with_number
from app.frame import error_card
from app.literal import literal
from app.markup import actions_html, body_html, evidence_html, head_html, icon
from app.shelf_markup import shelf_html
from app.view import AnswerView, view_of
from app.words import EN
from rag.errors import RadciteError


def question_box() -> None:
    """One line, Enter asks; leaving the box does not."""
    asked = state.question()
    if st.session_state.get("shown_question") != asked:
        st.session_state["shown_question"] = asked
        st.session_state["question"] = asked
    with st.form("ask", border=False, enter_to_submit=True), st.container(horizontal=True):
        st.text_input(
            EN.question, key="question", placeholder=EN.placeholder, label_visibility="collapsed"
        )
        st.form_submit_button(EN.ask, type="primary", on_click=submitted)


def submitted() -> None:
    state.ask_for(st.session_state["question"])


def examples() -> None:
    with st.container(key="examples", horizontal=True):
        st.html(f'<span class="rc-label">{escape(EN.examples)}</span>', width="content")
        for text in EN.example_questions:
            st.button(
                literal(text), key=f"example {text}", on_click=state.ask_for, args=(text,),
                type="tertiary",
            )  # fmt: skip


def empty_page() -> None:
    st.html(
        f'<section class="rc-empty"><h1>{escape(EN.empty_title)}</h1>'
        f"<p>{escape(EN.empty_text)}</p></section>"
    )
    examples()
    shelf, labels = state.parts().shelf, state.labels()
    current = [edition for edition in shelf.editions() if not edition.superseded]
    st.html(shelf_html([badge_of(edition, labels) for edition in current]))


def answer_page(text: str) -> None:
    place = st.empty()
    if not state.is_answered(text):
        place.html(
            f'<p class="rc-checking" role="status">{icon("progress_activity")}{escape(EN.checking)}</p>'
        )
    try:
        view = view_of(state.answer(text), state.labels())
    except RadciteError:
        place.empty()
        raise
    with place.container():
        show(view)


def show(view: AnswerView) -> None:
    """Answer and evidence side by side; on narrow pages the evidence folds into the answer."""
    with st.container(key="split"):
        left, right = st.columns([55, 45], gap="large")
    with left, st.container(key="answer"):
        st.html(head_html(view))
        ways_on(view)
        st.html(body_html(view))
        other_scenarios(view)
        st.html(actions_html(view))
    if view.cards:
        with right, st.container(key="evidence"):
            st.html(evidence_html(view))
    elif view.tone == "refusal":
        with left:
            examples()


def ways_on(view: AnswerView) -> None:
    """The missing detail as buttons, or as a number with its unit."""
    if view.question_back:
        st.html(f'<p class="rc-back">{escape(view.question_back)}</p>')
    if view.choices:
        with st.container(key="choices", horizontal=True):
            for i, choice in enumerate(view.choices):
                st.button(
                    literal(choice.label), key=f"choice {i} {choice.question}",
                    on_click=state.ask_for, args=(choice.question,),
                )  # fmt: skip
    if view.number:
        number_box(view)


def other_scenarios(view: AnswerView) -> None:
    """The scenarios that came next, each one click away."""
    if view.table is None or not view.table.others:
        return
    with st.expander(EN.other_scenarios), st.container(key="others"):
        for i, other in enumerate(view.table.others):
            st.button(
                literal(other.label), key=f"other {i} {other.question}", type="tertiary",
                on_click=state.ask_for, args=(other.question,),
            )  # fmt: skip


def number_box(view: AnswerView) -> None:
    wanted = view.number
    if wanted is None:
        return
    with (
        st.form("number", border=False),
        st.container(key="number", horizontal=True, vertical_alignment="bottom"),
    ):
        st.number_input(
            literal(EN.unit_prompt.format(label=wanted.label, unit=wanted.unit)),
            key="number_value", value=None, min_value=0.0, step=None, width=220,
        )  # fmt: skip
        st.form_submit_button(EN.add_detail, on_click=add_number, args=(view,))


def add_number(view: AnswerView) -> None:
    value = st.session_state.get("number_value")
    if view.number and value is not None:
        state.ask_for(with_number(view.question, view.number, value))


question_box()
try:
    answer_page(state.question()) if state.question() else empty_page()
except RadciteError as error:
    error_card(error)
