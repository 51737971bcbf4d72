"""``kill -9`` of a build at random moments: afterwards the index is the one before or the one after."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.index_writer import write_build
from ingest.sources import Source
from rag.errors import PassageIndexError
from rag.retrieval.index_state import builds_folder, read_state
from rag.retrieval.retriever import HybridRetriever
from rag.settings import load_settings
from rag.types import Passage
from tests.fakes import FakeEmbeddings, passage

ROUNDS = 20

PASSAGES = 150

BUILDER = """
import sys, time
from pathlib import Path
from tests.test_ingest_killed import build, edition_of_round
home, scratch = Path(sys.argv[1]), Path(sys.argv[2])
build(scratch, edition_of_round(0))
start = time.perf_counter()
build(scratch, edition_of_round(1))
print(time.perf_counter() - start, flush=True)
for round in range(int(sys.argv[3]), 10_000):
    build(home, edition_of_round(round))
"""
"""Says how long a build takes here, then builds one round after the other until it is killed."""


def edition_of_round(number: int) -> tuple[Passage, ...]:
    """Passages that all carry the round's number, so that a mixture would show."""
    return tuple(passage(f"Round {number} sentence {n} on nodules.") for n in range(PASSAGES))


def build(home: Path, passages: tuple[Passage, ...]) -> None:
    try:
        state = read_state(home)
    except PassageIndexError:
        state = None
    source = Source("tiny", "Tiny", "Tiny", passages)
    previous = state.build if state else None
    write_build(home, None, FakeEmbeddings(), [source], previous, lambda *_: None)


def rounds_seen(home: Path) -> set[str]:
    retriever = HybridRetriever.open(load_settings(home=home), FakeEmbeddings())
    index = retriever.search.index()
    assert index.store.count() == index.lexical.size == index.state.passages == PASSAGES
    hits = retriever.hits("sentence on nodules", 50)
    assert len(hits) == 50
    return {hit.passage.text.split()[1] for hit in hits}


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX systems")
def test_a_killed_build_leaves_the_index_before_or_after(tmp_path: Path) -> None:
    home = tmp_path / "home"
    build(home, edition_of_round(0))
    moment = random.Random(20)
    latest = 0
    for _ in range(ROUNDS):
        child = subprocess.Popen(
            [sys.executable, "-c", BUILDER, str(home), str(tmp_path / "scratch"), str(latest + 1)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parent.parent,
        )
        assert child.stdout is not None
        one_build = float(child.stdout.readline())
        time.sleep(moment.uniform(0.0, 2 * one_build))
        child.kill()
        child.wait()
        child.stdout.close()
        (seen,) = rounds_seen(home)
        assert int(seen) >= latest, "an older index came back"
        latest = int(seen)
    assert latest > 0, "no build ever finished: the moments were not spread over a build"
    build(home, edition_of_round(latest + 1))
    assert rounds_seen(home) == {str(latest + 1)}
    assert len(list(builds_folder(home).iterdir())) == 2
