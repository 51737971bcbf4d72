"""Grounding: what a statement must pass before a reader sees it.

Every check is a pure function of a part of the statement and a unit of a cited passage; see
:mod:`rag.answering.grounding.result` for the two. :func:`verify_statement` runs them all.
"""

from rag.answering.grounding.meaning import Embedder
from rag.answering.grounding.result import Asked, CheckResult, Part, Unit
from rag.answering.grounding.support import Reading
from rag.answering.grounding.verify import CHECKS, Verification, verify, verify_statement

__all__ = [
    "CHECKS",
    "Asked",
    "CheckResult",
    "Embedder",
    "Part",
    "Reading",
    "Unit",
    "Verification",
    "verify",
    "verify_statement",
]
