"""Pages of reading text to pieces of passage size, and pieces to passages.

A piece is a run of whole sentences on one page under one heading, short enough for the embedding
model's window together with its header path. Lists of references are left out: a paper's title is
not what the guideline says.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.abbreviations import defined_in, spelled_out
from ingest.document import Heading, PageText, Piece
from ingest.lists import Entry, entry_of, has_terms, lead_of
from ingest.places import boxes_of, first_line
from ingest.sentences import sentence_spans
from ingest.variant_headings import is_caption
from rag.retrieval.model_card import TokenCounter
from rag.types import Edition, Passage, Span

CUTTER_VERSION = 5
"""Raise when the same pages would be cut otherwise."""

HEADER_TOKENS = 72
"""Tokens of the window kept free for the header path (title and section)."""

_MOST_TOKENS = 128
_ENOUGH_TOKENS = 64
_LEAST_WORDS = 3
_CHART_NOTE = "From a table or chart: see the page itself for which row and column this stands in."
_UNREADABLE_NOTE = (
    "A sign shown as \ufffd could not be read from the file; it may be one like \u2265 or \u2264: "
    "see the page itself."
)
_INSTRUCTION_NOTE = (
    "This text holds words addressed to a program. They are shown as text and followed by nothing."
)
_INSTRUCTION = re.compile(
    r"(ignore|disregard|forget|override)\s+(all\s+|any\s+|the\s+|your\s+|these\s+)*"
    r"(previous|prior|above|earlier|preceding|other)\s+(instructions?|prompts?|rules|guidelines)"
    r"|system\s+prompt|you\s+are\s+now\s+(a|an|the)\s|as\s+an?\s+(ai|language\s+model)\b"
    r"|(이전|위의|앞의)\s*(모든\s*)?(지시|명령|지침)[을를]?\s*무시",
    re.IGNORECASE,
)
"""What text says that wants a language model to obey it, in kinds rather than phrases."""

_REFERENCES = re.compile(
    r"\s*(\d+\.?\s*)?(references|bibliography|literature cited|reference list|참고\s?문헌)\s*:?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence with the heading path it stands under.

    ``led``: it is of a list with a lead-in, or within the definition of ``term``; ``enters``: it follows
    such a definition and begins the next one.
    """

    page: int
    span: Span
    section: str
    tokens: int
    ends_paragraph: bool
    alone: bool = False
    led: bool = False
    term: str = ""
    enters: bool = False


def cut(pages: Sequence[PageText], count: TokenCounter, window: int) -> tuple[Piece, ...]:
    """All pieces of a document in order; ``window`` is the embedding model's, in tokens.

    A sentence longer than a piece may be is parted between words.
    """
    most = min(_MOST_TOKENS, window - HEADER_TOKENS)
    pieces: list[Piece] = []
    run: list[_Unit] = []
    for unit in _units(pages, count, most):
        if run and not _joins(run, unit, most):
            pieces.append(_piece(run))
            run = []
        run.append(unit)
    if run:
        pieces.append(_piece(run))
    return tuple(piece for piece in pieces if _says_something(pages, piece))


def _says_something(pages: Sequence[PageText], piece: Piece) -> bool:
    """Not a lone label: at least four words, or a figure."""
    text = pages[piece.page].text[piece.start : piece.end]
    return len(text.split()) >= 4 or any(character.isdigit() for character in text)


