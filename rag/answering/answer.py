"""From a question to an answer: the whole way in one function.

question -> identifiers masked, unsafe asks declined -> route -> draft (statements with evidence)
-> wording by a model, if there is one -> every statement checked -> Answer | Refusal | NeedsDetails
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields, replace

from rag.answering.aim import reconsidered
from rag.answering.asked_words import with_words_asked
from rag.answering.category_route import from_category
from rag.answering.composed_check import check_composed
from rag.answering.conversation import Whole, self_contained
from rag.answering.draft import Draft, refusal, text_of
from rag.answering.edition_route import from_editions, from_unknown_edition
from rag.answering.facets import read_facets
from rag.answering.forced_route import ForcedRoute, draft_by_route
from rag.answering.korean.asking import in_english
from rag.answering.korean.rendering import Speaker, language_of
from rag.answering.korean.routes import draft_of_korean
from rag.answering.label_route import from_modifiers, from_nonexistent
from rag.answering.liver_observation import from_liver_observation, names_li_rads
from rag.answering.notices import evidence_notices
from rag.answering.parts import Parts, Worded
from rag.answering.referral import from_tables_instead, from_text_or_tables
from rag.answering.referral_signs import asks_for_examination, is_referral, tells_no_finding
from rag.answering.route import Routed, route
from rag.answering.scope import screen
from rag.answering.text_route import from_text, on_unheld_editions, or_weak_match
from rag.answering.told import tell_all
from rag.errors import QuestionError
from rag.knowledge.korean import is_korean
from rag.retrieval.tokens import tokens
from rag.types import (
    Answer,
    Descriptor,
    NeedsDetails,
    Refusal,
    Response,
    Statement,
    Verdict,
    Withheld,
)

_LONGEST_QUESTION = 8_000
"""Characters; a pasted report is a few thousand."""


def ask(
    question: str,
    *,
    parts: Parts,
    guidelines: Collection[str] | None = None,
    history: Sequence[str] = (),
    id: str = "",
    route: ForcedRoute | None = None,
) -> Response:
    """Answer one question from the guidelines, or say why not.

    Args:
        question: in plain words, English or Korean; a pasted finding is a question too.
        guidelines: answer only from these guideline ids (all when ``None``).
        history: earlier questions of the same conversation, oldest first.
        id: returned in the response.
        route: the way the reader chose; found from the question when ``None``.

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
        whole = self_contained(screened.text, history, reader(parts), patient_reader(parts))
        draft = drafted(whole, parts, guidelines, route)
        draft = reconsidered(draft, screened.text, parts.aims() if parts.aims else None)
        draft = replace(draft, carried_over=whole.taken_over(draft.route))
    draft = replace(draft, notices=(*screened.notices, *draft.notices))
    worded = word(screened.text, draft, parts)
    response = finish(draft, worded, parts, question=screened.text, id=id)
    response = in_language(response, parts)
    return replace(response, elapsed_ms=(time.perf_counter() - started) * 1000)


def reader(parts: Parts) -> Callable[[str], Routed]:
    """Reads one question by itself: systems and labels named, findings, intent."""
    return lambda question: route(question, parts.shelf, parts.vocabulary, parts.glossary)


def patient_reader(parts: Parts) -> Callable[[str], tuple[Descriptor, ...]]:
    """Reads the facts of a patient; those of a Korean text through the English of the glossary."""

    def read(text: str) -> tuple[Descriptor, ...]:
        words = parts.korean() if parts.korean and is_korean(text) else None
        if words is None:
            return read_facets(text).read
        english = in_english(text, words)
        return tuple(english.descriptor(d, text) for d in read_facets(english.text).read)

    return read


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


def in_language(response: Response, parts: Parts) -> Response:
    """The response in the language of the settings, or of the question."""
    words = parts.korean() if parts.korean else None
    if words is None or language_of(response.question, parts.settings) != "ko":
        return response
    return Speaker(words, parts.vocabulary).response(response)


def drafted(
    whole: Whole,
    parts: Parts,
    guidelines: Collection[str] | None,
    forced: ForcedRoute | None,
) -> Draft:
    """The draft of the question; a Korean one is also read in the English of the glossary."""

    def draw(one: Whole) -> Draft:
        if forced:
            return draft_by_route(one, parts, guidelines, forced)
        return draft_of(one, parts, guidelines)

    words = parts.korean() if parts.korean and is_korean(whole.text) else None
    return draft_of_korean(whole, draw, reader(parts), words) if words else draw(whole)


