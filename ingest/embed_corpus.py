"""``python -m ingest.embed_corpus``: write the vectors that come with the corpus.

Builds the index of the corpus in a temporary home, remembers every text that was embedded for it,
and writes ``corpus/vectors/<model id>.npz``. Run it when much of the corpus was edited: a text
without a vector here is embedded on the user's machine, which costs time and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.build import build_index, embedder_of
from rag.errors import RadciteError
from rag.retrieval.corpus_vectors import vectors_file, write_corpus_vectors
from rag.retrieval.embedding import EmbedProgress, PassageEmbedder
from rag.retrieval.vector_cache import text_hash
from rag.settings import load_settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Remembering:
    """An embedder that remembers which texts it was asked for."""

    def __init__(self, embedder: PassageEmbedder) -> None:
        self._embedder = embedder
        self.texts: dict[str, None] = {}

    @property
    def model_id(self) -> str:
        return self._embedder.model_id

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.embed(texts).tolist()
        return vectors

    def unknown(self, texts: Sequence[str]) -> int:
        return self._embedder.unknown(texts)

    def embed(
        self, texts: Sequence[str], progress: EmbedProgress | None = None
    ) -> NDArray[np.float32]:
        self.texts |= dict.fromkeys(texts)
        return self._embedder.embed(texts, progress)


def main(arguments: list[str] | None = None) -> int:
    """Write the file, or with ``--check`` say how many texts have no vector yet."""
    parser = argparse.ArgumentParser(
        prog="python -m ingest.embed_corpus", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; say how many texts lack a vector"
    )
    parser.add_argument(
        "--anew", action="store_true", help="embed every text again, also the unchanged ones"
    )
    chosen = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as home:
            return _run(Path(home), check=chosen.check, anew=chosen.anew)
    except RadciteError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _run(home: Path, *, check: bool, anew: bool) -> int:
    settings = load_settings(home=home)
    embedder = embedder_of(settings)
    file = vectors_file(settings.corpus, embedder.model_id)
    if anew and not check:
        file.unlink(missing_ok=True)
    remembering = Remembering(embedder)
    build_index(settings, embedder=remembering)
    texts = list(remembering.texts)
    if check:
        lacking = embedder_of(load_settings(home=home / "empty")).unknown(texts)
        sys.stdout.write(f"{lacking} of {len(texts)} texts have no vector in {file.name}\n")
        return 1 if lacking else 0
    vectors = dict(zip(map(text_hash, texts), embedder.embed(texts), strict=True))
    write_corpus_vectors(settings.corpus, embedder.model_id, vectors)
    sys.stdout.write(f"{len(vectors)} vectors, {file.stat().st_size / 1e6:.1f} MB: {file.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
