"""A BI-RADS category in a report is the reader's assessment; a size is one that a body can hold."""

from __future__ import annotations

import pytest

from rag.answering.descriptors import read_findings
from rag.answering.grading import case_of, corrected
from rag.answering.report_check import check_report
from rag.answering.report_check_words import check_sentence
from rag.errors import QuestionError
from rag.knowledge.glossary import load_glossary
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings

MASS = "oval circumscribed non-calcified solid mass in the left breast"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


def said(shelf: Shelf, text: str, stated: str) -> str:
    glossary = load_glossary(load_settings().corpus / "glossary.yaml", shelf.vocabulary)
    guideline = shelf.get("bi_rads_5")
    case = case_of(guideline, read_findings(text, shelf.vocabulary, glossary)[0])
    check = check_report(guideline, case.finding.for_tables, case.decision, stated)
    return check_sentence(guideline, check) if check else ""


@pytest.mark.parametrize("stated", ["2", "4", "5"])
def test_the_readers_assessment_is_never_called_a_mistake(shelf: Shelf, stated: str) -> None:
    sentence = said(shelf, f"Diagnostic mammogram, baseline: {MASS}.", stated)
    assert "the reader's assessment" in sentence and "category 3" in sentence


def test_category_3_straight_from_screening_is_against_a_fact(shelf: Shelf) -> None:
    assert "BI-RADS 0, not 3 as stated" in said(shelf, f"Screening mammogram: {MASS}.", "3")


def test_a_size_that_no_body_holds_is_refused(shelf: Shelf) -> None:
    glossary = load_glossary(load_settings().corpus / "glossary.yaml", shelf.vocabulary)
    (found,) = read_findings("solid lung nodule", shelf.vocabulary, glossary)
    for size in (99999.0, -5.0):
        with pytest.raises(QuestionError, match="check the unit"):
            corrected(found, {"mean_diameter": size}, shelf.vocabulary)
