"""What a question wants of the guidelines: a finding graded, a category explained, an order judged ...

Told from how the question is put, from whether it describes a finding, and from the labels in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Literal

from rag.answering.finding import Finding
from rag.answering.labels import Label
from rag.answering.systems import ORGANS, Named
from rag.knowledge.shelf import Shelf
from rag.knowledge.words import fold

Intent = Literal[
    "grade",
    "category_info",
    "compare_editions",
    "appropriateness",
    "guideline_text",
    "check_report",
]


def intent_of(
    folded: str,
    named: Named,
    labels: tuple[Label, ...],
    findings: tuple[Finding, ...],
    shelf: Shelf,
) -> Intent:
    """What is asked; the described finding, if any, comes before the labels named beside it."""
    if named.elsewhere and not named.families:
        return "guideline_text"
    has_tables = not named.families or any(family in ORGANS for family in named.families)
    to_grade = _asks_to_grade(folded, named, findings)
    described = has_tables and any(_is_described(finding, to_grade) for finding in findings)
    if _compares(folded, named, labels, described, shelf):
        return "compare_editions"
    claimed = _claims(folded, labels)
    if labels and described and not claimed and not any(map(_is_followed_or_sized, findings)):
        return (
            "category_info"  # "category 4B because of an airway nodule": the label is asked about
        )
    if described and not _asks_about_words(folded):
        return "check_report" if claimed else "grade"
    if _orders().search(folded) and not labels:
        return "appropriateness"
    if labels and not _asks_which(folded):
        return "category_info"
    return "guideline_text"


_CONTEXT = (
    "finding",
    "exam_context",
    "age",
    "multiplicity",
    "risk",
    "known_cancer",
    "immunosuppression",
)
_SIZES = ("mean_diameter", "max_diameter", "volume")
_ENOUGH_ALONE = (
    "incomplete_exam",
    "infection",
    "no_nodule",
    "prior_category",
    "airway_nodule",
    "cyst",
)


@cache
def _asks_for_category() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:category|categories|level|grade|score|(?:k-?|ti-?|bi-?|lung-?)?\s?-?rads|tirads|birads)\s*(?:\?|$)"
        r"|\b(?:what|which)\b[^?.]{0,30}\b(?:category|level)\b|(?:카테고리|범주|등급|몇)"
    )


@cache
def _is_a_sentence() -> re.Pattern[str]:
    """Words of a question about the guideline; a note of a finding has none of them."""
    return re.compile(
        r"\b(?:what|which|why|how|when|does|do|did|is|are|was|should|can|could|may|must|will|would|explain|define|tell|list|describe)\b"
    )


def asks_for_category(question: str) -> bool:
    """Whether a category is what the question wants: "Lung-RADS?", "which category is this?"."""
    return _asks_for_category().search(fold(question)) is not None


def _asks_to_grade(folded: str, named: Named, findings: tuple[Finding, ...]) -> bool:
    """Whether one feature is enough to grade: a category is asked for, or it is a note of an
    examination or beside the name of a system."""
    if _asks_for_category().search(folded):
        return True
    examined = any(f.get("exam_context") or f.get("timing") for f in findings)
    noted = examined or bool(named.families) or named.generic
    return noted and not _is_a_sentence().search(folded)


def _is_described(finding: Finding, asked_to_grade: bool = False) -> bool:
    """Whether a text describes a finding and does not merely name one."""
    told = [d.name for d in finding.descriptors if d.name not in _CONTEXT]
    if finding.kind in _ENOUGH_ALONE:
        return bool(told) or finding.kind == "no_nodule"
    if finding.kind == "breast_finding":
        seen = {*told, *finding.open} - {"birads_category", "screening_study"}
        return bool(seen)  # that a breast was examined is no finding
    sized = any(name in _SIZES for name in told)
    features = {*told, *finding.open} - {"thyroid_level"}
    return sized or len(features) > (0 if asked_to_grade else 1)


def _is_followed_or_sized(finding: Finding) -> bool:
    """Whether enough is told for a table to work on, whatever category is named beside."""
    told = {d.name for d in finding.descriptors} | set(finding.open)
    decisive = {*_SIZES, "timing", "resolved", "proven_benign", "prior_category"}
    other_organ = finding.kind in (
        "breast_finding",
        "thyroid_nodule",
        "incomplete_exam",
        "no_nodule",
    )
    return other_organ or bool(told & decisive)


@cache
def _definition() -> re.Pattern[str]:
    """How a question opens that asks for words of the guideline and grades nothing."""
    return re.compile(
        r"^\W*(?:what (?:counts|is meant|does [^?]{1,40} mean|is the (?:definition|meaning)|defines|qualifies)"
        r"|(?:what|which) (?:of|findings?|features?|imaging|ultrasound|us|mammographic|signs?|likelihood|nodules?|lesions?|criteria|margins?|sizes?|cysts?)\b(?! is this)"
        r"|how (?:is|are|do you|does one)\b[^?]{0,70}\b(?:defined|measured|definition|measure|define|calculated|scored|counted)"
        r"|define\b|definition of|does\b[^?]{0,90}\bcount|do\b[^?]{0,90}\bcount|is there (?:a|any)\b|explain\b(?! why this)|why\b"
        r"|when (?:is|are|should|can|may)\b[^?]{0,60}\b(?:added|used|applied|given|assigned|appropriate|needed|allowed)"
        r"|difference between|what(?:'s| is) the difference|compare\b)"
    )


def _asks_about_words(folded: str) -> bool:
    return _definition().search(folded) is not None


def _asks_which(folded: str) -> bool:
    return re.match(r"\W*which (?:findings|features|nodules|lesions)\b", folded) is not None


@cache
def _check() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:is|was|are|does|would)\b[^?]{0,60}\b(?:right|correct|appropriate|accurate|agree|consistent|justified|valid|wrong)\b|\b(?:correct|right|agree)\s*\?"
        r"|\b(?:the report|radiologist|report) (?:calls?|says?|states?|gives?|reads?|assigned)|맞나요|맞는지|맞습니까|옳은가"
    )


def _claims(folded: str, labels: Iterable[Label]) -> bool:
    """Whether the text gives its finding a category and asks whether that is so."""
    own = [x for x in labels if not x.former]
    if not own:
        return False
    asked = any(
        _tag().match(folded, x.place[1]) or _put_as_question().search(folded[: x.span[0]])
        for x in own
    )
    return asked or _check().search(folded) is not None


@cache
def _tag() -> re.Pattern[str]:
    """What makes a question of the label before it: "4A?", "category 2, yes?"."""
    return re.compile(
        r"[\"'”)]*\s*(?:,?\s*(?:yes|no|right|correct|ok(?:ay)?|agree(?:d)?|true))?\s*\?"
    )


@cache
def _put_as_question() -> re.Pattern[str]:
    """What stands before a label that is asked about: "is it K-TIRADS 5 because ...", "so is that a 4A"."""
    return re.compile(
        r"\b(?:is|would|could|should) (?:it|this|that)(?: be| really| still| already| then| now| not| a| an)*\s*$"
        r"|\b(?:i'?d|i would|we'?d|we would|he|she|they|resident|colleague) (?:say|says|said|call(?:s|ed)?|put|gave|give|assign(?:ed)?|think|thinks|thought)(?: it| it is| this| that| a)*\s*$"
    )


@cache
def _change() -> re.Pattern[str]:
    return re.compile(
        r"what(?:'s| is| was| has| have|) (?:new|changed|different|the changes?)\b|\b(?:did|has|have|was|were)\b[^?.]{0,80}\bchanged?\b|\bchang(?:e[sd]?|ing) (?:from|between|in|since|to the)\b"
        r"|differen(?:ce|t|ces)\b[^?.]{0,60}\b(?:between|from|edition|version|v?\d)|\b(?:compare|versus|vs\.?|compared (?:to|with))\b|\bupdate[ds]?\b|\bused to be\b|\b(?:old|older|previous|earlier|former|superseded|prior) (?:edition|version|guideline)"
        r"|바뀌|바뀐|변경|달라|개정|차이"
    )


def _compares(
    folded: str, named: Named, labels: Iterable[Label], described: bool, shelf: Shelf
) -> bool:
    """Whether two editions of one system are set against each other."""
    several = [f for f in named.families if len(shelf.families[f]) > 1]
    if not several or len(named.families) > 1:
        return False
    editions = [i for i in named.editions if i in shelf.families[several[0]]]
    if len(editions) > 1:
        return True
    two_labels = len({x.value for x in labels}) > 1
    return _change().search(folded) is not None and not described and not two_labels


@cache
def _orders() -> re.Pattern[str]:
    """Asking which examination to order, or a patient's story that ends there."""
    test = r"(?:test|exam|examination|imaging|study|scan|modality|investigation|radiograph|ct|mri|ultrasound|x-?ray)"
    return re.compile(
        rf"\b(?:which|what|best|first|first-line|initial|next|most appropriate|appropriate|right|recommended)\s+(?:\w+\s+){{0,2}}?{test}\b(?! protocol| findings?)"
        rf"|\b(?:should|can|do|shall)\s+(?:i|we)\s+(?:order|request|get|do|image|scan)|\border(?:ing|ed)?\b[^?.]{{0,30}}{test}|\bis (?:an? )?{test} (?:indicated|needed|appropriate|warranted|necessary)"
        r"|\bhow (?:should|do|to) (?:i |we |)image\b|\bwork-?up (?:of|for)\b|\b(?:presents?|presenting) with\b|\bappropriateness\b|어떤 (?:검사|영상)|무슨 검사|첫 검사"
    )
