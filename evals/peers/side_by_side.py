"""All sides after each other in one run, their scores and costs in one table."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from evals.errors import EvaluationError
from evals.metric_names import METRICS
from evals.metrics.means import Mean
from evals.peers.documents import write_documents
from evals.run.result import CaseResult
from evals.run.stamp import ROOT
from evals.run.summary import means
from evals.text_tables import columns, said
from rag.knowledge.shelf import Shelf
from rag.settings import Settings

NAMES = ("langchain", "llamaindex", "radcite_documents", "radcite")
NEEDED = {
    "reportlab": "reportlab", "langchain_chroma": "langchain-chroma", "llama_index": "llama-index-core",
    "langchain_community": "langchain-community",
}  # fmt: skip
SHOWN = {
    "retrieval": ("recall_1", "recall_5", "mrr", "ndcg_10"),
    "protocol": ("outcome", "cited", "citation_precision", "citation_recall", "says", "grounded"),
    "refusals": ("refusal_precision", "refusal_recall"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the race: costs and results; ``failed`` says why there are none."""

    name: str
    setup: str = ""
    build_s: float | None = None
    memory_mb: float | None = None
    index_mb: float | None = None
    cases: tuple[CaseResult, ...] = ()
    failed: str = ""

    def scores(self, suite: str) -> Mapping[str, Mean]:
        return means([case for case in self.cases if case.suite == suite])

    @property
    def search_ms(self) -> float | None:
        taken = [
            t for c in self.cases if c.suite == "retrieval" and (t := c.scores.get("latency_ms"))
        ]
        return median(taken) if taken else None

    @property
    def reason(self) -> str:
        """Why something could not be done, in the side's own words."""
        return self.failed or next((case.error for case in self.cases if case.error), "")


def missing_packages() -> list[str]:
    """Packages of the extra ``peers`` that are not installed."""
    return [
        package for module, package in NEEDED.items() if importlib.util.find_spec(module) is None
    ]


def race(
    settings: Settings, names: Sequence[str], say: Callable[[str, int, int], None]
) -> tuple[Side, ...]:
    """Every side in its own process, one after the other, on the same documents.

    Raises:
        EvaluationError: the packages of the peers are not installed.
    """
    if missing := missing_packages():
        raise EvaluationError(
            f"not installed: {', '.join(missing)}; "
            "pip install 'radcite[peers]' --constraint constraints.txt"
        )
    sides = []
    with tempfile.TemporaryDirectory(prefix="radcite-peers-") as folder:
        documents = Path(folder) / "documents"
        write_documents(Shelf.open(settings.corpus), documents)
        for number, name in enumerate(names):
            say(name, number, len(names))
            sides.append(_side(name, documents, Path(folder) / name))
        say("done", len(names), len(names))
    return tuple(sides)


def _side(name: str, documents: Path, folder: Path) -> Side:
    folder.mkdir()
    command = [sys.executable, "-m", "evals.peers.worker", name, str(documents), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return Side(
            name, failed=done.stderr.strip().splitlines()[-1][:300] if done.stderr else "no output"
        )
    row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Side(**{**row, "cases": tuple(CaseResult.from_json(case) for case in row["cases"])})


def to_json(sides: Sequence[Side]) -> list[dict[str, Any]]:
    """The sides with their cases, for the file of the run."""
    return [
        {
            "name": s.name, "setup": s.setup, "build_s": s.build_s, "memory_mb": s.memory_mb,
            "index_mb": s.index_mb, "failed": s.failed, "cases": [case.to_json() for case in s.cases],
        }
        for s in sides
    ]  # fmt: skip


def sides_text(sides: Sequence[Side]) -> str:
    """One column a side; what could not be done has its reason below."""
    rows = [("", *(side.name for side in sides))]
    rows += [("build", *(_cost(side.build_s, "s") for side in sides))]
    rows += [("search, median", *(_cost(side.search_ms, "ms") for side in sides))]
    rows += [("peak memory", *(_cost(side.memory_mb, "MB") for side in sides))]
    rows += [("index on disk", *(_cost(side.index_mb, "MB") for side in sides))]
    for suite, metrics in SHOWN.items():
        by_side = [side.scores(suite) for side in sides]
        rows += [
            (
                f"{suite}: {METRICS[metric].title}",
                *(_score(scores.get(metric)) for scores in by_side),
            )
            for metric in metrics
        ]
    lines = columns(rows)
    lines += ["", *(f"{side.name}: {side.setup}" for side in sides if side.setup)]
    lines += [f"{side.name}: not done: {side.reason}" for side in sides if side.reason]
    return "\n".join(lines)


def _cost(value: float | None, unit: str) -> str:
    return "none" if value is None else f"{value:,.0f} {unit}"


def _score(mean: Mean | None) -> str:
    return "not done" if mean is None or mean.value is None else said(mean)
