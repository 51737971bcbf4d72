"""An emergency told by the person in it, or beside it: sent to the emergency number, once.

Three things make one: who speaks (in the first person, of themselves or of family), a sign that cannot
wait, and no word of a clinician's (patient, suspected, which imaging). "Sudden chest pain, suspected
dissection: first imaging?" is a question about guidelines.
"""

from __future__ import annotations

import re
from functools import cache

from rag.answering.persons import KIN, KIN_KO
from rag.knowledge.words import fold

_SIGN = (
    r"(?:(?:can'?t|cannot|can not|couldn'?t|struggling to|hard to|unable to|stopped|not|trouble) (?:breath\w+|speak\w*|talk\w*|swallow\w*|wake\w*|move|moving|see|feel)"
    r"|won'?t (?:wake|respond|stop bleeding)|(?:is|are|'s|was|feel|am) (?:un(?:conscious|responsive)|not responding|choking|turning blue|fainting|bleeding (?:heavily|a lot|out|badly))"
    r"|unconscious|unresponsive|passed out|collapsed|choking|turning blue|face is drooping|slurr(?:ed|ing)(?: speech)?|speech is slurred|slurred speech"
    r"|(?:throat|tongue|face|lips?|neck)(?: \w+){0,2} (?:is |are |feels? )?(?:closing|swelling|swollen|tight)|(?:cough|vomit|throw|spit)\w* (?:up )?blood|bleeding (?:heavily|a lot|won'?t stop|badly)"
    r"|having (?:a )?(?:seizure|stroke|heart attack|convulsion)|(?:seizure|convulsing|fitting) (?:right )?now|anaphyla\w+ (?:right )?now|took too many|taken too many|overdosed|swallowed (?:a |the |some )?(?:battery|pills|poison|bleach))"
)
_ACHE = r"(?:chest (?:pain|hurts?|pressure|tightness)|(?:worst|terrible|severe|sudden) headache|heart is racing|numb\w* (?:on|in) (?:one|my)|so dizzy|severe (?:pain|belly|stomach))"
_NOW = r"(?:right now|just now|sudden(?:ly)?|at the moment|what (?:should|do|can) (?:i|we) do|what now|help|should (?:i|we) (?:go|call)|minutes ago|currently|since this morning|an hour ago)"
_DEATH = r"(?:kill(?:ing)? myself|end(?:ing)? (?:my|this|it all|my own) ?(?:life)?(?=\W|$)|take my (?:own )?life|suicid\w*|want to die|don'?t want to (?:live|be alive)|hurt(?:ing)? myself|self-?harm)"
_CLINICAL = (
    r"\b(?:patients?|pts?|suspected|which (?:imaging|test|study|scan)|first (?:imaging|test|study|scan)|imaging (?:study|test)|rule out|r/o|differential|yo|y/o|year-?old|presents?|"
    r"appropriate(?:ness)?|guidelines?|categor\w+|[a-z]*-?rads)\b|\d{1,3} ?[mf]\b"
)
_SIGN_KO = (
    r"의식이?\s*(?:없|잃|흐)|쓰러[졌지져]|숨(?:을|이)?\s*(?:못|안|막|가빠|차서)|숨\s*쉬기[가도]?\s*(?:힘|어렵|곤란)|숨이\s*\S{0,4}\s*안\s*쉬어|호흡을?\s*(?:안|못)"
    r"|(?:목|혀|입술|얼굴)(?:이|도)?\s*\S{0,4}\s*(?:붓|부어|부었|조여)|가슴이?\s*(?:\S{1,4}\s*){0,2}(?:아파|아프|아픕|조이|조여|답답)|피를?\s*(?:\S{1,4}\s*)?(?:토|흘리|쏟)|피가\s*(?:안\s*멈|계속)"
    r"|(?:팔|다리|몸|한쪽)\S*\s*(?:\S{1,4}\s*)?(?:안\s*움직|못\s*움직|마비)|말(?:이|을)?\s*(?:어눌|안\s*나|못)|(?:팔|다리|몸)(?:에|에서)?\s*힘이?\s*(?:빠|없)|경련(?:을|이|해|하)|파래|파랗게|약을\s*(?:많이|너무)\s*(?:먹|삼)"
)
_NOW_KO = r"지금|방금|갑자기|어떡|어떻게\s*해야|도와|살려|119"
_DEATH_KO = r"죽고\s*싶|죽을래|자살(?:하|할|하고)|자해|살기\s*싫|목숨을?\s*끊"
_CLINICAL_KO = r"환자|의심|소견|어떤\s*(?:영상|검사)|무슨\s*검사|첫\s*(?:영상|검사)|진단|지침|내원"


@cache
def _person() -> re.Pattern[str]:
    return re.compile(rf"\bi\b|\bi'?(?:m|ve|ll|d)\b|\b(?:me|my|mine|our)\b|{KIN}")


@cache
def _english() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(p) for p in (_SIGN, rf"{_ACHE}.*{_NOW}|{_NOW}.*{_ACHE}", _CLINICAL, _DEATH)
    )


def is_emergency(text: str) -> bool:
    """Whether the text tells of an emergency of the speaker or of somebody with them.

    >>> is_emergency("My father collapsed and won't wake up"), is_emergency("55M, sudden collapse: CT?")
    (True, False)
    """
    folded = " ".join(fold(text).split())
    return _in_english(folded) or _in_korean(folded)


def speaks_in_person(text: str) -> bool:
    """Whether somebody speaks of themselves or their family, and not as a clinician of a patient."""
    folded = " ".join(fold(text).split())
    folded = folded.replace(
        "of my life", "ever"
    )  # "worst headache of my life" is a referral's phrase
    return bool(_person().search(folded)) and not _english()[2].search(folded)


def _in_english(folded: str) -> bool:
    sign, ache, _, death = _english()
    if not speaks_in_person(folded):
        return False
    return any(pattern.search(folded) for pattern in (sign, ache, death))


def _in_korean(folded: str) -> bool:
    if re.search(_CLINICAL_KO, folded):
        return False
    if re.search(_DEATH_KO, folded):
        return True
    told = (
        re.search(_NOW_KO, folded)
        or re.search(KIN_KO, folded)
        or re.search(r"(?:요|다|까)\W*$", folded)
    )
    return bool(re.search(_SIGN_KO, folded) and told)
