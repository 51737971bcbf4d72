"""What a passage holds only under a condition, within a window, or once and not again and again.

"PET/CT may be considered when the solid component is at least 8 mm" does not support "PET/CT may be
considered"; "more than 1.5 mm within 12 months" does not support "more than 1.5 mm"; and "at 3 months" is
not "every 3 months".
"""

from __future__ import annotations

import re

from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.quantities import Quantity, quantities
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.text import without_asides
from rag.answering.grounding.words import all_words, content_words, meaning_of
from rag.types import Span

_AGAIN = re.compile(
    r"\b(?:every|each|(?:once|twice) an?|(?:bi)?annual(?:ly)?|yearly|monthly|weekly|daily)\b",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    r"\bwithin (?:an? |the |one )?\d*[ -]?(?:hours?|days?|weeks?|months?|years?)\b", re.IGNORECASE
)
_CHANGE = re.compile(r"\b(?:increas|decreas|grow|doubl|enlarg|chang|ris|fall)\w*", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:every|each|once (?:every|in)|per)\s+(?:the next\s+)?$", re.IGNORECASE)
_AND_OR = re.compile(
    r"\b(?P<joint>and|or) (?:also )?(?:an? |the |it )?(?P<word>[A-Za-z][\w-]*)", re.IGNORECASE
)
_DENIED = re.compile(r"\b(?:not|no|never|nor|neither|without|cannot)\b", re.IGNORECASE)
_DEMANDS = re.compile(
    r"\b(?:when|if|where|provided|requires?|means?|must|needs?|both|defined as|counts as)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?P<word>when|if|once|only (?:if|when|for|in))\b(?P<rest>(?:[^;.]|\.(?=\d))*)",
    re.IGNORECASE,
)


def check_frequency(part: Part, unit: Unit) -> CheckResult:
    """A time that the statement repeats is one that the passage repeats, and the other way round."""
    said = _AGAIN.search(part.text)
    timed = [q for q in quantities(part.text) if q.dimension in ("months", "days")]
    if said and timed and not _AGAIN.search(unit.text):
        reason = f'"{said.group()}": the cited passage names no repetition'
        return contradicted("frequency", reason, (said.span(),))
    there = [(q.ends, _repeats(unit.text, q)) for q in quantities(unit.text)]
    for own in timed:
        repeated = _repeats(part.text, own)
        same = [again for ends, again in there if ends == own.ends]
        if same and repeated not in same:
            reason = f"{quoted(part.text, [own.span])} is {'not ' if repeated else ''}repeated in the cited passage"
            return contradicted("frequency", reason, (own.span,))
    return passed("frequency")


def _repeats(text: str, figure: Quantity) -> bool:
    """Whether the figure is one of "every 2 years", "yearly", rather than of "at 2 years"."""
    own = text[slice(*figure.span)]
    return bool(_EVERY.search(text[: figure.span[0]]) or _AGAIN.search(own))


def check_joined(part: Part, unit: Unit) -> CheckResult:
    """Conditions that must all be met are not said to be enough one by one ("or" for "and")."""
    if not _DEMANDS.search(unit.text) or _DENIED.search(part.text):
        return passed("joined")
    own, there = _after_joints(part.text), _after_joints(unit.text)
    for word, (joint, span) in own.items():
        if joint == "or" and word in there and there[word][0] == "and":
            reason = f'{quoted(part.text, [span])}: the cited passage says "and"'
            return contradicted("joined", reason, (span,))
    return passed("joined")


def _after_joints(text: str) -> dict[str, tuple[str, Span]]:
    """For the word after each "and" and "or": which of the two it was, and where."""
    found: dict[str, tuple[str, Span]] = {}
    for joint in _AND_OR.finditer(text):
        found.setdefault(meaning_of(joint["word"]), (joint["joint"].lower(), joint.span()))
    return found


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
