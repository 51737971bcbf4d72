"""Pages as a sequence of blocks in reading order: rows of text, and tables with their rows.

Each page is taken apart on its own; what spans pages (running heads, a table's head, a row broken
by the page break) is settled over the whole document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.chart_boxes import chart_of
from ingest.document import Line, RawPage
from ingest.layout import Row, rows_in_reading_order, without_running_heads
from ingest.table_columns import column_tables
from ingest.table_rows import (
    Heads,
    TableRow,
    filled_down,
    goes_on,
    is_footnote,
    is_rest_of_row,
    made_whole,
    table_rows,
    with_footnotes,
)
from ingest.tables import Table, baselines, painted_tables, ruled_tables, with_pictures

_NOTE_REACH = 60.0
_MOST_NOTES = 8


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table with its body rows, headers and footnotes resolved."""

    table: Table
    rows: tuple[TableRow, ...] = ()


Block = Row | TableBlock


def document_blocks(pages: Sequence[RawPage]) -> list[list[Block]]:
    """The blocks of every page, running heads left out."""
    tables = [_tables(page) for page in pages]
    rows = [
        rows_in_reading_order(replace(page, lines=_outside(page.lines, found)))
        for page, found in zip(pages, tables, strict=True)
    ]
    kept = without_running_heads(rows, [page.height for page in pages])
    blocks = [_merged(r, f) for r, f in zip(kept, tables, strict=True)]
    return _with_rows(blocks)


def _tables(page: RawPage) -> tuple[TableBlock, ...]:
    """Ruled and painted tables, charts of boxes (their rows made), then tables of columns alone."""
    seen = with_pictures(page)
    ruled = ruled_tables(seen)
    found = [TableBlock(table) for table in (*ruled, *painted_tables(seen, ruled))]
    chart = chart_of(seen, _outside(seen.lines, found))
    found += [TableBlock(chart.table, chart.rows)] if chart else []
    columns = column_tables(seen, _outside(seen.lines, found))
    return (*found, *map(TableBlock, columns))


def _outside(lines: Sequence[Line], tables: Sequence[TableBlock]) -> tuple[Line, ...]:
    held = {id(line) for block in tables for cell in block.table.cells for line in cell.lines}
    return tuple(line for line in lines if id(line) not in held)


def _merged(rows: Sequence[Row], tables: Sequence[TableBlock]) -> list[Block]:
    """Each table before the first row that stands below its top and in its width."""
    blocks: list[Block] = list(rows)
    for table in sorted(tables, key=lambda block: block.table.area.top, reverse=True):
        place = _place(blocks, table.table)
        blocks[place:place] = [*_title_rows(table.table), table]
    return blocks


def _title_rows(table: Table) -> Iterator[Row]:
    """What a table says over all its columns before its head ("Variant 3: ...") as rows of text."""
    for cell in table.cells:
        if cell.row < table.titles:
            yield from (Row(tuple(group)) for group in baselines(cell.lines))


def _place(blocks: Sequence[Block], table: Table) -> int:
    area = table.area
    for place, block in enumerate(blocks):
        top = block.table.area.top if isinstance(block, TableBlock) else block.top
        left, right = _extent(block)
        beside = right <= area.x0 or left >= area.x1
        if top >= (area.bottom if beside else area.top) - 2:
            return place
    return len(blocks)


def _extent(block: Block) -> tuple[float, float]:
    if isinstance(block, TableBlock):
        return block.table.area.x0, block.table.area.x1
    return block.x0, block.x1


def _with_rows(pages: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Blocks with their tables' rows; a table's head and last row carry over to the next page."""
    heads = Heads()
    done: list[list[Block]] = []
    last: tuple[int, int] | None = None  # page and place of the last table
    for number, page in enumerate(pages):
        blocks = list(page)
        done.append(blocks)
        for place, block in enumerate(blocks):
            if not isinstance(block, TableBlock):
                continue
            if block.rows:  # a chart: nothing goes on over its edges
                noted = with_footnotes(block.rows, _notes_below(blocks, place))
                blocks[place] = replace(block, rows=noted)
                continue
            continued = (
                last if last and last[0] == number - 1 and _is_first(blocks, place) else None
            )
            goes = goes_on(block.table, heads)
            rows = table_rows(block.table, heads)
            if continued and goes and rows:
                rows = _taken_up(done, continued, rows)
            rows = with_footnotes(rows, _notes_below(blocks, place))
            blocks[place] = TableBlock(block.table, rows)
            last = (number, place)
    return done


def _is_first(blocks: Sequence[Block], place: int) -> bool:
    return not any(isinstance(block, TableBlock) for block in blocks[:place])


def _taken_up(
    done: list[list[Block]], last: tuple[int, int], rows: tuple[TableRow, ...]
) -> tuple[TableRow, ...]:
    """Rows of a table that goes on; a broken row's rest joins its beginning on the page before."""
    page, place = last
    before = done[page][place]
    if not isinstance(before, TableBlock) or not before.rows:
        return rows
    if is_rest_of_row(rows[0], before.rows[-1]):
        whole = made_whole(before.rows[-1], rows[0])
        done[page][place] = replace(before, rows=(*before.rows[:-1], whole))
        return rows[1:]
    return (filled_down(rows[0], before.rows[-1]), *rows[1:])


def _notes_below(blocks: Sequence[Block], place: int) -> tuple[str, ...]:
    """Footnotes under a table: rows that begin with a mark, each with its further lines."""
    table = blocks[place]
    notes: list[str] = []
    low = table.table.area.bottom if isinstance(table, TableBlock) else 0.0
    for block in blocks[place + 1 : place + 1 + _MOST_NOTES]:
        if isinstance(block, TableBlock) or block.top - low > _NOTE_REACH:
            break
        if is_footnote(block.text):
            notes.append(block.text)
        elif notes and block.text[:1].islower():
            notes[-1] = f"{notes[-1]} {block.text}"
        else:
            break
        low = block.bottom
    return tuple(notes)
