"""When the two best scenarios are siblings that differ in one fact: the question that splits them.

Only a facet that the question leaves open is asked for, and only where both scenarios state it
differently; two scenarios that differ in their wording alone are shown one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rag.knowledge.appropriateness import Scenario
from rag.knowledge.facet_values import Facets
from rag.retrieval.concepts import asking_terms
from rag.retrieval.tokens import tokens
from rag.types import Clarification

if TYPE_CHECKING:
    from rag.retrieval.scenario_ranker import RankedScenario

SCENARIO = "scenario"
"""What is asked for where a bare complaint fits several scenarios."""
ALIKE, ALIKE_ELSEWHERE = 1.5, 2.0
"""Scores within which scenarios of the first one's topic, and of other topics, fit a bare complaint alike:
another topic is another disease, which is worth a question sooner."""
_BARE = 3
"""Content words up to which a referral that says nothing of the patient is a bare complaint."""
_OFFERED = 5
_OF_A_STUDY = "scan test imaging study exam examination initial next best order"
"""Words that a referral without a complaint may hold too."""
CLOSE = 0.7
"""Scores that differ by less are close: odds of about two to one or less in the fitted model."""


@dataclass(frozen=True, slots=True)
class _Fact:
    """One facet that may split siblings: how to see it open, and what a scenario says of it."""

    name: str
    question: str
    open: Callable[[Facets], bool]
    said: Callable[[Scenario, Facets], str | None]


def _age(scenario: Scenario, facets: Facets) -> str | None:
    return None if scenario.age.text == "any" else scenario.age.text


def _sex(scenario: Scenario, facets: Facets) -> str | None:
    return None if scenario.sex == "any" else scenario.sex


def _pregnant(scenario: Scenario, facets: Facets) -> str | None:
    return (
        None if scenario.pregnant is None else "pregnant" if scenario.pregnant else "not pregnant"
    )


def _stage(scenario: Scenario, facets: Facets) -> str | None:
    return scenario.stage


def _acuity(scenario: Scenario, facets: Facets) -> str | None:
    return facets.acuity


def _result(scenario: Scenario, facets: Facets) -> str | None:
    outcomes = sorted(f"{r.test} {r.outcome}" for r in facets.results)
    return ", ".join(outcomes) or None


_FACTS = (
    _Fact("pregnant", "Is the patient pregnant?", lambda f: f.pregnant is None, _pregnant),
    _Fact("age", "How old is the patient?", lambda f: f.age is None, _age),
    _Fact("sex", "Is the patient female or male?", lambda f: f.sex is None, _sex),
    _Fact("prior_result", "What did the earlier test show?", lambda f: not f.results, _result),
    _Fact("acuity", "Is it acute or chronic?", lambda f: f.acuity is None, _acuity),
    _Fact("stage", "What is the study for?", lambda f: f.stage is None, _stage),
)


def clarification(
    ranked: Sequence[RankedScenario],
    scenarios: Sequence[Scenario],
    asked: Facets,
    read: Callable[[str], Facets],
) -> Clarification | None:
    """The one question that tells the close leaders apart, ``None`` where the first one leads.

    ``scenarios`` are the ranked ones in the same order; ``read`` reads a scenario's facets.
    """
    leaders = [
        scenario
        for entry, scenario in zip(ranked, scenarios, strict=True)
        if entry.score > ranked[0].score - CLOSE and entry.topic == ranked[0].topic
    ]
    if len(leaders) < 2:
        return None
    facets = [read(scenario.text) for scenario in leaders]
    for fact in _FACTS:
        said = [fact.said(one, of) for one, of in zip(leaders, facets, strict=True)]
        if fact.open(asked) and said[0] != said[1] and all(said[:2]) and not _usual(fact, said):
            options = dict.fromkeys(value for value in said if value)
            return Clarification(fact.name, fact.question, tuple((v, v) for v in options))
    return None


def which_of_several(
    question: str, ranked: Sequence[RankedScenario], scenarios: Sequence[Scenario], asked: Facets
) -> Clarification | None:
    """A bare complaint ("headache") that several scenarios fit alike: which of them is meant?

    Nothing of the patient is assumed for it. ``None`` where the referral says more, or one leads.
    """
    most = _BARE if asked.stage is None else _BARE - 1
    if _says_of_the_patient(asked) or not 0 < len(content(question)) <= most:
        return None
    alike = [
        scenario
        for entry, scenario in zip(ranked, scenarios, strict=True)
        if entry.score > ranked[0].score - _alike(entry.topic == ranked[0].topic)
    ]
    if _suspected().search(question) and not _known().search(question):
        alike = [one for one in alike if not _known().search(one.text)]
    if len(alike) < 2:
        return None
    topics = {scenario.topic for scenario in alike}
    options = tuple(
        (one.text, one.text if len(topics) == 1 else f"{one.topic}: {one.text}")
        for one in alike[:_OFFERED]
    )
    return Clarification(SCENARIO, "Which of these describes the patient?", options)


def _alike(same_topic: bool) -> float:
    return ALIKE if same_topic else ALIKE_ELSEWHERE


@cache
def _suspected() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:suspect\w*|suspicion|rule out|possible|query)\b|\br/o\b|\?(?=\w)", re.IGNORECASE
    )


@cache
def _known() -> re.Pattern[str]:
    """A disease that is already known: nobody suspects it any more."""
    return re.compile(
        r"\b(?:known|surveillance|follow-?up|after treatment|treated)\b", re.IGNORECASE
    )


def _says_of_the_patient(facets: Facets) -> bool:
    stated = (facets.age, facets.sex, facets.pregnant, facets.gestation, facets.acuity, facets.gfr)
    told = (facets.results, facets.conditions, facets.quantities)
    return any(one is not None for one in stated) or any(told)


def content(text: str) -> tuple[str, ...]:
    """The index terms of a referral that say what it is about."""
    return tuple(term for term in tokens(text) if term not in _empty_terms())


@cache
def _empty_terms() -> frozenset[str]:
    return asking_terms() | frozenset(tokens(_OF_A_STUDY))


def _usual(fact: _Fact, said: Sequence[str | None]) -> bool:
    """Whether the leader is for the first study, which a referral that says no stage means."""
    return fact.name == "stage" and said[0] == "initial"
