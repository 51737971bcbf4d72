"""The language model's endpoint: an OpenAI-compatible server (vLLM first), through LangChain.

Nothing here talks to anything but ``settings.llm_url``: no proxy of the environment is used, no
redirect followed, nothing traced or reported. Errors of the client libraries become
:class:`~rag.errors.ModelUnavailable` or :class:`~rag.errors.ModelOutputError`. The libraries take
two seconds to import, so each function imports what it needs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.answering.prompts import Message, Schema
from rag.errors import ModelOutputError, ModelUnavailable, SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

RETRIES = 2
FIRST_WAIT_S = 0.25
CONNECT_TIMEOUT_S = 5.0
USUAL_CONTEXT_TOKENS = 4096
"""Assumed where the server does not say (vLLM does)."""


@dataclass(frozen=True, slots=True)
class ServedModel:
    """What ``/v1/models`` says of one model; ``context_tokens`` is ``None`` where it is not said."""

    name: str
    context_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A served model behind LangChain's ``chat``; ``limit_s`` bounds one whole answer."""

    chat: BaseChatModel
    name: str
    context_tokens: int
    answer_tokens: int
    limit_s: float

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
        form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}
        left = max(0.1, deadline - time.monotonic())
        finish = ""
        with mapped_errors():
            # As extra_body, because given as an argument the client would collect and parse the
            # whole answer itself before it gave the last piece.
            body = {"max_tokens": self.answer_tokens, "response_format": form}
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


@contextmanager
def mapped_errors() -> Iterator[None]:
    """Errors of httpx and openai inside the block become radcite's, chained."""
    try:
        yield
    except Exception as error:
        ours = as_ours(error)
        if ours is None:
            raise
        raise ours from error


def as_ours(error: Exception) -> ModelUnavailable | ModelOutputError | None:
    """The error of ours for one of the client's; ``None`` where it is none of theirs."""
    import httpx
    import openai

    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        return ModelUnavailable("the model's endpoint did not answer in time")
    if isinstance(error, openai.APIStatusError):
        return ModelUnavailable(f"the model's endpoint refused with status {error.status_code}")
    if isinstance(error, openai.APIConnectionError | httpx.HTTPError):
        return ModelUnavailable("the model's endpoint cannot be reached, or broke off")
    if isinstance(error, openai.OpenAIError):
        return ModelOutputError("the model's endpoint reported an error in its answer")
    if isinstance(error, ValueError | TypeError | LookupError | AttributeError | AssertionError):
        return ModelOutputError("the model's endpoint did not answer in the agreed form")
    return None


def retryable(error: ModelUnavailable) -> bool:
    """Whether trying again may help: busy, broken or unreachable, but not slow and not refused."""
    import httpx
    import openai

    cause = error.__cause__
    if isinstance(cause, openai.APITimeoutError | httpx.TimeoutException):
        return False
    if isinstance(cause, openai.APIStatusError):
        return cause.status_code in (408, 409, 429) or cause.status_code >= 500
    return isinstance(cause, openai.APIConnectionError | httpx.HTTPError)


def connect(settings: Settings) -> ChatModel:
    """The model of the settings, or the first one that the endpoint serves.

    Raises:
        SettingsError: no endpoint is set, or its address is none.
        ModelUnavailable: the endpoint cannot be reached or serves no model.
    """
    url = endpoint(settings)
    served = chosen(served_models(settings, CONNECT_TIMEOUT_S), settings.llm_model)
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
        http_client=_client(settings.llm_timeout_s),
        http_async_client=_async_client(settings.llm_timeout_s),
    )
    context = served.context_tokens or USUAL_CONTEXT_TOKENS
    return ChatModel(chat, served.name, context, settings.llm_max_tokens, settings.llm_timeout_s)


def endpoint(settings: Settings) -> str:
    """The endpoint's address without a slash at its end.

    Raises:
        SettingsError: none is set, or it is no http address.
    """
    if settings.llm_url is None:
        raise SettingsError("no language model is set: set RADCITE_LLM_URL, or run 'make llm'")
    parts = urlsplit(settings.llm_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            f"RADCITE_LLM_URL is {settings.llm_url!r}: give an address like http://127.0.0.1:8000/v1"
        )
    return settings.llm_url.rstrip("/")


