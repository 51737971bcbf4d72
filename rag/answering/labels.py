"""Category labels in a text: "Lung-RADS 4A", "category 3", "TR4", "BI-RADS 4B or 4C".

Only what is written is read: whether a system has the label is for its guideline to say. A count
of points ("BI-RADS 5 point scale"), an edition ("5th edition", "1.1") or a size is no label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from rag.types import Span


@dataclass(frozen=True, slots=True)
class Label:
    """One label as written; ``system`` is the name before it, folded (``lung-rads``), or ``None``.

    ``value`` is upper case without the system's name (``4A``, ``5``); ``span`` covers system and
    label, ``place`` the label alone. ``of_finding`` is set where a finding follows that carries
    the label ("4A nodule"), ``former`` where the label is an earlier one ("previously category 3").
    """

    system: str | None
    value: str
    span: Span
    place: Span
    negated: bool = False
    of_finding: bool = False
    former: bool = False
    s_modifier: bool = False


_RADS = r"(?:(?:acr|korean|eu|k|c)[ -]?)?(?:ti|bi|li|pi|ni|vi|o|lung|ov|us)[ -]?rads|(?:[kc]|eu|acr)-?tirads|c-lung-rads|rads"
_KIND = r"(?:assessment |final |overall |risk )?(?:categor(?:y|ies)|cat\.?|score|level|class|grade|rating|카테고리|범주|등급)"
_EDITION = r"(?:\(?(?:v(?:ersion)?\.?\s?)?(?:20\d\d|1\.[01]|5th(?: ed(?:ition|\.)?)?)\)?)"
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "iva": "4A",
    "ivb": "4B",
    "ivc": "4C",
    "v": "5",
    "vi": "6",
}
_NOT_A_LABEL = (
    r"(?![a-z0-9%]|[.,]\d|-?\s?(?:mms?|cms?|\u339c|\u339d|millim\w*|centim\w*|percent|points?\b|th\b|st\b|nd\b|rd\b"
    r"|months?\b|mo\b|mos\b|weeks?\b|wks?\b|years?\b|yrs?\b|days?\b|h\b|hours?\b|개월|년|주\b|세\b|%|x\s?\d|\*\s?\d|step|tier)"
    r"|-\s?\d+\s?(?:mm|cm|month|year|week))"
)
_LABEL = rf"(?:\d{{1,2}}[a-cx]?s?|(?:iv[abc]?|vi{{0,1}}|i{{1,3}})){_NOT_A_LABEL}"
_COUNTED = r"(?!\s+(?:\w+ ){0,2}?(?:nodules|lesions|masses|cysts|groups|exams|scans)\b)"


@cache
def _first() -> re.Pattern[str]:
    """System and label, a counted category, a TR level, or a bare label with a letter."""
    system = rf"(?<![a-z0-9])(?P<system>{_RADS})(?:[\s,]*{_EDITION})?(?:\s*{_KIND})?(?:\s+(?:is|of|was|a|an))?\s*[:=#(-]?\s*(?P<by_system>{_LABEL})"
    category = rf"(?<![a-z])(?:{_KIND})\s*[:=#(-]?\s*(?P<by_kind>{_LABEL})"
    points = rf"(?<![a-z0-9/])(?P<tr>tr)[ -]?(?P<by_tr>\d{{1,2}}){_NOT_A_LABEL}"
    li = rf"(?<![a-z0-9])(?P<lr>lr)[ -](?P<by_lr>\d|m|tiv){_NOT_A_LABEL}"
    bare = rf"(?<![a-z0-9-])(?<!segment )(?<!stage )(?<!figure )(?<!table )(?P<by_letter>4[abcx]s?){_NOT_A_LABEL}"
    word = rf"(?<![a-z0-9])(?P<sys_w>{_RADS})\s*(?:{_KIND})?\s*[:=]?\s*(?P<by_word>normal|abnormal|positive|unknown)(?=\s*(?:$|[.?!,]))"
    return re.compile("|".join((system, category, points, li, bare, word)))


@cache
def _next() -> re.Pattern[str]:
    joint = r"\s*(?:,\s*and|,\s*or|,|/|and|or|vs\.?|versus|to|through|-|~|&|와|과|및|또는|이나)\s*"
    return re.compile(
        rf"{joint}(?:{_RADS}\s*)?(?:{_KIND}\s*|tr[ -]?)?(?P<label>{_LABEL}){_COUNTED}"
    )


def labels_in(folded: str) -> tuple[Label, ...]:
    """All category labels of a folded text, in order."""
    found: list[Label] = []
    for match in _first().finditer(folded):
        if found and match.start() < found[-1].place[1]:
            continue
        found += _list_of(folded, match)
    return tuple(found)


def _list_of(folded: str, match: re.Match[str]) -> Iterator[Label]:
    groups = ("system", "tr", "lr", "sys_w")
    system = next((text for text in map(match.group, groups) if text), None)
    name = next(n for n, text in match.groupdict().items() if n.startswith("by_") and text)
    text, place = match.group(name), match.span(name)
    if name != "by_letter" and system is None and not _is_label(folded, place, text):
        return
    yield _label(folded, system, text, (match.start(), place[1]), place)
    end = place[1]
    while following := _next().match(folded, end):
        place = following.span("label")
        yield _label(folded, system, following.group("label"), place, place)
        end = following.end()


def _is_label(folded: str, place: Span, text: str) -> bool:
    """A bare "score 5" is kept; "level 4 lymph node" and "grade 3 splenic injury" are of something
    else: what is graded follows, and it is no finding of ours."""
    if re.match(r"\s*(?:lymph|node|evidence|cervical|neck|trauma)", folded[place[1] :]):
        return False
    graded = re.search(r"(?:score|level|class|grade)\s*[:=#(-]?\s*$", folded[: place[0]])
    foreign = _graded_thing().match(folded, place[1])
    return not (graded and foreign and not _carrier().match(folded, place[1]))


@cache
def _graded_thing() -> re.Pattern[str]:
    """A noun or adjective right after a grade, which says what is graded."""
    function = (
        r"is|was|are|were|be|and|or|nor|in|on|at|of|for|with|without|by|as|to|from|vs|versus|if|when|"
        r"because|since|than|then|but|so|mean\w*|management|follow|biopsy|fna|need|should|does|do|did|"
        r"has|have|had|can|may|on|this|that|the|a|an|what|which|how|why|correct|right|ok|yes|no|"
        r"now|today|before|previously|earlier|last|solid|part|ground|new|stable|growing|thyroid|lung|"
        r"breast|pulmonary|per|under|according|using|assigned|given|stated|report\w*|recommend\w*|"
        r"definition|description|criteria|risk|likelihood|category|lung-rads|bi-rads|k-tirads|ti-rads"
    )
    return re.compile(rf"\s+(?!(?:{function})\b)[a-z]{{3,}}")


def _label(folded: str, system: str | None, text: str, span: Span, place: Span) -> Label:
    value = _ROMAN.get(text, text.upper())
    modifier = len(value) > 1 and value.endswith("S")
    return Label(
        system=system,
        value=value[:-1] if modifier else value,
        span=span,
        place=place,
        negated=_denied().search(folded, max(span[0] - 40, 0), span[0]) is not None,
        of_finding=_carrier().match(folded, place[1]) is not None,
        former=_earlier(folded, span),
        s_modifier=modifier,
    )


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:not|no|isn't|never|nor|rather than|instead of|without)\b(?:\s+(?!,)[a-z-]+){0,3}\s*$"
    )


@cache
def _carrier() -> re.Pattern[str]:
    """What a label stands on: "4A solid nodule", "category 3 8 mm nodule", "(4A) nodule"."""
    finding = r"nodule|lesion|finding|cyst|mass|opacity|ggn|ggo|abnormality|결절|병변"
    return re.compile(
        rf"\)?,?\s+(?:(?!is\b|was\b|and\b|or\b|for\b|with\b|in\b|on\b|at\b|if\b|to\b|because\b)[\w.-]+\s+){{0,4}}?(?:{finding})|\)?\s*(?:결절|병변)"
    )


@cache
def _before_label() -> re.Pattern[str]:
    return re.compile(
        r"(?:\b(?:previous(?:ly)?|prior|last|earlier|initial(?:ly)?|baseline|former(?:ly)?|was|were|had been|known|originally|old|follow[ -]?up (?:of|for)|f/u (?:of|for)|after|history of)\b"
        r"|이전|기존|과거)(?:\s+(?:a|an|as|the|called|classified|reported|graded|assigned|read|screen|exam|ct|ldct|scan|study|examination|assessment|category|at|in|been))*[\s:(]*$"
    )


@cache
def _after_label() -> re.Pattern[str]:
    return re.compile(
        r"\)?\s*(?:nodule |lesion |finding )?(?:at (?:the )?(?:baseline|prior|previous|initial|last)|(?:on|at|in) (?:the )?(?:prior|previous|last|initial|baseline|earlier)"
        r"|previously|last (?:year|time|exam|scan)|(?:\w+ ){1,2}(?:ago|earlier)|before)\b"
    )


def _earlier(folded: str, span: Span) -> bool:
    before = _before_label().search(folded[max(span[0] - 60, 0) : span[0]])
    return before is not None or _after_label().match(folded, span[1]) is not None
