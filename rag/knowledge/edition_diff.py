"""Two editions of one guideline side by side: what changed, each difference with its facts.

The pairs are data: ``corpus/<new>/changes.yaml`` says since which edition, and for every difference
which facts said it then and which say it now. Nothing is inferred by comparing sentences. Editions
further apart are joined through the ones between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from rag.errors import CorpusError
from rag.knowledge.corpus_schema import Strict
from rag.knowledge.facts import Fact, numbers_in, unfounded
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.knowledge.words import fold, words_of
from rag.knowledge.yaml_file import KeyPath, YamlFile, open_yaml
from rag.types import Edition

FILE = "changes.yaml"
Kind = Literal["changed", "added", "removed", "unchanged"]


class ChangeEntry(Strict):
    topic: str
    kind: Kind
    change: str
    was: list[str] = Field(default_factory=list)
    now: list[str] = Field(min_length=1)


class ChangesFile(Strict):
    """``changes.yaml``."""

    since: str
    changes: list[ChangeEntry] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: our sentence, the facts of the older edition and those of the newer one.

    ``was`` is empty only for something that the older edition did not have.
    """

    topic: str
    kind: Kind
    sentence: str
    old: Edition
    new: Edition
    was: tuple[Fact, ...]
    now: tuple[Fact, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """All known differences from ``old`` to ``new``, in the order they came about."""

    old: Edition
    new: Edition
    changes: tuple[Change, ...]


def edition_diff(shelf: Shelf, old: str, new: str) -> EditionDiff:
    """What changed between two editions of one guideline; given in either order.

    Raises:
        CorpusError: there is no such edition, they are of different guidelines, or no chain of
            ``changes.yaml`` joins them.
    """
    for name in (old, new):
        if name not in shelf.ids:
            raise CorpusError(f"no guideline '{name}' on the shelf; see 'radcite corpus list'")
    for first, last in ((old, new), (new, old)):
        chain = _chain(shelf, first, last)
        if chain:
            steps = [load_changes(shelf.get(b), shelf.get(a)) for a, b in chain]
            changes = tuple(change for step in steps for change in step)
            return EditionDiff(shelf.edition(first), shelf.edition(last), changes)
    raise CorpusError(
        f"'{old}' and '{new}' are not compared: no {FILE} leads from one to the other"
    )


def _chain(shelf: Shelf, old: str, new: str) -> tuple[tuple[str, str], ...]:
    """The steps (older, newer) from ``old`` to ``new``; empty where there are none."""
    steps: list[tuple[str, str]] = []
    at = new
    while at != old:
        before = since(shelf.corpus / at)
        if before is None or before not in shelf.ids or len(steps) > len(shelf.ids):
            return ()
        steps.append((before, at))
        at = before
    return tuple(reversed(steps))


def since(folder: Path) -> str | None:
    """The edition that this folder's ``changes.yaml`` starts from; ``None`` without the file."""
    path = folder / FILE
    return open_yaml(path).as_model(ChangesFile).since if path.exists() else None


def load_changes(new: Guideline, old: Guideline) -> tuple[Change, ...]:
    """The differences that ``new`` records since ``old``, every fact and number checked.

    Raises:
        CorpusError: a fact does not exist, a number has no fact, or ``was`` is missing.
    """
    file = open_yaml(new.folder / FILE)
    data = file.as_model(ChangesFile)
    if data.since != old.id or old.family != new.family:
        raise file.error(f"since must name an edition of {new.family}: {old.id}", ("since",))
    return tuple(_change(entry, at, new, old, file) for at, entry in enumerate(data.changes))


def _change(entry: ChangeEntry, at: int, new: Guideline, old: Guideline, file: YamlFile) -> Change:
    where = ("changes", at)
    if not entry.was and entry.kind != "added":
        raise file.error("was is missing; only something added may leave it out", where)
    was = _facts(entry.was, old, file, (*where, "was"))
    now = _facts(entry.now, new, file, (*where, "now"))
    said = entry.change
    for edition in (old.edition, new.edition):
        said = said.replace(edition.edition, " ")
    number = unfounded(numbers_in(said), (*was, *now))
    if number is not None:
        raise file.error(f"number {number} stands in none of the facts", (*where, "change"))
    return Change(
        entry.topic, entry.kind, entry.change, old.edition, new.edition, was, now, file.line(where)
    )


def _facts(
    ids: list[str], guideline: Guideline, file: YamlFile, where: KeyPath
) -> tuple[Fact, ...]:
    known = {fact.id: fact for fact in guideline.facts}
    for fact_id in ids:
        if fact_id not in known:
            raise file.error(f"{guideline.id} has no fact '{fact_id}'", where)
    return tuple(known[fact_id] for fact_id in ids)


def matching(diff: EditionDiff, question: str) -> tuple[Change, ...]:
    """The changes a question is about, most shared words first; empty where none is meant.

    Words that only name the guideline or ask for a comparison do not count.
    """
    ignored = {*_words(f"{diff.old.label} {diff.new.label}"), *IGNORED}
    asked = set(_words(question)) - ignored
    scored = [(len(asked & set(_change_words(change))), change) for change in diff.changes]
    best = max((score for score, _ in scored), default=0)
    return tuple(change for score, change in scored if score == best and best > 0)


IGNORED = frozenset(
    "a an and are as at be been by did do does for from had has have how in is it its of on or the "
    "there they this to was were what when which who why with "
    "change changed changes different difference differences differ between edition editions "
    "version versions old new older newer since compare compared comparison update updated now".split()
)
"""Words that every question holds, or that only ask for a comparison."""


def _change_words(change: Change) -> Iterator[str]:
    yield from _words(f"{change.topic} {change.sentence}")
    for fact in (*change.was, *change.now):
        yield from (word for term in fact.terms for word in _words(term))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in words_of(fold(text)) if not word.is_sign)
