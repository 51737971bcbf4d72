"""What a question that no guideline answers is after: an order, an emergency, harm, a drug plan.

Patterns (:mod:`rag.answering.scope`) see these first and cost nothing. What they miss would be called
"off topic"; here it takes the kind of the example it lies nearest to in meaning. Nothing is answered that
was not before: only the reason of a refusal changes, and an emergency is told whom to call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from rag.answering.draft import Draft
from rag.answering.emergency import speaks_in_person
from rag.answering.scope import DRUG_PLAN, EMERGENCY, HARMFUL, ORDERS_REFUSED
from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml
from rag.types import RefusalKind

Vectors = Sequence[Sequence[float]]
Embed = Callable[[Sequence[str]], Vectors]

NEAR: Mapping[str, float] = {"instructions": 0.42, "emergency": 0.42, "harm": 0.5, "drug_plan": 0.5}
"""Least cosine to an example. Measured with all-MiniLM-L6-v2 on the questions of ``evals/data``."""

OTHER = "other"
_REFUSALS: Mapping[str, tuple[RefusalKind, str]] = {
    "instructions": ("instructions", ORDERS_REFUSED),
    "emergency": ("unsafe", EMERGENCY),
    "harm": ("unsafe", HARMFUL),
    "drug_plan": ("unsafe", DRUG_PLAN),
}


@dataclass(frozen=True)
class Aims:
    """Examples by kind, and the embedding that compares with them."""

    examples: Mapping[str, tuple[str, ...]]
    embed: Embed

    def of(self, question: str) -> str:
        """The kind of the nearest example, ``other`` where none is near."""
        (vector,) = self.embed([question])
        best, kind = max(
            (_cosine(vector, one), kind) for kind, ones in self._embedded.items() for one in ones
        )
        told = kind != "emergency" or speaks_in_person(question)
        return kind if best >= NEAR.get(kind, 0.0) and told else OTHER

    @cached_property
    def _embedded(self) -> Mapping[str, Vectors]:
        return {kind: self.embed(texts) for kind, texts in self.examples.items()}


def reconsidered(draft: Draft, question: str, aims: Aims | None) -> Draft:
    """The draft, its refusal given the kind of what the question is after."""
    if aims is None or draft.refusal is None or draft.decisions:
        return draft
    if draft.refusal[0] not in ("off_topic", "not_covered"):
        return draft
    refusal = _REFUSALS.get(aims.of(question))
    if refusal is None:
        return draft
    return replace(draft, route="none", refusal=refusal, evidence=(), retrieved=())


def load_aims(path: Path, embed: Embed) -> Aims:
    """The examples in ``path``.

    Raises:
        CorpusError: a kind is unknown or missing.
    """
    data = read_yaml(path)
    if not isinstance(data, Mapping) or set(data) != {*_REFUSALS, OTHER}:
        kinds = ", ".join((*_REFUSALS, OTHER))
        raise CorpusError(f"needs exactly the kinds {kinds}", file=str(path))
    listed = cast(Mapping[str, list[str]], data)
    return Aims({kind: tuple(listed[kind]) for kind in listed}, embed)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    norm = math.sqrt(math.fsum(x * x for x in one) * math.fsum(y * y for y in other))
    return math.fsum(x * y for x, y in zip(one, other, strict=True)) / norm if norm else 0.0
