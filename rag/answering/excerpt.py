"""The sentences of a long passage that say what was asked, verbatim.

A passage of a document is a paragraph; a reader wants the sentence. What is quoted is always one
unbroken part of the passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.retrieval.concepts import Concept, Weigh, share
from rag.retrieval.tokens import tokens
from rag.types import Span

_END = re.compile(r"(?<=[.!?])(?:\s*\[[\d,\s–-]+\])?\s+(?=[A-Z0-9•])|\n+")
_LONG = 320
"""Characters; a passage no longer than this is shown whole."""


def sentences(text: str) -> tuple[Span, ...]:
    """The spans of the sentences and lines of ``text``, in order, without the space between."""
    starts = [0, *(match.end() for match in _END.finditer(text))]
    ends = [*(match.start() for match in _END.finditer(text)), len(text)]
    return tuple((a, b) for a, b in zip(starts, ends, strict=True) if text[a:b].strip())


def excerpt(text: str, asked: Sequence[Concept], weigh: Weigh) -> str:
    """The sentence, or two in a row, that hold most of what is asked; short texts whole.

    A second sentence is added only for what the first does not hold.
    """
    if len(text) <= _LONG:
        return text
    spans = sentences(text)
    pairs = [(a, b) for (a, _), (_, b) in pairwise(spans)]
    windows = [*spans, *(pair for pair in pairs if pair[1] - pair[0] <= 2 * _LONG)]
    best = max(windows, key=lambda span: _worth(text[span[0] : span[1]], asked, weigh))
    return text[best[0] : best[1]].strip()


def _worth(piece: str, asked: Sequence[Concept], weigh: Weigh) -> float:
    """What is held, less a little for length, so that one sentence wins where two say no more."""
    return share(asked, tokens(piece), weigh) - 0.1 * len(piece) / (2 * _LONG)
