"""Grade: a finding typed or filled in, decided at once by one system or several side by side."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from html import escape

import streamlit as st

from app import state
from app.address_box import follow, note
from app.frame import guarded
from app.grade_form import descriptor_form, show
from app.grade_markup import (
    history_html,
    sheet_tables_html,
    systems_html,
    turns_html,
    words_read_html,
)
from app.grade_proposals import proposals
from app.grading import (
    Sitting,
    corrected_by,
    is_filled,
    joined_form,
    sitting_of,
    systems_fitting,
    turns,
    with_proposal,
)
from rag.answering.grade_sheet import GradeSheet, beside, gradable, sheet_of
from rag.answering.proposals import Proposal
from rag.knowledge.guideline import Guideline
from rag.types import Scalar

words = state.words()
SITTING, KEPT, SYSTEMS = "grade_sitting", "grade_kept", "grade_systems"
GIVES_WAY_S = 0.02
"""After the decision the script stands still this long: the decision is sent and drawn alone, and
not together with some forty pieces of the form, which take the browser longer than the tables take."""
BOX, CHOSEN, ADDRESS = "grade_text", "grade_chosen", "grade_address"


def systems() -> list[Guideline]:
    """The chosen systems; those of the address, else the first."""
    shelf = state.parts().shelf
    ids = gradable(shelf)
    if SYSTEMS not in st.session_state:
        asked = [name for name in st.query_params.get_all("g") if name in ids]
        st.session_state[SYSTEMS] = asked or list(ids[:1])
    current = [name for name in ids if not shelf.edition(name).superseded]
    older = [name for name in ids if shelf.edition(name).superseded]
    chosen = st.pills(
        words.systems, [*current, *older], key=SYSTEMS, selection_mode="multi",
        format_func=lambda name: shelf.edition(name).label, label_visibility="collapsed",
        on_change=reread,
    )  # fmt: skip
    return [shelf.get(name) for name in chosen]


def text_box() -> None:
    if BOX not in st.session_state and not st.query_params.to_dict():
        # Back from another page: the finding is still there.
        st.query_params.from_dict(st.session_state.get(ADDRESS, {}))
    follow(BOX, text_of_address())
    with st.form("gradetext", border=False, enter_to_submit=True), st.container(horizontal=True):
        st.text_input(
            words.grade_text, key=BOX, placeholder=words.grade_placeholder,
            label_visibility="collapsed",
        )  # fmt: skip
        st.form_submit_button(words.grade_read, type="primary", on_click=read)


def text_of_address() -> str:
    return st.query_params.get("t", "").strip()


def put(text: str) -> None:
    """Make text and systems the address, so that a finding has a link."""
    said = {"t": text} if text else {}
    st.session_state[ADDRESS] = {"g": list(st.session_state[SYSTEMS]), **said}
    st.query_params.from_dict(st.session_state[ADDRESS])


def read() -> None:
    """Read the text anew; what was decided before goes into the list of this sitting."""
    keep()
    parts, text = state.parts(), st.session_state[BOX].strip()
    st.session_state[SYSTEMS] = list(
        systems_fitting(text, st.session_state[SYSTEMS], parts.shelf, parts.glossary)
    )
    st.session_state.pop(SITTING, None)
    put(text)
    note(BOX, text)


def reread() -> None:
    """Another choice of systems: a form that nobody filled in starts with the new system's."""
    sitting = st.session_state.get(SITTING)
    if sitting is None or sitting.finding is None or not is_filled(sitting.finding):
        st.session_state.pop(SITTING, None)
    put(text_of_address())


def start_again() -> None:
    keep()
    st.session_state.pop(SITTING, None)
    put("")
    st.rerun()  # the whole page: the box is not part of the fragment


def keep() -> None:
    """Put what the systems decided into the list of this sitting."""
    for said in st.session_state.get("grade_sentences", ()):
        kept = st.session_state.setdefault(KEPT, [])
        if said not in [text for _, text in kept]:
            kept.append((f"{datetime.now().astimezone():%H:%M}", said))


