"""Markdown and plain text files to reading text with headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ingest.document import Heading, PageText
from rag.errors import DocumentError

_MARKDOWN_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,})\s*$")
_LIST_ITEM = re.compile(r"^\s*([-*+•]|\d{1,3}[.)])\s+")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\n]{0,2000}\)")
_EMPHASIS = re.compile(r"(\*\*|__|`)(?=\S)([^\n]{1,2000}?)(?<=\S)\1")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f]")
_WRAPPED_CHARACTERS = 50

Block = tuple[str, int | None]
"""A paragraph's text and its heading level, ``None`` for text."""


def read_text(path: Path, name: str, *, markdown: bool) -> tuple[PageText, ...]:
    """The whole file as one page without a number.

    Raises:
        DocumentError: empty, or not text in UTF-8 (or UTF-16 with its mark).
    """
    text = _decoded(path.read_bytes(), name)
    blocks = list(_markdown_blocks(text) if markdown else _plain_blocks(text))
    blocks = [(cleaned, level) for block, level in blocks if (cleaned := _cleaned(block))]
    if not blocks:
        raise DocumentError(name, "empty")
    return (_page(blocks),)


def _decoded(content: bytes, name: str) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(name, "no text in UTF-8: save it as UTF-8") from error
    if "\x00" in text:
        raise DocumentError(name, "no text file: it holds binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cleaned(text: str) -> str:
    return " ".join(_INVISIBLE.sub("", text).split())


def _page(blocks: list[Block]) -> PageText:
    headings: list[Heading] = []
    start = 0
    for text, level in blocks:
        if level is not None:
            headings.append(Heading((start, start + len(text)), level))
        start += len(text) + 1
    return PageText(None, "\n".join(text for text, _ in blocks), tuple(headings))


def _markdown_blocks(text: str) -> Iterator[Block]:
    """Headings, paragraphs, list items and table rows; marks of emphasis and links are dropped."""
    lines = _without_front_matter(_COMMENT.sub("", text)).split("\n")
    paragraph: list[str] = []
    for line in lines:
        heading = _MARKDOWN_HEADING.match(line)
        underline = _UNDERLINE.match(line) if paragraph else None
        starts_anew = (
            heading or underline or not line.strip() or _LIST_ITEM.match(line) or "|" in line
        )
        if underline:
            level = 1 if underline[1].startswith("=") else 2
            yield _unmarked(" ".join(paragraph)), level
            paragraph = []
            continue
        if starts_anew and paragraph:
            yield _unmarked(" ".join(paragraph)), None
            paragraph = []
        if heading:
            yield _unmarked(heading[2]), len(heading[1])
        elif line.strip() and not _TABLE_RULE.match(line):
            paragraph.append(_table_cells(line) if "|" in line else line.strip())
    if paragraph:
        yield _unmarked(" ".join(paragraph)), None


def _without_front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 4)
    return text[end + 5 :] if end >= 0 else text


def _table_cells(line: str) -> str:
    return " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))


def _unmarked(text: str) -> str:
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))


def _plain_blocks(text: str) -> Iterator[Block]:
    """Paragraphs parted by blank lines; wrapped lines joined, lists and short lines kept apart."""
    for chunk in re.split(r"\n\s*\n", text):
        lines = [line for line in chunk.split("\n") if line.strip()]
        if len(lines) == 2 and _UNDERLINE.match(lines[1]):
            yield lines[0], 1 if "=" in lines[1] else 2
        elif len(lines) == 1 and _looks_like_heading(lines[0]):
            yield lines[0], 2
        else:
            yield from ((paragraph, None) for paragraph in _unwrapped(lines))


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
