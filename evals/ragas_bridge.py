"""The one place that touches RAGAS: its metrics over one answer, with or without a judge.

Offline and untracked: RAGAS' own tracking is switched off before it is imported, nothing is fetched,
and the judge is whatever OpenAI-compatible server the caller names, asked without the environment's
proxies. A metric that fails (the judge is down, slow, answers out of form, or RAGAS returns no number)
is unscored with its reason; it is never 0.

RAGAS asks a judge for JSON by description only. Here the same calls carry a JSON schema, which vLLM
and others enforce, so that a weak judge fails by judging badly and not by its commas.
"""

from __future__ import annotations

import asyncio
import math
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, TypeVar

import openai

from evals.errors import EvaluationError

Embed = Callable[[str], list[float]]
Result = TypeVar("Result")

JUDGELESS = ("id_precision", "id_recall", "string", "rouge", "semantic")
JUDGED = (
    "faithfulness", "relevancy", "context_precision", "context_recall", "factual", "noise",
)  # fmt: skip
SEED = 7


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer as RAGAS wants it; ids are fact ids of passages and of the reference."""

    question: str
    response: str
    contexts: tuple[str, ...]
    context_ids: tuple[str, ...]
    reference: str
    reference_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """An OpenAI-compatible server; ``timeout_s`` bounds one call, ``limit_s`` one metric of one case."""

    url: str
    model: str
    api_key: str = "none"
    timeout_s: float = 120.0
    limit_s: float = 600.0
    max_tokens: int = 1024


@dataclass(frozen=True, slots=True)
class Scored:
    """A metric's value from 0 to 1, or ``None`` with the reason why there is none."""

    value: float | None
    reason: str = ""


class RagasScorer:
    """Scores samples one by one; opens RAGAS once and keeps one event loop while ``with`` lasts.

    Raises:
        EvaluationError: RAGAS is not installed.
    """

    def __init__(self, embed: Embed, judge: Judge | None = None) -> None:
        self._judge = judge
        self._failures = _failures()
        self._loop = _Loop()
        self._metrics = _judgeless_metrics(embed)
        self._client = _client(judge) if judge else None
        if judge:
            self._metrics |= _judged_metrics(judge, self._client, embed)

    def __enter__(self) -> RagasScorer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        try:
            if self._client is not None:
                self._loop.run(self._client.close())
        finally:
            self._loop.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that are tried on every sample."""
        return tuple(self._metrics)

    def score(self, sample: Sample) -> dict[str, Scored]:
        """Every metric on one sample."""
        return {name: self._scored(ask, sample) for name, ask in self._metrics.items()}

    def _scored(self, ask: Callable[[Sample], Awaitable[float | None]], sample: Sample) -> Scored:
        limit = self._judge.limit_s if self._judge else None
        try:
            value = self._loop.run(_within(ask(sample), limit))
        except self._failures as error:
            return Scored(None, _said(error))
        if value is None or math.isnan(value):
            return Scored(None, "RAGAS returned no number")
        return Scored(min(1.0, max(0.0, float(value))))


class _Loop:
    """An event loop in a thread of its own, so that a caller who runs one already (a notebook, a
    browser driver) can use the scorer too; an interrupt cancels what is under way."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ragas", daemon=True)
        self._thread.start()

    def run(self, call: Coroutine[Any, Any, Result]) -> Result:
        """The result of ``call``, or what it raised."""
        future = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def close(self) -> None:
        """Stop the thread and free the loop."""
        self.run(self._loop.shutdown_asyncgens())
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _within(call: Awaitable[float | None], limit_s: float | None) -> float | None:
    async with asyncio.timeout(limit_s):
        return await call


def _said(error: BaseException) -> str:
    """The failure in one line; a judge's whole reply is of no use in a report."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}".rstrip(": ")


def _import_ragas() -> None:
    """Import RAGAS untracked.

    Raises:
        EvaluationError: it is not installed.
    """
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"
    try:
        import ragas.metrics.collections  # noqa: F401
    except ImportError as error:
        raise EvaluationError(
            f"RAGAS cannot be imported ({error}): pip install 'radcite[evals]' "
            "--constraint constraints.txt"
        ) from error


def _failures() -> tuple[type[BaseException], ...]:
    """Everything by which a judge or RAGAS' handling of its reply is known to fail."""
    _import_ragas()
    from instructor.core.exceptions import InstructorError

    return (
        openai.OpenAIError, InstructorError, TimeoutError, OSError, ValueError, LookupError,
        TypeError, AttributeError, RuntimeError, AssertionError, ArithmeticError,
    )  # fmt: skip


