"""Grading sheets in a terminal: what holds, by which row, what is missing, what to paste."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console

from app.terminal import say
from rag.answering.decisive import Difference, turning_points
from rag.answering.grade_form import Field
from rag.answering.grade_sheet import GradeSheet
from rag.answering.grade_tables import POINTS_COLUMNS
from rag.answering.report_check import ReportCheck
from rag.answering.report_check_words import check_sentence
from rag.answering.side_by_side import SideBySide
from rag.answering.undecided import details, headline
from rag.knowledge.interval import quantity


def print_sheet(
    sheet: GradeSheet, flags: Mapping[str, tuple[str, ...]], to: Console, check: ReportCheck | None
) -> None:
    """One finding: the outcome first, then what it rests on, then what would change it."""
    _outcome(sheet, flags, to)
    if check is not None:
        say(to, (check_sentence(sheet.case.guideline, check), "care"), indent=2)
    read = [field for field in sheet.form if field.read is not None]
    if read:
        say(to, ", ".join(map(_read, read)), head="read          ", indent=2)
    for remark in sheet.remarks:
        say(to, (remark, "care"), indent=2)
    for table in sheet.tables:
        for row in table.rows if table.columns != POINTS_COLUMNS["en"] else ():
            if row.state == "holds":
                cells = zip(table.columns, row.cells, strict=True)
                told = "; ".join(f"{column}: {cell}" for column, cell in cells if cell)
                say(to, f"{table.title}: {told or row.outcome}", head="row           ", indent=2)
    for place, point in enumerate(turning_points(sheet.case)[:3]):
        say(to, _turn(point), head="would change  " if place == 0 else " " * 14, indent=2)
    if sheet.sentence:
        say(to, (sheet.sentence, "name"), head="report        ", indent=2)


def _outcome(sheet: GradeSheet, flags: Mapping[str, tuple[str, ...]], to: Console) -> None:
    decision, label = sheet.decision, sheet.edition.label
    if decision.category:
        category = sheet.case.guideline.category(decision.category)
        name = f" ({category.name})" if category else ""
        say(to, (f"{label}: category {decision.category}{name}", "good"))
    elif decision.management:
        say(to, (f"{label}", "good"))
    elif decision.readings:
        labels = " or ".join(reading.category or "none" for reading in decision.readings)
        say(to, (f"{label}: sources differ, category {labels}", "care"))
        for reading in decision.readings:
            say(to, f"{reading.category}: {reading.basis}", indent=2)
    elif decision.not_covered:
        say(to, (f"{label}: not covered", "stop"))
        say(to, decision.not_covered, indent=2)
    else:
        say(to, (headline(sheet.case) or f"{label}: not decided", "care"))
        if said := details(sheet.case):
            say(to, said, indent=2)
    if decision.management:
        say(to, decision.management, indent=2)
    _missing(sheet, flags, to)
    for note in decision.notes:
        say(to, (note, "soft"), indent=2)


def _missing(sheet: GradeSheet, flags: Mapping[str, tuple[str, ...]], to: Console) -> None:
    waiting = sorted((f for f in sheet.form if f.missing), key=lambda f: f.missing or 0)
    for field in waiting:
        flag = flags.get(field.name, ("",))[-1]
        said = f"{field.spec.question} ({flag} {_choices(field)})" if flag else field.spec.question
        say(to, said, head="missing       ", indent=2)


def _choices(field: Field) -> str:
    if field.spec.allowed:
        return "|".join(value.replace("_", "-") for value in field.spec.allowed)
    return f"NUMBER, {field.spec.unit}" if field.spec.unit else "NUMBER"


def _read(field: Field) -> str:
    """``mean diameter 8 mm ("9 x 7 mm")``; a value set by hand has no words."""
    assert field.read is not None  # only called for those
    value = field.read.value
    said = field.spec.says(value) if isinstance(value, str) else quantity(value, field.spec.unit)
    said = said if said[1:2].isupper() else said[:1].lower() + said[1:]
    words = " ".join(field.read.text.split())
    label = field.spec.label.lower() if field.spec.label[1:2].islower() else field.spec.label
    return f"{label} {said}{f' ({words!r})' if words else ''}"


def _turn(point: Difference) -> str:
    decision = point.decision
    labels = decision.category or " or ".join(r.category or "none" for r in decision.readings)
    then = f"category {labels}" if labels else (decision.management or "")
    return f"{point.label.lower()} {point.would}: {then}"


def print_beside(found: SideBySide, to: Console) -> None:
    """The same finding under each system, and which one is meant."""
    say(to, ("Side by side", "name"))
    for side in found.sides:
        tone = {"decided": "good", "not_covered": "stop"}.get(side.outcome, "care")
        label = f"category {side.decision.category}" if side.decision.category else side.outcome
        head = (f"{side.edition.label}: {label.replace('_', ' ')}", tone)
        say(to, head, f". {side.said}" if side.said else "", indent=2)
        for title, conditions in side.because:
            say(to, (f"{title}. {conditions}", "soft"), indent=4)
    if found.applies is not None:
        say(to, (found.applies.sentence, "care"), indent=2)
