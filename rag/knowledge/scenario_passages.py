"""Appropriateness scenarios as passages.

A scenario is one passage: its text is what a reader sees, its search text adds the header path and
the everyday words. The procedure rows are the scenario's payload: they are looked up and shown, not
embedded one by one; :func:`table_lines` renders them so that an answer can quote and check them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from rag.knowledge.appropriateness import NOT_GIVEN, Procedure, Scenario, Topic, slug
from rag.types import Edition, Passage


def scenario_passages(topics: Iterable[Topic], edition: Edition) -> tuple[Passage, ...]:
    """One passage a scenario; each carries its topic's own year (``None`` where not established)."""
    return tuple(
        scenario_passage(topic, scenario, edition)
        for topic in topics
        for scenario in topic.scenarios
    )


def scenario_passage(topic: Topic, scenario: Scenario, edition: Edition) -> Passage:
    """The passage of one scenario of ``topic``."""
    text = scenario_text(topic, scenario)
    header = f"{edition.title} > {topic.title}"
    search = [f"{header}: {scenario.text}", *_facets(scenario), *scenario.terms]
    own = topic.source
    return Passage(
        id=_passage_id(edition.guideline, scenario_id(scenario), text),
        text=text,
        search_text="; ".join(search),
        kind="scenario",
        edition=own.edition if own else replace(edition, year=topic.year),
        page=scenario.page,
        boxes=scenario.boxes,
        document=own.document if own else None,
        section=topic.title,
        fact_ids=(scenario_id(scenario),),
        note=topic.currency_note,
    )


def scenario_id(scenario: Scenario) -> str:
    """Id of a scenario: ``ac.<topic>.<variant>``."""
    return f"ac.{slug(scenario.topic)}.{scenario.variant_no}"


def scenario_text(topic: Topic, scenario: Scenario) -> str:
    """Topic with year, scenario and, where there is one, the currency note."""
    year = f" ({topic.year})" if topic.year is not None else ""
    note = f" Note: {topic.currency_note}." if topic.currency_note else ""
    return f"{topic.title}{year}, scenario {scenario.variant_no}: {scenario.text}{note}"


def table_lines(scenario: Scenario) -> tuple[str, ...]:
    """The procedure table as sentences, in the guideline's order (best rated first)."""
    return tuple(procedure_line(procedure) for procedure in scenario.procedures)


def procedure_line(procedure: Procedure) -> str:
    """One row as a sentence: name as printed, category, rating and radiation levels."""
    rating = "" if procedure.rating is None else f" ({procedure.rating})"
    adult, child = (level or NOT_GIVEN for level in (procedure.rrl_adult, procedure.rrl_peds))
    levels = f"radiation level adult {adult}, child {child}"
    return f"{procedure.name}: {procedure.category}{rating}; {levels}."


def _facets(scenario: Scenario) -> tuple[str, ...]:
    """Age, sex, pregnancy and stage in words, where the scenario states them."""
    words = [scenario.age.text if scenario.age.text != "any" else "", scenario.stage]
    words += [
        scenario.sex if scenario.sex != "any" else "",
        "pregnant" if scenario.pregnant else "",
    ]
    return tuple(word for word in words if word)


def _passage_id(guideline: str, item: str, text: str) -> str:
    parts = "\n".join((guideline, "scenario", item, text))
    return blake2b(parts.encode(), digest_size=12).hexdigest()
