"""Follow-up questions: what they take over, what is now said otherwise, and what is shown of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag import Response, Settings, ask
from rag.answering.conversation import is_follow_up

Asking = Callable[[str, Sequence[str]], Response]
APPENDIX = (
    "35-year-old woman with right lower quadrant pain, suspected appendicitis: first imaging?"
)
BREAST = "40-year-old woman with a palpable breast mass: first imaging?"


@pytest.fixture(scope="module")
def asking(built_home: Path) -> Asking:
    settings = Settings(home=built_home)
    return lambda question, history: ask(question, history=history, settings=settings)


@pytest.mark.parametrize(
    ("before", "question", "category"),
    [
        ("5 mm solid nodule on annual screening CT", "and if it is new?", "3"),
        ("9 mm solid nodule on a baseline screening CT", "what about 7 mm?", "3"),
        ("What is Lung-RADS 4A?", "and 4B?", "4B"),
        ("기저 검진 CT 9mm 고형 결절", "새로 생긴 거라면?", "4B"),
    ],
)
def test_a_finding_is_taken_over(asking: Asking, before: str, question: str, category: str) -> None:
    found = asking(question, [before])
    assert found.decision is not None and found.decision.category == category
    assert found.carried_over


def test_a_bare_size_is_of_the_finding_talked_about(asking: Asking) -> None:
    found = asking("and 25 mm?", ["K-TIRADS 3 nodule of 17 mm: biopsy?"])
    assert found.decision is not None
    assert found.decision.edition.guideline == "k_tirads_2021"
    assert (found.decision.management or "").startswith("Biopsy")


def test_pregnancy_is_put_to_the_patient_before(asking: Asking) -> None:
    found = asking("what about in pregnancy?", [APPENDIX])
    assert found.appropriateness is not None and "pregnant" in found.appropriateness.scenario
    assert found.carried_over["age"] == "35-year-old"
    assert found.carried_over["question"] == APPENDIX


def test_why_not_a_study_is_answered_with_its_rating(asking: Asking) -> None:
    found = asking("why not MRI?", [APPENDIX])
    assert found.appropriateness is not None
    assert found.statements[1].text.startswith("MRI")


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (BREAST, "and if she is 25?"),
        ("40세 여성 만져지는 유방 종괴, 첫 영상검사는?", "그럼 25세라면?"),
    ],
)
def test_an_age_said_now_replaces_the_one_before(
    asking: Asking, before: str, question: str
) -> None:
    found = asking(question, [before])
    assert found.appropriateness is not None
    assert "40" not in found.appropriateness.scenario
    assert "age" not in found.carried_over


def test_without_its_history_a_follow_up_takes_over_nothing(asking: Asking) -> None:
    assert asking("and if it is new?", []).carried_over == {}


@pytest.mark.parametrize(
    "question", ["why not MRI?", "새로 생긴 거라면?", "what about in pregnancy?"]
)
def test_is_a_follow_up(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize("question", ["What is Lung-RADS 4A?", "BI-RADS 3의 추적 간격은?"])
def test_is_none(question: str) -> None:
    assert not is_follow_up(question)
