"""Age, sex, pregnancy and weeks of gestation as clinicians write them."""

from __future__ import annotations

import re
from math import inf

from rag.knowledge.facet_values import AgeBand, Sex
from rag.types import Descriptor, Span

Read = tuple[Descriptor, ...]

YEARS = {
    "y": 1.0,
    "m": 1 / 12,
    "w": 7 / 365.25,
    "d": 1 / 365.25,
    "h": 1 / 8766,
    "5": 7 / 365.25,
    "1": 1 / 12,
}
"""Years of a unit by its first sign; "6/52 old" are weeks and "4/12 old" months."""
_UNIT = (
    r"(?P<unit>y(?:ea)?rs?|y\.?\s?/?\s?o\.?|yo|y|months?|mos?|mths?|mnths?|m\.?o|"
    r"weeks?|wks?|wk|w\.?o|days?|d\.?o|hours?|hrs?)"
)
_OLD = r"(?:[\s-]*(?:of age|old|/o|aged?))"
_NUMBER = r"(?P<n>\d{1,3}(?:\.\d)?)"
_OLDNESS = r"(?:[\s-]*(?:old|of age))"
_PERSON = r"(?:wom[ae]n|m[ae]n|females?|males?|girls?|boys?|lady|gent\w*|child\w*|kids?|infants?|baby|patients?|pt|adults?)"
_LESS = r"under|below|younger than|less than|≤|<=|<"
_BOUND = rf"(?P<bound>{_LESS}|over|above|older than|more than|at least|≥|>=|>)\s*"
_NOT_LATER = (
    r"(?!\s*(?:ago|after|later|post|history|hx|duration|of\s+(?!age)|since|gest|pregn|symptoms))"
)
_SHORT = r"(?P<unit>months?|mos?|mths?|weeks?|wks?|days?|d|m|w)"
# A number is an age where one of these reads it; a longer reading wins over one inside it.
_AGES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # ranges: "3 to 16 years", "30-39 y", "6 months to 5 years", "4-6 months old"
        rf"\b(?:age[ds]?\s+)?(?P<n>\d{{1,3}})\s*(?P<u1>months?|mos?|mo|weeks?|wks?|days?|d)?\s*(?:-|–|to|and)\s*"
        rf"(?P<n2>\d{{1,3}})\s*-?\s*(?P<unit>years?|yrs?|y)\b{_OLDNESS}?{_NOT_LATER}",
        rf"\b(?P<n>\d{{1,3}})\s*(?P<u1>months?|mos?|mo|weeks?|wks?|wk|days?|d)?\s*(?:-|–|to)\s*"
        rf"(?P<n2>\d{{1,3}})\s*-?\s*{_SHORT}\b{_OLDNESS}",
        # bounds: "under 25 years", "women over 50", "< 2 months old"
        rf"{_BOUND}(?:the age of\s+|age\s+|aged\s+)?{_NUMBER}\s*-?\s*(?P<unit>years?|yrs?|y/?o|y)\b{_OLDNESS}?{_NOT_LATER}",
        rf"{_BOUND}{_NUMBER}\s*-?\s*{_SHORT}\b{_OLDNESS}",
        rf"{_BOUND}the age of\s+{_NUMBER}(?P<unit>)\b",
        rf"(?<=\w )(?:(?<=women )|(?<=woman )|(?<=men )|(?<=man )|(?<=aged )|(?<=age )|(?<=adult )|(?<=patient )|(?<=patients ))"
        rf"{_BOUND}{_NUMBER}(?P<unit>)\b(?!\s*(?:mm|cm|%|weeks|wks|months|days|kg|ng))",
        # "65-year-old", "13yo", "13 y/o", "3 month old", "50 years, "
        rf"(?<![\d.]){_NUMBER}\s*-?\s*{_UNIT}{_OLD}\b",
        rf"(?<![\d.]){_NUMBER}\s*-?\s*(?P<unit>y\.?o\.?|y/o|yo)(?![a-z])",
        rf"(?<![\d.]){_NUMBER}\s*-?\s*(?P<unit>years?|yrs?|y)\b(?=\s*[,;.)]|\s+{_PERSON}\b|\s+(?:with|who|f|m)\b|\s*$)",
        rf"(?<![\d.]){_NUMBER}\s*-?\s*(?P<unit>months?|mos?|mths?|weeks?|wks?|days?)\b(?=\s+{_PERSON}\b)",
        rf"(?<![\d./])(?P<n>\d{{1,2}})/(?P<unit>52|12)\b(?={_OLD}\b|\s+{_PERSON}\b)",
        rf"\bday\s*(?:of life\s*)?{_NUMBER}\s*(?P<unit>)(?P<day>)(?:of life)?\s+{_PERSON}\b",
        # "65F", "M 45", "45 M", "F/65", "68 y F"
        rf"(?<![\d./-]){_NUMBER}\s?(?P<unit>)(?:yr?\s?)?(?:F|M|f|m)(?![a-zA-Z0-9/])(?=[\s,.;:)]|$)",
        rf"(?<![a-zA-Z'])(?:[FM]|female|male)\s?[/, ]\s?{_NUMBER}(?P<unit>)(?=[\s,.;:)]|$)(?!\s*(?:weeks|wks|months|days|mm|cm))",
        # "aged 40", "age: 40", "at age 7", "in her 40s", "82 yo lady", "25 female"
        rf"\bage[d]?\s*(?:of|is|:|=)?\s*{_NUMBER}(?P<unit>)\b(?!\s*(?:weeks|wk|months|mo|days))",
        r"\bin (?:her|his|their) (?:early |mid |mid-|late )?(?P<n>[2-9]0)'?s(?P<unit>)(?P<decade>)",
        r"(?<![\d.])\b(?P<n>\d{1,2}) (?P<unit>)(?:wom[ae]n|m[ae]n|lady|female|male|girl|boy)\b",
    )
)  # fmt: skip
# "for 5 years", "in the last 3 years", "20 pack years" are no ages.
_DURATION = re.compile(
    r"(?:\bfor|\bx|\blast|\bpast|\blasting|\bsince|\bwithin|\bevery|\bafter|\bover the|\bquit|\bthe)\s*(?:about |the |over |more than |at least |under |less than |almost |nearly )?$",
    re.I,
)
_WORDS: tuple[tuple[str, float, float], ...] = (
    (r"newborns?|neonat(?:e|es|al)|new[- ]born|premature infants?|preterm infants?", 0, 0.0767),
    (r"infants?|bab(?:y|ies)|infancy", 0, 1),
    (r"toddlers?", 1, 3),
    (r"preschool(?:er|ers| child)?", 2, 6),
    (r"school[- ]?(?:child|boy|girl|age|aged)\w*", 5, 13),
    (r"teen(?:age|ager|agers|aged|s)?|adolescents?", 11, 17.99),
    (r"child(?:ren|hood)?|kids?|boys?|girls?|p(?:a)?ed(?:iatric)?s?|paeds", 0, 17.99),
    (r"elderly|geriatric|octogenarian|nonagenarian|pensioner|grand(?:mother|father|ma|pa)|gran",
     65, inf),
    (r"adults?|wom[ae]n|m[ae]n|lady|gentleman|grown[- ]?up", 18, inf),
    (r"post-?\s?menopausal", 45, inf),
    (r"young adults?", 18, 40),
)  # fmt: skip
_AGE_WORDS = tuple(
    (re.compile(rf"\b(?:{words})\b", re.I), low, high) for words, low, high in _WORDS
)
# "without childhood history", "as a child", "adult-onset", "no children" are not the patient's age
_NOT_PATIENT = re.compile(
    r"(?:as a|since|during|in|history of|no|has|have|had|wants?|wishes for|future|her|his|\d) $",
    re.I,
)


