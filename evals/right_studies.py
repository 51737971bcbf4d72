"""Whether the study on top of a table is a right first study for a case."""

from __future__ import annotations

from evals.appropriateness_cases import RankingCase
from rag.answering.scenario_desk import ScenarioDesk
from rag.knowledge.procedures import match_procedures, read_orders
from rag.types import RatedProcedure


def right_studies(case: RankingCase, desk: ScenarioDesk) -> frozenset[str]:
    """Vocabulary names of the right first studies: those named, else the right scenarios' best rated."""
    if case.first:
        return frozenset(desk.vocabulary_name(name).lower() for name in case.first)
    found: set[str] = set()
    for topic, number in case.scenarios:
        rows = desk.scenario(topic, number).procedures
        best = max((row.rating or 0) for row in rows)
        found |= {row.vocabulary_name.lower() for row in rows if (row.rating or 0) == best}
    return frozenset(found)


def is_right_study(shown: RatedProcedure, right: frozenset[str], desk: ScenarioDesk) -> bool:
    """Whether ``shown`` is one of ``right``, or the same study named by the area of interest.

    "MRI area of interest without IV contrast" is MRI of the hip without contrast where a hip is the
    question; modality and contrast must agree.
    """
    name = desk.vocabulary_name(shown.name)
    if name.lower() in right:
        return True
    if "area of interest" not in name.lower():
        return False
    return any(_same_but_for_the_part(wanted, name, desk) for wanted in right)


def _same_but_for_the_part(wanted: str, name: str, desk: ScenarioDesk) -> bool:
    rows = desk.rows_named(name)
    orders = read_orders(wanted)
    return bool(orders and rows and match_procedures(orders[0], rows[:1], desk.names))
