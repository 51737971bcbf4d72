"""Which part of a text came from which line of the page, kept through joining, cutting and moving.

A text that was joined from lines holds their characters in the same order; only white space and
hyphens at line ends differ. So a line's part is found by counting the other characters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import PageText, TextLine
from rag.types import Box, Span

_LOST_IN_JOINING = frozenset("-\u00ad")


def line_spans(text: str, lines: Sequence[str]) -> Iterator[Span]:
    """The span of ``text`` that each of ``lines`` gave, in order; empty for a line without any."""
    places = [place for place, character in enumerate(text) if _is_kept(character)]
    read = 0
    for line in lines:
        count = sum(map(_is_kept, line))
        if count == 0 or read + count > len(places):
            yield (0, 0)
            continue
        end = places[read + count - 1] + 1
        while end < len(text) and not text[end].isspace() and not _is_kept(text[end]):
            end += 1
        yield (places[read], end)
        read += count


def within(lines: Sequence[TextLine], span: Span, shift: int = 0) -> tuple[TextLine, ...]:
    """The lines' parts inside ``span``, moved by ``shift`` characters."""
    start, end = span
    return tuple(
        replace(line, span=(max(a, start) + shift, min(b, end) + shift))
        for line in lines
        for a, b in [line.span]
        if a < end and b > start
    )


def boxes_of(page: PageText, span: Span) -> tuple[Box, ...]:
    """The boxes of the lines in which ``page.text[span]`` stands."""
    return tuple(line.box for line in within(page.lines, span))


def first_line(page: PageText, span: Span) -> int | None:
    """Number of the line in which ``page.text[span]`` begins."""
    return next((line.number for line in within(page.lines, span)), None)


def find_quote(text: str, quote: str) -> Span | None:
    """Where ``quote`` stands in ``text``, white space and hyphens apart; ``None`` if it does not."""
    start = text.find(quote) if quote.strip() else -1
    if start >= 0:
        return start, start + len(quote)
    places = [place for place, character in enumerate(text) if _is_kept(character)]
    wanted = "".join(filter(_is_kept, quote))
    at = "".join(text[place] for place in places).find(wanted) if wanted else -1
    return None if at < 0 else (places[at], places[at + len(wanted) - 1] + 1)


def _is_kept(character: str) -> bool:
    return not character.isspace() and character not in _LOST_IN_JOINING
