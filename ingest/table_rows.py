"""Rows of a table as text a reader can take alone: each cell with its header, and its footnotes.

A table that goes on over a page break keeps its head; a row broken by the break is made whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.document import Line
from ingest.tables import HEADER_WORDS, PICTURE, Cell, Table
from rag.types import Box

_ALIGNED = 6.0
_REMEMBERED = 2
"""Pages after which an unused head no longer stands over a table without one."""

_NOTE = re.compile(r"^(\*{1,3}|[†‡§¶#]{1,2}|\^?\d{1,2}\s|[a-e]\s)\s*\S")
_MARKS = re.compile(r"\*{1,3}|[†‡§¶#]{1,2}|(?<=\^)\d{1,2}")


@dataclass(frozen=True, slots=True)
class HeadedCell:
    """A cell's text with the header path of its columns (empty where none fits)."""

    header: str
    text: str
    column: int
    columns: int


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its cells with spanned ones repeated, the lines it stands in, its footnotes."""

    page: int
    cells: tuple[HeadedCell, ...]
    boxes: tuple[Box, ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """``Header: cell; Header: cell. Note ...`` or, without headers, ``cell | cell``."""
        full = [cell for cell in self.cells if cell.text.strip(PICTURE)]
        if any(cell.header for cell in full):
            said = "; ".join(f"{c.header}: {c.text}" if c.header else c.text for c in full)
        else:
            said = " | ".join(cell.text for cell in full)
        return " ".join((said.replace(PICTURE, ""), *(f"[{note}]" for note in self.notes)))


Columns = tuple[tuple[float, float, str], ...]
"""(left, right, header path) of each column."""


@dataclass
class Heads:
    """The heads seen so far, the latest last, each with the page of its last use.

    ``columns`` are those of the table at hand, ``inner`` a head within it.
    """

    known: list[tuple[int, Columns]] = field(default_factory=list)
    columns: Columns = ()
    inner: Columns = ()


def table_rows(table: Table, heads: Heads) -> tuple[TableRow, ...]:
    """The body rows of ``table``; ``heads`` carries the head over to a table that goes on."""
    heads.inner = ()
    heads.columns = tuple(_headers(table)) if table.head else head_in_force(table, heads)
    if heads.columns:
        texts = [text for _, _, text in heads.columns]
        others = [one for one in heads.known if [text for _, _, text in one[1]] != texts]
        heads.known = [*others, (table.page, heads.columns)]
    rows: list[TableRow] = []
    for number in table.body:
        cells = table.row(number)
        if not any(cell.text for cell in cells if cell.row == number):
            continue
        if _is_inner_head(cells):
            heads.inner = tuple((c.area.x0, c.area.x1, c.text) for c in cells if c.text)
            continue
        if any(cell.text and not _is_under(cell, heads.inner) for cell in cells):
            heads.inner = ()
        rows.append(_row(table, cells, number, heads))
    return tuple(rows)


def _is_under(cell: Cell, columns: Columns) -> bool:
    return any(
        x0 - _ALIGNED <= cell.area.x0 and cell.area.x1 <= x1 + _ALIGNED for x0, x1, _ in columns
    )


def head_in_force(table: Table, heads: Heads) -> Columns:
    """The latest head, used on this page or just before, whose columns a table without one shares."""
    for page, columns in reversed(heads.known):
        if table.page - page > _REMEMBERED:
            continue
        edges = (*(left for left, _, _ in columns), columns[-1][1])
        wide = abs(edges[0] - table.lefts[0]) + abs(edges[-1] - table.lefts[-1]) < 2 * _ALIGNED
        if wide and (_are_among(edges, table.lefts) or _are_among(table.lefts, edges)):
            return columns
    return ()


def goes_on(table: Table, heads: Heads) -> bool:
    """Whether ``table`` has no head of its own but the columns of one before it."""
    return table.head == 0 and bool(head_in_force(table, heads))


def _are_among(some: Sequence[float], others: Sequence[float]) -> bool:
    return all(any(abs(x - y) < _ALIGNED for y in others) for x in some)


def _headers(table: Table) -> Iterator[tuple[float, float, str]]:
    """(left, right, header path) of each column, columns under one header made one."""
    last: tuple[float, float, str] | None = None
    for column in range(table.column_count):
        path = table.header_path(column)
        left, right = table.lefts[column], table.lefts[column + 1]
        if last is not None and last[2] == path and _same_header(table, column):
            last = (last[0], right, path)
            continue
        if last is not None:
            yield last
        last = (left, right, path)
    if last is not None:
        yield last


def _same_header(table: Table, column: int) -> bool:
    row = table.titles + table.head - 1
    return table.cell(row, column) is table.cell(row, column - 1)


def _is_inner_head(cells: Sequence[Cell]) -> bool:
    full = [cell for cell in cells if cell.text]
    return len(full) > 1 and all(HEADER_WORDS.fullmatch(cell.text.strip(" :*")) for cell in full)


def _row(table: Table, cells: Sequence[Cell], number: int, heads: Heads) -> TableRow:
    headed = tuple(
        HeadedCell(_header_of(cell, heads), cell.text, cell.column, cell.columns) for cell in cells
    )
    own = [line for cell in cells if cell.row == number for line in cell.lines]
    return TableRow(table.page, headed, tuple(row_boxes(table.page, own)))


def _header_of(cell: Cell, heads: Heads) -> str:
    """The header over exactly these columns, or over more; none where the cell crosses borders."""
    left, right = cell.area.x0, cell.area.x1
    for x0, x1, text in heads.inner:
        if abs(x0 - left) < _ALIGNED and abs(x1 - right) < _ALIGNED:
            return text
    for x0, x1, text in heads.columns:
        if x0 - _ALIGNED <= left and right <= x1 + _ALIGNED:
            return text
    over = [one for one in heads.columns if one[0] < right - 1 and one[1] > left + 1]
    if not over or len(over) == len(heads.columns):
        return ""
    exact = abs(over[0][0] - left) < _ALIGNED and abs(over[-1][1] - right) < _ALIGNED
    return " / ".join(text for _, _, text in over) if exact else ""


def row_boxes(page: int, lines: Sequence[Line]) -> Iterator[Box]:
    """One box for each baseline: what a marker pen would take."""
    group: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.top, line.x0)):
        if group and line.top > group[-1].bottom - 0.5 * (line.bottom - line.top):
            yield _box(page, group)
            group = []
        group.append(line)
    if group:
        yield _box(page, group)


def _box(page: int, lines: Sequence[Line]) -> Box:
    return Box(
        page, round(min(line.x0 for line in lines), 1), round(min(line.top for line in lines), 1),
        round(max(line.x1 for line in lines), 1), round(max(line.bottom for line in lines), 1),
    )  # fmt: skip


def is_rest_of_row(row: TableRow, before: TableRow) -> bool:
    """Whether the first row of a page is the rest of the last one: most of its cells are empty."""
    full = [cell for cell in row.cells if cell.text]
    if not full or len(full) * 2 > len(row.cells):
        return False
    return row.page == before.page + 1 and len(row.cells) == len(before.cells)


def made_whole(before: TableRow, rest: TableRow) -> TableRow:
    """``before`` with the cells of ``rest`` after its own."""
    cells = tuple(
        replace(cell, text=f"{cell.text} {more.text}".strip())
        for cell, more in zip(before.cells, rest.cells, strict=True)
    )
    return replace(before, cells=cells, boxes=(*before.boxes, *rest.boxes))


def filled_down(row: TableRow, before: TableRow) -> TableRow:
    """A row whose first cells are empty because they span the page break takes them from before."""
    if len(row.cells) != len(before.cells) or row.cells[0].text or not row.cells[-1].text:
        return row
    cells = list(row.cells)
    for place, cell in enumerate(cells):
        if cell.text:
            break
        cells[place] = before.cells[place]
    return replace(row, cells=tuple(cells))


def is_footnote(text: str) -> bool:
    return _NOTE.match(text) is not None


def with_footnotes(rows: Sequence[TableRow], notes: Sequence[str]) -> tuple[TableRow, ...]:
    """Rows with the notes whose mark one of their cells bears."""
    marked = {match[0]: note for note in notes if (match := _MARKS.match(note.lstrip("^")))}
    if not marked:
        return tuple(rows)
    return tuple(
        replace(row, notes=tuple(dict.fromkeys(marked[m] for m in _marks_in(row) if m in marked)))
        for row in rows
    )


def _marks_in(row: TableRow) -> Iterator[str]:
    for cell in row.cells:
        for text in (cell.header, cell.text):
            yield from (match[0] for match in _MARKS.finditer(text))
