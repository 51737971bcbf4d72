"""Charts of coloured areas come out as rows that name what they stand under."""

from __future__ import annotations

from pathlib import Path

from ingest.document import PageText
from ingest.paragraphs import page_texts
from ingest.passages import cut
from ingest.pdf import read_pdf
from tests import chart_shapes as shapes


def rows_of(path: Path) -> tuple[PageText, list[str]]:
    (page,) = page_texts(read_pdf(path, path.name, 10).pages)
    return page, [page.text[start:end] for start, end in page.rows]


def test_boxes_with_points_name_their_column(tmp_path: Path) -> None:
    _, rows = rows_of(shapes.points_chart(tmp_path / "points.pdf"))
    expected = [
        f"{title}: {text}; {points} points"
        for title, choices in shapes.COLUMNS
        for text, points in choices
    ]
    assert sorted(rows[: len(expected)]) == sorted(expected)


def test_boxes_under_a_banner_name_it(tmp_path: Path) -> None:
    _, rows = rows_of(shapes.points_chart(tmp_path / "points.pdf"))
    levels = [f"Add Points From All Categories: {' '.join(lines)}" for lines in shapes.LEVELS]
    assert rows[-len(levels) :] == levels


def test_each_box_is_marked_where_it_is_drawn(tmp_path: Path) -> None:
    page, _ = rows_of(shapes.points_chart(tmp_path / "points.pdf"))
    (where,) = {
        (round(line.box.x0), round(line.box.x1))
        for line in page.lines
        if "Very glossy" in page.text[slice(*line.span)]
    }
    assert 235 <= where[0] < where[1] <= 415  # inside the second column only


def test_a_table_of_colours_alone_gives_rows_with_their_headers(tmp_path: Path) -> None:
    _, rows = rows_of(shapes.painted_table(tmp_path / "painted.pdf"))
    assert rows == [
        "Category: 2; Findings: Pebble under 6 mm; Management: 12 month survey",
        "Category: 2; Findings: Pebble with sand; Management: 12 month survey",
        "Category: 3; Findings: Pebble of 6 mm to under 8 mm; Management: 6 month survey",
        "Category: 3; Findings: New pebble under 6 mm; Management: 6 month survey",
    ]


def test_tables_under_bands_stand_under_their_own_band_and_lists_side_by_side_stay_apart(
    tmp_path: Path,
) -> None:
    path = shapes.poster(tmp_path / "poster.pdf")
    pages = page_texts(read_pdf(path, path.name, 10).pages)
    found = {
        (piece.section.split(" > ")[-1], line)
        for piece in cut(pages, lambda text: len(text.split()), 256)
        for line in pages[0].text[piece.start : piece.end].split("\n")
    }
    expected = {
        (band, f"{label} | {value}")
        for band, groups in (
            ("FIELD", shapes.FIELD),
            *(("LABORATORY", g) for g in shapes.LABORATORY),
        )
        for label, values in groups
        for value in values
    }
    assert expected <= found
