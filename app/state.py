"""What the pages share: the opened parts, kept for all sessions, and who reads in which words.

The parts are opened once and opened again when the settings or the passage index change, so that a
rebuilt index answers without a restart.
"""

from __future__ import annotations

import gc
import importlib
import logging
import os
from functools import lru_cache
from pathlib import Path

import streamlit as st

from app.audit import audit_log, feedback_log
from app.chips import Labels
from app.corpus_labels import CorpusLabels
from app.journal import Journal, JournalError
from app.model_setting import FILE as SETTINGS_FILE
from app.order_desk import entries_of, found_by
from app.people import Person, Roles, local_person, person_of, read_roles
from app.preferences import COOKIE, Preferences, preferences_in
from app.words import Words, words_in
from rag.answering.parts import Parts
from rag.errors import RadciteError
from rag.retrieval.index_state import IndexState, pointer_mark, read_state
from rag.settings import Settings, load_settings
from rag.wire import build

_log = logging.getLogger(__name__)


def settings() -> Settings:
    """The settings now in force; read again only when the environment or ``radcite.env`` change."""
    ours = tuple(item for item in os.environ.items() if item[0].upper().startswith("RADCITE_"))
    return _read_settings(ours, SETTINGS_FILE.stat().st_mtime_ns if SETTINGS_FILE.exists() else 0)


@lru_cache(maxsize=1)
def _read_settings(_environment: tuple[tuple[str, str], ...], _file_changed: int) -> Settings:
    return load_settings()


@st.cache_resource(max_entries=1, show_spinner=False)
def _opened(_settings: Settings, settings_text: str, index_mark: str) -> Parts:
    gc.unfreeze()  # the parts that these replace may go
    return build(_settings)


def parts() -> Parts:
    """The opened parts; the same object until settings or index change."""
    now = settings()
    return _opened(now, now.model_dump_json(), index_mark())


def warm_up() -> None:
    """Load what the first question of each kind would wait for, and keep it out of the collector.

    Streamlit runs the garbage collector after every run of a page. Guidelines and models are a
    million objects that never become garbage; looked at each time they cost half a second a click.
    """
    opened = parts()
    for guideline in opened.shelf.ids:
        opened.shelf.get(guideline)
    try:
        opened.search("growth of a nodule", 1)
        desk = opened.desk()
        if desk is not None:
            entries_of(desk)
            found_by(desk, "acute low back pain")
    except RadciteError as error:
        _log.info("not warmed up: %s", error)
    importlib.import_module(
        "streamlit.emojis"
    )  # the first row of buttons would wait a second for it
    gc.collect()
    gc.freeze()


def preferences() -> Preferences:
    """This browser's language, theme and text size."""
    cookie = st.context.cookies.get(COOKIE, "")
    return preferences_in(cookie, st.context.locale or "", settings().language)


def words() -> Words:
    """The interface's words in this reader's language."""
    return words_in(preferences().language)


def labels() -> Labels:
    """How the corpus calls descriptors and their values, in this reader's language."""
    return CorpusLabels(parts().shelf, preferences().language)


def index_mark() -> str:
    """Changes when another passage index becomes current."""
    return str(pointer_mark(settings().home_dir))


def index_state() -> IndexState | None:
    """The current passage index, or ``None`` where none is built or it cannot be read."""
    try:
        return read_state(settings().home_dir)
    except RadciteError:
        return None


@lru_cache(maxsize=4)
def _roles(path: Path, changed: float) -> Roles:
    return read_roles(path)


def signs_in() -> bool:
    """Whether people sign in here."""
    return settings().sign_in is not None


def person() -> Person | None:
    """Who reads; ``None`` where people sign in and this one has not."""
    path = settings().sign_in
    if path is None:
        return local_person(words().local_user)
    if not st.user.get("is_logged_in"):
        return None
    changed = path.stat().st_mtime if path.exists() else 0.0
    return person_of(dict(st.user), _roles(path, changed))


def is_librarian() -> bool:
    """Whether this reader may change the shelf and read the logs."""
    found = person()
    return found is not None and found.librarian


def audit() -> Journal:
    return audit_log(settings())


def feedback() -> Journal:
    return feedback_log(settings())


def note_down(action: str, what: str) -> None:
    """Write into the audit log that this reader changed something."""
    reader = person()
    try:
        audit().append({"who": reader.id if reader else "", "action": action, "what": what})
    except JournalError as error:
        _log.warning("not written to the audit log: %s", error)
