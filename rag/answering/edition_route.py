"""The edition route: what changed between two editions, each difference cited on both sides."""

from __future__ import annotations

from rag.answering.compose import fact_passages
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.fact_picking import picked
from rag.answering.route import Routed
from rag.errors import CorpusError
from rag.knowledge.edition_diff import Change, edition_diff, matching
from rag.knowledge.shelf import Shelf
from rag.retrieval.concepts import Synonyms
from rag.types import Statement


def from_editions(
    question: str, routed: Routed, shelf: Shelf, synonyms: Synonyms = ()
) -> Draft | None:
    """The differences the question is about, all of them where it names none.

    ``None`` where the two editions are not compared on this shelf.
    """
    if len(routed.guidelines) != 2:
        return None
    new, old = routed.guidelines
    try:
        diff = edition_diff(shelf, old, new)
    except CorpusError:
        return None
    evidence = EvidenceList()
    changes = matching(diff, question) or diff.changes
    said = [_statement(change, shelf, evidence) for change in changes]
    current = shelf.families[shelf.entries[new][0].family][0]
    own = picked(shelf.get(current), question, synonyms, most=2)
    said.extend(Statement(passage.text, (evidence.cite(passage),)) for passage in own)
    statements = tuple(said)
    return Draft(
        route="guideline_text",
        outcome="answer",
        statements=statements,
        evidence=evidence.items,
        lead=len(statements),
    )


def _statement(change: Change, shelf: Shelf, evidence: EvidenceList) -> Statement:
    """Our sentence with the newer edition's facts first, then the older one's."""
    cited = [
        n
        for edition, facts in ((change.new, change.now), (change.old, change.was))
        for n in evidence.cite_all(
            fact_passages(shelf.get(edition.guideline), (fact.id for fact in facts))
        )
    ]
    return Statement(change.sentence, tuple(cited))


def from_unknown_edition(routed: Routed, shelf: Shelf) -> Draft:
    """Decline an edition that the shelf does not hold, with those that it does."""
    named = ", ".join(routed.unknown_editions)
    families = {shelf.entries[name][0].family for name in routed.guidelines}
    held = [
        shelf.edition(name).label for family in families for name in shelf.families[family]
    ] or [edition.label for edition in shelf.editions()]
    reason = f"The shelf holds no edition {named}. It holds {', '.join(held)}."
    return refusal("category", "nonexistent", reason)
