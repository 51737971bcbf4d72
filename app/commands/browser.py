"""``radcite app``: the browser app."""

from __future__ import annotations

import click

from rag.settings import load_settings


@click.command()
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on; others than this machine's need RADCITE_SIGN_IN.",
)
@click.option("--browser/--no-browser", default=True, help="Open the default browser.")
def app(port: int, address: str, browser: bool) -> None:
    """Open the browser app; on this machine only, unless people sign in."""
    from app.launch import check_address, check_port, say_address
    from app.people import read_roles

    settings = load_settings()
    check_address(address, settings.sign_in)
    if settings.sign_in is not None:
        read_roles(settings.sign_in)
    check_port(port, address)
    say_address(port, settings.home_dir, address, settings.sign_in is not None)
    from app.server import serve

    serve(port, address=address, open_browser=browser, sign_in=settings.sign_in)
