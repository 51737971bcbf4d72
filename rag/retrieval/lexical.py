"""BM25 over the same passages as the store; the only file that imports bm25s.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with
Lucene's idf (never negative); k1 = 1.5, b = 0.75. Scores are computed when the index is built and
memory-mapped when it is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PassageIndexError
from rag.retrieval.index_state import builds_folder
from rag.retrieval.tokens import tokens
from rag.types import Passage

if TYPE_CHECKING:
    import bm25s
    import numpy as np
    from numpy.typing import NDArray

_ROWS = "passages.json"


_PROBE = """A 9.0 mm part-solid nodule, non-power, 6-8 mm or 1.0 cm, categories 4A and TR4, Lung-RADS v2022;
growing, growth, studies, masses, biopsies, diagnoses, follow-up screening was recommended.
Ground glass opacities in a patient's lungs: 12 months, 34 mm3, 1,200 ml. 폐 결절의 추적검사 6개월"""


def terms_mark() -> str:
    """Changes when words become index terms in another way, so that an older index is not asked."""
    terms = "|".join(tokens(_PROBE))
    return hashlib.blake2b(terms.encode(), digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class LexicalHit:
    """A passage id with its BM25 score (more than 0)."""

    passage_id: str
    score: float


class LexicalIndex:
    """The BM25 index of one build, read only. Safe to share between threads."""

    def __init__(
        self,
        scorer: bm25s.BM25,
        ids: Sequence[str],
        guidelines: NDArray[np.str_],
        superseded: NDArray[np.bool_],
    ) -> None:
        self._scorer = scorer
        self._ids = ids
        self._guidelines = guidelines
        self._superseded = superseded

    @classmethod
    def build(cls, folder: Path, passages: Sequence[Passage]) -> None:
        """Write the index of ``passages`` (their ``search_text``) into the new ``folder``."""
        import bm25s

        scorer = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        scorer.index([tokens(passage.search_text) for passage in passages], show_progress=False)
        folder.mkdir(parents=True)
        scorer.save(folder, show_progress=False)
        rows = {
            "ids": [passage.id for passage in passages],
            "guidelines": [passage.edition.guideline for passage in passages],
            "superseded": [passage.edition.superseded for passage in passages],
        }
        (folder / _ROWS).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Memory-map the index in ``folder``.

        Raises:
            PassageIndexError: it is gone or damaged.
        """
        import bm25s
        import numpy as np

        try:
            rows = json.loads((folder / _ROWS).read_text(encoding="utf-8"))
            scorer = bm25s.BM25.load(folder, mmap=True, show_progress=False)
            superseded = np.array(rows["superseded"], dtype=bool)
            return cls(scorer, rows["ids"], np.array(rows["guidelines"]), superseded)
        except (OSError, ValueError, KeyError) as error:
            raise PassageIndexError(
                f"lexical index {folder}: {error}; run 'radcite ingest --rebuild'"
            ) from error

    @property
    def size(self) -> int:
        """How many passages the index holds."""
        return len(self._ids)

    def document_frequency(self, term: str) -> int:
        """How many passages hold ``term``, an index term as :func:`rag.retrieval.tokens.tokens` gives."""
        row = self._scorer.vocab_dict.get(term)
        if row is None:
            return 0
        starts = self._scorer.scores["indptr"]
        return int(starts[row + 1]) - int(starts[row])

    def search(
        self,
        query: str,
        limit: int,
        guidelines: Collection[str] | None = None,
        *,
        include_superseded: bool = True,
    ) -> tuple[LexicalHit, ...]:
        """Up to ``limit`` passages that share a term with ``query``, best first, ties by place.

        The filter is applied before the cut, so it never costs a hit.
        """
        import numpy as np

        scores = self._scores(query)
        if scores is None:
            return ()
        scores = scores * self._mask(guidelines, include_superseded)
        best = np.argsort(-scores, kind="stable")[:limit]
        return tuple(
            LexicalHit(self._ids[row], float(scores[row])) for row in best if scores[row] > 0
        )

    def scores(self, query: str, ids: Collection[str]) -> dict[str, float]:
        """The score of each of these passages, 0 where it shares no term with ``query``."""
        scores = self._scores(query)
        if scores is None:
            return dict.fromkeys(ids, 0.0)
        return {name: float(scores[self._places[name]]) for name in ids if name in self._places}

    def _scores(self, query: str) -> NDArray[np.float32] | None:
        """Scores of all passages in their order, ``None`` where no term of ``query`` is known."""
        terms = [term for term in tokens(query) if term in self._scorer.vocab_dict]
        return self._scorer.get_scores(terms) if terms else None

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._ids)}

    def _mask(
        self, guidelines: Collection[str] | None, include_superseded: bool
    ) -> NDArray[np.float32]:
        import numpy as np

        mask = np.ones(len(self._ids), dtype=np.float32)
        if guidelines is not None:
            mask *= np.isin(self._guidelines, sorted(guidelines))
        if not include_superseded:
            mask *= ~self._superseded
        return mask


def lexical_folder(home: Path, build: str) -> Path:
    return builds_folder(home) / build / "lexical"
