"""Structured reports: a heading says nothing by itself, its answer does ("Spiculation: no")."""

from __future__ import annotations

import pytest

from rag.answering.field_answers import field_answers
from rag.answering.grade_sheet import read_text, sheets_of
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings

SOLID = "Solid hypoechoic nodule 12 mm, parallel, smooth"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


@pytest.fixture(scope="module")
def glossary(shelf: Shelf) -> Glossary:
    return load_glossary(load_settings().corpus / "glossary.yaml", shelf.vocabulary)


def first(shelf: Shelf, glossary: Glossary, guideline: str, text: str) -> str | None:
    """The category of the most suspicious finding."""
    findings = read_text(text, shelf, glossary, [guideline])
    return sheets_of(shelf.get(guideline), findings)[0].decision.category


@pytest.mark.parametrize(
    ("guideline", "text", "category"),
    [
        ("k_tirads_2021", f"{SOLID}. Punctate echogenic foci: absent.", "4"),
        ("k_tirads_2021", f"{SOLID}. Punctate echogenic foci: present.", "5"),
        ("k_tirads_2021", f"{SOLID}, microcalcification (-)", "4"),
        ("k_tirads_2021", f"{SOLID}, microcalcification(+)", "5"),
        ("k_tirads_2021", f"{SOLID}, microcalcification = no", "4"),
        ("k_tirads_2021", "고형 저에코 결절 12 mm, 평행, 매끈, 미세석회화(-)", "4"),
        ("k_tirads_2021", "고형 저에코 결절 12 mm, 평행, 매끈, 미세석회화(+)", "5"),
        ("k_tirads_2021", "고형 저에코 결절 12 mm, 평행, 매끈, 석회화(-)", "4"),
        ("k_tirads_2021", f"{SOLID}. Punctate echogenic foci: ?", None),
        (
            "acr_ti_rads_2017",
            "Composition: Solid\nEchogenicity: Isoechoic\nShape: Wider-than-tall\nMargin: Smooth\n"
            "Echogenic foci: None\nSize: 2.6 cm",
            "TR3",
        ),
        (
            "acr_ti_rads_2017",
            "Composition: solid (2)\nEchogenicity: hypoechoic (2)\nShape: wider-than-tall (0)\n"
            "Margin: smooth (0)\nEchogenic foci: none (0)\n1.2 cm",
            "TR4",
        ),
        (
            "acr_ti_rads_2017",
            "Solid, hypoechoic, wider than tall, smooth. Echogenic foci: punctate. 12 mm",
            "TR5",
        ),
        (
            "acr_ti_rads_2017",
            "Punctate echogenic foci: no. Macrocalcification: yes. Rim calcification: no. "
            "Solid, isoechoic, wider than tall, smooth nodule, 16 mm",
            "TR4",
        ),
        (
            "lung_rads_v2022",
            "Baseline LDCT. Solid nodule, 9 mm. Spiculation: no. Calcification: none.",
            "4A",
        ),
        ("lung_rads_v2022", "Baseline LDCT. Solid nodule 9 mm, spiculation (-), LAP (-)", "4A"),
        ("lung_rads_v2022", "Baseline LDCT. Solid nodule 9 mm. Spiculation: yes.", "4X"),
        (
            "lung_rads_v2022",
            "Baseline LDCT. 9 mm solid nodule. Fat: absent. Margins: smooth.",
            "4A",
        ),
        ("lung_rads_v2022", "Baseline LDCT. 9 mm solid nodule. Fat: no fat.", "4A"),
        ("lung_rads_v2022", "Baseline LDCT. 9 mm solid nodule. Fat: present.", "1"),
        ("lung_rads_v2022", "Baseline. [x] solid [ ] part-solid. Size 9 mm. [ ] spiculated", "4A"),
        ("lung_rads_v2022", "Baseline screening CT. Nodules: none.", "1"),
        ("lung_rads_v2022", "RUL ground glass nodule 12 mm: no change.", "2"),
    ],
)
def test_the_answer_to_a_heading_is_read(
    shelf: Shelf, glossary: Glossary, guideline: str, text: str, category: str | None
) -> None:
    assert first(shelf, glossary, guideline, text) == category


def test_only_what_closes_its_field_is_an_answer() -> None:
    assert not field_answers("nodule: no change since the last examination")
    assert [a.polarity for a in field_answers("fat: none. spiculation (+). growth: unknown")] == [
        "negated",
        "affirmed",
        "uncertain",
    ]


@pytest.mark.parametrize(
    ("guideline", "text", "category"),
    [
        ("lung_rads_v2022", "4A nodule smaller at the 3-month follow-up", "3"),
        ("lung_rads_v2022", "4A nodule last time, 3-month LDCT now shows it smaller", "3"),
        (
            "lung_rads_v2022",
            "Prior 4A. 3 month follow up: solid nodule 8 x 7 mm, previously 10 x 9 mm.",
            "3",
        ),
        ("lung_rads_v2022", "category 3 nodule, larger at 6 months, solid, 7 mm", "4A"),
        ("lung_rads_v2022", "thin-walled unilocular lung cyst", None),
        ("bi_rads_5", "Normal screening mammogram", "1"),
        ("bi_rads_5", "Need prior films before final assessment, mammography", "0"),
        ("bi_rads_5", "Screening mammogram: new focal asymmetry, left breast", "0"),
        ("bi_rads_5", "선별 유방촬영: 특이 소견 없음", "1"),
    ],
)
def test_follow_up_and_screening_are_read_from_notes(
    shelf: Shelf, glossary: Glossary, guideline: str, text: str, category: str | None
) -> None:
    assert first(shelf, glossary, guideline, text) == category
