"""Sentences that radcite puts together itself, and questions that lean on earlier ones."""

from __future__ import annotations

import pytest

from rag.answering.composed_check import check_composed, figures
from rag.answering.conversation import is_follow_up
from rag.answering.draft import EvidenceList, text_of
from rag.types import Edition, Passage, Statement

EDITION = Edition("tiny_1", "Tiny-RADS", "v2022", "Nobody", 2022)


def passage(text: str) -> Passage:
    return Passage(text[:8], text, text, "row", EDITION, "S")


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("Tiny-RADS 4A: LDCT at 3 months.", "supported"),
        ("Tiny-RADS v2022, 4A: LDCT at 3 months.", "supported"),
        ("Tiny-RADS 4B: LDCT at 3 months.", "unsupported"),
        ("Tiny-RADS 4A: LDCT at 6 months.", "unsupported"),
        ("Tiny-RADS 4A: LDCT at 3.5 months.", "unsupported"),
    ],
)
def test_every_figure_stands_in_a_cited_passage(statement: str, verdict: str) -> None:
    evidence = EvidenceList()
    n = evidence.cite(passage("Category 4A: LDCT at 3 months."))
    assert check_composed(Statement(statement, (n,)), evidence.items)[0] == verdict


def test_a_sentence_without_evidence_is_not_shown() -> None:
    assert check_composed(Statement("4A.", ()), ()) == ("unsupported", "cites no evidence")
    assert figures("none") == ()


def test_a_passage_keeps_its_number() -> None:
    evidence = EvidenceList()
    first, second = passage("first of two"), passage("second one")
    assert evidence.cite_all((first, second, first)) == (1, 2)
    assert evidence.cite(second) == 2
    assert [item.quote for item in evidence.items] == ["first of two", "second one"]


def test_statements_as_text_carry_their_marks() -> None:
    assert text_of([Statement("One.", (1, 2)), Statement("Two.", (3,))]) == "One. [1] [2]\nTwo. [3]"


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("and if it is new?", True),
        ("what about 7 mm?", True),
        ("why not MRI?", True),
        ("Is it 4A?", True),
        ("What is Lung-RADS 4A?", False),
        ("9 mm solid nodule on a baseline screening CT", False),
        ("그럼 새로 생긴 결절이면?", True),
    ],
)
def test_what_leans_on_the_question_before(question: str, leans: bool) -> None:
    assert is_follow_up(question) is leans
