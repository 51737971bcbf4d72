"""Signs by which a referral is told from a question about a guideline's text, and from a report.

Whether the tables *cover* a question is said by the ranking alone (``Ranking.covered``, fitted);
here is only what kind of question it is. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from rag.answering.facets import read_facets
from rag.answering.finding import Finding
from rag.answering.intent import asks_for_category
from rag.answering.route import Routed
from rag.answering.scope import content_words
from rag.knowledge.facet_values import Facets
from rag.knowledge.glossary import Glossary
from rag.knowledge.words import fold

_GENERAL = frozenset((
    "finding", "age", "mean_diameter", "max_diameter", "followup_months", "timing", "known_cancer", "risk",
    "exam_context", "breast_assessment", "breast_density", "malignancy_likelihood", "infection_sign", "margin",
    "thyroid_margin", "cyst_wall", "cyst_change", "multiplicity", "immunosuppression", "obstructing_nodule",
    "screening_study", "breast_mass", "breast_named",
))  # fmt: skip
"""Descriptors that referrals state too; any other one is the technical language of a report."""
_GRADED_REGIONS = frozenset(("chest", "neck", "breast"))
"""Regions of the clinical lexicon that hold the organs of the grading systems."""


def is_referral(question: str, routed: Routed) -> bool:
    """Whether the question describes a patient to be examined, or asks what to order."""
    told = routed.intent == "appropriateness" or describes_patient(read_facets(question))
    return told or of_oneself(question)


def of_oneself(question: str) -> bool:
    """Whether somebody tells of their own body or of a relative's.

    >>> of_oneself("my thyroid is underactive"), of_oneself("my mom keeps passing out")
    (True, True)
    >>> of_oneself("my patient has an eGFR of 38, can I give contrast?")
    False
    """
    return _OWN.search(question) is not None


_OWN = re.compile(
    r"\bmy (?:own |poor |right |left |lower |upper |big )*(?:m[uo]m|mother|dad|father|wife|husband|partner|son|"
    r"daughter|baby|kid|child|boy|girl|gran\w*|nan|sister|brother|aunt|uncle|head|face|eyes?|ears?|nose|throat|neck|"
    r"jaw|chest|breasts?|heart|lungs?|back|spine|belly|tummy|stomach|side|liver|kidneys?|bladder|bowels?|pee|wee|urine|"
    r"poo|stool|periods?|womb|ovar(?:y|ies)|prostate|balls?|testicles?|groin|hips?|knees?|legs?|calf|ankles?|feet|foot|"
    r"heels?|toes?|shoulders?|arms?|elbows?|wrists?|hands?|fingers?|thumb|thyroid|bones?)\b",
    re.I,
)


def describes_patient(facets: Facets) -> bool:
    """Whether an age or the result of a test is stated."""
    return bool(facets.results) or (facets.age is not None and facets.age.stated)


def describes_an_age(question: str) -> bool:
    """Whether a patient's age is stated."""
    age = read_facets(question).age
    return age is not None and age.stated


@cache
def _interrogative() -> re.Pattern[str]:
    """A clause that opens like a question; at the start of the text it needs no question mark."""
    words = (
        r"what|which|who|whom|whose|how|why|when|where|does|do|did|is|are|was|were|can|could|may|must|should|shall|"
        r"will|would|has|have|define|explain|list|name|tell|describe|any|up to|below|above|under|after|according|compare"
    )
    return re.compile(rf"(?:^\W*|[.:;,]\s*(?:and |so |but )?)(?:{words})\b", re.IGNORECASE)


@cache
def _examination() -> re.Pattern[str]:
    """Asking which examination to do, in words that a guideline's text may not use."""
    kinds = r"exam\w*|tests?|imaging|stud(?:y|ies)|scans?|modality|image|investigation\w*|order\w*|request\w*"
    return re.compile(
        rf"\b(?:which|what|best|first|initial|next|any|further|how (?:to|should|do))\b[^.?]{{0,40}}\b(?:{kinds})\b|\bwhat (?:now|next|first)\b"
        rf"|\b(?:{kinds})\b\s*\?|^\s*(?:ct|mri|us|cta|mra|x-?ray) (?:protocol )?for\b",
        re.IGNORECASE,
    )


def asks_for_examination(question: str) -> bool:
    """Whether the question asks which examination to do."""
    return _examination().search(question) is not None


@cache
def _study() -> re.Pattern[str]:
    """The study itself as what is wanted, at the end of a clause: "next imaging study, child"."""
    kinds = r"imaging|imaging (?:study|test|exam\w*|modality)|(?:study|test|exam\w*|modality|investigation|scan)"
    return re.compile(
        rf"(?<!\bon )(?<!\bon the )(?<!\bat )(?<!\bat the )\b(?:initial|first|next|best|which|what|further)(?: (?:best|line|further))?"
        rf" (?:{kinds})\b\s*(?:$|[,.;?)]|(?:for|to|after|in|of|is|should|would|do|next)\b)",
        re.IGNORECASE,
    )


