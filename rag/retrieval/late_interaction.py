"""A question and a passage read side by side, word by word.

Late interaction (Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via
Contextualized Late Interaction over BERT", SIGIR 2020): each piece of the question's words is met by
the piece of the passage that is nearest in its context; the mean over the question, words weighed by
rarity, is how near the passage is. The vectors are those of the pieces before the passages' own
embedding model averages them, so that one word that fits is not lost among hundreds.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rag.retrieval.tokens import tokens
from rag.types import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEPT = 256
"""Passages whose pieces are kept in memory (about 130 KB each)."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text: where they stand in it, and vectors of length one, one a row."""

    spans: tuple[Span, ...]
    vectors: NDArray[np.float32] | NDArray[np.float16]


EmbedPieces = Callable[[Sequence[str]], Sequence[Pieces]]
Weigh = Callable[[str], float]
"""How much an index term counts; rarer terms count more."""


class LateInteraction:
    """Nearness of passages to a question, piece by piece. Thread-safe; keeps what it embedded last."""

    def __init__(self, embed: EmbedPieces) -> None:
        self._embed = embed
        self._known: OrderedDict[str, Pieces] = OrderedDict()
        self._lock = threading.Lock()

    def nearness(self, question: str, texts: Sequence[str], weigh: Weigh) -> tuple[float, ...]:
        """Mean cosine of the question's pieces to each text's nearest ones, -1 to 1.

        Little words do not count; a question of nothing else is near to nothing (0).
        """
        asked = self._asked(question, weigh)
        return tuple(asked.nearest(held.vectors) for held in self._pieces(texts))

    def parts(
        self, question: str, text: str, spans: Sequence[Span], weigh: Weigh
    ) -> tuple[float, ...]:
        """The same for parts of one text, each read as it stands in the whole; 0 for an empty part."""
        asked, (held,) = self._asked(question, weigh), self._pieces([text])
        return tuple(
            asked.nearest(held.vectors[[a <= start and end <= b for start, end in held.spans]])
            for a, b in spans
        )

    def _asked(self, question: str, weigh: Weigh) -> _Asked:
        import numpy as np

        (asked,) = self._pieces([question])
        weights = np.array(piece_weights(question, asked.spans, weigh), np.float32)
        total = float(weights.sum())
        return _Asked(asked.vectors.astype(np.float32), weights / total if total else weights)

    def _pieces(self, texts: Sequence[str]) -> list[Pieces]:
        import numpy as np

        with self._lock:
            held = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in held]
        for text, made in zip(missing, self._embed(missing) if missing else (), strict=True):
            held[text] = Pieces(made.spans, made.vectors.astype(np.float16))
        with self._lock:
            for text in texts:
                self._known[text] = held[text]
                self._known.move_to_end(text)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return [held[text] for text in texts]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question's pieces with their weights, which sum to 1 or are all 0."""

    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]

    def nearest(self, pieces: NDArray[np.float16] | NDArray[np.float32]) -> float:
        """Weighted mean of each asked piece's cosine to the nearest of ``pieces``; 0 without any."""
        import numpy as np

        if not len(pieces):
            return 0.0
        return float((self.vectors @ pieces.T.astype(np.float32)).max(axis=1) @ self.weights)


def piece_weights(text: str, spans: Sequence[Span], weigh: Weigh) -> list[float]:
    """The weight of the word that each piece stands in; 0 for little words and signs.

    >>> piece_weights("the PICC size?", [(0, 3), (4, 6), (6, 8), (9, 13), (13, 14)], lambda term: 2.0)
    [0.0, 2.0, 2.0, 2.0, 0.0]
    """
    words = [(match.span(), _word_weight(match[0], weigh)) for match in _word().finditer(text)]
    return [
        next((w for (start, end), w in words if start <= span[0] and span[1] <= end), 0.0)
        for span in spans
    ]


def _word_weight(word: str, weigh: Weigh) -> float:
    return max((weigh(term) for term in tokens(word)), default=0.0)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"\w+")
