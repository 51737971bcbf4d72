"""The corpus files as they stand on disk: strict models, used only while loading.

Their meaning is described in ``corpus/README.md``; the clean values they become live in
``guideline`` and ``decision_table``.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Cells = dict[str, str | list[str]]


class Strict(BaseModel):
    """Unknown keys and silent conversions are errors."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SourceEntry(Strict):
    citation: str
    doi: str | None = None
    url: str | None = None


class GuidelineFile(Strict):
    """``guideline.yaml``."""

    id: str
    title: str
    full_title: str | None = None
    issuer: str
    edition: str
    published: str | int | None = None
    status: Literal["current", "superseded"]
    superseded_by: str | None = None
    family: str
    applies_to: str
    names: list[str] = Field(min_length=1)
    sources: list[SourceEntry] = Field(min_length=1)
    rights: str
    gaps: list[str] = []
    notice: str | None = None
    partial: bool = False


class FactEntry(Strict):
    """One entry of ``facts.yaml``; its ``value`` is free and is checked apart."""

    id: str
    section: str
    fact: str
    value: object = None
    source: list[str] = []
    confidence: Literal["verified2", "verified1"]
    note: str | None = None
    disagreement: bool = False
    issuer: str | None = None
    year: int | None = None
    terms: list[str] = []


class FactsFile(Strict):
    """``facts.yaml``."""

    facts: list[FactEntry]


class TextPart(Strict):
    """A text taken from a fact, or a sentence of ours."""

    fact: str | None = None
    key: str | None = None
    say: str | None = None


Management = TextPart | list[TextPart] | None


class CategoryEntry(Strict):
    label: str
    name: str
    management: Management = None
    facts: list[str] = Field(min_length=1)


class ModifierEntry(Strict):
    label: str
    name: str
    when: Cells | None = None
    facts: list[str] = Field(min_length=1)


class NonexistentEntry(Strict):
    labels: list[str] = Field(min_length=1)
    facts: list[str] = Field(min_length=1)


class EquivalentEntry(Strict):
    input: str
    source: str = Field(alias="from")
    pairs: list[list[int | float]] = []
    cells: dict[str, str | list[str]] = {}
    facts: list[str] = Field(min_length=1)


class UpgradeEntry(Strict):
    id: str
    to: str
    source: list[str] = Field(alias="from", min_length=1)
    any_of: list[Cells] = Field(min_length=1)
    note: str
    otherwise: str
    facts: list[str] = Field(min_length=1)


class ReadingEntry(Strict):
    category: str | None = None
    management: Management = None
    basis: str
    facts: list[str] = Field(min_length=1)


class RowEntry(Strict):
    id: str
    when: Cells = {}
    category: str | None = None
    management: Management = None
    disputed: list[ReadingEntry] | None = Field(default=None, min_length=2)
    not_covered: str | None = None
    remaining: list[str] = []
    impossible: str | None = None
    see: str | None = None
    facts: list[str] = []
    note: str | None = None


class PartEntry(Strict):
    part: str
    whole: str


class ScoreEntry(Strict):
    input: str
    points: dict[str, int]
    facts: list[str] | dict[str, str | list[str]]


class FinalEntry(Strict):
    input: str
    value: str
    facts: list[str] = Field(min_length=1)


class TableEntry(Strict):
    id: str
    title: str
    kind: Literal["decision", "points"] = "decision"
    when: Cells | list[Cells] | None = None
    after: list[str] = []
    inputs: list[str] = []
    parts: list[PartEntry] = []
    rounded: list[str] = []
    scores: list[ScoreEntry] = []
    final: list[FinalEntry] = []
    rows: list[RowEntry] = Field(min_length=1)


class DecisionsFile(Strict):
    """``decisions.yaml``."""

    categories: list[CategoryEntry] = []
    inventory: list[str] = []
    modifiers: list[ModifierEntry] = []
    nonexistent: list[NonexistentEntry] = []
    equivalents: list[EquivalentEntry] = []
    upgrades: list[UpgradeEntry] = []
    tables: list[TableEntry] = []
