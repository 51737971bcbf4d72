"""``radcite ingest`` and ``radcite library``: documents in, listed, shown, out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.opening import FAILED, home_dir

if TYPE_CHECKING:
    from rag.retrieval.index_state import IndexedDocument


@click.command()
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


@click.group()
def library() -> None:
    """Documents of your own: list, add, remove, show."""


@library.command("list")
def library_list() -> None:
    """List the documents with their pages and passages."""
    from app import shelf_print, terminal
    from ingest.manifest import load_library

    home = home_dir()
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
