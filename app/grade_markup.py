"""Grades as HTML: the words read, one column a system, the row that holds in its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from app.badge import badge_of
from app.chips import Labels, quantity
from app.html_parts import badge_html, copy_button, guideline_address, icon
from app.words import Words
from rag.answering.decisive import TurningPoint
from rag.answering.finding import Finding
from rag.answering.grade_sheet import GradeSheet
from rag.answering.grade_tables import RowView, TableView, tables_of
from rag.answering.side_by_side import Side, SideBySide, SideOutcome
from rag.types import Decision, Descriptor, Span

SHOWN_ROWS = 6
"""Rows that still can hold, shown before the table is unfolded."""

STATES = {"holds": "is-holds", "possible": "is-possible", "out": "is-out"}


def words_read_html(finding: Finding, labels: Labels, words: Words) -> str:
    """The text as it was typed, what was read from it marked; hovering says as what."""
    places: dict[Span, list[Descriptor]] = {}
    for item in sorted(finding.descriptors, key=lambda item: (item.span[0], -item.span[1])):
        if item.text:
            places.setdefault(item.span, []).append(item)
    if not places or not finding.text:
        return (
            f'<p class="rc-muted rc-wordsread" data-text="{escape(finding.text)}">'
            f"{escape(words.nothing_read)}</p>"
            if finding.text
            else ""
        )
    out, at = [], 0
    for (start, end), items in places.items():
        if start < at:
            continue
        said = "; ".join(_as_read(item, labels) for item in items)
        out += [
            escape(finding.text[at:start]),
            f'<mark title="{escape(said)}">{escape(finding.text[start:end])}'
            f'<span class="rc-sr"> ({escape(said)})</span></mark>',
        ]
        at = end
    out.append(escape(finding.text[at:]))
    return (
        f'<p class="rc-wordsread" data-text="{escape(finding.text)}">'
        f'<span class="rc-label">{escape(words.words_read)}</span> {"".join(out)}</p>'
    )


def _as_read(item: Descriptor, labels: Labels) -> str:
    value = item.value
    said = labels.value(item.name, value) if isinstance(value, str) else quantity(value, item.unit)
    return f"{labels.name(item.name)}: {said}"


def systems_html(
    compared: SideBySide, sheets: Sequence[GradeSheet], labels: Labels, words: Words
) -> str:
    """The decision of each system in equal columns, and which one applies."""
    sides = {side.edition.guideline: side for side in compared.sides}
    columns = "".join(
        _system(sides.get(sheet.edition.guideline) or _silent(sheet), sheet, labels, words)
        for sheet in sheets
    )
    applies = compared.applies.sentence if compared.applies else ""
    said = f'<p class="rc-note">{icon("info")} {escape(applies)}</p>' if applies else ""
    return f'<div class="rc-compare" role="status">{columns}</div>{said}'


def _silent(sheet: GradeSheet) -> Side:
    """The column of a system that has no table for the finding yet, or none at all."""
    decision = sheet.decision
    asked = decision.clarification.question if decision.clarification else ""
    outcome: SideOutcome = "not_covered" if decision.not_covered else "missing"
    said = decision.not_covered or asked
    return Side(sheet.edition, decision, outcome, sheet.edition.title, said)


def _system(side: Side, sheet: GradeSheet, labels: Labels, words: Words) -> str:
    decision = sheet.decision
    differs = f'<span class="rc-differs">{escape(words.differs)}</span>' if side.differs else ""
    remarks = "".join(
        f'<p class="rc-note">{escape(text)}</p>' for text in (*sheet.remarks, *decision.notes)
    )
    return (
        f'<article class="rc-system rc-{side.outcome}">'
        f"<header>{badge_html(badge_of(side.edition, labels, words))}{differs}</header>"
        f"<h2>{_headline(side)}</h2>{_said(side, sheet, words)}"
        f"{_sentence(sheet, words)}{remarks}</article>"
    )


def _headline(side: Side) -> str:
    return f"<b>{escape(side.name)}</b>" if side.decision.category else escape(side.name)


def _said(side: Side, sheet: GradeSheet, words: Words) -> str:
    decision = sheet.decision
    possible = "".join(
        f'<span class="rc-open">{escape(label)}</span>' for label in decision.possible
    )
    still = (
        f'<p class="rc-row"><span class="rc-label">{escape(words.still_possible)}</span>'
        f'<span class="rc-chips">{possible}</span></p>'
        if possible and decision.category is None
        else ""
    )
    if decision.readings:
        items = "".join(
            f"<li><b>{escape(': '.join(filter(None, (r.category, r.management))))}</b>"
            f"<span>{escape(words.basis)}: {escape(r.basis)}</span></li>"
            for r in decision.readings
        )
        return f'<p class="rc-care">{escape(words.eyebrow_disputed)}</p><ul class="rc-readings">{items}</ul>'
    kind = {"missing": "rc-care", "not_covered": "rc-stop"}.get(side.outcome, "rc-management")
    asked = _question(sheet, words)
    said = asked if side.outcome == "missing" else side.said
    more = f'<p class="rc-care">{escape(asked)}</p>' if asked and decision.category else ""
    return f'<p class="{kind}">{escape(said)}</p>{more}{still}'


def _question(sheet: GradeSheet, words: Words) -> str:
    """What is asked next, in the reader's language where the vocabulary has it."""
    asked = sheet.question
    if asked is None:
        return ""
    spec = next((f.spec for f in sheet.form if f.name == asked.descriptor), None)
    korean = spec.question_ko if spec and words.language_code == "ko" else None
    return korean or asked.question


