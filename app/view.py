"""From a response to what a reader sees of it: pure values that every front end renders.

Nothing here knows of HTML, Streamlit or the terminal, and nothing is added to what the response
says: the headline is its first statement, the chips are its descriptors, the cards its evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from app.badge import Badge, badge_of
from app.chips import Labels, PlainLabels, quantity
from app.findings import Finding, findings_of, says_reading
from app.follow_up import Choice, NumberWanted, choices_of, existing_of, number_of
from app.marks import split_at, support_spans
from app.procedures import ProcedureTable, in_reading_order, procedure_table
from app.words import EN, Words
from rag.types import (
    Clarification,
    Decision,
    Evidence,
    NeedsDetails,
    Passage,
    Refusal,
    Response,
    Statement,
)

READABLE = ("fact", "row")
"""Kinds of passages that the Guidelines page shows sentence by sentence."""

Tone = Literal["answer", "disputed", "details", "refusal"]


@dataclass(frozen=True, slots=True)
class Line:
    """One statement with its evidence numbers; a ``reading`` is one of several that sources give."""

    text: str
    citations: tuple[int, ...]
    partly: bool = False
    reading: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One piece of evidence; ``pieces`` is its passage cut where words are marked.

    ``document_id`` names the department's document it stands in; empty for a guideline.
    """

    n: int
    badge: Badge
    place: str
    pieces: tuple[tuple[str, bool], ...]
    is_row: bool
    note: str
    document: str
    fact_id: str
    source_url: str
    used_by: tuple[int, ...]
    folds: bool = False
    document_id: str = ""
    page: int | None = None

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """Everything a front end shows of one response, in the order it is read.

    ``question_back`` asks for the detail that ``choices`` or ``number`` give, where the lead does
    not ask for it itself: one system has decided and another still needs something.
    """

    tone: Tone
    question: str
    eyebrow: str
    lead: Line
    lines: tuple[Line, ...]
    badges: tuple[Badge, ...]
    findings: tuple[Finding, ...]
    notices: tuple[str, ...]
    withheld: tuple[tuple[str, str], ...]
    cards: tuple[Card, ...]
    question_back: str = ""
    choices: tuple[Choice, ...] = ()
    number: NumberWanted | None = None
    mode: str = ""
    mode_short: str = ""
    index: str = ""
    elapsed_ms: float = 0.0
    table: ProcedureTable | None = None


def view_of(response: Response, labels: Labels | None = None, words: Words = EN) -> AnswerView:
    """The response as a reader sees it, in the words of ``words``."""
    labels = labels or PlainLabels()
    lead, lines = _lead_and_lines(response, words)
    clarification = response.clarification if isinstance(response, NeedsDetails) else None
    choices = choices_of(response.question, clarification, labels)
    if isinstance(response, Refusal):
        choices = existing_of(response, labels, words)
    return AnswerView(
        tone=_tone(response),
        question=response.question,
        eyebrow=_eyebrow(response, words),
        lead=lead,
        lines=lines,
        badges=_badges(response, labels, words),
        findings=findings_of(response, labels, words),
        notices=_notices(response, labels, words),
        withheld=tuple((item.text, item.reason) for item in response.withheld),
        cards=tuple(_card(item, response, labels, words) for item in response.evidence),
        question_back=_question_back(lead, clarification, choices, words),
        choices=choices,
        number=number_of(clarification, labels),
        mode=_mode(response, words),
        mode_short=words.mode_short_llm.format(model=response.model)
        if response.mode == "llm"
        else words.mode_short_evidence,
        index=words.index.format(fingerprint=response.index)
        if response.index
        else words.index_none,
        elapsed_ms=response.elapsed_ms,
        table=_table(response, labels, words),
    )


def _mode(response: Response, words: Words) -> str:
    """How the answer was made; a model of which nothing passed the checks is named as such."""
    if response.mode == "llm":
        return words.mode_llm.format(model=response.model)
    if response.model is None:
        return words.mode_unworded
    n = len(response.withheld)
    counted = words.withheld_one if n == 1 else words.withheld_many.format(n=n)
    said = words.mode_none_passed if n else words.mode_nothing_usable
    return said.format(model=response.model, counted=counted)


def _table(response: Response, labels: Labels, words: Words) -> ProcedureTable | None:
    """The procedure table; without its heading where a statement names the scenario already."""
    given = response.appropriateness
    if given is None:
        return None
    table = procedure_table(given, labels, words)
    told = any(given.scenario in statement.text for statement in response.statements)
    return replace(table, topic="", scenario="") if told else table