Metrics = dict[str, Callable[[Sample], Awaitable[float | None]]]


def _judgeless_metrics(embed: Embed) -> Metrics:
    """Identifiers, strings and embeddings: no judge is asked."""
    from ragas.metrics._context_precision import IDBasedContextPrecision
    from ragas.metrics._context_recall import IDBasedContextRecall
    from ragas.metrics.collections import NonLLMStringSimilarity, RougeScore, SemanticSimilarity

    precision = IDBasedContextPrecision()
    recall = IDBasedContextRecall()
    texts = {
        "string": NonLLMStringSimilarity(),
        "rouge": RougeScore(),
        "semantic": SemanticSimilarity(embeddings=_embedding(embed)),
    }

    def compared(metric: Any) -> Callable[[Sample], Awaitable[float | None]]:
        return lambda s: _value(metric.ascore(reference=s.reference, response=s.response))

    return {
        "id_precision": lambda s: precision.single_turn_ascore(_ids(s)),
        "id_recall": lambda s: recall.single_turn_ascore(_ids(s)),
        **{name: compared(metric) for name, metric in texts.items()},
    }


def _ids(sample: Sample) -> Any:
    from ragas import SingleTurnSample

    return SingleTurnSample(
        retrieved_context_ids=list(sample.context_ids),
        reference_context_ids=list(sample.reference_ids),
    )


def _judged_metrics(judge: Judge, client: Any, embed: Embed) -> Metrics:
    """The metrics that ask the judge."""
    from ragas.metrics import collections

    llm = _judge_llm(judge, client)
    faithful = collections.Faithfulness(llm=llm)
    relevant = collections.AnswerRelevancy(llm=llm, embeddings=_embedding(embed))
    precise = collections.ContextPrecisionWithReference(llm=llm)
    complete = collections.ContextRecall(llm=llm)
    factual = collections.FactualCorrectness(llm=llm)
    noise = collections.NoiseSensitivity(llm=llm)

    def with_contexts(metric: Any, *fields: str) -> Callable[[Sample], Awaitable[float | None]]:
        return lambda s: _value(metric.ascore(**_fields(s, fields)))

    contexts = ("user_input", "retrieved_contexts")
    return {
        "faithfulness": with_contexts(faithful, *contexts, "response"),
        "relevancy": with_contexts(relevant, "user_input", "response"),
        "context_precision": with_contexts(precise, *contexts, "reference"),
        "context_recall": with_contexts(complete, *contexts, "reference"),
        "factual": with_contexts(factual, "response", "reference"),
        "noise": with_contexts(noise, *contexts, "response", "reference"),
    }


def _fields(sample: Sample, names: Sequence[str]) -> Mapping[str, object]:
    every: dict[str, object] = {
        "user_input": sample.question,
        "response": sample.response,
        "reference": sample.reference,
        "retrieved_contexts": list(sample.contexts),
    }
    return {name: every[name] for name in names}


async def _value(call: Awaitable[Any]) -> float | None:
    value = (await call).value
    return None if value is None else float(value)


def _client(judge: Judge) -> openai.AsyncOpenAI:
    """The way to the judge: no proxy of the environment, no redirect."""
    return openai.AsyncOpenAI(
        base_url=judge.url, api_key=judge.api_key, timeout=judge.timeout_s, max_retries=1,
        http_client=openai.DefaultAsyncHttpxClient(trust_env=False, follow_redirects=False),
    )  # fmt: skip


def _judge_llm(judge: Judge, client: Any) -> Any:
    """The judge behind RAGAS' interface, held to a JSON schema, temperature 0, fixed seed."""
    import instructor
    from ragas.llms.base import InstructorLLM

    patched = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
    return InstructorLLM(
        client=patched, model=judge.model, provider="openai", temperature=0.0, seed=SEED,
        max_tokens=judge.max_tokens, max_retries=1,
    )  # fmt: skip


def _embedding(embed: Embed) -> Any:
    """The settings' embedding model behind RAGAS' interface."""
    from ragas.embeddings.base import BaseRagasEmbedding

    class Local(BaseRagasEmbedding):
        def embed_text(self, text: str, **_: Any) -> list[float]:
            return embed(text)

        async def aembed_text(self, text: str, **_: Any) -> list[float]:
            return embed(text)

    return Local()
