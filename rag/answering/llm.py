"""The language model behind LangChain: streamed, bounded in time, tried again where that may help.

The libraries take two seconds to import, so each function imports what it needs. Nothing is traced
or reported. What the server can do is found out in :mod:`rag.answering.llm_endpoint`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.answering.llm_endpoint import (
    CONNECT_TIMEOUT_S,
    ServedModel,
    async_client_of,
    chosen,
    client_of,
    counted_tokens,
    endpoint,
    honours_schema,
    mapped_errors,
    retryable,
    served_models,
    server_version,
)
from rag.answering.prompts import Form, Message, Schema, estimated_tokens
from rag.errors import ModelOutputError, ModelUnavailable
from rag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

RETRIES = 2
FIRST_WAIT_S = 0.25
USUAL_CONTEXT_TOKENS = 4096
"""Assumed where the server does not say (vLLM does)."""


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A served model behind LangChain's ``chat``; ``limit_s`` bounds one whole answer.

    ``form`` is how its output is written: as JSON under a schema, or as numbered lines where the
    server enforces no schema. ``tokens`` counts a text as the model would.
    """

    chat: BaseChatModel
    name: str
    context_tokens: int
    answer_tokens: int
    limit_s: float
    form: Form = "json"
    tokens: Callable[[str], int] = estimated_tokens

    def stream(self, messages: Sequence[Message], schema: Schema) -> Generator[str, None, None]:
        """Pieces of the output, constrained by ``schema``; tried again only before the first piece.

        Closing the generator hangs up, and the server stops.

        Raises:
            ModelUnavailable: down, refusing, slower than ``limit_s``, or broken off.
            ModelOutputError: what came is no answer, or was cut at the token limit.
        """
        deadline = time.monotonic() + self.limit_s
        for attempt in range(RETRIES + 1):
            heard = False
            try:
                with closing(self._pieces(messages, schema, deadline)) as pieces:
                    for piece in pieces:
                        heard = True
                        yield piece
                return
            except ModelUnavailable as error:
                wait = FIRST_WAIT_S * 2**attempt
                last = attempt == RETRIES or time.monotonic() + wait > deadline
                if heard or last or not retryable(error):
                    raise
                time.sleep(wait)

    def _pieces(
        self, messages: Sequence[Message], schema: Schema, deadline: float
    ) -> Generator[str, None, None]:
        agreed = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}
        left = max(0.1, deadline - time.monotonic())
        finish = ""
        with mapped_errors():
            # As extra_body, because given as an argument the client would collect and parse the
            # whole answer itself before it gave the last piece.
            body: dict[str, object] = {"max_tokens": self.answer_tokens}
            if self.form == "json":
                body["response_format"] = agreed
            bound = self.chat.bind(extra_body=body, timeout=left)
            chunks = _untraced(bound.stream(list(messages)))
            with closing(chunks):
                for chunk in chunks:
                    if time.monotonic() > deadline:
                        raise ModelUnavailable(f"the model took longer than {self.limit_s:g} s")
                    finish = str(chunk.response_metadata.get("finish_reason") or finish)
                    if isinstance(chunk.content, str) and chunk.content:
                        yield chunk.content
            _require_end(finish)


def _untraced(chunks: Iterator[AIMessage]) -> Generator[AIMessage, None, None]:
    """The same chunks, with LangSmith's tracing off whatever the environment says.

    LangChain decides on tracing when the stream starts, so only its start needs the context, which
    must not span a ``yield``.
    """
    from langsmith import tracing_context

    try:
        with tracing_context(enabled=False):
            first = next(chunks, None)
        if first is not None:
            yield first
            yield from chunks
    finally:
        if isinstance(chunks, Generator):
            chunks.close()


def _require_end(finish: str) -> None:
    """An answer ends by itself; a stream that stops before is broken, one cut off is endless."""
    if not finish:
        raise ModelUnavailable("the answer broke off before its end")
    if finish != "stop":
        raise ModelOutputError(f"the answer was cut off ({finish})")


def connect(settings: Settings) -> ChatModel:
    """The model of the settings, or the first one that the endpoint serves.

    Raises:
        SettingsError: no endpoint is set, or its address is none.
        ModelUnavailable: the endpoint cannot be reached or serves no model.
    """
    url = endpoint(settings)
    served = chosen(served_models(settings, CONNECT_TIMEOUT_S), settings.llm_model)
    version = server_version(settings)
    from langchain_openai import ChatOpenAI

    chat = ChatOpenAI(
        model=served.name,
        base_url=url,
        api_key=lambda: settings.llm_api_key,
        temperature=0,
        seed=settings.llm_seed,
        timeout=settings.llm_timeout_s,
        max_retries=0,
        use_responses_api=False,
        stream_usage=False,
        http_client=client_of(settings.llm_timeout_s),
        http_async_client=async_client_of(settings.llm_timeout_s),
    )
    context = served.context_tokens or USUAL_CONTEXT_TOKENS
    return ChatModel(
        chat,
        f"{served.name} ({served.server} {version})" if version else served.name,
        context,
        settings.llm_max_tokens,
        settings.llm_timeout_s,
        form_of(settings, served),
        token_counter(settings, served.name),
    )


def form_of(settings: Settings, served: ServedModel) -> Form:
    """The form that the settings name; else JSON where the server enforces a schema.

    vLLM does; any other server is tried with a schema that allows one answer alone.
    """
    if settings.llm_output != "auto":
        return settings.llm_output
    if served.server == "vllm":
        return "json"
    honoured, _ = honours_schema(settings, served, settings.llm_timeout_s)
    return "json" if honoured else "numbered"


def token_counter(settings: Settings, model: str) -> Callable[[str], int]:
    """Counts with the served model's tokenizer, and estimates from the first time it cannot."""
    counts = True

    @lru_cache(maxsize=4096)
    def count(text: str) -> int:
        nonlocal counts
        found = counted_tokens(settings, model, text) if counts else None
        counts = found is not None
        return estimated_tokens(text) if found is None else found

    return count
