"""Lists and the words that lead into them: an item alone may say the opposite of what is meant.

"Do not apply in patients:" stands over its items as a heading does, wherever they are cut apart.
"""

from __future__ import annotations

import re

ITEM = re.compile(r"^([•◦▪■●○‣–—*►-]\s?|[on]\s|\(?\d{1,2}[.)]\s|\(?[a-zA-Z][.)]\s)")
"""How an item of a list begins."""

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
