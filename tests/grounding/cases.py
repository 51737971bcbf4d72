"""The statements of this folder as values, with evidence made from the built-in guidelines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rag.answering.english_door import checked_in_english
from rag.answering.grounding import Asked, Verification, verify
from rag.answering.grounding.meaning import Embedder
from rag.answering.statements import plain_sentence
from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from rag.types import Evidence, Passage, Statement

FOLDER = Path(__file__).resolve().parent
WRITTEN = FOLDER.parent.parent / "evals" / "data" / "statements"


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

    def as_worded(self) -> Verification:
        """The verification that the statement gets when a model words it: cleaned, close wording too."""
        asked = Asked(self.question, self.decision)
        statement = Statement(plain_sentence(self.text, self.cited)[0], self.cited)
        return checked_in_english(statement, self.evidence, asked)

    def __str__(self) -> str:
        given = " / ".join(item.quote for item in self.evidence)
        found = self.verified()
        return (
            f"[{self.kind}] {self.text}\n    evidence: {given}\n    {found.verdict}: {found.reason}"
        )


@cache
def fact_passages() -> dict[str, Passage]:
    """The passage of every fact of the built-in guidelines, by fact id, of every row by ``row:<its id>``."""
    shelf = Shelf.open(CORPUS)
    found = (passage for name in shelf.ids for passage in passages(shelf.get(name)))
    return {p.fact_ids[0] if p.kind == "fact" else f"row:{p.id}": p for p in found}


def cases(name: str, folder: Path = FOLDER) -> tuple[Case, ...]:
    """The cases of one file of a folder, this one if none is given."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
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
