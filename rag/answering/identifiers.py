"""Patient identifiers in a question: noticed and masked before anything else reads it.

Only what is plainly an identifier is masked: numbers that are called one or have a form of their
own, names that are called one. A mask says what stood there, so the sentence still reads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without identifiers, and which kinds were taken out."""

    text: str
    kinds: tuple[str, ...]


_DATE = r"(?:\d{4}[-./년]\s?\d{1,2}[-./월]\s?\d{1,2}일?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{6,8}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4}|\d{1,2} [A-Z][a-z]{2,8}\.? \d{4})"
_SURNAMES = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    written = {
        "e-mail address": r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+\w",
        "resident registration number": r"(?<!\d)\d{6}\s?-\s?[1-8]\d{6}(?!\d)",
        "social security number": r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)",
        "date of birth": rf"(?i:\b(?:d\.?o\.?b\.?|date of birth|birth ?date|born(?: on)?)|생년월일|생일)\s*[:=]?\s*{_DATE}",
        "record number": r"(?i:\b(?:mrn|medical record(?: number| no\.?)?|chart (?:number|no\.?)|patient (?:id|number|no\.?)|hospital (?:number|no\.?|id)|accession(?: number| no\.?)?|nhs (?:number|no\.?)|case (?:id|no\.?))|등록\s?번호|환자\s?번호|병록\s?번호|차트\s?번호)\s*[:=#]?\s*(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{4,}",
        "phone number": r"(?<![\d.])(?:\+\d{1,3}[\s.-]?)?(?:01[016-9]|\(?0\d{1,2}\)?)[\s.-]\d{3,4}[\s.-]\d{4}(?!\d)|(?<![\d.])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)|(?<!\d)01[016-9]\d{7,8}(?!\d)",
        "name": r"(?i:\b(?:(?:patient'?s? |pt\.? )?name(?: is)?|patient)\s*[:=]\s*)(?-i:[A-Z][\w'-]+(?:[ ,]+[A-Z][\w'-]*\.?){1,3})"
        r"|\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z][a-z'-]+(?:\s+[A-Z][a-z'-]+)?"
        r"|\b[Pp]atient\s+[A-Z][a-z]+\s+[A-Z][a-z]+(?=\s*[,(]\s*(?:\d|\[|MRN|DOB|[a-z]*\s?aged?))"
        r"|(?m:^\s*)[A-Z][a-z'-]+,? [A-Z][a-z'-]+(?=\s*[,(;:]?\s*(?:\[|D\.?O\.?B|MRN|\(?\d{1,3}\s?(?:yo\b|y/o|[MF]\b|years?\b)))"
        rf"|(?<![가-힣])[{_SURNAMES}][가-힣]{{1,2}}\s?님(?![가-힣])|환자\s+[{_SURNAMES}][가-힣]{{1,2}}(?=\s?[(,/]\s?(?:\d|[MF남여]))"
        rf"|(?:환자명|성명|이름|환자 이름)\s*[:=은는]?\s*[{_SURNAMES}][가-힣]{{1,3}}(?![가-힣])"
        rf"|(?<![가-힣])(?!(?:선생|의사|환자|교수|부모|보호자|고객|간호사))[{_SURNAMES}][가-힣]{{1,2}}\s?씨(?![가-힣]*환)",
    }
    return tuple((kind, re.compile(pattern)) for kind, pattern in written.items())


def masked(text: str) -> Masked:
    """``text`` with each identifier replaced by ``[kind]``, and the kinds in the order checked."""
    kinds: list[str] = []
    for kind, pattern in _patterns():
        text, times = pattern.subn(f"[{kind}]", text)
        if times:
            kinds.append(kind)
    return Masked(text, tuple(kinds))
