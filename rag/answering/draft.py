"""A draft: what a route found, before wording, checks and timing make it a response.

A draft is a value; each route returns one and :mod:`rag.answering.answer` finishes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rag.types import (
    AppropriatenessTable,
    Clarification,
    Decision,
    Evidence,
    Hit,
    Outcome,
    Passage,
    RefusalKind,
    Route,
    Scalar,
    Statement,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """Route, outcome and the pieces of an answer, not yet checked.

    ``asking`` are the sentences that say what is missing and what is still possible, ``headlines``
    those of them that come first: what each open finding can be, and under which condition;
    ``lead`` is how many of the first statements state what a table decided: they are ours,
    and a language model never rewords them.
    """

    route: Route
    outcome: Outcome
    statements: tuple[Statement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    retrieved: tuple[Hit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    appropriateness: AppropriatenessTable | None = None
    notices: tuple[str, ...] = ()
    carried_over: Mapping[str, Scalar] = field(default_factory=dict)
    refusal: tuple[RefusalKind, str] | None = None
    clarification: Clarification | None = None
    asking: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    lead: int = 0


class EvidenceList:
    """Collects passages in the order they are first cited and numbers them from 1."""

    def __init__(self) -> None:
        self._items: dict[str, Evidence] = {}

    def cite(self, passage: Passage, quote: str | None = None) -> int:
        """The evidence number of ``passage``; ``quote`` is the part shown, its whole text if not given."""
        known = self._items.get(passage.id)
        if known is None:
            known = Evidence(len(self._items) + 1, passage, quote or passage.text)
            self._items[passage.id] = known
        return known.n

    def cite_all(self, passages: Iterable[Passage]) -> tuple[int, ...]:
        """The numbers of several passages, each once, in order."""
        return tuple(dict.fromkeys(self.cite(passage) for passage in passages))

    @property
    def items(self) -> tuple[Evidence, ...]:
        return tuple(self._items.values())


def text_of(statements: Iterable[Statement]) -> str:
    """Statements as plain text, one a line, each followed by its citation marks."""
    return "\n".join(
        statement.text + "".join(f" [{n}]" for n in statement.citations) for statement in statements
    )


def refusal(
    route: Route,
    kind: RefusalKind,
    reason: str,
    *,
    evidence: tuple[Evidence, ...] = (),
    retrieved: tuple[Hit, ...] = (),
    decisions: tuple[Decision, ...] = (),
    statements: tuple[Statement, ...] = (),
) -> Draft:
    """A draft that declines, with its reason and the nearest evidence."""
    return Draft(
        route=route,
        outcome="refusal",
        statements=statements,
        evidence=evidence,
        retrieved=retrieved,
        decisions=decisions,
        refusal=(kind, reason),
        lead=len(statements),
    )
