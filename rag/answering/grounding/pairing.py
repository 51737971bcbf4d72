"""What belongs together in the passage belongs together in the statement.

"1.5 % at 6 months and 1.2 % at 12 months" does not support "1.2 % at 6 months": every figure stands
in it, but in another clause. Both texts are cut into chunks; where several chunks of the passage
compete (each with its own label, quantity, ...), what a chunk of the statement says of one must not
stand with another.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from rag.answering.grounding.attributes import ATTRIBUTES, POPULATIONS, values
from rag.answering.grounding.labels import labels
from rag.answering.grounding.meaning import unchecked
from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.modality import contrast, examinations
from rag.answering.grounding.ordinals import ordinals
from rag.answering.grounding.quantities import quantities
from rag.answering.grounding.ratings import categories
from rag.answering.grounding.result import CheckResult, Part, Unit, contradicted, passed
from rag.answering.grounding.words import content_words, placed_words

_CUT = re.compile(
    r"[,;]\s(?:and |but |while |whereas )?|\s(?:and|while|whereas|but|then)\s|\sor\s(?=[A-Za-z][\w-]* (?:[A-Za-z][\w-]* )?\d)|:\s",
    re.IGNORECASE,
)


_TURN = re.compile(r"\b(?:but|while|whereas)\b", re.IGNORECASE)
"""What follows is said of something else."""

_LEAD = re.compile(
    r"^(?:In|On|At|For|During|According to)\s+[^,;:]{1,32}?(?=,\s|\s\(|\s(?:an?|the)\s)",
    re.IGNORECASE,
)
"""A phrase at the start that holds for all that follows."""

_WEIGHTING = re.compile(r"\b(?:T1|T2|DWI|ADC|DCE|FLAIR|STIR|SWI)(?=\b|w\b|-)", re.IGNORECASE)
"""MR images by what they weigh: bright on one may be dark on another."""

_CERTAINTY = re.compile(
    r"\b(?:definite|probabl|possibl|certain|likely|intermediate)(?:e?ly|[ye])?\b", re.IGNORECASE
)
_CONDITIONS = {"word", *ATTRIBUTES, *POPULATIONS}


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """A piece of text with what it names, by kind: ``{"label": {"4A"}, "mm": {...}, "word": {...}}``."""

    text: str
    start: int
    named: dict[str, frozenset[Hashable]]

    @property
    def is_complete(self) -> bool:
        """Says two things at least, one of them a label, a quantity or an examination."""
        return bool(set(self.named) - _CONDITIONS) and len(self.named) > 1

    def has(self, kind: str, key: Hashable) -> bool:
        return key in self.named.get(kind, frozenset())


@lru_cache(maxsize=4096)
def _chunks(text: str) -> tuple[_Chunk, ...]:
    anchored = [q.span for q in quantities(text)]
    cuts = [
        m.span() for m in _CUT.finditer(text) if not any(a < m.start() < b for a, b in anchored)
    ]
    merged: list[_Chunk] = []
    start = 0
    turned = False
    for end, following in [*cuts, (len(text), len(text))]:
        chunk = _chunk(text[start:end], start)
        if merged and not turned and not (chunk.is_complete and merged[-1].is_complete):
            start = merged[-1].start
            merged[-1] = _chunk(text[start:end], start)
        else:
            merged.append(chunk)
        start, turned = following, bool(_TURN.search(text[end:following]))
    return tuple(merged)


def _chunk(text: str, start: int) -> _Chunk:
    named: dict[str, set[Hashable]] = {"word": {word for word, _ in placed_words(unchecked(text))}}
    for label in labels(text):
        named.setdefault("label", set()).add(label.label)
    for quantity in quantities(text):
        key = (quantity.low, quantity.high, quantity.role)
        named.setdefault(quantity.dimension, set()).add(key)
    named.setdefault("ordinal", set()).update(item.name for item in ordinals(text))
    named.setdefault("weighting", set()).update(w.upper() for w in _WEIGHTING.findall(text))
    named.setdefault("rating", set()).update(x.concept for x in categories(text))
    named.setdefault("certainty", set()).update(w.lower()[:6] for w in _CERTAINTY.findall(text))
    for kind, mentions in (("examination", examinations(text)), ("contrast", contrast(text))):
        named.setdefault(kind, set()).update(mention.concept for mention in mentions)
    for attribute in (*ATTRIBUTES, *POPULATIONS):
        named.setdefault(attribute, set()).update(values(text, attribute))
    return _Chunk(text, start, {kind: frozenset(keys) for kind, keys in named.items() if keys})


def check_pairing(part: Part, unit: Unit) -> CheckResult:
    """Labels, quantities and examinations keep the company they have in the passage."""
    there = _chunks(_LEAD.sub(lambda found: " " * len(found.group()), unit.text))
    if len(there) < 2:
        return passed("pairing")
    for chunk in _chunks(part.text):
        wrong = _wrong_company(chunk, there) or _surer(chunk, there)
        if wrong:
            span = (chunk.start, chunk.start + len(chunk.text))
            reason = f"{quoted(part.text, [span])} joins what the cited passage says apart"
            return contradicted("pairing", reason, (span,))
    return passed("pairing")


def _wrong_company(chunk: _Chunk, there: tuple[_Chunk, ...]) -> bool:
    for kind, keys in chunk.named.items():
        if kind in _CONDITIONS:  # alternatives of one rule, or no figure at all
            continue
        for key in keys:
            home = [x for x in there if x.has(kind, key)]
            rivals = [
                x for x in there if kind in x.named and x not in home and not x.named[kind] & keys
            ]
            if home and rivals and _stands_only_with(chunk, kind, home, rivals, there):
                return True
    return False


def _surer(chunk: _Chunk, there: tuple[_Chunk, ...]) -> bool:
    """Whether the chunk calls sure what stands with its label as probable, or the other way round."""
    own, said = chunk.named.get("label", frozenset()), chunk.named.get("certainty", frozenset())
    home = [x for x in there if x.named.get("label", frozenset()) & own]
    if len(own) != 1 or len(home) != 1 or not said:
        return False
    meant = home[0].named.get("certainty", frozenset())
    return bool(meant) and not said & meant


def _stands_only_with(
    chunk: _Chunk, kind: str, home: list[_Chunk], rivals: list[_Chunk], there: tuple[_Chunk, ...]
) -> bool:
    """Whether something in the chunk stands with one rival and nowhere else."""
    for other, keys in chunk.named.items():
        for key in keys if other != kind else ():
            standing = [x for x in there if x.has(other, key)]
            if key in _shared(there, other):
                continue
            if len(standing) == 1 and standing[0] in rivals and standing[0] not in home:
                return True
    return False


_COPULA = re.compile(r"\b(?:is|are|was|were|means|carr(?:y|ies|ied)|ha[sd]|have)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _shared(there: tuple[_Chunk, ...], kind: str) -> frozenset[Hashable]:
    """What all chunks share: the subject ("risk" in "risk is 2 % for A, 5 % for B") and the noun at
    the end ("calcifications" in "2 % for fine and 5 % for coarse calcifications")."""
    verb = _COPULA.search(there[0].text)
    if verb is None or any(_COPULA.search(chunk.text) for chunk in there[1:]):
        return frozenset()
    last = there[-1].text.rstrip(" .").rsplit(" ", 1)[-1]
    subject = _chunk(there[0].text[: verb.start()], 0).named.get(kind, frozenset())
    if kind == "word":
        return subject | content_words(last)
    return subject | (values(last, kind) if kind in _CONDITIONS else frozenset())
