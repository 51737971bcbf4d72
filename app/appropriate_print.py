"""Appropriateness in a terminal: the table in bands, close scenarios by number, topics to browse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.procedures import Level, ProcedureRow, ProcedureTable
from app.terminal import say
from app.words import EN, Words

if TYPE_CHECKING:
    from rich.console import Console

    from app.scenario_cards import ScenarioCard
    from app.topic_browser import TopicEntry


def print_table(shown: ProcedureTable, to: Console, words: Words = EN) -> None:
    """Scenario, note and every band; rows are numbered through, as ``--order`` counts them."""
    say(to, (shown.topic, "name"))
    say(to, shown.scenario)
    if shown.currency_note:
        say(to, (shown.currency_note, "care"))
    number = 0
    for band in shown.bands:
        to.print()
        say(to, (f"{band.title} ({len(band.rows)})", band.tone))
        for row in band.rows:
            number += 1
            _row(number, row, band.tone, to, words)


def _row(number: int, row: ProcedureRow, tone: str, to: Console, words: Words) -> None:
    rating = "-" if row.rating is None else str(row.rating)
    levels = [_level(words.adult, row.adult), _level(words.child, row.child)]
    told = "; ".join(level for level in levels if level)
    shown: list[str | tuple[str, str]] = [row.name]
    shown += [(f"  {told}", "soft")] if told else []
    shown += [(f"  {row.note}", "care")] if row.note else []
    say(to, (f"{rating}  ", tone), *shown, head=f"{number:>3}  ")


def _level(who: str, level: Level) -> str:
    dose = f" {level.meaning}" if level.meaning else ""
    return f"{who.lower()} {level.symbol}{dose}" if level.symbol else ""


def print_others(others: Sequence[str], to: Console, first: int = 2, words: Words = EN) -> None:
    """The next scenarios, numbered for ``--pick``."""
    if not others:
        return
    to.print()
    say(to, (words.other_scenarios, "soft"))
    for number, other in enumerate(others, first):
        say(to, (other, "soft"), head=f"{number:>3}  ")


def print_topics(entries: Sequence[TopicEntry], to: Console) -> None:
    """One line a topic: title, year, panels and how many scenarios."""
    for entry in entries:
        year = f" ({entry.year})" if entry.year else ""
        count = f"  {', '.join(entry.panels)}; {len(entry.scenarios)} scenarios"
        say(to, (entry.title, "name"), year, (count, "soft"), indent=0)
    say(to, (f"{len(entries)} topics", "soft"))


def print_cards(cards: Sequence[ScenarioCard], to: Console) -> None:
    """Scenarios of one topic with the studies on top of their tables."""
    for card in cards:
        top = "nothing usually appropriate" if card.none_usually else "; ".join(card.first)
        say(to, card.scenario, (f"  {top}", "soft"), head=f"{card.variant_no:>3}  ")
