"""The shelf's scenarios as the ranking index reads them: reference fields and facets together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

from rag.answering.facets import read_facets
from rag.knowledge.appropriateness import Scenario, Topic
from rag.knowledge.facet_values import Facets, Quantity
from rag.knowledge.scenario_entry import ScenarioEntry
from rag.knowledge.scenario_referrals import FILE, Referrals

_OPEN_EDGE = 0.003
"""Years: an open upper age ("under 18") is read as one day less."""


def scenario_entries(
    topics: Iterable[Topic], referrals: Referrals | None = None
) -> tuple[ScenarioEntry, ...]:
    """Every scenario of ``topics`` in order, with its referrals."""
    said = referrals or {}
    return tuple(
        scenario_entry(topic, scenario, said.get(scenario.key, ()))
        for topic in topics
        for scenario in topic.scenarios
    )


def scenario_entry(
    topic: Topic, scenario: Scenario, referrals: tuple[str, ...] = ()
) -> ScenarioEntry:
    """One scenario; how long the illness lasts, or how likely it is, may stand in the title only."""
    facets, of_topic = read_facets(scenario.text), read_facets(topic.title)
    high = scenario.age.high - (0 if scenario.age.high_closed else _OPEN_EDGE)
    return ScenarioEntry(
        topic=topic.title,
        variant_no=scenario.variant_no,
        text=scenario.text,
        terms=scenario.terms,
        low=scenario.age.low,
        high=high,
        sex=scenario.sex,
        pregnant=scenario.pregnant,
        stage=scenario.stage,
        for_children=for_children(topic),
        facets=replace(
            facets,
            acuity=facets.acuity or of_topic.acuity,
            quantities=facets.quantities | _of_title(facets, of_topic),
        ),
        referrals=referrals,
    )


def _of_title(facets: Facets, of_topic: Facets) -> frozenset[Quantity]:
    """What only the title states ("Low Probability of Coronary Artery Disease")."""
    said = {quantity.name for quantity in facets.quantities}
    return frozenset(q for q in of_topic.quantities if q.name not in said)


def for_children(topic: Topic) -> bool:
    """Whether a topic is about children by its title or its only panel."""
    title = topic.title.lower()
    return "child" in title or "infant" in title or topic.panels == ("Pediatric",)


def source_of(folders: Iterable[Path], lexicon: Path) -> str:
    """A hash over the files that the index is made from; another one means: build anew."""
    digest = blake2b(digest_size=12)
    files = (
        p
        for folder in folders
        for p in sorted((*folder.glob("topics/*.yaml"), *folder.glob("*.npz"), folder / FILE))
    )
    for path in (lexicon, *(p for p in files if p.is_file())):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