def passages(
    pages: Sequence[PageText],
    pieces: Sequence[Piece],
    edition: Edition,
    document: str,
    count: TokenCounter,
    window: int,
    made_by: str | None = None,
) -> tuple[Passage, ...]:
    """The pieces of one document as passages.

    ``document`` is its name as the reader knows it, ``made_by`` the reader's version and settings.
    """
    seen: Counter[str] = Counter()
    headers: dict[str, str] = {}
    known = defined_in(page.text for page in pages)
    made: list[Passage] = []
    for piece in pieces:
        page = pages[piece.page]
        text = page.text[piece.start : piece.end]
        key = f"{edition.guideline}\0{page.number}\0{text}"
        seen[key] += 1
        if piece.section not in headers:
            headers[piece.section] = header(edition.title, piece.section, count)
        plain = spelled_out(f"{piece.section} {text}", known)
        search_text = _fitted(headers[piece.section], text, plain, count, window)
        made.append(
            Passage(
                id=_passage_id(key, seen[key]),
                text=text,
                search_text=search_text,
                kind="document",
                edition=edition,
                section=piece.section,
                page=page.number,
                page_span=(piece.start, piece.end),
                document=document,
                note=_note(page, text, (piece.start, piece.end) in page.rows),
                line=first_line(page, (piece.start, piece.end)),
                boxes=boxes_of(page, (piece.start, piece.end)),
                made_by=made_by,
            )
        )
    return tuple(made)


def _note(page: PageText, text: str, is_row: bool) -> str | None:
    notes = [_CHART_NOTE] if page.is_chart and not is_row else []
    notes += [_UNREADABLE_NOTE] if "\ufffd" in text else []
    notes += [_INSTRUCTION_NOTE] if _INSTRUCTION.search(text) else []
    return " ".join(notes) or None


