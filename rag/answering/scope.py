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

from rag.answering.identifiers import masked
from rag.answering.labels import labels_in
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
    "When to stop or bridge a blood thinner before a procedure is not in the guidelines held here. "
    "Ask the procedure's own guidance (for example SIR or ASRA) and the treating team."
)


def screen(question: str) -> Screened:
    """Mask identifiers, take out orders to the program, and decline what must be declined."""
    safe = masked(question)
    notices = (_identifier_notice(safe.kinds),) if safe.kinds else ()
    for refusal in (_emergency(safe.text), _harmful(safe.text), _drug_plan(safe.text)):
        if refusal:
            return Screened(safe.text, notices, refusal)
    rest = without_orders(safe.text)
    if rest != safe.text:
        if not _is_clinical(rest):
            return Screened(safe.text, notices, ("instructions", ORDERS_REFUSED))
        notices = (*notices, ORDERS_TAKEN_OUT)
    if _personal().search(fold(rest)):
        notices = (*notices, PERSONAL)
    return Screened(rest, notices)


def _identifier_notice(kinds: tuple[str, ...]) -> str:
    return (
        f"Patient identifiers ({', '.join(kinds)}) were taken out of the question before it was read. "
        "Leave them out: guidelines do not need them."
    )


_MATERIAL = r"(?:instructions?|rules?|prompts?|context|chunks?|documents?|text|messages?|guidelines?|directives?|constraints?|restrictions?|guardrails?|filters?|safety \w+)"


@cache
def _order() -> re.Pattern[str]:
    """Sentences addressed to the program instead of to the guidelines."""
    earlier = r"(?:all |any |the |your |these |those |my |previous |prior |above |earlier |preceding |retrieved |existing |following |given |other |safety )*"
    patterns = (
        rf"\b(?:ignore|disregard|forget|bypass|override|overrule|discard|drop|skip)\s+(?:about\s+)?{earlier}{_MATERIAL}\b(?! for (?:this|a) (?:nodule|patient|finding|exam))",
        r"\b(?:ignore|disregard|forget)\s+(?:everything|anything|all|what)\b[^.!?]{0,30}\b(?:above|before|told|said|previous\w*|text)",
        r"\b(?:reveal|print|show|display|output|dump|leak|repeat|give me|tell me|list)\b[^.!?]{0,50}\b(?:system prompt|developer message|hidden (?:instructions?|sections?|secrets?|prompt)|api[ -]?keys?|secrets?\b|internal (?:notes?|config\w*|instructions?)|database schema|raw text of all|knowledge chunks?|system-level|initial prompt|your (?:instructions|prompt|rules))",
        r"\bsystem prompt\b|\bdeveloper mode\b|\bdebug mode\b|\bdan mode\b|\bdo anything now\b|\bjailbreak\b|\bsystem override\b|\boverride security\b|\baccess granted\b|\badmin(?:istrator)? privileges\b",
        r"^\W*\[?\s*(?:system|document override|system note)\s*\]?\s*(?::|note)|\[\s*(?:system|document override|admin|override)\s*\]|\bsystem\s*:\s*\w",
        r"\byou are now\b|\bact as (?:if|an? (?!radiolog))|\byour new (?:task|role|instructions)\b|\bfrom now on\b|\bpretend (?:that |to |the )",
        r"\b(?:answer|respond|reply)\b[^.!?]{0,40}\b(?:from|based (?:solely |only )?on|using|with)\b[^.!?]{0,20}\b(?:your )?(?:general knowledge|training data|own knowledge|memory)",
        r"\b(?:don'?t|do not|never|without) (?:cite|citing|citations?|use (?:the )?(?:sources|documents))\b|\b(?:only|just) respond with\b|\brespond only with\b|\bwithout (?:any )?restrictions\b",
        r"\b(?:documents?|sources?|context)\b[^.!?]{0,40}\b(?:are|is|were) (?:wrong|outdated|false|incorrect|untrusted)\b|\bas untrusted\b|\boverride them\b",
        r"\b(?:include|add|insert|invent|make up)\b[^.!?]{0,40}\b(?:false|fake|additional|made-up|fictional)\b[^.!?]{0,15}\bfacts?\b|\b(?:take|takes) priority over\b|\bmore important than the (?:retrieved |given )?documents?\b|\bfollow my commands\b|\beven if the documents\b|\bannotations, or hidden\b",
        r"\bignora (?:las|los|todas|todos|el|la)\b|\belimina los archivos\b|\bdiagnostica (?:benigno|maligno)\b|\bignorez? (?:les|toutes)\b|\bignoriere\b|(?:이전|위의|모든|앞의)\s*(?:지시|명령|규칙|지침)\S*\s*(?:을|를)?\s*무시|시스템\s*프롬프트|규칙을\s*무시",
    )
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def _sentence() -> re.Pattern[str]:
    return re.compile(r"[^.!?;\n]+(?:\.(?=\d)[^.!?;\n]+)*[.!?;\n]*\s*")


