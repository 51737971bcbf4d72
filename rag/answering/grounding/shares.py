"""Of what a share is taken: "15 % of developing asymmetries are malignant" is not "15 % of malignancies".

The whole of a share is what stands after "of", or after "among" where there is one; the part is what is
said of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.words import all_words, content_words
from rag.types import Span

_CHECK = "share"
_SHARE = re.compile(
    r"(?:\d\s?%|\bper ?cent|\b(?:share|proportion|percentage|fraction|majority|most|half|number)) of (?:all |the )?"
    r"(?P<whole>[^,;:()]+?)"
    r"(?=\s(?:is|are|was|were|has|have|had|do|does|did|may|can|could|cannot|must|should|would|will|turn\w*|prove\w*|present\w*|contain\w*|show\w*|fit\w*|carr\w+)\b|[,;:()]|$)",
    re.IGNORECASE,
)
_AMONG = re.compile(r"\b(?:among|out of|per|within|in)\s+(?:all |the )?(?P<whole>[^,;:()]+)", re.IGNORECASE)  # fmt: skip
_STRICTLY_AMONG = re.compile(r"\b(?:among|out of)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Share:
    """The words after "of", what the share is taken of, and the place of the former."""

    named: str
    whole: str
    span: Span


def check_share(part: Part, unit: Unit) -> CheckResult:
    """A share is taken of what the passage takes it of."""
    own, there = _share(part.text), _share(unit.text)
    if own is None or there is None:
        return passed(_CHECK)
    whole, rest = content_words(there.whole), content_words(unit.text.replace(there.whole, " "))
    said = content_words(own.whole)
    if said & (rest - whole) and not said & whole:
        reason = f"{quoted(part.text, [own.span])} is not what the cited passage takes the share of"
        return contradicted(_CHECK, reason, (own.span,))
    among = _STRICTLY_AMONG.search(unit.text)
    if among and not _AMONG.search(part.text) and not _heads(there.whole) & all_words(own.whole):
        return unsupported(_CHECK, "does not say of what the share is taken", (own.span,))
    return passed(_CHECK)


def _share(text: str) -> _Share | None:
    found = _SHARE.search(text)
    if found is None:
        return None
    among = _AMONG.search(text, found.end()) or _AMONG.search(found["whole"])
    return _Share(found["whole"], among["whole"] if among else found["whole"], found.span("whole"))


def _heads(text: str) -> frozenset[str]:
    """The noun that a phrase is about: its words up to the first "with", "of", "that", ..."""
    return all_words(re.split(r"\s(?:with|of|that|which|who|in|for|to|at)\s", text)[0])
