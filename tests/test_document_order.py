"""Which piece of a document comes before another that holds the same words."""

from __future__ import annotations

import pytest

from rag.retrieval.asked import asked
from rag.retrieval.document_order import document_order, holds_ratings
from tests.fakes import passage

ROW = "Procedure: Radiography wrist; Appropriateness Category: Usually appropriate; SOE: Limited"
PROSE = "There is little literature on radiography of the wrist."


def place(question: str, text: str) -> float:
    return document_order(question, asked(question, ()).concepts, passage(text))


@pytest.mark.parametrize(
    "question",
    [
        "How is radiography of the wrist rated?",
        "strength of evidence radiography wrist",
        "RRL of a wrist radiograph",
        "Is radiography of the wrist appropriate?",
    ],
)
def test_a_row_of_ratings_comes_first_where_a_rating_is_asked(question: str) -> None:
    assert place(question, ROW) > place(question, PROSE)


def test_it_does_not_where_none_is_asked() -> None:
    question = "What does the literature say of radiography of the wrist?"
    assert place(question, ROW) <= place(question, PROSE)


def test_a_row_without_ratings_is_none() -> None:
    assert not holds_ratings("Phase: arterial; Delay: 35 s")
    assert holds_ratings(ROW)


def test_what_is_said_of_another_way_of_examining_comes_later() -> None:
    question = "sensitivity of low-dose CT for stones"
    low = "Low-dose CT had a sensitivity of 97% for stones."
    plain_ct = "CT had a sensitivity of 98% for stones."
    assert place(question, low) > place(question, plain_ct)
    assert place("sensitivity of CT for stones", plain_ct) == place(
        "sensitivity of CT for stones", low
    )
