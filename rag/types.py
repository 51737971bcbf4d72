"""Frozen values that every room of radcite speaks in.

Nothing here reads a file, loads a model or imports another module of radcite.
Two values with the same content are equal; identity and storage live elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Route = Literal["category", "appropriateness", "guideline_text", "none"]
Outcome = Literal["answer", "refusal", "needs_details"]
Verdict = Literal["supported", "partly", "unsupported", "contradicted"]
RefusalKind = Literal["nonexistent", "not_covered", "off_topic", "unsafe", "instructions"]
PassageKind = Literal["fact", "row", "scenario", "document"]
Mode = Literal["evidence", "llm"]
Confidence = Literal["verified2", "verified1"]

Span = tuple[int, int]
"""Half-open character range ``[start, end)`` into the text it was read from."""

Scalar = str | float
"""A descriptor's value: a label of a closed list, or a number in the descriptor's unit."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one guideline or document; every passage knows its own.

    ``guideline`` is the corpus folder (``lung_rads_v2022``) or a user document's id;
    ``superseded_by`` names the guideline id that replaced this edition, or ``None``.
    """

    guideline: str
    title: str
    edition: str
    issuer: str
    year: int | None = None
    superseded_by: str | None = None
    source_url: str | None = None

    @property
    def superseded(self) -> bool:
        return self.superseded_by is not None

    @property
    def label(self) -> str:
        """Name and edition as a reader writes them: ``Lung-RADS v2022``."""
        return f"{self.title} {self.edition}".strip()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on page ``page`` (from 1), in points from the page's top left as a reader sees it."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest text that is retrieved, shown and cited.

    ``text`` is what a reader sees and what statements are checked against;
    ``search_text`` adds the header path (guideline, edition, section) and synonyms and is
    what the dense and lexical indexes hold. ``page`` counts from 1; ``page_span`` is the
    character range of ``text`` within that page's extracted text; ``boxes`` are the lines it
    stands in (those of a sentence that runs on lie on the next page), ``line`` the number of the
    first one on its page. ``made_by`` names the reader's version and settings.
    """

    id: str
    text: str
    search_text: str
    kind: PassageKind
    edition: Edition
    section: str
    fact_ids: tuple[str, ...] = ()
    page: int | None = None
    page_span: Span | None = None
    document: str | None = None
    note: str | None = None
    line: int | None = None
    boxes: tuple[Box, ...] = ()
    made_by: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage with its fused score and the rank each retriever gave it (from 1).

    ``similarity`` is the cosine to the query, ``lexical`` the BM25 score (0 without a common term),
    ``asked`` the mean cosine of the two nearest questions known to be answered by it (``None`` without
    any), ``bearing`` the log odds that it answers by the vectors alone.
    """

    passage: Passage
    score: float
    dense_rank: int | None = None
    lexical_rank: int | None = None
    similarity: float | None = None
    lexical: float | None = None
    asked: float | None = None
    bearing: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered piece of evidence; ``quote`` is a verbatim part of ``passage.text``."""

    n: int
    passage: Passage
    quote: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer with the evidence numbers it rests on and its verdict."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict = "supported"


@dataclass(frozen=True, slots=True)
class Withheld:
    """A sentence that failed its checks; ``reason`` names the words that failed."""

    text: str
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A property read from the reader's text.

    ``name`` is declared in ``corpus/descriptors.yaml``; numbers are in the declared unit
    (millimetres, months, ...), whatever unit the text used; ``text`` is
    ``question[span[0]:span[1]]``.
    """

    name: str
    value: Scalar
    unit: str | None
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a row that sources read differently; ``basis`` says whose it is."""

    category: str | None
    management: str | None
    fact_ids: tuple[str, ...]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Clarification:
    """The one question that splits the remaining possibilities best, with its choices.

    ``descriptor`` names the missing descriptor; ``options`` are ``(value, label)`` pairs,
    empty where a number is asked for (then ``unit`` says in what).
    """

    descriptor: str
    question: str
    options: tuple[tuple[str, str], ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One input with the values it would have to have, and these in words."""

    name: str
    label: str
    values: tuple[Scalar, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Branch:
    """What a table says under all of ``conditions``, of a finding that is still undecided.

    ``categories`` is one label where that decides, several where more is needed; none where the
    guideline is silent or has no labels (then ``management`` may say what follows).
    """

    conditions: tuple[Condition, ...]
    categories: tuple[str, ...]
    management: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a guideline's table says of one finding.

    Exactly one of these holds: ``category`` set (decided), ``readings`` set (disputed),
    ``missing`` set (more is needed; ``possible`` names the labels still open), or
    ``not_covered`` set (the reason why the guideline is silent). Where a guideline has no labels,
    ``management`` alone is the decision. With a category, ``clarification`` asks for what its
    management still depends on. A contradiction in the description is ``missing`` without
    ``possible``, and ``notes`` begin with what contradicts what. ``branches`` say what each answer
    to what is missing would give.
    """

    edition: Edition
    table: str
    category: str | None = None
    management: str | None = None
    row: str | None = None
    row_text: str | None = None
    fact_ids: tuple[str, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    missing: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    not_covered: str | None = None
    clarification: Clarification | None = None
    notes: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class RatedProcedure:
    """One row of an appropriateness table; radiation levels as printed (``O``, ``☢☢``) or ``None``.

    ``note`` names the fact of the question that touches the row ("contrast reaction stated").
    """

    name: str
    category: str
    rating: int | None
    rrl_adult: str | None
    rrl_peds: str | None
    vocabulary_name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ScenarioRef:
    """A pointer to one scenario of one appropriateness topic."""

    topic: str
    scenario: str
    variant_no: int


@dataclass(frozen=True, slots=True)
class AppropriatenessTable:
    """The best scenario's whole procedure table and the next scenarios in order.

    ``document`` is the user's document the table was read from, ``supersedes`` the built-in edition
    that it replaces, where it does.
    """

    topic: str
    year: int | None
    currency_note: str | None
    scenario: str
    variant_no: int
    procedures: tuple[RatedProcedure, ...]
    alternatives: tuple[ScenarioRef, ...] = ()
    document: str | None = None
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What ``ask`` returns; always an :class:`Answer`, a :class:`Refusal` or a :class:`NeedsDetails`.

    ``retrieved`` are all passages given to the answer, cited or not. ``index`` is the
    fingerprint of the passage index that answered (``None`` where none was opened or built).
    """

    id: str
    question: str
    route: Route
    text: str
    statements: tuple[Statement, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    notices: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    retrieved: tuple[Hit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    appropriateness: AppropriatenessTable | None = None
    carried_over: Mapping[str, Scalar] = field(default_factory=dict)
    mode: Mode = "evidence"
    model: str | None = None
    index: str | None = None
    elapsed_ms: float = 0.0

    @property
    def decision(self) -> Decision | None:
        return self.decisions[0] if self.decisions else None


@dataclass(frozen=True, slots=True)
class Answer(Response):
    """The question was answered; every statement passed its checks."""


@dataclass(frozen=True, slots=True)
class Refusal(Response):
    """The question was declined; ``kind`` and ``reason`` say why, ``evidence`` what lies nearest."""

    kind: RefusalKind = "not_covered"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NeedsDetails(Response):
    """A needed detail is missing; ``clarification`` is the one question to ask first.

    ``headlines`` say of each open finding what it can be and under which condition.
    """

    clarification: Clarification | None = None
    headlines: tuple[str, ...] = ()
