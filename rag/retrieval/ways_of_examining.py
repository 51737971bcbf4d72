"""In which way an examination is done, as far as a question names it: low dose, dual energy, without contrast.

A figure of CT is not one of low-dose CT. Sentences on both share most of their words, so that the
way that is asked for must stand in a passage or its headings, or another one is likelier meant.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

_WAYS = (
    r"(?:low|reduced|ultra-?low)[- ]dose|ldct",
    r"dual[- ]energy|dect|spectral",
    r"contrast[- ]enhanced|enhanced (?:ct|mri?|us)|with (?:iv |intravenous )?contrast|cect|ceus",
    r"unenhanced|non-?(?:contrast|enhanced)|without (?:iv |intravenous )?contrast|plain ct",
    r"diffusion(?:[- ]weighted)?|dwi",
    r"doppler|duplex",
    r"(?:oral|enteral|enteric) contrast",
    r"rectal contrast",
    r"abbreviated|fast mri|rapid mri",
    r"mrcp",
    r"angiogra\w+|cta|mra",
    r"ivus|intravascular (?:us|ultrasound)",
    r"pet",
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{way})\b", re.IGNORECASE) for way in _WAYS)


@lru_cache(maxsize=8192)
def ways_in(text: str) -> frozenset[int]:
    """The ways of examining that a text names, by their number."""
    return frozenset(n for n, way in enumerate(_patterns()) if way.search(text))


def ways_missing(question: str, text: str) -> float:
    """The share of the ways named in the question that the text does not name; 0 where none is named.

    >>> ways_missing("sensitivity of low-dose CT", "CT had a sensitivity of 95%.")
    1.0
    """
    asked = ways_in(question)
    return len(asked - ways_in(text)) / len(asked) if asked else 0.0