def _sentence(sheet: GradeSheet, words: Words) -> str:
    if not sheet.sentence:
        return ""
    return (
        f'<div class="rc-sentence"><span class="rc-label">{escape(words.paste_ready)}</span>'
        f"<p>{escape(sheet.sentence)}</p>"
        f"{copy_button('content_copy', words.copy_report, sheet.sentence, words)}</div>"
    )


def turns_html(points: Sequence[TurningPoint], words: Words) -> str:
    """What the decision would become if one thing were otherwise."""
    items = "".join(
        f"<li><span>{escape(point.label)}: {escape(point.would)}</span>"
        f"<b>{escape(_outcome(point.decision, words))}</b></li>"
        for point in points
    )
    if not items:
        return ""
    return f'<section class="rc-turns"><h3>{escape(words.turning)}</h3><ul>{items}</ul></section>'


def _outcome(decision: Decision, words: Words) -> str:
    if decision.readings:
        labels = f" {words.either} ".join(str(reading.category) for reading in decision.readings)
        return f"{labels} ({words.disagreement})"
    return decision.category or decision.management or words.eyebrow_not_covered


def sheet_tables_html(sheet: GradeSheet, words: Words) -> str:
    """The tables in play, the row that holds highlighted; the whole of each unfolds.

    While the kind of finding is open every table is in play, and none is shown.
    """
    if "finding" in sheet.decision.missing:
        return ""
    decided = bool(sheet.decision.row)
    tables = sheet.tables
    if words.language_code != "en" and sheet.case is not None:
        tables = tables_of(sheet.case, words.language_code)
    return "".join(_table(table, sheet.edition.guideline, decided, words) for table in tables)


def _table(table: TableView, guideline: str, decided: bool, words: Words) -> str:
    """A row holds only where the whole is decided: a table that may not apply decides nothing."""
    rows = table.rows
    if not decided:
        rows = tuple(replace(r, state="possible") if r.state == "holds" else r for r in rows)
    table = replace(table, rows=rows)
    held = [row for row in rows if row.state == "holds"]
    open_rows = [row for row in rows if row.state == "possible"]
    shown = held or open_rows[:SHOWN_ROWS]
    if not shown:
        return ""
    count = "" if held else words.rows_open.format(n=len(open_rows))
    whole = (
        f'<details class="rc-more"><summary>{escape(words.whole_table)} <span>{len(table.rows)}</span>'
        f"</summary>{_grid(table, table.rows, guideline, words)}</details>"
        if len(table.rows) > len(shown)
        else ""
    )
    return (
        f'<section class="rc-sheettable"><h3>{escape(table.title)} <span>{escape(count)}</span></h3>'
        f"{_grid(table, shown, guideline, words)}{whole}</section>"
    )


def _grid(table: TableView, rows: Sequence[RowView], guideline: str, words: Words) -> str:
    head = "".join(
        f'<th scope="col">{escape(label)}</th>' for label in (*table.columns, words.outcome)
    )
    body = "".join(_row(row, table, guideline, words) for row in rows)
    return (
        f'<div class="rc-tablebox" tabindex="0"><table class="rc-table rc-decisions">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: RowView, table: TableView, guideline: str, words: Words) -> str:
    cells = "".join(
        f"<td>{escape(cell) if cell else f'<span class=rc-any>{escape(words.any_value)}</span>'}</td>"
        for cell in row.cells
    )
    held = f'<span class="rc-sr">{escape(words.in_force)}: </span>' if row.state == "holds" else ""
    href = escape(guideline_address(guideline, row=f"{table.id}.{row.id}"))
    link = f'<a class="rc-link rc-rowlink" href="{href}" target="_self" title="{escape(words.in_guideline)}">{icon("menu_book")}<span class="rc-sr">{escape(words.in_guideline)}</span></a>'
    return (
        f'<tr class="{STATES[row.state]}">{cells}<td>{held}{escape(row.outcome)} {link}</td></tr>'
    )


def history_html(kept: Sequence[tuple[str, str]], words: Words) -> str:
    """What was graded in this sitting, newest first, each to be copied."""
    if not kept:
        return f'<p class="rc-muted">{escape(words.history_empty)}</p>'
    items = "".join(
        f'<li><span class="rc-muted">{escape(at)}</span><p>{escape(said)}</p>'
        f"{copy_button('content_copy', words.copy_report, said, words)}</li>"
        for at, said in reversed(kept)
    )
    return f'<ol class="rc-history">{items}</ol>'
