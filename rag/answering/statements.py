"""From a model's output to checked statements.

Output is taken apart as it streams: a statement is validated, cleaned and verified as soon as it
is whole. Whatever goes wrong ends in a :class:`~rag.answering.parts.Worded` without statements and
with a notice, never in an error: evidence mode then answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, ValidationError

from rag.answering.english_door import checked_in_english
from rag.answering.grounding import Asked, Verification
from rag.answering.grounding.result import SHOWN
from rag.answering.parts import Worded
from rag.answering.prompts import (
    LONGEST_STATEMENT,
    MOST_STATEMENTS,
    Form,
    Message,
    Prompt,
    Schema,
    answer_schema,
    messages,
    prompt_for,
    prompt_tokens,
    task_of,
    within_budget,
)
from rag.errors import ModelError, ModelOutputError
from rag.types import Evidence, Statement, Withheld

LONGEST_OUTPUT = 3 * MOST_STATEMENTS * LONGEST_STATEMENT
"""Characters after which an output is endless."""

UNREACHABLE = "The language model did not answer, so the guideline's own sentences are shown."
BUSY = (
    "The language model is busy with other questions, so the guideline's own sentences are shown."
)
UNUSABLE = (
    "The language model's output could not be used, so the guideline's own sentences are shown."
)
NONE_PASSED = "No statement of the language model passed the checks, so the guideline's own sentences are shown."

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_MARKUP = re.compile(
    r"<\s*/?\s*[A-Za-z!?]|&#?\w+;|\w+://|\bjavascript:|\bdata:|!?\[[^\]]*\]\(|```|^\s*\||\|\s*-{2,}",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(
    r"\*\*|__|`|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|^\s*(?:#{1,6}|[-*•]|\d+\.)\s+"
)
_ASKING = re.compile(
    r"(?:(?:is|are|was|were|do|does|did|has|have|can|could|should|must|may|might|will|would|who|whose|whom|why|which|what)\b"
    r"|(?:when|how|where)(?: \w+){0,2} (?:is|are|was|were|do|does|did|has|have|can|could|should|must|may|might|will|would)\b(?![^?]*,))",
    re.IGNORECASE,
)
"""The beginning of a question; a weak model repeats the reader's without its mark."""

_PARTICLE = re.compile(r"^(?:yes|no)\s?[,:;.-]\s+(?=\w)", re.IGNORECASE)
_INLINE = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")
_SAID = re.compile(r"\b[a-z]{2,}|[가-힣]")
"""A word that is no part of a name; ``Lung-RADS 3`` and ``LI-RADS CT/MRI v2018, LR-5`` have none."""


class WordingModel(Protocol):
    """What wording needs of a model: its name, its window, and text that streams."""

    @property
    def name(self) -> str: ...

    @property
    def context_tokens(self) -> int: ...

    @property
    def answer_tokens(self) -> int: ...

    @property
    def form(self) -> Form: ...

    @property
    def tokens(self) -> Callable[[str], int]: ...

    def stream(self, messages: Sequence[Message], schema: Schema) -> Generator[str, None, None]:
        """Pieces of the output as they come.

        Raises:
            ModelUnavailable, ModelOutputError: at any time.
        """
        ...


Check = Callable[[Statement, Sequence[Evidence], Asked], Verification]
"""Checks one statement against the evidence; the language of the answer has its own."""


class ReaderLeft(Exception):
    """The reader went away while a model was wording: stop it."""


class StatementOut(BaseModel):
    """One statement as the model must give it."""

    model_config = ConfigDict(extra="forbid")

    text: StrictStr = Field(min_length=1, max_length=2 * LONGEST_STATEMENT)
    citations: list[StrictInt] = Field(max_length=20)


class AnswerOut(BaseModel):
    """The whole output as the model must give it."""

    model_config = ConfigDict(extra="forbid")

    statements: list[StatementOut] = Field(max_length=4 * MOST_STATEMENTS)


def word_answer(
    model: WordingModel,
    question: str,
    evidence: Sequence[Evidence],
    decided: str = "",
    *,
    check: Check = checked_in_english,
    language: str = "en",
    heard: Callable[[Statement], None] | None = None,
    left: Callable[[], bool] = lambda: False,
) -> Worded:
    """Let the model word an answer and check it statement by statement.

    ``decided`` is what a table decided, already shown to the reader; ``heard`` is called with each
    statement that passed, as soon as it did. An output that breaks off, runs on or is malformed
    counts as none: what it said so far may lack the sentence that mattered.

    Raises:
        ReaderLeft: ``left`` said so; the model was hung up on.
    """
    prompt = prompt_for(model.form, language)
    given = _given(model, prompt, question, evidence, decided)
    told = messages(prompt, task_of(question, given, decided))
    judge = _Judge(given, Asked(question, decided), check, heard)
    read = statements_of if model.form == "json" else numbered_statements
    try:
        with closing(model.stream(told, answer_schema(given))) as pieces:
            for raw in read(_while_there(pieces, left)):
                judge.hear(raw)
    except ModelOutputError:
        return Worded((), tuple(judge.withheld), (UNUSABLE,), model.name)
    except ModelError:
        return Worded((), tuple(judge.withheld), (UNREACHABLE,), model.name)
    notices = () if judge.shown else (NONE_PASSED,)
    return Worded(tuple(judge.shown), tuple(judge.withheld), notices, model.name)


def _while_there(pieces: Iterable[str], left: Callable[[], bool]) -> Iterator[str]:
    """The pieces as long as there is a reader, looked for at each of them."""
    for piece in pieces:
        if left():
            raise ReaderLeft
        yield piece


