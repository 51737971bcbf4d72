"""A Korean question in the English of the glossary.

Korean puts the denial after what it denies ("외상 없는") and asks at the end of the sentence; here
both are put where English has them. What the glossary does not know stays as it is, so that it
counts as a word that no passage holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.answering.korean.pieces import Piece, pieces
from rag.knowledge.korean import KoreanWords
from rag.knowledge.procedures import read_orders
from rag.types import Descriptor, Span

_CLAUSE_END = re.compile(r"[,.;:?!\n]")
_ANY_STUDY = re.compile(r"\b(?:imaging|test|examination)$")
_MODAL = ("must", "may", "needed")
_SILENT_ENOUGH = 2
"""Unknown letters up to which a rest is an ending that the list does not have."""


@dataclass(frozen=True, slots=True)
class English:
    """The English text, and for each part of it the span of the question it stands for."""

    text: str
    parts: tuple[tuple[Span, Span], ...]

    def source(self, span: Span) -> Span:
        """The span of the question that ``span`` of the English text was read from."""
        met = [theirs for ours, theirs in self.parts if ours[0] < span[1] and span[0] < ours[1]]
        if not met:
            return (0, 0)
        return min(start for start, _ in met), max(end for _, end in met)

    def descriptor(self, item: Descriptor, question: str) -> Descriptor:
        """A descriptor read from the English, with the words of the question it stands for."""
        span = self.source(item.span)
        return replace(item, text=question[span[0] : span[1]], span=span)


def in_english(question: str, words: KoreanWords) -> English:
    """``question`` in English words, in an order that the English grammar can read."""
    kept = [piece for piece in pieces(question, words) if not _says_nothing(piece)]
    ordered = _asked_in_front(_denied_in_front(_defined_in_front(kept)))
    text = ""
    parts: list[tuple[Span, Span]] = []
    for piece in ordered:
        joined = piece.kind == "plain" and _CLAUSE_END.match(piece.english) is not None
        glued = (
            parts and parts[-1][1][1] == piece.span[0] and _is_latin(piece) and text[-1:].isalnum()
        )
        glue = "" if not text or joined or (glued and piece.kind == "plain") else " "
        start = len(text) + len(glue)
        text += glue + piece.english
        parts.append(((start, len(text)), piece.span))
    return English(text, tuple(parts))


def _is_latin(piece: Piece) -> bool:
    return piece.english[:1].isascii()


def _says_nothing(piece: Piece) -> bool:
    if piece.kind == "unknown":
        return len(piece.english) < _SILENT_ENOUGH
    return piece.kind in ("silent", "courtesy")


def _denied_in_front(row: Sequence[Piece]) -> list[Piece]:
    """``no`` before the words that a denial follows, back to the last comma."""
    found: list[Piece] = []
    for piece in row:
        if piece.kind != "denying":
            found.append(piece)
            continue
        at = len(found)
        while (
            at and found[at - 1].kind in ("term", "unknown", "plain") and not _ends(found[at - 1])
        ):
            at -= 1
            if found[at].kind == "term":
                break
        if at < len(found):
            found.insert(at, Piece("denying", "no", piece.span))
    return found


def _defined_in_front(row: Sequence[Piece]) -> list[Piece]:
    """``definition of growth`` for "성장의 정의": what is defined comes after the word."""
    found = list(row)
    for at, piece in enumerate(row):
        if at and piece.english == "definition" and row[at - 1].kind == "term":
            named = row[at - 1]
            defined = replace(piece, english="definition of")
            found[at - 1 : at + 1] = [defined, named]
    return found


def _ends(piece: Piece) -> bool:
    return piece.kind == "plain" and _CLAUSE_END.search(piece.english) is not None


def _asked_in_front(row: Sequence[Piece]) -> list[Piece]:
    """``is MRI appropriate`` for "MRI 찍어야 하나요": what is asked about a study, round the study."""
    found = list(row)
    for at in range(len(found) - 1, 0, -1):
        if found[at].kind == "asking" and found[at].english in _MODAL:
            first = _study_before(found, at)
            if first is not None:
                found[at] = replace(found[at], english="appropriate")
                found.insert(first, Piece("asking", "is", found[at].span))
    return found


def _study_before(row: Sequence[Piece], at: int) -> int | None:
    """Where the study begins that ends right before ``row[at]``, if one does."""
    start = at
    while start > 0 and row[start - 1].kind in ("term", "plain") and not _ends(row[start - 1]):
        start -= 1
    words = " ".join(piece.english for piece in row[start:at])
    places = [order.span[0] for order in read_orders(words) if order.span[1] >= len(words)]
    places += [found.start() for found in _ANY_STUDY.finditer(words)]
    if not places:
        return None
    length = 0
    for place in range(start, at):
        if length >= places[0]:
            return place
        length += len(row[place].english) + 1
    return at - 1
