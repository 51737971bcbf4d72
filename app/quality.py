"""What the Quality page shows, gathered from the logs and the evaluations on this machine; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.audit import Entry
from evals.run.result import CaseResult
from evals.run.store import REPORT, Run, find_run, list_runs, read_run

SHOWN_RUNS = 12
SHOWN_WORST = 12


@dataclass(frozen=True, slots=True)
class WithheldStatement:
    """A statement that failed its checks, with the question it was made for."""

    at: str
    question: str
    text: str
    reason: str
    model: str


@dataclass(frozen=True, slots=True)
class Opinions:
    """What readers said, newest first."""

    rows: tuple[Entry, ...]

    @property
    def helpful(self) -> int:
        return sum(row.get("helpful") is True for row in self.rows)


def newest_runs(home: Path) -> tuple[Run, ...]:
    """The newest finished evaluations.

    Raises:
        EvaluationError: one of them cannot be read.
    """
    return tuple(_finished(find_run(home, name)) for name in list_runs(home)[:SHOWN_RUNS])


@lru_cache(maxsize=SHOWN_RUNS)
def _finished(file: Path) -> Run:
    """A run; its file is written once and holds a megabyte or more."""
    return read_run(file)


def report_of(home: Path, run: Run) -> bytes | None:
    """The report page of a run; ``None`` where it was not kept."""
    path = find_run(home, run.id).with_name(REPORT)
    return path.read_bytes() if path.is_file() else None


def worst_cases(run: Run) -> tuple[CaseResult, ...]:
    """Cases that failed or scored lowest, errors first; none that scored full marks."""
    graded = [(_mark(case), case) for case in run.cases]
    low = [(mark, case) for mark, case in graded if mark < 1]
    return tuple(
        case for _, case in sorted(low, key=lambda pair: (pair[0], pair[1].id))[:SHOWN_WORST]
    )


def _mark(case: CaseResult) -> float:
    """The mean of a case's scores; below all where nothing came back, full where none was due."""
    if case.error:
        return -1
    given = [value for value in case.scores.values() if value is not None]
    return sum(given) / len(given) if given else 1


def withheld_in(entries: Sequence[Entry]) -> tuple[WithheldStatement, ...]:
    """Every withheld statement of the audit log, newest first."""
    return tuple(
        WithheldStatement(
            str(entry.get("at", "")), str(entry.get("question", "")), text, reason,
            str(entry.get("model") or ""),
        )
        for entry in reversed(entries)
        for text, reason in _pairs(entry)
    )  # fmt: skip


def _pairs(entry: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    given = entry.get("withheld")
    for pair in given if isinstance(given, list) else ():
        if isinstance(pair, list) and len(pair) == 2:
            yield str(pair[0]), str(pair[1])


def opinions_in(entries: Sequence[Entry]) -> Opinions:
    return Opinions(tuple(reversed(entries)))
