"""Five signs by which a piece of a document comes before or after others that hold the same words.

*A row's name.* Rows of a table differ in the words of their first cell: "US abdomen with IV contrast" is
not what "ultrasound of the abdomen" asks about. *A rating.* How something is rated, and on what evidence,
stands in a row of ratings; the paragraphs only discuss it. *A way of examining.* What is said of CT is not
said of low-dose CT. *A term.* Definitions differ in the term they define, and often mention each other's.
*What is denied.* "In whom must it not be applied" is answered by "Do not apply in ...", not by what is said
of applying it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from rag.retrieval.concepts import Concept
from rag.retrieval.tokens import tokens
from rag.retrieval.ways_of_examining import ways_missing
from rag.types import Passage

_UNASKED = -1.0
"""On the order (a log of odds), for a name of which no word is asked."""
_OTHER_TERM = -3.0
"""The same for a definition of another term than is asked about."""
_DENIED = 2.0
_ANOTHER_WAY = -2.0
"""For a piece that lacks the way of examining that is asked about; from -1 to -4 the fit is served alike."""
_RATED = 8.0
"""For a row of ratings where a rating is asked; the questions of the fit are served alike from 6 on."""


def document_order(question: str, asked: Iterable[Concept], passage: Passage) -> float:
    """What to add to the place of a piece of a document in the order."""
    said = frozenset(tokens(question)).union(*(name for c in asked for name in c.names))
    unasked = _unasked(named_by_row(passage.text), said)
    other = _unasked(defined_by(passage.text), said)
    denies = denied(question) & denied(f"{passage.section} {passage.text}")
    rated = bool(_asks_a_rating().search(question)) and holds_ratings(passage.text)
    another_way = ways_missing(question, passage.search_text)
    name = _UNASKED * unasked + _OTHER_TERM * other
    return name + _DENIED * bool(denies) + _RATED * rated + _ANOTHER_WAY * another_way


@cache
def _asks_a_rating() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:rat(?:ed|ings?)|appropriate(?:ness)?|soe|(?:strength|level|grade) of (?:the )?evidence|evidence (?:level|grade|strength)"
        r"|rrl|radiation level|tabulations?|votes?)\b",
        re.IGNORECASE,
    )


@lru_cache(maxsize=8192)
def holds_ratings(text: str) -> bool:
    """Whether a text is a row of ratings: a procedure with its category, evidence or radiation level.

    >>> holds_ratings("Procedure: US abdomen; Appropriateness Category: Usually appropriate")
    True
    """
    return _rating_column().search(text) is not None


@cache
def _rating_column() -> re.Pattern[str]:
    return re.compile(r"\b(?:Appropriateness Category|Rating|SOE|RRL|Relative Radiation Level):")


def _unasked(name: frozenset[str], said: frozenset[str]) -> float:
    """The share of a name's words that are not asked; 0 without a name."""
    return sum(term not in said for term in name) / len(name) if name else 0.0


@lru_cache(maxsize=8192)
def named_by_row(text: str) -> frozenset[str]:
    """Terms of a row's first cell; none for text that is no row.

    >>> sorted(named_by_row("Procedure: US abdomen; Rating: 8"))
    ['abdomen', 'us']
    """
    cell = _first_cell().match(text)
    return frozenset(tokens(cell[1])) if cell else frozenset()


@lru_cache(maxsize=8192)
def defined_by(text: str) -> frozenset[str]:
    """Terms of the words that a passage of a table of terms defines; none for other text.

    >>> sorted(defined_by("Late phase | Taken after an hour, when the veins are full.\\nSee above."))
    ['late', 'phase']
    """
    term = _term().match(text)
    return frozenset(tokens(term[1])) if term else frozenset()


@lru_cache(maxsize=8192)
def denied(text: str) -> frozenset[str]:
    """Terms of the words that a "not" stands before.

    >>> denied("Do not apply it.") == denied("It must not be applied")
    True
    """
    return frozenset(term for match in _not().finditer(text) for term in tokens(match[1]))


@cache
def _first_cell() -> re.Pattern[str]:
    return re.compile(r"[^:;\n]{3,40}: ([^;\n]+);")


@cache
def _term() -> re.Pattern[str]:
    return re.compile(r"([^\W\d_][^|\n]{2,40}) \| [A-Z][^|\n]{20,}\n")


@cache
def _not() -> re.Pattern[str]:
    return re.compile(r"\b(?:not|never|cannot)\s+(?:(?:be|been|an?|the)\s+)?(\w+)", re.IGNORECASE)
