"""HTML pages and CSV tables to blocks. Nothing is fetched, run or rendered: tags are taken apart."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

from ingest.written import Written, table_blocks
from rag.errors import DocumentError

_SKIPPED = {"script", "style", "noscript", "template", "iframe", "object", "svg", "nav", "head"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "section", "article", "br", "hr", "dt", "dd", "blockquote", "pre",
    "header", "footer", "main", "aside", "figure", "figcaption", "body", "tr", "table",
}  # fmt: skip
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr", "source", "area", "base"}
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|color\s*:\s*(#fff(fff)?\b|white\b)",
    re.IGNORECASE,
)
_MOST_DEPTH = 2_000


class _Page(HTMLParser):
    """Collects headings, paragraphs and tables; what is hidden is counted, not kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Written] = []
        self.title: str | None = None
        self.hidden = 0
        self._open: list[tuple[str, bool]] = []
        self._text: list[str] = []
        self._rows: list[list[str]] = []
        self._tables = 0
        self._headed: bool | None = None
        self._in_title = False
        self._in_cell = False

    @property
    def _is_skipping(self) -> bool:
        return any(skipped for _, skipped in self._open)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._in_title = self._in_title or tag == "title"
        if tag in _BLOCKS or _heading(tag):
            self._flush()
        if tag in _VOID:
            return
        hidden = any(
            key == "hidden" or (key == "style" and _HIDDEN.search(value or ""))
            for key, value in attributes
        )
        self.hidden += hidden
        if len(self._open) < _MOST_DEPTH:
            self._open.append((tag, hidden or tag in _SKIPPED))
        self._start_of_table(tag)

    def _start_of_table(self, tag: str) -> None:
        if tag == "table":
            self._tables += 1
            if self._tables == 1:
                self._rows, self._headed = [], None
        elif tag == "tr" and self._tables:
            self._end_cell()
            self._rows.append([])
        elif tag in ("td", "th") and self._tables and self._rows:
            self._end_cell()
            self._in_cell = True
            if tag == "th" and len(self._rows) == 1:
                self._headed = True
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag in ("td", "th", "tr", "table") and self._tables:
            self._end_cell()
        elif tag in _BLOCKS or _heading(tag):
            self._flush(_heading(tag))
        if tag == "table" and self._tables:
            self._tables -= 1
            if self._tables == 0:
                self.blocks += table_blocks(self._rows, self._headed)
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                break

    def _end_cell(self) -> None:
        """Close the cell that is open; its end tag may be left out (HTML 4.9.9)."""
        if self._in_cell and self._rows:
            self._rows[-1].append(" ".join("".join(self._text).split()))
        self._text, self._in_cell = [], False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = f"{self.title or ''}{data}".strip() or None
        elif not self._is_skipping:
            self._text.append(data)

    def _flush(self, level: int | None = None) -> None:
        if self._tables:
            self._text.append(" ")
            return
        text = " ".join("".join(self._text).split())
        self._text = []
        if text:
            self.blocks.append(Written(text, level))

    def close(self) -> None:
        super().close()
        self._flush()


def _heading(tag: str) -> int | None:
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else None


def html_blocks(text: str) -> tuple[str | None, list[Written], list[str]]:
    """Title, blocks and notices of an HTML page."""
    page = _Page()
    page.feed(text)
    page.close()
    notices = [f"{page.hidden} hidden parts were left out"] if page.hidden else []
    return page.title, page.blocks, notices


def csv_blocks(text: str, name: str) -> list[Written]:
    """Each line with the header of its cells; comma, semicolon, tab or bar between them.

    Raises:
        DocumentError: no table.
    """
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise DocumentError(name, f"no table: {error}") from error
    return list(_with_caption(rows))


def _delimiter(text: str) -> str:
    """The sign that parts most lines into the same number of cells."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()]

    def agreeing(sign: str) -> int:
        counts = Counter(line.count(sign) for line in lines if sign in line)
        return max(counts.values(), default=0)

    return max(",;\t|", key=agreeing)


def _with_caption(rows: list[list[str]]) -> Iterator[Written]:
    """A line of one cell above the table is its heading."""
    while rows and sum(bool(cell.strip()) for cell in rows[0]) < 2:
        caption = " ".join(rows.pop(0)).strip()
        if caption:
            yield Written(caption, 1)
    yield from table_blocks(rows)
