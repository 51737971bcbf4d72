"""Rows in reading order to pages of reading text: hyphens joined, paragraphs, headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.document import Heading, PageText, RawPage, TextLine
from ingest.flow import Block, TableBlock, document_blocks
from ingest.heading_style import Style, could_be_heading, heading_level, stands_alone, style_of
from ingest.layout import Row
from ingest.lists import ITEM
from ingest.pdf_characters import LINE_END_HYPHEN
from ingest.places import line_spans, within
from ingest.sentences import ENDS_SENTENCE, first_sentence_end
from ingest.table_rows import TableRow
from ingest.variant_headings import is_caption, ranked
from rag.types import Box, Span

_PROSE_CHARACTERS = 90
_SENTENCE_WORDS = 6
_PROSE_SHARE = 0.6
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_CLEAN = str.maketrans({**_LIGATURES, "\u00a0": " ", "\x00": " "})
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """``level`` is a heading's; ``prose`` running text in the body's size; ``is_row`` cells.

    ``headed``: a table's row with its header path, which can be read alone.
    """

    text: str
    level: int | None
    prose: bool
    is_row: bool
    lines: tuple[TextLine, ...] = ()
    headed: bool = False


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A row with its place: page, and number on the page."""

    row: Row
    page: int
    number: int


def page_texts(pages: Sequence[RawPage]) -> tuple[PageText, ...]:
    """Reading text of every page in order; pages without text stay in place, empty."""
    return blocks_text([page.number for page in pages], document_blocks(pages))


def blocks_text(numbers: Sequence[int], blocks: Sequence[Sequence[Block]]) -> tuple[PageText, ...]:
    """Reading text of pages that are already taken apart into blocks."""
    kept = [[row for block in page for row in _all_rows(block)] for page in blocks]
    style = style_of(kept)
    words = _words(kept)
    paragraphs = [
        _paragraphs(page, number, style, words)
        for number, page in zip(numbers, blocks, strict=True)
    ]
    whole = _with_variants(_sentences_made_whole(paragraphs))
    return tuple(_page_text(number, page) for number, page in zip(numbers, whole, strict=True))


def _with_variants(pages: Sequence[Sequence[_Paragraph]]) -> list[list[_Paragraph]]:
    """The captions of variants above the headings of their procedures, over the whole document."""
    levels = iter(ranked([(p.text, p.level) for page in pages for p in page if p.level]))
    return [[replace(p, level=next(levels)) if p.level else p for p in page] for page in pages]


def _all_rows(block: Block) -> tuple[Row, ...]:
    """The rows of text a block holds, a table's cells line by line."""
    if isinstance(block, Row):
        return (block,)
    return tuple(Row((line,)) for cell in block.table.cells for line in cell.lines)


def _words(pages: Sequence[Sequence[Row]]) -> Counter[str]:
    """Words and hyphenated words as the document writes them within a line; broken ones not."""
    words: Counter[str] = Counter()
    for page in pages:
        broken = False
        for row in page:
            text = row.text.lower()
            found = re.findall(rf"[^\W_]+(?:-[^\W_]+)*[-{LINE_END_HYPHEN}]?", text)
            whole = found[1:] if broken else found
            words.update(word for word in whole if word[-1].isalnum())
            broken = text.endswith((LINE_END_HYPHEN, "-"))
    return words


def _paragraphs(
    blocks: Sequence[Block], page: int, style: Style, words: Counter[str]
) -> list[_Paragraph]:
    rows = [block for block in blocks if isinstance(block, Row)]
    pitch = _line_pitch(rows)
    right = _right_edge(rows)
    made: list[_Paragraph] = []
    group: list[_Numbered] = []
    number = 0
    for block in blocks:
        if isinstance(block, TableBlock):
            made += [_paragraph(group, style, words)] if group else []
            group = []
            made += [_table_row(row, number + n) for n, row in enumerate(block.rows, 1)]
            number += len(block.rows)
            continue
        number += 1
        if group and not _continues(group[-1].row, block, style, pitch, right):
            made.append(_paragraph(group, style, words))
            group = []
        group.append(_Numbered(block, page, number))
    made += [_paragraph(group, style, words)] if group else []
    return [paragraph for paragraph in made if paragraph.text]


