"""How questions speak of what passages say, learned from the shelf's known questions.

- *Association*: which words of a passage a word of a question stands for ("dye" for contrast), as
  probabilities of IBM model 1 (Brown et al., "The Mathematics of Statistical Machine Translation",
  Computational Linguistics 19(2), 1993).
- *Strays*: words of a question that the passage lacks, each with what its lack tells: of "cost" or
  "surgery" that something else is asked, of "please" nothing.
- *Bearing*: the same read from the vectors of question and passage, a linear function of them.

``relations.json`` is written by ``python -m evals.fit_relevance``; without it all of this is neutral.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import CorpusError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILE = "relations.json"
_BY_PASSAGE = 0.7
"""Share of a question's words that comes from the passage rather than from asking in general."""
_SAME = 0.15
"""What a word counts at least where the passage has it itself."""
_LENGTH = 40
"""Terms from which a passage counts as no longer; a document's paragraph is no worse for its length."""
WELL_SAID = 3.0
"""What :meth:`Relations.said` gives from which a word counts as wholly explained."""


@dataclass(frozen=True)
class Bearing:
    """``log odds = bias + product . (q * p) + question . q`` for unit vectors of ``model_id``."""

    model_id: str
    product: Sequence[float]
    question: Sequence[float]
    bias: float

    @cached_property
    def _weights(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        import numpy as np

        return np.array(self.product, np.float32), np.array(self.question, np.float32)

    def of(self, asked: NDArray[np.float32], passage: NDArray[np.float32]) -> float:
        """Log odds that the passage answers, by the vectors alone."""
        product, question = self._weights
        return float((asked * passage) @ product + asked @ question) + self.bias


@dataclass(frozen=True)
class Relations:
    """``means[word][of]`` is the probability that a passage's ``of`` is asked for as ``word``;
    ``usual`` how often a word is said in any question, ``rare`` for one that is in none."""

    means: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)
    rare: float = 1e-5
    strays: Mapping[str, float] = field(default_factory=dict)
    bearing: Bearing | None = None

    def said(self, word: str, terms: Collection[str]) -> float:
        """Log of how much likelier ``word`` is asked of this passage than of any; 0 or more."""
        shares = sum(share for of, share in self.means.get(word, {}).items() if of in terms)
        if word in terms:
            shares += _SAME
        spread = shares / max(min(len(terms), _LENGTH), 1)
        usual = self.usual.get(word, self.rare)
        return math.log1p(_BY_PASSAGE * spread / ((1 - _BY_PASSAGE) * usual))

    def stray(self, words: Collection[str], terms: Collection[str]) -> float:
        """What the words that the passage lacks tell together; below 0 that something else is asked."""
        return sum(self.strays.get(word, 0.0) for word in words if word not in terms)


class _BearingFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model_id: str
    product: list[float]
    question: list[float]
    bias: float


class _File(BaseModel):
    """``relations.json`` as it stands on disk."""

    model_config = ConfigDict(extra="forbid")

    means: dict[str, dict[str, float]]
    usual: dict[str, float]
    rare: float
    strays: dict[str, float]
    bearing: _BearingFile


def load_relations(path: Path) -> Relations:
    """What was learned; nothing for a corpus without the file.

    Raises:
        CorpusError: the file is damaged.
    """
    if not path.is_file():
        return Relations()
    try:
        file = _File.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise CorpusError(
            f"{error.errors()[0]['msg']}: run 'python -m evals.fit_relevance'", file=path.name
        ) from error
    bearing = Bearing(**file.bearing.model_dump())
    return Relations(file.means, file.usual, file.rare, file.strays, bearing)


def relations_text(relations: Relations) -> str:
    """``relations.json``: one line a word, so that a new fit can be compared with the last."""
    assert relations.bearing is not None
    bearing = {
        "model_id": relations.bearing.model_id,
        "product": [round(w, 3) for w in relations.bearing.product],
        "question": [round(w, 3) for w in relations.bearing.question],
        "bias": round(relations.bearing.bias, 4),
    }
    means = ",\n  ".join(
        f"{json.dumps(w)}: {json.dumps(relations.means[w])}" for w in sorted(relations.means)
    )
    rest = {
        "usual": dict(sorted(relations.usual.items())),
        "rare": relations.rare,
        "strays": dict(sorted(relations.strays.items())),
        "bearing": bearing,
    }
    lines = [f'"means": {{\n  {means}\n}}']
    lines += [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in rest.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
