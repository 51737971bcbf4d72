"""The urgency scales of ``evals/data/urgency.yaml``: which management follows which category."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.metrics.categories import Scale
from rag.knowledge.yaml_file import open_yaml

FILE = Path(__file__).resolve().parent / "data" / "urgency.yaml"


class _ScaleEntry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    why: str
    steps: tuple[tuple[str, ...], ...]
    beside: tuple[str, ...] = ()


class _Scales(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    scales: dict[str, _ScaleEntry]


@cache
def scales() -> Mapping[str, Scale]:
    """The scale of each guideline that has categories."""
    read = open_yaml(FILE).as_model(_Scales).scales
    return {
        name: Scale(name, tuple(map(frozenset, entry.steps)), frozenset(entry.beside))
        for name, entry in read.items()
    }
