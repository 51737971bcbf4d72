"""Orders to the program in a question ("ignore your instructions"): found, and taken out by the sentence.

What makes a sentence an order is to whom it speaks and about what: it names the program's own
material (its instructions, its prompt, its checks), gives it another role, or tells it what to say
whatever the guideline holds. A question about guidelines does none of these.
"""

from __future__ import annotations

import re
from functools import cache

from rag.knowledge.words import fold

_OWN = (
    r"(?:(?:system|hidden|initial|original|internal|secret|developer|base)[ -]?(?:prompt|instructions?|message|rules?|config\w*|settings?|notes?|text)"
    r"|prompt(?:s|ing)?|instructions?|guardrails?|safeguards?|directives?|constraints?|restrictions?|filters?|api[ -]?keys?|secrets?\b|passwords?|credentials?"
    r"|environment variables|config(?:uration)?\w*|source code|database schema|knowledge chunks?|chunks?|retrieved (?:context|documents?|text)|safety \w+)"
)
"""What belongs to the program and to no guideline."""

_MATERIAL = rf"(?:{_OWN}|rules?|context|documents?|text|messages?|guidelines?|guidance|tables?(?!'s| of)|evidence|sources?|citations?)"
_EARLIER = r"(?:about |all |any |every |the |your |of |these |those |my |previous |prior |above |earlier |preceding |retrieved |existing |following |given |other |safety |former )*"
_DISOBEY = r"(?:ignor\w*|disregard\w*|forget|bypass\w*|overrid\w+|overrul\w+|discard\w*|drop|skip|circumvent|disobey|set aside|throw out|turn off|disable|switch off)"
_REVEAL = r"(?:reveal|print|show|display|output|dump|leak|repeat|recite|give me|tell me|list|write out|expose|paste|translate|summari[sz]e|copy|send)"
_ROLES = r"(?:(?:an? )?(?:ai|bot|model|assistant|chatbot|gpt|llm|language model|\w*gpt|financial|pirate|unrestricted|uncensored|unfiltered|different|new|free|human|hacker|no longer))"


