"""Grading sheets as the JSON that ``radcite grade --json`` prints; the keys only grow."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.decisive import turning_points
from rag.answering.grade_form import Field
from rag.answering.grade_sheet import GradeSheet
from rag.answering.grade_tables import TableView
from rag.answering.payload import Json, clarification_json, decision_json, descriptor_json
from rag.answering.proposals import Proposed
from rag.answering.report_check import ReportCheck
from rag.answering.side_by_side import Side, SideBySide


def sheet_json(sheet: GradeSheet, check: ReportCheck | None = None) -> dict[str, Json]:
    """One finding under one guideline."""
    return {
        "guideline": sheet.edition.guideline,
        "edition": sheet.edition.label,
        "decision": decision_json(sheet.decision),
        "clarification": clarification_json(sheet.question),
        "inputs": [_field(field) for field in sheet.form if field.in_play],
        "tables": [_table(table) for table in sheet.tables],
        "sentence": sheet.sentence,
        "remarks": list(sheet.remarks),
        "turning_points": [
            {"name": d.name, "would": d.would, "category": d.decision.category,
             "management": d.decision.management}
            for d in turning_points(sheet.case)
        ],
        "check": None if check is None else {
            "stated": check.stated,
            "verdict": check.verdict,
            "differences": [{"name": d.name, "would": d.would, "stated": d.stated}
                            for d in check.differences],
        },
    }  # fmt: skip


def _field(field: Field) -> dict[str, Json]:
    return {
        "name": field.name,
        "label": field.spec.label,
        "unit": field.spec.unit,
        "values": list(field.spec.allowed),
        "read": descriptor_json(field.read) if field.read else None,
        "unsettled": [descriptor_json(item) for item in field.unsettled],
        "missing": field.missing,
    }


def _table(table: TableView) -> dict[str, Json]:
    return {
        "id": table.id,
        "title": table.title,
        "columns": list(table.columns),
        "rows": [
            {"id": row.id, "cells": list(row.cells), "outcome": row.outcome, "state": row.state,
             "fact_ids": list(row.fact_ids)}
            for row in table.rows
        ],
    }  # fmt: skip


def beside_json(found: SideBySide) -> dict[str, Json]:
    """The same finding under several systems."""
    return {
        "sides": [_side(side) for side in found.sides],
        "applies": None if found.applies is None else {
            "guideline": found.applies.guideline,
            "sentence": found.applies.sentence,
            "fact_ids": list(found.applies.fact_ids),
        },
    }  # fmt: skip


def _side(side: Side) -> dict[str, Json]:
    return {
        "guideline": side.edition.guideline,
        "edition": side.edition.label,
        "outcome": side.outcome,
        "category": side.decision.category,
        "said": side.said,
        "because": [list(row) for row in side.because],
        "differs": list(side.differs),
        "decision": decision_json(side.decision),
    }


def whole_json(
    text: str,
    sheets: Sequence[dict[str, Json]],
    besides: Sequence[SideBySide],
    proposed: Sequence[Proposed] = (),
) -> dict[str, Json]:
    """Everything that one call graded, the most suspicious finding first."""
    return {
        "text": text,
        "findings": list(sheets),
        "side_by_side": [beside_json(each) for each in besides],
        "proposed": [
            {**descriptor_json(p.descriptor), "standing": p.standing}
            for each in proposed
            for p in each.proposals
        ],
        "dropped": [line for each in proposed for line in each.dropped],
        "notices": [line for each in proposed for line in each.notices],
    }
