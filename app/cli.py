"""The ``radcite`` command: thin, and slow imports only inside the command that needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.errors import RadciteError

if TYPE_CHECKING:
    from app.batch import InputLine
    from app.corpus_labels import CorpusLabels
    from rag.answering.parts import Parts
    from rag.knowledge.shelf import Shelf
    from rag.retrieval.index_state import IndexedDocument
    from rag.types import Response

FAILED = 1
"""Exit status when something asked for did not work out, and the rest did."""
WRONG = 2
"""Exit status when nothing could be done; click uses the same for wrong usage."""
INTERRUPTED = 130


class Commands(click.Group):
    """Turns every error of radcite into one sentence; Ctrl-C and a closed pipe into silence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RadciteError as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"radcite: {error}", err=True)
            ctx.exit(WRONG)
        except KeyboardInterrupt:
            click.echo("", err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:
            # Python would complain once more while closing standard output.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(FAILED)
        return None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"radcite {version('radcite')}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version,
    help="Show the version and exit.",
)  # fmt: skip
@click.option("--debug", is_flag=True, help="Show the whole traceback when something fails.")
def main(debug: bool) -> None:
    """Radiology guideline answers with the row or sentence they rest on.

    Not a medical device: check the source before acting.
    """


@main.command()
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

    parts = _parts()
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

    parts = _parts()

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


def _parts() -> Parts:
    from rag.settings import load_settings
    from rag.wire import build

    return build(load_settings())


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--rebuild", is_flag=True, help="Index everything anew, also with another model.")
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], rebuild: bool) -> None:
    """Index the built-in guidelines and the documents at PATHS.

    PATHS are PDF, Markdown or text files, or folders of them. What is unchanged is kept; the
    earlier index serves until the new one is whole. Exit status 1: a document failed.
    """
    ctx.exit(_ingest(paths, rebuild))


def _ingest(paths: tuple[Path, ...], rebuild: bool = False) -> int:
    from app import terminal
    from ingest.build import build_index
    from rag.settings import load_settings

    with terminal.progress_bar() as progress:
        report = build_index(load_settings(), paths, rebuild=rebuild, progress=progress)
    terminal.print_build(report, terminal.console())
    return FAILED if report.failed else 0


@main.group()
def library() -> None:
    """Documents of your own: list, add, remove, show."""


@library.command("list")
def library_list() -> None:
    """List the documents with their pages and passages."""
    from app import shelf_print, terminal
    from ingest.manifest import load_library

    home = _home()
    shelf_print.print_library(load_library(home), _indexed(home), terminal.console())


@library.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def library_add(ctx: click.Context, paths: tuple[Path, ...]) -> None:
    """Take the documents at PATHS in and index them; a changed one replaces its earlier self."""
    ctx.exit(_ingest(paths))


@library.command("remove")
@click.argument("document")
def library_remove(document: str) -> None:
    """Take DOCUMENT (its id or name) out of the library and of the index."""
    from app import terminal
    from ingest.build import remove_document
    from rag.settings import load_settings

    with terminal.progress_bar() as progress:
        report = remove_document(load_settings(), document, progress=progress)
    terminal.print_build(report, terminal.console())


@library.command("show")
@click.argument("document")
def library_show(document: str) -> None:
    """Show what is known of DOCUMENT (its id or name)."""
    from app import shelf_print, terminal
    from ingest.manifest import load_library, stored_file

    home = _home()
    entry = load_library(home).find(document)
    found, stored = _indexed(home).get(entry.id), str(stored_file(home, entry))
    shelf_print.print_document(entry, stored, found, terminal.console())


def _home() -> Path:
    from rag.settings import load_settings

    return load_settings().home_dir


def _indexed(home: Path) -> dict[str, IndexedDocument]:
    """The indexed documents by id; none where there is no index."""
    from rag.retrieval.index_state import read_state

    state = read_state(home)
    return {document.id: document for document in state.documents} if state else {}


@main.group()
def corpus() -> None:
    """The built-in guidelines: list, show, diff, check."""


@corpus.command("list")
def corpus_list() -> None:
    """List every edition with its id, year and status."""
    from app import shelf_print, terminal

    shelf, labels = _shelf()
    shelf_print.print_shelf(shelf, labels, terminal.console())


@corpus.command("show")
@click.argument("guideline")
def corpus_show(guideline: str) -> None:
    """Show one GUIDELINE (its id) to read."""
    from app import shelf_print, terminal
    from rag.errors import QuestionError

    shelf, labels = _shelf()
    if guideline not in shelf.ids:
        raise QuestionError(f"no guideline '{guideline}' on the shelf: see 'radcite corpus list'")
    shelf_print.print_guideline(shelf, guideline, labels, terminal.console())


@corpus.command("diff")
@click.argument("old")
@click.argument("new")
def corpus_diff(old: str, new: str) -> None:
    """Show what changed between two editions, OLD and NEW (their ids), with both sides' statements."""
    from app import shelf_print, terminal
    from rag.knowledge.edition_diff import edition_diff

    shelf_print.print_diff(edition_diff(_shelf()[0], old, new), terminal.console())


@corpus.command("check")
@click.argument("folder", required=False, type=click.Path(exists=True, path_type=Path))
@click.pass_context
def corpus_check(ctx: click.Context, folder: Path | None) -> None:
    """Check every file of the corpus (or of another FOLDER) and name file and line of each fault."""
    from app import shelf_print, terminal
    from rag.knowledge.check import check_corpus
    from rag.settings import load_settings

    checked = check_corpus(folder or load_settings().corpus)
    shelf_print.print_check(checked, terminal.console())
    ctx.exit(0 if checked.sound else FAILED)


def _shelf() -> tuple[Shelf, CorpusLabels]:
    from app.corpus_labels import CorpusLabels
    from rag.knowledge.shelf import Shelf
    from rag.settings import load_settings

    shelf = Shelf.open(load_settings().corpus)
    return shelf, CorpusLabels(shelf)


@main.command()
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--browser/--no-browser", default=True, help="Open the default browser.")
def app(port: int, browser: bool) -> None:
    """Open the browser app, on this machine only."""
    from app.launch import check_port, say_address

    check_port(port)
    say_address(port, _home())
    from app.server import serve

    serve(port, open_browser=browser)


@main.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Show what is installed, indexed and connected, and what mends what is missing."""
    from app import terminal
    from app.doctor import examine
    from rag.settings import load_settings

    checks = examine(load_settings())
    terminal.print_checks(checks, terminal.console())
    ctx.exit(FAILED if any(check.state == "missing" for check in checks) else 0)
