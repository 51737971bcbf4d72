"""``radcite corpus``: the built-in guidelines listed, shown, compared, checked."""

from __future__ import annotations

from pathlib import Path

import click

from app.commands.opening import FAILED, open_shelf


@click.group()
def corpus() -> None:
    """The built-in guidelines: list, show, diff, check."""


@corpus.command("list")
def corpus_list() -> None:
    """List every edition with its id, year and status."""
    from app import shelf_print, terminal

    shelf, labels = open_shelf()
    shelf_print.print_shelf(shelf, labels, terminal.console())


@corpus.command("show")
@click.argument("guideline")
def corpus_show(guideline: str) -> None:
    """Show one GUIDELINE (its id) to read."""
    from app import shelf_print, terminal
    from rag.errors import QuestionError

    shelf, labels = open_shelf()
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

    shelf_print.print_diff(edition_diff(open_shelf()[0], old, new), terminal.console())


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
