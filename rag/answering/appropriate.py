"""The appropriateness route: question -> facets -> ranked scenarios -> the whole procedure table.

The answer is the best scenario's table. A study asked about is answered first; "what not to order"
lists the lowest ratings; a study without a patient is looked up the other way round. Where nothing
on the shelf fits, the nearest topics are named and nothing is answered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.answering.appropriate_close import SCENARIO, clarification, content, which_of_several
from rag.answering.appropriate_intent import Asked, read_intent
from rag.answering.appropriate_safety import later_in_band, notes_beside, safety_notices
from rag.answering.appropriate_text import (
    avoid_lines,
    category_lines,
    direct_lines,
    reverse_lines,
    scenario_line,
    shared_line,
    table_passage,
)  # fmt: skip
from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.facets import read_facets
from rag.answering.foreign_finding import names_foreign_lesion
from rag.answering.scenario_desk import ScenarioDesk
from rag.answering.topic_editions import agreeing_copies, edition_notices, superseded_label
from rag.knowledge.appropriateness import Procedure, Scenario, Topic
from rag.knowledge.facet_values import Facets
from rag.knowledge.procedure_order import UNCOUNTED, ordered_rows
from rag.knowledge.procedures import match_procedures
from rag.knowledge.words import fold
from rag.types import AppropriatenessTable, Clarification, Hit, ScenarioRef, Statement

if TYPE_CHECKING:
    from rag.retrieval.scenario_ranker import Ranking

ALTERNATIVES = 9
NOTHING_SAID = Facets()
_ADULT = 18.0
NEAREST = 3
CONFLICT = {
    "age": "is for another age", "sex": "is for the other sex", "pregnancy": "differs in pregnancy", "trimester": "is for another trimester",
    "side": "is about another quadrant", "spine": "is about another part of the spine",
    "isolated": "is about one cranial nerve alone",
}  # fmt: skip


def from_appropriateness(
    question: str,
    desk: ScenarioDesk,
    asking: bool = True,
    certainty: float = 0.0,
    explained: float = 0.0,
) -> Draft:
    """The draft of an appropriateness answer, a refusal with the nearest topics, or a question.

    ``asking`` false never asks back: the best scenario stands, the close one is named. Below the
    probability ``certainty`` (0 to 1) of being covered, or where the best scenario says less than the
    share ``explained`` (0 to 1) of the question's words, the question is not covered; the ranking's
    own threshold holds always.
    """
    question, corrections = desk.corrected(question)
    draft = _drafted(question, desk, asking, (certainty, explained))
    read = tuple(f"Read as: {one.read} ({one.written})." for one in corrections)
    return replace(draft, notices=(*read, *draft.notices))


def _drafted(question: str, desk: ScenarioDesk, asking: bool, least: tuple[float, float]) -> Draft:
    facets = read_facets(question)
    asked = read_intent(question, facets)
    if asked.intent == "reverse":
        return _reverse(asked, desk)
    if asked.orders and not content(asked.beside):
        return _study_alone(asked, desk)
    ranking = desk.rank(asked.about, facets, ALTERNATIVES + 1)
    reached = (ranking.probability, ranking.evidence["in_scenario"])
    if (
        not ranking.scenarios
        or not ranking.covered
        or reached[0] < least[0]
        or reached[1] < least[1]
        or (ranking.evidence["elsewhere"] and names_foreign_lesion(fold(question)))
    ):
        return _not_covered(ranking, desk)
    topics = {entry.topic: desk.topic(entry.topic) for entry in ranking.scenarios}
    scenarios = [desk.scenario(entry.topic, entry.variant_no) for entry in ranking.scenarios]
    question_back = which_of_several(question, ranking.scenarios, scenarios, facets)
    question_back = question_back or clarification(
        ranking.scenarios, scenarios, facets, read_facets
    )
    if question_back is not None and asking:
        return _asking(facets, ranking, scenarios, topics, desk, question_back)
    return _answer(asked, facets, ranking, scenarios, topics, desk)


def table_of(
    topic: Topic,
    scenario: Scenario,
    alternatives: Sequence[Scenario],
    facets: Facets = NOTHING_SAID,
    asked: Collection[Procedure] = (),
    often: Mapping[str, int] = UNCOUNTED,
) -> AppropriatenessTable:
    """The payload of one scenario, its rows best rated first, with what touches them beside.

    ``asked`` rows come first among equals, then those recommended ``often``; see :func:`rag.knowledge.procedure_order.ordered_rows`.
    """
    rows = rows_in_order(scenario, facets, asked, often)
    notes = notes_beside(facets, scenario)
    return AppropriatenessTable(
        topic=topic.title,
        year=topic.year,
        currency_note=topic.currency_note,
        scenario=scenario.text,
        variant_no=scenario.variant_no,
        procedures=tuple(replace(row.rated(), note=notes.get(row)) for row in rows),
        alternatives=tuple(other.ref for other in alternatives),
        document=topic.source.document if topic.source else None,
        supersedes=superseded_label(topic),
    )


def table_for(
    question: str, desk: ScenarioDesk, scenario: Scenario
) -> tuple[AppropriatenessTable, tuple[str, ...]]:
    """One scenario's table as an answer to ``question`` shows it, and what is to be weighed with it.

    For front ends where the reader has chosen the scenario; ``question`` may be empty.
    """
    facets = read_facets(question)
    orders = read_intent(question, facets).orders
    named = [row for o in orders for row in match_procedures(o, scenario.procedures, desk.names)]
    table = table_of(desk.topic(scenario.topic), scenario, (), facets, named, desk.often)
    return table, safety_notices(facets, scenario, desk.safety)


def rows_in_order(
    scenario: Scenario,
    facets: Facets = NOTHING_SAID,
    asked: Collection[Procedure] = (),
    often: Mapping[str, int] = UNCOUNTED,
) -> tuple[Procedure, ...]:
    """The scenario's rows as this patient's answer shows them."""
    child = facets.age is not None and facets.age.high <= _ADULT
    touched = later_in_band(facets, scenario)
    return ordered_rows(scenario.procedures, asked, touched, child, often)


def _answer(
    asked: Asked, facets: Facets, ranking: Ranking, scenarios: Sequence[Scenario],
    topics: dict[str, Topic], desk: ScenarioDesk,
) -> Draft:  # fmt: skip
    best, topic = scenarios[0], topics[scenarios[0].topic]
    evidence = EvidenceList()
    n = evidence.cite(table_passage(topic, best, desk.edition))
    found = [(o, match_procedures(o, best.procedures, desk.names)) for o in asked.orders]
    named = [row for _, matched in found for row in matched]
    rows = rows_in_order(best, facets, named, desk.often)
    lines = direct_lines(found, best) if asked.intent == "direct" else []
    lines += avoid_lines(best) if asked.intent == "avoid" else []
    lines.append(scenario_line(topic, best))
    printed = [evidence.cite(copy) for copy in agreeing_copies(topic, best)]
    statements = (
        *(Statement(line, (n,)) for line in lines),
        *(
            Statement(line, (n, *printed))
            for line in category_lines(rows, notes_beside(facets, best))
        ),
    )
    return Draft(
        route="appropriateness",
        outcome="answer",
        statements=statements,
        evidence=evidence.items,
        retrieved=_retrieved(ranking, scenarios, topics, desk),
        appropriateness=table_of(topic, best, scenarios[1:], facets, named, desk.often),
        notices=(
            *edition_notices(topic, best),
            *_conflicts(ranking),
            *safety_notices(facets, best, desk.safety),
        ),
        lead=len(statements),
    )


def _retrieved(
    ranking: Ranking, scenarios: Sequence[Scenario], topics: dict[str, Topic], desk: ScenarioDesk
) -> tuple[Hit, ...]:
    return tuple(
        Hit(table_passage(topics[one.topic], one, desk.edition), entry.score)
        for entry, one in zip(ranking.scenarios, scenarios, strict=True)
    )


def _asking(
    facets: Facets, ranking: Ranking, scenarios: Sequence[Scenario], topics: dict[str, Topic],
    desk: ScenarioDesk, question_back: Clarification,
) -> Draft:  # fmt: skip
    best = scenarios[0]
    said = f"Two scenarios of {best.topic} fit equally well; they differ in one fact."
    table: AppropriatenessTable | None = table_of(
        topics[best.topic], best, scenarios[1:], facets, often=desk.often
    )
    evidence = EvidenceList()
    shared: tuple[Statement, ...] = ()
    if question_back.descriptor == SCENARIO:  # no table: it would assume what nobody said
        said, table = "Several scenarios fit; the referral does not say which.", None
        offered = {value for value, _ in question_back.options}
        alike = [one for one in scenarios if one.text in offered]
        cited = [
            evidence.cite(table_passage(topics[one.topic], one, desk.edition)) for one in alike
        ]
        shared = (Statement(shared_line(alike), tuple(cited)),)
    return Draft(
        route="appropriateness",
        outcome="needs_details",
        statements=shared,
        evidence=evidence.items,
        retrieved=_retrieved(ranking, scenarios, topics, desk),
        appropriateness=table,
        clarification=question_back,
        asking=(said, question_back.question),
        notices=(*edition_notices(topics[best.topic], best), *_conflicts(ranking)),
        lead=len(shared),
    )


def _conflicts(ranking: Ranking) -> tuple[str, ...]:
    """Scenarios of the first places that were left out, each with its reason."""
    return tuple(
        f"Left out: {entry.topic}, scenario {entry.variant_no} "
        f"({' and '.join(CONFLICT[reason] for reason in entry.reasons)})."
        for entry in ranking.excluded
    )


def _not_covered(ranking: Ranking, desk: ScenarioDesk) -> Draft:
    nearest = ranking.topics[:NEAREST]
    reason = "No scenario of the ACR Appropriateness Criteria on this shelf fits the question."
    if nearest:
        reason += f" The nearest topics are: {'; '.join(nearest)}."
    draft = refusal("appropriateness", "not_covered", reason)
    refs = tuple(
        ScenarioRef(entry.topic, entry.scenario, entry.variant_no)
        for entry in ranking.scenarios[:NEAREST]
    )
    retrieved = tuple(
        Hit(
            table_passage(desk.topic(r.topic), desk.scenario(r.topic, r.variant_no), desk.edition),
            0.0,
        )
        for r in refs
    )
    return replace(draft, retrieved=retrieved)


def _study_alone(asked: Asked, desk: ScenarioDesk) -> Draft:
    """A study without a complaint: where its table rows rate it highest, or what to write."""
    order = asked.orders[0]
    if order.parts or order.words:
        return _reverse(asked, desk)
    reason = (
        f"Only a study is named ({order.text}). Write the complaint or the finding too, and what is "
        "known of the patient: age, pregnancy, acute or chronic, earlier results."
    )
    return refusal("appropriateness", "not_covered", reason)


def _reverse(asked: Asked, desk: ScenarioDesk) -> Draft:
    """The scenarios that rate the study highest, those near the rest of the question first."""
    order = asked.orders[0]
    found = desk.rating_highest(order, asked.about)
    if not found:
        reason = f"No procedure of the vocabulary is {order.text}."
        return refusal("appropriateness", "not_covered", reason)
    evidence = EvidenceList()
    statements = tuple(
        Statement(line, (evidence.cite(table_passage(topic, scenario, desk.edition)),))
        for line, topic, scenario in reverse_lines(found)
    )
    return Draft(
        route="appropriateness",
        outcome="answer",
        statements=statements,
        evidence=evidence.items,
        lead=len(statements),
    )
