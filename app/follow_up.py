"""From a missing detail to the question that holds it: what the buttons of a question back ask.

The detail is written into the question, so that the new question can be read, edited, linked to
and asked again by anyone.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.chips import Choice, Labels, quantity, value_in_words, with_detail
from app.words import Words
from rag.types import Clarification, Refusal


@dataclass(frozen=True, slots=True)
class NumberWanted:
    """A number is asked for; :func:`with_number` puts it into the question."""

    label: str
    unit: str


def choices_of(question: str, asked: Clarification | None, labels: Labels) -> tuple[Choice, ...]:
    if asked is None:
        return ()
    return tuple(
        Choice(label, with_detail(question, value_in_words(asked.descriptor, value, labels, label)))
        for value, label in asked.options
    )


def existing_of(refused: Refusal, labels: Labels, words: Words) -> tuple[Choice, ...]:
    """The categories that do exist, where one that does not was asked for; each asks what it is."""
    if refused.kind != "nonexistent" or not refused.evidence:
        return ()
    edition = refused.evidence[0].passage.edition
    return tuple(
        Choice(label, words.what_is.format(system=edition.title, label=label))
        for label in labels.categories(edition.guideline)
    )


def number_of(asked: Clarification | None, labels: Labels) -> NumberWanted | None:
    if asked is None or asked.options:
        return None
    return NumberWanted(labels.name(asked.descriptor), asked.unit or "")


def with_number(question: str, wanted: NumberWanted, value: float) -> str:
    """The question with a measured number: ``..., mean diameter 7 mm``."""
    return with_detail(question, f"{wanted.label.lower()} {quantity(value, wanted.unit)}")
