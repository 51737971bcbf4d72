"""What a language model proposes for the finding of the Grade page: each with the words it was read from.

Nothing proposed reaches a table before the reader takes it. Proposals are asked for by a button, never
by themselves: the decision stands without them.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from app import state
from app.chips import Labels
from app.literal import literal
from app.words import Words
from rag.answering.finding import Finding
from rag.answering.proposals import Proposal, Proposed, propose
from rag.knowledge.guideline import Guideline
from rag.knowledge.interval import quantity
from rag.types import Scalar

KEPT = "grade_proposed"

Take = Callable[[Proposal], None]


def proposals(
    finding: Finding, guideline: Guideline, labels: Labels, words: Words, take: Take
) -> None:
    """The button, and what was proposed for this text; nothing where no model is configured."""
    if not state.settings().llm_url or not finding.text.strip():
        return
    st.button(
        words.ask_for_proposals, icon=":material/quick_reference_all:", type="tertiary",
        on_click=_ask, args=(finding, guideline),
    )  # fmt: skip
    text, proposed = st.session_state.get(KEPT, ("", Proposed()))
    if text != finding.text:
        return
    waiting = [each for each in proposed.proposals if not _is_set(each, finding)]
    for line in (*proposed.notices, *proposed.dropped):
        st.html(f'<p class="rc-muted">{escape(line)}</p>')
    if not waiting and not proposed.notices:
        st.html(f'<p class="rc-muted">{escape(words.no_proposals)}</p>')
    for place, each in enumerate(waiting):
        _shown(each, place, labels, words, take)


def _ask(finding: Finding, guideline: Guideline) -> None:
    st.session_state[KEPT] = (finding.text, propose(state.settings(), guideline, finding))


def _is_set(proposal: Proposal, finding: Finding) -> bool:
    return finding.get(proposal.descriptor.name) == proposal.descriptor.value


def _shown(proposal: Proposal, place: int, labels: Labels, words: Words, take: Take) -> None:
    read = proposal.descriptor
    said = words.proposed.format(
        name=labels.name(read.name), value=_value(read.name, read.value, read.unit, labels)
    )
    against = f" {words.proposed_against}" if proposal.standing == "contradicts" else ""
    st.html(f"<p>{escape(said)} <q>{escape(read.text)}</q>{escape(against)}</p>")
    st.button(
        literal(words.take_proposal), key=f"take {place} {read.name}", on_click=take,
        args=(proposal,),
    )  # fmt: skip


def _value(name: str, value: Scalar, unit: str | None, labels: Labels) -> str:
    return labels.value(name, value) if isinstance(value, str) else quantity(float(value), unit)
