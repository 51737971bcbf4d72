"""The model's door for English: every check that a model's statement passes before a reader sees it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.grounding import Asked, Embedder, Reading, Verification, verify
from rag.answering.grounding.closeness import check_closeness
from rag.answering.grounding.fragment import check_whole
from rag.answering.grounding.result import COPIED, SHOWN, CheckResult
from rag.types import Evidence, Statement


def checked_in_english(
    statement: Statement,
    evidence: Sequence[Evidence],
    asked: Asked,
    embedder: Embedder | None = None,
    reading: Reading | None = None,
) -> Verification:
    """The grounding checks on an English statement, weighed with its reading where there is a reader.

    What holds must say something (:mod:`rag.answering.grounding.fragment`) and keep to the words of
    what it cites (:mod:`rag.answering.grounding.closeness`) too.
    """
    found = verify(statement, evidence, embedder, asked=asked)
    if found.verdict in SHOWN:
        held = [item for item in evidence if item.n in found.citations]
        found = _unless(check_whole(statement.text, held), found)
        if found.verdict in SHOWN and found.check not in COPIED:
            found = _unless(check_closeness(statement.text, held, asked.question), found)
    return reading.weigh(statement, evidence, found, asked) if reading else found


def _unless(check: CheckResult, found: Verification) -> Verification:
    """What was found, or the failure of one more check."""
    if check.passed:
        return found
    return Verification(check.verdict, check.reason, check.words, (), check.check)
