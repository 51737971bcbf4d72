"""What every check takes and gives: a part of a statement, a cited passage's unit, a result.

A *part* is a clause of the statement under test (often all of it). A *unit* is the smallest
piece of a cited passage that says something by itself: a sentence, or a clause with the heading
it stands under. Part and unit are compared; no check reads anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rag.types import Edition, Span, Verdict

SHOWN: tuple[Verdict, ...] = ("supported", "partly")
"""Verdicts with which a reader sees a statement."""

COPIED = ("verbatim", "copy")
"""What stands in place of a failed check where the statement is a copy."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the statement answers: the reader's question and what the tables decided.

    The question may supply a condition that a statement leaves out ("this nodule"), and the
    patient's own measurements; ``decision`` goes before the question where both name a category.
    """

    question: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """``text`` is ``statement[offset:offset + len(text)]``; ``before`` is what precedes it there."""

    text: str
    offset: int = 0
    before: str = ""
    asked: Asked = field(default_factory=Asked)


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the passage behind evidence number ``n``; ``passage`` is all of it.

    ``heading`` is the header path: guideline, edition and section.
    """

    text: str
    n: int
    edition: Edition
    section: str = ""
    passage: str = ""

    @property
    def heading(self) -> str:
        return f"{self.edition.label} {self.section}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check; ``words`` are the spans in the statement that failed."""

    check: str
    passed: bool
    verdict: Verdict = "supported"
    words: tuple[Span, ...] = ()
    reason: str = ""


def passed(check: str) -> CheckResult:
    return CheckResult(check, True)


def partly(check: str, reason: str, words: tuple[Span, ...] = ()) -> CheckResult:
    """Passed, but the reader is told what the passage leaves open."""
    return CheckResult(check, True, "partly", words, reason)


def unsupported(check: str, reason: str, words: tuple[Span, ...] = ()) -> CheckResult:
    """The passage does not say it."""
    return CheckResult(check, False, "unsupported", words, reason)


def contradicted(check: str, reason: str, words: tuple[Span, ...] = ()) -> CheckResult:
    """The passage says otherwise."""
    return CheckResult(check, False, "contradicted", words, reason)
