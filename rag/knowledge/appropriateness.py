"""Appropriateness topics: scenario -> rated procedures, read strictly from ``topics/*.yaml``.

The unit of an answer is the scenario. Its procedure rows are one pipe-separated table in the file
(columns in :data:`COLUMNS`), so that 14,000 rows load in a fraction of a second and still read like
the guideline's own table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, cast

from rag.errors import CorpusError
from rag.knowledge.age_range import AgeRange, read_age
from rag.knowledge.procedure_names import ProcedureName, load_procedure_names, spelled
from rag.knowledge.yaml_file import YamlFile, open_yaml
from rag.types import Box, Edition, RatedProcedure, ScenarioRef

Sex = Literal["any", "female", "male"]

COLUMNS = ("rating", "category", "adult RRL", "child RRL", "strength", "procedure as printed")
USUALLY = "usually appropriate"
MAY = "may be appropriate"
MAY_DISAGREEMENT = "may be appropriate (disagreement)"
USUALLY_NOT = "usually not appropriate"
RATINGS = {
    USUALLY: range(7, 10),
    MAY: range(4, 7),
    MAY_DISAGREEMENT: range(5, 6),
    USUALLY_NOT: range(1, 4),
}
"""The ratings that each category may carry."""

NOT_GIVEN = "-"
LEVELS = frozenset({"O", "Varies", *("☢" * n for n in range(1, 6))})
STRENGTHS = frozenset({"Strong", "Moderate", "Limited", "Expert Consensus", "Expert Opinion"})
STAGES = frozenset(
    "initial|next|screening|staging|surveillance|follow-up|treatment planning|treatment".split("|")
)
SEXES = frozenset({"any", "female", "male"})
CONFIDENCE = frozenset({"verified2", "verified1"})
TOPIC_KEYS = frozenset({"topic", "panels", "year", "year_basis", "currency_note", "scenarios"})
SCENARIO_KEYS = frozenset(
    "variant scenario age sex pregnant stage terms confidence procedures".split()
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """One row: ``name`` as the topic prints it, ``vocabulary_name`` as all topics share it.

    ``rrl_adult`` and ``rrl_peds`` are radiation symbols as printed, ``None`` where not given.
    """

    name: str
    category: str
    rating: int | None
    rrl_adult: str | None
    rrl_peds: str | None
    strength: str | None
    vocabulary_name: str

    def rated(self) -> RatedProcedure:
        return RatedProcedure(
            self.name, self.category, self.rating, self.rrl_adult, self.rrl_peds,
            self.vocabulary_name,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """One clinical scenario of a topic with its whole procedure table, best rated first.

    ``line`` and ``table_line`` say where the scenario and its first procedure row stand in the file;
    ``page`` and ``boxes`` where they stand in the user's document it was read from.
    """

    topic: str
    variant_no: int
    text: str
    age: AgeRange
    sex: Sex
    pregnant: bool | None
    stage: str
    terms: tuple[str, ...]
    procedures: tuple[Procedure, ...]
    confidence: str
    currency_note: str | None
    line: int = 1
    table_line: int = 1
    page: int | None = None
    boxes: tuple[Box, ...] = ()

    @property
    def key(self) -> tuple[str, int]:
        return (self.topic, self.variant_no)

    @property
    def ref(self) -> ScenarioRef:
        return ScenarioRef(self.topic, self.text, self.variant_no)


@dataclass(frozen=True, slots=True)
class TopicSource:
    """The user's document a topic was read from; ``supersedes`` a built-in edition or not.

    ``superseded_year`` is that edition's year, ``None`` where it could not be established.
    """

    edition: Edition
    document: str
    superseded_year: int | None = None
    supersedes: bool = False


@dataclass(frozen=True, slots=True)
class TopicCopy:
    """A user's document of a topic that another edition answers."""

    edition: Edition
    document: str
    year: int | None
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic; ``year`` is ``None`` where it could not be established.

    ``source`` is the user's document it was read from, ``None`` for the built-in ones; ``copies``
    are the user's documents of the same topic that do not answer.
    """

    title: str
    panels: tuple[str, ...]
    year: int | None
    year_basis: str | None
    currency_note: str | None
    scenarios: tuple[Scenario, ...]
    source: TopicSource | None = None
    copies: tuple[TopicCopy, ...] = ()


def slug(title: str) -> str:
    """File name and id of a topic: lower-case words joined with underscores."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def load_topics(folder: Path) -> tuple[Topic, ...]:
    """All topics of a guideline folder (``corpus/acr_ac_2025``), by title.

    Raises:
        CorpusError: a file is wrong; the message names file and line.
    """
    names = load_procedure_names(folder)
    topics = (read_topic(path, names) for path in topic_files(folder))
    return tuple(sorted(topics, key=lambda topic: topic.title))


def load_topic(folder: Path, title: str) -> Topic:
    """The topic of this title.

    Raises:
        CorpusError: there is none, or its file is wrong.
    """
    path = folder / "topics" / f"{slug(title)}.yaml"
    if not path.is_file():
        raise CorpusError(f"no topic '{title}'; list the topics with 'radcite corpus list'")
    return read_topic(path, load_procedure_names(folder))


def topic_files(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted((folder / "topics").glob("*.yaml")))


