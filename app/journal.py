"""Append-only local logs: one JSON object a line, a file a month, old months removed whole.

A line is written with a single append, so that many sessions may write at once. A line that cannot
be read (a power cut in the middle of it) is left out and counted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rag.errors import RadciteError


class JournalError(RadciteError):
    """A log cannot be written or read; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What a log holds, oldest first; ``damaged`` lines could not be read."""

    rows: tuple[Mapping[str, object], ...]
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """One log: ``<folder>/<name>-2026-11.jsonl``, kept for ``days`` (0: nothing is written)."""

    folder: Path
    name: str
    days: int

    def append(self, entry: Mapping[str, object], now: datetime | None = None) -> None:
        """Add one entry with its time (UTC), and forget months that are past keeping.

        Raises:
            JournalError: the file cannot be written.
        """
        if self.days == 0:
            return
        at = now or datetime.now(UTC)
        line = json.dumps({"at": at.isoformat(timespec="seconds"), **entry}, ensure_ascii=False)
        path = self.folder / f"{self.name}-{at:%Y-%m}.jsonl"
        try:
            new = not path.exists()
            self.folder.mkdir(parents=True, exist_ok=True)
            _append(path, line + "\n")
            if new:
                self.forget(at)
        except OSError as error:
            raise JournalError(f"log {path} cannot be written ({error.strerror})") from error

    def forget(self, now: datetime) -> None:
        """Remove the months that ended more than ``days`` ago."""
        oldest = now - timedelta(days=self.days)
        for path in self.files():
            if path.stem[-7:] < f"{oldest:%Y-%m}":
                path.unlink()

    def files(self) -> tuple[Path, ...]:
        """The files of this log, oldest first."""
        return tuple(sorted(self.folder.glob(f"{self.name}-[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl")))

    def read(self, months: int | None = None) -> Entries:
        """Everything kept, or the newest ``months`` of it.

        Raises:
            JournalError: a file cannot be read.
        """
        rows: list[Mapping[str, object]] = []
        damaged = 0
        files = self.files()
        for path in files if months is None else files[-months:]:
            try:
                lines = path.read_text("utf-8", errors="replace").splitlines()
            except OSError as error:
                raise JournalError(f"log {path} cannot be read ({error.strerror})") from error
            for line in filter(None, lines):
                row = _row(line)
                damaged += row is None
                rows += [row] if row is not None else []
        return Entries(tuple(rows), damaged)


def _append(path: Path, line: str) -> None:
    """One write in append mode, readable by its owner only."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode("utf-8"))
    finally:
        os.close(handle)


def _row(line: str) -> Mapping[str, object] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None