def _given(
    model: WordingModel, prompt: Prompt, question: str, evidence: Sequence[Evidence], decided: str
) -> tuple[Evidence, ...]:
    fixed = prompt_tokens(prompt, task_of(question, (), decided), model.tokens)
    room = model.context_tokens - model.answer_tokens - fixed
    return within_budget(evidence, room, model.tokens)


class _Judge:
    """Collects what passed and what was withheld, in the order heard; says nothing twice."""

    def __init__(
        self,
        evidence: Sequence[Evidence],
        asked: Asked,
        check: Check,
        heard: Callable[[Statement], None] | None,
    ) -> None:
        self.shown: list[Statement] = []
        self.withheld: list[Withheld] = []
        self._evidence, self._asked, self._check, self._heard = evidence, asked, check, heard
        self._texts = {_compared(line) for line in asked.decision.splitlines()}

    def hear(self, raw: StatementOut) -> None:
        text, fault = plain_sentence(raw.text, raw.citations)
        if fault:
            self.withheld.append(Withheld(text, "unsupported", fault))
            return
        if _compared(text) in self._texts:
            return
        self._texts.add(_compared(text))
        statement = Statement(text, tuple(dict.fromkeys(raw.citations)))
        found = self._check(statement, self._evidence, self._asked)
        if found.verdict in SHOWN:
            self._show(Statement(text, found.citations, found.verdict))
        else:
            self.withheld.append(Withheld(text, found.verdict, found.reason))

    def _show(self, statement: Statement) -> None:
        self.shown.append(statement)
        if self._heard:
            self._heard(statement)


def _compared(text: str) -> str:
    return re.sub(r"\W+", " ", _INLINE.sub("", text)).strip().lower()


def plain_sentence(text: str, citations: Sequence[int]) -> tuple[str, str]:
    """The text without Markdown emphasis, inline citation marks and control characters, and what
    is wrong with it (empty if nothing is): markup, an address, marks that disagree with the citations.
    """
    clean = " ".join(_CONTROL.sub(" ", text).split())
    if _MARKUP.search(clean) or _MARKUP.search(text):
        return clean, "contains markup or an address"
    marks = {int(n) for found in _INLINE.finditer(clean) for n in found.group(1).split(",")}
    if marks - set(citations):
        return clean, "marks evidence in the text that it does not cite"
    clean = " ".join(_EMPHASIS.sub("", _INLINE.sub("", clean)).split())
    clean = _without_particle(clean)
    if len(clean) > LONGEST_STATEMENT:
        return clean, f"is longer than {LONGEST_STATEMENT} characters"
    if clean.endswith("?") or _ASKING.match(clean):
        return clean, "asks instead of stating"
    return (clean, "") if _SAID.search(clean) else (clean, "says nothing")


def _without_particle(text: str) -> str:
    """The statement without the "Yes," or "No," before it: no passage says it, and the rest stands alone.

    >>> _without_particle("No, oral contrast is not given."), _without_particle("No contrast is given.")
    ('Oral contrast is not given.', 'No contrast is given.')
    """
    rest = _PARTICLE.sub("", text)
    return text if rest == text else rest[:1].upper() + rest[1:]


def statements_of(pieces: Iterable[str]) -> Iterator[StatementOut]:
    """Each statement of the streamed JSON as soon as it is whole.

    Raises:
        ModelOutputError: the output is not the agreed JSON, broke off, or does not end.
    """
    text, given = "", 0
    for piece in pieces:
        text += piece
        if len(text) > LONGEST_OUTPUT:
            raise ModelOutputError(f"output runs past {LONGEST_OUTPUT} characters")
        if "}" in piece:
            whole = _whole_objects(text)
            yield from (_validated(raw) for raw in whole[given:])
            given = len(whole)
    yield from _answer(text)[given:]


_NUMBERED = re.compile(
    r"^\s*\d{1,2}[.)]\s+(?P<text>.*?)\s*(?P<cited>(?:\[\s*\d+(?:\s*,\s*\d+)*\s*\][\s.]*)+)$"
)


def numbered_statements(pieces: Iterable[str]) -> Iterator[StatementOut]:
    """Each numbered line of the streamed text as soon as it is whole; an empty text is no statement.

    A line in another form is given without citations, so that it is withheld and counted.

    Raises:
        ModelOutputError: the output does not end, or a line is too long.
    """
    rest, length = "", 0
    for piece in pieces:
        rest += piece
        length += len(piece)
        if length > LONGEST_OUTPUT:
            raise ModelOutputError(f"output runs past {LONGEST_OUTPUT} characters")
        *whole, rest = rest.split("\n")
        yield from (_numbered(line) for line in whole if line.strip())
    if rest.strip():
        yield _numbered(rest)


def _numbered(line: str) -> StatementOut:
    found = _NUMBERED.match(line)
    if found is None:
        return _validated({"text": line.strip(), "citations": []})
    cited = [int(n) for n in re.findall(r"\d+", found["cited"])]
    return _validated({"text": found["text"] or line.strip(), "citations": cited})


def _answer(text: str) -> list[StatementOut]:
    try:
        return AnswerOut.model_validate_json(text.strip()).statements
    except ValidationError as error:
        raise ModelOutputError(f"output is not the agreed JSON: {_first(error)}") from error


def _validated(raw: object) -> StatementOut:
    try:
        return StatementOut.model_validate(raw)
    except ValidationError as error:
        raise ModelOutputError(f"statement is not in the agreed form: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def _whole_objects(text: str) -> list[object]:
    """The array's objects that are complete so far."""
    start = text.find("[")
    if start < 0:
        return []
    decoder, at, found = json.JSONDecoder(), start + 1, list[object]()
    while True:
        while at < len(text) and text[at] in ", \n\r\t":
            at += 1
        if at >= len(text) or text[at] != "{":
            return found
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError:
            return found
        found.append(value)