def draft_of(whole: Whole, parts: Parts, guidelines: Collection[str] | None) -> Draft:
    """Send the question down its route and return what the route found."""
    routed = whole.routed
    if routed.unknown_editions:
        said = on_unheld_editions(whole.text, routed, parts, guidelines)
        return said or from_unknown_edition(routed, parts.shelf)
    if routed.nonexistent:
        return from_nonexistent(routed, parts.shelf)
    if not asks_for_examination(whole.text) and (
        names_li_rads(whole.text) or not is_referral(whole.text, routed)
    ):
        observed = from_liver_observation(whole.text, parts.shelf, guidelines)
        if observed is not None:
            return observed
    synonyms = parts.glossary.named_things(whole.text)
    unfound = tells_no_finding(whole.text, routed) and not guidelines
    draft = (
        None if unfound else from_category(whole.text, routed, parts.shelf, synonyms, guidelines)
    )
    if draft is not None:
        graded = with_words_asked(whole.text, routed, draft, parts, guidelines)
        return from_tables_instead(whole.text, routed, graded, parts, guidelines)
    if not routed.findings:
        draft = from_modifiers(whole.text, routed, parts.shelf, synonyms)
    if draft is None and routed.intent == "compare_editions":
        draft = from_editions(whole.text, routed, parts.shelf, synonyms)
    if draft is not None:
        return draft

    def read_text() -> Draft:
        return from_text(whole.text, routed, parts, guidelines)

    named_for_an_organ = parts.regions.named_by(
        tokens(" ".join(routed.elsewhere))
    )  # "Ovarian IIIC"
    unheld = routed.elsewhere and not routed.guidelines and not named_for_an_organ
    if unheld and not is_referral(whole.text, routed):
        return naming_what_is_not_held(read_text(), routed)
    found = from_text_or_tables(whole.text, routed, parts, guidelines, read_text)
    near = or_weak_match(found, whole.text, routed, parts, guidelines)
    return naming_what_is_not_held(near, routed)


def naming_what_is_not_held(draft: Draft, routed: Routed) -> Draft:
    """A refusal says which system the question names that no guideline here is."""
    if draft.refusal is None or not routed.elsewhere or routed.guidelines:
        return draft
    kind, reason = draft.refusal
    named = ", ".join(map(_as_written, routed.elsewhere))
    return replace(draft, refusal=(kind, f"The shelf holds no guideline called {named}. {reason}"))


def _as_written(name: str) -> str:
    return name.upper().replace(" ", "-") if name.endswith(("rads", "qual")) else name.title()


def word(question: str, draft: Draft, parts: Parts) -> Worded | None:
    """Let the model word what the evidence says; a table's own decision is never reworded."""
    if parts.wording is None or draft.outcome != "answer" or not draft.evidence:
        return None
    return parts.wording(question, draft.evidence, text_of(draft.statements[: draft.lead]))


def checked(
    statements: Sequence[Statement], check: Callable[[Statement], tuple[Verdict, str]]
) -> tuple[tuple[Statement, ...], tuple[Withheld, ...]]:
    """Every statement through its check; what fails is withheld with its reason."""
    shown: list[Statement] = []
    withheld: list[Withheld] = []
    for statement in statements:
        verdict, reason = check(statement)
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
    statements, withheld = checked(lead, lambda one: check_composed(one, draft.evidence))
    own, failed = checked(rest, lambda one: parts.verify(one, draft.evidence, question))
    if worded and worded.statements:
        untold = () if lead or not own or tell_all(worded.statements, own[0]) else own[:1]
        statements = (*statements, *worded.statements, *untold)
    else:
        statements, withheld = (*statements, *own), (*withheld, *failed)
    lines = text_of(statements)
    common = Response(
        id=id,
        question=question,
        route=draft.route,
        text=lines,
        statements=statements,
        withheld=(*withheld, *(worded.withheld if worded else ())),
        notices=(
            *draft.notices,
            *(worded.notices if worded else ()),
            *evidence_notices(draft.evidence, statements, parts.shelf),
        ),
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
        return NeedsDetails(**shared, clarification=draft.clarification, headlines=draft.headlines)
    if draft.refusal:
        kind, reason = draft.refusal
        return Refusal(**{**shared, "text": common.text or reason}, kind=kind, reason=reason)
    return Answer(**shared)
