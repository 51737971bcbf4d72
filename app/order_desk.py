"""What the Appropriateness page keeps between runs: topics to browse, the search, the chosen scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from app.scenario_cards import Found, ScenarioCard, card, search
from app.scenario_table import Key, scenario_named
from app.topic_browser import TopicEntry, topic_entries
from rag.answering.korean.asking import in_english
from rag.answering.parts import Parts
from rag.answering.scenario_desk import ScenarioDesk
from rag.knowledge.korean import is_korean
from rag.types import Descriptor

SHOWN = 8
"""Scenarios that a search shows."""

SHOWN_TOPICS = 40
"""Topics listed at once; filters narrow them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address names: a scenario, and one it is compared with."""

    key: Key | None = None
    beside: Key | None = None


@lru_cache(maxsize=2)
def entries_of(desk: ScenarioDesk) -> tuple[TopicEntry, ...]:
    """All topics; read once for as long as the desk is open."""
    return topic_entries(desk)


@lru_cache(maxsize=256)
def found_by(desk: ScenarioDesk, question: str) -> Found:
    """The scenarios that fit a referral."""
    return search(question, desk, SHOWN)


def card_of(desk: ScenarioDesk, key: Key) -> ScenarioCard:
    """The card of one scenario.

    Raises:
        QuestionError: there is none.
    """
    return card(desk.topic(key[0]), scenario_named(desk, *key), desk)


def found_for(desk: ScenarioDesk, question: str, parts: Parts) -> Found:
    """The scenarios that fit a referral in English or Korean, read with the referral's own words."""
    words = parts.korean() if parts.korean and is_korean(question) else None
    if words is None:
        return found_by(desk, question)
    english = in_english(question, words)
    found = found_by(desk, english.text)
    read: tuple[Descriptor, ...] = tuple(english.descriptor(d, question) for d in found.read)
    return replace(found, read=read)


def key_in(text: str) -> Key | None:
    """A scenario as an address names it: ``3~Topic title``.

    >>> key_in("3~Acute Pelvic Pain")
    ('Acute Pelvic Pain', 3)
    """
    number, sign, topic = text.partition("~")
    return (topic, int(number)) if sign and number.isdecimal() and topic else None


def key_text(key: Key) -> str:
    return f"{key[1]}~{key[0]}"
