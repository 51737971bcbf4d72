"""From a referral to the scenarios that fit it, as cards to choose from; pure, for any front end."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answering.appropriate import CONFLICT, table_for
from rag.answering.appropriate_intent import read_intent
from rag.answering.facets import read_facets
from rag.answering.scenario_desk import ScenarioDesk
from rag.knowledge.appropriateness import USUALLY, Scenario, Topic
from rag.types import Descriptor

NEAREST = 3
"""Topics that are named where nothing fits."""


@dataclass(frozen=True, slots=True)
class ScenarioCard:
    """One scenario to choose; ``first`` are the studies on top of its table, best first.

    ``weighed``: the referral states something that puts a higher rated study behind them.
    ``regions`` are body regions of the lexicon; ``none_usually`` where nothing is usually
    appropriate, so that ``first`` is not a recommendation.
    """

    topic: str
    year: int | None
    panels: tuple[str, ...]
    regions: tuple[str, ...]
    variant_no: int
    scenario: str
    stage: str
    first: tuple[str, ...]
    none_usually: bool
    currency_note: str | None = None
    weighed: bool = False

    @property
    def key(self) -> tuple[str, int]:
        return (self.topic, self.variant_no)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; where ``covered`` is false nothing fits and ``nearest`` topics are named.

    ``left_out`` are scenarios that a conflict kept out, each with its reason; ``read`` are the
    facts that were read from the referral, each with its span.
    """

    cards: tuple[ScenarioCard, ...]
    covered: bool
    nearest: tuple[str, ...]
    left_out: tuple[str, ...]
    read: tuple[Descriptor, ...]


def search(question: str, desk: ScenarioDesk, k: int = 10) -> Found:
    """The ``k`` scenarios that fit ``question`` best, best first."""
    corrected, _ = desk.corrected(question)
    facets = read_facets(corrected)
    ranking = desk.rank(read_intent(corrected, facets).about, facets, k)
    cards = tuple(
        card(desk.topic(entry.topic), desk.scenario(entry.topic, entry.variant_no), desk, corrected)
        for entry in ranking.scenarios
    )
    left_out = tuple(
        f"{entry.topic}, scenario {entry.variant_no}: "
        f"{' and '.join(CONFLICT[reason] for reason in entry.reasons)}"
        for entry in ranking.excluded
    )
    read = read_facets(question).read
    return Found(cards, ranking.covered, ranking.topics[:NEAREST], left_out, read)


def card(topic: Topic, scenario: Scenario, desk: ScenarioDesk, referral: str = "") -> ScenarioCard:
    """One scenario of ``topic`` as a card; ``referral`` may state what puts a study last in its band."""
    rows = table_for(referral, desk, scenario)[0].procedures
    return ScenarioCard(
        topic=topic.title,
        year=topic.year,
        panels=topic.panels,
        regions=desk.regions(topic.title),
        variant_no=scenario.variant_no,
        scenario=scenario.text,
        stage=scenario.stage,
        first=tuple(row.name for row in rows if row.rating == rows[0].rating)[:3],
        none_usually=all(row.category != USUALLY for row in rows),
        currency_note=scenario.currency_note,
        weighed=any((row.rating or 0) > (rows[0].rating or 0) for row in rows),
    )
