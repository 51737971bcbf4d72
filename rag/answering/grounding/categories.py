"""Category labels of a statement against those of its passage: label, system, direction."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from rag.answering.grounding.labels import Label, labels
from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.systems import system_of, systems

_CHECK = "category"
_LISTING = re.compile(
    r"\bcategories (?:are|is)\b|\b(?:has|have|uses?|with) (?:the |only )?(?:\w+ )?categories\b|\bset of\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|never|neither|nor|none|without)\b", re.IGNORECASE)
_ALL = re.compile(r"\bcomplete set\b|\bcategories are\b", re.IGNORECASE)


def check_categories(part: Part, unit: Unit) -> CheckResult:
    """Every label stands in the passage, for the same system, in the same role.

    A passage about a category supports only statements about that category: where the part names
    none, the statement so far, the decision or the question must.
    """
    own, there = labels(part.text), _labels_of(unit)
    for result in (_known(part, own, there), _same_system(part, unit, own, there)):
        if not result.passed:
            return result
    if not own:
        return _inherited(part, there)
    complete = _complete_list(part, unit, own, there)
    return complete if not complete.passed else _same_direction(part, own, there)


def _labels_of(unit: Unit) -> tuple[Label, ...]:
    """The unit's labels, or those of the clause before it in its sentence where it has none."""
    own = labels(unit.text)
    if own or not unit.passage:
        return own
    at = unit.passage.find(unit.text)
    before = unit.passage[:at] if at > 0 and unit.passage[:at].rstrip().endswith(";") else ""
    if _DENIED.search(before):
        return ()
    return tuple(replace(label, role="") for label in labels(before[before.rfind(". ") + 1 :]))


def _known(part: Part, own: tuple[Label, ...], there: tuple[Label, ...]) -> CheckResult:
    named = Counter(label.label for label in there)
    repeated = Counter(label.label for label in own) - named
    wrong = tuple(label.span for label in own if label.label in repeated)
    if not wrong:
        return passed(_CHECK)
    reason = f"category {quoted(part.text, wrong)} does not stand in the cited passage"
    return contradicted(_CHECK, reason, wrong) if there else unsupported(_CHECK, reason, wrong)


def _same_system(
    part: Part, unit: Unit, own: tuple[Label, ...], there: tuple[Label, ...]
) -> CheckResult:
    titled = system_of(unit.edition)
    for label in own:
        meant = {x.system for x in there if x.label == label.label} - {None} or titled
        if label.system and label.system not in meant:
            return contradicted(
                _CHECK,
                f"{quoted(part.text, [label.span])} is a category of another system",
                (label.span,),
            )
    return passed(_CHECK)


def _inherited(part: Part, there: tuple[Label, ...]) -> CheckResult:
    """The label a part leaves unsaid must be the passage's."""
    needed = {label.label for label in there if not label.aside}
    sources = (part.before, part.asked.decision, part.asked.question)
    said = next((found for text in sources if (found := labels(text))), ())
    if not needed or needed & {label.label for label in said}:
        return passed(_CHECK)
    named = "/".join(sorted(needed))
    if said:
        return contradicted(_CHECK, f"the cited passage is about category {named}")
    return unsupported(_CHECK, f"does not say that this holds for category {named}")


def _complete_list(
    part: Part, unit: Unit, own: tuple[Label, ...], there: tuple[Label, ...]
) -> CheckResult:
    """A statement of which categories there are leaves none of the passage's out."""
    listing = _LISTING.search(part.text) and _LISTING.search(unit.text)
    missing = {x.label for x in there} - {x.label for x in own} - {"S"}
    if not listing or len(own) < 3 or not missing or not _ALL.search(unit.text):
        return passed(_CHECK)
    return unsupported(_CHECK, f"leaves out category {'/'.join(sorted(missing))}")


def _same_direction(part: Part, own: tuple[Label, ...], there: tuple[Label, ...]) -> CheckResult:
    """What a nodule was and what it becomes are not turned round."""
    for label in own:
        roles = {x.role for x in there if x.label == label.label}
        if (
            label.role in ("source", "target")
            and roles <= {"source", "target"}
            and label.role not in roles
        ):
            return contradicted(
                _CHECK,
                f"{quoted(part.text, [label.span])} is the {roles.pop()} category in the cited passage",
                (label.span,),
            )
    return passed(_CHECK)


def check_systems(part: Part, unit: Unit) -> CheckResult:
    """A reporting system or issuer named in the statement is the passage's, or named in it."""
    there = {mention.concept for mention in systems(unit.text)} | system_of(unit.edition)
    there |= {mention.concept for mention in systems(unit.edition.issuer)}
    wrong = tuple(m.span for m in systems(part.text) if m.concept not in there)
    if not wrong:
        return passed("system")
    reason = f"the cited passage is {unit.edition.label}, not {quoted(part.text, wrong)}"
    return contradicted("system", reason, wrong)
