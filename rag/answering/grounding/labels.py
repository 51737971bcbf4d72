"""Category labels with the system they belong to, and the part they play in a sentence.

``category 4A``, ``Lung-RADS 3``, ``TR5``, ``LR-M``, ``4B/4X``, ``categories 0-4``. A label is a
*source* where it names what the nodule is now ("a category 3 nodule ...") and a *target* where it
names the result ("... becomes category 2"); turning the two round is a wrong statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.answering.grounding.mentions import mask
from rag.answering.grounding.systems import SYSTEMS, editions, systems
from rag.answering.grounding.text import ARROW
from rag.types import Span

_NOT_A_MEASURE = (
    r"(?!\s*-?\s*(?:mm|cm|m?sv|m?gy|months?|years?|weeks?|days?|hours?|min|mo\b|yrs?\b|%|percent"
    r"|per cent|points?|ml|nodules?\s+(?:or|and)\b|or more|or less|of the)|[.,]\d|\d)"
)
_LABEL = rf"[0-9](?:[ABCX](?![a-z]))?S?\b{_NOT_A_MEASURE}"
_LIST = rf"(?:{_LABEL})(?:(?:\s*(?:,|/|\+|-|\bor\b|\band\b|\bto\b|\bthrough\b|&|,\s*(?:or|and)\b)\s*)(?:{_LABEL}|S\b))*"
_NAMES = "|".join(pattern.pattern for _, pattern in SYSTEMS[:17])
_NAMED_LIST = re.compile(
    rf"(?:(?:{_NAMES})(?:\s+v?\d{{4}}|\s+v\d\.\d)?(?:\s+(?:US|MRI))?(?:\s+(?:final\s+)?(?:assessment\s+)?categor(?:y|ies)"
    rf"|\s+(?:level|score))?|\b(?:assessment\s+)?categor(?:y|ies)|\bcat\.?)\s*(?:of\s+|is\s+|are\s+|being\s+)?[\"']?"
    rf"(?P<list>{_LIST})",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?P<lung>[0-6][ABCX]S?|[0-4]S)\b|\b(?P<tr>TR ?-?[0-9])\b|\b(?P<lr>LR-?(?:[0-9]|M|NC|TIV|TR))\b"
    r"|\bBosniak (?P<bosniak>I{1,3}V?F?|IV|[1-4]F?)\b|\bgrade (?P<grade>[A-DI])\b"
    r"|\b(?P<modifier>[SC])(?=[- ]modif| findings?\b|,? (?:may|is|can|never|stands|should|beside|does|means|needs?)\b)"
    r"|(?<=modifier )(?P<after>[SC])\b|(?<=\bcall for )(?P<call>S)\b|\b(?:add|adds|adding|needs?|with|carry|append) (?P<add>S)\b"
)
_PROPER_LIST = re.compile(
    rf"\b[0-6][ABCX](?:\s*(?:,|/|\bor\b|\band\b|-to-|-|\bto\b)\s*(?:{_LABEL}))+"
)
_AT_ARROW = re.compile(
    rf"(?:{ARROW.pattern})\s*(?P<after>{_LABEL})(?=\s*(?:->|→|$|[.;,]|or\b))"
    rf"|(?:^|(?<=; ))(?P<first>{_LABEL})(?=\s*(?:->|→))"
)
_BRACKETS = re.compile(r"\((?:[^()]* )[^()]*\)")
_ITEM = re.compile(r"(?P<digit>[0-9])(?P<letter>[ABCX])?(?P<s>S)?|(?P<only>S)", re.IGNORECASE)
_TARGET_BEFORE = re.compile(
    r"(?:becom\w+|to|into|as|is then|are then|makes? (?:it|this|them)|called|assigned|given|gets?"
    r"|receives?|is|are|remains?|stays?(?: in)?|falls? into|->|→|means)\s*(?:a |an |the )?"
    r"(?:new |overall )?(?:[\w-]+-RADS )?(?:v\d\S* )?(?:categor(?:y|ies) )?[\"']?$",
    re.IGNORECASE,
)
_TARGET_AFTER = re.compile(
    r"^[\"']?\s*(?:is|are|can be|may be|should be)\s+(?:assigned|given|used|applied)", re.IGNORECASE
)
_SOURCE_AFTER = re.compile(
    r"^[\"']?\s*(?:nodules?|findings?|lesions?|exams?|screens?|cysts?|\(probably benign\) (?:nodule|finding)"
    r"|that (?:is|are|was)|which (?:is|are))\b|^\s*(?:->|→)",
    re.IGNORECASE,
)
_FINDING = re.compile(r"\s*(?:findings?|nodules?|lesions?|observations?)\s*\.?", re.IGNORECASE)
_SOURCE_BEFORE = re.compile(
    r"\b(?:from|after|instead of|not)\s+(?:a |an |the )?(?:[\w-]+-RADS )?(?:categor(?:y|ies) )?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Label:
    """A category label; ``system`` where the text names it beside the label; ``role`` may be empty.

    ``aside`` marks a label in brackets that are about something else ("(the latter category 2B)").
    """

    label: str
    span: Span
    system: str | None = None
    role: str = ""
    aside: bool = False


@lru_cache(maxsize=4096)
def labels(text: str) -> tuple[Label, ...]:
    """All category labels of the text, in order; ranges and lists are written out."""
    found: dict[tuple[Span, str], Label] = {}
    for match in _NAMED_LIST.finditer(text):
        _collect(found, text, match.group("list"), match.start("list"), _system(match.group()))
    rest = mask(text, [*(span for span, _ in found), *(named.span for named in editions(text))])
    for match in _PROPER_LIST.finditer(rest):
        _collect(found, text, match.group(), match.start(), None)
    rest = mask(rest, [span for span, _ in found])
    for match in _AT_ARROW.finditer(rest):
        kind = match.lastgroup or "after"
        _collect(found, text, match.group(kind), match.start(kind), None)
    rest = mask(rest, [span for span, _ in found])
    for match in _ALONE.finditer(rest):
        _collect_alone(found, text, match)
    brackets = [bracket.span() for bracket in _BRACKETS.finditer(text)]
    placed = (replace(x, aside=any(a < x.span[0] < b for a, b in brackets)) for x in found.values())
    return tuple(sorted(placed, key=lambda label: (label.span, label.label)))


def _system(text: str) -> str | None:
    named = systems(text)
    return named[-1].concept if named else None


def _collect(
    found: dict[tuple[Span, str], Label], text: str, listed: str, at: int, system: str | None
) -> None:
    items = list(_ITEM.finditer(listed))
    role = _role(text, (at, at + len(listed)))
    for number, item in enumerate(items):
        span = (at + item.start(), at + item.end())
        played = _role_in_move(items, number, listed) or role
        for label in _written_out(items, number, listed):
            found.setdefault((span, label), Label(label, span, system, played))


def _role_in_move(items: list[re.Match[str]], number: int, listed: str) -> str:
    """In "4A to 3" the first label is the source and the second the target."""
    if len(items) != 2 or items[0].group() <= items[1].group():
        return ""
    joint = listed[items[0].end() : items[1].start()].strip(" -").lower()
    return ("source", "target")[number] if joint == "to" else ""


def _written_out(items: list[re.Match[str]], number: int, listed: str) -> list[str]:
    """``4AS`` as 4A and S; ``0-4`` as every label from 0 to 4."""
    item = items[number]
    if item.group("only"):
        return ["S"]
    label = item.group("digit") + (item.group("letter") or "").upper()
    labels = [label, "S"] if item.group("s") else [label]
    previous = items[number - 1] if number else None
    joint = listed[previous.end() : item.start()].strip().lower() if previous else ""
    if previous and joint in ("-", "to", "through") and label.isdigit():
        low = int(previous.group("digit") or 0)
        labels += [str(value) for value in range(low + 1, int(label))]
    return labels


def _collect_alone(found: dict[tuple[Span, str], Label], text: str, match: re.Match[str]) -> None:
    kind, word = next((k, w) for k, w in match.groupdict().items() if w)
    span = match.span(kind)
    if kind == "lung":
        _collect(found, text, word, span[0], None)
        return
    system = {"tr": "acr_ti_rads", "lr": "li_rads", "bosniak": "bosniak"}.get(kind)
    label = re.sub(r"[ -]", "", word).upper()
    found[(span, label)] = Label(label, span, system, _role(text, span))


def _role(text: str, span: Span) -> str:
    before, after = text[max(0, span[0] - 48) : span[0]], text[span[1] : span[1] + 40]
    if _TARGET_BEFORE.search(before) and _FINDING.fullmatch(text[span[1] :]):
        return "target"  # "... is a category 4B finding"
    if _SOURCE_AFTER.match(after) or _SOURCE_BEFORE.search(before):
        return "both" if re.search(r"(?:->|→)\s*$", before) else "source"
    if _TARGET_BEFORE.search(before) or _TARGET_AFTER.match(after):
        return "target"
    return ""
