"""The fitted weights that the judge of passages works with, as they stand on disk.

A piece of a user's document says a thing in its author's words and no known questions lie beside it, so
that a right piece is judged lower than a right fact. It is weighed as a fact is first, the best ones are
then read word by word (``evals/fit_document_relevance.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml

FACTS_FILE = "relevance.yaml"
DOCUMENTS_FILE = "relevance_documents.yaml"

FEATURES = (
    "lexical",
    "similarity",
    "coverage",
    "own_coverage",
    "heaviest_missing",
    "unknown",
    "focus",
    "kind",
    "bounds",
    "label",
    "subject",
    "row",
    "apart",
    "special",
    "undefined",
    "asked",
    "said",
    "soft_coverage",
    "soft_missing",
    "stray",
    "bearing",
)
"""Names of the features of a passage for a question, each about 0 to 1 or -1 to 1."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights by feature for the order and for the answer, and the least probability of an answer."""

    order: Mapping[str, float]
    answer: Mapping[str, float]
    bias: float
    accept: float


class _WeightsFile(BaseModel):
    """A file of weights as it stands on disk; see the fitting scripts below ``evals/``."""

    model_config = ConfigDict(extra="forbid")

    order: dict[str, float]
    answer: dict[str, float]
    bias: float
    accept: float = Field(gt=0, lt=1)


def load_weights(path: Path) -> Weights:
    """The fitted weights.

    Raises:
        CorpusError: the file is missing a weight or holds something else.
    """
    mend = "run 'python -m evals.fit_relevance'"
    try:
        weights = Weights(**_WeightsFile.model_validate(read_yaml(path)).model_dump())
    except ValidationError as error:
        raise CorpusError(f"{error.errors()[0]['msg']}: {mend}", file=path.name) from error
    unknown = {*weights.order, *weights.answer} - set(FEATURES)
    if unknown:
        raise CorpusError(f"unknown feature {', '.join(sorted(unknown))}: {mend}", file=path.name)
    return weights


@dataclass(frozen=True, slots=True)
class DocumentWeights:
    """How pieces of users' documents are weighed.

    The first ones in order are read word by word by the model ``model_id``
    (``rag/retrieval/late_interaction.py``): ``place`` is what their nearness counts in the order,
    ``odds``, ``nearness`` and ``bias`` make their log odds of answering from those of a fact and the
    nearness, ``accept`` is the probability from which they answer, ``nearly`` that from which they are
    shown as a weak match where nothing answers. With another model they are not read so and answer from
    ``unread_accept``.
    """

    model_id: str
    place: float
    odds: float
    nearness: float
    bias: float
    accept: float
    nearly: float
    unread_accept: float


class _DocumentsFile(BaseModel):
    """``relevance_documents.yaml`` as it stands on disk."""

    model_config = ConfigDict(extra="forbid")

    model_id: str
    place: float = Field(ge=0)
    odds: float
    nearness: float
    bias: float
    accept: float = Field(gt=0, lt=1)
    nearly: float = Field(gt=0, lt=1)
    unread_accept: float = Field(gt=0, lt=1)


def load_document_weights(path: Path) -> DocumentWeights:
    """The fitted weights of pieces of documents.

    Raises:
        CorpusError: the file is missing a weight or holds something else.
    """
    try:
        return DocumentWeights(**_DocumentsFile.model_validate(read_yaml(path)).model_dump())
    except ValidationError as error:
        mend = "run 'python -m evals.fit_document_relevance'"
        raise CorpusError(f"{error.errors()[0]['msg']}: {mend}", file=path.name) from error
