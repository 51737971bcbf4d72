"""Runs on disk: one folder a run with its JSON, its report, and the journal while it lasts.

<home>/evals/runs/<id>/run.json       the whole run
<home>/evals/runs/<id>/report.html    the page to look at
<home>/evals/runs/<id>/cases.jsonl    finished cases of a run that is not finished
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.errors import EvaluationError
from evals.run.result import CaseResult
from evals.run.summary import SuiteSummary

SCHEMA = 1
RUN, JOURNAL, REPORT = "run.json", "cases.jsonl", "report.html"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run as its file holds it. Times are ISO 8601 in UTC."""

    id: str
    started: str
    seconds: float
    assistant: str
    stamp: Mapping[str, str]
    about: Mapping[str, Any]
    suites: tuple[SuiteSummary, ...]
    cases: tuple[CaseResult, ...]

    def to_json(self) -> Json:
        return {
            "schema": SCHEMA, "id": self.id, "started": self.started, "seconds": self.seconds,
            "assistant": self.assistant, "stamp": dict(self.stamp), "about": dict(self.about),
            "suites": [suite.to_json() for suite in self.suites],
            "cases": [case.to_json() for case in self.cases],
        }  # fmt: skip


def runs_folder(home: Path) -> Path:
    return home / "evals" / "runs"


def new_id(now: datetime | None = None) -> str:
    """A run's id: its start, so that ids sort by time.

    >>> new_id(datetime(2026, 11, 28, 16, 5, 9, tzinfo=UTC))
    '20261128-160509'
    """
    return (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")


def list_runs(home: Path) -> tuple[str, ...]:
    """Ids of the finished runs, newest first."""
    folder = runs_folder(home)
    return tuple(sorted((path.parent.name for path in folder.glob(f"*/{RUN}")), reverse=True))


def find_run(home: Path, name: str) -> Path:
    """The file of a run: a path, an id, ``latest`` or ``previous``.

    Raises:
        EvaluationError: there is no such run; lists those that exist.
    """
    if Path(name).is_file():
        return Path(name)
    if (Path(name) / RUN).is_file():
        return Path(name) / RUN
    known = list_runs(home)
    places = {"latest": 0, "previous": 1}
    chosen = known[places[name]] if name in places and len(known) > places[name] else name
    if chosen in known:
        return runs_folder(home) / chosen / RUN
    listed = ", ".join(known[:8]) or "none yet: radcite eval run all"
    raise EvaluationError(f"no run '{name}'; there are: {listed}")


def read_run(path: Path) -> Run:
    """A run from its file.

    Raises:
        EvaluationError: the file is no run of this version.
    """
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["schema"] != SCHEMA:
            raise ValueError(f"schema {row['schema']}, this version reads {SCHEMA}")
        return Run(
            id=row["id"], started=row["started"], seconds=row["seconds"],
            assistant=row["assistant"], stamp=row["stamp"], about=row["about"],
            suites=tuple(map(SuiteSummary.from_json, row["suites"])),
            cases=tuple(map(CaseResult.from_json, row["cases"])),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{path}: not a run of radcite eval ({error})") from error


def write_run(folder: Path, run: Run) -> Path:
    """Write the run in one step; its journal goes."""
    text = json.dumps(run.to_json(), ensure_ascii=False, indent=1)
    path = folder / RUN
    part = path.with_suffix(".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)
    (folder / JOURNAL).unlink(missing_ok=True)
    return path


class Journal:
    """Finished cases of a run under way; its first line says of what run."""

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self._path = folder / JOURNAL
        folder.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            self._path.write_text(json.dumps({"key": key}) + "\n", encoding="utf-8")
        whole = self._path.read_bytes()
        if not whole.endswith(b"\n"):  # killed while writing: that case is asked again
            self._path.write_bytes(whole[: whole.rfind(b"\n") + 1])

    def keep(self, result: CaseResult) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")

    def done(self) -> dict[str, CaseResult]:
        """The finished cases by id."""
        lines = self._path.read_text(encoding="utf-8").splitlines()[1:]
        results = [CaseResult.from_json(json.loads(line)) for line in lines]
        return {result.id: result for result in results}


def unfinished(home: Path, key: str) -> Path | None:
    """The newest folder whose interrupted run has the same key (cases, stamp), if there is one."""
    journals = sorted(runs_folder(home).glob(f"*/{JOURNAL}"), reverse=True)
    return next((path.parent for path in journals if _key(path) == key), None)


def _key(journal: Path) -> str | None:
    lines: Sequence[str] = journal.read_text(encoding="utf-8").splitlines()
    try:
        return str(json.loads(lines[0])["key"]) if lines else None
    except (ValueError, KeyError):
        return None
