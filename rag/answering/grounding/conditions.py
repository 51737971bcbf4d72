"""What a passage holds only under a condition, within a window, or once and not again and again.

"PET/CT may be considered when the solid component is at least 8 mm" does not support "PET/CT may be
considered"; "more than 1.5 mm within 12 months" does not support "more than 1.5 mm"; and "at 3 months" is
not "every 3 months".
"""

from __future__ import annotations

import re

from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.text import without_asides
from rag.answering.grounding.words import all_words, content_words

_AGAIN = re.compile(
    r"\b(?:every|each|(?:once|twice) an?|(?:bi)?annual(?:ly)?|yearly|monthly|weekly|daily)\b",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"\bwithin (?:an? |the |one )?\d*[ -]?(?:hours?|days?|weeks?|months?|years?)\b", re.IGNORECASE
)
_CHANGE = re.compile(r"\b(?:increas|decreas|grow|doubl|enlarg|chang|ris|fall)\w*", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?P<word>when|if|once|only (?:if|when|for|in))\b(?P<rest>(?:[^;.]|\.(?=\d))*)",
    re.IGNORECASE,
)


def check_frequency(part: Part, unit: Unit) -> CheckResult:
    """A repetition that the statement names must stand in the passage as one."""
    said = _AGAIN.search(part.text)
    timed = said and any(q.dimension in ("months", "days") for q in quantities(part.text))
    if not timed or _AGAIN.search(unit.text):
        return passed("frequency")
    assert said is not None
    reason = f'"{said.group()}": the cited passage names no repetition'
    return contradicted("frequency", reason, (said.span(),))


def check_window(part: Part, unit: Unit) -> CheckResult:
    """A change that counts only within a window of time is given with its window."""
    window = _WINDOW.search(unit.text)
    if window is None or not _CHANGE.search(unit.text[: window.start()]):
        return passed("window")
    before = {(q.dimension, q.ends) for q in quantities(unit.text[: window.start()])}
    own = {(q.dimension, q.ends) for q in quantities(part.text)}
    changes = {pair for pair in before if pair[0] not in ("months", "days")}
    timed = any(dimension in ("months", "days") for dimension, _ in own)
    if not changes & own or timed or "within" in part.text.lower():
        return passed("window")
    return unsupported("window", f'leaves out "{window.group()}", on which the passage depends')


def check_condition(part: Part, unit: Unit) -> CheckResult:
    """What the passage holds only when something is so is not said without it."""
    text = without_asides(unit.text)
    found = _CONDITION.search(text)
    if found is None or not content_words(text[: found.start()]) & content_words(part.text):
        return passed("condition")
    known = f"{part.text} {part.before} {part.asked.decision} {part.asked.question}"
    told = all_words(known) | {str(q.ends) for q in quantities(known)}
    rest = found["rest"]
    if not text[: found.start()].rstrip() or text[: found.start()].rstrip()[-1] in ":;,":
        rest = rest.split(",")[0]  # "if stable, consider CT": only "stable" is the condition
    needed = content_words(rest) | {str(q.ends) for q in quantities(rest)}
    if not needed or needed & told or _CONDITION.search(part.text):
        return passed("condition")
    return unsupported(
        "condition", f'leaves out "{found.group().strip()}", on which the passage depends'
    )
