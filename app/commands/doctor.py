"""``radcite doctor``: what is there, what is missing, and what mends it."""

from __future__ import annotations

import click

from app.commands.opening import FAILED


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Show what is installed, indexed and connected, and what mends what is missing."""
    from app import terminal
    from app.doctor import examine
    from rag.settings import load_settings

    checks = examine(load_settings())
    terminal.print_checks(checks, terminal.console())
    ctx.exit(FAILED if any(check.state == "missing" for check in checks) else 0)
