"""Appropriateness topics from documents that the user holds, beside the built-in ones.

Ingestion writes them as one file beside the ranking index; here they are read and put on the shelf.
A newer document supersedes the built-in topic of its title: it answers, and both editions are named.
A document of the same or an older edition, or that prints no year, stands beside the built-in topic
as a copy: the built-in table answers, and the document is named with what differs in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rag.errors import PassageIndexError
from rag.knowledge.age_range import read_age
from rag.knowledge.appropriateness import (
    Procedure,
    Scenario,
    Sex,
    Topic,
    TopicCopy,
    TopicSource,
    slug,
)
from rag.knowledge.procedure_names import ProcedureName, spelled
from rag.types import Box, Edition

FILE = "topics.json"


@dataclass(frozen=True, slots=True)
class UserProcedure:
    """One printed row; radiation levels as symbols, ``None`` where not printed."""

    name: str
    category: str
    rating: int | None
    rrl_adult: str | None
    rrl_peds: str | None
    strength: str | None


@dataclass(frozen=True, slots=True)
class UserScenario:
    """One variant; ``age`` in the words of ``age_range``, ``boxes`` are its caption and rows."""

    variant_no: int
    text: str
    age: str
    sex: Sex
    pregnant: bool | None
    stage: str
    procedures: tuple[UserProcedure, ...]
    page: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class UserTopic:
    """One document's topic; ``document`` is its name in the library, ``edition`` its own."""

    title: str
    year: int | None
    document: str
    edition: Edition
    scenarios: tuple[UserScenario, ...]


_TOPICS = TypeAdapter(tuple[UserTopic, ...])


def dump_topics(topics: Sequence[UserTopic]) -> bytes:
    """The topics as the file's content; the same topics give the same bytes."""
    return _TOPICS.dump_json(tuple(topics))


def load_user_topics(folder: Path) -> tuple[UserTopic, ...]:
    """The topics that ingestion wrote into ``folder``; none where there is no file.

    Raises:
        PassageIndexError: the file is damaged.
    """
    try:
        return _TOPICS.validate_json((folder / FILE).read_bytes())
    except FileNotFoundError:
        return ()
    except ValidationError as error:
        raise PassageIndexError(
            f"{folder / FILE} cannot be read: run 'radcite ingest --rebuild'"
        ) from error


def with_user_topics(
    built_in: Iterable[Topic], users: Sequence[UserTopic], names: Mapping[str, ProcedureName]
) -> tuple[Topic, ...]:
    """All topics by title, each once: the newest edition, with the others as its copies."""
    shelf = {slug(topic.title): topic for topic in built_in}
    by_title: dict[str, list[UserTopic]] = {}
    for user in users:
        by_title.setdefault(slug(user.title), []).append(user)
    for key, documents in by_title.items():
        shelf[key] = _chosen(shelf.get(key), documents, names)
    return tuple(sorted(shelf.values(), key=lambda topic: topic.title))


def superseding(built_in: Iterable[Topic], users: Sequence[UserTopic]) -> Mapping[str, str]:
    """Title of each built-in topic that a newer document supersedes -> the document's id."""
    found: dict[str, str] = {}
    for topic in built_in:
        newer = [user for user in users if _is_newer(user, topic)]
        if newer:
            found[topic.title] = max(newer, key=_worth).edition.guideline
    return found


def _is_newer(user: UserTopic, topic: Topic) -> bool:
    same = slug(user.title) == slug(topic.title)
    return same and user.year is not None and topic.year is not None and user.year > topic.year


def _worth(user: UserTopic) -> tuple[int, int]:
    """The newest edition first; of one edition the document that prints ratings."""
    rated = sum(row.rating is not None for one in user.scenarios for row in one.procedures)
    return user.year or 0, rated


def _chosen(
    topic: Topic | None, documents: Sequence[UserTopic], names: Mapping[str, ProcedureName]
) -> Topic:
    ordered = sorted(documents, key=_worth, reverse=True)
    best = ordered[0]
    if topic is not None and not _is_newer(best, topic):
        return replace(topic, copies=tuple(_copy(one, names) for one in ordered))
    others = tuple(_copy(one, names) for one in ordered[1:])
    return replace(_topic(best, topic, names), copies=others)


def _topic(user: UserTopic, before: Topic | None, names: Mapping[str, ProcedureName]) -> Topic:
    """The user's topic under the built-in title, so that both are known by one name."""
    title = before.title if before else user.title
    aids = {one.variant_no: one for one in before.scenarios} if before else {}
    scenarios = tuple(
        _scenario(title, one, names, _search_aids(one, aids.get(one.variant_no)))
        for one in user.scenarios
    )
    source = TopicSource(user.edition, user.document, before.year if before else None, bool(before))
    return Topic(
        title=title,
        panels=before.panels if before else (),
        year=user.year,
        year_basis="printed in the document",
        currency_note=None,
        scenarios=scenarios,
        source=source,
    )


def _copy(user: UserTopic, names: Mapping[str, ProcedureName]) -> TopicCopy:
    scenarios = tuple(_scenario(user.title, one, names, ()) for one in user.scenarios)
    return TopicCopy(user.edition, user.document, user.year, scenarios)


def _search_aids(one: UserScenario, before: Scenario | None) -> tuple[str, ...]:
    """The everyday words kept for a scenario, where the newer edition words it much the same."""
    if before is None:
        return ()
    mine, theirs = (set(text.lower().split()) for text in (one.text, before.text))
    alike = len(mine & theirs) >= 0.5 * min(len(mine), len(theirs))
    return before.terms if alike else ()


def _scenario(
    title: str, one: UserScenario, names: Mapping[str, ProcedureName], terms: tuple[str, ...]
) -> Scenario:
    return Scenario(
        topic=title,
        variant_no=one.variant_no,
        text=one.text,
        age=read_age(one.age),
        sex=one.sex,
        pregnant=one.pregnant,
        stage=one.stage,
        terms=terms,
        procedures=tuple(_procedure(row, names) for row in one.procedures),
        confidence="document",
        currency_note=None,
        page=one.page,
        boxes=one.boxes,
    )


def _procedure(row: UserProcedure, names: Mapping[str, ProcedureName]) -> Procedure:
    known = names.get(spelled(row.name))
    return Procedure(
        row.name, row.category, row.rating, row.rrl_adult, row.rrl_peds, row.strength,
        known.name if known else row.name,
    )  # fmt: skip