def sitting_now(guidelines: list[Guideline]) -> Sitting:
    text = text_of_address()
    sitting: Sitting | None = st.session_state.get(SITTING)
    if sitting is None or sitting.text != text:
        parts = state.parts()
        sitting = sitting_of(text, guidelines, parts.shelf, parts.glossary)
        st.session_state[SITTING] = sitting
    return sitting


def correct(name: str, value: Scalar | None) -> None:
    if SITTING not in st.session_state:
        return  # another text was read a moment ago; what was set belongs to the one before
    parts = state.parts()
    guidelines = [parts.shelf.get(name) for name in st.session_state[SYSTEMS]]
    st.session_state[SITTING] = corrected_by(st.session_state[SITTING], name, value, guidelines)


def take(proposal: Proposal) -> None:
    """A proposal of the model that the reader confirms."""
    if SITTING in st.session_state:
        st.session_state[SITTING] = with_proposal(st.session_state[SITTING], proposal)


def choose_finding(sitting: Sitting) -> None:
    """Which of several findings is looked at."""
    show(CHOSEN, sitting.chosen)
    st.segmented_control(
        words.several_findings.format(n=len(sitting.findings)), range(len(sitting.findings)),
        key=CHOSEN, on_change=chosen_finding,
        format_func=lambda i: words.finding_n.format(n=i + 1),
    )  # fmt: skip


def chosen_finding() -> None:
    index, sitting = st.session_state.get(CHOSEN), st.session_state.get(SITTING)
    if sitting is not None and index is not None and index < len(sitting.findings):
        st.session_state[SITTING] = replace(sitting, chosen=index)


@st.fragment
def fragment() -> None:
    guarded(grading)


def grading() -> None:
    guidelines = systems()
    if not guidelines:
        st.html(f'<p class="rc-muted">{escape(words.choose_system)}</p>')
        return
    sitting = sitting_now(guidelines)
    finding = sitting.finding
    if finding is None:
        return
    sheets = [sheet_of(guideline, finding) for guideline in guidelines]
    st.session_state["grade_sentences"] = [sheet.sentence for sheet in sheets if sheet.sentence]
    with st.container(key="gradesplit"):
        left, right = st.columns([50, 50], gap="large")
    decided = result_html(sheets, guidelines)
    # The decision is drawn first: it is what a correction is made for.
    with right, st.container(key="graderesult"):
        result(decided)
    time.sleep(GIVES_WAY_S)
    with left, st.container(key="gradeleft"):
        if echo := words_read_html(finding, state.labels(), words):
            st.html(echo)
        if len(sitting.findings) > 1:
            choose_finding(sitting)
        descriptor_form(joined_form(sheets), words, correct)
        if sitting.problem:
            st.html(f'<p class="rc-care" role="alert">{escape(sitting.problem)}</p>')
        proposals(finding, guidelines[0], state.labels(), words, take)


def result_html(sheets: list[GradeSheet], guidelines: list[Guideline]) -> str:
    """Decisions, what would change them and their rows in one piece: they never stand for two
    different findings, not even for a moment."""
    compared = beside(sheets[0].finding, guidelines)
    decided = systems_html(compared, sheets, state.labels(), words)
    turning = turns_html(turns(sheets[0].case), words) if len(sheets) == 1 else ""
    return decided + turning + "".join(sheet_tables_html(sheet, words) for sheet in sheets)


def result(decided: str) -> None:
    with st.container(key="gradeactions", horizontal=True):
        st.button(words.keep_in_history, icon=":material/playlist_add:", on_click=keep,
                  type="tertiary", disabled=not st.session_state["grade_sentences"])  # fmt: skip
        st.button(words.reset_form, icon=":material/restart_alt:", on_click=start_again,
                  type="tertiary")  # fmt: skip
    st.html(decided)
    st.html(f'<h3 class="rc-columntitle">{escape(words.history)}</h3>'
            + history_html(st.session_state.get(KEPT, []), words))  # fmt: skip


st.html(f'<h1 class="rc-sr">{escape(words.grade_title)}</h1>')
text_box()
fragment()
