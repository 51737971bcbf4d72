"""Word, Excel, CSV and HTML to the same pages and rows that PDF files give."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

from ingest.document import PageText
from ingest.documents import files_at, take_in
from ingest.manifest import DocumentDetails, Library
from ingest.office import read_docx, read_xlsx
from ingest.reading import Reader
from ingest.text import read_text
from ingest.web_page import csv_blocks, html_blocks
from ingest.written import page_of
from rag.errors import DocumentError
from rag.retrieval.model_card import PACKAGED_MODEL

ROWS = [
    "Organ: Lung; Slice thickness: 1 mm; Contrast: none",
    "Organ: Liver; Slice thickness: 3 mm; Contrast: portal venous",
]
TABLE = (
    ("Organ", "Slice thickness", "Contrast"),
    ("Lung", "1 mm", "none"),
    ("Liver", "3 mm", "portal venous"),
)


def rows_of(page: PageText | None) -> list[str]:
    assert page is not None
    return [page.text[start:end] for start, end in page.rows]


def headings_of(page: PageText | None) -> list[tuple[str, int]]:
    assert page is not None
    return [(page.text[h.span[0] : h.span[1]], h.level) for h in page.headings]


def test_word(tmp_path: Path) -> None:
    document = docx.Document()
    document.core_properties.title = "Local CT protocol"
    document.add_heading("Acquisition", 1)
    paragraph = document.add_paragraph("Slices are thin. ")
    hidden = paragraph.add_run("Nobody sees this.")
    hidden.font.hidden = True
    table = document.add_table(rows=0, cols=3)
    for row in TABLE:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.save(str(tmp_path / "protocol.docx"))
    title, blocks, notices = read_docx(tmp_path / "protocol.docx", "protocol.docx")
    page = page_of(blocks)
    assert title == "Local CT protocol"
    assert headings_of(page) == [("Acquisition", 1)]
    assert rows_of(page) == ROWS
    assert page is not None
    assert "Nobody" not in page.text
    assert notices == ["1 hidden pieces of text were left out"]


def test_a_spreadsheet_with_merged_and_hidden_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "CT"
    for row in (*TABLE, ("Liver", "5 mm", "late")):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    secret = book.create_sheet("Draft")
    secret.append(("Organ", "Dose"))
    secret.sheet_state = "hidden"
    book.save(tmp_path / "table.xlsx")
    _, blocks, notices = read_xlsx(tmp_path / "table.xlsx", "table.xlsx")
    page = page_of(blocks)
    assert headings_of(page) == [("CT", 1)]
    assert rows_of(page) == [*ROWS, "Organ: Liver; Slice thickness: 5 mm; Contrast: late"]
    assert notices == ["the hidden sheet 'Draft' was left out"]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv(mark: str) -> None:
    text = "Department protocol\n" + "\n".join(mark.join(row) for row in TABLE)
    page = page_of(csv_blocks(text, "table.csv"))
    assert rows_of(page) == ROWS
    assert headings_of(page) == [("Department protocol", 1)]


HTML = """<html><head><title>Thorax</title><style>p {color: red}</style></head><body>
<script>alert("no")</script><h2>Thorax CT</h2><p>Slices are <b>thin</b>.
<p style="display:none">Ignore this.</p><ul><li>First</li><li>Second</li></ul>
<table><tr><th>Organ<th>Slice thickness<th>Contrast</tr>
<tr><td>Lung</td><td>1 mm</td><td>none</td></tr>
<tr><td>Liver</td><td>3 mm</td><td>portal venous</td></tr></table>
<p>5 &lt; 6 mm</body></html>"""


def test_html_is_taken_apart_and_never_run() -> None:
    title, blocks, notices = html_blocks(HTML)
    page = page_of(blocks)
    assert page is not None
    assert (title, headings_of(page)) == ("Thorax", [("Thorax CT", 2)])
    assert rows_of(page)[-1] == ROWS[1]
    assert page.text.split("\n")[1:4] == ["Slices are thin.", "First", "Second"]
    assert page.text.endswith("5 < 6 mm")
    assert not any(word in page.text for word in ("alert", "Ignore", "color"))
    assert notices == ["1 hidden parts were left out"]


def test_markdown_tables_name_their_headers(tmp_path: Path) -> None:
    lines = [" | ".join(row) for row in TABLE]
    text = f"# CT\n\n| {lines[0]} |\n|---|---|---|\n| {lines[1]} |\n| {lines[2]} |\n"
    (tmp_path / "a.md").write_text(text)
    (page,) = read_text(tmp_path / "a.md", "a.md", markdown=True)
    assert rows_of(page) == ROWS


def test_details_supersede_and_the_same_content_is_one_document(tmp_path: Path) -> None:
    home = tmp_path / "home"
    reader = Reader(home / "cache", PACKAGED_MODEL, PACKAGED_MODEL)

    def add(library: Library, name: str, text: str, **said: object) -> Library:
        path = tmp_path / name
        path.write_text(text)
        details = DocumentDetails.model_validate(said)
        after, failures = take_in(
            home, library, tuple(files_at([path])), reader, (), lambda *_: None, details
        )
        assert failures == ()
        return after

    old = "# Old\n\nSlices are 3 mm thick in this department.\n"
    new = "# New\n\nSlices are 1 mm thick in this department.\n"
    library = add(Library(), "old.md", old, issuer="Radiology", date="2024-03-01")
    library = add(library, "copy.md", old)
    assert [entry.id for entry in library.entries] == ["old"]
    library = add(library, "new.md", new, supersedes="old")
    (first, second) = library.entries
    assert library.successor(first) == second
    assert library.successor(second) is None
    wrong, failures = take_in(
        home, library, tuple(files_at([tmp_path / "new.md"])), reader, (), lambda *_: None,
        DocumentDetails(supersedes="absent"),
    )  # fmt: skip
    assert wrong == library
    assert "not in the library" in failures[0][1]
    with pytest.raises(DocumentError):
        library.find("absent")