def descriptor(
    name: str, value: str | float, unit: str | None, text: str, span: Span
) -> Descriptor:
    """A descriptor whose ``text`` is what stands at ``span``."""
    return Descriptor(name, value, unit, text[span[0] : span[1]], span)


def _years(number: str, unit: str | None) -> float:
    letter = (unit or "y").strip().lower()[:1] or "y"
    return float(number) * YEARS[letter]


def _span_of_age(match: re.Match[str]) -> AgeBand:
    """The band that one match of :data:`_AGES` states."""
    groups = match.groupdict()
    years = _years(groups["n"], groups.get("u1") or groups.get("unit"))
    if groups.get("n2"):
        return AgeBand(years, _years(groups["n2"], groups["unit"]), True)
    if groups.get("bound"):
        below = re.fullmatch(_LESS, groups["bound"], re.I) is not None
        return AgeBand(0, years, True) if below else AgeBand(years, inf, True)
    if "day" in groups:
        return AgeBand(0, YEARS["d"] * (float(groups["n"]) + 1), True)
    if "decade" in groups:
        return AgeBand(years, years + 9, True)
    step = YEARS[(groups.get("unit") or "y").strip().lower()[:1] or "y"]
    return AgeBand(years, years + step * 0.99, True)


def read_age(text: str) -> tuple[AgeBand | None, Read]:
    """The patient's age: a number first, else the narrowest word ("toddler", "elderly")."""
    found = [
        match
        for pattern in _AGES
        for match in pattern.finditer(text)
        if not _DURATION.search(text[: match.start()])
    ]
    for match in sorted(found, key=lambda m: (m.start(), m.start() - m.end())):
        band = _span_of_age(match)
        if band.low <= 115 and (band.high <= 120 or band.high == inf):
            return band, (descriptor("age", match.group().strip(), "years", text, match.span()),)
    return _age_word(text)


