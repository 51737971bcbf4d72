"""The model's endpoint as a librarian sets it on the Settings page: a line of ``radcite.env``.

An environment variable wins over the file, so where one is set the page only shows it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from rag.errors import SettingsError
from rag.settings import Settings

ENDPOINT = "RADCITE_LLM_URL"
FILE = Path("radcite.env")
_ADDRESS = re.compile(r"https?://[^\s\"'#]+")


def endpoint_is_ours() -> bool:
    """Whether the file decides: no environment variable names the endpoint."""
    return ENDPOINT not in os.environ


def put_endpoint(url: str, file: Path = FILE) -> None:
    """Write the endpoint into the settings file, or take it out where ``url`` is empty.

    Raises:
        SettingsError: it is no http(s) address, or the file cannot be written.
    """
    if url and not _ADDRESS.fullmatch(url):
        raise SettingsError(f"{url!r} is no address: write http://host:port/v1")
    try:
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        kept = [line for line in lines if not re.match(rf"\s*{ENDPOINT}\s*=", line)]
        part = file.with_name(f"{file.name}.part")
        part.write_text("\n".join([*kept, *([f"{ENDPOINT}={url}"] if url else [])]) + "\n", "utf-8")
        part.replace(file)
    except OSError as error:
        raise SettingsError(
            f"{file.absolute()} cannot be written ({error.strerror}): set {ENDPOINT} instead"
        ) from error


def check_endpoint(settings: Settings) -> str:
    """The model that the endpoint serves.

    Raises:
        SettingsError: it does not answer, or serves no model; the message says which.
    """
    from rag.answering.llm_endpoint import probe  # heavy, and only for this button

    found = probe(settings)
    if not found.reachable or found.model is None:
        raise SettingsError(found.problem)
    return found.model
