"""The kind of thing that would answer a question, and the kinds that a passage holds.

"What tube current" is answered by no passage without a current, "how long" by none without a time.
Units name kinds; the words of asking name what is wanted. Several kinds may answer one question
("how often": every 6 months, 1.2 %); a question that names no kind wants none.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

_NUMBER = r"\d[\d,.]*"
_UNITS = {
    "length": r"mm|cm",
    "volume": r"mm3|mL(?:/kg)?|L|litres?",
    "time": r"s|sec\w*|min\w*|h|hours?|days?|weeks?|months?|years?",
    "share": r"%|percent|per 1,?000|in \d+",
    "radiation": r"mSv|mGy",
    "amount": r"mg|g|mmol/kg|mg/kg|mgI/mL|puffs",
    "flow": r"mL/s|L/min|mL/min",
    "field": r"T|tesla",
    "frequency": r"MHz|/min|beats",
    "b_value": r"s/mm2",
    "density": r"HU",
    "pressure": r"psi",
    "voltage": r"kVp?",
    "points": r"points?",
    "power": r"W/kg",
    "temperature": r"C",
    "noise": r"dBA?",
    "gauge": r"gauge",
}
_WORDS = {
    "time": r"every|yearly|annual\w*|weekly|monthly|once|year|month|week|hours?",
    "year": r"(?:19|20)\d\d",
    "number": rf"{_NUMBER}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|no|both|single",
    "points": r"points?|scores?",
    "radiation": r"no dose|radiation",
    "share": r"rate|probability|risk",
    "safety": r"safe\w*|unsafe|risks?|harm\w*|contraindicat\w*|danger\w*|avoid\w*|reactions?|toxic\w*|not (?:be )?(?:given|done|used|scanned)"
    r"|(?:may|can|must|should)(?: not)? be (?:given|done|used|scanned|injected)|linked to|associated with",
    "use": r"useful\w*|helpful|helps?|value|benefits?|need(?:s|ed)?|recommend\w*|optional|improves?|adds?|advised|suggest\w*|preferr\w*|favou?red|not required|required",
    "people": r"age[ds]? (?:\d|of|above|below|under|over|from|between)\S*|pack-years?|years old|smokers?|wom[ae]n|m[ae]n|patients?|adults?|children|child|persons?|people|pregnan\w+"
    r"|infants?|risk of \d+|history of|renal impairment|egfr",
    "money": r"costs?|prices?|cheaper|dollars?|euros?",
}
"""What stands for a kind without a unit."""

_ASKED = (
    (r"how (?:is|are|do|does|should|must|would)\b(?: [\w'-]+){1,8}? (?:measure|calculate|define|determine|compute|classifie)[sd]?"
     r"|how to (?:measure|calculate|define|determine|compute|classify)", ""),  # the manner, no quantity
    (r"how (?:long|soon)|how (?:recent|old|fresh) (?:must|should|may|can|is|are)|how many (?:seconds|minutes|hours|days|weeks|months|years)"
     r"|when (?:to|is|are|do|does|should|can|will)\b[^?]*\b(?:scan\w*|acquir\w+|start\w*|taken|begin|repeat\w*|restart\w*|resum\w+|due|phase|follow\w*)"
     r"|delay|interval|timing|duration|schedule|time window|how early|how late", "time year"),
    (r"how often|how frequently", "time share"),
    (r"how (?:common|likely|sensitive|accurate|frequent)|(?:what|which) (?:percentage|proportion|share|fraction)|percentage|proportion"
     r"|probability|likelihood|(?:cancer|malignancy) (?:risk|rate)|risk of (?:cancer|malignancy)|prevalence|incidence"
     r"|sensitivity|specificity|ppv ?\d?|(?:detection|recall) rate", "share number"),
    (r"gauge|(?:size|which) (?:cannula|needle)|(?:cannula|needle) size", "gauge"),
    (r"how (?:large|big|small|thick|thin|wide|tall)|sizes?|diameter|thickness|field of view|fov|pixel|voxel|in-plane", "length"),
    (r"how many points|points (?:for|of|does|do|are|is)|score for", "points number"),
    (r"msv|mgy|(?:radiation|fetal|foetal|effective|breast) doses?|ctdivol|dose limit", "radiation"),
    (r"doses?|how much (?:\w+ )?(?:adrenaline|epinephrine|atropine|metoprolol|glucagon|gadolinium|saline|contrast|oxygen)|how many (?:mg|ml|milli\w+)",
     "amount volume radiation flow share"),
    (r"(?:flow|injection) rate|how fast (?:is|are|should|do)", "flow time"),
    (r"tube voltage|kvp?", "voltage"),
    (r"field strength|tesla", "field"),
    (r"(?:what|which) (?:heart rate|pulse)|mhz|probe frequency|(?:heart|pulse) rate (?:target|limit)", "frequency"),
    (r"hu|hounsfield", "density"),
    (r"b-?values?", "b_value"),
    (r"(?:which|what) year|when (?:was|were|did)", "year time"),
    (r"how loud|decibels?", "noise"),
    (r"temperature|how (?:warm|hot)", "temperature"),
    (r"^\W*(?:is|are|isn't|aren't)\b[^?]*\b(?:safe|unsafe|dangerous|harmful|risky|toxic)\b|how (?:safe|dangerous|harmful|risky)|how much (?:harm|danger)", "safety"),
    (r"^\W*(?:is|are|does|do|isn't|aren't)\b[^?]*\b(?:useful|helpful|worthwhile|worth (?:it|doing)|of (?:any )?(?:use|value|benefit)|add anything|any good)\b|how useful", "use"),
    (r"costs?|prices?|how expensive|cheap", "money"),
    (r"who (?:is|are|was|were)(?: \w+){0,2} (?:eligible|screened|invited|covered|included)|eligib\w+|qualif(?:y|ies) for"
     r"|who (?:should|can|may|must|needs?|has|have|gets?|qualifies)\b[^?]*\b(?:screen\w*|scan\w*|ldct|have|undergo|receive|get|for)", "people"),
    (r"how many|number of", "number"),
)  # fmt: skip


@cache
def _unit_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    span = rf"{_NUMBER}(?:\s*(?:-|–|to|or)\s*{_NUMBER})?[\s-]?"
    units = [(kind, re.compile(rf"{span}(?:{unit})(?![\w/])")) for kind, unit in _UNITS.items()]
    words = [(kind, re.compile(rf"\b(?:{word})\b", re.I)) for kind, word in _WORDS.items()]
    return (*units, *words)


@cache
def _asked_patterns() -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    return tuple((re.compile(rf"\b(?:{p})\b", re.I), frozenset(k.split())) for p, k in _ASKED)


@lru_cache(maxsize=8192)
def kinds_in(text: str) -> frozenset[str]:
    """The kinds of quantity that ``text`` states; the numbers of a citation ("[2,5]") are none."""
    said = _citation().sub("", text)
    return frozenset(kind for kind, pattern in _unit_patterns() if pattern.search(said))


@cache
def _citation() -> re.Pattern[str]:
    return re.compile(r"\[\d[\d,\s–-]*\]")


def kinds_wanted(question: str) -> frozenset[str]:
    """The kinds of which one would answer; empty where the question names none.

    >>> sorted(kinds_wanted("How thick are the slices?"))
    ['length']
    """
    return next((kinds for p, kinds in _asked_patterns() if p.search(question)), frozenset())
