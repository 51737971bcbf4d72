"""Imaging examinations, contrast and procedures: what is done, and how.

The statement may be less exact than its passage ("CT" for "LDCT", "biopsy" for "FNA"), never more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rag.answering.grounding.mentions import Mention, find, lexicon, quoted
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.systems import system_of
from rag.types import Span

EXAMINATIONS = lexicon(
    ("pet_mri", r"(?:FDG[- ])?PET[-/ ]?MRI?"),
    ("pet_ct", r"(?:FDG[- ])?PET[-/ ]?CT"),
    ("pet", r"(?-i:PET)(?: scans?)?(?!-avid)"),
    ("ldct", r"LDCT|low[- ]dose (?:chest |screening |lung )?(?:CT|computed tomography)"),
    ("ctpa", r"CTPAs?|CT[- ]pulmonary angiogra\w+"),
    ("cta", r"CTA|CT[- ]angiogra\w+"),
    ("ctu", r"CTU|CT urogra\w+"),
    ("ct", r"CTs?|computed tomogra\w+|CAT scans?"),
    ("mra", r"MRA|MR[- ]angiogra\w+"),
    ("mrcp", r"MRCP"),
    ("mrv", r"MRV|MR[- ]venogra\w+"),
    ("mri", r"MRIs?|(?-i:MR)|magnetic resonance(?: imaging)?"),
    ("doppler", r"doppler(?: ultraso\w+| US)?"),
    ("us", r"ultraso\w+|sonogra\w+|(?-i:US)"),
    ("dbt", r"(?:digital breast )?tomosynthesis|DBT"),
    ("mammography", r"mammogra\w+"),
    ("radiography", r"radiogra(?:ph|phs|phy)|x-?rays?|plain films?|CXR"),
    ("fluoroscopy", r"fluorosc\w+"),
    ("arteriography", r"arteriogra\w+|catheter angiogra\w+|DSA"),
    ("vq", r"V/?Q(?: scan)?|ventilation[- ]perfusion\w*"),
    ("bone_scan", r"bone scan\w*"),
    ("spect", r"SPECT(?:/CT)?"),
    ("scintigraphy", r"scintigra\w+"),
    ("dxa", r"DE?XA"),
    ("bronchoscopy", r"bronchoscop\w+"),
    ("endoscopy", r"endoscop\w+|colonoscop\w+"),
    ("fna", r"FNA|fine[- ]needle aspirat\w+"),
    ("biopsy", r"biops\w+"),
    ("tissue_sampling", r"tissue (?:sampling|diagnosis|acquisition)|sampled"),
    ("surgery", r"surg\w+|resect\w+|excis\w+|lobectom\w+|operat(?:ion|ive)"),
    ("ablation", r"ablat\w+"),
    ("therapy", r"chemotherap\w+|radiotherap\w+|immunotherap\w+|antibiotics?|steroids?|premedicat\w+"),
    ("referral", r"referral\w*|referred|refer"),
    ("multidisciplinary", r"multidisciplinary\w*|tumou?r board"),
)  # fmt: skip

_LESS_EXACT: Mapping[str, frozenset[str]] = {
    "ct": frozenset({"ldct", "cta", "ctpa", "ctu"}),
    "cta": frozenset({"ctpa"}),
    "mri": frozenset({"mra", "mrcp", "mrv"}),
    "us": frozenset({"doppler"}),
    "pet": frozenset({"pet_ct"}),
    "mammography": frozenset({"dbt"}),
    "biopsy": frozenset({"fna", "tissue_sampling"}),
    "tissue_sampling": frozenset({"biopsy", "fna"}),
}
"""Which examinations of a passage a less exact word in a statement covers."""

_IV = r"(?:i\.?v\.? |intravenous |gadolinium |gadolinium-based |iodinated )?contrast(?: material| medium| media| agents?)?"
CONTRAST = lexicon(
    ("without_and_with", rf"without and with {_IV}|with and without {_IV}|with(?:out)? {_IV} and with(?:out)? {_IV}"
                         r"|before and after (?:iv |intravenous )?contrast"),
    ("with_or_without", rf"with or without {_IV}|without or with {_IV}|with/without {_IV}"),
    ("without", rf"without (?:the use of |any |using )?{_IV}|non-?contrast|unenhanced|not? (?:use |given? |need )?{_IV}|contrast is not (?:given|used|needed)"),
    ("with", rf"with (?:the use of )?{_IV}|contrast[- ]enhanced|after (?:iv |intravenous )?contrast(?! (?:medium )?injection)|post-?contrast|enhanced (?=CT|MR)"
             r"|contrast (?:is|should be|must be) (?:given|used)|uses? (?:iv |intravenous )?contrast"),
)  # fmt: skip


_WEIGHTED = re.compile(r"\b(?:T1|T2|DWI|ADC|DCE|FLAIR|STIR)(?:W|-weighted)?\b")
"""Images that only MRI makes."""

_DRUNK = re.compile(r"\b(?:oral|rectal|enteric)\s+$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def examinations(text: str) -> tuple[Mention, ...]:
    """Examinations and procedures named in the text."""
    return find(text, EXAMINATIONS)


@lru_cache(maxsize=4096)
def contrast(text: str) -> tuple[Mention, ...]:
    """How contrast is used, as named in the text; contrast that is drunk is another matter."""
    return tuple(m for m in find(text, CONTRAST) if not _DRUNK.search(text[: m.span[0]]))


def check_modality(part: Part, unit: Unit) -> CheckResult:
    """Every examination and procedure of the statement stands in the passage."""
    there = {mention.concept for mention in examinations(unit.text)} | _implied(unit)
    wrong = [m for m in examinations(part.text) if not _covered(m.concept, there)]
    if not wrong:
        return passed("modality")
    spans = tuple(mention.span for mention in wrong)
    reason = f"{quoted(part.text, spans)} does not stand in the cited passage"
    return (
        contradicted("modality", reason, spans) if there else unsupported("modality", reason, spans)
    )


def _implied(unit: Unit) -> set[str]:
    """A guideline for CT speaks of CT even where a sentence of it does not name it."""
    implied = {"ct"} if system_of(unit.edition) & {"lung_rads", "fleischner"} else set()
    return implied | ({"mri"} if _WEIGHTED.search(unit.text) else set())


def _covered(concept: str, there: set[str]) -> bool:
    return concept in there or bool(_LESS_EXACT.get(concept, frozenset()) & there)


def check_contrast(part: Part, unit: Unit) -> CheckResult:
    """With, without, or both: as in the passage, and for the same examination."""
    own, there = contrast(part.text), contrast(unit.text)
    named = {mention.concept for mention in there}
    wrong = [m.span for m in own if m.concept not in named]
    wrong += _wrong_pairs(part.text, unit.text) if not wrong else []
    if not wrong:
        return passed("contrast")
    reason = f"{quoted(part.text, wrong)} is not how the cited passage uses contrast"
    spans = tuple(wrong)
    return (
        contradicted("contrast", reason, spans) if named else unsupported("contrast", reason, spans)
    )


def _wrong_pairs(statement: str, passage: str) -> list[Span]:
    """Contrast phrases whose examination has another use of contrast in the passage."""
    there = _pairs(passage)
    modalities = {examination for examination, _ in there}
    return [
        mention.span
        for (examination, use), mention in _pairs(statement).items()
        if examination in modalities and (examination, use) not in there
    ]


def _pairs(text: str) -> dict[tuple[str, str], Mention]:
    """``(examination, use of contrast)`` by the nearest examination, the one before going first."""
    named = [m for m in examinations(text) if m.concept not in ("biopsy", "surgery", "referral")]
    found = {}
    for use in contrast(text):
        nearest = min(named, key=lambda m: _distance(m.span, use.span), default=None)
        if nearest:
            found[(nearest.concept, use.concept)] = use
    return found


def _distance(examination: Span, use: Span) -> float:
    if examination[1] <= use[0]:
        return use[0] - examination[1]
    return examination[0] - use[1] + 0.5
