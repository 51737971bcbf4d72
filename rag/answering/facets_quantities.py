"""Sizes, scores and grades that tell sibling scenarios apart: ">2 cm", "BI-RADS 4", "GCS 13-15"."""

from __future__ import annotations

import re
from math import inf

from rag.answering.facets_people import Read, descriptor
from rag.knowledge.facet_values import Quantity

_MM = {"mm": 1.0, "cm": 10.0}
_BELOW = r"<|≤|<=|under|below|less than|smaller than|up to"
_ABOVE = r">|≥|>=|over|above|more than|greater than|larger than|at least|exceeding"
_SIZE = re.compile(
    rf"(?:(?P<bound>{_BELOW}|{_ABOVE})\s*)?(?<![\d.])(?P<n>\d+(?:\.\d+)?)\s*"
    r"(?:(?:-|–|to)\s*(?P<n2>\d+(?:\.\d+)?)\s*-?)?\s*-?\s*(?P<unit>mm|cm|millimet\w+|centimet\w+)\b", re.I)  # fmt: skip
_DURATION = re.compile(
    rf"(?P<bound>{_BELOW}|{_ABOVE}|within|beyond|longer than|shorter than|after)\s*(?:the\s+)?(?:last |first )?"
    r"(?P<n>\d+(?:\.\d+)?)(?:\s*(?:-|–|to)\s*(?P<n2>\d+(?:\.\d+)?))?\s*-?\s*(?P<unit>hours?|hrs?|h|days?|d|weeks?|wks?)\b"
    r"(?!\s*(?:of age|old (?:girl|boy|baby|infant|male|female)|gest|pregnan))", re.I)  # fmt: skip
_HOURS = {"h": 1.0, "d": 24.0, "w": 168.0}
_LEVEL = re.compile(
    r"\b(?P<level>(?:(?:very )?low|intermediate|moderate|average|high(?:er)?(?: than average)?|above[- ]average|increased|elevated|raised)"
    r"(?:\s*(?:-|to|or|–)\s*(?:low|intermediate|moderate|mod|high|average))?)[- ]?(?:pre-?test |clinical |lifetime )?"
    r"(?:risk|probability|prob|likelihood|suspicion)\b"
    r"|\b(?:risk|probability|likelihood|suspicion)(?: of [\w ]{3,40}?)? (?:is )?(?:judged )?"
    r"(?P<level2>(?:very )?low(?: to intermediate)?|intermediate|moderate|average|high|unlikely|very likely)\b", re.I)  # fmt: skip
_LEVELS = (("low", 1), ("average", 1), ("intermediate", 2), ("mod", 2), ("high", 3), ("above", 3), ("increased", 3),
           ("elevated", 3), ("raised", 3), ("very likely", 3))  # fmt: skip
_NAMED = tuple(
    (name, re.compile(
        rf"\b(?:{words})\s*(?:score|grade|category|of|is|=|:|\(|\s)*\s*(?P<bound><=?|>=?|≤|≥)?\s*(?P<n>[−-]?\d+(?:\.\d+)?)"
        r"(?:\s*(?:-|–|to|or|/)\s*(?P<n2>[−-]?\d+(?:\.\d+)?))?(?![\d%])", re.I))
    for name, words in (
        ("birads", r"bi-?rads"), ("gcs", r"gcs|glasgow coma sc(?:ale|ore)"), ("sfu", r"sfu"), ("meld", r"meld"),
        ("t score", r"t-?\s?scores?"), ("child pugh", r"child-?\s?pugh"), ("psa", r"psa"),
        ("pvm", r"(?:pieretti-?vanmarcke|pvm)(?: weighted)?"),
    )
)  # fmt: skip


def read_quantities(text: str) -> tuple[frozenset[Quantity], Read]:
    """All sizes (in millimetres) and named scores as closed ranges; bounds keep their open side."""
    found: list[Quantity] = []
    read: Read = ()
    for match in _SIZE.finditer(text):
        factor = _MM["cm" if match["unit"].lower().startswith("c") else "mm"]
        low, high = _range(match)
        found.append(Quantity("size", low * factor, high * factor))
        read += (descriptor("size", match.group().strip(), "mm", text, match.span()),)
    for name, pattern in _NAMED:
        for match in pattern.finditer(text):
            found.append(Quantity(name, *_range(match)))
            read += (descriptor(name, match.group().strip(), None, text, match.span()),)
    for match in _DURATION.finditer(text):
        factor = _HOURS[match["unit"].lower()[0]]
        low, high = _range(match)
        found.append(Quantity("duration", low * factor, high * factor))
        read += (descriptor("duration", match.group().strip(), None, text, match.span()),)
    for match in _LEVEL.finditer(text):
        words = (match["level"] or match["level2"]).lower().replace("higher than average", "high")
        ranks = [rank for word, rank in _LEVELS if word in words]
        if ranks:
            found.append(Quantity("level", min(ranks), max(ranks)))
            read += (descriptor("level", words, None, text, match.span()),)
    return frozenset(_joined(found)), read


def _range(match: re.Match[str]) -> tuple[float, float]:
    low = float(match["n"].replace("−", "-"))
    if match["n2"]:
        return low, float(match["n2"].replace("−", "-"))
    bound = (match["bound"] or "").lower()
    if not bound:
        return low, low
    return (-inf, low) if re.fullmatch(_BELOW + "|within|shorter than", bound) else (low, inf)


def _joined(found: list[Quantity]) -> list[Quantity]:
    """ ">2 cm and <4 cm" is one range: an open upper and an open lower bound that cross."""
    above = [q for q in found if q.high == inf]
    below = [q for q in found if q.low == -inf]
    one_each = len(above) == len(below) == 1 and above[0].name == below[0].name
    if not one_each or above[0].low >= below[0].high:
        return found
    both = Quantity(above[0].name, above[0].low, below[0].high)
    return [*(q for q in found if q not in (*above, *below)), both]
