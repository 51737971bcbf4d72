"""Chips of an answer: what was read or is missing, and the questions that another value asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import state
from app.chips import PlainLabels, chips_of, missing_chip
from app.document_shelf import READABLE, quoted_lines
from app.markup import chips_html
from rag.types import Descriptor


class TypeLabels(PlainLabels):
    """A vocabulary with one closed list."""

    def choices(self, descriptor: str) -> tuple[tuple[str, str], ...]:
        if descriptor != "nodule_type":
            return ()
        return (("solid", "Solid"), ("part_solid", "Part-solid"), ("<b>", "<b>other</b>"))


QUESTION = "8 mm solid nodule"
SOLID = Descriptor("nodule_type", "solid", None, "solid", (5, 10))


def test_a_chip_asks_the_question_with_another_value_in_its_place() -> None:
    (chip,) = chips_of([SOLID], TypeLabels(), QUESTION)
    assert [way.label for way in chip.ways] == ["Part-solid", "<b>other</b>"]
    assert chip.ways[0].question == "8 mm part-solid nodule"


def test_a_missing_detail_is_said_at_the_end() -> None:
    chip = missing_chip("nodule_type", TypeLabels(), "8 mm nodule?")
    assert chip.ways[0].question == "8 mm nodule, solid"


@pytest.mark.parametrize("question", ["", "a nodule that is solid", "8 mm firm nodule"])
def test_words_that_stand_elsewhere_are_not_exchanged(question: str) -> None:
    (chip,) = chips_of([SOLID], TypeLabels(), question)
    assert chip.ways == ()


def test_a_chip_opens_its_values_as_links_and_every_text_stays_text() -> None:
    shown = chips_html(chips_of([SOLID], TypeLabels(), f"{QUESTION} <img src=x>"))
    assert '<details class="rc-chip rc-ways"' in shown
    assert "q=8+mm+part-solid+nodule" in shown
    assert "<b>other" not in shown
    assert "<img" not in shown


def test_the_page_offers_every_kind_of_file_that_is_read() -> None:
    assert {"pdf", "docx", "xlsx", "csv", "html", "md", "txt"} <= set(READABLE)


def test_quoted_lines_are_found_whatever_their_spacing() -> None:
    text = "Head\nWait  47 minutes.\nThen image."
    spans = quoted_lines(text, "Wait 47 minutes.\nThen image.\nnot here")
    assert [text[a:b] for a, b in spans] == ["Wait  47 minutes.", "Then image."]


def test_settings_follow_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    before = state.settings()
    assert state.settings() is before
    monkeypatch.setenv("RADCITE_PASSAGES", "5")
    assert state.settings().passages == 5
