"""The same collection on a real Chroma server: ``RADCITE_CHROMA_URL`` and nothing else changes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from ingest.build import build_index
from rag.errors import IndexMissing, PassageIndexError
from rag.retrieval.retriever import HybridRetriever
from rag.settings import Settings, load_settings
from tests.fakes import FakeEmbeddings
from tests.tiny_shelf import write_tiny_corpus


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("chroma")
    process = subprocess.Popen(
        [chroma, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"the Chroma server did not open port {port} within {seconds:g} s")


def settings_in(folder: Path, server: str | None) -> Settings:
    corpus = folder / "corpus"
    if not corpus.exists():
        write_tiny_corpus(corpus)
    return load_settings(home=folder / "home", corpus=corpus, chroma_url=server)


def collections(server: str) -> set[str]:
    """Names of the server's collections, asked in its own words."""
    address = f"{server}/api/v2/tenants/default_tenant/databases/default_database/collections"
    with urlopen(address, timeout=10) as answer:
        return {collection["name"] for collection in json.load(answer)}


def test_built_and_searched_on_the_server(tmp_path: Path, server: str) -> None:
    settings = settings_in(tmp_path, server)
    fake = FakeEmbeddings()
    assert build_index(settings, embedder=fake).built
    retriever = HybridRetriever.open(settings, fake)
    (hit, *_) = retriever.hits("large pebble above 6 mm")
    assert hit.passage.fact_ids == ("tiny.size",)
    assert hit.similarity is not None
    assert not build_index(settings, embedder=fake).built
    assert build_index(settings, embedder=fake, rebuild=True).built
    assert retriever.hits("large pebble")[0].passage == hit.passage


def test_old_builds_go_and_other_homes_are_left_alone(tmp_path: Path, server: str) -> None:
    fake = FakeEmbeddings()
    other = settings_in(tmp_path / "other", server)
    build_index(other, embedder=fake)
    before = collections(server)
    settings = settings_in(tmp_path / "mine", server)
    for _ in range(4):
        build_index(settings, embedder=fake, rebuild=True)
    assert before < collections(server)
    assert len(collections(server) - before) == 2
    assert HybridRetriever.open(other, fake).hits("pebble")


def test_moving_to_a_server_needs_a_build(tmp_path: Path, server: str) -> None:
    fake = FakeEmbeddings()
    build_index(settings_in(tmp_path, None), embedder=fake)
    moved = settings_in(tmp_path, server)
    with pytest.raises(IndexMissing, match=r"held by the embedded store.*radcite ingest"):
        HybridRetriever.open(moved, fake).hits("pebble")
    assert build_index(moved, embedder=fake).built
    assert HybridRetriever.open(moved, fake).hits("pebble")


def test_a_server_that_is_down_is_named(tmp_path: Path, server: str) -> None:
    fake = FakeEmbeddings()
    settings = settings_in(tmp_path, server)
    build_index(settings, embedder=fake)
    down = settings_in(tmp_path / "down", "http://127.0.0.1:9")
    with pytest.raises(PassageIndexError, match=r"127\.0\.0\.1:9"):
        build_index(down, embedder=fake)
