"""What readers come for, done on the real page: follow up, grade, order, keep documents, say so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.pdf_shapes import protocol
from tests.responses import HOSTILE

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]


def test_a_follow_up_takes_over_and_can_be_asked_alone(visit: Open) -> None:
    reader = visit()
    page = reader.open(question="new 5 mm solid nodule on annual screening")
    page.fill(".st-key-question input", "and if it is 12 mm?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-takenover")
    reader.settle()
    assert "4B" in page.inner_text(".rc-lead")
    assert "New" in page.inner_text(".rc-takenover")
    page.get_by_role("button", name="Ask without it").click()
    page.wait_for_selector(".rc-takenover", state="detached")
    assert "after=" not in page.url


def test_the_route_can_be_changed(visit: Open) -> None:
    page = visit().open(question="9 mm solid nodule on a baseline screening CT")
    page.locator(".st-key-route").get_by_role("radio", name="Guideline text").or_(
        page.locator(".st-key-route button", has_text="Guideline text")
    ).first.click()
    page.wait_for_function("location.search.includes('as=guideline_text')")
    page.wait_for_function(
        "!document.querySelector('.rc-lead')?.innerText.startsWith('Lung-RADS 4A')"
    )


def test_a_finding_is_graded_and_corrected(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open("grade")
    page.fill(".st-key-grade_text input", "8 mm solid nodule")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-wordsread mark")
    reader.settle()
    assert page.locator(".rc-wordsread mark").count() >= 2
    timing = page.locator("[class*='st-key-field_timing'] [role='radio']").first
    timing.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.rc-system h2')?.innerText.includes('4B')")
    page.wait_for_selector(".rc-table tr.is-holds")
    reader.settle()
    assert "category 4B" in page.inner_text(".rc-sentence")
    size = page.locator("[class*='st-key-field_mean_diameter'] input").first
    size.fill("5")
    size.press("Enter")
    page.wait_for_function("document.querySelector('.rc-system h2')?.innerText.includes(' 3')")
    reader.shoot(screenshots, "grade-corrected-1280-dark")
    page.get_by_role("button", name="Keep in the list").click()
    page.wait_for_selector(".rc-history li")
    assert reader.complaints == []


def test_an_order_is_found_compared_and_copied(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open("appropriateness")
    page.fill(".st-key-order_text input", "35-year-old pregnant, right flank pain, stone suspected")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-ordertable tbody tr")
    reader.settle()
    first = page.locator(".rc-ordertable tbody tr").first
    assert first.inner_text().startswith("US ")
    assert "mSv" in page.inner_text(".rc-ordertable")
    first.locator("[data-copy]").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("Order: US")
    page.locator(".st-key-orderbar button", has_text="Radiation").first.click()
    reader.settle()
    page.locator(".st-key-orderbar [data-testid='stSelectbox'] input").click()
    page.get_by_role("option").first.click()
    page.wait_for_selector(".rc-twoscenarios tr.is-different")
    reader.shoot(screenshots, "order-compared-1280-dark")


def test_close_scenarios_are_told_apart_with_one_click(visit: Open) -> None:
    page = visit().open("appropriateness")
    page.get_by_label("Words in the topic").fill("pulmonary embolism")
    page.wait_for_function("document.querySelectorAll('.st-key-topics button').length < 12")
    page.locator(".st-key-topics button").first.click()
    page.wait_for_selector("[class*='st-key-scenario_chosen']")
    second = page.locator("[class*='st-key-scenario_other'] button").first
    wanted = second.inner_text().replace("\u2060", "")[:30]
    second.click()
    page.wait_for_function(
        f"document.querySelector('.rc-scenario')?.innerText.includes({json.dumps(wanted)})"
    )


def test_documents_come_in_are_cited_by_page_and_leave(
    visit: Open, screenshots: Path, tmp_path: Path
) -> None:
    reader = visit()
    good = tmp_path / "zz<b>protocol.pdf"
    protocol(good, "The ferumoxytol quarry rule: wait 47 minutes before imaging.")
    table = tmp_path / "doses.csv"
    table.write_text("Sequence,Wait\nquarry survey,52 minutes\n", "utf-8")
    bad = tmp_path / "damaged.pdf"
    bad.write_bytes(b"%PDF-1.4 not really")
    page = reader.open("guidelines?documents=1")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Choose the files first").wait_for()
    page.locator("[data-testid='stFileUploader'] input").set_input_files([good, table, bad])
    page.get_by_text("damaged.pdf").wait_for()
    page.wait_for_load_state("networkidle")  # an upload that is under way is not added yet
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector(".rc-report .rc-bad")
    reader.settle()
    assert "damaged.pdf" in page.inner_text(".rc-report .rc-bad")
    assert page.locator(".rc-report .rc-good").count() == 2
    assert page.locator("main b", has_text="protocol").count() == 0
    reader.shoot(screenshots, "documents-added-1280-dark")
    page = reader.open(question="How long does the ferumoxytol quarry rule say to wait?")
    page.wait_for_selector(".rc-thumb img")
    assert "47 minutes" in page.inner_text(".rc-card")
    reader.shoot(screenshots, "ask-document-1280-dark")
    page.locator(".rc-thumb").first.click()
    page.wait_for_selector(".st-key-pagepicture img")
    reader.shoot(screenshots, "document-page-1280-dark")
    page = reader.open("guidelines?d=doses.csv")
    assert "52 minutes" in page.inner_text(".rc-plaintext")
    page = reader.open("guidelines?documents=1")
    page.get_by_role("button", name="Remove").first.click()
    page.locator("[data-testid='stPopoverBody'] button", has_text="Remove").click()
    page.wait_for_selector(".rc-done")
    reader.settle()
    assert page.locator(".rc-doc-line").count() == 1


def test_an_opinion_is_kept_and_listed(visit: Open, app_home: Path, screenshots: Path) -> None:
    reader = visit()
    page = reader.open(question="What counts as growth in Lung-RADS?")
    page.get_by_role("button", name="Not helpful").click()
    page.locator("[data-testid='stForm'] button", has_text="Something is missing").first.click()
    page.get_by_label("Say more").fill(f"{HOSTILE} MRN: 8812345")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.wait_for_selector(".rc-kept")
    kept = next((app_home / "logs").glob("feedback-*.jsonl")).read_text("utf-8")
    assert '"helpful": false' in kept
    assert "8812345" not in kept
    page = reader.open("quality")
    assert "Something is missing" in page.inner_text("[data-testid='stMain']")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src='x']").count() == 0
    reader.shoot(screenshots, "quality-feedback-1280-dark")


@pytest.mark.parametrize("path", ["grade", "appropriateness"])
def test_hostile_text_in_the_other_boxes_is_only_text(visit: Open, path: str) -> None:
    reader = visit()
    page = reader.open(path)
    page.fill("[data-testid='stForm'] input", f"8 mm solid nodule {HOSTILE}")
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-wordsread mark, .rc-ordertable, [role='status']")
    reader.settle()
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src='x'], a[href^='javascript']").count() == 0


def test_language_and_size_are_chosen_and_kept(visit: Open) -> None:
    reader = visit()
    page = reader.open("settings")
    page.click("[data-prefer='language'][data-value='ko']")
    page.wait_for_selector("html[lang='ko'] h1:has-text('설정')")
    page.click("[data-prefer='size'][data-value='large']")
    page.wait_for_selector(
        "html[data-size='large'] .rc-choice[data-value='large'][aria-pressed='true']"
    )
    reader.settle()
    assert re.search("글자", page.inner_text("[data-testid='stMain']"))
