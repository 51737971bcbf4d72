"""Questions on which readers mix up systems or editions: the fact that settles each is cited."""

from __future__ import annotations

from pathlib import Path

from evals.shelf_questions import DATA, both_kinds, score
from rag import Settings, ask


def test_traps_are_answered_with_the_fact_that_settles_them(built_home: Path) -> None:
    settings = Settings(home=built_home)
    cases = both_kinds(DATA / "shelf_traps.yaml")
    missed = [c.question for c in cases if not score(c, ask(c.question, settings=settings)).cited]
    assert len(missed) <= len(cases) // 6, "\n".join(missed)
