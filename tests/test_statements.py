"""From a model's output to statements: taking it apart, cleaning, checking."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.prompts import LONGEST_STATEMENT, Form, Message, Schema, estimated_tokens
from rag.answering.statements import (
    LONGEST_OUTPUT,
    NONE_PASSED,
    UNREACHABLE,
    UNUSABLE,
    StatementOut,
    plain_sentence,
    statements_of,
    word_answer,
)
from rag.errors import ModelError, ModelOutputError, ModelUnavailable
from rag.types import Evidence, Statement
from tests.fakes import passage

MANAGEMENT = "Category 4A: LDCT at 3 months."
RULE = "A solid nodule of 8 mm or more and less than 15 mm at baseline is category 4A."
TRUE = "Category 4A is followed with LDCT at 3 months."


def evidence(*texts: str) -> tuple[Evidence, ...]:
    given = (passage(text) for text in texts)
    return tuple(Evidence(n, item, item.text) for n, item in enumerate(given, start=1))


@dataclass
class SaysThis:
    """A model that gives these pieces, then fails if it is told to."""

    pieces: Sequence[str]
    error: ModelError | None = None
    name: str = "says-this"
    context_tokens: int = 4096
    answer_tokens: int = 400
    form: Form = "json"
    tokens: Callable[[str], int] = estimated_tokens
    asked: list[tuple[Sequence[Message], Schema]] = field(default_factory=list)

    def stream(self, messages: Sequence[Message], schema: Schema) -> Generator[str, None, None]:
        self.asked.append((messages, schema))
        yield from self.pieces
        if self.error:
            raise self.error


def output(*statements: tuple[str, Sequence[int]]) -> str:
    return json.dumps({"statements": [{"text": t, "citations": list(c)} for t, c in statements]})


def in_pieces(text: str, size: int = 7) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def texts(found: Iterable[StatementOut]) -> list[str]:
    return [item.text for item in found]


@given(
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), max_size=5),
    st.integers(1, 30),
)
def test_statements_come_out_as_they_went_in_however_the_stream_is_cut(
    sentences: list[str], size: int
) -> None:
    whole = output(*((sentence, [1]) for sentence in sentences))
    assert texts(statements_of(in_pieces(whole, size))) == sentences


def test_a_statement_is_given_before_the_output_ends() -> None:
    whole = output(("First.", [1]), ("Second.", [1]))
    cut = whole.index("Second")
    stream = statements_of(in_pieces(whole[:cut], 5))
    assert next(stream).text == "First."
    with pytest.raises(ModelOutputError):
        next(stream)


@pytest.mark.parametrize(
    "raw",
    [
        "", "4A.", "[]", "{}", '{"statements": {}}', '{"statements": [', '{"statements": [{"text": "a"}]}',
        '{"statements": [{"text": "a", "citations": ["1"]}]}', '{"statements": [{"text": 1, "citations": [1]}]}',
        '{"statements": [{"text": "", "citations": [1]}]}', '{"statements": [], "note": "x"}',
        '{"statements": [{"text": "a", "citations": [1], "verdict": "supported"}]}', "<html></html>",
        '{"statements": []} and more', "null", '{"statements": [{"text": "a", "citations": [1.5]}]}',
    ],
)  # fmt: skip
def test_anything_but_the_agreed_form_is_an_error(raw: str) -> None:
    with pytest.raises(ModelOutputError):
        list(statements_of([raw]))


def test_an_endless_output_is_cut() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield "1." * 100

    with pytest.raises(ModelOutputError, match=str(LONGEST_OUTPUT)):
        list(statements_of(endless()))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("**Category 4A** is suspicious.", "Category 4A is suspicious."),
        ("- Category 4A is `suspicious`.", "Category 4A is suspicious."),
        ("Category 4A is suspicious [1].", "Category 4A is suspicious."),
        ("Category 4A\n is\u200b suspicious.", "Category 4A is suspicious."),
        ("A nodule <6 mm or > 8 mm.", "A nodule <6 mm or > 8 mm."),
        ("## Category 4A is suspicious", "Category 4A is suspicious"),
    ],
)
def test_markdown_and_inline_marks_become_plain_text(raw: str, clean: str) -> None:
    assert plain_sentence(raw, [1]) == (clean, "")


@pytest.mark.parametrize(
    "raw",
    [
        "<b>Category 4A</b>", "<script>alert(1)</script>", "<!-- hidden -->", "See https://example.org.",
        "[here](javascript:x)", "![x](data:image)", "```code```", "| a | b |", "a &lt;b&gt;", "Category 4A [3].",
        "x" * (LONGEST_STATEMENT + 1), "...", "What is category 4A?",
        "Should CT use IV contrast.", "Is oral contrast given when ischaemia is suspected.", "When should CT follow.",
    ],
)  # fmt: skip
def test_markup_addresses_and_false_marks_are_withheld(raw: str) -> None:
    assert plain_sentence(raw, [1])[1]


def test_what_passes_is_shown_and_what_fails_is_withheld_with_its_reason() -> None:
    model = SaysThis(
        in_pieces(output((TRUE, [1]), ("Category 4C is worse.", [1]), ("<b>x</b>", [1])))
    )
    heard: list[Statement] = []
    found = word_answer(model, "After 4A?", evidence(MANAGEMENT), heard=heard.append)
    assert found.statements == (Statement(TRUE, (1,), "supported"),)
    assert heard == list(found.statements)
    assert [item.text for item in found.withheld] == ["Category 4C is worse.", "<b>x</b>"]
    assert all(
        item.reason and item.verdict in ("unsupported", "contradicted") for item in found.withheld
    )
    assert (found.notices, found.model) == ((), "says-this")


def test_a_statement_is_shown_once_and_never_repeats_the_decision() -> None:
    model = SaysThis([output((TRUE, [1]), (TRUE, [1]), ("Lung-RADS 4A: LDCT at 3 months.", [1]))])
    decided = "Lung-RADS 4A: LDCT at 3 months. [1]"
    found = word_answer(model, "After 4A?", evidence(MANAGEMENT), decided)
    assert [item.text for item in found.statements] == [TRUE]


def test_citations_are_cut_to_those_that_support() -> None:
    model = SaysThis([output((TRUE, [1, 2, 1]))])
    found = word_answer(model, "After 4A?", evidence(MANAGEMENT, RULE))
    assert found.statements[0].citations == (1,)


@pytest.mark.parametrize(
    ("error", "notice"),
    [(ModelUnavailable("down"), UNREACHABLE), (ModelOutputError("rubbish"), UNUSABLE)],
)
def test_an_answer_that_breaks_off_is_no_answer(error: ModelError, notice: str) -> None:
    model = SaysThis([output((TRUE, [1]))[:-2]], error)
    found = word_answer(model, "After 4A?", evidence(MANAGEMENT))
    assert (found.statements, found.notices) == ((), (notice,))


def test_where_nothing_passes_the_reader_is_told() -> None:
    found = word_answer(
        SaysThis([output(("Category 6 is cancer.", [1]))]), "6?", evidence(MANAGEMENT)
    )
    assert (found.statements, found.notices) == ((), (NONE_PASSED,))
    assert word_answer(SaysThis([output()]), "6?", evidence(MANAGEMENT)).notices == (NONE_PASSED,)


def test_the_model_may_cite_only_the_evidence_that_fits_its_window() -> None:
    model = SaysThis([output()], context_tokens=1200)
    word_answer(
        model, "After 4A?", evidence(MANAGEMENT, *(f"{RULE} {n} " + "x" * 900 for n in range(9)))
    )
    _, schema = model.asked[0]
    allowed = json.dumps(schema)
    assert '"enum": [1]' in allowed or '"enum": [1, 2]' in allowed