def served_models(settings: Settings, timeout_s: float) -> tuple[ServedModel, ...]:
    """What the endpoint's ``/models`` lists.

    Raises:
        ModelUnavailable: it cannot be reached or refuses.
        ModelOutputError: it lists nothing that can be read.
    """
    with mapped_errors(), _client(timeout_s) as client:
        answer = client.get(f"{endpoint(settings)}/models", headers=_headers(settings))
        if answer.status_code != 200:
            raise ModelUnavailable(f"the model's endpoint refused with status {answer.status_code}")
        listed = answer.json()["data"]
        return tuple(ServedModel(str(item["id"]), _context(item)) for item in listed)


def _context(item: Mapping[str, object]) -> int | None:
    length = item.get("max_model_len")
    return length if isinstance(length, int) and length > 0 else None


def chosen(served: Sequence[ServedModel], name: str | None) -> ServedModel:
    """The model of this name, or the first.

    Raises:
        ModelUnavailable: there is none; the message lists those there are.
    """
    if not served:
        raise ModelUnavailable("the model's endpoint serves no model")
    if name is None:
        return served[0]
    found = next((model for model in served if model.name == name), None)
    if found is None:
        listed = ", ".join(model.name for model in served)
        raise ModelUnavailable(f"the endpoint does not serve {name}; it serves {listed}")
    return found


def _headers(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.llm_api_key}"}


def _client(timeout_s: float) -> httpx.Client:
    import httpx

    limits = httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
    return httpx.Client(
        timeout=limits,
        limits=httpx.Limits(max_keepalive_connections=0),  # nothing stays open between questions
        trust_env=False,
        follow_redirects=False,
    )


def _async_client(timeout_s: float) -> httpx.AsyncClient:
    import httpx

    return httpx.AsyncClient(timeout=timeout_s, trust_env=False, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """What an endpoint can do; ``problem`` says what is wrong and how to mend it, or is empty.

    ``json_schema`` is ``None`` where it was not tried.
    """

    url: str
    reachable: bool
    model: str | None = None
    context_tokens: int | None = None
    json_schema: bool | None = None
    problem: str = ""


def probe(settings: Settings, timeout_s: float = 2.0, *, check_schema: bool = False) -> Probe:
    """Ask the endpoint what it serves and, on request, whether it honours a JSON schema.

    Raises:
        SettingsError: no endpoint is set, or its address is none.
    """
    url = endpoint(settings)
    try:
        served = chosen(served_models(settings, timeout_s), settings.llm_model)
    except (ModelUnavailable, ModelOutputError) as error:
        return Probe(url, reachable=False, problem=f"{error}: is the server at {url} running?")
    if not check_schema:
        return Probe(url, True, served.name, served.context_tokens)
    honoured, problem = _honours_schema(settings, served, timeout_s)
    return Probe(url, True, served.name, served.context_tokens, honoured, problem)


_TRIED = {
    "type": "object",
    "properties": {"colour": {"enum": ["ultramarine"]}},
    "required": ["colour"],
    "additionalProperties": False,
}


def _honours_schema(settings: Settings, served: ServedModel, timeout_s: float) -> tuple[bool, str]:
    """Whether the one answer that the schema allows comes, though the prompt asks for another."""
    body = {
        "model": served.name,
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": 40,
        "temperature": 0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "colour", "schema": _TRIED},
        },
    }
    try:
        with mapped_errors(), _client(timeout_s) as client:
            answer = client.post(
                f"{endpoint(settings)}/chat/completions", json=body, headers=_headers(settings)
            )
            content = answer.json()["choices"][0]["message"]["content"]
            honoured = bool(json.loads(content) == {"colour": "ultramarine"})
    except ModelUnavailable as error:
        return False, str(error)
    except ModelOutputError:
        honoured = False
    return (
        honoured,
        "" if honoured else "the endpoint does not honour JSON schemas: answers may be unusable",
    )
