"""The guideline-text route: passages that answer the question, each sentence cited by itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.parts import Parts
from rag.retrieval.relevance import Judged
from rag.types import Hit, Statement

_SHOWN = 3
CANDIDATES = 24
_MARGIN = 0.6
"""A further passage is shown when its probability is at least this share of the best one's."""


def from_text(
    question: str,
    parts: Parts,
    *,
    guidelines: Collection[str] | None = None,
    include_superseded: bool = False,
) -> Draft:
    """Answer from the passages found, or say that none of them answers.

    ``guidelines`` restricts the search; superseded editions are searched only when asked for.
    """
    hits = parts.search(question, CANDIDATES, guidelines or text_guidelines(parts), include_superseded)
    judged = parts.judge(question, hits)
    given = tuple(item.hit for item in judged[: parts.settings.passages])
    chosen = answering(judged, parts)
    if not chosen:
        return _silent(question, given, parts)
    evidence = EvidenceList()
    statements = tuple(
        Statement(item.hit.passage.text, (evidence.cite(item.hit.passage),)) for item in chosen
    )
    return Draft(
        route="guideline_text",
        outcome="answer",
        statements=statements,
        evidence=evidence.items,
        retrieved=given,
    )


def text_guidelines(parts: Parts) -> tuple[str, ...] | None:
    """Every guideline but those made of scenarios, which have a route of their own.

    ``None`` (no restriction) where the shelf holds no such guideline.
    """
    scenarios = set(parts.shelf.with_topics)
    if not scenarios:
        return None
    return tuple(name for name in parts.searchable() if name not in scenarios)


def answering(judged: Sequence[Judged], parts: Parts) -> tuple[Judged, ...]:
    """The passages that answer: those accepted and not far behind the best of them."""
    accepted = [item for item in judged if parts.accepts(item)]
    if not accepted:
        return ()
    floor = accepted[0].probability * _MARGIN
    return tuple(item for item in accepted[:_SHOWN] if item.probability >= floor)


def _silent(question: str, given: tuple[Hit, ...], parts: Parts) -> Draft:
    """Nothing answers: outside radiology guidelines altogether, or near but not covered."""
    if not parts.in_domain(question):
        return refusal(
            "none",
            "off_topic",
            "This is outside the guidelines on the shelf; radcite answers from radiology "
            "guidelines only.",
            retrieved=given,
        )
    evidence = EvidenceList()
    for hit in given[:_SHOWN]:
        evidence.cite(hit.passage)
    return refusal(
        "guideline_text",
        "not_covered",
        "No guideline on the shelf answers this. The nearest passages are shown; "
        "they do not answer the question.",
        evidence=evidence.items,
        retrieved=given,
    )
