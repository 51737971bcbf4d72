"""Category questions measured through the public ``ask``: right outcomes, each miss, time a text.

    python -m evals.category_bench [FILE.jsonl ...]

Without files it runs our own cases (``evals/data/category_own.jsonl``); files of the shape of the
development sets are given by path. "Right" is the expected category, all expected readings of a
disputed row, the expected question back, or the expected refusal.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.category_cases import CategoryCase, Outcome, judged, read_cases
from rag.answering.answer import ask
from rag.answering.descriptors import read_findings
from rag.answering.grading import case_of
from rag.answering.parts import Parts
from rag.settings import load_settings
from rag.types import Response
from rag.wire import build

OWN = Path(__file__).parent / "data" / "category_own.jsonl"
ORDER: tuple[Outcome, ...] = (
    "right",
    "conditional",
    "lexicon",
    "asked",
    "abstained",
    "wrong",
    "unscored",
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A case with what it got; ``asking`` and ``grading`` are CPU milliseconds."""

    case: CategoryCase
    outcome: Outcome
    said: str
    asking: float
    grading: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table a file and every miss; exit status 1 where a wrong category was stated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, default=[OWN])
    parser.add_argument("--quiet", action="store_true", help="leave the single misses out")
    chosen = parser.parse_args(arguments)
    parts = build(load_settings())
    wrong = 0
    for path in chosen.files or [OWN]:
        scored = run(tuple(read_cases(path)), parts)
        print_table(path.stem, scored)
        if not chosen.quiet:
            print_misses(scored)
        wrong += sum(each.outcome == "wrong" for each in scored)
    return 1 if wrong else 0


def run(cases: Sequence[CategoryCase], parts: Parts) -> list[Scored]:
    """Every case asked once; the first question, which loads the tables, is not timed."""
    for name in dict.fromkeys(case.system for case in cases):
        if name in parts.shelf.ids:
            _grade("9 mm solid nodule at baseline", name, parts)
    return [_scored(case, parts) for case in cases]


def _scored(case: CategoryCase, parts: Parts) -> Scored:
    response, asking = _timed_ask(case, parts)
    outcome, said = judged(case, response)
    started = time.process_time()
    _grade(case.question, case.system, parts)
    return Scored(case, outcome, said, asking, (time.process_time() - started) * 1000)


def _timed_ask(case: CategoryCase, parts: Parts) -> tuple[Response, float]:
    started = time.process_time()
    only = (case.system,) if case.only else None
    response = ask(case.question, parts=parts, guidelines=only, id=case.id)
    return response, (time.process_time() - started) * 1000


def _grade(text: str, system: str, parts: Parts) -> None:
    """The text read and every finding decided, as the grading pages do."""
    findings = read_findings(text, parts.vocabulary, parts.glossary)
    if system in parts.shelf.ids:
        for finding in findings:
            case_of(parts.shelf.get(system), finding)


def print_table(name: str, scored: Sequence[Scored]) -> None:
    """Counts, the share of right outcomes, and CPU time a text."""
    counts = Counter(each.outcome for each in scored)
    n = len(scored) - counts["unscored"]
    share = 100 * counts["right"] / n if n else 0.0
    ruled = counts["right"] + counts["conditional"] + counts["lexicon"]
    print(f"\n{name}: {n} scored, right {share:.1f} %; with conditional answers and what the "
          f"lexicon rule declines {100 * ruled / n if n else 0:.1f} %")  # fmt: skip
    print("  " + ", ".join(f"{outcome} {counts[outcome]}" for outcome in ORDER))
    for label, times in (
        ("read and grade", [s.grading for s in scored]),
        ("ask", [s.asking for s in scored]),
    ):
        ordered = sorted(times)
        print(f"  {label}: median {statistics.median(ordered):.1f} ms, "
              f"95th {ordered[int(0.95 * (len(ordered) - 1))]:.1f} ms, most {ordered[-1]:.1f} ms")  # fmt: skip


def print_misses(scored: Sequence[Scored]) -> None:
    """Every case that is not right, one by one."""
    for each in scored:
        if each.outcome != "right":
            expected = {k: v for k, v in each.case.expected.items() if k != "management"}
            print(f"  {each.outcome:9} {each.case.id}: {each.case.question[:160]}")
            print(f"            expected {expected}; said {each.said}")


if __name__ == "__main__":
    sys.exit(main())
