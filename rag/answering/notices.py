"""What a reader must know about the evidence itself: its age, its sources, their disagreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rag.knowledge.facts import Fact
from rag.knowledge.shelf import Shelf
from rag.types import Edition, Evidence, Statement


def evidence_notices(
    evidence: Sequence[Evidence], statements: Iterable[Statement], shelf: Shelf
) -> tuple[str, ...]:
    """Notices on the evidence that the statements cite, each once."""
    cited = {n for statement in statements for n in statement.citations}
    used = [item for item in evidence if item.n in cited]
    return tuple(
        dict.fromkeys((*_superseded(used, shelf), *_partial(used, shelf), *_sources(used, shelf)))
    )


def _superseded(evidence: Sequence[Evidence], shelf: Shelf) -> Iterator[str]:
    for edition in (item.passage.edition for item in evidence):
        if edition.superseded_by is not None:
            yield f"{edition.label} is superseded by {_successor(edition, shelf)}."


def _successor(edition: Edition, shelf: Shelf) -> str:
    name = edition.superseded_by or ""
    return shelf.edition(name).label if name in shelf.ids else name


def _partial(evidence: Sequence[Evidence], shelf: Shelf) -> Iterator[str]:
    """The notice that an edition carries with every answer."""
    for name in dict.fromkeys(item.passage.edition.guideline for item in evidence):
        if name in shelf.ids and shelf.notice(name):
            yield shelf.notice(name)


def _sources(evidence: Sequence[Evidence], shelf: Shelf) -> Iterator[str]:
    """Facts that rest on one source, and facts on which sources disagree."""
    for item in evidence:
        for fact in _facts(item, shelf):
            if fact.disagreement:
                yield f"Sources differ on evidence {item.n}. {fact.note or ''}".rstrip()
            elif fact.confidence == "verified1":
                yield f"Evidence {item.n} rests on one source: check it against the guideline."


def _facts(item: Evidence, shelf: Shelf) -> Iterator[Fact]:
    name = item.passage.edition.guideline
    if name in shelf.ids and item.passage.kind in ("fact", "row"):
        guideline = shelf.get(name)
        yield from (guideline.fact(fact_id) for fact_id in item.passage.fact_ids)
