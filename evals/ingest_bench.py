"""Reading documents: throughput and memory beside a plain LangChain loader and splitter.

``python -m evals.ingest_bench [FOLDER] [--result FILE]``

Both read the same PDF files of FOLDER (``pdfs`` below RADCITE_SHARED unless given), each in a process of its
own, in turns: pages a second of CPU time, passages made, and the most memory the process held. radcite
finds tables, rows, headings, boxes and hidden text besides; the plain way (pypdf's text, split every 1,000
characters with an overlap of 200) finds none of these. Nothing is embedded on either side.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RADCITE, PLAIN = "radcite", "plain LangChain"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one way made of the files, and what it took (seconds of CPU, megabytes at most)."""

    way: str
    files: int
    pages: int
    passages: int
    located: int
    cpu_s: float
    wall_s: float
    peak_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Reading documents, beside a plain loader.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--result", type=Path, help="write the figures as JSON")
    parser.add_argument("--way", choices=(RADCITE, PLAIN), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    shared = os.environ.get("RADCITE_SHARED")
    folder = options.folder or (Path(shared) / "pdfs" if shared else None)
    if folder is None or not folder.is_dir():
        sys.stdout.write("reading documents: skipped, no folder with PDF files (RADCITE_SHARED)\n")
        return 0
    files = sorted(folder.rglob("*.pdf"))
    if options.way:
        json.dump(asdict(measured(options.way, files)), sys.stdout)
        return 0
    found = [_in_its_own_process(way, folder) for way in (RADCITE, PLAIN)]
    sys.stdout.write(table(found))
    if options.result:
        options.result.write_text(json.dumps([asdict(one) for one in found], indent=1))
    return 0


def _in_its_own_process(way: str, folder: Path) -> Reading:
    done = subprocess.run(
        [sys.executable, "-m", "evals.ingest_bench", str(folder), "--way", way],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Reading(**json.loads(done.stdout))


def measured(way: str, files: Sequence[Path]) -> Reading:
    """Read every file the given way; imports are paid before the clock starts."""
    read = _radcite() if way == RADCITE else _plain()
    cpu, wall = time.process_time(), time.perf_counter()
    counts = [read(path) for path in files]
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    pages, passages, located = (sum(values) for values in zip(*counts, strict=True))
    return Reading(way, len(files), pages, passages, located, cpu, wall, _peak_mb())


def _radcite() -> Callable[[Path], tuple[int, int, int]]:
    """(pages, passages, passages with a place on the page) of one file, as ingestion reads it."""
    from ingest.places import boxes_of
    from ingest.worker import read_document

    def read(path: Path) -> tuple[int, int, int]:
        request: Mapping[str, str] = {
            "path": str(path), "name": path.name, "kind": "pdf", "max_pages": "5000",
            "embedding_model": "all-MiniLM-L6-v2",
        }  # fmt: skip
        document = read_document(request)
        placed = sum(
            bool(boxes_of(document.pages[p.page], (p.start, p.end))) for p in document.pieces
        )
        return len(document.pages), len(document.pieces), placed

    return read


def _plain() -> Callable[[Path], tuple[int, int, int]]:
    """What LangChain's PDF loader and default splitter make of it."""
    from langchain_community.document_loaders import PyPDFLoader
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)

    def read(path: Path) -> tuple[int, int, int]:
        pages = PyPDFLoader(str(path)).load()
        return len(pages), len(splitter.split_documents(pages)), 0

    return read


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(found: Sequence[Reading]) -> str:
    """The figures as a Markdown table, with the ratio of CPU time a page."""
    lines = [
        "| reading documents | pages | pages/s CPU | passages | with a place on the page | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.way} | {one.pages} | {one.pages / max(one.cpu_s, 1e-9):.1f} | {one.passages} "
        f"| {one.located} | {one.peak_mb:.0f} |"
        for one in found
    ]
    ours, plain = found
    ratio = (ours.cpu_s / max(ours.pages, 1)) / max(plain.cpu_s / max(plain.pages, 1), 1e-9)
    return "\n".join([*lines, f"CPU time a page: {ratio:.2f} times the plain way\n"])


if __name__ == "__main__":
    sys.exit(main())
