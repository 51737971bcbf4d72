"""The edition that something rests on, as every answer, card and guideline shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.chips import Labels
from app.words import EN, Words
from rag.types import Edition


@dataclass(frozen=True, slots=True)
class Badge:
    """The edition an answer rests on; ``state`` is ``current`` or by what it is superseded."""

    guideline: str
    label: str
    detail: str
    state: str
    superseded: bool
    short: str = ""


def badge_of(edition: Edition, labels: Labels, words: Words = EN) -> Badge:
    year = str(edition.year) if edition.year else ""
    abbreviated = re.search(r"\(([^()\s]{2,12})\)$", edition.issuer)
    issuer = abbreviated[1] if abbreviated else edition.issuer
    return Badge(
        guideline=edition.guideline,
        label=edition.label,
        detail=", ".join(part for part in (edition.issuer, year) if part),
        state=words.superseded_by.format(guideline=labels.edition(edition.superseded_by))
        if edition.superseded_by
        else words.current,
        superseded=edition.superseded,
        short=", ".join(part for part in (issuer, year) if part),
    )
