"""The model that words answers, as the parts need it: opened at its first use, never raising."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rag.answering.grounding import Embedder
from rag.answering.parts import Worded
from rag.answering.statements import UNREACHABLE, WordingModel, word_answer
from rag.errors import ModelError
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


@dataclass
class _Shared:
    """What all copies of one wording share: the open connection, or when it last failed."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    model: WordingModel | None = None
    failed_at: float | None = None


@dataclass(frozen=True)
class ModelWording:
    """Words statements from evidence and checks each; see :class:`rag.answering.parts.Wording`.

    ``heard`` is called with every statement as soon as it has passed its checks.
    """

    settings: Settings
    connect: Callable[[Settings], WordingModel] = connected
    embedder: Embedder | None = None
    heard: Callable[[Statement], None] | None = None
    _shared: _Shared = field(default_factory=_Shared, compare=False)

    def __call__(self, question: str, evidence: Sequence[Evidence], decided: str) -> Worded:
        try:
            model = self._model()
        except ModelError:
            return Worded((), (), (UNREACHABLE,), self.settings.llm_model)
        embedder = self.embedder or _embedder(self.settings)
        return word_answer(model, question, evidence, decided, embedder=embedder, heard=self.heard)

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
