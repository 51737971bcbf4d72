"""``radcite ask``: one question, or many as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.opening import FAILED, open_parts

if TYPE_CHECKING:
    from app.batch import InputLine
    from rag.types import Response


@click.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the whole answer as one JSON object.")
@click.option(
    "--guideline", "guidelines", multiple=True, metavar="ID",
    help="Answer from this guideline only; may be repeated. Ids: radcite corpus list.",
)  # fmt: skip
@click.option(
    "--jsonl", "batch", metavar="[FILE]", is_flag=False, flag_value="-",
    help="Answer many questions: one JSON object a line from FILE (or standard input), one out.",
)  # fmt: skip
@click.pass_context
def ask(
    ctx: click.Context,
    question: str | None,
    as_json: bool,
    guidelines: tuple[str, ...],
    batch: str | None,
) -> None:
    """Answer one QUESTION, or many with --jsonl.

    \b
    Examples:
      radcite ask "9 mm solid nodule on a baseline screening CT"
      radcite ask --json "What counts as growth in Lung-RADS?"
      radcite ask --jsonl questions.jsonl > answers.jsonl
    """
    if batch is not None:
        if question is not None:
            raise click.UsageError("give a QUESTION or --jsonl, not both")
        ctx.exit(_ask_many(batch, guidelines))
    if question is None:
        raise click.UsageError('give a question: radcite ask "9 mm solid nodule at baseline"')
    _ask_one(question, guidelines, as_json)


def _ask_one(question: str, guidelines: tuple[str, ...], as_json: bool) -> None:
    from rag.answering.answer import ask as ask_radcite

    parts = open_parts()
    response = ask_radcite(question, parts=parts, guidelines=guidelines or None)
    if as_json:
        from app.batch import dumps
        from rag.answering.payload import to_json

        click.echo(dumps(to_json(response), indent=2))
        return
    from app import terminal
    from app.corpus_labels import CorpusLabels
    from app.view import view_of

    terminal.print_answer(view_of(response, CorpusLabels(parts.shelf)), terminal.console())


def _ask_many(source: str, guidelines: tuple[str, ...]) -> int:
    from app import terminal
    from app.batch import answer_lines
    from rag.answering.answer import ask as ask_radcite

    parts = open_parts()

    def ask_line(line: InputLine) -> Response:
        return ask_radcite(
            line.question, parts=parts, guidelines=line.guidelines, history=line.history
        )

    lines, total = _lines_of(source)
    count, done, good = terminal.counter(total), 0, True
    for out in answer_lines(lines, ask_line, guidelines):
        click.echo(out.text)
        sys.stdout.flush()
        done, good = done + 1, good and out.good
        count(done)
    terminal.end_count()
    return 0 if good else FAILED


def _lines_of(source: str) -> tuple[Iterable[bytes], int | None]:
    """The lines of a file with their number, or of standard input as they come."""
    if source == "-":
        return sys.stdin.buffer, None
    path = Path(source)
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise click.UsageError(f"cannot read {path}: {error.strerror}") from error
    return lines, sum(1 for line in lines if line.strip())
