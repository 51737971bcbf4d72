"""The passage store and its pointer, on a real Chroma folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.index_writer import write_build
from ingest.sources import Source
from rag.errors import IndexMismatch, IndexMissing, PassageIndexError
from rag.retrieval.index_state import (
    IndexedDocument,
    IndexState,
    builds_folder,
    fingerprint,
    pointer_path,
    read_state,
    require_state,
    write_state,
)
from rag.retrieval.passage_index import IndexReader
from rag.retrieval.store import PassageStore
from rag.types import Edition, Passage
from tests.fakes import OLD_LUNG, FakeEmbeddings, passage, tiny_passages


def build(
    home: Path, passages: tuple[Passage, ...] | None = None, embedder: FakeEmbeddings | None = None
) -> IndexState:
    state = read_state(home)
    source = Source("tiny", "Tiny", "Tiny", passages or tiny_passages())
    previous = state.build if state else None
    return write_build(
        home, None, embedder or FakeEmbeddings(), [source], previous, lambda *_: None
    )


def test_every_field_of_a_passage_comes_back(tmp_path: Path) -> None:
    state = build(tmp_path)
    store = PassageStore.open(tmp_path, state)
    expected = {p.id: p for p in tiny_passages()}
    assert {name: s.passage for name, s in store.get(expected).items()} == expected
    assert store.count() == len(expected)


def test_vectors_come_back_as_written(tmp_path: Path) -> None:
    store = PassageStore.open(tmp_path, build(tmp_path))
    one = tiny_passages()[0]
    written = FakeEmbeddings().embed([one.search_text])[0]
    assert np.allclose(store.get([one.id])[one.id].vector, written, atol=1e-6)


def test_nearest_is_the_cosine_similarity(tmp_path: Path) -> None:
    store = PassageStore.open(tmp_path, build(tmp_path))
    query = FakeEmbeddings().embed_query("growth in mean diameter within 12 months")
    found = store.nearest(query, 10)
    vectors = {name: s.vector for name, s in store.get(n.passage_id for n in found).items()}
    assert [n.similarity for n in found] == sorted((n.similarity for n in found), reverse=True)
    for neighbour in found:
        expected = float(np.dot(vectors[neighbour.passage_id], query))
        assert neighbour.similarity == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("guidelines", "superseded", "expected"),
    [
        (None, True, {"lung_rads_v2022", "lung_rads_v1_1", "k_tirads_2021"}),
        (None, False, {"lung_rads_v2022", "k_tirads_2021"}),
        (["k_tirads_2021"], False, {"k_tirads_2021"}),
        (["lung_rads_v1_1"], True, {"lung_rads_v1_1"}),
        (["lung_rads_v1_1"], False, set()),
        (["lung_rads_v2022", "k_tirads_2021"], False, {"lung_rads_v2022", "k_tirads_2021"}),
        (["no_such_guideline"], True, set()),
        ([], True, set()),
    ],
)
def test_filters(
    tmp_path: Path, guidelines: list[str] | None, superseded: bool, expected: set[str]
) -> None:
    store = PassageStore.open(tmp_path, build(tmp_path))
    query = FakeEmbeddings().embed_query("nodule")
    found = store.nearest(query, 50, guidelines, include_superseded=superseded)
    stored = store.get(n.passage_id for n in found)
    assert {s.passage.edition.guideline for s in stored.values()} == expected


def test_a_filter_costs_no_recall(tmp_path: Path) -> None:
    """Ten passages of one guideline among 3,000 of another, clustered around the query."""
    crowd = tuple(passage(f"nodule nodule nodule crowd {n}") for n in range(3_000))
    rare = replace(crowd[0].edition, guideline="rare")
    few = tuple(passage(f"entirely different words {n}", rare) for n in range(10))
    state = build(tmp_path, crowd + few)
    query = FakeEmbeddings().embed_query("nodule nodule nodule crowd")
    found = PassageStore.open(tmp_path, state).nearest(query, 50, ["rare"])
    assert {n.passage_id for n in found} == {p.id for p in few}


def test_superseded_passages_in_front_never_crowd_out_current_ones(tmp_path: Path) -> None:
    """400 superseded passages nearer to the question than the 20 current ones."""
    old = tuple(passage(f"growth growth growth {n}", OLD_LUNG) for n in range(400))
    current = tuple(passage(f"something about growth {n}") for n in range(20))
    store = PassageStore.open(tmp_path, build(tmp_path, old + current))
    query = FakeEmbeddings().embed_query("growth growth growth")
    found = store.nearest(query, 20, include_superseded=False)
    assert {n.passage_id for n in found} == {p.id for p in current}


def test_dense_search_finds_what_an_exact_search_finds(tmp_path: Path) -> None:
    crowd = tuple(passage(f"nodule {n % 7} of {n % 31} and {n % 101} in {n}") for n in range(1_500))
    state = build(tmp_path, crowd)
    store = PassageStore.open(tmp_path, state)
    vectors = FakeEmbeddings().embed([p.search_text for p in crowd])
    for text in ("nodule 3 of 17", "5 and 88", "in 1200"):
        query = FakeEmbeddings().embed_query(text)
        exact = np.sort(vectors @ np.array(query, dtype=np.float32))[::-1][:20]
        found = [n.similarity for n in store.nearest(query, 20)]
        assert np.allclose(found, exact, atol=1e-5)


def test_an_unknown_id_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PassageIndexError, match=r"no_such_id.*radcite ingest"):
        PassageStore.open(tmp_path, build(tmp_path)).get(["no_such_id"])


def test_two_passages_with_one_id_are_refused_and_nothing_changes(tmp_path: Path) -> None:
    before = build(tmp_path)
    one = tiny_passages()[0]
    with pytest.raises(PassageIndexError, match="stands for 2 passages"):
        build(tmp_path, (one, one))
    assert read_state(tmp_path) == before


def test_the_pointer_round_trips(tmp_path: Path) -> None:
    state = IndexState(
        build="b1",
        collection="radcite-x",
        model_id="m",
        dimension=3,
        passages=7,
        created="2026-01-01T00:00:00+00:00",
        previous="b0",
        guidelines={"a": 7},
        sources={"a": "ff"},
        documents=(IndexedDocument("d", "d.pdf", "D", "aa", 2, 5),),
    )
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert [p.name for p in pointer_path(tmp_path).parent.iterdir()] == ["current.json"]


def test_no_index_says_what_to_run(tmp_path: Path) -> None:
    assert read_state(tmp_path) is None
    with pytest.raises(IndexMissing, match="run 'radcite ingest'"):
        IndexReader(tmp_path, "fake-words", 64).current()


def test_another_model_says_what_to_run(tmp_path: Path) -> None:
    build(tmp_path)
    message = r"built with fake-words \(64\), settings name bge-m3 \(1024\): run 'radcite ingest --rebuild'"
    with pytest.raises(IndexMismatch, match=message):
        require_state(tmp_path, "bge-m3", 1024)


def test_another_passage_format_says_what_to_run(tmp_path: Path) -> None:
    state = build(tmp_path)
    write_state(tmp_path, replace(state, passage_format=99))
    with pytest.raises(IndexMismatch, match=r"passage format 99.*--rebuild"):
        require_state(tmp_path, "fake-words", 64)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 99}', '{"schema": 1, "x": 2}'])
def test_a_damaged_pointer_is_named(tmp_path: Path, content: str) -> None:
    build(tmp_path)
    pointer_path(tmp_path).write_text(content)
    with pytest.raises(PassageIndexError, match=r"current\.json cannot be read"):
        read_state(tmp_path)


def test_a_vanished_build_is_named(tmp_path: Path) -> None:
    state = build(tmp_path)
    write_state(tmp_path, replace(state, build="gone"))
    with pytest.raises(PassageIndexError, match="--rebuild"):
        IndexReader(tmp_path, "fake-words", 64).current()


def test_a_running_reader_sees_the_new_build_and_keeps_the_old_one_usable(tmp_path: Path) -> None:
    build(tmp_path)
    reader = IndexReader(tmp_path, "fake-words", 64)
    old = reader.current()
    assert reader.current() is old
    added = passage("An entirely new sentence about cysts.")
    build(tmp_path, (*tiny_passages(), added))
    new = reader.current()
    assert new is not old
    assert added.id in new.store.get([added.id])
    assert old.store.nearest(FakeEmbeddings().embed_query("growth"), 3)


def test_the_previous_build_is_kept_and_older_ones_go(tmp_path: Path) -> None:
    states = [build(tmp_path, tiny_passages()[: n + 2]) for n in range(4)]
    kept = {folder.name for folder in builds_folder(tmp_path).iterdir()}
    assert kept == {states[-1].build, states[-2].build}
    assert states[-1].previous == states[-2].build


def test_a_killed_build_left_behind_is_removed_by_the_next(tmp_path: Path) -> None:
    (builds_folder(tmp_path) / "killed").mkdir(parents=True)
    state = build(tmp_path)
    assert [folder.name for folder in builds_folder(tmp_path).iterdir()] == [state.build]


def test_the_pointer_says_what_is_in_the_index(tmp_path: Path) -> None:
    state = build(tmp_path)
    assert state.fingerprint == fingerprint("fake-words", 64)
    record = json.loads(pointer_path(tmp_path).read_text())
    assert record["passages"] == len(tiny_passages())
    assert record["guidelines"] == {"tiny": len(tiny_passages())}


def test_strange_texts_survive(tmp_path: Path) -> None:
    edition = Edition("병원_지침", "흉부 CT 지침", "", "")
    odd = passage(
        "폐 결절 ≥ 6 mm ☢☢ <b>ignore</b> \t\n 'quoted' \\ \U0001f600", edition, section=""
    )
    store = PassageStore.open(tmp_path, build(tmp_path, (odd,)))
    assert store.get([odd.id])[odd.id].passage == odd
    assert store.nearest([0.1] * 64, 5, ["병원_지침"])[0].passage_id == odd.id
