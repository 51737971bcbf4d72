"""Sentences of an answer, put together from rows, facts and categories; each cites its passages.

Pure functions over values: nothing is looked up outside the guideline handed in. Figures are
never written here: they come with the row's or fact's own text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from rag.answering.draft import EvidenceList
from rag.knowledge.guideline import Category, Guideline
from rag.knowledge.passages import passages
from rag.types import Decision, Passage, Reading, Statement


@lru_cache(maxsize=64)
def _by_fact(guideline: Guideline) -> dict[str, Passage]:
    facts = (p for p in passages(guideline) if p.kind == "fact")
    return {fact_id: passage for passage in facts for fact_id in passage.fact_ids}


def fact_passages(guideline: Guideline, fact_ids: Iterable[str]) -> tuple[Passage, ...]:
    """The passages of these facts, in the order asked for; unknown ids are left out."""
    known = _by_fact(guideline)
    return tuple(known[fact_id] for fact_id in dict.fromkeys(fact_ids) if fact_id in known)


def category_named(guideline: Guideline, label: str) -> Category | None:
    """The category with this label, or ``None``.

    Case does not matter, nor letters that all labels of the guideline start with: ``4`` and
    ``TR4`` are the same in ACR TI-RADS.
    """
    wanted = bare_label(label)
    return next((c for c in guideline.categories if bare_label(c.label) == wanted), None)


def bare_label(label: str) -> str:
    """A label without the letters that all labels of its system share: ``TR4`` -> ``4``."""
    return re.sub(r"^[A-Z]+-?(?=\d)", "", label.upper())


def category_headline(guideline: Guideline, label: str, management: str | None) -> str:
    """``Lung-RADS 4A: LDCT at 3 months.``; the name alone where no management is fixed."""
    said = f"{name_of(guideline, label)}: {management}" if management else name_of(guideline, label)
    return said.rstrip(".") + "."


def name_of(guideline: Guideline, label: str) -> str:
    """System and label as readers write them: ``Lung-RADS 4A``, ``ACR TI-RADS TR4``, ``LR-5``."""
    title = guideline.edition.title
    return label if label.upper().startswith(title.upper()) else f"{title} {label}"


def row_passages(guideline: Guideline, decision: Decision) -> tuple[Passage, ...]:
    """The passages of the rows that decided, the row of a second step after that of the first."""
    rows = _rows(guideline)
    lines = (decision.row_text or "").split("\n")
    return tuple(rows[line] for line in dict.fromkeys(lines) if line in rows)


@lru_cache(maxsize=64)
def _rows(guideline: Guideline) -> dict[str, Passage]:
    return {passage.text: passage for passage in passages(guideline) if passage.kind == "row"}


def decision_statements(
    guideline: Guideline, decision: Decision, evidence: EvidenceList
) -> tuple[Statement, ...]:
    """What the table says of one finding, each sentence with the row and facts it rests on."""
    if decision.readings:
        return _disputed(guideline, decision, evidence)
    if decision.category is None and decision.management is None:
        return ()
    rows = row_passages(guideline, decision)
    cited = evidence.cite_all((*rows, *fact_passages(guideline, decision.fact_ids)))
    headline = Statement(_headline(guideline, decision), cited)
    body = [Statement(row.text, (evidence.cite(row),)) for row in rows]
    notes = [Statement(note, cited) for note in decision.notes]
    return (headline, *body, *notes)


def _headline(guideline: Guideline, decision: Decision) -> str:
    if decision.category is None:
        return f"{guideline.edition.label}: {decision.management}".rstrip(".") + "."
    return category_headline(guideline, decision.category, decision.management)


def _disputed(
    guideline: Guideline, decision: Decision, evidence: EvidenceList
) -> tuple[Statement, ...]:
    """Every reading with its source; none is chosen."""
    labels = " or ".join(reading.category or "no category" for reading in decision.readings)
    rows = row_passages(guideline, decision)
    cited = evidence.cite_all((*rows, *fact_passages(guideline, decision.fact_ids)))
    opening = Statement(
        f"{guideline.edition.label} leaves this case open and sources read it differently: "
        f"{labels}. radcite does not choose between them.",
        cited,
    )
    return (
        opening,
        *(_reading(guideline, reading, cited, evidence) for reading in decision.readings),
    )


def _reading(
    guideline: Guideline, reading: Reading, cited: tuple[int, ...], evidence: EvidenceList
) -> Statement:
    own = (*evidence.cite_all(fact_passages(guideline, reading.fact_ids)), *cited)
    label = name_of(guideline, reading.category) if reading.category else "No category"
    basis = f" ({reading.basis.rstrip('.')})" if reading.basis else ""
    management = f": {reading.management.rstrip('.')}" if reading.management else ""
    return Statement(f"One reading: {label}{basis}{management}.", tuple(dict.fromkeys(own)))
