"""One of several alternatives is not given as the only one.

"Tissue composition is homogeneous fat, homogeneous fibroglandular, or heterogeneous" does not support
"tissue composition is heterogeneous"; "a heterogeneous one is ..." it may.
"""

from __future__ import annotations

import re

from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import mask, places, quoted
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.result import CheckResult, Part, Unit, passed, unsupported
from rag.answering.grounding.words import content_words

_CHECK = "alternatives"
_IS = re.compile(r"\s(?:is|are|was|were)\s", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:or|and|may|can|might|could|either|one of|such as|for example|e\.g|includ\w+|among|not|if|when)\b|/",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|when|where|that|which|who|whose|than|unless)\b", re.IGNORECASE)

_PIECE = re.compile(r"(?:(?!,|\bor\b).)+", re.IGNORECASE)


def check_alternatives(part: Part, unit: Unit) -> CheckResult:
    """What the passage calls one of several the statement does not call the one."""
    said, meant = _halves(part.text), _halves(unit.text)
    if said is None or meant is None or _OPEN.search(said[1]):
        return passed(_CHECK)
    listed = _alternatives(meant[1])
    subject = content_words(meant[0])
    if not listed or not subject or not subject & content_words(said[0]):
        return passed(_CHECK)
    own = _named(said[1])
    named = [words for words in listed if words & own]
    others = [words for words in listed if words not in named]
    if len(named) != 1 or not others or any(words & _named(said[0]) for words in listed):
        return passed(_CHECK)
    start = len(part.text) - len(said[1])
    span = (start, len(part.text))
    return unsupported(
        _CHECK, f"{quoted(part.text, [span])} is one of several in the cited passage", (span,)
    )


def _halves(text: str) -> tuple[str, str] | None:
    """What stands before and after the one "is" of the text."""
    found = list(_IS.finditer(text))
    return (text[: found[0].start()], text[found[0].end() :]) if len(found) == 1 else None


def _alternatives(text: str) -> list[frozenset[str]]:
    """The words of each alternative by which it differs from the others; none without an "or"."""
    text = re.sub(r"\([^()]*\)", lambda aside: " " * len(aside.group()), text)
    text = mask(text, places(quantities(text)))  # "1 cm or more" offers no choice
    if not re.search(r"\bor\b", text) or _CONDITION.search(text) or re.search(r"\band\b", text):
        return []
    labelled = labels(text)
    named = [
        content_words(piece.group())
        | {x.label for x in labelled if piece.start() <= x.span[0] < piece.end()}
        for piece in _PIECE.finditer(text)
    ]
    shared = frozenset().union(*(a & b for a in named for b in named if a is not b))
    return [words - shared for words in named if words - shared]


def _named(text: str) -> frozenset[str]:
    return content_words(text) | {label.label for label in labels(text)}
