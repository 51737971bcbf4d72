"""LI-RADS observations: every cell of the diagnostic table, and how a text describes one."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from rag.answering.answer import ask
from rag.answering.composed_check import check_composed
from rag.answering.liver_observation import (
    Observation,
    from_liver_observation,
    read_observation,
    rows_left,
)
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings
from rag.wire import build


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


def printed(aphe: bool, mm: float, washout: bool, capsule: bool, growth: bool) -> str:
    """The table of LI-RADS CT/MRI v2018, written a second time."""
    more = washout + capsule + growth
    if not aphe:
        few = 1 if mm < 20 else 0
        return "LR-3" if more <= few else "LR-4"
    if mm < 10:
        return "LR-4" if more else "LR-3"
    if mm < 20:
        if more == 1:
            return "LR-4" if capsule else "LR-5"
        return "LR-5" if more else "LR-3"
    return "LR-5" if more else "LR-4"


EITHER = (True, False)


@pytest.mark.parametrize("mm", [1.0, 9.9, 10.0, 15.0, 19.0, 19.9, 20.0, 80.0])
def test_every_cell_of_the_table_is_one_row(mm: float, shelf: Shelf) -> None:
    guideline = shelf.get("li_rads_2018")
    for aphe, washout, capsule, growth in product(EITHER, repeat=4):
        flags = {"washout": washout, "capsule": capsule, "growth": growth}
        (row,) = rows_left(Observation(aphe, mm, flags), guideline)
        assert row.fact.endswith(f": {printed(aphe, mm, washout, capsule, growth)}."), (mm, flags)


def test_what_is_unsaid_leaves_every_row_that_it_may_be(shelf: Shelf) -> None:
    unsaid = {"washout": None, "capsule": None, "growth": False}
    rows = rows_left(Observation(True, 15.0, unsaid), shelf.get("li_rads_2018"))
    assert [row.id[-2:] for row in rows] == ["07", "08", "09", "10"]


READ = [
    ("liver lesion 15 mm without arterial hyperenhancement, washout only: LI-RADS?", False, 15, (True, False, False)),
    ("APHE, 14 mm, washout plus capsule. LR?", True, 14, (True, True, None)),
    ("LI-RADS: 2.2 cm, nonrim APHE, no washout, no capsule, no threshold growth", True, 22, (False, False, False)),
    ("LI-RADS 12 mm with APHE, no washout, capsule or threshold growth", True, 12, (False, False, False)),
    ("12 mm HCC? APHE with enhancing capsule only", True, 12, (False, True, False)),
    ("cirrhosis, 18 x 12 mm observation, APHE absent, washes out", False, 18, (True, None, None)),
    ("LR? grew from 12 to 19 mm, threshold growth, APHE", True, 19, (None, None, True)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "aphe", "mm", "features"), READ)
def test_a_text_is_read(
    text: str, aphe: bool, mm: float, features: tuple[bool | None, ...]
) -> None:
    seen = read_observation(text)
    assert seen is not None
    assert (seen.aphe, seen.mm, tuple(seen.features.values())) == (aphe, mm, features)


@pytest.mark.parametrize(
    "text",
    ["what is threshold growth in LI-RADS?", "12 mm with rim APHE, LI-RADS", "adrenal nodule 2 cm, washout 70 %",
     "15 mm solid lung nodule, growing", "LI-RADS treated lesion, APHE and washout, 20 mm", "What does LR-4 mean?",
     "LI-RADS, 12 mm, peripheral washout and APHE", "breast mass 12 mm with washout kinetics", "8 mm nodule in the liver"],
)  # fmt: skip
def test_other_questions_describe_no_observation(text: str) -> None:
    assert read_observation(text) is None


@pytest.mark.parametrize(
    ("text", "rows"),
    [("LI-RADS, under 10 mm, APHE, washout", ["06"]), ("LI-RADS, 20 mm or more, APHE, washout", ["12"]),
     ("LI-RADS, 8-12 mm, APHE, washout only", ["06", "09"]), ("LI-RADS, <20 mm, no APHE, washout only", ["01"])],
)  # fmt: skip
def test_bounds_of_a_size_stay_bounds(text: str, rows: list[str], shelf: Shelf) -> None:
    seen = read_observation(text)
    assert seen is not None
    assert [row.id[-2:] for row in rows_left(seen, shelf.get("li_rads_2018"))] == rows


def test_the_answer_is_the_row_and_says_what_would_decide(shelf: Shelf) -> None:
    draft = from_liver_observation(
        "LI-RADS, 14 mm, APHE, no washout, no threshold growth", shelf, None
    )
    assert draft is not None
    first, *rows = [s.text for s in draft.statements[: draft.lead]]
    assert first == "LI-RADS CT/MRI v2018: LR-3 or LR-4; the text does not say: enhancing capsule."
    assert [row[-5:] for row in rows] == ["LR-3.", "LR-4."]
    assert {check_composed(s, draft.evidence)[0] for s in draft.statements} == {"supported"}
    text = "LI-RADS, 14 mm, APHE, washout"
    assert from_liver_observation(text, shelf, ["lung_rads_v2022"]) is None


def test_a_request_for_an_examination_goes_to_the_appropriateness_tables(built_home: Path) -> None:
    parts = build(load_settings(home=built_home))
    named = ask("APHE, 14 mm, washout plus capsule. LR?", parts=parts)
    assert named.text.startswith("With nonrim arterial phase hyperenhancement (APHE), 10-19 mm")
    for asked in (
        "60M cirrhosis, 2 cm arterially enhancing lesion with washout on ultrasound, MRI?",
        "cirrhosis, 2 cm lesion with arterial enhancement and washout, next test?",
    ):
        assert "LR-5" not in ask(asked, parts=parts).text
