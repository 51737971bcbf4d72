"""A response as the JSON object that ``radcite ask --json`` prints.

The keys are a public contract: they only grow. Values are plain dictionaries, lists,
strings, numbers, booleans and ``None``, ready for :func:`json.dumps`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from rag.types import (
    Answer,
    AppropriatenessTable,
    Branch,
    Clarification,
    Decision,
    Descriptor,
    Evidence,
    Hit,
    NeedsDetails,
    Outcome,
    Reading,
    Refusal,
    Response,
)

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def outcome_of(response: Response) -> Outcome:
    """The outcome's name in the contract: ``answer``, ``refusal`` or ``needs_details``."""
    match response:
        case Answer():
            return "answer"
        case Refusal():
            return "refusal"
        case NeedsDetails():
            return "needs_details"
    raise TypeError(f"not an outcome of ask(): {type(response).__name__}")


def to_json(response: Response) -> dict[str, Json]:
    """The whole response under the keys of the public contract."""
    return {
        "id": response.id,
        "question": response.question,
        "route": response.route,
        "outcome": outcome_of(response),
        "text": response.text,
        "statements": [
            {"text": s.text, "citations": list(s.citations), "verdict": s.verdict}
            for s in response.statements
        ],
        "withheld": [
            {"text": w.text, "verdict": w.verdict, "reason": w.reason} for w in response.withheld
        ],
        "notices": list(response.notices),
        "evidence": [evidence_json(item) for item in response.evidence],
        "retrieved": [hit_json(hit) for hit in response.retrieved],
        "decision": decision_json(response.decision) if response.decision else None,
        "decisions": [decision_json(decision) for decision in response.decisions],
        "appropriateness": table_json(response.appropriateness),
        "carried_over": dict(response.carried_over),
        "refusal": (
            {"kind": response.kind, "reason": response.reason}
            if isinstance(response, Refusal)
            else None
        ),
        "clarification": (
            clarification_json(response.clarification)
            if isinstance(response, NeedsDetails)
            else None
        ),
        "mode": response.mode,
        "model": response.model,
        "index": response.index,
        "elapsed_ms": round(response.elapsed_ms, 2),
    }


def evidence_json(item: Evidence) -> dict[str, Json]:
    passage, edition = item.passage, item.passage.edition
    return {
        "n": item.n,
        "passage_id": passage.id,
        "fact_ids": list(passage.fact_ids),
        "guideline": edition.guideline,
        "title": edition.title,
        "edition": edition.edition,
        "issuer": edition.issuer,
        "year": edition.year,
        "superseded": edition.superseded,
        "superseded_by": edition.superseded_by,
        "section": passage.section,
        "page": passage.page,
        "line": passage.line,
        "page_span": list(passage.page_span) if passage.page_span else None,
        "boxes": [asdict(box) for box in passage.boxes],
        "document": passage.document,
        "quote": item.quote,
        "note": passage.note,
        "source_url": edition.source_url,
    }


def hit_json(hit: Hit) -> dict[str, Json]:
    return {"passage_id": hit.passage.id, "score": round(hit.score, 6), "text": hit.passage.text}


def decision_json(decision: Decision) -> dict[str, Json]:
    return {
        "guideline": decision.edition.guideline,
        "title": decision.edition.title,
        "edition": decision.edition.edition,
        "table": decision.table,
        "category": decision.category,
        "management": decision.management,
        "row": decision.row,
        "row_text": decision.row_text,
        "fact_ids": list(decision.fact_ids),
        "descriptors": [descriptor_json(item) for item in decision.descriptors],
        "missing": list(decision.missing),
        "possible": list(decision.possible),
        "readings": [reading_json(item) for item in decision.readings],
        "not_covered": decision.not_covered,
        "notes": list(decision.notes),
        "branches": [branch_json(item) for item in decision.branches],
    }


def branch_json(item: Branch) -> dict[str, Json]:
    return {
        "when": {condition.name: list(condition.values) for condition in item.conditions},
        "categories": list(item.categories),
        "management": item.management,
    }


def descriptor_json(item: Descriptor) -> dict[str, Json]:
    return {
        "name": item.name,
        "value": item.value,
        "unit": item.unit,
        "text": item.text,
        "span": list(item.span),
    }


def reading_json(reading: Reading) -> dict[str, Json]:
    return {
        "category": reading.category,
        "management": reading.management,
        "fact_ids": list(reading.fact_ids),
        "basis": reading.basis,
    }


def clarification_json(item: Clarification | None) -> dict[str, Json] | None:
    if item is None:
        return None
    return {
        "descriptor": item.descriptor,
        "question": item.question,
        "options": [{"value": value, "label": label} for value, label in item.options],
        "unit": item.unit,
    }


def table_json(table: AppropriatenessTable | None) -> dict[str, Json] | None:
    if table is None:
        return None
    return {
        "topic": table.topic,
        "year": table.year,
        "currency_note": table.currency_note,
        "scenario": table.scenario,
        "variant_no": table.variant_no,
        "procedures": [
            {
                "name": row.name,
                "category": row.category,
                "rating": row.rating,
                "rrl_adult": row.rrl_adult,
                "rrl_peds": row.rrl_peds,
                "note": row.note,
                "vocabulary_name": row.vocabulary_name,
            }
            for row in table.procedures
        ],
        "document": table.document,
        "supersedes": table.supersedes,
        "alternatives": [
            {"topic": item.topic, "scenario": item.scenario, "variant_no": item.variant_no}
            for item in table.alternatives
        ],
    }
