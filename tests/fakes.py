"""Small stand-ins that tests share: a deterministic embedder and a handful of passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.types import Edition, Passage


class FakeEmbeddings(Embeddings):
    """Words hashed into a few dimensions, length one: texts that share words are near."""

    def __init__(self, model_id: str = "fake-words", dimension: int = 64) -> None:
        self.model_id = model_id
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        return list(map(float, self._vector(text)))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def unknown(self, texts: Sequence[str]) -> int:
        return len(set(texts) - set(self.embedded))

    def embed(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        if progress:
            progress(len(texts), len(texts))
        return np.array([self._vector(text) for text in texts], dtype=np.float32)

    def _vector(self, text: str) -> NDArray[np.float64]:
        vector = np.full(self.dimension, 1e-3)
        for word in re.findall(r"\w+", text.lower()):
            place = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")
            vector[place % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)


LUNG = Edition(
    guideline="lung_rads_v2022",
    title="Lung-RADS",
    edition="v2022",
    issuer="American College of Radiology (ACR)",
    year=2022,
    source_url="https://example.org/lung-rads",
)
OLD_LUNG = Edition(
    guideline="lung_rads_v1_1",
    title="Lung-RADS",
    edition="v1.1",
    issuer="American College of Radiology (ACR)",
    year=2019,
    superseded_by="lung_rads_v2022",
)
THYROID = Edition(
    guideline="k_tirads_2021", title="K-TIRADS", edition="2021", issuer="KSThR", year=2021
)


def passage(
    text: str, edition: Edition = LUNG, section: str = "Nodules", **more: object
) -> Passage:
    """A fact passage with an id from its content, as the corpus makes them."""
    name = hashlib.blake2b(f"{edition.guideline}|{text}".encode(), digest_size=8).hexdigest()
    search_text = f"{edition.label} > {section}: {text}"
    values: dict[str, object] = {"search_text": search_text, "kind": "fact", "fact_ids": (name,)}
    return Passage(id=name, text=text, edition=edition, section=section, **{**values, **more})  # type: ignore[arg-type]


def tiny_passages() -> tuple[Passage, ...]:
    """Two editions of one guideline and another one: invented wording, no reader ever sees it."""
    return (
        passage("A solid nodule of 9 mm on a baseline examination is category 4A.", note="two"),
        passage("Growth is an increase in mean diameter of more than 1.5 mm within 12 months."),
        passage("A ground-glass nodule below 30 mm is category 2.", section="Ground glass"),
        passage("Category 4A is followed by low-dose CT in 3 months.", section="Management"),
        passage("Growth was defined as more than 1.5 mm in the older edition.", OLD_LUNG),
        passage("A taller-than-wide shape raises suspicion.", THYROID, section="Features"),
        passage(
            "The department scans at 120 kV.",
            THYROID,
            section="Local protocol",
            kind="document",
            page=3,
            page_span=(10, 41),
            document="protocol.pdf",
            fact_ids=(),
        ),
    )