def _age_word(text: str) -> tuple[AgeBand | None, Read]:
    for pattern, low, high in _AGE_WORDS:
        for match in pattern.finditer(text):
            if not _NOT_PATIENT.search(text[: match.start()]):
                found = descriptor("age", match.group().lower(), None, text, match.span())
                return AgeBand(low, high), (found,)
    return None, ()


_SEX: tuple[tuple[Sex, re.Pattern[str]], ...] = (
    ("female", re.compile(
        r"\b(?:females?|wom[ae]n|lady|ladies|girls?|mother|grandm\w+|gran|wife|sister|daughter|"
        r"she|her|hers|mrs|ms\.|gravid\w*|primigravida|multiparous|menopausal|"
        r"post-?menopausal|premenopausal|lactating|breast-?feeding|postpartum)\b"
        r"|(?<=\d)\s?(?:y/?o?\s?|yr\s?)?[Ff](?![a-zA-Z0-9/])|\bF\s?[/, ]?\s?(?=\d\d)|(?<=yo )[Ff]\b"
        r"|(?<=y/o )[Ff]\b|(?<=year old )[Ff]\b|(?<=year-old )[Ff]\b")),
    ("male", re.compile(
        r"\b(?:males?|m[ae]n|gentlem[ae]n|boys?|father|grandfather|grandpa|husband|brother|son|"
        r"he|his|him|mr)\b"
        r"|(?<=\d)\s?(?:y/?o?\s?|yr\s?)?[Mm](?![a-zA-Z0-9/])|\bM\s?[/, ]?\s?(?=\d\d)|(?<=yo )[Mm]\b"
        r"|(?<=y/o )[Mm]\b|(?<=year old )[Mm]\b|(?<=year-old )[Mm]\b")),
)  # fmt: skip
_LOWER = re.compile(r"\b(?:she|her|hers|woman|women|lady|girl|girls|female|females|he|his|him|man|"
                    r"men|boy|boys|male|males|mother|mrs|mr|pregnant)\b", re.I)  # fmt: skip


def read_sex(text: str) -> tuple[Sex | None, Read]:
    """The patient's sex; the first mention counts. Transgender wording leaves it open."""
    if re.search(r"\btrans(?:gender|feminine|masculine|sexual)?\b", text, re.I):
        return None, ()
    found: list[tuple[Span, Sex]] = []
    lowered = _LOWER.sub(lambda m: m.group().lower(), text)
    for sex, pattern in _SEX:
        found += [(match.span(), sex) for match in pattern.finditer(lowered)]
    if not found:
        return None, ()
    span, sex = min(found)
    return sex, (descriptor("sex", sex, None, text, span),)


