"""The first of the checks: a statement cites evidence, and evidence that there is."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.grounding.result import CheckResult, passed, unsupported
from rag.types import Evidence, Statement


def check_citations(statement: Statement, evidence: Sequence[Evidence]) -> CheckResult:
    """There is at least one citation, and every number is that of a piece of evidence."""
    known = {item.n for item in evidence}
    unknown = [n for n in statement.citations if n not in known]
    if unknown:
        listed = ", ".join(str(n) for n in unknown)
        return unsupported("citations", f"cites evidence that does not exist: {listed}")
    if not statement.citations:
        return unsupported("citations", "cites no evidence")
    return passed("citations")
