"""An answer on the page: statements as they pass their checks, then answer and evidence."""

from __future__ import annotations

import base64
from collections.abc import Callable
from html import escape

import streamlit as st

from app import asking, state
from app.document_shelf import picture
from app.evidence_markup import evidence_html
from app.follow_up import with_number
from app.html_parts import icon
from app.literal import literal
from app.markup import actions_html, body_html, head_html
from app.view import AnswerView, Card
from app.words import Words
from ingest.manifest import load_library
from rag.errors import DocumentError

SHOWN_PAGES = 4
THUMB_SCALE = 0.9
"""Pages drawn beside an answer, and how large; the whole page is one click away."""

SLOW_S = 6.0
"""After this long the page says that it takes longer than usual."""


def progress_html(progress: asking.Progress, words: Words) -> str:
    """What is being done, and the statements that have passed so far; space for the rest is kept."""
    n = len(progress.statements)
    doing = words.checking_n.format(n=n + 1) if n else words.checking
    if progress.seconds >= SLOW_S:
        doing = words.slow.format(s=round(progress.seconds))
    lines = "".join(
        f'<li class="rc-sure">{icon("check")}<span>{escape(statement.text)}</span></li>'
        for statement in progress.statements
    )
    return (
        f'<div class="rc-checking" role="status"><p>{icon("progress_activity")}{escape(doing)}</p>'
        f'<ul class="rc-sofar">{lines}</ul></div>'
    )


def answer_columns(view: AnswerView, words: Words, opinion: Callable[[], None]) -> None:
    """Answer and evidence side by side; on narrow pages the evidence folds into the answer."""
    with st.container(key="split"):
        left, right = st.columns([55, 45], gap="large")
    with left, st.container(key="answer"):
        st.html(head_html(view, words))
        ways_on(view, words)
        st.html(body_html(view, words))
        other_scenarios(view, words)
        st.html(actions_html(view, words))
        opinion()
    if view.cards:
        with right, st.container(key="evidence"):
            place = st.empty()
            place.html(evidence_html(view, words))
        pictures = page_pictures(view)
        if pictures:
            place.html(evidence_html(view, words, pictures))


def page_pictures(view: AnswerView) -> dict[int, str]:
    """The pages of the department's documents that are cited, their lines marked; drawn last."""
    drawn: dict[int, str] = {}
    for card in view.cards:
        if card.document_id and card.page and len(drawn) < SHOWN_PAGES:
            picture = _picture_of(card)
            drawn |= {card.n: picture} if picture else {}
    return drawn


def _picture_of(card: Card) -> str:
    home = state.settings().home_dir
    try:
        entry = load_library(home).find(card.document_id)
        found = picture(home, entry.id, entry.content, card.page or 1, card.text, THUMB_SCALE)
    except DocumentError:
        return ""  # a Markdown or text document has no pages to draw
    return f"data:image/png;base64,{base64.b64encode(found.png).decode()}"


def ways_on(view: AnswerView, words: Words) -> None:
    """The missing detail as buttons, or as a number with its unit."""
    if view.question_back:
        st.html(f'<p class="rc-back">{escape(view.question_back)}</p>')
    if view.choices:
        with st.container(key="choices", horizontal=True):
            for i, choice in enumerate(view.choices):
                st.button(
                    literal(choice.label), key=f"choice {i} {choice.question}",
                    on_click=asking.ask_for, args=(choice.question,),
                )  # fmt: skip
    if view.number:
        number_box(view, words)


def number_box(view: AnswerView, words: Words) -> None:
    wanted = view.number
    if wanted is None:
        return
    with (
        st.form("number", border=False),
        st.container(key="number", horizontal=True, vertical_alignment="bottom"),
    ):
        st.number_input(
            literal(words.unit_prompt.format(label=wanted.label, unit=wanted.unit)),
            key="number_value", value=None, min_value=0.0, step=None, width=220,
        )  # fmt: skip
        st.form_submit_button(words.add_detail, on_click=add_number, args=(view,))


def add_number(view: AnswerView) -> None:
    value = st.session_state.get("number_value")
    if view.number and value is not None:
        asking.ask_for(with_number(view.question, view.number, value))


def other_scenarios(view: AnswerView, words: Words) -> None:
    """The scenarios that came next, each one click away."""
    if view.table is None or not view.table.others:
        return
    with st.expander(words.other_scenarios), st.container(key="others"):
        for i, other in enumerate(view.table.others):
            st.button(
                literal(other.label), key=f"other {i} {other.question}", type="tertiary",
                on_click=asking.ask_for, args=(other.question,),
            )  # fmt: skip
