"""A person's own case, told by themselves or their family: answered with a word of caution."""

from __future__ import annotations

import re
from functools import cache

from rag.knowledge.words import fold

KIN = r"\bmy (?:father|mother|dad|mom|mum|husband|wife|son|daughter|baby|child|kid|friend|brother|sister|partner|parents?|uncle|aunt|cousin|grand\w+|girlfriend|boyfriend|neighbou?r)\b"
"""Family and friends of the one who asks."""

KIN_KO = r"(?<![가-힣])(?:아버지|어머니|아빠|엄마|남편|아내|와이프|아들|딸|아기|우리\s*아이|할머니|할아버지|형|누나|언니|오빠|동생|친구|장모|장인|시어머니|시아버지|부모님)"
_THINGS = r"(?:nodules?|lumps?|mass(?:es)?|scans?|biops\w+|results?|cysts?|tumou?rs?|cancer|mammogram|ct|mri|ultrasound|x-?ray|thyroid|breasts?|lungs?|report|doctor|radiologist|spot|shadow|finding)"
_THINGS_KO = r"(?:결과|결절|혹|종괴|멍울|검진|검사|암|낭종|물혹|영상|판독|[a-z]+-?rads)"


@cache
def _personal() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:do|does|will|would|could|can|am|is|are|did|should|have) (?:i|he|she|they|we)\b(?! (?:order|request|image|scan|recommend|report|use|give|classify|call|grade|do|perform|biops\w+|follow|repeat|categori\w+|measure|describe|assign|need to (?:order|report|image|scan)))[^.?!]{{0,40}}\b(?:cancer|die|dying|live|survive|okay|ok|alright|fine|serious|dangerous|malignant|bad|worry|worried|scared|sick|have|need|get)\b"
        rf"|\bmy (?:\w+ ){{0,2}}{_THINGS}\b|{KIN}[^.?!]{{0,60}}(?:{_THINGS}|[a-z]*-?rads|years? old|diagnos\w+)"
        r"|\b(?:should|must|do) i (?:be )?(?:worry|worried|see a|get|have|go|panic|need)\b|\bi (?:was|have been|am|got|just got) (?:diagnosed|told|scared|worried|afraid)\b"
        rf"|\bi(?: have|'ve|'ve got| had| found| got| feel)(?! (?:an? |the |some )?(?:\S+ ){{0,2}}(?:patients?|pts?|cases?|wom[ae]n|m[ae]n\b|\d+[ -]?y)) (?:an? |the |some )?(?:\S+ ){{0,6}}{_THINGS}\b"
        rf"|병원\s?(?:을|에|바로)?\s*(?:가야|가 ?보|방문)|(?:제가|저는|저희|제\s|저의|내\s|내가|나는|{KIN_KO}(?:가|는|의|이|께서|께)?\s)[^.?!]{{0,40}}{_THINGS_KO}|제가|저는|저희|걱정|무서워|불안|저\s?(?:암|괜찮)"
    )


def is_personal(text: str) -> bool:
    """Whether the question is about the one who asks, or somebody near to them.

    >>> is_personal("My dad has an 11 mm nodule"), is_personal("Should I order a CT?")
    (True, False)
    """
    return _personal().search(fold(text)) is not None
