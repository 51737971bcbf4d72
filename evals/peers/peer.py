"""What a peer must do, and its answers brought into the form that every suite scores."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from evals.peers.documents import FactFinder
from evals.suites.case import Case
from rag.settings import Settings

Json = dict[str, Any]

NO_MODEL = "needs a language model and none is set (RADCITE_LLM_URL)"

_REFUSING = re.compile(
    r"\b(?:do(?:es)? not|don't|doesn't|cannot|can't|could not|unable to|not able to)\b.{0,40}"
    r"\b(?:know|answer|say|find|provide|help|assist|determine|contain|mention|specify)\b"
    r"|\bno (?:information|mention|such)\b|\bnot (?:mentioned|provided|specified|covered)\b|empty response",
    re.IGNORECASE,
)
"""How general models say that they do not answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A peer's text and the passages that it was made from."""

    text: str
    passages: tuple[str, ...]


class Peer(Protocol):
    """Built once from documents; ``setup`` says in words how, and by whose recommendation."""

    name: str
    setup: str

    def build(self, documents: Sequence[Path], folder: Path, settings: Settings) -> None: ...

    def search(self, question: str, k: int) -> Sequence[str]: ...

    def answer(self, question: str) -> Reply | None:
        """The reply, or ``None`` where it needs a language model that is not set."""
        ...


def found(passages: Sequence[str], finder: FactFinder) -> list[Json]:
    """Passages with the facts they hold."""
    return [
        {"passage_id": f"#{at}", "fact_ids": finder.facts_in(text), "text": text}
        for at, text in enumerate(passages)
    ]


def as_answer(
    case: Case, reply: Reply, finder: FactFinder, guideline_of: Mapping[str, str], elapsed_ms: float
) -> Json:
    """A reply in the form of ``radcite ask --json``.

    A peer cites nothing by itself: every passage that was put before its model counts as cited by
    every sentence, which is generous. It refuses where its text says that it cannot answer.
    """
    refused = bool(_REFUSING.search(reply.text)) or not reply.text.strip()
    evidence = [
        _evidence(n, text, finder, guideline_of) for n, text in enumerate(reply.passages, 1)
    ]
    numbers = [item["n"] for item in evidence]
    parts = re.split(r"(?<=[.!?])\s+", reply.text.strip())
    return {
        "id": case.id, "question": case.question, "route": "guideline_text",
        "outcome": "refusal" if refused else "answer", "text": reply.text,
        "statements": [{"text": s, "citations": numbers, "verdict": "unchecked"} for s in parts if s],
        "withheld": [], "notices": [], "evidence": evidence, "retrieved": [], "decisions": [],
        "appropriateness": None, "clarification": None, "mode": "llm", "model": None,
        "refusal": {"kind": "not_covered", "reason": "its words"} if refused else None,
        "elapsed_ms": elapsed_ms,
    }  # fmt: skip


def _evidence(n: int, text: str, finder: FactFinder, guideline_of: Mapping[str, str]) -> Json:
    facts = finder.facts_in(text)
    guideline = guideline_of[facts[0]] if facts else ""
    return {
        "n": n, "fact_ids": facts, "guideline": guideline, "edition": "", "section": "", "page": None,
        "quote": text,
    }  # fmt: skip
