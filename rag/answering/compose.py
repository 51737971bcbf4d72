"""Sentences of an answer, put together from rows, facts and categories; each cites its passages.

Pure functions over values: nothing is looked up outside the guideline handed in. Figures are
never written here: they come with the row's or fact's own text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rag.answering.draft import EvidenceList
from rag.knowledge.guideline import Category, Guideline
from rag.knowledge.passages import passages
from rag.types import Clarification, Decision, Passage, Reading, Statement


@lru_cache(maxsize=64)
def _by_fact(guideline: Guideline) -> dict[str, Passage]:
    facts = (p for p in passages(guideline) if p.kind == "fact")
    return {fact_id: passage for passage in facts for fact_id in passage.fact_ids}


def fact_passages(guideline: Guideline, fact_ids: Iterable[str]) -> tuple[Passage, ...]:
    """The passages of these facts, in the order asked for; unknown ids are left out."""
    known = _by_fact(guideline)
    return tuple(known[fact_id] for fact_id in dict.fromkeys(fact_ids) if fact_id in known)


def category_named(guideline: Guideline, label: str) -> Category | None:
    """The category with this label (case does not matter), or ``None``."""
    return next((c for c in guideline.categories if c.label.lower() == label.lower()), None)


def category_headline(guideline: Guideline, label: str, management: str | None) -> str:
    """``Lung-RADS 4A: LDCT at 3 months.``; the name alone where no management is fixed."""
    said = f"{name_of(guideline, label)}: {management}" if management else name_of(guideline, label)
    return said.rstrip(".") + "."


def name_of(guideline: Guideline, label: str) -> str:
    """System and label as readers write them: ``Lung-RADS 4A``, ``ACR TI-RADS TR4``, ``LR-5``."""
    title = guideline.edition.title
    return label if label.upper().startswith(title.upper()) else f"{title} {label}"


def possible_sentence(guideline: Guideline, labels: Sequence[str]) -> str:
    """Which categories are still open."""
    if not labels:
        return ""
    return f"Still possible in {guideline.edition.label}: {', '.join(labels)}."


def clarification_sentence(clarification: Clarification | None) -> str:
    return clarification.question if clarification else ""


def row_passage(guideline: Guideline, decision: Decision) -> Passage | None:
    """The passage of the row that decided, or ``None`` where no row did."""
    return _rows(guideline).get(decision.row_text or "")


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
    row = row_passage(guideline, decision)
    facts = fact_passages(guideline, decision.fact_ids)
    cited = evidence.cite_all((*((row,) if row else ()), *facts))
    headline = Statement(_headline(guideline, decision), cited)
    body = [Statement(row.text, (evidence.cite(row),))] if row else []
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
    row = row_passage(guideline, decision)
    facts = fact_passages(guideline, decision.fact_ids)
    cited = evidence.cite_all((*((row,) if row else ()), *facts))
    opening = Statement(
        f"{guideline.edition.label} leaves this case open and sources read it differently: "
        f"{labels}. radcite does not choose between them.",
        cited,
    )
    return (opening, *(_reading(guideline, reading, cited, evidence) for reading in decision.readings))


def _reading(
    guideline: Guideline, reading: Reading, cited: tuple[int, ...], evidence: EvidenceList
) -> Statement:
    own = evidence.cite_all(fact_passages(guideline, reading.fact_ids)) or cited
    label = name_of(guideline, reading.category) if reading.category else "No category"
    basis = f" ({reading.basis.rstrip('.')})" if reading.basis else ""
    management = f": {reading.management.rstrip('.')}" if reading.management else ""
    return Statement(f"One reading: {label}{basis}{management}.", own)
