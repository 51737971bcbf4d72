"""Sentences, clauses and units of a text, with their places kept.

Nothing here knows medicine. :func:`plain` changes no length, so spans found in the plain text
are spans of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from rag.types import Span

_SAME_LENGTH = str.maketrans(
    {
        **dict.fromkeys("–—−‑‒", "-"),
        **dict.fromkeys("\u00a0\u202f\u2009\t", " "),
        "³": "3",
        "²": "2",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "×": "x",
        "％": "%",
    }
)

ARROW = re.compile(r"->|→|⇒|=>(?!\s*\d)")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[\"'(]?[A-Z0-9가-힣]|\s*$)")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|vs?|no|fig|approx|ca|cf|dr|al)|\b[A-Z])\.$", re.I)
_HEADER = re.compile(r"^([^:;.]{1,90}?):\s+(?=\S)")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_FINE = re.compile(
    r"[,;:()]|\.\s|->|→|\b(?:but|while|whereas|because|since|although|though|unless|until|if|when"
    r"|where|once|so|which|who)\b",
    re.IGNORECASE,
)
_HEAD_NOUN = re.compile(
    r"\b(?:nodule|cyst|mass|lesion|finding|calcification|screen)s?\b", re.IGNORECASE
)
_OUTCOME = re.compile(r"\s(?:is|are)\s+(?:a\s+)?category\s+\w+$", re.IGNORECASE)
_REFERS = re.compile(
    r"(?:this|it|these|they|both) (?!edition|version)"
    r"|if (?:so|not|(?:un)?stable|(?:un)?changed|present|absent|positive|negative|persistent|unclear)\b",
    re.IGNORECASE,
)
"""A clause that says something of what the clause before it names."""

_ELLIPTIC = re.compile(
    r"^(?:[\w.-]+ ){1,4}(?:(?:had|has|have|gave|gives) none|(?:do|does|did|is|are|was|were|has|have)(?: not|n't))$",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r" for (?:[A-Za-z][\w-]* ?){1,3}$")
_PLACED = re.compile(
    r"\b(?:for|in|at|on|during|after|before|under|over|with|from|to|of|it|this)\b", re.IGNORECASE
)
_ROW_OUTCOME = re.compile(
    r"\. (?P<label>Category [^:]{1,120}?|TR\d[^:]{0,60}?|LR-\w+[^:]{0,60}?)(?=: |\.$|$)"
)
_ASIDE = re.compile(
    r"\s*\((?:e\.g\.|i\.e\.|for example|for instance|such as|not|except|excluding|unless|see|note)[^()]*\)",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r";\s+|,\s+(?:and|but|so|while|whereas|then|which|with|where)\s+"
    r"|\s+(?:and|but|while|whereas|so)\s+|,\s+(?=\w)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """``text`` with dashes, spaces and raised digits in their plain form; the length stays."""
    return text.translate(_SAME_LENGTH)


def strip_span(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def sentences(text: str) -> Iterator[Span]:
    """Spans of the sentences; a line break always ends one."""
    start = 0
    for end in sorted(_sentence_ends(text) | {len(text)}):
        span = strip_span(text, start, end)
        if span[0] < span[1]:
            yield span
        start = end


def _sentence_ends(text: str) -> set[int]:
    full_stops = {
        found.end()
        for found in _SENTENCE_END.finditer(text)
        if not _ABBREVIATION.search(text[: found.end()])
    }
    return full_stops | {found.end() for found in re.finditer(r"\n", text)}


def joints(text: str) -> tuple[Span, ...]:
    """Where a statement may be taken apart into clauses: spans of the joining words."""
    masked = _PARENTHESIS.sub(lambda found: "x" * len(found.group()), text)
    ends = [(end, end) for _, end in sentences(masked)][:-1]
    return tuple(sorted([*ends, *(found.span() for found in _JOINT.finditer(masked))]))


def fine_clauses(text: str) -> tuple[str, ...]:
    """The smallest pieces in which a "not" can reach: split at commas, brackets and subordination."""
    return tuple(piece for piece in (part.strip() for part in _FINE.split(text)) if piece)


@lru_cache(maxsize=2048)
def units_of(text: str) -> tuple[str, ...]:
    """The smallest pieces of a passage that say something by themselves.

    A sentence is split at semicolons. Each clause keeps the heading before a colon, and where the
    clauses share one outcome after the last arrow, that outcome too:
    ``"A: x; y -> 2"`` gives ``"A: x -> 2"`` and ``"A: y -> 2"``.
    """
    found: list[str] = []
    whole = plain(text)
    for start, end in sentences(whole):
        found.extend(_units_of_sentence(whole[start:end].rstrip(".")))
    return tuple(dict.fromkeys(found))


def _units_of_sentence(sentence: str) -> list[str]:
    steps = _steps(sentence)
    if steps:
        return steps
    header = _HEADER.match(sentence)
    head, body = (header.group(1), sentence[header.end() :]) if header else ("", sentence)
    clauses = _split_outside_brackets(body)
    clauses = _with_purpose(clauses)
    tail = _shared_outcome(clauses)
    named = [f"{head}: {clause}" if head else clause for clause in clauses]
    named = [f"{name} {tail}" for name in named[:-1]] + named[-1:] if tail else named
    referring = [f"{a}; {b}" for a, b in pairwise(named) if _leans(b.removeprefix(f"{head}: "))]
    return named + referring + [choice for name in named for choice in _choices(name)]


def _leans(clause: str) -> bool:
    """Whether the clause says something of what the clause before it names."""
    return bool(_REFERS.match(clause) or _ELLIPTIC.search(clause))


def _choices(clause: str) -> list[str]:
    """``"A cyst, a B cyst, or a C cyst -> 4A"`` as one unit for each kind of cyst.

    Only where every piece names the thing itself; in "a nodule, baseline or new, that is solid"
    the commas separate conditions that all belong to the one rule.
    """
    outcome = ARROW.search(clause) or _OUTCOME.search(clause)
    if not outcome or ":" in clause:
        return []
    pieces = re.split(r",\s+(?:or\s+)?", clause[: outcome.start()].strip())
    nouns = [{noun.lower().rstrip("s") for noun in _HEAD_NOUN.findall(piece)} for piece in pieces]
    if len(pieces) < 2 or not set.intersection(*nouns):
        return []
    return [f"{piece} {clause[outcome.start() :].strip()}" for piece in pieces]


@lru_cache(maxsize=1024)
def units_of_row(text: str) -> tuple[str, ...]:
    """A decision row's passage: the rule that leads to its category, then what the category means.

    ``"System, Solid nodules. Timing: new; mean diameter: 8 mm or more. Category 4B (Name): x; y."``
    gives ``"System, Solid nodules. Timing: ... or more -> Category 4B (Name)"``,
    ``"Category 4B (Name): x"`` and ``"Category 4B (Name): y"``. A row that is read in several ways
    gives no rule: only its readings stand, each by itself.
    """
    whole = plain(text)
    outcome = _ROW_OUTCOME.search(whole)
    if not outcome or "Readings differ" in whole:
        return units_of(text)
    rule = f"{whole[: outcome.start()]} -> {outcome.group('label')}"
    return (rule, *units_of(whole[outcome.start() + 2 :]))


def without_asides(text: str) -> str:
    """The text without "(e.g. ...)", "(not ...)" and the like: what it depends on, not what it adds."""
    return _ASIDE.sub("", text)


def _steps(sentence: str) -> list[str]:
    """``"3 -> CT stable -> 2 -> next CT"`` as its steps, each from one label to the next."""
    pieces = [piece.strip() for piece in ARROW.split(sentence)]
    places = [at for at, piece in enumerate(pieces) if re.fullmatch(r"[0-9][A-Z]?", piece)]
    if len(pieces) < 4 or not places or places[0] != 0:
        return []
    ends = [*places[1:], len(pieces) - 1]
    return [" -> ".join(pieces[a : b + 1]) for a, b in zip(places, ends, strict=True) if b > a]


def _split_outside_brackets(text: str) -> list[str]:
    masked = _PARENTHESIS.sub(lambda found: "x" * len(found.group()), text)
    cuts = [0, *(found.end() for found in re.finditer(r";\s*", masked)), len(text)]
    parts = (text[a:b].rstrip("; ").strip() for a, b in pairwise(cuts))
    return [part for part in parts if part]


def _with_purpose(clauses: list[str]) -> list[str]:
    """What the first clause is said for holds for a later one that names no place or time of its own:
    "No agent is preferred for MR enterography; mannitol and lactulose are options"."""
    purpose = _PURPOSE.search(clauses[0]) if len(clauses) > 1 else None
    if purpose is None:
        return clauses
    return [
        clause
        if at == 0 or _PLACED.search(clause) or ARROW.search(clause)
        else clause + purpose.group()
        for at, clause in enumerate(clauses)
    ]


def _shared_outcome(clauses: list[str]) -> str:
    """The part from the arrow on, where only the last of several clauses has one."""
    if len(clauses) < 2 or any(ARROW.search(clause) for clause in clauses[:-1]):
        return ""
    arrow = ARROW.search(clauses[-1])
    return clauses[-1][arrow.start() :] if arrow else ""
