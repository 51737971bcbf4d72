"""An answer as plain text, for the report and for a letter with references."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.view import AnswerView, Card

_PART_END = re.compile(r"; |(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bNo)(?<!\bDr)\.(?= [A-Z])")


def reference_lines(cards: Sequence[Card]) -> tuple[str, ...]:
    """One line an evidence card, as a reference list prints it."""
    return tuple(
        f"[{card.n}] "
        + ". ".join(p for p in (card.badge.label, card.badge.detail, card.place, card.text) if p)
        for card in cards
    )


def report_text(view: AnswerView) -> str:
    """The answer for pasting into a report: the lead and the edition it rests on."""
    editions = ", ".join(badge.label for badge in view.badges)
    lead = view.lead.text.rstrip(".")
    return f"{lead} ({editions})." if editions and editions not in lead else f"{lead}."


def referenced_text(view: AnswerView) -> str:
    """The whole answer as plain text with its references."""
    said = [view.lead, *view.lines]
    lines = [line.text + "".join(f" [{n}]" for n in line.citations) for line in said]
    return "\n".join([*lines, "", *reference_lines(view.cards)]).strip()


def first_part(lead: str) -> tuple[str, str]:
    """A lead cut into what is read first and the rest: at its first semicolon or sentence's end.

    >>> first_part("Lung-RADS 4A: LDCT at 3 months; PET/CT may be considered.")
    ('Lung-RADS 4A: LDCT at 3 months', '; PET/CT may be considered.')
    """
    found = next((m for m in _PART_END.finditer(lead) if not _in_brackets(lead, m.start())), None)
    return (lead[: found.start()], lead[found.start() :]) if found else (lead, "")


def _in_brackets(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at)
