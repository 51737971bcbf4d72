"""Grade, Appropriateness, Quality and documents: what they show, and that hostile text stays text."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.corpus_labels import CorpusLabels
from app.document_shelf import Details
from app.grade_markup import history_html, sheet_tables_html, systems_html, words_read_html
from app.grading import corrected_by, joined_form, sitting_of, systems_fitting, turns
from app.order_desk import key_in, key_text
from app.order_markup import SORTS, card_html, comparison_html, dose_rank, rows_html
from app.quality import Opinions, WithheldStatement, withheld_in
from app.quality_markup import chart_html, feedback_html, withheld_html
from app.scenario_cards import ScenarioCard
from app.scenario_table import ComparedRow, Comparison, FlatRow
from app.words import EN, KO
from evals.drift.charts import Chart, Mark
from rag.answering.grade_sheet import beside, sheet_of
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from tests.responses import HOSTILE


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(CORPUS)


@pytest.fixture(scope="module")
def glossary(shelf: Shelf) -> Glossary:
    return load_glossary(CORPUS / "glossary.yaml", shelf.vocabulary)


class Tags(HTMLParser):
    """The tags, attributes and text of a piece of markup."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_text_fills_the_form_and_a_correction_changes_the_category(
    shelf: Shelf, glossary: Glossary
) -> None:
    lung = shelf.get("lung_rads_v2022")
    sitting = sitting_of("8 mm solid nodule", [lung], shelf, glossary)
    assert sitting.finding is not None
    assert sheet_of(lung, sitting.finding).decision.possible == ("2", "4A", "4B")
    new = corrected_by(sitting, "timing", "new", [lung])
    assert new.finding is not None
    sheet = sheet_of(lung, new.finding)
    assert sheet.decision.category == "4B"
    assert "is-holds" in sheet_tables_html(sheet, EN)
    assert turns(sheet.case)
    back = corrected_by(new, "timing", None, [lung])
    assert back.finding is not None and sheet_of(lung, back.finding).decision.category is None


def test_a_text_of_another_organ_finds_its_system(shelf: Shelf, glossary: Glossary) -> None:
    thyroid = "1.8 cm solid hypoechoic thyroid nodule, taller than wide"
    lung = ["lung_rads_v2022"]
    assert systems_fitting(thyroid, lung, shelf, glossary) == ("k_tirads_2021",)
    assert systems_fitting("8 mm solid lung nodule", lung, shelf, glossary) == tuple(lung)
    assert systems_fitting("", lung, shelf, glossary) == tuple(lung)


def test_a_wrong_value_is_said_and_changes_nothing(shelf: Shelf, glossary: Glossary) -> None:
    lung = shelf.get("lung_rads_v2022")
    sitting = sitting_of("8 mm solid nodule", [lung], shelf, glossary)
    wrong = corrected_by(sitting, "timing", "yesterday", [lung])
    assert "yesterday" in wrong.problem
    assert wrong.findings == sitting.findings
    assert corrected_by(sitting, "no_such_input", "x", [lung]) == sitting


def test_several_systems_share_one_form(shelf: Shelf, glossary: Glossary) -> None:
    systems = [shelf.get("k_tirads_2021"), shelf.get("acr_ti_rads_2017")]
    text = "1.8 cm solid hypoechoic thyroid nodule, taller than wide"
    sitting = sitting_of(text, systems, shelf, glossary)
    assert sitting.finding is not None
    sheets = [sheet_of(system, sitting.finding) for system in systems]
    fields = joined_form(sheets)
    assert len({field.name for field in fields}) == len(fields)
    html = systems_html(beside(sitting.finding, systems), sheets, CorpusLabels(shelf), EN)
    assert "K-TIRADS 5" in html and "ACR TI-RADS TR5" in html
    marked = words_read_html(sitting.finding, CorpusLabels(shelf), EN)
    assert marked.count("<mark") >= 4


