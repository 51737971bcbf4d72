"""Answers, summaries and checks in a terminal: coloured and wrapped there, plain when piped.

Texts come from documents and models, so control characters are taken out before anything is
written, and nothing in them is read as markup.
"""

from __future__ import annotations

import shlex
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from app.badge import Badge
from app.chips import Chip
from app.copying import first_part
from app.findings import Finding
from app.procedures import ProcedureTable
from app.view import AnswerView, Card, Line
from app.words import EN, Words

if TYPE_CHECKING:
    from app.doctor import Check
    from ingest.build import BuildReport

WIDEST = 100
"""Longer lines are hard to read, however wide the window is."""

UNWRAPPED = 100_000

STYLE = {
    "name": "bold",
    "soft": "dim",
    "cite": "cyan",
    "mark": "bold",
    "good": "green",
    "care": "yellow",
    "stop": "red",
}
TONE = {"answer": "good", "disputed": "care", "details": "care", "refusal": "stop"}


def console(*, error: bool = False) -> Console:
    """A console on standard output (or error); colour only in a terminal and without NO_COLOR."""
    plain = Console(stderr=error, highlight=False, markup=False, emoji=False)
    if not plain.is_terminal:
        plain.width = UNWRAPPED
    elif plain.width > WIDEST:
        plain.width = WIDEST
    return plain


def printable(text: str) -> str:
    """``text`` without the characters that would steer a terminal."""
    return "".join(
        c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )


def print_answer(view: AnswerView, to: Console, words: Words = EN) -> None:
    """The answer, what it was read from, then the evidence under it."""
    _write(to, _lead(view))
    for badge in view.badges:
        _write(to, _badge(badge))
    _gap(to)
    for line in view.lines:
        _item(to, _statement(line, words))
    if view.lines:
        _gap(to)
    if view.table:
        _table(view.table, to, words)
    for i, finding in enumerate(view.findings):
        _finding(finding, i > 0, to, words)
    _ways_on(view, to, words)
    _withheld(view, to, words)
    for notice in view.notices:
        _write(to, _text(notice, "soft"))
    _evidence(view, to, words)
    made = " · ".join([view.mode, view.index, words.took(view.elapsed_ms)])
    _write(to, _text(made, "soft"))


def _lead(view: AnswerView) -> Text:
    eyebrow = "" if view.tone == "answer" else f"{view.eyebrow}: "
    first, rest = first_part(view.lead.text)
    shown = _text(eyebrow, TONE[view.tone]).append_text(_text(first, "name"))
    return shown.append_text(_text(rest)).append_text(_cites(view.lead.citations))


def _badge(badge: Badge) -> Text:
    shown = _text(
        f"{badge.label}, {badge.detail}, " if badge.detail else f"{badge.label}, ", "soft"
    )
    return shown.append_text(_text(badge.state, "care" if badge.superseded else "good"))


def _statement(line: Line, words: Words) -> Text:
    shown = _text(line.text).append_text(_cites(line.citations))
    return shown.append_text(_text(f" ({words.partly})", "care")) if line.partly else shown


def _table(table: ProcedureTable, to: Console, words: Words) -> None:
    """Every band with its procedures, ratings and radiation levels, then the scenarios that came next."""
    if table.currency_note:
        _write(to, _text(table.currency_note, "care"))
    for band in table.bands:
        _write(to, _text(f"{band.title} ({len(band.rows)})", band.tone))
        for row in band.rows:
            levels = [(words.adult, row.adult.symbol), (words.child, row.child.symbol)]
            told = ", ".join(f"{who.lower()} {symbol}" for who, symbol in levels if symbol)
            head = _text(f"  {row.rating if row.rating is not None else '':>2}  ", band.tone)
            said = _text(row.name).append_text(_text(f"  {told}", "soft"))
            _hanging(to, head, said.append_text(_text(f"  {row.note}" if row.note else "", "care")))
    if table.others:
        _gap(to)
        _write(to, _text(words.other_scenarios, "soft"))
        for other in table.others:
            _item(to, _text(other.label, "soft"))
    _gap(to)


def _finding(finding: Finding, further: bool, to: Console, words: Words) -> None:
    if further and finding.headline:
        _write(to, _text(finding.headline, "name"))
    for said, basis in finding.readings:
        _item(to, _text(said, "care"))
        _write(to, _text(f"{words.basis}: {basis}", "soft"), indent=4)
    if finding.possible:
        _write(to, _text(f"{words.still_possible}: {', '.join(finding.possible)}", "care"))
    _chips(finding.chips, to, words)
    for note in finding.notes:
        _write(to, _text(note, "soft"))
    if finding.chips or finding.readings or finding.possible or finding.notes:
        _gap(to)


def _chips(chips: Sequence[Chip], to: Console, words: Words) -> None:
    read = ", ".join(chip.text for chip in chips if not chip.missing)
    missing = ", ".join(chip.label.lower() for chip in chips if chip.missing)
    if read:
        _write(to, _text(f"{words.read_from_text}: {read}"))
    if missing:
        _write(to, _text(f"{words.missing_title}: {missing}", "care"))


def _ways_on(view: AnswerView, to: Console, words: Words) -> None:
    if view.question_back:
        _write(to, _text(view.question_back, "care"))
    for choice in view.choices:
        _item(to, _text(f"{choice.label}: radcite ask {shlex.quote(choice.question)}"))
    if view.number:
        said = words.unit_prompt.format(label=view.number.label, unit=view.number.unit)
        _item(to, _text(f"{words.add_detail}: {said}"))
    if view.choices or view.number:
        _gap(to)


