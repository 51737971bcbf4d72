"""An OpenAI-compatible server seen from outside: what it serves, what it can do, how it fails.

Nothing here talks to anything but ``settings.llm_url``: no proxy of the environment is used, no
redirect followed. Errors of the client libraries become :class:`~rag.errors.ModelUnavailable` or
:class:`~rag.errors.ModelOutputError`. The libraries take a second or two to import, so each function
imports what it needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import ModelOutputError, ModelUnavailable, SettingsError
from rag.settings import Settings

if TYPE_CHECKING:
    import httpx

CONNECT_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class ServedModel:
    """What ``/v1/models`` says of one model; ``context_tokens`` is ``None`` where it is not said.

    ``server`` is who says it owns the model: ``vllm`` for vLLM.
    """

    name: str
    context_tokens: int | None = None
    server: str = ""


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
    with mapped_errors(), client_of(timeout_s) as client:
        answer = client.get(f"{endpoint(settings)}/models", headers=_headers(settings))
        if answer.status_code != 200:
            raise ModelUnavailable(f"the model's endpoint refused with status {answer.status_code}")
        listed = answer.json()["data"]
        return tuple(
            ServedModel(str(item["id"]), _context(item), str(item.get("owned_by") or ""))
            for item in listed
        )


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


def client_of(timeout_s: float) -> httpx.Client:
    import httpx

    limits = httpx.Timeout(timeout_s, connect=min(timeout_s, CONNECT_TIMEOUT_S))
    return httpx.Client(
        timeout=limits,
        limits=httpx.Limits(max_keepalive_connections=0),  # nothing stays open between questions
        trust_env=False,
        follow_redirects=False,
    )


def async_client_of(timeout_s: float) -> httpx.AsyncClient:
    import httpx

    return httpx.AsyncClient(timeout=timeout_s, trust_env=False, follow_redirects=False)


@dataclass(frozen=True, slots=True)
class Probe:
    """What an endpoint can do; ``problem`` says what is wrong and how to mend it, or is empty.

    ``json_schema`` is ``None`` where it was not tried; ``counts_tokens`` whether it counts them with
    the model's own tokenizer, ``version`` what its server calls itself (empty where it does not say).
    """

    url: str
    reachable: bool
    model: str | None = None
    context_tokens: int | None = None
    json_schema: bool | None = None
    problem: str = ""
    counts_tokens: bool | None = None
    version: str = ""


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
    honoured, problem = honours_schema(settings, served, timeout_s)
    return Probe(
        url,
        True,
        served.name,
        served.context_tokens,
        honoured,
        problem,
        counts_tokens=counted_tokens(settings, served.name, "A nodule.", timeout_s) is not None,
        version=server_version(settings, timeout_s),
    )


_TRIED = {
    "type": "object",
    "properties": {"colour": {"enum": ["ultramarine"]}},
    "required": ["colour"],
    "additionalProperties": False,
}


def honours_schema(settings: Settings, served: ServedModel, timeout_s: float) -> tuple[bool, str]:
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
        with mapped_errors(), client_of(timeout_s) as client:
            answer = client.post(
                f"{endpoint(settings)}/chat/completions", json=body, headers=_headers(settings)
            )
            content = answer.json()["choices"][0]["message"]["content"]
            honoured = bool(json.loads(content) == {"colour": "ultramarine"})
    except ModelUnavailable as error:
        return False, str(error)
    except ModelOutputError:
        honoured = False
    return honoured, ""


def counted_tokens(
    settings: Settings, model: str, text: str, timeout_s: float = CONNECT_TIMEOUT_S
) -> int | None:
    """How many tokens ``text`` is to the served model; ``None`` where the server does not count."""
    count = _asked_of_server(settings, "tokenize", timeout_s, {"model": model, "prompt": text})
    number = count.get("count")
    return number if isinstance(number, int) else None


def server_version(settings: Settings, timeout_s: float = CONNECT_TIMEOUT_S) -> str:
    """What the server calls its version (vLLM does), empty where it does not say."""
    return str(_asked_of_server(settings, "version", timeout_s).get("version") or "")


def _asked_of_server(
    settings: Settings, path: str, timeout_s: float, body: Mapping[str, object] | None = None
) -> Mapping[str, object]:
    """A small thing that some servers answer beside the interface of OpenAI; empty where they do not."""
    root = endpoint(settings).removesuffix("/v1")
    try:
        with mapped_errors(), client_of(timeout_s) as client:
            headers = _headers(settings)
            answer = (
                client.post(f"{root}/{path}", json=body, headers=headers)
                if body
                else client.get(f"{root}/{path}", headers=headers)
            )
            found = answer.json() if answer.status_code == 200 else {}
    except (ModelUnavailable, ModelOutputError):
        return {}
    return found if isinstance(found, dict) else {}
