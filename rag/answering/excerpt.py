"""The sentences of a long passage that say what was asked, verbatim.

A passage of a document is a paragraph; a reader wants the sentence. What is quoted is always one
unbroken part of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise, takewhile

from rag.retrieval.answer_kind import kinds_in
from rag.retrieval.concepts import Concept, Weigh, share
from rag.retrieval.tokens import tokens
from rag.types import Span

Near = Callable[[Sequence[Span]], Sequence[float]]
"""How near each part of a text is to what is asked, 0 to 1."""

_END = re.compile(r"(?<=[.!?])(?:\s*\[[\d,\s–-]+\])?\s+(?=[A-Z0-9•])|\n+")
_ITEM = re.compile(r"[•◦▪■●○‣–—*►-]|[on]\s|\(?\d{1,2}[.)]\s|\(?[a-zA-Z][.)]\s")
"""How an item of a list begins."""
_ROW = " | "
"""Between the cells of a row without headers."""
_TERM = re.compile(r"[^\W\d_][^|]{2,40} \| [A-Z][^|]{20,}$")
"""A term with the first line of its definition beside it."""
_LONG = 160
"""Characters; a passage no longer than this is shown whole, a longer one by the sentences that answer."""


_WIDE = 640
"""Characters that two sentences in a row may have together."""
_ANSWERS = 0.35
"""What a quantity of the wanted kind is worth beside the share of the question's words held."""


def sentences(text: str) -> tuple[Span, ...]:
    """The spans of the sentences and lines of ``text``, in order, without the space between."""
    starts = [0, *(match.end() for match in _END.finditer(text))]
    ends = [*(match.start() for match in _END.finditer(text)), len(text)]
    return tuple((a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip())


def excerpt(
    text: str, asked: Sequence[Concept], weigh: Weigh, wanted: frozenset[str] = frozenset(),
    near: Near | None = None,
) -> str:  # fmt: skip
    """The sentence, or two in a row, that hold most of what is asked; short texts whole.

    A second sentence is added only for what the first does not hold. ``wanted`` are the kinds of
    quantity of which one would answer (:func:`rag.retrieval.answer_kind.kinds_wanted`). ``near`` says
    how near parts of the text are to the question word by word, which counts as much as the words held.
    """
    if len(text) <= _LONG:
        return text
    spans = sentences(text)
    pairs = [(a, b) for (a, _), (_, b) in pairwise(spans)]
    windows = [*spans, *(pair for pair in pairs if pair[1] - pair[0] <= _WIDE)]
    worth = [_worth(text[slice(*span)], asked, weigh, wanted) for span in windows]
    nearness = near(windows) if near else (0.0,) * len(windows)
    best = max(zip(windows, worth, nearness, strict=True), key=lambda one: one[1] + one[2])[0]
    return text[slice(*_whole_list(text, best, spans))].strip()


def _whole_list(text: str, best: Span, spans: Sequence[Span]) -> Span:
    """``best``, or the whole list it lies in with the words that lead into it.

    An item alone may say the opposite ("Do not give it in:"), the lead-in alone says nothing.
    """
    place = max(n for n, span in enumerate(spans) if span[0] <= best[0])
    definition = _definition(text, place, spans)
    if definition is not None:
        return definition
    if _ROW in text[slice(*spans[place])]:
        return _whole_group(text, best, spans)
    while place and _is_item(text, spans[place]):
        place -= 1
    items = list(takewhile(lambda span: _is_item(text, span), spans[place + 1 :]))
    leads = text[slice(*spans[place])].rstrip().endswith(":")
    if not (leads and items):
        return best
    return spans[place][0], max(items[-1][1], best[1])


def _definition(text: str, place: int, spans: Sequence[Span]) -> Span | None:
    """The whole definition in a table of terms: a part of it alone could be of any term."""
    terms = [n for n, span in enumerate(spans) if _TERM.match(text[slice(*span)])]
    first = max((n for n in terms if n <= place), default=None)
    if first is None:
        return None
    after = next((n for n in terms if n > first), len(spans))
    return (spans[first][0], spans[after - 1][1]) if after > first + 1 else None


def _whole_group(text: str, best: Span, spans: Sequence[Span]) -> Span:
    """``best`` with the rows beside it that stand under the same cells: one value of a list is not the list."""
    first = next(span for span in spans if span[0] == best[0])
    under = text[slice(*first)].rpartition(_ROW)[0] + _ROW
    group = [span for span in spans if text[slice(*span)].startswith(under)]
    return min(group[0][0], best[0]), max(group[-1][1], best[1])


def _is_item(text: str, span: Span) -> bool:
    return _ITEM.match(text[slice(*span)].lstrip()) is not None


def _worth(piece: str, asked: Sequence[Concept], weigh: Weigh, wanted: frozenset[str]) -> float:
    """What is held, and whether a quantity of the wanted kind is among it, less a little for length.

    So one sentence wins where two say no more.
    """
    answers = _ANSWERS * bool(wanted & kinds_in(piece))
    return share(asked, tokens(piece), weigh) + answers - 0.1 * len(piece) / _WIDE
