"""Whether a question asks a grading system for something in another organ than the system is for."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from rag.answering.systems import ORGANS
from rag.knowledge.shelf import Shelf
from rag.knowledge.words import fold


@cache
def _graded_organ() -> re.Pattern[str]:
    """What a category is asked for: "which BI-RADS category is the lung nodule?"."""
    organ = r"lung|pulmonary|thyroid|breast|lymph|parathyroid|liver|hepatic|kidney|renal|adrenal|splenic|spleen|prostate|prostatic|ovarian|pancreatic"
    return re.compile(
        rf"rads\b(?: [\w.]+){{0,3}}?\s+(?:is|does|do|would|has|for|of)\s+(?:(?:this|the|a|that|my|her|his)\s+)?(?P<organ>{organ})\s+(?P<thing>nodule|lesion|mass|adenoma|node|cyst)\b",
        re.IGNORECASE,
    )


_ORGAN_OF_WORD = {"lung": "lung", "pulmonary": "lung", "thyroid": "thyroid", "breast": "breast"}


def another_organ(question: str, guidelines: Collection[str], shelf: Shelf) -> str | None:
    """A sentence where the named systems are for another organ than the thing that a category is asked for."""
    organs = {ORGANS.get(shelf.entries[name][0].family) for name in guidelines if name in shelf.ids}
    organ = organs.pop() if len(organs) == 1 else None
    if organ not in _OWN:
        return None
    system = shelf.edition(next(iter(guidelines))).label
    if examined := examined_organ(question, organ):
        return f"{system} is for the {organ}: the examination described is of another organ ({examined})."
    match = _graded_organ().search(question)
    if match is None or _ORGAN_OF_WORD.get(match["organ"].lower()) == organ:
        return None
    thing = f"{match['organ']} {match['thing']}".lower()
    return f"{system} is for the {organ}: a {thing} has none of its categories."


_ELSEWHERE = r"parotid|submandibular|salivary|parathyroid|prostate|prostatic|liver|hepatic|kidney|renal|adrenal|spleen|splenic|pancreas|pancreatic|ovarian|ovary|uterine|uterus|testicular|scrotal|bladder|brain|spine|bone"


@cache
def _examined() -> re.Pattern[str]:
    """The organ that was examined: "US of the right parotid gland", "prostate MRI"."""
    test = r"(?:us|ultrasound|ultrasonography|sonography|mri?|ct|pet)"
    return re.compile(
        rf"\b{test}\s+(?:scan\s+)?(?:of\s+)?(?:the\s+)?(?:right\s+|left\s+)?(?P<of>{_ELSEWHERE})\b|\b(?P<before>{_ELSEWHERE})\s+(?:gland\s+)?{test}\b"
    )


_OWN = {
    "thyroid": r"\bthyroid|\bisthmus",
    "breast": r"\bbreast|\bmammo|\baxill|\bnipple",
    "lung": r"\blungs?\b(?!-?\s?rads)|\bpulmonary|\bchest\b|\bldct|\blobe\b|\b[rl][uml]l\b",
}
"""Words that put a text into the organ of a system, besides the system's own name."""


def examined_organ(question: str, organ: str) -> str | None:
    """The other organ that the examination was of, where nothing in the text is of ``organ``."""
    folded = fold(question)
    match = _examined().search(folded)
    if match is None or re.search(_OWN[organ], folded):
        return None
    return match["of"] or match["before"]