def _withheld(view: AnswerView, to: Console, words: Words) -> None:
    if not view.withheld:
        return
    n = len(view.withheld)
    _write(to, _text(words.withheld_one if n == 1 else words.withheld_many.format(n=n), "care"))
    for text, reason in view.withheld:
        _item(to, _text(f"{text} ({reason})", "soft"))
    _gap(to)


def _evidence(view: AnswerView, to: Console, words: Words) -> None:
    if not view.cards:
        return
    _write(to, _text(words.nearest if view.tone == "refusal" else words.evidence, "soft"))
    for card in view.cards:
        _card(card, to, words)
    _gap(to)


def _card(card: Card, to: Console, words: Words) -> None:
    where = ", ".join(part for part in (card.document, card.place) if part)
    head = _text(f"[{card.n}] ", "cite").append_text(_text(card.badge.label, "name"))
    if card.badge.superseded:
        head.append_text(_text(f" ({card.badge.state})", "care"))
    head.append_text(_text(f"  {where}", "soft"))
    if card.is_row:
        head.append_text(_text(f", {words.row}", "soft"))
    _write(to, head, indent=1)
    quote = Text()
    for piece, marked in card.pieces:
        quote.append_text(_text(piece, "mark" if marked else None))
    for line in quote.split("\n")[: 1 if card.folds else None]:
        _write(to, line, indent=5)
    for extra in (card.note, card.source_url):
        if extra:
            _write(to, _text(extra, "soft"), indent=5)


def _cites(numbers: Iterable[int]) -> Text:
    return _text("".join(f" [{n}]" for n in numbers), "cite")


def _text(text: str, style: str | None = None) -> Text:
    """A text whose style is its own: what is appended to it does not take it over."""
    return Text().append(printable(text), STYLE[style] if style else None)


def _write(to: Console, text: Text, indent: int = 0) -> None:
    _hanging(to, Text(" " * indent), text)


def _item(to: Console, text: Text, indent: int = 2) -> None:
    _hanging(to, Text(" " * indent + "- "), text)


def _gap(to: Console) -> None:
    to.print()


def say(to: Console, *parts: str | tuple[str, str], head: str = "", indent: int = 0) -> None:
    """One paragraph of ``(text, style)`` parts; further lines start behind ``head``."""
    text = Text()
    for part in parts:
        words, style = (part, None) if isinstance(part, str) else part
        text.append_text(_text(words, style))
    _hanging(to, Text(" " * indent).append_text(_text(head, "soft")), text)


def print_checks(checks: Sequence[Check], to: Console) -> None:
    """One row a check; under what is missing, the command that mends it."""
    said = {"good": ("ok", "good"), "note": ("note", "soft"), "missing": ("missing", "stop")}
    width = max(len(check.name) for check in checks) + 2
    for check in checks:
        word, style = said[check.state]
        line = _text(word.ljust(9), style).append_text(_text(check.name.ljust(width), "name"))
        _hanging(to, line, _text(check.found))
        if check.mend:
            _hanging(to, Text(" " * (9 + width)), _text(f"mend: {check.mend}", "care"))


def print_build(report: BuildReport, to: Console) -> None:
    """What an ingest run did: names of what changed, counts of what did not."""
    groups = (
        ("Added", report.added, "good"),
        ("Replaced", report.replaced, "care"),
        ("Removed", report.removed, "care"),
    )
    for label, names, style in groups:
        for name in names:
            _hanging(to, _text(label.ljust(10), style), _text(name))
    if report.kept:
        _hanging(to, _text("Kept".ljust(10), "soft"), _text(f"{len(report.kept)} unchanged"))
    for name, notice in report.notices:
        _hanging(to, _text("Note".ljust(10), "care"), _text(f"{name}: {notice}"))
    for name, reason in report.failed:
        _hanging(to, _text("Failed".ljust(10), "stop"), _text(f"{name}: {reason}"))
    made = f"{report.passages:,} passages, {report.embedded:,} embedded, {report.seconds:.1f} s"
    _write(to, _text(made if report.built else f"Nothing to do: {made}", "soft"))


def _hanging(to: Console, head: Text, text: Text) -> None:
    """``text`` behind ``head``; further lines start where the first one does."""
    first, *more = text.wrap(to, max(20, to.width - head.cell_len)) or [Text()]
    to.print(head.copy().append_text(first), soft_wrap=True)
    for part in more:
        to.print(Text(" " * head.cell_len).append_text(part), soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error while a long task runs; ``update(stage, done, total)``.

    Where standard error is no terminal, each stage is one line, so that logs stay readable.
    """
    to = console(error=True)
    if not to.is_terminal:
        yield _stage_lines(to)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=to, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield update


def _stage_lines(to: Console) -> Callable[[str, int, int], None]:
    said: set[str] = set()

    def update(stage: str, done: int, total: int) -> None:
        if stage not in said:
            said.add(stage)
            _write(to, _text(f"{stage} ({total})" if total else stage))

    return update


def counter(total: int | None) -> Callable[[int], None]:
    """Says on standard error how many questions are answered, if that is a terminal."""
    if not sys.stderr.isatty():
        return lambda done: None
    of = f" of {total}" if total else ""
    return lambda done: print(f"\r{done}{of} answered", end="", file=sys.stderr, flush=True)


def end_count() -> None:
    if sys.stderr.isatty():
        print(file=sys.stderr)