def _table_row(row: TableRow, number: int) -> _Paragraph:
    text = _clean(row.text)
    lines = tuple(TextLine((0, len(text)), box, number, in_table=True) for box in row.boxes)
    headed = any(cell.header for cell in row.cells if cell.text)
    is_listing = any(cell.header.lower() == "references" for cell in row.cells)
    return _Paragraph(
        "" if is_listing else text, None, prose=False, is_row=True, lines=lines, headed=headed
    )


def _line_pitch(rows: Sequence[Row]) -> float:
    """Usual distance between the tops of two lines of one paragraph."""
    steps = [b.top - a.top for a, b in pairwise(rows)]
    usual = [step / row.size for step, row in zip(steps, rows, strict=False) if row.size > 0]
    usual = [step for step in usual if 0.5 < step < 2.5]
    return median(usual) if usual else 1.4


def _right_edge(rows: Sequence[Row]) -> float:
    return max((row.x1 - row.x0 for row in rows), default=0.0)


def _continues(before: Row, row: Row, style: Style, pitch: float, widest: float) -> bool:
    """Whether ``row`` belongs to the paragraph that ``before`` stands in."""
    if before.is_table_row or row.is_table_row:
        return False
    if ITEM.match(row.text) or is_caption(row.text):
        return False
    if heading_level(before, style) != heading_level(row, style):
        return False
    if abs(row.size - before.size) > 0.2 * style.size:
        return False
    step = row.top - before.top
    if step <= 0 or step > 3 * pitch * row.size:  # next column, or past a figure
        return row.text[:1].islower() and not ENDS_SENTENCE.search(before.text)
    short = before.x1 - before.x0 < 0.75 * widest and ENDS_SENTENCE.search(before.text) is not None
    return step <= 1.35 * pitch * row.size and not short


def _paragraph(numbered: Sequence[_Numbered], style: Style, words: Counter[str]) -> _Paragraph:
    rows = [one.row for one in numbered]
    text = _clean(_joined([row.text for row in rows], words))
    level = heading_level(rows[0], style)
    if level is not None and not could_be_heading(text):
        level = None
    body_size = abs(rows[0].size - style.size) <= 0.08 * style.size
    prose = level is None and body_size and not rows[0].is_table_row
    return _Paragraph(text, level, prose, rows[0].is_table_row, _lines(text, numbered))


def _lines(text: str, numbered: Sequence[_Numbered]) -> tuple[TextLine, ...]:
    spans = line_spans(text, [_clean(one.row.text) for one in numbered])
    return tuple(
        TextLine(span, _box(one), one.number)
        for span, one in zip(spans, numbered, strict=True)
        if span[0] < span[1]
    )


def _box(one: _Numbered) -> Box:
    row = one.row
    edges = (round(value, 1) for value in (row.x0, row.top, row.x1, row.bottom))
    return Box(one.page, *edges)


def _joined(lines: Sequence[str], words: Counter[str]) -> str:
    """Lines to running text; a word broken at a line's end is made whole."""
    text = ""
    for line in lines:
        if text.endswith((LINE_END_HYPHEN, "-")) and line[:1].isalnum():
            text = text.removesuffix(LINE_END_HYPHEN).removesuffix("-")
            text += LINE_END_HYPHEN + line
        else:
            text = f"{text} {line}" if text else line
    return re.sub(rf"(\w*){LINE_END_HYPHEN}(\w*)", lambda m: _unbroken(m[1], m[2], words), text)


def _unbroken(first: str, second: str, words: Counter[str]) -> str:
    """``inci`` + ``dental`` -> ``incidental``; ``single`` + ``institution`` keep their hyphen.

    What the document writes elsewhere decides; then whether both halves are words of their own.
    """
    if not first or not second or first[-1].isdigit() or second[0].isdigit():
        return f"{first}-{second}"
    joined, hyphenated = words[f"{first}{second}".lower()], words[f"{first}-{second}".lower()]
    if joined or hyphenated:
        return f"{first}{second}" if joined >= hyphenated else f"{first}-{second}"
    both_words = words[first.lower()] > 0 and words[second.lower()] > 0
    return f"{first}-{second}" if both_words or second[0].isupper() else f"{first}{second}"


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", _INVISIBLE.sub("", text.translate(_CLEAN))).strip()