@cache
def _order() -> re.Pattern[str]:
    """Sentences addressed to the program instead of to the guidelines."""
    patterns = (
        # its own material: put aside, shown, replaced
        rf"\b{_DISOBEY}\s+{_EARLIER}{_MATERIAL}\b(?! (?:for|in|of|on) )",
        rf"\b{_DISOBEY}\s+{_EARLIER}{_OWN}",
        rf"\b{_DISOBEY}\b[^.!?]{{0,20}}\b(?:everything|anything|all|what)\b[^.!?]{{0,30}}\b(?:above|before|told|said|previous\w*|text|learned)",
        rf"\b{_REVEAL}\b[^.!?]{{0,60}}{_OWN}",
        r"\b(?:print|output|dump|show)\b[^.!?]{0,30}\braw (?:text|content) of (?:all|any|the)\b[^.!?]{0,30}\bdocuments?\b|\b(?:exact|full|raw) (?:content|text) of any documents\b|\bannotations, or hidden\b|\bhidden (?:sections?|parts?)\b",
        r"\b(?:repeat|recite|write|print|say|output)\b[^.!?]{0,25}\b(?:words?|text|everything|sentences?|lines?|message)\b[^.!?]{0,20}\b(?:above|before this)\b",
        r"\b(?:what|which)\b[^.!?]{0,25}\b(?:you (?:were|are|have been) (?:told|given|instructed)|(?:were|are|have) you (?:been )?(?:told|given|instructed)|(?:are |were )?your (?:instructions|rules|prompt|guidelines|orders))\b",
        r"\b(?:system|developer|initial|hidden) (?:prompt|message|instructions?)\b|\bsystemprompt\b|\b(?:developer|debug|dan|god|admin|maintenance|jailbreak) mode\b|\bdo anything now\b|\bjailbreak\b|\b(?:system|security) override\b|\boverride security\b|\baccess granted\b|\badmin(?:istrator)? privileges\b",
        # messages dressed up as coming from elsewhere
        r"^\W*\[?\s*(?:system|document override|system note|admin|assistant|developer)\s*\]?\s*(?::|note)|\[\s*(?:system|document override|admin|override|inst)\s*\]|\b(?:system|assistant|developer)\s*:\s*\w|</?\s*(?:system|question|evidence|instructions?|user|assistant|prompt|decision|context)\b[^>]*>|<\|",
        # another role, another rule
        rf"\byou(?:'re| are| will be| shall be)\b[^.!?]{{0,12}}\b(?:now\b|{_ROLES}\b)|\byou (?:may|can|must|will|shall|should) (?:now|only|obey|comply|always|never)\b|\bact as (?:if|though|{_ROLES}|an? (?!radiolog|follow|screen|guide|surro|mark|base))|\byour new (?:task|role|instructions|name)\b|\bfrom (?:now|this point|here) on(?:wards?)?\b|\b(?:pretend|imagine|suppose|role-?play)\b[^.!?]{{0,12}}\b(?:that |to be |you|the )(?!\w* (?:patient|nodule))|\bas an? (?:ai|language model|unrestricted|uncensored)\b|\b(?:ai|model|assistant) (?:with|without) (?:no |any )?(?:rules|limits|restrictions|filters)\b|\bobey me\b|\bfollow my (?:commands|orders)\b|\bwithout (?:any )?(?:restrictions|limits|censorship)\b",
        # against citing and checking
        r"\b(?:answer|respond|reply)\b[^.!?]{0,40}\b(?:from|based (?:solely |only )?on|using|with|without)\b[^.!?]{0,20}\b(?:general knowledge|training(?: data)?|own knowledge|memory|own opinion|evidence|sources|checking)\b",
        r"\b(?:don'?t|do not|never|without|stop|quit|no need to) (?:cit(?:e|ing)|citations?|quot(?:e|ing)|us(?:e|ing) (?:the )?(?:sources|documents|guidelines)|check(?:ing)? (?:the )?(?:sources|evidence|statements)|verify(?:ing)?)\b|\b(?:skip|bypass|disable) (?:your |the |all )?(?:verification|checks?|checking|validation|grounding)\b|\b(?:only|just) respond with\b|\brespond only with\b|\bwhat you (?:really |personally )?think\b",
        r"\b(?:documents?|sources?|context)\b[^.!?]{0,40}\b(?:are|is|were) (?:wrong|outdated|false|incorrect|untrusted)\b|\bas untrusted\b|\boverride them\b|\b(?:take|takes) (?:priority|precedence) over\b[^.!?]{0,30}\b(?:content|documents?|context|guidelines?|evidence|rules)\b|\bmore important than the (?:retrieved |given )?documents?\b|\beven if the documents\b",
        # told what to say, whatever holds
        r"\b(?:say|output|answer|state|claim|call|report|tell|conclude|respond|reply|print)\b[^.!?]{0,60}\b(?:regardless|no matter what|whatever (?:the|it|is|any)|anyway|even (?:if|though) (?:the|it))\b|\b(?:regardless of|no matter) what the (?:guidelines?|tables?|evidence|documents?)\b",
        r"\b(?:include|add|insert|invent|make up|fabricate)\b[^.!?]{0,40}\b(?:false|fake|additional|made-up|fictional|invented)\b[^.!?]{0,15}\b(?:facts?|citations?|sources?|references?|categor\w+)\b",
        # other languages
        r"\b(?:ignora|olvida|ignorez?|oublie[zr]?|ignoriere\w*|vergiss|dimentica|ignore)\b[^.!?]{0,40}\b(?:reglas|instrucciones|consignes|instructions|r[eè]gles|anweisungen|regeln|istruzioni|regole|instru[cç][oõ]es|regras)\b|\belimina los archivos\b|\bdiagnostica (?:benigno|maligno)\b|\bprompt syst[eè]me\b|\bsystem-?prompts?\b|\bprompt del sistema\b|忽略|无视|無視",
        r"(?:지시|명령|규칙|지침|가이드라인|프롬프트|제한|설정\S?|근거|표|검증|인용|출처)\S*\s*(?:\S+\s*){0,3}?(?:무시|잊어|잊고|버리|출력|공개|드러내|해제|따르지 ?마|건너|없이\s*(?:\S+\s*){0,2}?(?:답|말|대답)|(?:전부|모두|다)\s*(?:알려|말해|보여))|시스템\s*(?:프롬프트|메시지|지시)|(?:이제|지금)부터\s*(?:너는|넌|당신은|제한|규칙)|(?:너는|넌|당신은)\s*(?:이제|지금|앞으로)|제한\s*(?:이|이라곤)?\s*없는\s*(?:ai|인공지능|모델|챗봇)|네\s*(?:생각|의견|마음)대로|(?:숨겨진|내부)\s*(?:지시|프롬프트|설정|규칙)",
    )
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


@cache
def _sentence() -> re.Pattern[str]:
    return re.compile(r"[^.!?;\n]+(?:\.(?=\d)[^.!?;\n]+)*[.!?;\n]*\s*")


def without_orders(text: str) -> str:
    """``text`` without the sentences that give orders to the program."""
    if not _is_order(text):
        return text
    kept = (part.group() for part in _sentence().finditer(text))
    return "".join(part for part in kept if not _is_order(part)).strip()


def without_document_orders(text: str) -> str:
    """A document's text without the sentences that speak to a program that reads it.

    Narrower than in a question: a protocol may well say "you must always remove metal".
    """
    parts = [part.group() for part in _sentence().finditer(text)]
    kept = [part for part in parts if not (_is_order(part) and _to_a_program().search(fold(part)))]
    return text if len(kept) == len(parts) else "".join(kept).strip()


@cache
def _to_a_program() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:assistants?|ai|models?|chatbots?|llms?|gpt|prompts?|instructions?|system|users?|answer\w*|respond|reply|output|tell|say)\b"
        r"|지시|프롬프트|답하|대답"
    )


def _is_order(text: str) -> bool:
    """Whether the text speaks to the program; what a reader may do with a rule is none of its orders."""
    return _order().search(_of_readers().sub(" ", fold(text))) is not None


@cache
def _of_readers() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:can|may|could|does|do|did|should|would|will|must|might)(?:n't)? (?:the |a |an )?(?:radiolog\w+|readers?|clinicians?|"
        rf"physicians?|doctors?|i|we|they|one|rules?|guidelines?|surgeons?|patients?)\b[^.?!]{{0,30}}\b{_DISOBEY}"
    )
