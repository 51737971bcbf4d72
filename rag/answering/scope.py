"""What must not be answered, or only with a word of caution, before a question goes anywhere.

    identifiers -> masked, with a notice
    orders to the program ("ignore your instructions") -> taken out; refused where nothing else is asked
    harmful asks, a drug plan before a procedure, an emergency -> refused
    a person's own case -> a notice: this is about guidelines, not about a person

Pure patterns, narrow on purpose: a question of a radiologist must pass. Whether a question is off
topic is for the caller to say, from :func:`domain_share` and what retrieval finds.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from rag.answering.emergency import is_emergency
from rag.answering.identifiers import masked
from rag.answering.labels import labels_in
from rag.answering.orders import without_orders
from rag.answering.persons import is_personal
from rag.knowledge.words import fold
from rag.types import RefusalKind


@dataclass(frozen=True, slots=True)
class Screened:
    """A question ready to be answered, or the reason why it is not.

    ``text`` holds no identifiers and no orders to the program. ``refusal`` is kind and reason.
    """

    text: str
    notices: tuple[str, ...] = ()
    refusal: tuple[RefusalKind, str] | None = None


ORDERS_REFUSED = (
    "The question asks the program to change or reveal how it works. It answers from the guidelines it "
    "holds, with citations, and does nothing else."
)
ORDERS_TAKEN_OUT = (
    "Instructions to the program in the question were not followed; only the rest was read."
)
PERSONAL = (
    "This says what guidelines hold for a finding in general. It cannot assess a person: the "
    "treating physician, who knows the images and the history, decides."
)
EMERGENCY = (
    "This sounds like an emergency. Call the emergency number now; this program reads imaging "
    "guidelines and cannot help with acute symptoms."
)
HARMFUL = "This asks for something that would deceive or harm patients; it is not answered."
DRUG_PLAN = (
    "What dose of a drug to give, and when to stop, bridge or restart it around a procedure, is not in the guidelines "
    "held here. Ask the procedure's own guidance (for example SIR or ASRA), the pharmacy and the treating team."
)


def screen(question: str) -> Screened:
    """Mask identifiers, take out orders to the program, and decline what must be declined."""
    safe = masked(question)
    notices = (_identifier_notice(safe.kinds),) if safe.kinds else ()
    for refusal in (_urgent(safe.text), _harmful(safe.text), _drug_plan(safe.text)):
        if refusal:
            return Screened(safe.text, notices, refusal)
    rest = without_orders(safe.text)
    if rest != safe.text:
        if not _is_clinical(rest):
            return Screened(safe.text, notices, ("instructions", ORDERS_REFUSED))
        notices = (*notices, ORDERS_TAKEN_OUT)
    if is_personal(rest):
        notices = (*notices, PERSONAL)
    return Screened(rest, notices)


def _identifier_notice(kinds: tuple[str, ...]) -> str:
    return (
        f"Patient identifiers ({', '.join(kinds)}) were taken out of the question before it was read. "
        "Leave them out: guidelines do not need them."
    )


@cache
def _clinical() -> re.Pattern[str]:
    """Words by which what is left of a question can be told to be a clinical one."""
    return re.compile(
        r"\b(?:pain|nodul\w+|lesion\w*|mass(?:es)?|cysts?|cancer|tumou?r|malignan\w+|biops\w+|ct|mri|mr|ultrasound|x-?ray|radiograph\w*|mammogra\w+|imaging|scan\w*|contrast"
        r"|gadolinium|egfr|pregnan\w+|fractur\w+|trauma|headache|stroke|fever|cough|dyspn\w+|stone|embol\w+|appendic\w+|thyroid|breast|lung|liver|prostate|ovar\w+|kidney|renal|solid"
        r"|ground-?glass|calcific\w+|screening|follow-?up|rads|birads|tirads|fleischner)\b|결절|종괴|영상|검사|조영|통증|갑상선|유방|폐"
    )


def _is_clinical(text: str) -> bool:
    folded = fold(text)
    return bool(labels_in(folded)) or _clinical().search(folded) is not None


def _urgent(text: str) -> tuple[RefusalKind, str] | None:
    return ("unsafe", EMERGENCY) if is_emergency(text) else None


@cache
def _harm() -> re.Pattern[str]:
    record = r"(?:records?|reports?|results?|charts?|ehr|images?|documentation)"
    error = r"(?:errors?|mistakes?|misdiagnos\w+|malpractice|complications?|misread\w*)"
    treatment = r"(?:chemo\w*|radiation therapy|radiotherapy|surgery|treatment)"
    patterns = (
        rf"\b(?:falsif\w+|forg(?:e|ing)|fak(?:e|ing)|doctor(?:ing|ed)|(?:to|and|please|you) doctor(?= (?:the|my|this|these|his|her|our|a|some) )|tamper\w*)\b[^.!?]{{0,40}}{record}",
        rf"\b(?:back-?dat\w+|post-?dat\w+)\b[^.!?]{{0,40}}{record}|\b(?:bill|charge|claim|invoice)\w*\b[^.!?]{{0,60}}\b(?:only (?:one|1)|never|not|wasn'?t|weren'?t)\b[^.!?]{{0,20}}\b(?:done|performed|taken|happen\w*)"
        rf"|{record}[^.!?]{{0,60}}\b(?:not (?:be )?noticed|no ?(?:one|body) (?:notices|finds))"
        r"|(?:숨기|은폐|조작|위조|허위|속이)[^.!?]{0,40}(?:기록|판독|보고|차트|오진|실수|청구|영상)|(?:기록|판독|보고서?|차트|오진|실수|청구)[^.!?]{0,30}(?:숨기|은폐|조작|위조|허위|속이)",
        rf"\b(?:cover(?:ing)? up|conceal\w*|hid(?:e|ing))\b[^.!?]{{0,40}}{error}|\b(?:modify|alter|change|delete|edit)\b[^.!?]{{0,50}}{record}[^.!?]{{0,30}}\b(?:cover|hide|conceal)",
        r"\b(?:over-?bill\w*|up-?cod(?:e|ing)|fraud\w*|kickbacks?|unnecessary [^.!?]{0,60}\bclaims)\b|\bclaims for unnecessary\b",
        rf"\b(?:administer|give|plan|start|perform|develop)\b[^.!?]{{0,60}}{treatment}[^.!?]{{0,60}}\bwithout\b[^.!?]{{0,25}}(?:biopsy|histolog\w*|confirm\w*|consent|evidence|diagnosis|indication)",
        r"\bbypass\b[^.!?]{0,40}(?:diagnostic tests?|standard tests?|informed consent|safety (?:checks?|screening))|\bwithout (?:the patient'?s )?(?:informed )?consent\b",
        r"\bdiscourag\w+\b[^.!?]{0,80}(?:preventive|screening|mammogra\w+|colonoscop\w+|vaccin\w+)|\bavoid confronting\b|\bhow (?:to|can i|do i) (?:harm|poison|kill|injure)\b",
    )
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _harmful(text: str) -> tuple[RefusalKind, str] | None:
    return ("unsafe", HARMFUL) if _harm().search(fold(text)) else None


@cache
def _blood_thinner() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:eliquis|apixaban|warfarin|coumadin|xarelto|rivaroxaban|dabigatran|pradaxa|edoxaban|heparin|enoxaparin|lovenox|clopidogrel|plavix|ticagrelor|anti-?coagul\w+|anti-?platelets?|prasugrel|aspirin|blood thinners?|doacs?|noacs?)\b|항응고|항혈소판|와파린|아스피린|클로피도그렐|플라빅스|엘리퀴스|자렐토|헤파린"
    )


@cache
def _plan() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:hold|holding|stop|stopped|stopping|discontinu\w+|bridg\w+|resum\w+|restart\w*|interrupt\w*|withhold|how (?:many|much)|dos(?:e|age|ing)|mg)\b|중단|끊|다시 (?:먹|시작|복용)|용량"
        r"|\b(?:lumbar puncture|spinal injection|epidural|nerve block|myelogra\w+|biopsy|drainage|thoracentesis|paracentesis)\b"
    )


@cache
def _asks_for_imaging() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:which|what|best|first|appropriate)\b[^.?]{0,40}\b(?:imaging|test|exam|study|scan|ct|mri|ultrasound)\b|\bsuspected\b|\bcategory\b|rads\b"
    )


def _drug_plan(text: str) -> tuple[RefusalKind, str] | None:
    folded = fold(text)
    if not _blood_thinner().search(folded) or not _plan().search(folded):
        return None
    return None if _asks_for_imaging().search(folded) else ("unsafe", DRUG_PLAN)


_PLAIN_WORDS = frozenset(
    """a about after again all also an and any are as at be because been before being below between both but by can change could
    did do does during each few first for from further get give had has have he her here him his how i if in into is it its last
    long make may me month months more most much my new next no nor not now of off old on one only or other our out over own part
    people person same say see she should show since size so some such take tell than that the their them then there these they
    thing this those time to today too two under until up us use used very was we well were what when where which while who why
    will with work would year years yes you your years day days good best right left case number name point points three four five
    six seven eight nine ten form help need know like want go going come mean means""".split()
)


def content_words(question: str) -> tuple[str, ...]:
    """The words of a question that carry meaning, folded, in order."""
    words = re.findall(r"[a-z][a-z0-9'-]*|[가-힣]+", fold(question))
    return tuple(w.removesuffix("'s") for w in words if len(w) > 1 and w not in _PLAIN_WORDS)


def is_plain(word: str) -> bool:
    """Whether a folded word is one of everyday language."""
    return word in _PLAIN_WORDS


def domain_words(question: str, terms: Collection[str]) -> tuple[str, ...]:
    """The content words that are words of the field (``terms``: single words, folded)."""
    return tuple(word for word in content_words(question) if _known(word, terms))


def domain_share(question: str, terms: Collection[str]) -> float:
    """Share of the content words that are words of the field: 0.0 to 1.0, 0.0 without any word.

    >>> domain_share("What is the capital of France?", {"nodule", "solid"})
    0.0
    """
    words = content_words(question)
    return len(domain_words(question, terms)) / len(words) if words else 0.0


def _known(word: str, terms: Collection[str]) -> bool:
    """Whether a word, its singular, one of its joined parts or (Korean) its stem is a term."""
    if word in _PLAIN_WORDS:
        return False
    if re.match(r"[가-힣]", word):
        return any(word[:end] in terms for end in range(len(word), 1, -1))
    parts = {word, word.removesuffix("s"), word.removesuffix("es"), *word.split("-")}
    return any(len(part) > 1 and part in terms and part not in _PLAIN_WORDS for part in parts)