def header(title: str, section: str, count: TokenCounter) -> str:
    """``title > section``; the longest of its parts is shortened until it fits the tokens kept free.

    The nearest heading (a procedure) says more than the end of a long caption above it.
    """
    above = [name for name in section.split(" > ") if name]
    parts = [
        part.split()
        for place, part in enumerate([title, *above])
        if place in (0, len(above)) or title.casefold() not in part.casefold()
    ]
    while (tokens := count(_path(parts))) > HEADER_TOKENS:
        longest = max(parts, key=len)
        if len(longest) <= _LEAST_WORDS:
            return _path(parts)[
                : _longest_fit(_path(parts), 0, len(_path(parts)), count, HEADER_TOKENS)
            ]
        del longest[max(_LEAST_WORDS, len(longest) - max(1, (tokens - HEADER_TOKENS) // 2)) :]
    return _path(parts)


def _path(parts: Sequence[Sequence[str]]) -> str:
    return " > ".join(" ".join(words) for words in parts if words)


def _fitted(head: str, text: str, plain: str, count: TokenCounter, window: int) -> str:
    """Header, text and what it abbreviates, as the window holds; only a table's row may be cut here."""
    whole = f"{head}: {text}" if head else text
    if plain and count(f"{whole} ({plain})") <= window:
        return f"{whole} ({plain})"
    if count(whole) <= window:
        return whole
    if count(text) <= window:
        return text
    return whole[: _longest_fit(whole, 0, len(whole), count, window)]


def _passage_id(key: str, occurrence: int) -> str:
    return hashlib.blake2b(f"{key}\0{occurrence}".encode(), digest_size=10).hexdigest()


def _piece(run: Sequence[_Unit]) -> Piece:
    first = run[0]
    section = " > ".join(part for part in (first.section, first.term) if part)
    return Piece(first.page, first.span[0], run[-1].span[1], section)


def _joins(run: Sequence[_Unit], unit: _Unit, most: int) -> bool:
    last = run[-1]
    if last.alone or unit.alone or unit.enters:
        return False
    if (last.page, last.section) != (unit.page, unit.section):
        return False
    held = sum(one.tokens for one in run)
    if last.ends_paragraph and held >= _ENOUGH_TOKENS and not unit.led:
        return False
    return held + unit.tokens <= most


def _units(pages: Sequence[PageText], count: TokenCounter, most: int) -> Iterator[_Unit]:
    path: list[Heading] = []
    names: list[str] = []
    skipping: int | None = None
    fresh = False  # whether the last thing read was a heading
    lead = ""
    for number, page in enumerate(pages):
        headings = {heading.span: heading for heading in page.headings}
        rows = set(page.rows)
        entry, terms = Entry(), has_terms(page.text.split("\n"))
        for (start, end), after in _with_next(page.text):
            lead = lead_of(page.text[start:end], after, lead)
            heading = headings.get((start, end))
            if heading is not None:
                name = page.text[start:end]
                if skipping is None or heading.level <= skipping:
                    skipping = heading.level if _REFERENCES.fullmatch(name) else None
                _enter(path, names, heading, name, fresh=fresh)
                fresh, lead, entry = True, "", Entry()
                continue
            fresh = False
            before, entry = entry, entry_of(page.text[start:end], entry) if terms else entry
            if skipping is None and (start, end) in rows:
                yield _row_unit(page, number, (start, end), _section(names), count)
            elif skipping is None:
                led = "" if entry.term else lead
                section = " > ".join(part for part in (_section(names), led) if part)
                units = _sentences(page, number, (start, end), section, count, most)
                yield from _entered(units, entry, before, led=bool(led))


def _entered(units: Iterator[_Unit], entry: Entry, before: Entry, *, led: bool) -> Iterator[_Unit]:
    """The sentences of a paragraph with the term that they stand under."""
    term = "" if entry.begins else entry.term
    follows = bool(before.term) and not before.begins
    for place, unit in enumerate(units):
        enters = entry.begins and follows and place == 0
        yield replace(unit, led=led or bool(term), term=term, enters=enters)


def _row_unit(page: PageText, number: int, span: Span, section: str, count: TokenCounter) -> _Unit:
    """A table's row, however long: it is never split, and stands alone."""
    tokens = count(page.text[slice(*span)])
    return _Unit(number, span, section, tokens, ends_paragraph=True, alone=True)


def _enter(
    path: list[Heading], names: list[str], heading: Heading, name: str, *, fresh: bool
) -> None:
    """Put a heading on the path; one right after another of its level stands under that one.

    The rest of a caption that was broken by the end of a page goes on with it.
    """
    if fresh and names and name[:1].islower() and is_caption(names[-1]):
        names[-1] = f"{names[-1]} {name}"
        return
    while path and (
        path[-1].level > heading.level or (path[-1].level == heading.level and not fresh)
    ):
        path.pop()
        names.pop()
    path.append(heading)
    names.append(name)


def _section(names: Sequence[str]) -> str:
    """The last two headings, the nearest ones: what a reader would look for on the page."""
    return " > ".join(names[-2:])


def _with_next(text: str) -> Iterator[tuple[Span, str]]:
    """Each paragraph with the text of the one after it."""
    spans = list(_paragraph_spans(text))
    for place, span in enumerate(spans):
        after = spans[place + 1] if place + 1 < len(spans) else (0, 0)
        yield span, text[slice(*after)]


def _paragraph_spans(text: str) -> Iterator[Span]:
    start = 0
    for paragraph in text.split("\n"):
        if paragraph.strip():
            yield start, start + len(paragraph)
        start += len(paragraph) + 1


def _sentences(
    page: PageText, number: int, paragraph: Span, section: str, count: TokenCounter, most: int
) -> Iterator[_Unit]:
    offset, end = paragraph
    spans = sentence_spans(page.text[offset:end])
    for place, (a, b) in enumerate(spans):
        for part in _fitting_parts(page.text, (offset + a, offset + b), count, most):
            tokens = count(page.text[part[0] : part[1]])
            last = place == len(spans) - 1 and part[1] == offset + b
            yield _Unit(number, part, section, tokens, ends_paragraph=last)


def _fitting_parts(text: str, span: Span, count: TokenCounter, most: int) -> Iterator[Span]:
    """``span`` whole if it fits, else parted between words (inside a word that alone is too long)."""
    start, end = span
    while count(text[start:end]) > most:
        cut_at = _longest_fit(text, start, end, count, most)
        yield start, cut_at
        start = cut_at
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _longest_fit(text: str, start: int, end: int, count: TokenCounter, most: int) -> int:
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        if count(text[start:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    space = text.rfind(" ", start + 1, low)
    return space if space > start else low