_PREGNANT = re.compile(
    r"\b(?:pregnan(?:t|cy)|gravid|primigravida|expecting|iup|intrauterine pregnancy|"
    r"g\d\s?p\d|(?:first|second|third|1st|2nd|3rd) trimester|trimester)\b"
    r"|\b\d{1,2}\s*(?:weeks?|wks?|/40)\s*(?:pregnant|gestation|ga\b)", re.I)  # fmt: skip
_NOT_PREGNANT = re.compile(
    r"\b(?:not pregnant|non-?\s?pregnant|isn'?t pregnant|denies pregnancy|no pregnancy|"
    r"(?:negative|neg\.?) (?:urine |serum )?(?:pregnancy test|(?:beta|[βßb])?[- ]?hcg)|"
    r"pregnancy test (?:is |was )?(?:negative|neg)|(?:beta|[βßb])?[- ]?hcg (?:is |was )?(?:negative|neg)"
    r"|pregnancy (?:excluded|ruled out)|excluded pregnancy)\b", re.I)  # fmt: skip
_HCG_POSITIVE = re.compile(
    r"\b(?:positive (?:urine |serum )?(?:pregnancy test|(?:beta|[βßb])?[- ]?hcg)|"
    r"(?:pregnancy test|(?:beta|[βßb])?[- ]?hcg) (?:is |was )?positive|"
    r"hcg\s*(?:of|is|was|[:=])?\s*(?:[1-9]\d{2,}|[3-9]\d))\b", re.I)  # fmt: skip
_OTHER_HCG = re.compile(
    r"\b(?:mol(?:e|ar)|trophoblast\w*|gt[dn]|testi\w*|seminoma|germ cell|orchi\w*)\b", re.I
)
"""What else raises hCG: a value then says nothing of a pregnancy."""
_NOT_NOW = re.compile(
    r"(?:future|ectopic|molar|previous|prior|last|past|recurrent|after|since|wants?|planning|"
    r"desires?|or|preserve|tubal|before|for)\s+$", re.I)  # fmt: skip


def read_pregnant(text: str) -> tuple[bool | None, Read]:
    """Whether the patient is pregnant, ``None`` where the text does not say."""
    negative = _NOT_PREGNANT.search(text)
    if negative:
        return False, (descriptor("pregnant", "no", None, text, negative.span()),)
    positive = () if _OTHER_HCG.search(text) else _HCG_POSITIVE.finditer(text)
    for match in (*positive, *_PREGNANT.finditer(text)):
        ended = re.match(r"\s+(?:loss|test|termination)", text[match.end() :], re.I)
        if not ended and not _NOT_NOW.search(text[: match.start()]):
            return True, (descriptor("pregnant", "yes", None, text, match.span()),)
    return None, ()


_WEEKS = re.compile(
    r"\b(?P<n>\d{1,2})(?:\s?(?:\+\s?\d|\s?\d/7))?\s*-?\s*(?:weeks?|wks?|w)\s*(?:pregnant|gestation\w*|"
    r"ga\b|of (?:pregnancy|gestation)|iup|gravid|into (?:her |the )?pregnancy)"
    r"|\b(?P<n2>\d{1,2})(?:\+\d)?\s?/\s?40\b|\b(?:ga|gestational age|pregnant|gestation)\s*(?:of|at|:|,)?\s*"
    r"(?P<n3>\d{1,2})\s*(?:weeks?|wks?|w)\b", re.I)  # fmt: skip


def read_gestation(text: str) -> tuple[float | None, Read]:
    """Weeks of gestation: "22 weeks pregnant", "GA 12 wk", "34/40"."""
    match = _WEEKS.search(text)
    if match is None:
        return None, ()
    weeks = float(match["n"] or match["n2"] or match["n3"])
    if not 3 <= weeks <= 43:
        return None, ()
    return weeks, (descriptor("gestation", weeks, "weeks", text, match.span()),)
