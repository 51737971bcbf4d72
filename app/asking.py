"""One question of one session: what its address says, its answer, and stopping half-way.

The address is the question: ``?q=`` what is asked, ``as=`` the route that the reader chose, ``in=``
the guideline it is limited to, ``after=`` the questions it follows. So every answer has a link.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from app import state
from app.address_box import note
from app.audit import answer_entry
from app.journal import JournalError
from rag.answering.answer import ask
from rag.answering.chain import GuidelineChain
from rag.answering.forced_route import FORCED_ROUTES, ForcedRoute
from rag.types import Response, Statement

_log = logging.getLogger(__name__)

PAUSE_S = 0.4
"""How often a page that waits for a model looks up, so that Stop is heard."""

BOX = "question"

REMEMBERED = 4
"""Earlier questions that a follow-up may lean on."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the address holds it; an empty ``question`` is the start page."""

    question: str = ""
    route: ForcedRoute | None = None
    guideline: str = ""
    after: tuple[str, ...] = ()

    def as_address(self) -> dict[str, str | list[str]]:
        """The query of a link to this question."""
        found: dict[str, str | list[str]] = {"q": self.question} if self.question else {}
        found |= {"as": self.route} if self.route else {}
        found |= {"in": self.guideline} if self.guideline else {}
        return found | ({"after": list(self.after)} if self.after else {})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is: statements that passed their checks, seconds since it was asked."""

    statements: tuple[Statement, ...] = ()
    seconds: float = 0.0


def asked() -> Asked:
    """The question of this page's address."""
    query = st.query_params
    route = query.get("as", "")
    return Asked(
        question=query.get("q", "").strip(),
        route=route if route in FORCED_ROUTES else None,
        guideline=query.get("in", ""),
        after=tuple(text for text in query.get_all("after") if text.strip())[-REMEMBERED:],
    )


def put(question: Asked) -> None:
    """Make ``question`` the address; the next run of the page answers it."""
    st.query_params.from_dict(question.as_address())
    st.session_state.pop("stopped", None)


def ask_box() -> None:
    """Ask what stands in the box."""
    ask_on(st.session_state[BOX])
    note(BOX, asked().question)


def ask_for(text: str) -> None:
    """Ask something of its own: an example, a choice that holds the whole question."""
    if text.strip():
        put(Asked(text.strip(), guideline=asked().guideline))


def ask_on(text: str) -> None:
    """Ask what was typed, after what was asked before; whether it follows on is for the answer."""
    if not text.strip():
        return
    before = asked()
    after = before.after
    if before.question and before.question != text.strip():
        after = (*after, before.question)[-REMEMBERED:]
    put(Asked(text.strip(), guideline=before.guideline, after=after))


def ask_again(route: ForcedRoute | None = None, guideline: str | None = None) -> None:
    """The same question by another route, or limited to another guideline."""
    now = asked()
    put(
        replace(
            now,
            route=route if route is not None else now.route,
            guideline=now.guideline if guideline is None else guideline,
        )
    )


def ask_alone() -> None:
    """The same question without what it takes over from the ones before."""
    put(replace(asked(), after=()))


def stop() -> None:
    """Give up the question that is being answered."""
    st.session_state["stopped"] = _stamp(asked())


def is_stopped() -> bool:
    return bool(st.session_state.get("stopped") == _stamp(asked()))


def is_answered() -> bool:
    return bool(st.session_state.get("answered") == _stamp(asked()))


def answer(told: Callable[[Progress], None]) -> Response:
    """The answer to the address's question, asked once; a rerun for another reason shows the same.

    ``told`` hears how far it is. The session leaves in the middle of it when the reader stops it.

    Raises:
        RadciteError: it cannot be answered; the message says why and what to do.
    """
    question = asked()
    if not is_answered():
        response = _answer(question, told)
        st.session_state["response"] = response
        _write_down(response)
        question = _settled(question, response)
        st.session_state["answered"] = _stamp(question)
    response = st.session_state["response"]
    return cast(Response, response)


def _answer(question: Asked, told: Callable[[Progress], None]) -> Response:
    chain = GuidelineChain(ask, state.parts())
    started = time.monotonic()
    progress = Progress()
    with closing(chain.stream_with_pauses(_input(question), PAUSE_S)) as pieces:
        for piece in pieces:
            if isinstance(piece, Response):
                return piece
            heard = (piece,) if piece is not None else ()
            progress = Progress((*progress.statements, *heard), time.monotonic() - started)
            told(progress)
    raise AssertionError("the chain ends with a response")


def _input(question: Asked) -> dict[str, object]:
    given: dict[str, object] = {"question": question.question, "history": question.after}
    given |= {"route": question.route} if question.route else {}
    return given | ({"guideline": question.guideline} if question.guideline else {})


def _settled(question: Asked, response: Response) -> Asked:
    """The address without what the answer had no use for, and without masked identifiers."""
    after = question.after if response.carried_over else ()
    settled = replace(question, question=response.question, after=after)
    if settled != question:
        st.query_params.from_dict(settled.as_address())
        note(BOX, settled.question)  # the reader may be typing the next one by now
    return settled


def _write_down(response: Response) -> None:
    reader = state.person()
    try:
        entry = answer_entry(response, reader.id if reader else "", session_id())
        state.audit().append(entry)
    except JournalError as error:
        _log.warning("not written to the audit log: %s", error)


def session_id() -> str:
    """A name for this session in the log; it says nothing of who it is."""
    name: str = st.session_state.setdefault("session", uuid.uuid4().hex[:12])
    return name


def _stamp(question: Asked) -> tuple[Asked, str]:
    return question, state.index_mark()