def _sentences_made_whole(pages: Sequence[Sequence[_Paragraph]]) -> list[list[_Paragraph]]:
    """Move the rest of a sentence that runs over a page break to where it begins."""
    whole = [list(page) for page in pages]
    for page, following in pairwise(whole):
        last = max((n for n, paragraph in enumerate(page) if paragraph.prose), default=None)
        first = min((n for n, paragraph in enumerate(following) if paragraph.prose), default=None)
        if last is None or first is None or not _runs_on(page[last].text, following[first].text):
            continue
        end = first_sentence_end(following[first].text)
        page[last] = _with_end(page[last], following[first], end)
        rest = _from(following[first], end)
        following[first : first + 1] = [rest] if rest.text else []
    return whole


def _with_end(paragraph: _Paragraph, following: _Paragraph, end: int) -> _Paragraph:
    """``paragraph`` with the first ``end`` characters of ``following`` after it."""
    moved = following.text[:end].rstrip()
    lines = within(following.lines, (0, len(moved)), len(paragraph.text) + 1)
    return replace(paragraph, text=f"{paragraph.text} {moved}", lines=(*paragraph.lines, *lines))


def _from(paragraph: _Paragraph, start: int) -> _Paragraph:
    """What is left of ``paragraph`` from ``start``."""
    rest = paragraph.text[start:].lstrip()
    first = len(paragraph.text) - len(rest)
    lines = within(paragraph.lines, (first, len(paragraph.text)), -first)
    return replace(paragraph, text=rest, lines=lines)


def _runs_on(last: str, first: str) -> bool:
    return first[:1].islower() and not ENDS_SENTENCE.search(last) and len(last) > 20


def _page_text(number: int, paragraphs: Sequence[_Paragraph]) -> PageText:
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    is_chart = _prose_share([p for p in paragraphs if not p.headed]) < _PROSE_SHARE
    headings = tuple(_headings(paragraphs))
    if is_chart and _row_share(paragraphs) < 0.5:
        headings = tuple(_of_chart(headings, paragraphs, text))
    lines, rows = tuple(_text_lines(paragraphs)), tuple(_row_spans(paragraphs))
    return PageText(number, text, headings, is_chart, lines, rows)


def _of_chart(
    headings: Sequence[Heading], paragraphs: Sequence[_Paragraph], text: str
) -> Iterator[Heading]:
    """Labels scattered over a chart look like headings, but stand over nothing that follows."""
    boxes = [line.box for p in paragraphs if not p.headed for line in p.lines]
    first = [p.lines[0].box if p.lines else None for p in paragraphs if p.level is not None]
    for heading, box in zip(headings, first, strict=True):
        alone = box is None or stands_alone(box, boxes)
        if (heading.level == 1 and alone) or is_caption(text[slice(*heading.span)]):
            yield heading


def _text_lines(paragraphs: Sequence[_Paragraph]) -> Iterator[TextLine]:
    start = 0
    for paragraph in paragraphs:
        yield from within(paragraph.lines, (0, len(paragraph.text)), start)
        start += len(paragraph.text) + 1


def _row_spans(paragraphs: Sequence[_Paragraph]) -> Iterator[Span]:
    start = 0
    for paragraph in paragraphs:
        if paragraph.headed:
            yield start, start + len(paragraph.text)
        start += len(paragraph.text) + 1


def _prose_share(paragraphs: Sequence[_Paragraph]) -> float:
    running = sum(len(p.text) for p in paragraphs if _is_sentences(p.text))
    return running / max(1, sum(len(p.text) for p in paragraphs))


def _is_sentences(text: str) -> bool:
    ends = ENDS_SENTENCE.search(text) is not None
    return len(text) >= _PROSE_CHARACTERS or (ends and len(text.split()) >= _SENTENCE_WORDS)


def _row_share(paragraphs: Sequence[_Paragraph]) -> float:
    """How much of what is no prose and no heading stands in rows of several cells."""
    short = [p for p in paragraphs if p.level is None and len(p.text) < _PROSE_CHARACTERS]
    return sum(p.is_row for p in short) / max(1, len(short))


def _headings(paragraphs: Sequence[_Paragraph]) -> Iterator[Heading]:
    start = 0
    for paragraph in paragraphs:
        end = start + len(paragraph.text)
        if paragraph.level is not None:
            yield Heading((start, end), paragraph.level)
        start = end + 1
