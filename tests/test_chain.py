"""The chain as other people's LangChain code uses it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest
from langchain_core.runnables import Runnable, RunnableLambda

from rag.answering.chain import GuidelineChain
from rag.answering.parts import Parts, Worded
from rag.answering.prompts import Form
from rag.answering.wording import ModelWording
from rag.errors import QuestionError
from rag.settings import Settings
from rag.types import Answer, Evidence, Response, Statement
from tests.fakes import passage

TRUE = ("Category 4A is followed with LDCT at 3 months.", "LDCT at 3 months follows category 4A.")


class Speaks:
    """A model that says its statements one by one, slowly."""

    name = "speaks"
    context_tokens = 4096
    answer_tokens = 300
    form: Form = "json"
    tokens = staticmethod(len)

    def __init__(self, *sentences: str, pause_s: float = 0.0) -> None:
        self._sentences, self._pause_s = sentences, pause_s
        self.stopped_after = 0

    def stream(self, messages: object, schema: object) -> Generator[str, None, None]:
        yield '{"statements": ['
        for number, sentence in enumerate(self._sentences):
            time.sleep(self._pause_s)
            self.stopped_after = number + 1
            yield f'{"," if number else ""}{{"text": "{sentence}", "citations": [1]}}'
        yield "]}"


def parts_with(wording: object) -> Parts:
    """Parts of which only the wording is used here."""
    unused = {field.name: None for field in fields(Parts)}
    return Parts(**{**unused, "settings": Settings(), "wording": wording})  # type: ignore[arg-type]


def ask(
    question: str,
    *,
    parts: Parts,
    guidelines: object = None,
    history: Sequence[str] = (),
    id: str = "",
    route: str | None = None,
) -> Response:
    """Answers with whatever the wording makes of one passage."""
    if "fail" in question:
        raise QuestionError("scripted")
    item = passage("Category 4A: LDCT at 3 months.")
    given = (Evidence(1, item, item.text),)
    worded = parts.wording(question, given, "") if parts.wording else Worded(())
    text = f"{question} | {guidelines} | {list(history)}"
    return Answer(id, question, "guideline_text", text, statements=worded.statements)


def chain(model: Speaks | None = None) -> GuidelineChain:
    if model is None:
        return GuidelineChain(ask, parts_with(None))
    wording = ModelWording(
        Settings(llm_url="http://127.0.0.1:9/v1"),
        connect=lambda _: model,
        embedder=lambda x: [[1.0]] * len(x),
    )
    return GuidelineChain(ask, parts_with(wording))


def test_is_a_runnable_that_composes() -> None:
    assert isinstance(chain(), Runnable)
    piped = chain() | RunnableLambda(lambda response: response.question)
    assert piped.invoke("4A?") == "4A?"


def test_takes_a_text_or_a_mapping() -> None:
    assert chain().invoke("4A?").text == "4A? | None | []"
    given = {"question": "4A?", "id": "q1", "guideline": "lung_rads_v2022", "history": ["before"]}
    found = chain().invoke(given)
    assert (found.id, found.text) == ("q1", "4A? | ('lung_rads_v2022',) | ['before']")
    several = chain().invoke({"question": "4A?", "guideline": ["a", "b"]})
    assert "('a', 'b')" in several.text


@pytest.mark.parametrize(
    "wrong",
    [{}, {"question": 4}, {"question": "x", "history": [1]}, {"question": "x", "guideline": 4}],
)
def test_an_input_that_is_no_question_is_an_error_of_ours(wrong: dict[str, object]) -> None:
    with pytest.raises(QuestionError):
        chain().invoke(wrong)


def test_batch_keeps_the_order() -> None:
    assert [item.question for item in chain().batch(["a", "b", "c"])] == ["a", "b", "c"]


def test_async_twins_give_the_same() -> None:
    async def both() -> tuple[Response, list[object]]:
        found = await chain().ainvoke("4A?")
        return found, [piece async for piece in chain(Speaks(*TRUE)).astream("4A?")]

    # In a thread of its own: a browser test of the same run may leave a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        found, pieces = pool.submit(lambda: asyncio.run(both())).result()
    assert found.question == "4A?"
    assert [type(piece) for piece in pieces] == [Statement, Statement, Answer]


def test_statements_stream_as_they_pass_and_the_response_comes_last() -> None:
    model = Speaks(TRUE[0], "Category 6 is cancer.", TRUE[1], pause_s=0.15)
    came = [(time.monotonic(), piece) for piece in chain(model).stream("4A?")]
    texts = [piece.text for _, piece in came if isinstance(piece, Statement)]
    assert texts == list(TRUE)
    assert isinstance(came[-1][1], Answer)
    assert came[-1][0] - came[0][0] > 0.2


def test_without_a_model_only_the_response_streams() -> None:
    assert [type(piece) for piece in chain().stream("4A?")] == [Answer]


def test_what_goes_wrong_is_raised_where_the_stream_is_read() -> None:
    with pytest.raises(QuestionError, match="scripted"):
        list(chain().stream("fail"))


def test_a_reader_who_leaves_stops_the_model() -> None:
    different = [
        f"{'Low-dose CT' if n else 'LDCT'} at 3 months follows category 4A{n * '.'}"
        for n in range(2)
    ]
    model = Speaks(
        *different, *(f"Nodule {n} is cancer." for n in range(40)), TRUE[0], pause_s=0.02
    )
    stream = chain(model).stream("4A?")
    assert isinstance(next(stream), Statement)
    stream.close()  # type: ignore[attr-defined]
    time.sleep(0.5)
    assert model.stopped_after < 40


def test_explicit_callbacks_of_the_caller_are_called() -> None:
    from langchain_core.callbacks import BaseCallbackHandler

    class Listens(BaseCallbackHandler):
        def __init__(self) -> None:
            self.heard: list[str] = []

        def on_chain_end(self, outputs: object, **kwargs: object) -> None:
            self.heard.append(type(outputs).__name__)

    listener = Listens()
    chain().invoke("4A?", config={"callbacks": [listener]})
    assert listener.heard == ["Answer"]


def test_the_real_ask_fits(tmp_path: Path) -> None:
    from rag.answering.answer import ask as real
    from rag.wire import build

    parts = build(Settings(home=tmp_path))
    found = GuidelineChain(real, parts).invoke("9 mm solid nodule on a baseline screening CT")
    assert found.decision is not None
    assert found.decision.category == "4A"
