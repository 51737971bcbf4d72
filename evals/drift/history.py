"""The history file: one JSON object a line, only ever appended to.

<home>/evals/history.jsonl
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from evals.drift.points import Point, Score
from evals.errors import HistoryError


def history_path(home: Path) -> Path:
    return home / "evals" / "history.jsonl"


def read_history(home: Path) -> tuple[Point, ...]:
    """All points, oldest first; none where there is no history yet.

    Raises:
        HistoryError: a line is damaged; names file and line. The rest is not silently used.
    """
    path = history_path(home)
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(_point(path, at, line) for at, line in enumerate(lines, 1) if line.strip())


def append_point(home: Path, point: Point) -> Path:
    """Add one point at the end, written through to the disk; returns the file."""
    path = history_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(point), ensure_ascii=False, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def _point(path: Path, number: int, line: str) -> Point:
    try:
        row = json.loads(line)
        return Point(
            at=str(row["at"]),
            scores={str(name): _score(score) for name, score in row["scores"].items()},
            stamp={str(part): str(value) for part, value in row["stamp"].items()},
            flipped=tuple(map(str, row.get("flipped", ()))),
            accepted=str(row.get("accepted", "")),
            results={str(case): str(value) for case, value in row.get("results", {}).items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HistoryError(
            f"{path}:{number}: this line is damaged ({error}); mend or remove it, "
            "or move the file away to begin a new history"
        ) from error


def _score(row: Mapping[str, object]) -> Score:
    value = row["value"]
    if value is not None and not isinstance(value, int | float):
        raise TypeError(f"a score is a number or null, not {value!r}")
    return Score(
        None if value is None else float(value), int(str(row["n"])), int(str(row["unscored"]))
    )
