"""What is measured: anything that answers a case and searches for it; radcite itself first of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

from evals.suites.case import Case
from rag.answering.answer import ask
from rag.answering.parts import Parts
from rag.answering.payload import hit_json, to_json

Json = dict[str, Any]


class Assistant(Protocol):
    """Answers are in the form of ``radcite ask --json``; passages found carry their fact ids."""

    name: str

    def answer(self, case: Case) -> Json: ...

    def search(self, case: Case, k: int) -> Sequence[Json]: ...


class Radcite:
    """radcite with the parts of the caller's settings."""

    name = "radcite"

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def answer(self, case: Case) -> Json:
        response = ask(
            case.question,
            parts=self.parts,
            guidelines=case.guidelines or None,
            history=case.history,
            id=case.id,
        )
        return to_json(response)

    def search(self, case: Case, k: int) -> Sequence[Json]:
        """Search alone, superseded editions only where the case asks about one."""
        hits = self.parts.search(
            case.question, k, case.guidelines or None, include_superseded=self._superseded(case)
        )
        return [{**hit_json(hit), "fact_ids": list(hit.passage.fact_ids)} for hit in hits]

    def _superseded(self, case: Case) -> bool:
        return case.edition in self.parts.shelf.ids and (
            self.parts.shelf.edition(case.edition).superseded
        )

    @cached_property
    def procedure_names(self) -> Mapping[str, str]:
        """Vocabulary names of printed procedure names; empty where the shelf has no tables."""
        desk = self.parts.desk()
        return {} if desk is None else {key: row.name for key, row in desk.names.items()}

    def completed(self, case: Case) -> Case:
        """The case with what its right scenario's table says: looked up, never typed into a suite."""
        desk = self.parts.desk() if len(case.expected.scenarios) == 1 else None
        if desk is None:
            return case
        rows = desk.scenario(*case.expected.scenarios[0]).procedures
        top = max((row.rating or 0 for row in rows), default=0)
        expected = replace(
            case.expected,
            first=tuple(row.name for row in rows if row.rating == top and top > 3),
            procedures=tuple(row.name for row in rows if row.category == "usually appropriate"),
        )
        return replace(case, expected=expected)