def asks_for_a_study(question: str) -> bool:
    """Whether an imaging study is what the question wants, and not a category.

    >>> asks_for_a_study("Breast mass, BI-RADS 4, next imaging study")
    True
    >>> asks_for_a_study("4B nodule unchanged on the next scan"), asks_for_a_study("BI-RADS 5 next step")
    (False, False)
    """
    return _study().search(question) is not None and not asks_for_category(question)


def asks_about_text(question: str) -> bool:
    """Whether the question is put as one about what a guideline says, not as a presentation.

    >>> asks_about_text("How long should metformin be held after contrast?")
    True
    >>> asks_about_text("leg went cold and white 2 hours ago, AF"), asks_about_text("SOB, ?PE")
    (False, False)
    """
    opened = _interrogative().search(question)
    asked = opened is not None and (opened.start() == 0 or question.rstrip().endswith("?"))
    named = _NAMED_AFTER_COLON.search(question) is not None
    return (asked or named) and not asks_for_examination(question)


_NAMED_AFTER_COLON = re.compile(r":\s*[A-Za-z][^:?]{3,60}\?\s*$")
"""What is wanted, named after a colon: "eGFR 45: renal risk category?"."""


def reads_as_report(findings: Collection[Finding]) -> bool:
    """Whether a finding is told in the terms that a grading table needs, of an organ it grades."""
    return any(
        (finding.organ is not None or finding.get("nodule_type") is not None)
        and any(d.name not in _GENERAL for d in finding.descriptors)
        for finding in findings
    ) or any(_screened(finding) or finding.get("prior_category") for finding in findings)


def tells_no_finding(question: str, routed: Routed) -> bool:
    """Whether nothing that was read is a finding: "weight static", "never had one before" are words of
    change without anything that changes, and no category is asked for."""
    told = {d.name for f in routed.findings for d in f.descriptors}
    named = routed.guidelines or routed.ambiguous or routed.labels
    kinds = any(f.kind is not None for f in routed.findings)
    only = bool(routed.findings) and told <= {"timing", "age", "followup_months"}
    return only and not (kinds or named or asks_for_category(question))


def reads_as_assessment(question: str, findings: Collection[Finding]) -> bool:
    """Whether a breast finding is told with its assessment, and nobody asks what to examine next."""
    told = {d.name for f in findings if f.kind == "breast_finding" for d in f.descriptors}
    assessed = bool(told & {"breast_assessment", "malignancy_likelihood"})
    referred = asks_for_examination(question) or describes_patient(read_facets(question))
    return assessed and not referred


def says_only_an_assessment(
    question: str, findings: Collection[Finding], glossary: Glossary
) -> bool:
    """Whether every word is an examination or its assessment ("negative screening mammogram"): no
    complaint and no patient, so nobody is to be examined."""
    told = {d.name for f in findings if f.kind == "breast_finding" for d in f.descriptors}
    if not told & {"breast_assessment", "malignancy_likelihood"}:
        return False
    rest = folded = fold(question)
    for mention in glossary.mentions(folded):
        start, end = mention.span
        rest = rest[:start] + " " * (end - start) + rest[end:]
    return not content_words(rest)


def _screened(finding: Finding) -> bool:
    """A lung or thyroid finding with its examination or its size: a report may say no more."""
    told = {d.name for d in finding.descriptors}
    sized = bool(told & {"mean_diameter", "max_diameter"})
    return (finding.organ == "lung" and bool(told & {"exam_context", "timing"})) or (
        finding.organ in ("lung", "thyroid") and sized
    )


def asks_what_to_order(question: str, routed: Routed) -> bool:
    """Whether the question describes a patient, or asks for a study, its need or the next step."""
    asks = asks_for_examination(question) or _need().search(question) is not None
    return asks or is_referral(question, routed)


@cache
def _need() -> re.Pattern[str]:
    """Asking whether a study is needed: "is extra screening needed?"."""
    kinds = r"screening|imaging|scans?|tests?|x-?rays?|ct|mri|ultrasound|mammogra\w+|stud(?:y|ies)"
    needed = r"needed|indicated|required|necessary|appropriate|worthwhile|warranted|ok"
    return re.compile(rf"\b(?:{kinds})\b[^.?]{{0,25}}\b(?:{needed})\b[^.?]*\?", re.IGNORECASE)


def of_another_organ(findings: Collection[Finding], regions: Collection[str]) -> bool:
    """Whether no finding names its organ, and the text names only parts that no table grades."""
    placed = any(finding.organ is not None for finding in findings)
    return not placed and bool(regions) and not set(regions) & _GRADED_REGIONS
