"""Before the browser app starts: is the port free, and what to say."""

from __future__ import annotations

import ipaddress
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


def check_address(address: str, sign_in: Path | None) -> None:
    """Make sure that nobody else reaches an app where nobody signs in.

    Raises:
        SettingsError: the address is open to other machines and no identity provider is set.
    """
    if sign_in is None and not is_loopback(address):
        raise SettingsError(
            f"address {address} is open to other machines, and nobody signs in: set RADCITE_SIGN_IN "
            "to a sign-in file (README, Sign-in), or leave --address out (this machine only)"
        )


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches the address."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def say_address(port: int, home: Path, address: str = "127.0.0.1", signs_in: bool = False) -> None:
    """Where the app is, who reaches it, and what it cannot do yet where no index is built."""
    reach = "this machine only" if is_loopback(address) else "other machines too"
    people = "people sign in" if signs_in else "no sign-in"
    print(f"radcite: http://{address}:{port} ({reach}, {people}; Ctrl-C stops it)", flush=True)
    if pointer_mark(home) is None:
        print(
            "No passage index yet: category questions are answered, for all others run "
            "'radcite ingest' (the app picks the index up by itself).",
            flush=True,
        )
