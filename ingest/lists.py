"""Lists and the words that lead into them: an item alone may say the opposite of what is meant.

"Do not apply in patients:" stands over its items as a heading does, wherever they are cut apart. In a
table of terms without rules each term stands beside the first line of its definition; the end of one
definition and the beginning of the next must not be read as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

ITEM = re.compile(r"^([•◦▪■●○‣–—*►-]\s?|[on]\s|\(?\d{1,2}[.)]\s|\(?[a-zA-Z][.)]\s)")
"""How an item of a list begins."""

_TERM = re.compile(r"([^\W\d_][\w/()-]*(?: [\w/()-]+){0,4}) \| (?=[A-Z])(?:[^|\s]+ ){2,}[^|]+")
"""A term of at most five words, and the beginning of a sentence in the cell beside it."""

_LONGEST = 110
"""Characters; a longer lead-in is a sentence that its items can be read after."""


def lead_of(text: str, following: str, lead: str) -> str:
    """What leads into the list that the paragraph ``text`` leads into or is an item of; else empty.

    ``following`` is the next paragraph, ``lead`` what led into the list before.

    >>> lead_of("Do not give contrast:", "• GFR under 30", "")
    'Do not give contrast'
    >>> lead_of("• GFR under 30", "• Allergy", "Do not give contrast")
    'Do not give contrast'
    >>> lead_of("Give it slowly.", "• Check the line", "Do not give contrast")
    ''
    """
    said = text.strip()
    if ITEM.match(said):
        return lead
    leads = said.endswith(":") and len(said) <= _LONGEST and ITEM.match(following.strip())
    return said.removesuffix(":").strip() if leads else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a paragraph stands in a table of terms: under which term, and whether it begins with it."""

    term: str = ""
    begins: bool = False


def has_terms(paragraphs: Iterable[str]) -> bool:
    """Whether a page holds a table of terms: one line that looks like one may do so by chance."""
    return sum(_TERM.fullmatch(text) is not None for text in paragraphs) > 1


def entry_of(text: str, before: Entry) -> Entry:
    """Where the paragraph ``text`` stands, after one that stood at ``before``.

    >>> early = entry_of("Early phase | Taken at once when:", Entry())
    >>> early
    Entry(term='Early phase', begins=True)
    >>> entry_of("the veins are not filled.", early)
    Entry(term='Early phase', begins=False)
    """
    term = _TERM.fullmatch(text)
    if term:
        return Entry(term[1], begins=True)
    # Other cells are of another table, but for the rest of a term that was broken ("(HBP) | ...").
    goes_on = " | " not in text or text.startswith("(") or text[:1].islower()
    return Entry(before.term) if goes_on else Entry()
