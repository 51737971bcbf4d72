"""What stands around every page: the line at the foot of the sidebar, the disclaimer, errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape

import streamlit as st

from app import state
from app.html_parts import icon
from rag.errors import RadciteError

_log = logging.getLogger(__name__)


def status_line() -> None:
    """One small line: how questions are answered now, and from which index."""
    with st.sidebar.container(key="status"):
        st.html(status_html())


def status_html() -> str:
    settings, index, words = state.settings(), state.index_state(), state.words()
    mode = words.mode_short_llm.format(model=settings.llm_model or settings.llm_url)
    if not settings.llm_url:
        mode = words.mode_short_evidence
    built = f"{index.passages:,} {words.passages.lower()}" if index else words.index_none
    return (
        f'<p class="rc-status">{icon("memory" if settings.llm_url else "fact_check")}'
        f"<span>{escape(mode)}<br>{escape(built)}</span></p>"
    )


def footer() -> None:
    words = state.words()
    with st.container(key="foot"):
        st.html(
            f'<p class="rc-foot" data-language="{words.language_code}">'
            f"{escape(words.disclaimer)}</p>"
            f'<p class="rc-offline" role="status">{escape(words.offline)}</p>'
        )


def guarded(body: Callable[[], None]) -> None:
    """Run a page or a part of it; what goes wrong is said in its place, in our words.

    An error of ours says what to do. Any other is a fault of radcite: the log gets it whole, the
    reader is told that it happened.
    """
    try:
        body()
    except RadciteError as error:
        error_card(error)
    except Exception:  # noqa: BLE001 - the log has it whole; a page that says so beats a bare trace
        _log.exception("a page failed")
        fault_card()


def fault_card() -> None:
    words = state.words()
    st.html(
        f'<article class="rc-answer rc-error" role="alert"><p class="rc-eyebrow">'
        f'{escape(words.page_failed)}</p><h1 class="rc-lead rc-long">{escape(words.page_fault)}</h1>'
        f'<p class="rc-muted">{escape(words.page_fault_hint)}</p></article>'
    )


def error_card(error: RadciteError) -> None:
    """What happened and what to do, in place of an answer."""
    said, words = str(error), state.words()
    st.html(
        f'<article class="rc-answer rc-error" role="alert"><p class="rc-eyebrow">{escape(words.failed)}</p>'
        f'<h1 class="rc-lead rc-long">{escape(said[:1].upper() + said[1:])}</h1>'
        f'<p class="rc-muted">{escape(words.failed_hint)}</p></article>'
    )


def say_done(text: str) -> None:
    """One line that something was done."""
    st.html(f'<p class="rc-done" role="status">{icon("check")}{escape(text)}</p>')
