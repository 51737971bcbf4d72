"""One scenario's table for any front end: to sort, to compare with another's, to copy as text."""

from __future__ import annotations

from dataclasses import dataclass

from app.chips import Labels
from app.procedures import ProcedureTable, procedure_table
from app.words import EN, Words
from rag.answering.appropriate import table_for
from rag.answering.korean.asking import in_english
from rag.answering.korean.rendering import Speaker
from rag.answering.parts import Parts
from rag.answering.scenario_desk import ScenarioDesk
from rag.errors import QuestionError
from rag.knowledge.appropriateness import Procedure, Scenario
from rag.knowledge.korean import is_korean

Key = tuple[str, int]
"""Topic and scenario number."""


@dataclass(frozen=True, slots=True)
class FlatRow:
    """One procedure as a row of a sortable grid; ``*_msv`` are dose ranges as printed."""

    name: str
    band: str
    rating: int | None
    adult: str
    adult_msv: str
    child: str
    child_msv: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One procedure in two scenarios; ``None`` where a scenario does not rate it."""

    name: str
    left_category: str | None
    left_rating: int | None
    right_category: str | None
    right_rating: int | None

    @property
    def differs(self) -> bool:
        return (self.left_category, self.left_rating) != (self.right_category, self.right_rating)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scenarios side by side: the facts in which they differ, and all their procedures."""

    facts: tuple[tuple[str, str, str], ...]
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as it is read (in English), and who says what touches a row in the reader's language."""

    text: str = ""
    speaker: Speaker | None = None


def referral_of(question: str, parts: Parts) -> Referral:
    """``question`` in English or Korean, misspelt words corrected."""
    words = parts.korean() if parts.korean and is_korean(question) else None
    desk = parts.desk()
    english = in_english(question, words).text if words else question
    read = desk.corrected(english)[0] if desk else english
    return Referral(read, Speaker(words, parts.vocabulary) if words else None)


NO_REFERRAL = Referral()


def table(
    desk: ScenarioDesk,
    topic: str,
    variant_no: int,
    labels: Labels,
    words: Words = EN,
    referral: Referral = NO_REFERRAL,
) -> ProcedureTable:
    """The scenario's table in bands, as an answer to ``referral`` shows it."""
    shown, _ = table_for(referral.text, desk, scenario_named(desk, topic, variant_no))
    if referral.speaker:
        shown = referral.speaker.table(shown)
    return procedure_table(shown, labels, words)


def cautions(desk: ScenarioDesk, key: Key, referral: Referral) -> tuple[str, ...]:
    """What ``referral`` states that is to be weighed with this scenario's table, a sentence each."""
    found = table_for(referral.text, desk, scenario_named(desk, *key))[1]
    return tuple(map(referral.speaker.sentence, found)) if referral.speaker else found


def scenario_named(desk: ScenarioDesk, topic: str, variant_no: int) -> Scenario:
    """The scenario of this topic and number.

    Raises:
        QuestionError: there is none.
    """
    for scenario in desk.scenarios_of(topic):
        if scenario.variant_no == variant_no:
            return scenario
    raise QuestionError(f"no scenario {variant_no} of a topic '{topic}' on the shelf")


def flat_rows(shown: ProcedureTable) -> tuple[FlatRow, ...]:
    """All rows of a table, best first and what the referral speaks against last in its band."""
    return tuple(
        FlatRow(
            row.name, band.title, row.rating,
            row.adult.symbol, row.adult.meaning, row.child.symbol, row.child.meaning, row.note,
        )
        for band in shown.bands
        for row in band.rows
    )  # fmt: skip


def compare(desk: ScenarioDesk, left: Key, right: Key) -> Comparison:
    """Two scenarios side by side; procedures are matched by their one vocabulary name."""
    one, other = scenario_named(desk, *left), scenario_named(desk, *right)
    mine, theirs = _by_name(one), _by_name(other)
    names = dict.fromkeys((*mine, *theirs))
    rows = [_compared(name, mine.get(name), theirs.get(name)) for name in names]
    rows.sort(key=lambda row: -max(row.left_rating or 0, row.right_rating or 0))
    return Comparison(_facts(one, other), tuple(rows))


def _by_name(scenario: Scenario) -> dict[str, Procedure]:
    return {row.vocabulary_name: row for row in scenario.procedures}


def _compared(name: str, left: Procedure | None, right: Procedure | None) -> ComparedRow:
    return ComparedRow(name, *_judged(left), *_judged(right))


def _judged(row: Procedure | None) -> tuple[str | None, int | None]:
    return (row.category, row.rating) if row else (None, None)


def _facts(one: Scenario, other: Scenario) -> tuple[tuple[str, str, str], ...]:
    said = {
        "Topic": (one.topic, other.topic),
        "Scenario": (one.text, other.text),
        "Age": (one.age.text, other.age.text),
        "Sex": (one.sex, other.sex),
        "Pregnant": (_said(one.pregnant), _said(other.pregnant)),
        "Stage": (one.stage, other.stage),
    }
    return tuple((name, a, b) for name, (a, b) in said.items() if a != b)


def _said(value: bool | None) -> str:
    return "not said" if value is None else "yes" if value else "no"


def order_text(
    desk: ScenarioDesk, topic: str, variant_no: int, procedure: str, indication: str = ""
) -> str:
    """The order for one row of the table as plain text, with what it rests on.

    Raises:
        QuestionError: the scenario or the procedure does not exist.
    """
    scenario = scenario_named(desk, topic, variant_no)
    row = next((p for p in scenario.procedures if p.name == procedure), None)
    if row is None:
        raise QuestionError(f"'{procedure}' is not in the table of {topic}, scenario {variant_no}")
    year = desk.topic(topic).year
    rating = "" if row.rating is None else f", rating {row.rating} of 9"
    levels = [f"adult {row.rrl_adult}"] if row.rrl_adult else []
    levels += [f"child {row.rrl_peds}"] if row.rrl_peds else []
    lines = [
        f"Order: {row.name}",
        f"Indication: {indication.strip()}" if indication.strip() else "",
        f"Guideline: {desk.edition.label}, {topic}{f' ({year})' if year else ''}, "
        f"scenario {variant_no}: {scenario.text}",
        f"Rated: {row.category}{rating}",
        f"Relative radiation level: {', '.join(levels)}" if levels else "",
        f"Note: {scenario.currency_note}" if scenario.currency_note else "",
    ]
    return "\n".join(line for line in lines if line)
