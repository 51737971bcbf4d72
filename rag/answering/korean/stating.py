"""A model's Korean statement against its English evidence.

The statement is read in the English of the glossary and takes the same checks as an English one:
figures, units, labels, intervals, examinations, conditions, denials. What the glossary does not know
cannot be checked, so a statement with such a word is withheld, and the word is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.answering.grounding import Asked, Verification, verify
from rag.answering.korean.asking import English, in_english
from rag.answering.korean.pieces import pieces
from rag.knowledge.korean import KoreanWords, is_korean
from rag.types import Evidence, Span, Statement


def checked_in_korean(
    statement: Statement, evidence: Sequence[Evidence], asked: Asked, words: KoreanWords | None
) -> Verification:
    """The verification of a Korean statement; ``words`` holds the spans in the Korean text."""
    if words is None:
        return Verification("unsupported", "no Korean glossary is at hand to check it with")
    unknown = _unknown(statement.text, words)
    if unknown:
        named = ", ".join(statement.text[start:end] for start, end in unknown)
        return Verification("unsupported", f"the glossary does not know: {named}", unknown)
    english = in_english(statement.text, words)
    found = verify(
        replace(statement, text=_sentence(english)), evidence, asked=_asked_in_english(asked, words)
    )
    return replace(found, words=tuple(english.source(span) for span in found.words))


def _unknown(text: str, words: KoreanWords) -> tuple[Span, ...]:
    """What the glossary does not know, or knows only as a word that a question may drop."""
    return tuple(
        piece.span for piece in pieces(text, words) if piece.kind in ("unknown", "courtesy")
    )


def _sentence(english: English) -> str:
    return english.text.rstrip(" .") + "."


def _asked_in_english(asked: Asked, words: KoreanWords) -> Asked:
    if not is_korean(asked.question):
        return asked
    return replace(asked, question=in_english(asked.question, words).text)
