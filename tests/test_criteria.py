"""Appropriateness documents of every shape to rows; charts to rows with their header paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.criteria import read_criteria
from ingest.document import Criteria, PageText
from ingest.flow import document_blocks
from ingest.paragraphs import page_texts
from ingest.pdf import read_pdf
from ingest.worker import read_document
from rag.retrieval.model_card import PACKAGED_MODEL
from tests import criteria_shapes as shapes


def criteria(path: Path) -> Criteria:
    content = read_pdf(path, path.name, 100)
    found = read_criteria(document_blocks(content.pages), content.pages)
    assert found is not None
    return found


def text(path: Path) -> tuple[PageText, ...]:
    return page_texts(read_pdf(path, path.name, 100).pages)


def told(found: Criteria, number: int = 0) -> list[tuple[str, str, str | None]]:
    rows = found.variants[number].rows
    return [(row.procedure, row.category, row.rrl_adult) for row in rows]


EXPECTED = [
    ("US knee", "usually appropriate", "O"),
    ("MRI knee without IV contrast", "usually appropriate", "O"),
    (shapes.ROWS[2][0], "may be appropriate", "☢☢"),
    ("Fluoroscopy knee", "may be appropriate (disagreement)", "☢"),
    ("Bone scan whole body", "usually not appropriate", "☢☢☢"),
    ("PET whole body", "usually not appropriate", "☢☢☢☢"),
]


@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "without rules"])
@pytest.mark.parametrize("sign", [shapes.GLYPH, shapes.PICTURE], ids=["glyphs", "pictures"])
def test_three_columns(tmp_path: Path, sign: shapes.Sign, ruled: bool) -> None:
    found = criteria(shapes.narrative(tmp_path / "a.pdf", sign=sign, ruled=ruled))
    assert (found.topic, found.year) == ("Sprained Invented Knee", 2027)
    assert [variant.number for variant in found.variants] == [1, 2]
    assert found.variants[1].text == f"{shapes.CAPTION} Stage 2. Initial imaging."
    assert told(found, 0) == told(found, 1) == EXPECTED
    assert found.notices == ()


def test_a_table_without_radiation_column(tmp_path: Path) -> None:
    sheet = shapes.Sheet(tmp_path / "two.pdf")
    sheet.line("ACR Appropriateness Criteria® Blocked Invented Vein", bold=True)
    sheet.caption(1, "Adult with a blocked vein. Treatment.")
    sheet.table((300.0, 150.0), [row[:2] for row in (shapes.HEAD, *shapes.ROWS)])
    sheet.save()
    found = criteria(tmp_path / "two.pdf")
    assert found.topic == "Blocked Invented Vein"
    assert told(found) == [(name, category, None) for name, category, _ in EXPECTED]


@pytest.mark.parametrize("repeat", [True, False], ids=["head repeated", "no head"])
def test_rows_over_a_page_break(tmp_path: Path, repeat: bool) -> None:
    found = criteria(shapes.over_pages(tmp_path / "over.pdf", repeat_head=repeat))
    assert told(found) == EXPECTED
    assert [row.page for row in found.variants[0].rows] == [1, 1, 2, 2, 2, 2]


def test_captions_within_the_tables_and_a_variant_that_is_continued(tmp_path: Path) -> None:
    found = criteria(shapes.captions_in_tables(tmp_path / "inside.pdf"))
    assert [variant.number for variant in found.variants] == [1, 2]
    assert [variant.text for variant in found.variants] == [
        "Adult with a sprained wrist, part 1.", "Adult with a sprained wrist, part 2.",
    ]  # fmt: skip
    assert told(found, 0) == told(found, 1) == EXPECTED


def test_a_row_broken_by_the_page_is_made_whole(tmp_path: Path) -> None:
    found = criteria(shapes.broken_row(tmp_path / "broken.pdf"))
    assert [name for name, _, _ in told(found)] == [
        "US knee",
        "MRI foot without and with IV contrast",
        "Bone scan whole body",
    ]
    assert {box.page for box in found.variants[0].rows[1].boxes} == {1, 2}


def test_the_older_tables_give_ratings_and_comments(tmp_path: Path) -> None:
    found = criteria(shapes.ratings(tmp_path / "old.pdf"))
    assert (found.topic, found.year) == ("Invented Elbow Pain", 2014)
    for variant in found.variants:
        assert [(r.procedure, r.rating, r.category, r.rrl_adult) for r in variant.rows] == [
            ("X-ray elbow", 9, "usually appropriate", "☢"),
            ("MRI elbow without contrast", 6, "may be appropriate", "O"),
            ("CT elbow without contrast", 2, "usually not appropriate", "☢☢"),
        ]
        assert variant.rows[1].comment == "If the radiograph is normal."


def test_an_appendix_gives_strength_of_evidence_and_votes(tmp_path: Path) -> None:
    (variant,) = criteria(shapes.appendix(tmp_path / "appendix.pdf")).variants
    first, second = variant.rows
    assert (first.procedure, first.rating, first.strength) == ("US knee", 8, "Strong")
    assert (first.rrl_adult, first.rrl_peds) == ("O", "O")
    assert first.votes == (0, 0, 0, 1, 4, 2, 7, 3, 0)
    assert (second.strength, second.rrl_adult, second.rrl_peds) == (
        "Expert Consensus",
        "☢☢☢",
        "☢☢☢☢",
    )


def test_prose_and_other_tables_are_no_criteria(tmp_path: Path) -> None:
    content = read_pdf(shapes.merged_chart(tmp_path / "chart.pdf"), "chart.pdf", 10)
    assert read_criteria(document_blocks(content.pages), content.pages) is None


def test_narratives_stand_under_their_variant_and_procedure(tmp_path: Path) -> None:
    """A caption longer than any heading, and the second procedure after it, keep their variant."""
    read = read_document({
        "path": str(shapes.discussed(tmp_path / "a.pdf")), "name": "a.pdf", "kind": "pdf",
        "max_pages": "10", "embedding_model": PACKAGED_MODEL,
    })  # fmt: skip
    told = {
        read.pages[p.page].text[p.start : p.end].split(" is ")[0]: p.section for p in read.pieces
    }
    assert [told[name][:9] for name in ("US knee", "MRI knee", "US foot")] == [
        "Variant 1", "Variant 1", "Variant 2",
    ]  # fmt: skip
    assert [told[name].rsplit(" > ", 1)[1] for name in ("US knee", "MRI knee", "US foot")] == [
        "US Joint", "MRI Joint", "US Joint",
    ]  # fmt: skip
    assert told["Everything"] == "Summary of Recommendations"


def test_merged_cells_give_whole_rows_with_their_header_path(tmp_path: Path) -> None:
    (page,) = text(shapes.merged_chart(tmp_path / "chart.pdf"))
    note = "[* Low-dose technique is used for every study.]"
    rows = [page.text[start:end] for start, end in page.rows]
    assert rows == [
        "Category: 2; Findings: Pebble under 6 mm; Follow-up > Interval: 12 months; "
        f"Follow-up > Study*: CT {note}",
        "Category: 2; Findings: Pebble with sand; Follow-up > Interval: 12 months; "
        f"Follow-up > Study*: CT {note}",
        "Category: 3; Findings: Pebble of 6 mm or more; Follow-up > Interval: 6 months; "
        f"Follow-up > Study*: CT {note}",
    ]


def test_each_row_stands_where_it_is_printed(tmp_path: Path) -> None:
    (page,) = text(shapes.merged_chart(tmp_path / "chart.pdf"))
    boxes = [line.box for line in page.lines if line.in_table]
    tops = [box.top for box in boxes]
    assert tops == sorted(tops)
    assert all(50 < box.x0 < box.x1 < 530 for box in boxes)
