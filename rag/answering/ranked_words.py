"""The words of a referral that rank scenarios: without the asking itself, and without cautions.

"Which test is appropriate?" names no scenario, and a contrast allergy or a pacemaker tells which rows
suit this patient, hardly ever which scenario: left in, both pull the ranking aside.
"""

from __future__ import annotations

import re

from rag.knowledge.facet_values import Facets

_STUDY = r"(?:imaging|radiolog\w+|diagnostic)?\s*(?:tests?|stud(?:y|ies)|exam\w*|imaging|modalit(?:y|ies)|scans?)"
_ASKING = re.compile(
    rf"(?:^|(?<=[.;,?!])\s*)(?:so |and )?(?:which|what) {_STUDY}(?: (?:is|are|would be))?(?: the)?(?: most| best)?"
    r"(?: (?:appropriate|indicated|recommended|suitable|needed))?"
    r"(?: (?:to|should|would|do|can) (?:i |we |you )?(?:be )?(?:order|request|recommend|do|get|use)\w*)?\s*\?",
    re.I,
)
_CAUTIONS = frozenset(
    "contrast_allergy gadolinium_contraindicated mri_contraindicated pacemaker dialysis metformin".split()
)
_BEFORE = re.compile(
    r"(?:\b(?:with|has|had|have|on|an?|the|and|but|known|documented|reported|prior|previous|past|severe|serious|mild|"
    r"moderate|implanted|history of|hx of|h/o)\s+)+$",
    re.I,
)
_TAKEN_UP = re.compile(
    r"contra-?indicat|allerg|dialysis|pacemaker|defibrillator|metformin|gfr|(?:kidney|renal) (?:disease|failure|injury|impairment)",
    re.I,
)


def without_asking(text: str) -> str:
    """``text`` without a sentence that only asks which study to order; blanks stand in its place.

    >>> without_asking("Suspected acute embolism. Which test is appropriate?").strip()
    'Suspected acute embolism.'
    >>> without_asking("Which imaging is best to order for renal colic?")
    'Which imaging is best to order for renal colic?'
    """
    return _ASKING.sub(lambda match: " " * len(match[0]), text)


def without_cautions(text: str, facets: Facets) -> str:
    """``text`` without what facets read as a caution for a row: allergy, device, kidney function.

    ``facets`` were read from a text of the same length; a span that no longer says the same is left.
    """
    for read in facets.read:
        caution = read.name == "gfr" or (read.name == "condition" and read.value in _CAUTIONS)
        start, end = read.span
        if not caution or text[start:end].lower() != read.text.lower():
            continue
        before = _BEFORE.search(text[:start])
        start = before.start() if before else start
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def takes_up_a_caution(scenario: str) -> bool:
    """Whether a scenario's own text is about such a caution ("contraindication to iodinated contrast")."""
    return bool(_TAKEN_UP.search(scenario))
