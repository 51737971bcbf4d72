"""Hybrid retrieval over a real store: what a chain or another program gets back."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from ingest.index_writer import write_build
from ingest.sources import Source
from rag.errors import IndexMismatch, IndexMissing
from rag.retrieval.index_state import read_state
from rag.retrieval.retriever import HybridRetriever
from rag.settings import load_settings
from rag.types import Passage
from tests.fakes import FakeEmbeddings, passage, tiny_passages


def index(home: Path, passages: tuple[Passage, ...]) -> None:
    state = read_state(home)
    previous = state.build if state else None
    source = Source("tiny", "Tiny", "Tiny", passages)
    write_build(home, None, FakeEmbeddings(), [source], previous, lambda *_: None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    index(tmp_path, tiny_passages())
    return tmp_path


@pytest.fixture
def retriever(home: Path) -> HybridRetriever:
    return HybridRetriever.open(load_settings(home=home), FakeEmbeddings())


def test_hits_carry_ranks_and_similarity(retriever: HybridRetriever) -> None:
    first, *rest = retriever.hits("growth more than 1.5 mm within 12 months", 4)
    assert first.passage == tiny_passages()[1]
    assert (first.dense_rank, first.lexical_rank) == (1, 1)
    assert first.similarity == pytest.approx(
        sum(
            a * b
            for a, b in zip(
                FakeEmbeddings().embed_query("growth more than 1.5 mm within 12 months"),
                FakeEmbeddings().embed_query(first.passage.search_text),
                strict=True,
            )
        ),
        abs=1e-5,
    )
    assert all(hit.similarity is not None for hit in rest)
    assert all(hit.dense_rank or hit.lexical_rank for hit in rest)
    scores = [hit.score for hit in (first, *rest)]
    assert scores == sorted(scores, reverse=True)
    assert len({hit.passage.id for hit in (first, *rest)}) == 4


def test_superseded_editions_stay_out_unless_asked_for(retriever: HybridRetriever) -> None:
    def editions(**more: object) -> set[str]:
        return {h.passage.edition.guideline for h in retriever.hits("growth", 20, **more)}  # type: ignore[arg-type]

    assert editions() == {"lung_rads_v2022", "k_tirads_2021"}
    assert "lung_rads_v1_1" in editions(include_superseded=True)
    assert editions(guidelines=["lung_rads_v1_1"], include_superseded=True) == {"lung_rads_v1_1"}
    assert editions(guidelines={"k_tirads_2021"}) == {"k_tirads_2021"}


def test_ranks_are_those_within_the_filter(retriever: HybridRetriever) -> None:
    (hit, *_) = retriever.hits("taller than wide", 3, guidelines=["k_tirads_2021"])
    assert (hit.dense_rank, hit.lexical_rank) == (1, 1)


def test_as_a_langchain_retriever(retriever: HybridRetriever) -> None:
    assert isinstance(retriever, BaseRetriever)
    documents = retriever.invoke("department protocol 120 kV")
    assert all(isinstance(document, Document) for document in documents)
    first = documents[0]
    assert first.page_content == "The department scans at 120 kV."
    assert first.metadata["document"] == "protocol.pdf"
    assert first.metadata["page"] == 3
    assert first.metadata["guideline"] == "k_tirads_2021"
    assert len(retriever.batch(["growth", "category 4A"])) == 2


def test_as_many_as_asked_for(home: Path) -> None:
    retriever = HybridRetriever.open(load_settings(home=home, passages=2), FakeEmbeddings())
    assert len(retriever.hits("nodule")) == 2
    assert len(retriever.hits("nodule", 3)) == 3
    assert retriever.hits("nodule", 0) == retriever.hits("   ") == ()


def test_no_index_and_another_model_are_named(tmp_path: Path, home: Path) -> None:
    empty = HybridRetriever.open(load_settings(home=tmp_path / "empty"), FakeEmbeddings())
    for ask in (lambda: empty.hits("growth"), empty.search.warm, lambda: empty.search.fingerprint):
        with pytest.raises(IndexMissing, match="radcite ingest"):
            ask()
    other = HybridRetriever.open(load_settings(home=home), FakeEmbeddings("another-model", 32))
    with pytest.raises(IndexMismatch, match=r"another-model \(32\).*--rebuild"):
        other.hits("growth")


def test_a_new_build_answers_the_next_question(home: Path, retriever: HybridRetriever) -> None:
    assert retriever.hits("cyst", 1)[0].passage in tiny_passages()
    added = passage("An atypical pulmonary cyst has a thick wall.")
    index(home, (*tiny_passages(), added))
    assert retriever.hits("atypical pulmonary cyst", 1)[0].passage == added
    assert retriever.search.size == len(tiny_passages()) + 1


def test_questions_from_many_threads_while_builds_finish(
    home: Path, retriever: HybridRetriever
) -> None:
    stop = threading.Event()

    def ask() -> int:
        asked = 0
        while not stop.is_set():
            assert retriever.hits("growth more than 1.5 mm", 3)[0].passage == tiny_passages()[1]
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        askers = [pool.submit(ask) for _ in range(4)]
        for _ in range(3):
            index(home, tiny_passages())
            time.sleep(0.2)
        stop.set()
        assert all(asker.result() for asker in askers)


def test_the_real_model_finds_what_shares_no_word(home: Path) -> None:
    from rag.retrieval.embedding import PackagedEmbeddings

    real = PackagedEmbeddings()
    source = Source("tiny", "Tiny", "Tiny", tiny_passages())
    write_build(home, None, real, [source], None, lambda *_: None)
    retriever = HybridRetriever.open(load_settings(home=home))
    hits = retriever.hits("enlargement over one year", 2)
    assert "Growth" in hits[0].passage.text
    assert hits[0].lexical_rank is None
    assert hits[0].similarity is not None and hits[0].similarity > 0.3
