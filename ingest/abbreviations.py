"""Abbreviations that a document defines itself, so that a question in full words finds its text.

``right lower quadrant (RLQ)`` defines one: the long form is found from the short one's letters, read
backwards (A. S. Schwartz and M. A. Hearst, A simple algorithm for identifying abbreviation
definitions in biomedical text, PSB 2003). The long forms are search aids; they are never shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_DEFINED = re.compile(r"((?:[\w’'/-]+[ ,]+){1,12})\(([A-Za-z][\w/-]{1,9})(?:[;,][^)]*)?\)")
_MOST = 4
"""Long forms added to one passage."""

IN_TABLES = {
    "SOE": "strength of evidence",
    "RRL": "relative radiation level",
    "Final Tabulations": "votes of the panel",
}
"""Heads of appropriateness tables that the documents explain elsewhere, or not at all."""


def defined_in(texts: Iterable[str]) -> dict[str, str]:
    """Short form to long form, as the texts define them; the first definition stands."""
    found: dict[str, str] = {}
    for text in texts:
        for match in _DEFINED.finditer(text):
            short = match[2].removesuffix("s")
            if sum(letter.isupper() for letter in short) < 2 or short in found:
                continue
            long = _long_form(match[1].strip(" ,"), short)
            if long is not None:
                found[short] = long
    return found


def _long_form(words: str, short: str) -> str | None:
    """The shortest end of ``words`` that begins with the first letter and holds all the others."""
    at = len(words)
    for number, letter in reversed(list(enumerate(short.lower()))):
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and not (words[at].lower() == letter and _begins(words, at, number)):
            at -= 1
        if at < 0:
            return None
    long = words[at:]
    enough = len(long) > len(short) and len(long.split()) <= min(len(short) + 5, 2 * len(short))
    return long if enough else None


def _begins(words: str, at: int, number: int) -> bool:
    """Whether a letter may stand here: the first one only where a word begins."""
    return number > 0 or at == 0 or not words[at - 1].isalnum()


def spelled_out(text: str, known: Mapping[str, str]) -> str:
    """The long forms of what ``text`` abbreviates and does not spell out itself.

    >>> spelled_out("US in RLQ pain", {"RLQ": "right lower quadrant"})
    'right lower quadrant'
    """
    lower = text.lower()
    used = (
        long
        for short, long in {**known, **IN_TABLES}.items()
        if short in text
        and long.lower() not in lower
        and re.search(rf"(?<!\w){re.escape(short)}s?(?!\w)", text)
    )
    return ", ".join(list(dict.fromkeys(used))[:_MOST])
