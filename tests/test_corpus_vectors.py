"""The vectors that come with the corpus are the model's own, and an edited text is embedded anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.build import embedder_of
from ingest.sources import corpus_sources
from rag.errors import SettingsError
from rag.knowledge.fact_questions import load_fact_questions
from rag.retrieval.corpus_vectors import CorpusVectors, vectors_file, write_corpus_vectors
from rag.retrieval.embedding import PackagedEmbeddings
from rag.retrieval.vector_cache import text_hash
from rag.settings import CORPUS, load_settings

MODEL, WIDTH = "all-MiniLM-L6-v2", 384


@pytest.fixture(scope="module")
def shelf_texts() -> list[str]:
    found = [p.search_text for source in corpus_sources(CORPUS) for p in source.passages]
    return [*found, *(question.text for question in load_fact_questions(CORPUS))]


def unit(*numbers: float) -> np.ndarray:
    vector = np.asarray(numbers, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def test_nearly_every_text_of_the_shelf_has_one(shelf_texts: list[str]) -> None:
    held = CorpusVectors(CORPUS, MODEL, WIDTH).get(shelf_texts)
    lacking = set(shelf_texts) - held.keys()
    assert len(lacking) < 0.1 * len(shelf_texts), (
        "much of the corpus changed: write its vectors anew with 'python -m ingest.embed_corpus'"
    )


def test_they_are_the_models_own(shelf_texts: list[str]) -> None:
    held = CorpusVectors(CORPUS, MODEL, WIDTH).get(shelf_texts)
    some = sorted(held)[:: max(1, len(held) // 48)]
    own = PackagedEmbeddings().embed(some)
    stored = np.stack([held[text] for text in some])
    assert np.allclose(np.linalg.norm(stored, axis=1), 1, atol=1e-5)
    assert float((own * stored).sum(axis=1).min()) > 0.999


def test_a_text_that_is_not_held_is_embedded(tmp_path: Path) -> None:
    write_corpus_vectors(tmp_path, MODEL, {text_hash("known"): np.ones(WIDTH, np.float32)})
    shipped = CorpusVectors(tmp_path, MODEL, WIDTH)
    embedder = PackagedEmbeddings(shipped=shipped)
    assert embedder.unknown(["known", "new"]) == 1
    known, new = embedder.embed(["known", "new"])
    assert np.allclose(known, unit(*[1.0] * WIDTH), atol=1e-3)
    assert np.allclose(new, PackagedEmbeddings().embed(["new"])[0], atol=1e-5)


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    vectors = {text_hash(t): unit(0.3, -0.9, n) for n, t in enumerate("abc")}
    file = write_corpus_vectors(tmp_path, "m", vectors)
    first = file.read_bytes()
    held = CorpusVectors(tmp_path, "m", 3).get(list("abc"))
    write_corpus_vectors(tmp_path, "m", {text_hash(text): held[text] for text in held})
    assert file.read_bytes() == first
    assert all(float(held[t] @ vectors[text_hash(t)]) > 0.999 for t in "abc")


def test_another_model_has_none() -> None:
    assert CorpusVectors(CORPUS, "another@1234", WIDTH).get(["any"]) == {}


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    file = vectors_file(tmp_path, MODEL)
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="from the repository again"):
        CorpusVectors(tmp_path, MODEL, WIDTH).get(["any"])


def test_vectors_of_another_width_are_refused(tmp_path: Path) -> None:
    write_corpus_vectors(tmp_path, MODEL, {text_hash("a"): unit(1, 2, 3)})
    with pytest.raises(SettingsError, match="384"):
        CorpusVectors(tmp_path, MODEL, WIDTH).get(["a"])


def test_what_builds_the_index_uses_them(tmp_path: Path, shelf_texts: list[str]) -> None:
    embedder = embedder_of(load_settings(home=tmp_path))
    assert embedder.unknown(shelf_texts) < 0.1 * len(set(shelf_texts))
