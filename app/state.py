"""What the pages share: the opened parts, kept for all sessions, and the question of this one.

The parts are opened once and opened again when the settings or the passage index change, so that a
rebuilt index answers without a restart.
"""

from __future__ import annotations

import logging

import streamlit as st

from app.chips import Labels
from app.corpus_labels import CorpusLabels
from rag.answering.answer import ask
from rag.answering.parts import Parts
from rag.errors import RadciteError
from rag.retrieval.index_state import IndexState, pointer_mark, read_state
from rag.settings import Settings, load_settings
from rag.types import Response
from rag.wire import build

_log = logging.getLogger(__name__)


def settings() -> Settings:
    return load_settings()


@st.cache_resource(max_entries=1, show_spinner=False)
def _opened(_settings: Settings, settings_text: str, index_mark: str) -> Parts:
    return build(_settings)


def parts() -> Parts:
    """The opened parts; the same object until settings or index change."""
    now = settings()
    return _opened(now, now.model_dump_json(), str(pointer_mark(now.home_dir)))


def warm_up() -> None:
    """Load what the first text question would wait for; without an index there is nothing to load."""
    try:
        parts().search("growth of a nodule", 1)
    except RadciteError as error:
        _log.info("not warmed up: %s", error)


def labels() -> Labels:
    """How the corpus calls descriptors and their values."""
    return CorpusLabels(parts().shelf)


def index_state() -> IndexState | None:
    """The current passage index, or ``None`` where none is built or it cannot be read."""
    try:
        return read_state(settings().home_dir)
    except RadciteError:
        return None


def question() -> str:
    """The question of this page's address: what ``?q=`` says is what is answered."""
    return st.query_params.get("q", "").strip()


def ask_for(text: str) -> None:
    """Make ``text`` the question; the next run of the page answers it."""
    if text.strip():
        st.query_params["q"] = text.strip()
        st.session_state["question"] = text.strip()


def is_answered(text: str) -> bool:
    return bool(st.session_state.get("answered") == _stamp(text))


def answer(text: str) -> Response:
    """The answer to ``text``, asked once; a rerun for another reason shows the same one.

    Raises:
        RadciteError: it cannot be answered; the message says why and what to do.
    """
    if not is_answered(text):
        st.session_state["response"] = ask(text, parts=parts())
        st.session_state["answered"] = _stamp(text)
    response: Response = st.session_state["response"]
    return response


def _stamp(text: str) -> tuple[str, str]:
    return text, str(pointer_mark(settings().home_dir))
