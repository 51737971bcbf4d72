"""Markdown and plain text files to reading text with headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.document import PageText
from ingest.written import Written, page_of, table_blocks
from rag.errors import DocumentError

_MARKDOWN_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
_LIST_ITEM = re.compile(r"^\s*([-*+•]|\d{1,3}[.)])\s+")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)([^\n]{1,2000}?)(?<=\S)\1")
_WRAPPED_CHARACTERS = 50


def read_text(path: Path, name: str, *, markdown: bool) -> tuple[PageText, ...]:
    """The whole file as one page without a number.

    Raises:
        DocumentError: empty, or not text in UTF-8 (or UTF-16 with its mark).
    """
    text = decoded(path.read_bytes(), name)
    page = page_of(_markdown_blocks(text) if markdown else _plain_blocks(text))
    if page is None:
        raise DocumentError(name, "empty")
    return (page,)


def decoded(content: bytes, name: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(name, "no text in UTF-8: save it as UTF-8") from error
    if "\x00" in text:
        raise DocumentError(name, "no text file: it holds binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _markdown_blocks(text: str) -> Iterator[Written]:
    """Headings, paragraphs, list items and table rows; marks of emphasis and links are dropped."""
    lines = _without_front_matter(_COMMENT.sub("", text)).split("\n")
    paragraph: list[str] = []
    table: list[str] = []
    for line in [*lines, ""]:
        if table and "|" not in line:
            yield from _table(table)
            table = []
        heading = _MARKDOWN_HEADING.match(line)
        underline = _UNDERLINE.match(line) if paragraph else None
        if underline:
            level = 1 if underline[1].startswith("=") else 2
            yield Written(_unmarked(" ".join(paragraph)), level)
            paragraph = []
            continue
        if paragraph and (heading or not line.strip() or _LIST_ITEM.match(line) or "|" in line):
            yield Written(_unmarked(" ".join(paragraph)))
            paragraph = []
        if heading:
            yield Written(_unmarked(heading[2]), len(heading[1]))
        elif "|" in line:
            table.append(line)
        elif line.strip():
            paragraph.append(line.strip())


def _table(lines: Sequence[str]) -> Iterator[Written]:
    """A table's rows; the row above the rule is its head, without a rule there is none."""
    ruled = len(lines) > 1 and _TABLE_RULE.match(lines[1]) is not None
    rows = [_cells(line) for line in lines if not _TABLE_RULE.match(line)]
    yield from table_blocks(rows, ruled)


def _cells(line: str) -> list[str]:
    return [_unmarked(cell.strip()) for cell in line.strip().strip("|").split("|")]


def _without_front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 4)
    return text[end + 5 :] if end >= 0 else text


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))


def _plain_blocks(text: str) -> Iterator[Written]:
    """Paragraphs parted by blank lines; wrapped lines joined, lists and short lines kept apart."""
    for chunk in re.split(r"\n\s*\n", text):
        lines = [line for line in chunk.split("\n") if line.strip()]
        if len(lines) == 2 and _UNDERLINE.match(lines[1]):
            yield Written(lines[0], 1 if "=" in lines[1] else 2)
        elif len(lines) == 1 and _looks_like_heading(lines[0]):
            yield Written(lines[0], 2)
        else:
            yield from map(Written, _unwrapped(lines))


def _unwrapped(lines: list[str]) -> Iterator[str]:
    paragraph = ""
    for line in lines:
        wrapped = len(paragraph.rsplit("\n", 1)[-1]) >= _WRAPPED_CHARACTERS
        if paragraph and wrapped and not _LIST_ITEM.match(line):
            paragraph = f"{paragraph}\n{line.strip()}"
        else:
            yield paragraph
            paragraph = line.strip()
    yield paragraph


def _looks_like_heading(line: str) -> bool:
    text = line.strip()
    return len(text) <= 80 and text[-1] not in ".,;:!?" and any(c.isalpha() for c in text)
