"""A finished response said in Korean.

Statements keep their citations and verdicts: they were checked in English, and a Korean sentence is
taken only where it holds the same figures and labels. Facts and rows of a guideline stay in the original,
in quotation marks, with the Korean of their terms beside.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from rag.answering.branches import branch_sentence, in_running_text
from rag.answering.korean.branching import branches_in_korean, either
from rag.answering.korean.catalogue import CATALOGUE, NOTES
from rag.knowledge.korean import KoreanWords, is_korean
from rag.knowledge.vocabulary import Vocabulary
from rag.settings import Settings
from rag.types import (
    AppropriatenessTable,
    Clarification,
    Decision,
    Edition,
    NeedsDetails,
    Refusal,
    Response,
    Statement,
)

MOST_TERMS = 4
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_MARKS = re.compile(r"(?:\s\[\d+\])+$")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z\"])")
_FIGURE = re.compile(r"\d+(?:\.\d+)?[A-Z]?(?![a-z])")
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True)
class Speaker:
    """Says English sentences of radcite in Korean, with the words of one corpus."""

    words: KoreanWords
    vocabulary: Vocabulary

    def response(self, response: Response) -> Response:
        """``response`` with its text, statements, notices, refusal and question back in Korean."""
        exact = dict(self._headlines(response.decisions))
        quoted = {item.passage.text for item in response.evidence}
        quoted |= {item.quote for item in response.evidence}

        def say(text: str) -> str:
            return self._line(text, exact, quoted)

        said = replace(
            response,
            text="\n".join(map(say, response.text.split("\n"))),
            statements=tuple(_said(one, say) for one in response.statements),
            notices=tuple(map(say, response.notices)),
            appropriateness=self.table(response.appropriateness)
            if response.appropriateness
            else None,
        )
        if isinstance(said, Refusal):
            return replace(said, reason=say(said.reason))
        if isinstance(said, NeedsDetails):
            asked = said.clarification
            return replace(
                said,
                clarification=self._question(asked) if asked else None,
                headlines=tuple(map(say, said.headlines)),
            )
        return said

    def table(self, table: AppropriatenessTable) -> AppropriatenessTable:
        """``table`` with the notes beside its rows in Korean."""
        rows = (replace(row, note=_noted(row.note or "") or None) for row in table.procedures)
        return replace(table, procedures=tuple(rows))

    def sentence(self, text: str) -> str:
        """One sentence of radcite, or the sentence as it is where nothing fits."""
        return self._line(text, {}, set())

    def _line(self, text: str, exact: Mapping[str, str], quoted: set[str]) -> str:
        """One line with its citation marks, or the line as it is where nothing fits."""
        marks = _MARKS.search(text)
        bare = text[: marks.start()] if marks else text
        if not bare or _HANGUL.search(bare):
            return text
        korean = exact.get(bare)
        if korean is None and bare in quoted:
            korean = f"“{bare}”{self._terms(bare)}"
        korean = korean or self._sentence(bare) or self._sentences(bare, exact)
        if korean is None or not _same_figures(bare, korean):
            korean = bare + self._terms(bare)
        return korean + (marks.group() if marks else "")

    def _sentences(self, text: str, exact: Mapping[str, str]) -> str | None:
        """Several sentences in a row, where at least one of them is known."""
        parts = _SENTENCE.split(text)
        found = [exact.get(part) or self._sentence(part) for part in parts]
        if len(parts) < 2 or not any(found):
            return None
        return " ".join(said or part for said, part in zip(found, parts, strict=True))

    def _sentence(self, text: str) -> str | None:
        known = self._known.get(text)
        if known:
            return known
        whole = self.words.sentences.get(text.rstrip("."))
        if whole:
            return whole + "." * text.endswith(".")
        for pattern, korean in _patterns():
            match = pattern.fullmatch(text)
            if match:
                return self._filled(korean, match)
        return self._under_its_edition(text)

    def _under_its_edition(self, text: str) -> str | None:
        """``Lung-RADS v2022: Is the nodule ...?`` where the question is known."""
        edition, colon, rest = text.partition(": ")
        known = self._known.get(rest) if colon else None
        return f"{edition}: {known}" if known else None

    def _filled(self, korean: str, match: re.Match[str]) -> str:
        return _SLOT.sub(lambda slot: self._slot(slot, match), korean)

    def _slot(self, slot: re.Match[str], match: re.Match[str]) -> str:
        text = match[slot[1]]
        if slot[2] == "said":
            each = (self._sentence(part) or part for part in re.split(r",? and |, ", text))
            return self._sentence(text) or ", ".join(each)
        if slot[2] == "either":
            return either(text)
        if slot[2] == "noted":
            return _noted(text)
        return text + self._terms(text) if slot[2] == "term" else text

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """Questions and labels of the descriptors, which the vocabulary has in both languages."""
        specs = [self.vocabulary[name] for name in self.vocabulary.names]
        pairs = [(spec.question, spec.question_ko) for spec in specs]
        pairs += [(spec.label, spec.label_ko) for spec in specs]
        pairs += [(in_running_text(spec.label), spec.label_ko) for spec in specs]
        pairs += [(value.label, value.label_ko) for spec in specs for value in spec.values]
        return {english: korean for english, korean in pairs if english and korean}

    def _headlines(self, decisions: Iterable[Decision]) -> Iterator[tuple[str, str]]:
        """The first sentence of each decision: category and management."""
        for one in decisions:
            management = (one.management or "").rstrip(".")
            korean = self.words.sentences.get(management, management)
            if one.category:
                name = _name_of(one.edition, one.category)
                english = f"{name}: {management}" if management else name
                said = f"{name} 범주: {korean}" if management else f"{name} 범주"
            else:
                english = f"{one.edition.label}: {management}"
                said = f"{one.edition.label}: {korean}"
            yield english.rstrip(".") + ".", said.rstrip(".") + "."
            if one.branches:
                yield (
                    branch_sentence(one.branches),
                    branches_in_korean(one.branches, self.vocabulary, self.words.sentences),
                )
            if one.not_covered:
                reason = f"{one.edition.label}: {one.not_covered}"
                yield reason, f"{one.edition.label}: 이 경우를 다루지 않습니다. “{one.not_covered}”"

    def _question(self, asked: Clarification) -> Clarification:
        options = tuple((value, self._sentence(label) or label) for value, label in asked.options)
        question = self._sentence(asked.question) or asked.question
        return replace(asked, question=question, options=options)

    def _terms(self, english: str) -> str:
        """The Korean of the terms in an English text, the longest first found: `` (용어: ...)``."""
        found: list[str] = []
        text = english.lower()
        for term, korean in self._terms_longest_first:
            if len(found) == MOST_TERMS:
                break
            place = re.search(rf"(?<![\w-]){re.escape(term)}(?:s|es)?(?![\w-])", text)
            if place:
                found.append(f"{term} {korean}")
                text = (
                    text[: place.start()]
                    + " " * (place.end() - place.start())
                    + text[place.end() :]
                )
        return f" (용어: {', '.join(found)})" if found else ""

    @cached_property
    def _terms_longest_first(self) -> tuple[tuple[str, str], ...]:
        worth = {
            term: korean
            for term, korean in self.words.korean.items()
            if len(term) > 3 and term not in _PLAIN and "rads" not in term
        }
        return tuple(sorted(worth.items(), key=lambda pair: (-len(pair[0]), pair[0])))


_PLAIN = frozenset(
    "test size change first before after during total patient finding head performed included "
    "excluded measured known previous period single high lower upper next normal imaging edition "
    "risk image category examination left right stop hold mild safe scored compare".split()
)
"""Terms that any reader of English knows: no gloss is spent on them."""


def language_of(question: str, settings: Settings) -> str:
    """``ko`` or ``en``: the language of the settings, or that of the question (``auto``)."""
    if settings.language != "auto":
        return settings.language
    return "ko" if is_korean(question) else "en"


def _name_of(edition: Edition, label: str) -> str:
    return label if label.upper().startswith(edition.title.upper()) else f"{edition.title} {label}"


def _said(statement: Statement, say: Callable[[str], str]) -> Statement:
    """The statement as its line of the text is said, where it always has a citation mark."""
    return replace(statement, text=say(f"{statement.text} [0]").removesuffix(" [0]"))


def _noted(text: str) -> str:
    """Rows with what stands beside them in Korean; the names of the studies stay."""
    for english, korean in NOTES:
        text = text.replace(english, korean)
    return text


def _same_figures(english: str, korean: str) -> bool:
    """Whether no figure or label was lost or put in; one may be repeated."""
    own, there = Counter(_FIGURE.findall(english)), Counter(_FIGURE.findall(korean))
    return set(own) == set(there) or set(own) | {"119"} == set(there)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(english), korean) for english, korean in CATALOGUE)


def _pattern(english: str) -> re.Pattern[str]:
    """The English as a pattern; a slot is as short as it can be."""
    parts, at = [], 0
    for slot in _SLOT.finditer(english):
        parts += [re.escape(english[at : slot.start()]), f"(?P<{slot[1]}>.+?)"]
        at = slot.end()
    return re.compile("".join((*parts, re.escape(english[at:]))), re.DOTALL)
