"""Follow-up questions made self-contained from the questions before.

A follow-up ("and if it is new?", "what about 7 mm?") takes over what it does not say itself: the
guideline and the descriptors of the finding talked about. What was taken over is part of the
response, so that the reader sees it and can clear it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.answering.finding import Finding
from rag.answering.route import Routed
from rag.types import Descriptor, Scalar

_OPENERS = re.compile(
    r"^\s*(?:and\b|but\b|or\b|so\b|then\b|also\b|what about|what if|how about|why not|if\b|same\b|"
    r"그럼|그러면|그리고|만약|혹시)",
    re.IGNORECASE,
)
_POINTERS = re.compile(
    r"\b(?:it|its|that|this|those|these|they|them|the same|instead)\b", re.IGNORECASE
)
_SHORT = 12
"""Words; a longer question that opens without a joining word stands by itself."""

_ELSEWHERE = (0, 0)
"""The span of a descriptor that was read from an earlier question."""

Read = Callable[[str], Routed]


@dataclass(frozen=True, slots=True)
class Whole:
    """A question made self-contained: its text for searching, its reading, what was taken over."""

    text: str
    routed: Routed
    carried_over: Mapping[str, Scalar] = field(default_factory=dict)


def is_follow_up(question: str) -> bool:
    """Whether the question leans on the one before it.

    >>> is_follow_up("and if it is new?"), is_follow_up("What is Lung-RADS 4A?")
    (True, False)
    """
    if _OPENERS.search(question):
        return True
    return len(question.split()) <= _SHORT and bool(_POINTERS.search(question))


def self_contained(question: str, history: Sequence[str], read: Read) -> Whole:
    """The question with what it takes over from the questions before it, oldest first."""
    routed = read(question)
    if not history or not is_follow_up(question):
        return Whole(question, routed)
    before = self_contained(history[-1], history[:-1], read)
    merged, taken = _merged(routed, before.routed)
    carried: dict[str, Scalar] = {item.name: item.value for item in taken}
    if merged.guidelines != routed.guidelines:
        carried["guideline"] = ", ".join(merged.guidelines)
    return Whole(f"{before.text} {question}", merged, carried)


def _merged(now: Routed, before: Routed) -> tuple[Routed, tuple[Descriptor, ...]]:
    """The reading of now, completed from before; descriptors said now always win."""
    finding = _finding_talked_about(before)
    guidelines = now.guidelines or before.guidelines
    if finding is None:
        labels = now.labels or before.labels
        return replace(now, guidelines=guidelines, labels=labels), ()
    current = now.findings[-1] if now.findings else Finding(())
    said = {item.name for item in current.descriptors} | set(current.open)
    taken = tuple(
        replace(item, text="", span=_ELSEWHERE)
        for item in finding.descriptors
        if item.name not in said
    )
    whole = replace(
        current,
        descriptors=(*current.descriptors, *taken),
        organ=current.organ or finding.organ,
    )
    changed = any(item.name != "finding" for item in current.descriptors)
    intent = "grade" if changed or not now.labels else now.intent
    return replace(now, guidelines=guidelines, findings=(whole,), intent=intent), taken


def _finding_talked_about(routed: Routed) -> Finding | None:
    """The last finding that was described with more than its kind."""
    described = [finding for finding in routed.findings if finding.graded()]
    return described[-1] if described else None
