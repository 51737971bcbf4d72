"""The grading sheet: what a reader sees of one finding, corrects, and pastes into the report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from rag.answering.decisive import turning_points
from rag.answering.grade_sheet import (
    GradeSheet,
    beside,
    blank_finding,
    filled,
    gradable,
    read_text,
    sheet_of,
    sheets_of,
)
from rag.answering.grade_tables import tables_of
from rag.errors import QuestionError
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings
from rag.types import Descriptor, Scalar

LUNG, THYROID = "lung_rads_v2022", "acr_ti_rads_2017"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


@pytest.fixture(scope="module")
def glossary(shelf: Shelf) -> Glossary:
    return load_glossary(load_settings().corpus / "glossary.yaml", shelf.vocabulary)


def _read(sheet: GradeSheet, name: str) -> Descriptor:
    found = sheet.field(name).read
    assert found is not None, name
    return found


@pytest.fixture
def by_hand(shelf: Shelf) -> Callable[..., GradeSheet]:
    def sheet(guideline: str, **values: Scalar | None) -> GradeSheet:
        held = shelf.get(guideline)
        return sheet_of(held, filled(blank_finding(held), values, held))

    return sheet


def test_the_form_is_the_tables_own_inputs_in_the_order_of_dictation(
    by_hand: Callable[..., GradeSheet],
) -> None:
    sheet = by_hand(LUNG, finding="nodule", nodule_type="solid")
    names = [field.name for field in sheet.form]
    assert names == [spec.name for spec in sheet.case.guideline.vocabulary if spec.name in names]
    assert [f.name for f in sheet.form if f.missing] == ["mean_diameter", "timing"]
    assert "composition" not in names
    assert not sheet.field("cyst_wall").in_play
    kinds = sheet.field("finding").spec.allowed
    assert "nodule" in kinds and "thyroid_nodule" not in kinds
    assert sheet.question is not None and sheet.sentence == ""


def test_changing_a_value_decides_again_and_moves_the_row(
    by_hand: Callable[..., GradeSheet],
) -> None:
    values = {"finding": "nodule", "nodule_type": "solid", "timing": "baseline"}
    held = {}
    for size in (7.9, 8.0):
        sheet = by_hand(LUNG, **values, mean_diameter=size)
        rows = [row for table in sheet.tables for row in table.rows if row.state == "holds"]
        held[sheet.decision.category] = [row.id for row in rows]
    assert held == {"3": ["solid.baseline.3"], "4A": ["solid.baseline.4A"]}


def test_a_text_prefills_the_form_with_its_words(shelf: Shelf, glossary: Glossary) -> None:
    text = "Baseline LDCT: 9 x 7 mm solid nodule in the right upper lobe"
    (finding,) = read_text(text, shelf, glossary, [LUNG])
    sheet = sheet_of(shelf.get(LUNG), finding)
    size = _read(sheet, "mean_diameter")
    assert size.value == 8.0 and text[slice(*size.span)] == "9 x 7 mm"
    assert (
        "Lung-RADS v2022 category 4A" in sheet.sentence and "mean diameter 8 mm" in sheet.sentence
    )
    corrected = sheet_of(shelf.get(LUNG), filled(finding, {"mean_diameter": 5.0}, shelf.get(LUNG)))
    assert corrected.decision.category == "2"
    assert _read(corrected, "mean_diameter").text == ""


def test_growth_follows_a_corrected_size(shelf: Shelf, glossary: Glossary) -> None:
    text = "Screening CT: solid nodule 9 mm, was 7 mm 12 months ago"
    (finding,) = read_text(text, shelf, glossary, [LUNG])
    held = shelf.get(LUNG)
    assert _read(sheet_of(held, finding), "timing").value == "growing"
    earlier = filled(finding, {"previous_diameter": 9.0}, held)
    assert _read(sheet_of(held, earlier), "timing").value == "stable"
    assert "growing" not in sheet_of(held, earlier).sentence


def test_the_most_suspicious_finding_comes_first(shelf: Shelf, glossary: Glossary) -> None:
    text = "Baseline screening CT. RUL 5 mm solid nodule. LLL 16 mm solid nodule."
    findings = read_text(text, shelf, glossary, [LUNG])
    found = [s.decision.category for s in sheets_of(shelf.get(LUNG), findings)]
    assert found == ["4B", "2"]


def test_contradicting_words_are_offered_for_choice(shelf: Shelf, glossary: Glossary) -> None:
    text = "Baseline screening CT: 9 mm solid nodule. The nodule is part-solid."
    sheet = sheets_of(shelf.get(LUNG), read_text(text, shelf, glossary, [LUNG]))[0]
    kind = sheet.field("nodule_type")
    assert kind.read is None
    assert {d.value for d in kind.unsettled} == {"solid", "part_solid"}
    assert any("contradict" in said for said in sheet.remarks)


def test_points_show_what_each_value_adds(by_hand: Callable[..., GradeSheet]) -> None:
    sheet = by_hand(THYROID, composition="solid", echogenicity="hypoechoic")
    points = next(table for table in sheet.tables if table.columns == ("Input", "Value"))
    held = {row.cells[1]: row.outcome for row in points.rows if row.state == "holds"}
    assert set(held.values()) == {"2 points"} and len(held) == 2


def test_the_tables_are_in_the_readers_language(by_hand: Callable[..., GradeSheet]) -> None:
    sheet = by_hand(LUNG, finding="nodule", nodule_type="solid")
    korean = tables_of(sheet.case, "ko")
    assert [table.title for table in korean] == [table.title for table in sheet.tables]
    cells = {cell for table in korean for row in table.rows for cell in row.cells}
    assert any("이상" in cell and "미만" in cell for cell in cells)
    numbers = [re.findall(r"[0-9.]+", str(table.rows)) for table in sheet.tables]
    assert [re.findall(r"[0-9.]+", str(table.rows)) for table in korean] == numbers


def test_what_tips_the_decision(by_hand: Callable[..., GradeSheet]) -> None:
    sheet = by_hand(
        LUNG, finding="nodule", nodule_type="solid", timing="baseline", mean_diameter=7.9
    )
    first = turning_points(sheet.case)[0]
    assert (first.name, first.would) == ("mean_diameter", "8 mm or more and less than 15 mm")
    assert first.decision.category == "4A"


def test_systems_stand_beside_each_other(shelf: Shelf, glossary: Glossary) -> None:
    text = "12 mm solid hypoechoic thyroid nodule, smooth, wider than tall, no echogenic foci"
    (finding,) = read_text(text, shelf, glossary)
    systems = ("k_tirads_2021", "k_tirads_2016", THYROID)
    found = beside(finding, [shelf.get(name) for name in systems])
    assert [side.edition.guideline for side in found.sides] == list(systems)
    assert [side.decision.category for side in found.sides] == ["4", None, "TR4"]


def test_an_input_of_another_guideline_is_named(shelf: Shelf) -> None:
    held = shelf.get(LUNG)
    with pytest.raises(QuestionError, match="composition"):
        filled(blank_finding(held), {"composition": "solid"}, held)
    with pytest.raises(QuestionError, match="huge"):
        filled(blank_finding(held), {"nodule_type": "huge"}, held)


def test_every_grading_guideline_has_a_form(shelf: Shelf) -> None:
    for name in gradable(shelf):
        sheet = sheet_of(shelf.get(name), blank_finding(shelf.get(name)))
        assert sheet.form and sheet.tables, name
        assert all(field.spec.question for field in sheet.form)
