"""The current build, opened: store and lexical index together, reopened when a new one is current.

A reader takes a :class:`PassageIndex` value and works with that; a build that becomes current
meanwhile is seen at the next question, never in the middle of one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from rag.errors import IndexMismatch, PassageIndexError
from rag.retrieval.index_state import IndexState, pointer_mark, require_state
from rag.retrieval.known_questions import KnownQuestions, open_questions, questions_folder
from rag.retrieval.lexical import LexicalIndex, lexical_folder, terms_mark
from rag.retrieval.store import PassageStore


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """One build, open for reading."""

    state: IndexState
    store: PassageStore
    lexical: LexicalIndex
    questions: KnownQuestions


class IndexReader:
    """Hands out the current build of a home; a changed pointer costs one ``stat`` to notice.

    ``model_id`` and ``dimension`` are those of the embedder that will make the query vectors.
    """

    def __init__(
        self, home: Path, model_id: str, dimension: int, chroma_url: str | None = None
    ) -> None:
        self._home = home
        self._model_id = model_id
        self._dimension = dimension
        self._chroma_url = chroma_url
        self._lock = threading.Lock()
        self._mark: tuple[int, int, int] | None = None
        self._open: PassageIndex | None = None

    def current(self) -> PassageIndex:
        """The build that the pointer names now.

        Raises:
            IndexMissing: nothing has been built.
            IndexMismatch: it was built with another model, dimension or passage format.
            PassageIndexError: it cannot be opened.
        """
        with self._lock:
            mark = pointer_mark(self._home)
            if self._open is None or mark != self._mark:
                # The replaced build is not closed: another thread may be answering from it.
                self._open = self._open_current()
                self._mark = mark
            return self._open

    def _open_current(self) -> PassageIndex:
        state = require_state(self._home, self._model_id, self._dimension, self._chroma_url)
        try:
            return _open_build(self._home, state)
        except PassageIndexError:
            # Two builds may have finished since the pointer was read, and the one it named be gone.
            newer = require_state(self._home, self._model_id, self._dimension, self._chroma_url)
            if newer.build == state.build:
                raise
            return _open_build(self._home, newer)


def _open_build(home: Path, state: IndexState) -> PassageIndex:
    if state.terms != terms_mark():
        raise IndexMismatch(
            "the index was built by another version of radcite: run 'radcite ingest'"
        )
    lexical = LexicalIndex.open(lexical_folder(home, state.build))
    questions = open_questions(questions_folder(home, state.build))
    return PassageIndex(state, PassageStore.open(home, state), lexical, questions)
