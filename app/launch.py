"""Before the browser app starts: is the port free, and what to say."""

from __future__ import annotations

import socket
from pathlib import Path

from rag.errors import SettingsError
from rag.retrieval.index_state import pointer_mark


def check_port(port: int, address: str = "127.0.0.1") -> None:
    """Make sure that the port can be listened on.

    Raises:
        SettingsError: another program listens there, or it may not be used.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8501
            raise SettingsError(
                f"port {port} cannot be used ({error.strerror}): run 'radcite app --port {other}'"
            ) from error


def say_address(port: int, home: Path) -> None:
    """Where the app is, and what it cannot do yet where no index is built."""
    print(f"radcite: http://127.0.0.1:{port} (this machine only; Ctrl-C stops it)", flush=True)
    if pointer_mark(home) is None:
        print(
            "No passage index yet: category questions are answered, for all others run "
            "'radcite ingest' (the app picks the index up by itself).",
            flush=True,
        )
