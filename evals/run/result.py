"""What is kept of one case: question, expectation, answer, scores. Plain values, ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evals.suites.case import Case

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case as it went. ``error`` says why nothing came back; then all its scores are ``None``.

    ``expected_label`` and ``given_label`` feed the harm matrix; ``curve`` is recall at 1, 2, ...
    """

    id: str
    suite: str
    question: str
    edition: str
    origin: str
    group: str
    language: str = "en"
    base: str = ""
    change: str = ""
    expected: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, float | None] = field(default_factory=dict)
    signature: str = ""
    expected_label: str | None = None
    given_label: str | None = None
    call: str | None = None
    curve: tuple[float, ...] = ()
    answer: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> CaseResult:
        return cls(**{**row, "curve": tuple(row.get("curve", ()))})


def begun(case: Case) -> Json:
    """The fields that a case itself gives its result."""
    expected = {key: value for key, value in asdict(case.expected).items() if value}
    return {
        "id": case.id, "suite": case.suite, "question": case.question, "edition": case.edition,
        "origin": case.origin, "group": case.group, "language": case.language, "base": case.base,
        "change": case.change, "expected": expected,
    }  # fmt: skip


KEPT = (
    "route", "outcome", "text", "statements", "withheld", "notices", "refusal", "clarification",
    "mode", "model", "elapsed_ms",
)  # fmt: skip


def kept(answer: Mapping[str, Any]) -> Json:
    """What a report shows of an answer, without the parts that repeat the corpus."""
    decisions = [
        {
            key: d[key]
            for key in ("guideline", "category", "management", "row", "possible", "missing")
        }
        for d in answer["decisions"]
    ]
    evidence = [
        {
            key: item[key]
            for key in ("n", "guideline", "edition", "section", "page", "fact_ids", "quote")
        }
        for item in answer["evidence"]
    ]
    table = answer["appropriateness"]
    shown = table and {
        key: table[key] for key in ("topic", "variant_no", "scenario", "alternatives")
    }
    return {
        **{key: answer[key] for key in KEPT},
        "decisions": decisions,
        "evidence": evidence,
        "appropriateness": shown,
    }
