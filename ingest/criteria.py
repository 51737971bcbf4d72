"""ACR Appropriateness Criteria documents: topic, variants, procedure rows, as printed.

Works on the blocks of the pages: a caption ("Variant 3: ...") and the table after it. Narratives,
evidence appendices and the older rating tables differ in their columns only; a column is known by
its header, and without one by what its cells hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.criteria_cells import Columns, columns_of, is_procedure_table, read_rows
from ingest.document import Criteria, CriteriaRow, CriteriaVariant, RawPage
from ingest.flow import Block, TableBlock
from ingest.layout import Row, rows_in_reading_order
from rag.types import Box

_CAPTION = re.compile(
    r"^\s*(?:clinical\s+)?variant\s*:?\s*(\d{1,2})\s*[:.\-–]?\s*(.*)$", re.I | re.S
)
_MOST_CAPTION_ROWS = 14
_LEAST_ROWS = 2
_PROSE_WORDS = 4
_MASTHEAD = re.compile(
    r"american college of radiology|acr appropriateness criteria\s*®?|®|date of origin.*"
    r"|last review(ed)?( date)?.*|(new|revised|reviewed|updated)\s*:?\s*(19|20)\d{2}"
    r"|(evidence|appendix|narrative).{0,30}|page \d+.*",
    re.IGNORECASE,
)
_RUNNING = re.compile(r"acr appropriateness criteria\s*®?\s*\d+\s", re.IGNORECASE)
_DATED = re.compile(
    r"(?:new|revised|reviewed|updated|last review(?:ed)?(?: date)?|date of origin)\s*:?\s*"
    r"((?:19|20)\d{2})",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(american college of radiology\s*)?(acr appropriateness criteria\s*®?\s*)?"
    r"(clinical condition\s*:\s*|topic( name)?\s*:\s*)?",
    re.IGNORECASE,
)


@dataclass
class _Reading:
    """Where the reading stands: the caption being read, and the last table's variant."""

    variants: dict[int, CriteriaVariant] = field(default_factory=dict)
    caption: list[str] = field(default_factory=list)
    number: int | None = None
    place: tuple[int, Box] | None = None
    open_for_more: int | None = None
    columns: Columns = field(default_factory=Columns)
    notices: list[str] = field(default_factory=list)


def read_criteria(pages: Sequence[Sequence[Block]], raw: Sequence[RawPage]) -> Criteria | None:
    """The topic with its variants, ``None`` where the document holds no such tables.

    ``raw`` are the pages with their running heads, which may be all that names topic and year.
    """
    reading = _Reading()
    for number, blocks in enumerate(pages, 1):
        for block in blocks:
            if isinstance(block, TableBlock):
                _take_table(reading, block, number)
            else:
                _take_row(reading, block, number)
    variants = tuple(
        variant
        for _, variant in sorted(reading.variants.items())
        if len(variant.rows) >= _LEAST_ROWS
    )
    topic = topic_title(_before_first_variant(pages)) or topic_title(_raw_rows(raw))
    if not variants or topic is None:
        return None
    notices = [*reading.notices, *_missing_numbers(variants)]
    return Criteria(topic, printed_year(raw), variants, tuple(dict.fromkeys(notices)))


def _take_row(reading: _Reading, row: Row, page: int) -> None:
    caption = _CAPTION.match(row.text)
    if caption and caption[2].strip():
        reading.number, reading.caption = int(caption[1]), [caption[2].strip()]
        reading.place = (page, _box(row, page))
    elif reading.number is not None and not _MASTHEAD.fullmatch(row.text.strip()):
        reading.caption.append(row.text.strip())
        if len(reading.caption) > _MOST_CAPTION_ROWS:
            reading.number = None
    if caption or not _is_note(row.text):
        reading.open_for_more = None


def _is_note(text: str) -> bool:
    """A page's foot, a footnote or a stray cell: what may stand between two parts of a table."""
    plain = text.strip()
    words = re.findall(r"[A-Za-z]{2,}", plain)
    return bool(_MASTHEAD.fullmatch(plain)) or plain[:1] in "*†‡" or len(words) < _PROSE_WORDS


