"""From a question to an answer: the whole way in one function.

question -> identifiers masked, unsafe asks declined -> route -> draft (statements with evidence)
-> wording by a model, if there is one -> every statement checked -> Answer | Refusal | NeedsDetails
"""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import fields, replace

from rag.answering.category_route import from_category, from_nonexistent
from rag.answering.conversation import self_contained
from rag.answering.draft import Draft, refusal, text_of
from rag.answering.parts import Parts, Worded
from rag.answering.route import Routed, route
from rag.answering.scope import screen
from rag.answering.text_route import from_text
from rag.errors import QuestionError
from rag.types import Answer, NeedsDetails, Refusal, Response, Statement, Withheld

_LONGEST_QUESTION = 8_000
"""Characters; a pasted report is a few thousand."""


def ask(
    question: str,
    *,
    parts: Parts,
    guidelines: Collection[str] | None = None,
    history: Sequence[str] = (),
    id: str = "",
) -> Response:
    """Answer one question from the guidelines, or say why not.

    Args:
        question: in plain words, English or Korean; a pasted finding is a question too.
        guidelines: answer only from these guideline ids (all when ``None``).
        history: earlier questions of the same conversation, oldest first.
        id: returned in the response.

    Raises:
        QuestionError: the question is empty or too long, or names an unknown guideline id.
        PassageIndexError: a passage is needed and there is no usable index.
    """
    started = time.perf_counter()
    checked_question(question, guidelines, parts)
    screened = screen(question)
    if screened.refusal:
        draft = refusal("none", *screened.refusal)
    else:
        whole = self_contained(screened.text, history, parts)
        draft = draft_of(whole.text, parts, guidelines, include_text=True)
        draft = replace(draft, carried_over=whole.carried_over)
    draft = replace(draft, notices=(*screened.notices, *draft.notices))
    worded = word(screened.text, draft, parts)
    response = finish(draft, worded, parts, question=screened.text, id=id)
    return replace(response, elapsed_ms=(time.perf_counter() - started) * 1000)


def checked_question(question: str, guidelines: Collection[str] | None, parts: Parts) -> None:
    """Reject what cannot be asked, before any work is done."""
    if not question.strip():
        raise QuestionError("the question is empty: write what you want to know")
    if len(question) > _LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question)} characters, at most {_LONGEST_QUESTION} are read: "
            "ask about one finding or one section at a time"
        )
    parts.known_guidelines(guidelines)


def draft_of(
    question: str, parts: Parts, guidelines: Collection[str] | None, *, include_text: bool
) -> Draft:
    """Send the question down its route and return what the route found."""
    routed = route(question, parts.shelf, parts.vocabulary, parts.glossary)
    asked = guidelines or routed.guidelines or None
    if routed.nonexistent:
        return from_nonexistent(routed, parts.shelf)
    draft = from_category(question, routed, parts, guidelines)
    if draft is not None:
        return draft
    superseded = bool(guidelines) or bool(routed.editions_named)
    return from_text(question, parts, guidelines=asked, include_superseded=superseded)


def word(question: str, draft: Draft, parts: Parts) -> Worded | None:
    """Let the model word what the evidence says; a table's own decision is never reworded."""
    if parts.wording is None or draft.outcome != "answer" or not draft.evidence:
        return None
    return parts.wording(question, draft.evidence, text_of(draft.statements[: draft.lead]))


def checked(
    statements: Sequence[Statement], draft: Draft, parts: Parts, question: str
) -> tuple[tuple[Statement, ...], tuple[Withheld, ...]]:
    """Every statement against the evidence it cites; what fails is withheld with its reason."""
    shown: list[Statement] = []
    withheld: list[Withheld] = []
    for statement in statements:
        verdict, reason = parts.verify(statement, draft.evidence, question)
        if verdict in ("supported", "partly"):
            shown.append(replace(statement, verdict=verdict))
        else:
            withheld.append(Withheld(statement.text, verdict, reason))
    return tuple(shown), tuple(withheld)


def finish(
    draft: Draft, worded: Worded | None, parts: Parts, *, question: str, id: str
) -> Response:
    """Put checked statements, notices and provenance together as the outcome's own type."""
    lead, rest = draft.statements[: draft.lead], draft.statements[draft.lead :]
    if worded and worded.statements:
        statements, withheld = checked(lead, draft, parts, question)
        statements = (*statements, *worded.statements)
    else:
        statements, withheld = checked((*lead, *rest), draft, parts, question)
    lines = text_of(statements)
    common = Response(
        id=id,
        question=question,
        route=draft.route,
        text=lines,
        statements=statements,
        withheld=(*withheld, *(worded.withheld if worded else ())),
        notices=(*draft.notices, *(worded.notices if worded else ())),
        evidence=draft.evidence,
        retrieved=draft.retrieved,
        decisions=draft.decisions,
        appropriateness=draft.appropriateness,
        carried_over=draft.carried_over,
        mode="llm" if worded and worded.statements else "evidence",
        model=worded.model if worded else None,
        index=parts.fingerprint(),
    )
    return _typed(draft, common)


def _typed(draft: Draft, common: Response) -> Response:
    """The common fields as the outcome's own type."""
    shared = {field.name: getattr(common, field.name) for field in fields(Response)}
    if draft.outcome == "needs_details":
        shared["text"] = "\n".join(filter(None, (*draft.asking, common.text)))
        return NeedsDetails(**shared, clarification=draft.clarification)
    if draft.refusal:
        kind, reason = draft.refusal
        return Refusal(**{**shared, "text": common.text or reason}, kind=kind, reason=reason)
    return Answer(**shared)