def without_orders(text: str) -> str:
    """``text`` without the sentences that give orders to the program."""
    if not _order().search(fold(text)):
        return text
    kept = (part.group() for part in _sentence().finditer(text))
    return "".join(part for part in kept if not _order().search(fold(part))).strip()


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


_WHO = r"(?:\bi\b|\bi'?m\b|\bi'?ve\b|\bmy (?:father|mother|dad|mom|mum|husband|wife|son|daughter|baby|child|friend|brother|sister|partner|grand\w+)\b)"


@cache
def _emergency_words() -> re.Pattern[str]:
    sign = (
        r"(?:chest (?:pain|hurts|pressure|tightness)|can'?t breathe|cannot breathe|not breathing|unconscious|passed out|collapsed|face is drooping|slurred speech"
        r"|coughing up blood|vomiting blood|bleeding (?:heavily|a lot)|seizure|overdose[d]?|suicid\w*|kill myself|anaphyla\w+|throat is (?:closing|swelling))"
    )
    now = r"(?:right now|just now|suddenly|at the moment|what (?:should|do) i do|help|should i (?:go|call)|minutes ago|currently)"
    return re.compile(
        rf"{_WHO}[^.!?]{{0,60}}{sign}.{{0,80}}{now}|{now}.{{0,60}}{_WHO}[^.!?]{{0,40}}{sign}|{_WHO}[^.!?]{{0,40}}(?:suicid\w*|kill myself|overdosed)|지금[^.!?]{{0,20}}(?:가슴이 아|숨을 못|숨이 안|의식이 없)"
    )


def _emergency(text: str) -> tuple[RefusalKind, str] | None:
    return ("unsafe", EMERGENCY) if _emergency_words().search(fold(text)) else None


@cache
def _harm() -> re.Pattern[str]:
    record = r"(?:records?|reports?|results?|charts?|ehr|images?|documentation)"
    error = r"(?:errors?|mistakes?|misdiagnos\w+|malpractice|complications?|misread\w*)"
    treatment = r"(?:chemo\w*|radiation therapy|radiotherapy|surgery|treatment)"
    patterns = (
        rf"\b(?:falsif\w+|forg(?:e|ing)|fak(?:e|ing)|doctor(?:ing)?|tamper\w*)\b[^.!?]{{0,40}}{record}",
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
        r"\b(?:eliquis|apixaban|warfarin|coumadin|xarelto|rivaroxaban|dabigatran|pradaxa|edoxaban|heparin|enoxaparin|lovenox|clopidogrel|plavix|ticagrelor|anti-?coagul\w+|anti-?platelets?|blood thinners?|doacs?|noacs?)\b|항응고|와파린"
    )


@cache
def _plan() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:hold|holding|stop|stopped|stopping|discontinu\w+|bridg\w+|resum\w+|restart\w*|interrupt\w*|withhold)\b|중단|끊"
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


@cache
def _personal() -> re.Pattern[str]:
    return re.compile(
        r"\bdo i (?:have|need)\b|\bam i\b|\b(?:is|are|was) my (?:nodule|lump|mass|scan|biopsy|result|cyst|tumou?r|cancer|mammogram)|\bmy (?:nodule|lump|scan|mammogram|ct|mri|ultrasound|biopsy|results?|doctor|thyroid|breast|radiologist)\b"
        r"|\bshould i (?:worry|be worried|see a doctor|get|have|go)\b|\bi (?:was|have been|am) diagnosed\b|\bi have an? (?:\w+ ){0,4}(?:nodule|lump|mass|cyst)\b|병원\s?(?:을|에|바로)?\s*(?:가야|가 ?보|방문)|제가|저는|저희|걱정"
    )


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
