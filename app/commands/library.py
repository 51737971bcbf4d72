"""``radcite ingest`` and ``radcite library``: documents in, listed, shown, out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.opening import FAILED, home_dir

if TYPE_CHECKING:
    from ingest.manifest import DocumentDetails
    from rag.retrieval.index_state import IndexedDocument


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--rebuild", is_flag=True, help="Index everything anew, also with another model.")
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], rebuild: bool) -> None:
    """Index the built-in guidelines and the documents at PATHS.

    PATHS are PDF, Word, Excel, CSV, HTML, Markdown or text files, or folders of them. What is unchanged is kept; the
    earlier index serves until the new one is whole. Exit status 1: a document failed.
    """
    ctx.exit(_ingest(paths, rebuild))


def _ingest(
    paths: tuple[Path, ...], rebuild: bool = False, details: DocumentDetails | None = None
) -> int:
    from app import terminal
    from ingest.build import build_index
    from rag.settings import load_settings

    with terminal.progress_bar() as progress:
        report = build_index(
            load_settings(), paths, rebuild=rebuild, progress=progress, details=details
        )
    terminal.print_build(report, terminal.console())
    return FAILED if report.failed else 0


@click.group()
def library() -> None:
    """Documents of your own: list, add, replace, remove, show."""


@library.command("list")
def library_list() -> None:
    """List the documents with their pages and passages."""
    from app import shelf_print, terminal
    from ingest.manifest import load_library

    home = home_dir()
    shelf_print.print_library(load_library(home), _indexed(home), terminal.console())


def _details(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what a document does not say of itself."""
    for option in (
        click.option("--title", help="Title, where the document names none."),
        click.option("--issuer", help="Who issued it."),
        click.option("--edition", help="Its edition or version."),
        click.option("--date", help="Day of issue, as 2026-03-31."),
        click.option("--prompt", is_flag=True, help="Ask for these one after the other."),
    ):
        command = option(command)
    return command


@library.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--supersedes", metavar="DOCUMENT", help="The older document, kept as superseded.")
@_details
@click.pass_context
def library_add(
    ctx: click.Context, /, paths: tuple[Path, ...], supersedes: str | None, prompt: bool,
    **said: str | None,
) -> None:  # fmt: skip
    """Take the documents at PATHS in and index them; a changed one replaces its earlier self.

    A sidecar FILE.yaml beside a file may say the same as the options; these win.
    """
    ctx.exit(_ingest(paths, details=_stated({**said, "supersedes": supersedes}, prompt)))


@library.command("replace")
@click.argument("document")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_details
@click.pass_context
def library_replace(
    ctx: click.Context, /, document: str, path: Path, prompt: bool, **said: str | None
) -> None:
    """Put the file PATH in the place of DOCUMENT (its id or name); the old content goes."""
    from app import terminal
    from ingest.build import replace_document
    from rag.settings import load_settings

    details = _stated(said, prompt)
    with terminal.progress_bar() as progress:
        report = replace_document(
            load_settings(), document, path, details=details, progress=progress
        )
    terminal.print_build(report, terminal.console())
    ctx.exit(FAILED if report.failed else 0)


def _stated(said: dict[str, str | None], prompt: bool) -> DocumentDetails:
    """The details as typed in the command, or asked for."""
    from pydantic import ValidationError

    from ingest.manifest import DocumentDetails

    if prompt:
        for name in ("title", "issuer", "edition", "date"):
            asked = said.get(name) or click.prompt(
                name.capitalize(), default="", show_default=False
            )
            said[name] = asked or None
    try:
        return DocumentDetails(**said)
    except ValidationError as error:
        first = error.errors()[0]
        raise click.UsageError(f"--{first['loc'][0]}: {first['msg']}") from error


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
@click.option(
    "--page", type=click.IntRange(min=1), help="What was found on this page, line by line."
)
@click.option(
    "--png", type=click.Path(dir_okay=False, path_type=Path),
    help="With --page: save the page with frames around what was found.",
)  # fmt: skip
def library_show(document: str, page: int | None, png: Path | None) -> None:
    """Show what is known of DOCUMENT (its id or name), or what was found on one of its pages."""
    from app import shelf_print, terminal
    from ingest.manifest import load_library, stored_file

    home = home_dir()
    if png is not None and page is None:
        raise click.UsageError("--png needs --page")
    if page is not None:
        _show_page(home, document, page, png)
        return
    entry = load_library(home).find(document)
    found, stored = _indexed(home).get(entry.id), str(stored_file(home, entry))
    shelf_print.print_document(entry, stored, found, terminal.console())


def _show_page(home: Path, document: str, page: int, png: Path | None) -> None:
    from app import shelf_print, terminal
    from ingest.page_findings import draw_findings, page_findings

    findings = page_findings(home, document, page)
    shelf_print.print_page(findings, terminal.console())
    if png is not None:
        png.write_bytes(draw_findings(home, findings).png)
        click.echo(f"{png} written")


def _indexed(home: Path) -> dict[str, IndexedDocument]:
    """The indexed documents by id; none where there is no index."""
    from rag.retrieval.index_state import read_state

    state = read_state(home)
    return {document.id: document for document in state.documents} if state else {}
