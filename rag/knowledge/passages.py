"""A guideline as passages: one a fact, one a decision row, in file order.

Ids come from content, so the same text has the same id on every machine and in every build.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from rag.knowledge.decision_table import DecisionTable, Disputed, Impossible, Row, See
from rag.knowledge.facts import Fact
from rag.knowledge.guideline import Guideline
from rag.knowledge.row_text import row_text, score_text
from rag.types import Edition, Passage, PassageKind


def passages(guideline: Guideline) -> tuple[Passage, ...]:
    """Every fact and every row that says something, each as a passage of its own.

    A fact's text is its sentence; its search text adds edition, section and search aids. A row's
    text is the row in words. ``fact_ids`` are the facts the passage states or rests on.
    """
    rows = (passage for table in guideline.tables for passage in _of_table(guideline, table))
    return (*(_of_fact(guideline, fact) for fact in guideline.facts), *rows)


def _of_fact(guideline: Guideline, fact: Fact) -> Passage:
    edition = _edition(guideline.edition, fact)
    head = f"{edition.label} > {fact.section}: "
    return Passage(
        id=_id(guideline.id, "fact", fact.id, fact.fact),
        text=fact.fact,
        search_text=" ".join((head + fact.fact, *fact.terms)),
        kind="fact",
        edition=edition,
        section=fact.section,
        fact_ids=(fact.id,),
        note=fact.note,
    )


def _edition(edition: Edition, fact: Fact) -> Edition:
    """The guideline's edition, or that of the body a collected fact comes from."""
    if fact.issuer is None and fact.year is None:
        return edition
    url = next((source for source in fact.sources if source.startswith("http")), None)
    return replace(
        edition,
        issuer=fact.issuer or edition.issuer,
        year=fact.year or edition.year,
        source_url=url or edition.source_url,
    )


def _of_table(guideline: Guideline, table: DecisionTable) -> Iterator[Passage]:
    for score in table.scores:
        facts = tuple(dict.fromkeys(f for ids in score.facts.values() for f in ids))
        text = score_text(guideline, table, score)
        yield _row(guideline, table, f"{table.id}.{score.axis.name}", text, facts)
    for row in table.rows:
        if not isinstance(row.outcome, See | Impossible):
            yield _row(guideline, table, row.id, row_text(guideline, table, row), _facts(row))


def _facts(row: Row) -> tuple[str, ...]:
    readings = row.outcome.readings if isinstance(row.outcome, Disputed) else ()
    return tuple(dict.fromkeys((*row.facts, *(f for r in readings for f in r.fact_ids))))


def _row(
    guideline: Guideline, table: DecisionTable, row_id: str, text: str, facts: tuple[str, ...]
) -> Passage:
    return Passage(
        id=_id(guideline.id, "row", row_id, text),
        text=text,
        search_text=text,
        kind="row",
        edition=guideline.edition,
        section=table.title,
        fact_ids=facts,
    )


def _id(guideline: str, kind: PassageKind, name: str, text: str) -> str:
    content = "\0".join((guideline, kind, name, text)).encode()
    return hashlib.blake2b(content, digest_size=8).hexdigest()
