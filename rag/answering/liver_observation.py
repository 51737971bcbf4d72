"""A liver observation described by LI-RADS' own features: the rows of its diagnostic table that still hold.

The table is the facts' own: each carries the arterial phase hyperenhancement, the size and the number of
additional major features that it is about. What the text does not say may be either way, so that every
row that it leaves open is shown and none that it rules out. No category is derived for what the
table does not hold (rim enhancement, LR-M, tumour in vein).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from rag.answering.compose import fact_passages
from rag.answering.draft import Draft, EvidenceList
from rag.answering.measurements import Bounds, quantities
from rag.knowledge.facts import Fact
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.types import Statement

GUIDELINE = "li_rads_2018"
_FEATURES = ("washout", "capsule", "growth")
_NAMES = {
    "aphe": "nonrim arterial phase hyperenhancement",
    "size": "size",
    "washout": "nonperipheral washout",
    "capsule": "enhancing capsule",
    "growth": "threshold growth",
}
_MOST_ROWS = 6
"""With more rows than this the text describes no observation yet."""
_SIZES = (5.0, 15.0, 25.0)
"""A diameter in each class of the table, where the text gives none; which class it is, the facts say."""

_STEP = 1e-6

_ALWAYS_SAID = ("ex.li.major", "ex.li.pop")


@dataclass(frozen=True, slots=True)
class Observation:
    """What a text says of an observation; None is unsaid.

    ``mm`` is its diameter: one number, or the bounds that the text gives.
    """

    aphe: bool | None
    mm: float | Bounds | None
    features: Mapping[str, bool | None]


def from_liver_observation(
    question: str, shelf: Shelf, guidelines: Collection[str] | None
) -> Draft | None:
    """The rows that fit the observation a question describes; None where it describes none."""
    if GUIDELINE not in shelf.ids or (guidelines and GUIDELINE not in guidelines):
        return None
    seen = read_observation(question)
    if seen is None:
        return None
    guideline = shelf.get(GUIDELINE)
    rows = rows_left(seen, guideline)
    if not rows or len(rows) > _MOST_ROWS:
        return None
    evidence = EvidenceList()
    ids = [row.id for row in rows]
    held = {fact.id for fact in guideline.facts}
    cited = fact_passages(guideline, [*ids, *(i for i in _ALWAYS_SAID if i in held)])
    quoted = [Statement(p.text, (evidence.cite(p),)) for p in cited]
    numbers = tuple(n for one in quoted[: len(rows)] for n in one.citations)
    head = _headline(seen, rows, guideline.edition.label)
    first = [Statement(head, numbers)] if head else []
    return Draft(
        route="guideline_text",
        outcome="answer",
        statements=(*first, *quoted),
        evidence=evidence.items,
        lead=len(first) + len(rows),
    )


def _headline(seen: Observation, rows: Collection[Fact], label: str) -> str:
    """Which categories remain, and by what the text does not say; empty where one remains."""
    categories = list(dict.fromkeys(str(_value(row)["category"]) for row in rows))
    if len(categories) < 2:
        return ""
    unsaid = ", ".join(_NAMES[name] for name in _NAMES if _of(seen, name) is None)
    *others, last = categories
    return f"{label}: {', '.join(others)} or {last}; the text does not say: {unsaid}."


def _of(seen: Observation, name: str) -> object:
    if name == "aphe":
        return seen.aphe
    return seen.mm if name == "size" else seen.features[name]


def read_observation(text: str) -> Observation | None:
    """The observation that ``text`` describes, if it speaks of LI-RADS or the liver and of two of its features.

    >>> seen = read_observation("LI-RADS: 15 mm, no APHE, washout only")
    >>> seen.aphe, seen.mm, dict(seen.features)
    (False, 15.0, {'washout': True, 'capsule': False, 'growth': False})
    """
    folded = " ".join(text.lower().replace("\u2010", "-").split())
    if _elsewhere().search(folded) or _beyond().search(folded):
        return None
    features = {name: _said(folded, _pattern(name)) for name in _FEATURES}
    aphe = _said(folded, _pattern("aphe"))
    if _alone().search(folded):
        features = {name: bool(value) for name, value in features.items()}
    mm = _diameter(folded)
    told = [value for value in (aphe, mm, *features.values()) if value is not None]
    named = aphe is not None or (
        _liver().search(folded) and any(v is not None for v in features.values())
    )
    if not named or len(told) < 2 or not any(x is not None for x in (aphe, *features.values())):
        return None
    return Observation(aphe, mm, features)


def _said(text: str, pattern: re.Pattern[str]) -> bool | None:
    """Whether a feature is affirmed, denied, or (None) not spoken of; said both ways counts as unsaid."""
    found = {not _denied(text, m) for m in pattern.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _denied(text: str, found: re.Match[str]) -> bool:
    """Whether a denial reaches the feature: over commas only in a list that ends with "or" or "nor"."""
    if _denial_after().match(text, found.end()):
        return True
    before = text[max(0, found.start() - 60) : found.start()]
    start = max((m.start() for m in _denial().finditer(before)), default=None)
    if start is None or _turned().search(before[start:]):
        return False
    rest = re.split(r"[.;]", before[start:] + text[found.start() :])[0]
    return "," not in before[start:] or re.search(r"\b(?:or|nor)\b", rest) is not None


def _diameter(folded: str) -> float | Bounds | None:
    """The one diameter in mm, or its bounds; of a size that changed what it became."""
    found = [one for one in quantities(folded) if one.kind == "length"]
    became = {one.became for one in found if one.became}
    now = [one for one in found if one.span in became] if became else found
    if len(now) != 1:
        return None
    return now[0].bounds or max(now[0].axes)


def rows_left(seen: Observation, guideline: Guideline) -> tuple[Fact, ...]:
    """The table's facts that hold for some way in which the unsaid may be, in the table's order."""
    rows = [fact for fact in guideline.facts if _is_row(fact)]
    left = set()
    for aphe, mm, flags in _ways(seen):
        left |= {row.id for row in rows if _holds(_value(row), aphe, mm, flags)}
    return tuple(row for row in rows if row.id in left)


def _ways(seen: Observation) -> Iterator[tuple[bool, float, dict[str, bool]]]:
    either = (True, False)
    for aphe, mm, *flags in product(
        either if seen.aphe is None else (seen.aphe,),
        _sizes(seen.mm),
        *((either if seen.features[n] is None else (bool(seen.features[n]),)) for n in _FEATURES),
    ):
        yield bool(aphe), float(mm), dict(zip(_FEATURES, map(bool, flags), strict=True))


def _sizes(mm: float | Bounds | None) -> tuple[float, ...]:
    """Diameters that stand for every class of the table that the observation can be in."""
    if mm is None:
        return _SIZES
    if not isinstance(mm, Bounds):
        return (mm,)
    low = 0.0 if mm.low is None else mm.low + _STEP * mm.low_open
    high = max(low, *_SIZES) if mm.high is None else mm.high - _STEP * mm.high_open
    return (low, *(size for size in _SIZES if low < size < high), high)


def _is_row(fact: Fact) -> bool:
    return isinstance(fact.value, dict) and {"aphe", "mm", "additional", "category"} <= set(
        fact.value
    )


def _value(fact: Fact) -> Mapping[str, object]:
    assert isinstance(fact.value, dict)
    return fact.value


def _holds(row: Mapping[str, object], aphe: bool, mm: float, flags: Mapping[str, bool]) -> bool:
    return (
        (str(row["aphe"]) != "no APHE") == aphe
        and _in_class(str(row["mm"]), mm)
        and _so_many(str(row["additional"]), flags)
    )


def _in_class(written: str, mm: float) -> bool:
    """Whether ``mm`` lies in a class as the facts write it: ``<10``, ``10-19``, ``>=20``."""
    if written.startswith("<"):
        return mm < float(written[1:])
    if written.startswith(">="):
        return mm >= float(written[2:])
    low, high = written.split("-")
    return float(low) <= mm < float(high) + 1


def _so_many(written: str, flags: Mapping[str, bool]) -> bool:
    """Whether the additional features are as many, and those, that a fact writes."""
    count = sum(flags.values())
    number, _, which = written.partition(", ")
    if number.startswith(">="):
        return count >= int(number[2:])
    if count not in {int(n) for n in re.findall(r"\d+", number)}:
        return False
    if not which:
        return True
    present = {name for name, there in flags.items() if there}
    wanted = {name for name in _FEATURES if name in which}
    return present <= wanted


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        {
            "aphe": r"\baphe\b|\barterial(?:ly)?(?:[ -]phase)? (?:hyper-?)?enhanc\w+|\bhyperenhanc\w+ in the arterial phase",
            "washout": r"\bwash(?:es)?[ -]?(?:ing )?out\b",
            "capsule": r"\bcapsule\b",
            "growth": r"\bthreshold growth\b",
        }[name]
    )


@cache
def _denial() -> re.Pattern[str]:
    return re.compile(r"\b(?:no|not|without|lacks?|lacking|absent|neither|nor|non)\b")


@cache
def _turned() -> re.Pattern[str]:
    """What ends a denial before the feature is reached."""
    return re.compile(r"\b(?:but|with|has|shows|only)\b|[.;]")


@cache
def _denial_after() -> re.Pattern[str]:
    return re.compile(r"\s*(?:is |are |was )?(?:absent|not (?:seen|present)|negative)\b")


@cache
def _alone() -> re.Pattern[str]:
    return re.compile(
        r"\bonly\b|\balone\b|\bno (?:other|additional|further) (?:major )?features?\b|\bnothing else\b"
    )


@cache
def _beyond() -> re.Pattern[str]:
    """What the table does not decide, and questions about a term and not an observation."""
    return re.compile(
        r"(?<!non)(?<!non-)\brim\b|(?<!non)(?<!non-)\bperipheral wash|\btargetoid\b|\blr-?(?:m|tiv|nc|tr)\b|\btumou?r in vein\b|\btreated\b|\bablat\w+|^what (?:is|does|counts)\b|\bdefin\w+\b"
    )


@cache
def _elsewhere() -> re.Pattern[str]:
    """Other organs whose lesions wash out or have a capsule."""
    return re.compile(
        r"\badrenal|\blung|\bpulmonary|\bbreast|\brenal|\bkidney|\bprostat|\bpancrea|\bmyocard|\bbrain|\bthyroid"
    )


def names_li_rads(text: str) -> bool:
    """Whether the text asks for the system by its name or by one of its labels."""
    return re.search(r"\bli-?rads\b|\blr(?:-[1-5])?\b", text.lower()) is not None


@cache
def _liver() -> re.Pattern[str]:
    return re.compile(r"\bli-?rads\b|\blr(?:-[1-5])?\b|\bliver\b|\bhepat\w*|\bcirrho\w*|\bhcc\b")
