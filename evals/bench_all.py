"""``make bench``: every measurement in turn, each in a process of its own; one failing does not stop the rest.

Times come first, while nothing else runs; the task suites last. Exit status 1: a part failed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "radcite")


@dataclass(frozen=True, slots=True)
class Part:
    """One measurement: what it is, and the command that makes it."""

    title: str
    command: tuple[str, ...]


PARTS = (
    Part("Index of the built-in guidelines", (COMMAND, "ingest")),
    Part("Starting, answering, indexing", (sys.executable, "-m", "evals.bench")),
    Part("Documents read", (sys.executable, "-m", "evals.ingest_bench")),
    Part("A plain LangChain pipeline beside", (sys.executable, "-m", "evals.plain_langchain")),
    Part("Task suites", (COMMAND, "eval", "run", "all")),
)


def run_all(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Run the parts, their output shown as it comes; returns those that failed."""
    failed = []
    for part in parts:
        print(
            f"\n== {part.title}: {' '.join(Path(word).name for word in part.command)}", flush=True
        )
        if subprocess.run(part.command, check=False).returncode != 0:
            failed.append(part)
    return tuple(failed)


def main() -> int:
    failed = run_all(PARTS)
    for part in failed:
        print(f"bench: {part.title} failed; its message stands above", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
