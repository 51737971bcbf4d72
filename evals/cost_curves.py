"""How index build, query time, memory and disk grow with the shelf.

    radcite eval cost --factors 1,10,100

Synthetic passages: words drawn by their frequency on the real shelf, vectors drawn at random and of
length one, so that Chroma and BM25 are measured and the embedding model is not. Random vectors are the
hard case for a graph index, because nothing is near anything. Each size runs in a process of its own.
The exponent is the slope of log(cost) over log(passages): 1 is linear, 0 does not grow.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import log
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from evals.errors import EvaluationError
from evals.report.page import document
from evals.report.svg import Series, log_plot
from evals.run.stamp import ROOT
from evals.text_tables import columns
from rag.knowledge.shelf import Shelf
from rag.retrieval.index_state import IndexState, fingerprint, read_state
from rag.retrieval.lexical import LexicalIndex, lexical_folder
from rag.retrieval.store import PassageStore, StoreBuild, collection_name
from rag.settings import Settings, load_settings
from rag.types import Passage

SHELF = 2_300
"""Passages of the built-in shelf, where no index says how many."""

DIMENSION, WORDS, QUERIES, LIMIT, SEED, BATCH = 384, 24, 60, 50, 20261128, 2_000
MODEL, BUILD = "random", "cost"

COSTS = {
    "store_s": ("Building the vector store", "s"),
    "lexical_s": ("Building the lexical index", "s"),
    "dense_ms": ("Dense query, median", "ms"),
    "lexical_ms": ("Lexical query, median", "ms"),
    "memory_mb": ("Peak memory of the process", "MB"),
    "disk_mb": ("Index on disk", "MB"),
}


@dataclass(frozen=True, slots=True)
class CostPoint:
    """What one size costs; see ``COSTS`` for units."""

    passages: int
    store_s: float
    lexical_s: float
    dense_ms: float
    lexical_ms: float
    memory_mb: float
    disk_mb: float


def measure(
    settings: Settings, factors: Sequence[float], say: Callable[[str, int, int], None]
) -> tuple[CostPoint, ...]:
    """One point a factor, smallest first.

    Raises:
        EvaluationError: a factor is not positive, or a size could not be measured.
    """
    if not factors or min(factors) <= 0:
        raise EvaluationError("factors are numbers above 0, such as 1,10,100")
    state = read_state(settings.home_dir)
    shelf = state.passages if state else SHELF
    points = []
    for number, factor in enumerate(sorted(factors)):
        say(f"{factor:g} x", number, len(factors))
        points.append(_in_own_process(max(LIMIT, round(shelf * factor))))
    say("done", len(factors), len(factors))
    return tuple(points)


def _in_own_process(passages: int) -> CostPoint:
    command = [sys.executable, "-m", "evals.cost_curves", str(passages)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EvaluationError(f"{passages:,} passages: {done.stderr.strip()[-400:]}")
    return CostPoint(**json.loads(done.stdout.splitlines()[-1]))


def cost_of(passages: int, home: Path, shelf: Shelf) -> CostPoint:
    """Build both indexes of so many synthetic passages in ``home`` and query them."""
    random = np.random.default_rng(SEED)
    made = synthetic(passages, shelf, random)
    vectors = unit_rows(passages, random)
    name = collection_name(fingerprint(MODEL, DIMENSION), BUILD)
    store_s = _seconds(lambda: _build_store(home, name, made, vectors))
    lexical_s = _seconds(lambda: LexicalIndex.build(lexical_folder(home, BUILD), made))
    state = IndexState(BUILD, name, MODEL, DIMENSION, passages, created="")
    dense_ms, lexical_ms = _queries(home, state, made, random)
    disk = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return CostPoint(passages, store_s, lexical_s, dense_ms, lexical_ms, memory, disk / 2**20)


def _build_store(
    home: Path, name: str, made: Sequence[Passage], vectors: NDArray[np.float32]
) -> None:
    build = StoreBuild(home, BUILD, name, None)
    for start in range(0, len(made), BATCH):
        build.add(made[start : start + BATCH], vectors[start : start + BATCH])
    build.close()


def _queries(
    home: Path, state: IndexState, made: Sequence[Passage], random: np.random.Generator
) -> tuple[float, float]:
    """Median milliseconds of a dense and of a lexical query, the first of each left out."""
    store, lexical = PassageStore.open(home, state), LexicalIndex.open(lexical_folder(home, BUILD))
    vectors = unit_rows(QUERIES, random)
    texts = [" ".join(made[at].text.split()[:6]) for at in random.integers(0, len(made), QUERIES)]
    dense = [_seconds(lambda v=vector: store.nearest(v.tolist(), LIMIT)) for vector in vectors]  # type: ignore[misc]
    words = [_seconds(lambda t=text: lexical.search(t, LIMIT)) for text in texts]  # type: ignore[misc]
    return 1000 * median(dense[1:]), 1000 * median(words[1:])


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def synthetic(number: int, shelf: Shelf, random: np.random.Generator) -> list[Passage]:
    """Passages of words drawn as often as they stand on the shelf, in its editions by turns."""
    words = [
        word for name in shelf.ids for fact in shelf.get(name).facts for word in fact.fact.split()
    ]
    vocabulary, counts = np.unique(words, return_counts=True)
    editions = [shelf.edition(name) for name in shelf.ids]
    share = counts / counts.sum()
    return [
        _passage(at, texts, editions[at % len(editions)])
        for at, texts in enumerate(_texts(number, vocabulary, share, random))
    ]


def _texts(
    number: int,
    vocabulary: NDArray[np.str_],
    share: NDArray[np.float64],
    random: np.random.Generator,
) -> Iterator[str]:
    for start in range(0, number, BATCH):
        rows = min(BATCH, number - start)
        for row in random.choice(vocabulary, (rows, WORDS), p=share):
            yield " ".join(row)


def _passage(number: int, text: str, edition: object) -> Passage:
    first = Passage(f"p{number}", text, text, "fact", edition, "Synthetic")  # type: ignore[arg-type]
    return replace(first, fact_ids=(f"f{number}",))


def unit_rows(number: int, random: np.random.Generator) -> NDArray[np.float32]:
    """Random vectors of length one."""
    rows = random.standard_normal((number, DIMENSION), dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """Slope of log(cost) over log(size) by least squares; ``None`` with fewer than two sizes.

    >>> round(exponent([(1, 3), (10, 30), (100, 300)]), 6)
    1.0
    """
    usable = [(log(x), log(y)) for x, y in points if x > 0 and y > 0]
    if len({x for x, _ in usable}) < 2:
        return None
    x_mean = sum(x for x, _ in usable) / len(usable)
    y_mean = sum(y for _, y in usable) / len(usable)
    across = sum((x - x_mean) ** 2 for x, _ in usable)
    return sum((x - x_mean) * (y - y_mean) for x, y in usable) / across


def series_of(points: Sequence[CostPoint], cost: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(point.passages), float(getattr(point, cost))) for point in points)


def curves_text(points: Sequence[CostPoint]) -> str:
    """One row a cost, one column a size, the exponent last."""
    rows = [("passages", *(f"{point.passages:,}" for point in points), "exponent")]
    for cost, (title, unit) in COSTS.items():
        slope = exponent(series_of(points, cost))
        values = [
            f"{value:,.3g} {unit}" if value < 1000 else f"{value:,.0f} {unit}"
            for _, value in series_of(points, cost)
        ]
        rows.append((title, *values, "" if slope is None else f"{slope:.2f}"))
    return "\n".join(columns(rows))


def write_curves(folder: Path, points: Sequence[CostPoint], result: Path | None) -> Path:
    """Write the plots as a page (and the figures as JSON where asked); returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    plots = "".join(
        f'<div class="panel"><h3>{title}</h3>{log_plot([Series(_named(points, cost), series_of(points, cost))], title, "passages", unit)}</div>'
        for cost, (title, unit) in COSTS.items()
    )
    head = '<header class="top"><h1>What a larger shelf costs</h1><button class="theme" type="button">Light or dark</button></header>'
    about = '<p class="soft">Synthetic passages, random vectors: the store and the lexical index, not the embedding.</p>'
    page = folder / "cost.html"
    page.write_text(
        document("What a larger shelf costs", f'{head}{about}<div class="grid">{plots}</div>'),
        encoding="utf-8",
    )
    if result:
        result.write_text(
            json.dumps([asdict(point) for point in points], indent=1) + "\n", encoding="utf-8"
        )
    return page


def _named(points: Sequence[CostPoint], cost: str) -> str:
    slope = exponent(series_of(points, cost))
    return "measured" if slope is None else f"measured, exponent {slope:.2f}"


def main(arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="radcite-cost-") as folder:
        shelf = Shelf.open(load_settings().corpus)
        print(json.dumps(asdict(cost_of(int(arguments[0]), Path(folder), shelf))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
