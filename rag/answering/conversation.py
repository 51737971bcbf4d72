"""Follow-up questions made self-contained from the questions before.

A follow-up ("and if it is new?", "what about 7 mm?") takes over what it does not say itself: the
guideline and the descriptors of the finding talked about. What was taken over is part of the
response, so that the reader sees it and can clear it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.answering.facets import read_facets
from rag.answering.finding import Finding
from rag.answering.route import Routed
from rag.types import Descriptor, Route, Scalar

_OPENERS = re.compile(
    r"^\s*(?:and\b|but\b|or\b|so\b|then\b|also\b|what about|what if|how about|why not|if\b|same\b|"
    r"why (?:not|no)\b|why\?|그럼|그러면|그리고|만약|혹시|왜)"
    r"|(?:라면|이면|다면|으면|거면)요?\s*[?.]*\s*$",
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
Patient = Callable[[str], tuple[Descriptor, ...]]
"""The facts of a patient that a text states, each with its span."""

_AGED = re.compile(
    r"\b(?P<who>she|he|they|the patient|patient)(?P<verb>(?: is| was| were|'s|'re)) (?P<n>\d{1,3})"
    r"(?!\s*-?\s*(?:mm|cm|years?|yrs?|yo|y/o|months?|weeks?|wks?|days?|kg|%|\.\d|\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """A question made self-contained: its text for searching, its reading, what was taken over.

    ``carried_over`` are descriptors and the guideline, ``context`` is what a question about a
    patient takes over: age, sex, pregnancy ..., and the question before it.
    """

    text: str
    routed: Routed
    carried_over: Mapping[str, Scalar] = field(default_factory=dict)
    context: Mapping[str, Scalar] = field(default_factory=dict)

    def taken_over(self, route: Route) -> Mapping[str, Scalar]:
        """What the route that answered rests on of the questions before."""
        return self.carried_over if route == "category" else {**self.context, **self.carried_over}


def is_follow_up(question: str) -> bool:
    """Whether the question leans on the one before it.

    >>> is_follow_up("and if it is new?"), is_follow_up("What is Lung-RADS 4A?")
    (True, False)
    """
    if _OPENERS.search(question):
        return True
    return len(question.split()) <= _SHORT and bool(_POINTERS.search(question))


def _patient(text: str) -> tuple[Descriptor, ...]:
    return read_facets(text).read


def self_contained(
    question: str, history: Sequence[str], read: Read, patient: Patient = _patient
) -> Whole:
    """The question with what it takes over from the questions before it, oldest first."""
    routed = read(question)
    if not history or not is_follow_up(question):
        return Whole(question, routed)
    question = _AGED.sub(r"\g<who>\g<verb> \g<n> years old", question)
    before = self_contained(history[-1], history[:-1], read, patient)
    merged, taken = _merged(routed, before.routed)
    carried: dict[str, Scalar] = {item.name: item.value for item in taken}
    if merged.guidelines != routed.guidelines:
        carried["guideline"] = ", ".join(merged.guidelines)
    if routed.labels and not merged.findings:
        return Whole(question, merged, carried)
    earlier, told = _patient_before(before.text, question, patient)
    context = {**told, "question": before.text.strip()}
    return Whole(f"{earlier} {question}", merged, carried, context)


def _patient_before(
    before: str, question: str, patient: Patient
) -> tuple[str, Mapping[str, Scalar]]:
    """The question before without what is now said otherwise, and the patient's facts it keeps."""
    now = {item.name for item in patient(question)}
    told = patient(before)
    kept = {item.name: item.text for item in told if item.name not in now}
    for item in sorted(told, key=lambda item: item.span, reverse=True):
        if item.name in now and item.name != "prior_result":
            before = f"{before[: item.span[0]]} {before[item.span[1] :]}"
    return before, kept


def _merged(now: Routed, before: Routed) -> tuple[Routed, tuple[Descriptor, ...]]:
    """The reading of now, completed from before; descriptors said now always win."""
    finding = _finding_talked_about(before)
    guidelines = now.guidelines or before.guidelines
    if finding is None:
        labels = now.labels or before.labels
        return replace(now, guidelines=guidelines, labels=labels), ()
    current = _without_assumed_kind(now.findings[-1] if now.findings else Finding(()))
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


def _without_assumed_kind(finding: Finding) -> Finding:
    """A bare size is read as that of a lung nodule; in a follow-up it is of what was talked about."""
    sizes = {d.span for d in finding.descriptors if d.name != "finding"}
    kept = tuple(d for d in finding.descriptors if d.name != "finding" or d.span not in sizes)
    return (
        finding
        if len(kept) == len(finding.descriptors)
        else replace(finding, descriptors=kept, organ=None)
    )


def _finding_talked_about(routed: Routed) -> Finding | None:
    """The last finding that was described with more than its kind."""
    described = [finding for finding in routed.findings if finding.graded()]
    return described[-1] if described else None
