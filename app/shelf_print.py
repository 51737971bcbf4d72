"""The shelf and the library in the terminal: lists, one guideline to read, two editions compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.chips import Labels
from app.shelf_view import FactView, GuidelineView, TableView, guideline_view
from app.terminal import Console, say
from app.words import EN, Words
from rag.knowledge.edition_diff import Change, EditionDiff
from rag.knowledge.shelf import Shelf

if TYPE_CHECKING:
    from ingest.manifest import Library, LibraryEntry
    from ingest.page_findings import PageFindings
    from rag.knowledge.check import Checked
    from rag.retrieval.index_state import IndexedDocument


def print_shelf(shelf: Shelf, labels: Labels, to: Console, words: Words = EN) -> None:
    """One line an edition: id, name, issuer and year, and what replaced it."""
    ordered = [shelf.edition(name) for ids in shelf.families.values() for name in ids]
    width = max(len(edition.guideline) for edition in ordered) + 2
    for edition in ordered:
        state = (words.current, "good")
        if edition.superseded_by:
            old = words.superseded_by.format(guideline=labels.edition(edition.superseded_by))
            state = (old, "care")
        year = f", {edition.year}" if edition.year else ""
        say(
            to, (edition.label, "name"), (f", {edition.issuer}{year}, ", "soft"), state,
            head=edition.guideline.ljust(width),
        )  # fmt: skip


def print_guideline(shelf: Shelf, name: str, labels: Labels, to: Console) -> None:
    """One guideline from its title to its tables."""
    view = guideline_view(shelf.get(name), labels, shelf.notice(name))
    _head(view, to)
    for label, title, management in view.categories:
        say(to, (f"{label}  ", "name"), title, (f": {management}" * bool(management), "soft"))
    for section, facts in view.sections:
        say(to)
        say(to, (section, "name"))
        for fact in facts:
            _fact(fact, to)
    for table in view.tables:
        say(to)
        say(to, (f"{EN.table}: {table.title}", "name"))
        for row in table.rows:
            _row(table, row, to)


def _head(view: GuidelineView, to: Console) -> None:
    say(to, (view.badge.label, "name"), f", {view.full_title}, ",
        (view.badge.state, "care" if view.badge.superseded else "good"))  # fmt: skip
    for name, text in (*view.about, *((EN.gaps, gap) for gap in view.gaps)):
        say(to, text, head=f"{name}: ")
    for citation, link in view.sources:
        say(to, f"{citation} {link}".strip(), head=f"{EN.sources}: ")
    if view.notice:
        say(to, (view.notice, "care"))
    say(to)


def _fact(fact: FactView, to: Console) -> None:
    marks = "".join(f" ({mark})" for mark in fact.marks)
    origin = f" ({fact.origin})" if fact.origin else ""
    say(to, fact.text, (origin, "soft"), (marks, "care"), head="- ", indent=2)
    if fact.note:
        say(to, (fact.note, "soft"), indent=4)


def _row(table: TableView, row: Sequence[str], to: Console) -> None:
    inputs = len(row) - 1 - table.labelled
    asked = [
        f"{name.lower()} {cell.lower()}"
        for name, cell in zip(table.header[:inputs], row[:inputs], strict=True)
        if cell != EN.any_value
    ]
    label = row[inputs] if table.labelled else ""
    between = ": " if label and row[-1] else ""
    said = f"{'; '.join(asked) or EN.any_value}: "
    say(to, said, (label, "name"), f"{between}{row[-1]}", head="- ", indent=2)


def print_diff(diff: EditionDiff, to: Console) -> None:
    """Each difference with the statements of both editions that it rests on."""
    say(to, (f"{diff.old.label} and {diff.new.label}", "name"))
    for change in diff.changes:
        _change(change, to)


def _change(change: Change, to: Console) -> None:
    say(to)
    say(to, (f"{change.topic} ({change.kind}): ", "name"), change.sentence)
    for edition, facts in ((change.old, change.was), (change.new, change.now)):
        for fact in facts:
            say(to, (fact.fact, "soft"), head=f"{edition.label}: ", indent=2)


def print_check(checked: Checked, to: Console) -> None:
    """Every fault with its file and line, then what was read."""
    for fault in checked.faults:
        say(to, (f"{fault.file}:{fault.line}: ", "care"), fault.message)
    read = (
        f"{checked.editions} editions, {checked.facts:,} facts, {checked.rows:,} decision rows, "
        f"{checked.topics} topics"
    )
    if checked.sound:
        say(to, ("sound: ", "good"), read)
    else:
        say(to, (f"{len(checked.faults)} faults ", "stop"), f"in {read}")


def print_library(library: Library, indexed: dict[str, IndexedDocument], to: Console) -> None:
    """One line a document: id, name, pages and passages in the index, who added it and when."""
    if not library.entries:
        say(to, "No documents yet: radcite library add FILE takes one in.")
        return
    width = max(len(entry.id) for entry in library.entries) + 2
    for entry in library.entries:
        found = indexed.get(entry.id)
        newer = library.successor(entry)
        old = f", superseded by {newer.id}" if newer else ""
        said = _size(found) if found else "not indexed"
        say(
            to, (entry.name, "name"), f", {said}", (old, "care"),
            (f", added {entry.added[:10]} by {entry.added_by}", "soft"),
            head=entry.id.ljust(width),
        )  # fmt: skip


def _size(found: IndexedDocument) -> str:
    """Pages, where it has such, and passages."""
    pages = f"{EN.pages_of(found.pages)}, " if found.pages else ""
    return f"{pages}{EN.passages_of(found.passages)}"


def print_document(
    entry: LibraryEntry, stored: str, found: IndexedDocument | None, to: Console
) -> None:
    """Everything the library knows of one document."""
    details = entry.details
    rows = (
        ("Id", entry.id),
        ("Name", entry.name),
        ("Title", details.title or (found.title if found else "")),
        ("Issuer", details.issuer or ""),
        ("Edition", details.edition or ""),
        ("Year", str(details.year or "")),
        ("Pages", str(found.pages or "") if found else ""),
        ("Passages", str(found.passages) if found else "not indexed: run radcite ingest"),
        ("Added", f"{entry.added[:16].replace('T', ' ')} by {entry.added_by}"),
        ("From", entry.origin),
        ("Stored", stored),
    )
    for name, value in rows:
        if value:
            say(to, value, head=name.ljust(10))


def print_page(findings: PageFindings, to: Console) -> None:
    """What was found on a page: its lines with their numbers, headings and table rows marked."""
    for line in findings.lines:
        style = "name" if line.kind == "heading" else "soft" if line.kind == "table" else None
        said = f"{line.kind}: {line.text}" if line.kind != "line" else line.text
        say(to, (said, style) if style else said, head=f"{line.number:>4}  ")
    if not findings.lines:
        say(to, ("No text was found on this page.", "care"))