def read_topic(path: Path, names: Mapping[str, ProcedureName]) -> Topic:
    """One topic file, every key, cell and value checked."""
    file = open_yaml(path)
    try:
        return _topic(file, names)
    except CorpusError as error:
        raise _placed(error, file, 1) from error


def _topic(file: YamlFile, names: Mapping[str, ProcedureName]) -> Topic:
    fields = _mapping(file.data, TOPIC_KEYS, "topic file")
    year, entries = fields.get("year"), fields.get("scenarios")
    if not (year is None or isinstance(year, int)):
        raise CorpusError("year must be a whole number, or left out")
    if not isinstance(entries, list) or not entries:
        raise CorpusError("scenarios: the topic has none")
    title, note = _text(fields, "topic"), _optional_text(fields, "currency_note")
    read = partial(_scenario, topic=title, note=note, names=names, file=file)
    return Topic(
        title=title,
        panels=_texts(fields, "panels"),
        year=year,
        year_basis=_optional_text(fields, "year_basis"),
        currency_note=note,
        scenarios=tuple(read(entry, index) for index, entry in enumerate(entries)),
    )


def _scenario(
    entry: object, index: int, topic: str, note: str | None,
    names: Mapping[str, ProcedureName], file: YamlFile,
) -> Scenario:  # fmt: skip
    line = file.line(("scenarios", index))
    table_line = file.line(("scenarios", index, "procedures")) + 1
    try:
        data = _mapping(entry, SCENARIO_KEYS, "scenario")
        number, pregnant = data.get("variant"), data.get("pregnant")
        if not isinstance(number, int):
            raise CorpusError("a scenario needs its number in 'variant'")
        if not (pregnant is None or isinstance(pregnant, bool)):
            raise CorpusError("pregnant must be true or false, or left out")
        return Scenario(
            topic=topic,
            variant_no=number,
            text=_text(data, "scenario"),
            age=read_age(_text(data, "age")),
            sex=cast(Sex, _one_of(data, "sex", SEXES)),
            pregnant=pregnant,
            stage=_one_of(data, "stage", STAGES),
            terms=_texts(data, "terms"),
            procedures=_procedures(_text(data, "procedures"), names, file, table_line),
            confidence=_one_of(data, "confidence", CONFIDENCE),
            currency_note=note,
            line=line,
            table_line=table_line,
        )
    except CorpusError as error:
        raise _placed(error, file, line) from error


def _procedures(
    table: str, names: Mapping[str, ProcedureName], file: YamlFile, line: int
) -> tuple[Procedure, ...]:
    rows: list[Procedure] = []
    for index, row in enumerate(table.splitlines()):
        try:
            rows.append(read_row(row, names))
        except CorpusError as error:
            raise _placed(CorpusError(f"{error}; row '{row}'"), file, line + index) from error
    return tuple(rows)


def _placed(error: CorpusError, file: YamlFile, line: int) -> CorpusError:
    """The error with file and line, unless it already names them."""
    return error if error.file else CorpusError(str(error), file=str(file.path), line=line)


def read_row(row: str, names: Mapping[str, ProcedureName]) -> Procedure:
    """One line of a procedure table.

    Raises:
        CorpusError: a column is missing, a value unknown or the name not in ``procedures.yaml``.
    """
    cells = [cell.strip() for cell in row.split(" | ")]
    if len(cells) != len(COLUMNS) or not all(cells):
        raise CorpusError(f"a procedure row has the columns {' | '.join(COLUMNS)}")
    rating, category, adult, child, strength, name = cells
    _known(category, RATINGS, "category")
    if rating != NOT_GIVEN and rating not in "123456789":
        raise CorpusError(f"rating '{rating}' is not 1 to 9 or '-'")
    for level in (adult, child):
        _known(level, LEVELS | {NOT_GIVEN}, "radiation level")
    _known(strength, STRENGTHS | {NOT_GIVEN}, "strength of evidence")
    known = names.get(spelled(name))
    if known is None:
        raise CorpusError(f"procedure '{name}' is not in procedures.yaml; add a line for it")
    value = None if rating == NOT_GIVEN else int(rating)
    given = [None if cell == NOT_GIVEN else cell for cell in (adult, child, strength)]
    return Procedure(name, category, value, given[0], given[1], given[2], known.name)


def _known(value: str, allowed: Mapping[str, object] | frozenset[str], what: str) -> None:
    if value not in allowed:
        raise CorpusError(f"{what} '{value}' is none of {', '.join(sorted(allowed))}")


def _mapping(value: object, keys: frozenset[str], what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise CorpusError(f"{what} must be a mapping")
    unknown = ", ".join(sorted(str(key) for key in value if key not in keys))
    if unknown:
        raise CorpusError(f"{what}: unknown key {unknown}; allowed are {', '.join(sorted(keys))}")
    return value


def _text(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CorpusError(f"{key} is missing or not text")
    return value


def _optional_text(data: Mapping[str, object], key: str) -> str | None:
    return _text(data, key) if key in data else None


def _texts(data: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = data.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CorpusError(f"{key} must be a list of texts")
    return tuple(value)


def _one_of(data: Mapping[str, object], key: str, allowed: frozenset[str]) -> str:
    value = _text(data, key)
    _known(value, allowed, key)
    return value
