"""Cards, topic browser, tables and comparisons of the appropriateness shelf, as a front end uses them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app import scenario_cards, scenario_table, topic_browser
from app.corpus_labels import CorpusLabels
from rag.answering.parts import Parts
from rag.answering.scenario_desk import ScenarioDesk
from rag.errors import QuestionError
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS, load_settings
from rag.wire import build

STONE = "Acute Onset Flank Pain-Suspicion of Stone Disease (Urolithiasis)"


@pytest.fixture(scope="module")
def desk(built_home: Path) -> ScenarioDesk:
    found = build(load_settings(home=built_home)).desk()
    assert found is not None
    return found


@cache
def labels() -> CorpusLabels:
    return CorpusLabels(Shelf.open(CORPUS))


def test_a_referral_finds_cards_with_the_study_on_top(desk: ScenarioDesk) -> None:
    found = scenario_cards.search("31F, 28 weeks pregnant, flank pain, ?stone", desk)
    best = found.cards[0]
    assert found.covered and best.key == (STONE, 3)
    assert best.first == ("US Kidneys and Bladder Retroperitoneal",)
    assert "Urologic" in best.panels and "urinary" in best.regions
    assert {item.name for item in found.read} >= {"sex", "pregnant", "gestation"}


ALLERGY = "50M suspected acute PE, documented severe contrast allergy"
PE = "Suspected Pulmonary Embolism"


@pytest.fixture(scope="module")
def parts(built_home: Path) -> Parts:
    return build(load_settings(home=built_home))


@pytest.mark.parametrize(
    ("asked", "note", "sentence"),
    [
        (ALLERGY, "contrast reaction stated", "A contrast reaction is stated"),
        (
            "50세 남성, 급성 폐색전증 의심, 조영제 중증 알레르기 있음",
            "조영제 반응 언급됨",
            "조영제 반응",
        ),
    ],
)
def test_a_chosen_table_says_what_the_referral_speaks_against(
    parts: Parts, asked: str, note: str, sentence: str
) -> None:
    """As the answer to the same words does: V/Q before CTA, and why."""
    desk = parts.desk()
    assert desk is not None
    referral = scenario_table.referral_of(asked, parts)
    best = scenario_cards.search(referral.text, desk).cards[0]
    assert best.key == (PE, 3) and best.first == ("V/Q Scan Lung",) and best.weighed
    rows = scenario_table.flat_rows(scenario_table.table(desk, *best.key, labels(), referral=referral))  # fmt: skip
    (cta,) = [row for row in rows if row.name.startswith("CTA pulmonary arteries")]
    assert rows[0].name == "V/Q Scan Lung" and rows.index(cta) == 1 and cta.note == note
    assert sentence in " ".join(scenario_table.cautions(desk, best.key, referral))
    assert not scenario_cards.search("suspected acute PE", desk).cards[0].weighed
    plain = scenario_table.flat_rows(scenario_table.table(desk, *best.key, labels()))
    assert plain[0] == replace(cta, note="")


def test_asking_and_cautions_do_not_choose_the_scenario(desk: ScenarioDesk) -> None:
    for asked in (
        "50-year-old man, suspected acute pulmonary embolism. Which test is appropriate?",
        "50-year-old man, suspected acute pulmonary embolism, severe contrast allergy",
    ):
        assert scenario_cards.search(asked, desk).cards[0].key == (PE, 3)
    about_one = scenario_cards.search("renal mass, severe contrast allergy", desk).cards[0]
    assert "ontraindication" in about_one.scenario


def test_what_nothing_covers_is_not_covered_and_names_the_nearest(desk: ScenarioDesk) -> None:
    found = scenario_cards.search("male pattern baldness", desk)
    assert not found.covered and len(found.nearest) == scenario_cards.NEAREST


def test_topics_are_browsed_by_panel_region_and_words(desk: ScenarioDesk) -> None:
    entries = topic_browser.topic_entries(desk)
    assert len(entries) == 257
    assert "Breast" in topic_browser.panels(entries) and "knee" in topic_browser.regions(entries)
    knees = topic_browser.filtered(
        entries, panel="Musculoskeletal", region="knee", text="chronic knee"
    )
    assert [entry.title for entry in knees] == ["Chronic Hip Pain", "Chronic Knee Pain"]
    assert topic_browser.filtered(entries, text="no such words") == ()


def test_a_table_is_flat_sorted_and_has_doses(desk: ScenarioDesk) -> None:
    rows = scenario_table.flat_rows(scenario_table.table(desk, STONE, 1, labels()))
    for band in {row.band for row in rows}:
        ratings = [row.rating or 0 for row in rows if row.band == band]
        assert ratings == sorted(ratings, reverse=True)
    assert rows[0].band == "Usually appropriate" and "mSv" in rows[0].adult_msv


def test_two_scenarios_are_compared_row_by_row(desk: ScenarioDesk) -> None:
    found = scenario_table.compare(desk, (STONE, 1), (STONE, 3))
    assert "Pregnant" in [name for name, _, _ in found.facts]
    (us,) = [row for row in found.rows if row.name.lower().startswith("us kidneys and bladder")]
    assert us.right_rating == 7 and us.left_rating is not None


def test_an_order_says_what_it_rests_on(desk: ScenarioDesk) -> None:
    text = scenario_table.order_text(
        desk, STONE, 3, "US Kidneys and Bladder Retroperitoneal", "28 weeks pregnant, flank pain"
    )
    assert text.splitlines()[0] == "Order: US Kidneys and Bladder Retroperitoneal"
    assert "usually appropriate, rating 7 of 9" in text and "scenario 3" in text
    with pytest.raises(QuestionError):
        scenario_table.order_text(desk, STONE, 3, "MRI of the moon")
