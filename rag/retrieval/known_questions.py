"""Vectors of questions that are known to be answered by a passage, beside the passages' own.

A question is nearer to another question than to a statement: where somebody has asked something
alike, its passage is found whatever words it uses. A passage without such questions (a user's
document, a new guideline) is found as before.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import PassageIndexError
from rag.retrieval.index_state import builds_folder
from rag.types import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VECTORS, _ROWS = "vectors.npy", "passages.json"


@dataclass(frozen=True)
class KnownQuestions:
    """The questions of one build, read only. Safe to share between threads.

    ``vectors`` of shape (questions, dimension) and length one; ``question`` and ``passage`` are pairs
    of places in them and in ``ids``, ordered by passage; ``starts`` is where each passage's pairs begin.
    """

    ids: tuple[str, ...]
    vectors: NDArray[np.float32]
    question: NDArray[np.int64]
    starts: NDArray[np.int64]
    open_to: NDArray[np.str_]
    superseded: NDArray[np.bool_]

    def similarities(self, vector: Sequence[float]) -> dict[str, float]:
        """Mean cosine of the two nearest questions of each passage that has any, -1 to 1."""
        import numpy as np

        if not self.ids:
            return {}
        near = self.vectors @ np.asarray(vector, dtype=np.float32)
        pairs = near[self.question]
        best = np.maximum.reduceat(pairs, self.starts)
        ends = np.append(self.starts[1:], len(pairs))
        others = np.where(pairs < np.repeat(best, ends - self.starts), pairs, -1.0)
        second = np.maximum.reduceat(others, self.starts)
        best = np.where(second > -1.0, (best + second) / 2, best)
        return dict(zip(self.ids, best.tolist(), strict=True))

    def nearest(
        self,
        similarities: dict[str, float],
        limit: int,
        guidelines: Collection[str] | None = None,
        *,
        include_superseded: bool = True,
    ) -> tuple[str, ...]:
        """The ``limit`` passages with the nearest questions that the filter lets through."""
        asked = None if guidelines is None else frozenset(guidelines)
        allowed = (
            name
            for name, home, old in zip(self.ids, self.open_to, self.superseded, strict=True)
            if (asked is None or home in asked) and (include_superseded or not old)
        )
        return tuple(sorted(allowed, key=lambda name: -similarities[name])[:limit])


def write_questions(
    folder: Path,
    passages: Sequence[Passage],
    answered_by: Sequence[Sequence[str]],
    vectors: NDArray[np.float32],
) -> None:
    """Write questions into the new ``folder``.

    ``answered_by`` holds for each question the ids of the facts that answer it, ``vectors`` its row.
    """
    import numpy as np

    by_fact: dict[str, list[int]] = {}
    for place, facts in enumerate(answered_by):
        for fact in facts:
            by_fact.setdefault(fact, []).append(place)
    rows = [
        (passage, sorted({place for fact in passage.fact_ids for place in by_fact.get(fact, ())}))
        for passage in passages
    ]
    held = [(passage, places) for passage, places in rows if places]
    folder.mkdir(parents=True)
    np.save(folder / _VECTORS, vectors)
    content = {
        "ids": [passage.id for passage, _ in held],
        "guidelines": [passage.edition.guideline for passage, _ in held],
        "superseded": [passage.edition.superseded for passage, _ in held],
        "questions": [places for _, places in held],
    }
    (folder / _ROWS).write_text(json.dumps(content), encoding="utf-8")


def open_questions(folder: Path) -> KnownQuestions:
    """The questions of a build; none where it was made without.

    Raises:
        PassageIndexError: they are damaged.
    """
    import numpy as np

    if not folder.is_dir():
        return _none()
    try:
        content = json.loads((folder / _ROWS).read_text(encoding="utf-8"))
        counts = [len(places) for places in content["questions"]]
        return KnownQuestions(
            ids=tuple(content["ids"]),
            vectors=np.load(folder / _VECTORS),
            question=np.array(list(chain.from_iterable(content["questions"])), dtype=np.int64),
            starts=np.cumsum([0, *counts[:-1]], dtype=np.int64),
            open_to=np.array(content["guidelines"], dtype=np.str_),
            superseded=np.array(content["superseded"], dtype=bool),
        )
    except (OSError, ValueError, KeyError) as error:
        raise PassageIndexError(
            f"known questions {folder}: {error}; run 'radcite ingest --rebuild'"
        ) from error


def _none() -> KnownQuestions:
    import numpy as np

    whole, words = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.str_)
    return KnownQuestions(
        (), np.zeros((0, 0), dtype=np.float32), whole, whole, words, whole.astype(bool)
    )


def questions_folder(home: Path, build: str) -> Path:
    return builds_folder(home) / build / "questions"
