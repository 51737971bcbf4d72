"""Word documents and spreadsheets to blocks; the only file that imports their libraries.

Both are zip archives: their unpacked size is checked before anything is parsed. What the author hid
(hidden text, sheets, rows and columns) is left out and counted, so that nothing invisible answers.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.written import Written, table_blocks
from rag.errors import DocumentError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MOST_UNPACKED = 400 << 20
_MOST_ENTRIES = 10_000
_MOST_CELLS = 2_000_000


def read_docx(path: Path, name: str) -> tuple[str | None, list[Written], list[str]]:
    """Title, blocks and notices of a Word document.

    Raises:
        DocumentError: damaged, encrypted, or too large when unpacked.
    """
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    check_archive(path, name, "word/document.xml")
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DocumentError(name, f"damaged Word document: {error}") from error
    hidden: list[int] = []
    blocks = list(_docx_blocks(document, hidden))
    notices = [f"{len(hidden)} hidden pieces of text were left out"] if hidden else []
    return document.core_properties.title or None, blocks, notices


def _docx_blocks(document: Document, hidden: list[int]) -> Iterator[Written]:
    from docx.table import Table

    for item in document.iter_inner_content():
        if isinstance(item, Table):
            rows = [[_cell_text(cell) for cell in row.cells] for row in item.rows]
            yield from table_blocks(rows)
        else:
            yield Written(_visible(item, hidden), _level(item))


def _cell_text(cell: Any) -> str:
    return " ".join(paragraph.text for paragraph in cell.paragraphs)


def _visible(paragraph: Paragraph, hidden: list[int]) -> str:
    """The text without runs that are hidden, white, or under two points."""
    shown: list[str] = []
    for run in paragraph.runs:
        font = run.font
        white = font.color is not None and str(font.color.rgb) == "FFFFFF"
        tiny = font.size is not None and font.size.pt < 2
        if (font.hidden or white or tiny) and run.text.strip():
            hidden.append(1)
        else:
            shown.append(run.text)
    return "".join(shown) if paragraph.runs else paragraph.text


def _level(paragraph: Paragraph) -> int | None:
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style == "Title":
        return 1
    if style.startswith("Heading "):
        last = style.removeprefix("Heading ")
        return min(int(last), 6) if last.isdigit() else 3
    return None


def read_xlsx(path: Path, name: str) -> tuple[str | None, list[Written], list[str]]:
    """Title, blocks and notices of a spreadsheet: each sheet a heading, each row with its headers.

    Raises:
        DocumentError: damaged, encrypted, or too large when unpacked.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    check_archive(path, name, "xl/workbook.xml")
    try:
        book = openpyxl.load_workbook(path, data_only=True)
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise DocumentError(name, f"damaged spreadsheet: {error}") from error
    blocks: list[Written] = []
    notices: list[str] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notices.append(f"the hidden sheet '{sheet.title}' was left out")
            continue
        blocks.append(Written(sheet.title, 1))
        blocks += table_blocks(_sheet_rows(sheet, name, notices))
    return book.properties.title or None, blocks, notices


def _sheet_rows(sheet: Any, name: str, notices: list[str]) -> list[list[str]]:
    from openpyxl.utils import get_column_letter

    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        raise DocumentError(name, f"sheet '{sheet.title}' has more than {_MOST_CELLS:,} cells")
    spanned = {
        (row, column): sheet.cell(area.min_row, area.min_col).value
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    hidden_rows = {n for n, one in sheet.row_dimensions.items() if one.hidden}
    hidden_columns = {name for name, one in sheet.column_dimensions.items() if one.hidden}
    if hidden_rows or hidden_columns:
        notices.append(f"hidden rows or columns of sheet '{sheet.title}' were left out")
    return [
        [
            _shown(spanned.get((cell.row, cell.column), cell.value))
            for cell in row
            if get_column_letter(cell.column) not in hidden_columns
        ]
        for row in _plain_cells(sheet)
        if row[0].row not in hidden_rows
    ]


def _plain_cells(sheet: Any) -> Iterator[list[Any]]:
    """Every row in full, empty cells included."""
    for number in range(1, sheet.max_row + 1):
        yield [sheet.cell(number, column) for column in range(1, sheet.max_column + 1)]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def check_archive(path: Path, name: str, needed: str) -> None:
    """Refuse what unpacks too large or is not what its suffix says.

    Raises:
        DocumentError: no such archive, encrypted, or larger than the limit when unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise DocumentError(name, "damaged, encrypted, or other than its name says") from error
    if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
        raise DocumentError(name, f"unpacks to more than {MOST_UNPACKED >> 20} MB")
    if needed not in {one.filename for one in entries}:
        raise DocumentError(name, f"not what its suffix says: it holds no {needed}")
