"""The packaged embedding model for real, what is known without loading it, and the vector cache."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.errors import SettingsError
from rag.retrieval.embedding import Embedder, PackagedEmbeddings
from rag.retrieval.model_card import model_card, token_counter
from rag.retrieval.vector_cache import VectorCache


@pytest.fixture(scope="module")
def embeddings() -> PackagedEmbeddings:
    return PackagedEmbeddings()


def test_constructing_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from rag.retrieval.embedding import PackagedEmbeddings\n"
        "e = PackagedEmbeddings()\n"
        "assert (e.model_id, e.dimension) == ('all-MiniLM-L6-v2', 384)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'chromadb'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_vectors_have_length_one_and_the_stated_dimension(embeddings: PackagedEmbeddings) -> None:
    vectors = embeddings.embed(["solid nodule", "a", "", "폐 결절"])
    assert vectors.shape == (4, embeddings.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_meaning_is_near(embeddings: PackagedEmbeddings) -> None:
    query = np.array(embeddings.embed_query("lung nodule on CT"))
    near, far = embeddings.embed(["pulmonary nodule at chest CT", "the capital of France"])
    assert query @ near > 0.6 > 0.3 > query @ far


def test_order_and_duplicates_are_kept(embeddings: PackagedEmbeddings) -> None:
    texts = ["a long sentence about pancreatitis and its imaging", "b", "b", "cyst"]
    vectors = embeddings.embed(texts)
    for text, vector in zip(texts, vectors, strict=True):
        assert np.allclose(vector, embeddings.embed([text])[0], atol=1e-5)


def test_langchain_sees_lists(embeddings: PackagedEmbeddings) -> None:
    assert isinstance(embeddings, Embedder)
    assert embeddings.embed_documents([]) == []
    (one,) = embeddings.embed_documents(["nodule"])
    assert np.allclose(one, embeddings.embed_query("nodule"), atol=1e-5)


def test_a_query_vector_given_out_cannot_be_changed(embeddings: PackagedEmbeddings) -> None:
    first = embeddings.embed_query("cyst")
    first[0] = 99.0
    assert embeddings.embed_query("cyst")[0] != 99.0


def test_threads_get_the_same_vectors(embeddings: PackagedEmbeddings) -> None:
    texts = [f"nodule of {n} mm" for n in range(8)]
    expected = [embeddings.embed_query(text) for text in texts]
    fresh = PackagedEmbeddings()
    found: dict[int, list[float]] = {}
    threads = [
        threading.Thread(target=lambda n=n: found.update({n: fresh.embed_query(texts[n])}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(found[n], expected[n], atol=1e-5) for n in range(8))


def test_the_cache_embeds_nothing_twice(tmp_path: Path, embeddings: PackagedEmbeddings) -> None:
    texts = ["one nodule", "two nodules", "one nodule"]
    path = tmp_path / "cache" / "vectors.sqlite"
    calls: list[tuple[int, int]] = []

    def cached() -> PackagedEmbeddings:
        return PackagedEmbeddings(cache=VectorCache(path, "all-MiniLM-L6-v2", 384))

    first = cached()
    assert first.unknown(texts) == 2
    vectors = first.embed(texts, lambda done, total: calls.append((done, total)))
    assert calls == [(2, 2)]
    second = cached()
    assert second.unknown([*texts, "three"]) == 1
    again = second.embed(texts, lambda done, total: calls.append((done, total)))
    assert calls == [(2, 2)]
    assert np.array_equal(vectors, again)


def test_a_run_that_knows_all_texts_loads_no_model(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite"
    VectorCache(path, "all-MiniLM-L6-v2", 384).put({"text": np.ones(384, dtype=np.float32)})
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from rag.retrieval.embedding import PackagedEmbeddings\n"
        "from rag.retrieval.vector_cache import VectorCache\n"
        f"cache = VectorCache(Path({str(path)!r}), 'all-MiniLM-L6-v2', 384)\n"
        "assert PackagedEmbeddings(cache=cache).embed(['text', 'text']).shape == (2, 384)\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_cache_keeps_models_apart_and_rejects_other_lengths(tmp_path: Path) -> None:
    path = tmp_path / "v.sqlite"
    vector = np.arange(3, dtype=np.float32)
    VectorCache(path, "a", 3).put({"text": vector})
    assert np.array_equal(VectorCache(path, "a", 3).get(["text"])["text"], vector)
    assert VectorCache(path, "b", 3).get(["text"]) == {}
    assert VectorCache(path, "a", 4).get(["text"]) == {}


def test_the_cache_is_shared_by_threads(tmp_path: Path) -> None:
    def work(start: int) -> None:
        cache = VectorCache(tmp_path / "v.sqlite", "m", 2)
        for n in range(start, start + 20):
            cache.put({f"t{n % 30}": np.array([n % 30, 1], dtype=np.float32)})

    threads = [threading.Thread(target=work, args=(n * 7,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = VectorCache(tmp_path / "v.sqlite", "m", 2).get([f"t{n}" for n in range(30)])
    assert {text: vector[0] for text, vector in found.items()} == {f"t{n}": n for n in range(30)}


def test_the_window_is_what_the_model_uses(embeddings: PackagedEmbeddings) -> None:
    """Text within the window counts whole; what lies beyond changes nothing."""
    card = embeddings.card
    count = token_counter(card)
    words = "nodule " * 126
    assert card.window - 4 <= count(words) <= card.window
    within, beyond, further = embeddings.embed([words, words + "cyst " * 4, words + "cyst " * 400])
    assert not np.allclose(within, beyond, atol=1e-4)
    assert not np.allclose(within, further, atol=1e-4)
    longer, longest = embeddings.embed(["nodule " * 200, "nodule " * 200 + "cyst " * 50])
    assert np.allclose(longer, longest, atol=1e-5)


def test_tokens_are_counted_without_torch() -> None:
    code = (
        "import sys\n"
        "from rag.retrieval.model_card import model_card, token_counter\n"
        "assert token_counter(model_card('all-MiniLM-L6-v2'))('solid nodule') == 5\n"
        "assert not {'torch', 'transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_model_that_is_not_there_is_named() -> None:
    with pytest.raises(SettingsError, match=r"RADCITE_EMBEDDING_MODEL: /no/such"):
        PackagedEmbeddings("/no/such")


def test_a_local_folder_is_a_model_of_its_own(
    tmp_path: Path, embeddings: PackagedEmbeddings
) -> None:
    import shutil

    folder = tmp_path / "my-model"
    shutil.copytree(model_card("all-MiniLM-L6-v2").folder, folder)
    local = PackagedEmbeddings(str(folder))
    assert (local.dimension, local.card.window) == (384, 256)
    assert local.model_id.startswith("my-model@")
    assert np.allclose(local.embed_query("cyst"), embeddings.embed_query("cyst"), atol=1e-5)
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 128}')
    changed = model_card(str(folder))
    assert (changed.window, changed.model_id != local.model_id) == (128, True)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text(json.dumps([{"path": ""}]))
    with pytest.raises(SettingsError, match="cannot be read as a sentence-transformers model"):
        model_card(str(tmp_path))
