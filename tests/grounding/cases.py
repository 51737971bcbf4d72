"""The statements of this folder as values, with evidence made from the built-in guidelines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.answering.grounding import Asked, Verification, verify
from rag.answering.grounding.meaning import Embedder
from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from rag.types import Evidence, Passage, Statement

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Case:
    """A statement, the facts given as evidence (numbered from 1 in this order), what is cited."""

    text: str
    facts: tuple[str, ...]
    cited: tuple[int, ...]
    kind: str = ""
    question: str = ""
    decision: str = ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        known = fact_passages()
        given = (known[fact] for fact in self.facts)
        return tuple(Evidence(n, item, item.text) for n, item in enumerate(given, start=1))

    def verified(self, embedder: Embedder | None = None) -> Verification:
        asked = Asked(self.question, self.decision)
        return verify(Statement(self.text, self.cited), self.evidence, embedder, asked=asked)

    def __str__(self) -> str:
        given = " / ".join(item.quote for item in self.evidence)
        found = self.verified()
        return (
            f"[{self.kind}] {self.text}\n    evidence: {given}\n    {found.verdict}: {found.reason}"
        )


@cache
def fact_passages() -> dict[str, Passage]:
    """The passage of every fact of the built-in guidelines, by fact id."""
    shelf = Shelf.open(CORPUS)
    return {
        passage.fact_ids[0]: passage
        for name in shelf.ids
        for passage in passages(shelf.get(name))
        if passage.kind == "fact"
    }


def cases(name: str) -> tuple[Case, ...]:
    """The cases of one file of this folder."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines if line.strip())


def _case(raw: dict[str, Any]) -> Case:
    facts = tuple(raw["facts"])
    cited = tuple(raw.get("cite", range(1, len(facts) + 1)))
    return Case(
        raw["text"],
        facts,
        cited,
        raw.get("kind", ""),
        raw.get("question", ""),
        raw.get("decision", ""),
    )
