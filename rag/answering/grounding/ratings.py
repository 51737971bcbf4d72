"""Appropriateness categories, rating numbers and radiation levels."""

from __future__ import annotations

import re
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

CATEGORIES = lexicon(
    ("usually not appropriate", r"usually not appropriate|usually inappropriate|(?:is|are) not (?:usually )?appropriate|inappropriate"
                                r"|not (?:considered )?appropriate"),
    ("disagreement", r"may be appropriate\s*\(?\s*(?:with )?disagreement\)?"),
    ("may be appropriate", r"may be appropriate|might be appropriate|can be appropriate|possibly appropriate"),
    ("usually appropriate", r"usually appropriate|generally appropriate"),
    ("appropriate", r"appropriate"),
)  # fmt: skip
_BARE = {"appropriate": "usually appropriate"}
_RATING = re.compile(
    r"\b(?:rat(?:ing|ed|es?)|scor(?:e|ed|es)|appropriateness)\s*(?:of|is|at|as|:|=)?\s*(?P<n>[1-9])\b(?!\s?[-.,/]\s?\d|\s*(?:to \d|mL|mg|mm|cm|%|s\b))"
    r"|\b(?P<of>[1-9])\s*(?:/|out of)\s*(?:9|nine)\b",
    re.IGNORECASE,
)
_RADIATION = re.compile("\u2622+")


@lru_cache(maxsize=4096)
def categories(text: str) -> tuple[Mention, ...]:
    return find(text, CATEGORIES)


def ratings(text: str) -> tuple[Mention, ...]:
    """Rating numbers from 1 to 9, as ``rating 8``, ``rated 8`` or ``8/9``."""
    return tuple(
        Mention(found.group("n") or found.group("of"), found.span())
        for found in _RATING.finditer(text)
    )


def radiation(text: str) -> tuple[Mention, ...]:
    """Relative radiation levels as printed: one to five symbols."""
    return tuple(Mention(found.group(), found.span()) for found in _RADIATION.finditer(text))


def check_ratings(part: Part, unit: Unit) -> CheckResult:
    """Appropriateness category, rating number and radiation level stand in the passage."""
    for name, reader in (("category", categories), ("rating", ratings), ("radiation", radiation)):
        there = {_full(mention.concept) for mention in reader(unit.text)}
        there |= set(re.findall(r"\((\d)\)", unit.text)) if name == "rating" else set()
        wrong = tuple(m.span for m in reader(part.text) if _full(m.concept) not in there)
        if not wrong:
            continue
        reason = f"{quoted(part.text, wrong)} is not the {name} in the cited passage"
        return (
            contradicted("rating", reason, wrong) if there else unsupported("rating", reason, wrong)
        )
    return passed("rating")


def _full(category: str) -> str:
    return _BARE.get(category, category)