@pytest.mark.parametrize(
    "name",
    [
        "lung_rads_v2022",
        "fleischner_2017",
        "k_tirads_2021",
        "k_tirads_2016",
        "acr_ti_rads_2017",
        "bi_rads_5",
    ],
)
@pytest.mark.parametrize("words", [EN, KO], ids=["en", "ko"])
def test_an_empty_form_says_what_it_needs(
    name: str, words: object, shelf: Shelf, glossary: Glossary
) -> None:
    system = shelf.get(name)
    sitting = sitting_of("", [system], shelf, glossary)
    assert sitting.finding is not None
    sheet = sheet_of(system, sitting.finding)
    html = systems_html(
        beside(sitting.finding, [system]), [sheet], CorpusLabels(shelf, "ko"),
        KO if words is KO else EN,
    )  # fmt: skip
    assert sheet.question is not None or sheet.decision.not_covered
    assert sheet.decision.not_covered or "is-holds" not in sheet_tables_html(sheet, EN)
    if words is KO and sheet.question is not None:
        assert any("가" <= letter <= "힣" for letter in Tags(html).text)


def test_hostile_text_stays_text_everywhere(shelf: Shelf, glossary: Glossary) -> None:
    lung = shelf.get("lung_rads_v2022")
    sitting = sitting_of(f"8 mm solid nodule {HOSTILE}", [lung], shelf, glossary)
    assert sitting.finding is not None
    card = ScenarioCard(HOSTILE, None, (), (), 1, HOSTILE, "", (HOSTILE,), False, HOSTILE)
    row = FlatRow(HOSTILE, HOSTILE, 5, HOSTILE, HOSTILE, "", "")
    compared = Comparison(
        ((HOSTILE, HOSTILE, HOSTILE),), (ComparedRow(HOSTILE, HOSTILE, 1, None, None),)
    )
    mark = Mark("2026-11-28", 0.5, 3, 0, 0.5, 0.4, 0.6, 0.03, cause=HOSTILE)
    pieces = [
        words_read_html(sitting.finding, CorpusLabels(shelf), EN),
        history_html([("10:00", HOSTILE)], EN),
        card_html(card, EN),
        rows_html([row], "rating", lambda _: HOSTILE, EN),
        comparison_html(compared, HOSTILE, HOSTILE, False, EN),
        withheld_html([WithheldStatement("t", HOSTILE, HOSTILE, HOSTILE, "")], EN),
        feedback_html(Opinions(({"question": HOSTILE, "comment": HOSTILE},)), EN),
        chart_html(Chart(HOSTILE, HOSTILE, "share", "higher", (mark,)), EN),
    ]
    for piece in pieces:
        read = Tags(piece)
        assert not read.tags & {"script", "img", "iframe"}
        assert not any(name.startswith("on") for name, _ in read.attributes)
        assert not any(
            name == "href" and (value or "").startswith("javascript")
            for name, value in read.attributes
        )


def test_rows_are_ordered_by_what_the_reader_chose() -> None:
    rows = [
        FlatRow("d", "Usually appropriate", 7, "☢☢", "", "", ""),
        FlatRow("a", "Usually appropriate", 9, "☢☢☢", "", "", "", "contrast reaction stated"),
        FlatRow("b", "May be appropriate", 5, "☢", "", "", ""),
        FlatRow("c", "Usually not appropriate", 2, "O", "", "", ""),
    ]
    orders = {name: "".join(row.name for row in sorted(rows, key=SORTS[name])) for name in SORTS}
    assert orders == {"rating": "dabc", "name": "abcd", "dose": "cbda"}
    assert "contrast reaction stated" in rows_html(rows, "rating", lambda _: "", EN)
    assert [dose_rank(level) for level in ("O", "☢", "☢☢☢☢☢", "Varies", "")] == [0, 1, 5, 9, 10]


def test_a_scenario_has_an_address() -> None:
    key = ("Acute Pelvic Pain ~ odd", 3)
    assert key_in(key_text(key)) == key
    assert key_in("x~y") is None and key_in("") is None


def test_withheld_statements_are_read_from_the_log_newest_first() -> None:
    log: list[dict[str, object]] = [
        {"at": "1", "question": "q", "withheld": [["says 6 mm", "source says 8 mm"]]},
        {"at": "2", "question": "r", "withheld": "garbled"},
        {"at": "3", "question": "s", "withheld": [["x", "y"], ["only one"]]},
    ]
    assert [item.at for item in withheld_in(log)] == ["3", "1"]


def test_the_form_of_a_document_becomes_its_sidecar(tmp_path: Path) -> None:
    assert Details().as_sidecar() == "{}"
    assert (
        Details("간 프로토콜", year=2025).as_sidecar() == '{"title": "간 프로토콜", "year": 2025}'
    )