def _tone(response: Response) -> Tone:
    if isinstance(response, Refusal):
        return "refusal"
    if isinstance(response, NeedsDetails) and not _has_decided(response):
        return "details"
    return "disputed" if response.decision and response.decision.readings else "answer"


def _question_back(
    lead: Line, asked: Clarification | None, choices: Sequence[Choice], words: Words
) -> str:
    if asked is not None:
        return asked.question if lead.text != asked.question else ""
    return words.existing if choices else ""


def _has_decided(response: Response) -> bool:
    """Whether the first system has decided, even if another still needs a detail."""
    first = response.decision
    decided = first is not None and (first.category is not None or bool(first.readings))
    return decided and bool(response.statements)


def _eyebrow(response: Response, words: Words) -> str:
    if isinstance(response, Refusal):
        return words.refusal_eyebrow[response.kind]
    if isinstance(response, NeedsDetails) and not _has_decided(response):
        return words.eyebrow_details
    decision = response.decision
    if response.route == "appropriateness":
        return words.eyebrow_appropriateness
    if decision is None:
        return words.eyebrow_text if response.route == "guideline_text" else words.eyebrow_answer
    if decision.readings:
        return words.eyebrow_disputed
    return words.eyebrow_not_covered if decision.not_covered else words.eyebrow_category


def _lead_and_lines(response: Response, words: Words) -> tuple[Line, tuple[Line, ...]]:
    """What stands in large type and what stands below it.

    A question back and a reason for declining come first; otherwise the first statement does.
    """
    statements = response.statements
    if response.appropriateness:
        statements = in_reading_order(statements, response.appropriateness)
    lines = tuple(_line(item, response.decisions) for item in statements)
    if isinstance(response, NeedsDetails) and response.clarification and not _has_decided(response):
        question = response.clarification.question
        first, *more = response.headlines or (question,)
        kept = tuple(line for line in lines if line.text != question)
        return Line(first, ()), (*(Line(said, ()) for said in more), *kept)
    if isinstance(response, Refusal) and response.reason:
        reason = response.reason
        cited = next((line.citations for line in lines if line.text == reason), ())
        return Line(reason, cited), tuple(line for line in lines if line.text != reason)
    if lines:
        return lines[0], lines[1:]
    return Line(response.text or words.failed, ()), ()


def _badges(response: Response, labels: Labels, words: Words) -> tuple[Badge, ...]:
    """The editions that speak: of the decisions, else of the evidence that statements cite."""
    cited = {n for statement in response.statements for n in statement.citations}
    editions = [decision.edition for decision in response.decisions] or [
        item.passage.edition for item in response.evidence if item.n in cited
    ]
    return tuple(dict.fromkeys(badge_of(edition, labels, words) for edition in editions))


def _line(statement: Statement, decisions: Sequence[Decision]) -> Line:
    readings = [reading for decision in decisions for reading in decision.readings]
    return Line(
        statement.text,
        statement.citations,
        partly=statement.verdict == "partly",
        reading=any(says_reading(statement.text, reading) for reading in readings),
    )


def _notices(response: Response, labels: Labels, words: Words) -> tuple[str, ...]:
    if not response.carried_over:
        return response.notices
    items = ", ".join(
        f"{labels.name(name)} {labels.value(name, v) if isinstance(v, str) else quantity(v, None)}"
        for name, v in response.carried_over.items()
    )
    return (words.carried_over.format(items=items), *response.notices)


def _card(item: Evidence, response: Response, labels: Labels, words: Words) -> Card:
    passage = item.passage
    citing = [s for s in response.statements if item.n in s.citations]
    claims, reworded = [s.text for s in citing], response.mode == "llm"
    spans = support_spans(item.quote, claims, response.question, reworded=reworded)
    page = _page(passage, words)
    return Card(
        n=item.n,
        badge=badge_of(passage.edition, labels, words),
        place=" · ".join(part for part in (passage.section, page) if part),
        pieces=split_at(item.quote, spans),
        folds=passage.kind == "scenario",
        is_row=passage.kind == "row",
        note=passage.note or "",
        document=passage.document or "",
        fact_id=passage.fact_ids[0] if passage.fact_ids and passage.kind in READABLE else "",
        source_url=passage.edition.source_url or "",
        used_by=tuple(i for i, s in enumerate(response.statements) if item.n in s.citations),
        document_id=passage.edition.guideline if passage.kind == "document" else "",
        page=passage.page,
    )


def _page(passage: Passage, words: Words) -> str:
    """Page and line, as far as they are known."""
    if passage.page is None:
        return ""
    if passage.line is None:
        return words.page.format(n=passage.page)
    return words.page_line.format(n=passage.page, line=passage.line)
