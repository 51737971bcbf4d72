"""``python -m ingest [--rebuild] [PATH ...]``: build the index from a terminal, with plain progress."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ingest.build import BuildReport, build_index
from rag.errors import RadciteError
from rag.settings import load_settings


def main(arguments: list[str] | None = None) -> int:
    """Build and print a summary; 1 where a document failed, 2 where nothing could be built."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="documents or folders to take in")
    parser.add_argument("--rebuild", action="store_true", help="build anew, whatever changed")
    given = parser.parse_args(arguments)
    try:
        report = build_index(
            load_settings(), given.paths, rebuild=given.rebuild, progress=_show_progress
        )
    except RadciteError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(summary(report)) + "\n")
    return 1 if report.failed else 0


def summary(report: BuildReport) -> list[str]:
    """The report as lines of text."""
    return [
        f"{len(report.added)} added, {len(report.kept)} kept, {len(report.replaced)} replaced, "
        f"{len(report.removed)} removed, {len(report.failed)} failed",
        *(f"  failed: {name}: {reason}" for name, reason in report.failed),
        *(f"  note: {name}: {text}" for name, text in report.notices),
        f"{report.passages} passages, {report.embedded} embedded, {report.seconds:.1f} s"
        + ("" if report.built else " (nothing had changed)"),
    ]


def _show_progress(stage: str, done: int, total: int) -> None:
    width = 30
    filled = width * done // max(1, total)
    end = "\n" if done >= total else ""
    bar = "#" * filled + "." * (width - filled)
    sys.stderr.write(f"\r{stage:<20} [{bar}] {done}/{total}" + end)
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
