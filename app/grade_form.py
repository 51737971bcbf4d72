"""The form of a table's inputs: buttons for values, boxes for numbers, what is missing first seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from app.chips import quantity
from app.grading import label_of, value_labels
from app.literal import literal
from app.words import Words
from rag.answering.grade_form import Field
from rag.types import Scalar

Correct = Callable[[str, Scalar | None], None]


def descriptor_form(fields: Sequence[Field], words: Words, correct: Correct) -> None:
    """Every input in play, in the order of dictation; the others fold away."""
    kind_open = any(field.name == "finding" and field.missing for field in fields)
    shown = [field for field in fields if _at_once(field, kind_open)]
    rest = [field for field in fields if field not in shown]
    with st.container(key="gradeform"):
        for field in shown:
            _field(field, words, correct)
    if rest:
        # Drawn only when unfolded: a table has up to forty inputs, and each edit draws them anew.
        unfolded = st.expander(words.more_inputs, key="grade_unfolded", on_change="rerun")
        if unfolded.open:
            with unfolded, st.container(key="grademore"):
                for field in rest:
                    _field(field, words, correct)


def _at_once(field: Field, kind_open: bool) -> bool:
    """Whether an input is shown without unfolding: its silence would say something, or it is set.

    While the kind of finding is open (``kind_open``), only that is asked.
    """
    if kind_open and field.name != "finding":
        return field.read is not None
    waited_for = field.missing is not None or bool(field.unsettled) or field.read is not None
    return waited_for or (field.in_play and not field.may_stay_silent)


def _field(field: Field, words: Words, correct: Correct) -> None:
    """The label is ours and the control's own is its name for screen readers only: so it may stay
    the same control, with the focus in it, whatever its state becomes."""
    unit = field.spec.unit if field.spec.type == "number" else ""
    label = label_of(field.spec, words.language_code)
    label = words.unit_as.format(label=label, unit=unit) if unit else label
    with st.container(key=f"field_{field.name}"):
        st.html(_label_html(label, field))
        if field.spec.type == "number":
            _number(label, field, correct)
        else:
            _choice(label, field, words, correct)


def _state(field: Field) -> str:
    if field.read is not None:
        return "read" if field.read.text else "set"
    if field.missing is not None:
        return "next" if field.missing == 1 else "missing"
    return "silent" if field.may_stay_silent else "open"


def _choice(label: str, field: Field, words: Words, correct: Correct) -> None:
    key = f"grade {field.name}"
    said = value_labels(field.spec, words.language_code)
    value = field.read.value if field.read else None
    shown = str(value) if value in said else None
    show(key, shown)
    st.pills(
        label, list(said), key=key, label_visibility="collapsed",
        format_func=lambda name: literal(said[name]),
        on_change=_changed, args=(field.name, key, shown, correct),
    )  # fmt: skip


def _number(label: str, field: Field, correct: Correct) -> None:
    key = f"grade {field.name}"
    value = field.read.value if field.read else None
    shown = float(value) if isinstance(value, float | int) else None
    show(key, shown)
    st.number_input(
        label, key=key, label_visibility="collapsed", min_value=0.0, step=None, format="%g", placeholder=_bounds(value),
        on_change=_changed, args=(field.name, key, shown, correct), width=260,
    )  # fmt: skip


def _bounds(value: Scalar | None) -> str:
    """Bounds that the text gives instead of a number stand in the empty box."""
    return quantity(value, None) if isinstance(value, str) else ""


def show(key: str, value: Scalar | None) -> None:
    """Put a value into its control where it is not there yet.

    Setting one that is there would write over what is being typed in it.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _changed(name: str, key: str, shown: Scalar | None, correct: Correct) -> None:
    """Correct what the reader changed; Streamlit may also call this for what was shown all along."""
    value = st.session_state.get(key)
    if value != shown:
        correct(name, value)


def _label_html(label: str, field: Field) -> str:
    """The label, and below it the words that the value was read from or that leave it open."""
    said = field.read.text if field.read is not None else ""
    open_words = dict.fromkeys(" ".join(item.text.split()) for item in field.unsettled)
    quoted = " ".join(said.split()) or " / ".join(filter(None, open_words))
    doubt = "" if field.read is not None else "?"
    more = f"<small>“{escape(quoted)}”{doubt}</small>" if quoted else ""
    return f'<p class="rc-field is-{_state(field)}">{escape(label)}{more}</p>'
