"""The form of a table's inputs: buttons for values, boxes for numbers, what is missing first seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
        more = f"{words.inputs}: {words.more_n.format(n=len(rest))}"
        with st.expander(literal(more)), st.container(key="grademore"):
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
    with st.container(key=f"field_{field.name}_{_state(field)}"):
        if field.spec.type == "number":
            _number(field, words, correct)
        else:
            _choice(field, words, correct)


def _state(field: Field) -> str:
    if field.read is not None:
        return "read" if field.read.text else "set"
    if field.missing is not None:
        return "next" if field.missing == 1 else "missing"
    return "silent" if field.may_stay_silent else "open"


def _choice(field: Field, words: Words, correct: Correct) -> None:
    key, language = f"grade {field.name}", words.language_code
    said = value_labels(field.spec, language)
    value = field.read.value if field.read else None
    st.session_state[key] = value if value in said else None
    st.pills(
        _labelled(label_of(field.spec, language), field), list(said), key=key,
        format_func=lambda name: literal(said[name]),
        on_change=_changed, args=(field.name, key, correct),
    )  # fmt: skip


def _number(field: Field, words: Words, correct: Correct) -> None:
    key = f"grade {field.name}"
    value = field.read.value if field.read else None
    exact = isinstance(value, float | int)
    st.session_state[key] = float(value) if exact and value is not None else None
    label = label_of(field.spec, words.language_code)
    unit = field.spec.unit or ""
    st.number_input(
        _labelled(words.unit_as.format(label=label, unit=unit) if unit else label, field),
        key=key, min_value=0.0, step=None, format="%g", placeholder=_bounds(value),
        on_change=_changed, args=(field.name, key, correct), width=260,
    )  # fmt: skip


def _bounds(value: Scalar | None) -> str:
    """Bounds that the text gives instead of a number stand in the empty box."""
    return quantity(value, None) if isinstance(value, str) else ""


def _changed(name: str, key: str, correct: Correct) -> None:
    correct(name, st.session_state.get(key))


def _labelled(label: str, field: Field) -> str:
    """The label, and below it the words that the value was read from or that leave it open."""
    said = field.read.text if field.read is not None else ""
    open_words = dict.fromkeys(" ".join(item.text.split()) for item in field.unsettled)
    quoted = " ".join(said.split()) or " / ".join(filter(None, open_words))
    if not quoted:
        return literal(label)
    doubt = "" if field.read is not None else "?"
    return f"{literal(label)} :small[“{literal(quoted)}”{doubt}]"
