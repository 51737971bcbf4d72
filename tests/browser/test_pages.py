"""What a reader does in the browser, on the real page with real parts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.responses import HOSTILE

pytestmark = pytest.mark.browser

Open = Callable[..., Visit]

SOLID = "9 mm solid nodule on a baseline screening CT"
GROWTH = "What counts as growth in Lung-RADS?"
BOX = "document.querySelector('.st-key-question input')"


def test_a_question_typed_is_answered_beside_its_evidence(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open()
    page.wait_for_function("document.activeElement?.getAttribute('aria-label') === 'Question'")
    page.keyboard.type(SOLID)
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-lead")
    reader.settle()
    assert page.inner_text(".rc-lead").startswith("Lung-RADS 4A: LDCT at 3 months")
    assert "Lung-RADS v2022" in page.inner_text(".rc-badges")
    card = page.inner_text("[data-card='1']")
    assert "Lung-RADS v2022" in card
    assert page.locator("[data-card='1'] mark").count() > 0
    assert page.locator(".rc-chip").all_inner_texts()
    assert "q=9+mm" in page.url or "q=9%20mm" in page.url
    reader.shoot(screenshots, "ask-1280-dark")
    assert reader.complaints == []


def test_nothing_is_asked_of_another_machine(visit: Open) -> None:
    reader = visit()
    reader.open(question=GROWTH)
    reader.open("guidelines")
    reader.open("settings")
    outside = [
        url
        for url in reader.requests
        if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", url)
    ]
    assert outside == []
    assert reader.complaints == []


def test_a_citation_leads_to_its_card(visit: Open) -> None:
    page = visit().open(question=SOLID)
    page.hover(".rc-lead .rc-cite")
    assert "is-lit" in (page.get_attribute("[data-card='1']", "class") or "")
    page.click(".rc-lead .rc-cite")
    assert "is-pinned" in (page.get_attribute("[data-card='1']", "class") or "")
    assert page.evaluate("document.activeElement.dataset.card") == "1"
    page.keyboard.press("Escape")
    assert page.locator(".is-pinned").count() == 0
    focused = page.evaluate("document.activeElement.dataset.cite")
    assert focused == "1", "Escape leads back to the mark that was followed"


def test_everything_is_reached_by_keys(visit: Open) -> None:
    page = visit().open(question=GROWTH)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('.is-pinned').dataset.card") == "1"
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.querySelector('.is-pinned').dataset.card")
    assert second == ("2" if page.locator("[data-card]").count() > 1 else "1")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement?.getAttribute('aria-label') === 'Question'")
    # A control that the answer replaces does not take the reader's place with it.
    page.locator(".st-key-route [role='radio']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('as=')")
    page.wait_for_function("document.activeElement?.getAttribute('aria-label') === 'Question'")


def test_the_missing_detail_is_one_click_away(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open(question="8 mm solid nodule")
    assert page.locator(".rc-details").count() > 0
    assert page.locator(".rc-missing").count() > 0
    reader.shoot(screenshots, "details-1280-dark")
    page.get_by_role("button", name=re.compile("^New")).click()
    page.wait_for_function("document.querySelector('.rc-lead')?.innerText.includes('4B')")
    page.wait_for_function(f"{BOX}.value.startsWith('8 mm solid nodule, new')")
    page.go_back()
    page.wait_for_function(f"{BOX}.value == '8 mm solid nodule'")
    page.wait_for_selector(".rc-details")


def test_a_refusal_names_the_categories_that_exist(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open(question="What is Lung-RADS 6?")
    shown = page.inner_text(".st-key-answer")
    for label in ("0", "1", "2", "3", "4A", "4B", "4X"):
        assert re.search(rf"\b{label}\b", shown)
    reader.shoot(screenshots, "refusal-1280-dark")


def test_a_referral_shows_the_whole_table_in_bands(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open(question="first test for suspected kidney stone in pregnancy?")
    assert page.inner_text(".rc-lead").startswith("Usually appropriate: US")
    assert page.is_visible(".rc-band-good tbody tr")
    assert not page.is_visible(".rc-band-stop tbody tr")
    page.click(".rc-band-stop summary")
    assert page.is_visible(".rc-band-stop tbody tr")
    assert "mSv" in (page.get_attribute(".rc-band-care abbr", "title") or "")
    reader.shoot(screenshots, "appropriateness-1280-dark")
    page.get_by_text("Other scenarios that come near").click()
    other = page.locator(".st-key-others button").first
    page.wait_for_function("document.querySelector('.st-key-others button')?.offsetParent")
    asked = other.inner_text().replace("\u2060", "")
    other.click()
    page.wait_for_function(f"{BOX}.value.startsWith({json.dumps(asked[:20])})")


def test_on_a_phone_the_evidence_folds_under_its_statement(visit: Open, screenshots: Path) -> None:
    reader = visit(390, 844)
    page = reader.open(question=SOLID)
    assert not page.is_visible(".st-key-evidence")
    page.click(".rc-lead .rc-cite")
    assert page.is_visible(".rc-fold .rc-card")
    reader.shoot(screenshots, "ask-390-dark")
    assert not reader.scrolls_sideways


def test_hostile_text_in_a_question_is_only_text(visit: Open) -> None:
    reader = visit()
    page = reader.open(question=f"9 mm solid nodule at baseline {HOSTILE}")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img[src='x']").count() == 0
    assert page.input_value(".st-key-question input").endswith(HOSTILE)


def test_an_answer_has_an_address(visit: Open) -> None:
    reader = visit()
    first = reader.open(question=GROWTH).inner_text(".rc-lead")
    assert visit().open(question=GROWTH).inner_text(".rc-lead") == first
    assert "1.5 mm" in first


def test_a_card_opens_its_sentence_in_the_guideline(visit: Open, screenshots: Path) -> None:
    reader = visit()
    page = reader.open(question=GROWTH)
    page.locator("[data-card='1'] a[href^='guidelines']").click()
    page.wait_for_selector(".rc-fact.is-chosen")
    reader.settle()
    assert "1.5 mm" in page.inner_text(".rc-fact.is-chosen")
    reader.shoot(screenshots, "guideline-statement-1280-dark")


def test_the_shelf_is_searched_as_one_types(visit: Open) -> None:
    page = visit().open("guidelines?g=lung_rads_v2022")
    page.get_by_label("Find in this guideline").fill("growth 1.5")
    page.wait_for_function(
        "(() => { const n = document.querySelectorAll('.rc-fact').length; return n > 0 && n < 20 })()"
    )
    assert "1.5" in page.inner_text(".rc-fact")
