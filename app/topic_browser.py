"""The topics of the shelf to browse: by panel, by body region, by words; pure, for any front end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.scenario_cards import ScenarioCard, card
from rag.answering.scenario_desk import ScenarioDesk


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """One topic with its scenarios; ``regions`` are body regions of the lexicon."""

    title: str
    year: int | None
    panels: tuple[str, ...]
    regions: tuple[str, ...]
    scenarios: tuple[ScenarioCard, ...]


def topic_entries(desk: ScenarioDesk) -> tuple[TopicEntry, ...]:
    """All topics by title."""
    return tuple(
        TopicEntry(
            topic.title,
            topic.year,
            topic.panels,
            desk.regions(topic.title),
            tuple(card(topic, scenario, desk) for scenario in topic.scenarios),
        )
        for topic in desk.topics()
    )


def panels(entries: Sequence[TopicEntry]) -> tuple[str, ...]:
    """Names of all panels, for a filter."""
    return tuple(sorted({panel for entry in entries for panel in entry.panels}))


def regions(entries: Sequence[TopicEntry]) -> tuple[str, ...]:
    """Names of all body regions, for a filter."""
    return tuple(sorted({region for entry in entries for region in entry.regions}))


def filtered(
    entries: Sequence[TopicEntry],
    panel: str | None = None,
    region: str | None = None,
    text: str = "",
) -> tuple[TopicEntry, ...]:
    """The entries of this panel and region that have all words of ``text`` in title or scenarios."""
    words = text.lower().split()
    return tuple(
        entry
        for entry in entries
        if (panel is None or panel in entry.panels)
        and (region is None or region in entry.regions)
        and all(word in _text_of(entry) for word in words)
    )


def _text_of(entry: TopicEntry) -> str:
    return " ".join((entry.title, *(one.scenario for one in entry.scenarios))).lower()
