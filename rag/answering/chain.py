"""``ask`` as a LangChain ``Runnable``: invoke, batch, stream and their asynchronous twins.

    chain = GuidelineChain(ask=ask, parts=build())
    chain.invoke("9 mm solid nodule on a baseline screening CT")      # a Response
    for item in chain.stream({"question": ..., "history": [...]}):     # Statements, then the Response
        ...

``stream`` gives each statement that a model words as soon as it has passed its checks, and last the
whole response, which alone counts: where a model breaks off, it says so and evidence mode answers.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import (
    AsyncIterator,
    Callable,
    Collection,
    Generator,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, replace
from typing import Protocol, TypedDict, cast

from langchain_core.runnables import Runnable, RunnableConfig

from rag.answering.forced_route import FORCED_ROUTES, ForcedRoute
from rag.answering.parts import Parts
from rag.answering.statements import ReaderLeft
from rag.answering.wording import ModelWording
from rag.errors import QuestionError
from rag.types import Response, Statement


class Question(TypedDict, total=False):
    """A question with what may go with it; only ``question`` is required."""

    question: str
    id: str
    guideline: str | Collection[str]
    history: Sequence[str]
    route: ForcedRoute


class Ask(Protocol):
    """The function that answers; :func:`rag.answering.answer.ask`."""

    def __call__(
        self,
        question: str,
        *,
        parts: Parts,
        guidelines: Collection[str] | None = None,
        history: Sequence[str] = (),
        id: str = "",
        route: ForcedRoute | None = None,
    ) -> Response: ...


Streamed = Statement | Response
ChainInput = str | Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    id: str
    guidelines: tuple[str, ...] | None
    history: tuple[str, ...]
    route: ForcedRoute | None


class GuidelineChain(Runnable[ChainInput, Response]):
    """Questions in, checked responses out.

    Input is the question, or a mapping with ``question`` and optionally ``id``, ``guideline`` (an
    id or several), ``history`` (earlier questions, oldest first) and ``route``.
    """

    def __init__(self, ask: Ask, parts: Parts) -> None:
        self._ask = ask
        self._parts = parts

    def invoke(
        self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: object
    ) -> Response:
        """Answer one question.

        Raises:
            QuestionError: the input is no question.
        """
        return self._call_with_config(lambda value: self._answer(value, self._parts), input, config)

    def stream(
        self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: object
    ) -> Iterator[Response]:
        """Statements as they pass their checks, and last the response.

        Declared as responses because LangChain knows one output type; see :data:`Streamed`.
        """
        return cast(Iterator[Response], self.stream_statements(input))

    def stream_statements(self, input: ChainInput) -> Iterator[Streamed]:
        """What :meth:`stream` gives, with its true type."""
        for item in self.stream_with_pauses(input, None):
            if item is not None:
                yield item

    def stream_with_pauses(
        self, input: ChainInput, pause_s: float | None
    ) -> Generator[Streamed | None, None, None]:
        """:meth:`stream_statements` with a ``None`` whenever nothing came for ``pause_s`` seconds.

        A front end that must stay answerable while a model thinks uses the pauses to look up.
        """
        heard: queue.Queue[Streamed | Exception] = queue.Queue()
        left = threading.Event()
        worker = threading.Thread(target=self._work, args=(input, heard, left), daemon=True)
        worker.start()
        try:
            yield from _until_response(heard, pause_s)
        finally:
            left.set()

    async def astream(
        self, input: ChainInput, config: RunnableConfig | None = None, **kwargs: object
    ) -> AsyncIterator[Response]:
        """:meth:`stream` without blocking the event loop."""
        pieces = self.stream(input, config)
        end = object()
        try:
            while (piece := await asyncio.to_thread(next, pieces, end)) is not end:
                yield cast(Response, piece)
        finally:
            await asyncio.to_thread(pieces.close)  # type: ignore[attr-defined]

    def _work(
        self, input: ChainInput, heard: queue.Queue[Streamed | Exception], left: threading.Event
    ) -> None:
        """Answer in a thread of its own; what goes wrong is handed to the reader's."""

        try:
            heard.put(self._answer(input, self._listening(heard.put, left.is_set)))
        except ReaderLeft:
            return
        except Exception as error:  # noqa: BLE001 - raised again where the stream is read
            heard.put(error)

    def _listening(self, hear: Callable[[Statement], None], left: Callable[[], bool]) -> Parts:
        wording = self._parts.wording
        if not isinstance(wording, ModelWording):
            return self._parts
        return replace(self._parts, wording=replace(wording, heard=hear, left=left))

    def _answer(self, input: ChainInput, parts: Parts) -> Response:
        asked = _asked(input)
        return self._ask(
            asked.question,
            parts=parts,
            guidelines=asked.guidelines,
            history=asked.history,
            id=asked.id,
            route=asked.route,
        )


def _until_response(
    heard: queue.Queue[Streamed | Exception], pause_s: float | None
) -> Iterator[Streamed | None]:
    while True:
        try:
            item = heard.get(timeout=pause_s)
        except queue.Empty:
            yield None
            continue
        if isinstance(item, Exception):
            raise item
        yield item
        if isinstance(item, Response):
            return


def _asked(input: ChainInput) -> _Asked:
    if isinstance(input, str):
        return _Asked(input, "", None, (), None)
    question = input.get("question")
    if not isinstance(question, str):
        raise QuestionError(
            "the chain's input has no 'question': give a text, or {'question': ...}"
        )
    return _Asked(
        question,
        str(input.get("id") or ""),
        _texts(input, "guideline") or None,
        _texts(input, "history"),
        _route(input),
    )


def _route(input: Mapping[str, object]) -> ForcedRoute | None:
    value = input.get("route") or None
    if value is not None and value not in FORCED_ROUTES:
        raise QuestionError(f"the chain's 'route' must be one of {', '.join(FORCED_ROUTES)}")
    return value


def _texts(input: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = input.get(key) or ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Sequence | set | frozenset) and all(isinstance(x, str) for x in value):
        return tuple(cast(Collection[str], value))
    raise QuestionError(f"the chain's '{key}' must be a text or a list of texts")