def _take_table(reading: _Reading, block: TableBlock, page: int) -> None:
    columns = columns_of(block) or (reading.columns if reading.open_for_more else Columns())
    if not is_procedure_table(block, columns):
        return
    found = read_rows(block, columns)
    reading.notices += found.notices
    reading.columns = columns
    if reading.number is not None:
        _begin(reading, found.rows, page)
    elif reading.open_for_more is not None:
        _go_on(reading, found.rows, found.rest)
    elif found.rows:
        reading.notices.append(f"page {page}: a procedure table without a variant was left out")


def _begin(reading: _Reading, rows: Sequence[CriteriaRow], page: int) -> None:
    number = reading.number
    assert number is not None
    assert reading.place is not None
    reading.number, reading.open_for_more = None, number
    text = joined_caption(reading.caption)
    if number in reading.variants and _is_repeated(text, page, reading.variants[number]):
        _go_on(reading, _not_yet(rows, reading.variants[number]), "")
        return
    if number in reading.variants:
        reading.notices.append(f"page {page}: variant {number} is printed twice; the first stands")
        reading.open_for_more = None
        return
    where, box = reading.place
    reading.variants[number] = CriteriaVariant(number, text, tuple(rows), where, (box,))


def _is_repeated(caption: str, page: int, variant: CriteriaVariant) -> bool:
    """Whether a caption on the next page says that its table goes on: "(continued)", or the same words."""
    if variant.rows and page - variant.rows[-1].page > 1:
        return False
    plain, first = (re.sub(r"\W+", " ", t).strip().casefold() for t in (caption, variant.text))
    return plain.startswith("cont") or first.startswith(plain[:60])


def _not_yet(rows: Sequence[CriteriaRow], variant: CriteriaVariant) -> list[CriteriaRow]:
    known = {row.procedure.casefold() for row in variant.rows}
    return [row for row in rows if row.procedure.casefold() not in known]


def _go_on(reading: _Reading, rows: Sequence[CriteriaRow], rest: str) -> None:
    """Rows of a table that goes on; ``rest`` is the end of its last procedure's name."""
    number = reading.open_for_more
    assert number is not None
    variant = reading.variants[number]
    before = list(variant.rows)
    if rest and before:
        before[-1] = replace(before[-1], procedure=f"{before[-1].procedure} {rest}")
    reading.variants[number] = replace(variant, rows=(*before, *rows))


def joined_caption(lines: Sequence[str]) -> str:
    text = " ".join(line for line in lines if line)
    return " ".join(re.sub(r"\u00ad\s*", "", text).split())


def _box(row: Row, page: int) -> Box:
    x0, top, x1, bottom = (round(value, 1) for value in (row.x0, row.top, row.x1, row.bottom))
    return Box(page, x0, top, x1, bottom)


def topic_title(rows: Iterable[Row]) -> str | None:
    """What stands over the first variant, without the college's own lines and dates."""
    lines: list[str] = []
    for row in rows:
        text = row.text.strip()
        if _MASTHEAD.fullmatch(text) or _RUNNING.match(text):
            continue
        text = _PREFIX.sub("", text).strip(" :®")
        if text:
            lines.append(text)
    return " ".join(" ".join(lines).split()) or None


def _raw_rows(raw: Sequence[RawPage]) -> Iterator[Row]:
    """Rows of the first page before its first variant, running heads included."""
    for row in rows_in_reading_order(raw[0]) if raw else ():
        if _CAPTION.match(row.text):
            return
        yield row


def printed_year(raw: Sequence[RawPage]) -> int | None:
    """The year of "Revised 2022", "New 2019" or "Last review date: 2015" on a line of its own."""
    lines = (line.text.strip() for page in raw[:2] for line in page.lines)
    years = [int(match[1]) for text in lines if (match := _DATED.fullmatch(text))]
    return max(years, default=None)


def _before_first_variant(pages: Sequence[Sequence[Block]]) -> Iterator[Row]:
    for block in (block for page in pages[:2] for block in page):
        if isinstance(block, TableBlock) or _CAPTION.match(block.text):
            return
        yield block


def _missing_numbers(variants: Sequence[CriteriaVariant]) -> Iterator[str]:
    numbers = {variant.number for variant in variants}
    missing = sorted(set(range(1, max(numbers) + 1)) - numbers)
    if missing:
        yield f"no table was found for variant {', '.join(map(str, missing))}"
