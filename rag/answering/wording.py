"""The model that words answers, as the parts need it: opened at its first use, never raising."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version

from rag.answering.answer_cache import AnswerCache, cache_key
from rag.answering.english_door import checked_in_english
from rag.answering.grounding import Asked, Embedder, Reading, Verification
from rag.answering.grounding.support import load_weighing, weighing_file
from rag.answering.korean.rendering import language_of
from rag.answering.korean.stating import checked_in_korean
from rag.answering.model_queue import ModelQueue
from rag.answering.parts import Worded
from rag.answering.prompts import prompt_for
from rag.answering.statements import (
    BUSY,
    NONE_PASSED,
    UNREACHABLE,
    WordingModel,
    word_answer,
)
from rag.errors import ModelError
from rag.knowledge.korean import KoreanWords, is_korean, load_korean
from rag.retrieval.index_state import read_state
from rag.settings import Settings
from rag.types import Evidence, Statement

RETRY_AFTER_S = 15.0
"""How long a model that was down is left alone: meanwhile evidence mode answers at once."""


def connected(settings: Settings) -> WordingModel:
    """The endpoint of the settings; imports its client library, which takes a second or two."""
    from rag.answering.llm import connect

    return connect(settings)


def embedding_of(settings: Settings) -> Embedder:
    """The settings' embedding model as a function; it loads at its first text."""
    from rag.retrieval.embedding import PackagedEmbeddings

    model = PackagedEmbeddings(settings.embedding_model)
    return lambda texts: [model.embed_query(text) for text in texts]


def reading_of(settings: Settings) -> Reading | None:
    """The settings' entailment model with its weights, if they name one; it loads at its first statement.

    Raises:
        SettingsError: the folder holds no entailment model.
    """
    if settings.entailment_model is None:
        return None
    from rag.retrieval.entailment import CrossEncoder

    reader = CrossEncoder(settings.entailment_model)
    return Reading(reader, load_weighing(weighing_file(settings.home_dir), reader.model_id))


@dataclass
class _Shared:
    """What all copies of one wording share: the open connection, or when it last failed; the queue."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    model: WordingModel | None = None
    failed_at: float | None = None
    queue: ModelQueue | None = None


@dataclass(frozen=True)
class ModelWording:
    """Words statements from evidence and checks each; see :class:`rag.answering.parts.Wording`.

    ``heard`` is called with every statement as soon as it has passed its checks; ``left`` says
    whether the reader has gone, and then :class:`~rag.answering.statements.ReaderLeft` is raised.
    """

    settings: Settings
    connect: Callable[[Settings], WordingModel] = connected
    embedder: Embedder | None = None
    heard: Callable[[Statement], None] | None = None
    left: Callable[[], bool] = lambda: False
    _shared: _Shared = field(default_factory=_Shared, compare=False)

    def __call__(self, question: str, evidence: Sequence[Evidence], decided: str) -> Worded:
        try:
            model = self._model()
        except ModelError:
            return Worded((), (), (UNREACHABLE,), self.settings.llm_model)
        language = language_of(question, self.settings)
        cache = self._cache()
        key = self._key(model, language, question, evidence, decided)
        known = cache.get(key) if cache else None
        if known is not None:
            return self._said_again(known)
        worded = self._worded(model, language, question, evidence, decided)
        if cache and set(worded.notices) <= {NONE_PASSED}:
            cache.put(key, worded)
        return worded

    def _worded(
        self, model: WordingModel, language: str, question: str, evidence: Sequence[Evidence],
        decided: str,
    ) -> Worded:  # fmt: skip
        try:
            with self._queue().turn(self.settings.llm_timeout_s):
                return word_answer(
                    model, question, evidence, decided,
                    check=self._check, language=language, heard=self.heard, left=self.left,
                )  # fmt: skip
        except ModelError:
            return Worded((), (), (BUSY,), model.name)

    def _check(
        self, statement: Statement, evidence: Sequence[Evidence], asked: Asked
    ) -> Verification:
        embedder = self.embedder or _embedder(self.settings)
        if not is_korean(statement.text):
            reading = _reading(self.settings)
            return checked_in_english(statement, evidence, asked, embedder, reading)
        return checked_in_korean(statement, evidence, asked, _korean(self.settings))

    def _said_again(self, worded: Worded) -> Worded:
        for statement in worded.statements if self.heard else ():
            assert self.heard is not None
            self.heard(statement)
        return worded

    def _key(
        self, model: WordingModel, language: str, question: str, evidence: Sequence[Evidence],
        decided: str,
    ) -> bytes:  # fmt: skip
        chosen = self.settings
        return cache_key(
            question, decided, evidence, model.name, prompt_for(model.form, language).version,
            chosen.llm_url, chosen.llm_seed, chosen.llm_max_tokens, chosen.embedding_model,
            chosen.entailment_model,
            version("radcite"),
        )  # fmt: skip

    def _cache(self) -> AnswerCache | None:
        """The cache of the current index; none without an index or where it is switched off."""
        state = read_state(self.settings.home_dir) if self.settings.answer_cache else None
        if state is None:
            return None
        path = self.settings.home_dir / "cache" / "answers.sqlite"
        return AnswerCache(path, state.build, self.settings.answer_cache)

    def _queue(self) -> ModelQueue:
        with self._shared.lock:
            if self._shared.queue is None:
                self._shared.queue = ModelQueue(
                    self.settings.llm_at_once, self.settings.llm_waiting
                )
            return self._shared.queue

    def _model(self) -> WordingModel:
        shared = self._shared
        with shared.lock:
            if shared.model is None:
                self._wait_after_failure()
                try:
                    shared.model = self.connect(self.settings)
                except ModelError:
                    shared.failed_at = time.monotonic()
                    raise
            return shared.model

    def _wait_after_failure(self) -> None:
        failed = self._shared.failed_at
        if failed is not None and time.monotonic() - failed < RETRY_AFTER_S:
            raise ModelError("the model's endpoint was down a moment ago")


@lru_cache(maxsize=2)
def _embedder(settings: Settings) -> Embedder:
    return embedding_of(settings)


@lru_cache(maxsize=2)
def _reading(settings: Settings) -> Reading | None:
    return reading_of(settings)


@lru_cache(maxsize=2)
def _korean(settings: Settings) -> KoreanWords | None:
    path = settings.corpus / "korean.yaml"
    return load_korean(path) if path.exists() else None
