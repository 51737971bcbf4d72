"""The same questions asked again in a fresh process: is every answer the same, letter by letter?

    python -m evals.determinism               all suites and the list of evals.model_bench, three times
    python -m evals.determinism --runs 2

Each run is a process of its own (``radcite ask --jsonl``); compared is the whole JSON of every answer but
the time it took and the scores of retrieved passages, whose last digits depend on the order of a sum; which
passages are retrieved, and in which order, is compared. The report names the questions whose answers differ. Exit status 1: some do. With a
language model, answers come again from ``evals.model_bench --record``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.model_bench import questions
from evals.suites.files import load_suites

COMMAND = str(Path(sys.executable).parent / "radcite")
TIMED = "elapsed_ms"


def asked() -> tuple[str, ...]:
    """Every question of the suites and of the frozen list, each once."""
    in_suites = (case.question for suite in load_suites() for case in suite.cases)
    return tuple(dict.fromkeys((*in_suites, *questions())))


def answers(listed: Sequence[str]) -> tuple[str, ...]:
    """The answers of one process, as JSON without time and scores.

    Raises:
        CalledProcessError: the process failed as a whole.
    """
    lines = "\n".join(json.dumps({"id": str(n), "question": q}) for n, q in enumerate(listed))
    done = subprocess.run(
        [COMMAND, "ask", "--jsonl"], input=lines, capture_output=True, text=True, check=True
    )
    return tuple(_timeless(line) for line in done.stdout.splitlines())


def outcomes(lines: Sequence[str]) -> tuple[str, ...]:
    """The same answers as a reader takes them: without what was retrieved and not cited."""
    return tuple(
        json.dumps({k: v for k, v in json.loads(line).items() if k != "retrieved"}, sort_keys=True)
        for line in lines
    )


def _timeless(line: str) -> str:
    told = json.loads(line)
    told.pop(TIMED, None)
    for passage in told.get("retrieved", ()):
        passage.pop("score", None)
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def differing(listed: Sequence[str], runs: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The questions whose answers are not the same in all runs."""
    every = zip(listed, *runs, strict=True)
    return tuple(question for question, *told in every if len(set(told)) > 1)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.determinism", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--runs", type=int, default=3, help="how often (default 3)")
    parser.add_argument("--limit", type=int, help="only so many questions")
    chosen = parser.parse_args(arguments)
    listed = asked()[: chosen.limit]
    runs = [answers(listed) for _ in range(chosen.runs)]
    found = differing(listed, runs)
    taken = differing(listed, [outcomes(run) for run in runs])
    for question in found:
        print(
            f"DIFFERS {'as a whole' if question in taken else 'in what was retrieved'}: {question}"
        )
    n = len(listed)
    print(
        f"identical in {chosen.runs} runs: {n - len(found)} of {n} answers, {n - len(taken)} but for what was retrieved"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
