"""``radcite app``: the browser app."""

from __future__ import annotations

import click

from app.commands.opening import home_dir


@click.command()
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option("--browser/--no-browser", default=True, help="Open the default browser.")
def app(port: int, browser: bool) -> None:
    """Open the browser app, on this machine only."""
    from app.launch import check_port, say_address

    check_port(port)
    say_address(port, home_dir())
    from app.server import serve

    serve(port, open_browser=browser)
