"""A fast reader: the next words are typed while the page still draws the answer before them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

QUESTIONS = [f"{size} mm solid nodule on a baseline screening CT" for size in (4, 7, 9, 16)]
FINDINGS = [
    "8 mm solid nodule, baseline",
    "new 5 mm part-solid nodule",
    "12 mm ground glass nodule",
]
REFERRALS = [
    "35-year-old pregnant, right flank pain, stone suspected",
    "thunderclap headache, adult, first imaging",
    "low back pain, no red flags, first visit",
]


def send(page: Page, box: str, text: str) -> None:
    page.fill(f"{box} input", text)
    page.keyboard.press("Enter")


def wait_for(page: Page, script: str, text: str) -> None:
    """Nothing but this: the page may still be drawing when the next words are typed."""
    page.wait_for_function(f"text => {script} === text", arg=text)


def test_the_next_question_is_typed_as_soon_as_an_answer_stands(visit: Open) -> None:
    reader = visit()
    page = reader.open()
    for question in QUESTIONS:
        send(page, ".st-key-question", question)
        wait_for(page, "document.querySelector('[data-question]')?.dataset.question", question)
        assert page.input_value(".st-key-question input") == question
    reader.settle()
    assert page.inner_text(".rc-lead").startswith("Lung-RADS 4B")


def test_what_is_being_typed_outlasts_another_click(visit: Open) -> None:
    page = visit().open(question=QUESTIONS[0])
    page.fill(".st-key-question input", "half a ques")
    page.get_by_role("button", name="Not helpful").click()
    page.wait_for_selector("[data-testid='stForm'] >> text=Say more")
    assert page.input_value(".st-key-question input") == "half a ques"


def test_the_next_finding_is_typed_as_soon_as_one_is_read(visit: Open) -> None:
    page = visit().open("grade")
    for finding in FINDINGS:
        send(page, ".st-key-grade_text", finding)
        wait_for(page, "document.querySelector('.rc-wordsread')?.dataset.text", finding)
        assert page.input_value(".st-key-grade_text input") == finding
    assert "t=12+mm" in page.url


def test_sizes_are_typed_one_after_the_other(visit: Open) -> None:
    page = visit().open("grade?t=part-solid nodule, baseline")
    mean, solid = (
        page.locator(f".st-key-field_{name} input") for name in ("mean_diameter", "solid_component")
    )
    mean.fill("9")
    solid.fill("4")  # leaving the first box sends it: its answer comes while this one is typed
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('.rc-sentence')?.innerText.includes('solid component 4 mm')"
    )
    assert (mean.input_value(), solid.input_value()) == ("9", "4")
    assert page.evaluate("document.activeElement.tagName") == "INPUT", "the focus stays in the box"


def test_the_next_referral_is_typed_as_soon_as_a_table_stands(visit: Open) -> None:
    page = visit().open("appropriateness")
    for referral in REFERRALS:
        send(page, ".st-key-order_text", referral)
        wait_for(page, "document.querySelector('.rc-scenario')?.dataset.text", referral)
        assert page.input_value(".st-key-order_text input") == referral
    page.go_back()
    page.wait_for_function(
        "document.querySelector('.rc-scenario')?.dataset.text.startsWith('thun')"
    )
    page.wait_for_function(
        "document.querySelector('.st-key-order_text input').value.startsWith('thunderclap')"
    )
