"""What goes into an index: the built-in guidelines and the user's documents, as passages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag.knowledge.user_topics import UserTopic, superseding
from rag.types import Passage

if TYPE_CHECKING:
    from rag.knowledge.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Source:
    """A guideline or document with its passages; ``content`` is the hash of a document's file.

    ``topic`` is what an appropriateness document holds.
    """

    id: str
    name: str
    title: str
    passages: tuple[Passage, ...]
    content: str | None = None
    pages: int = 0
    topic: UserTopic | None = None

    @property
    def is_document(self) -> bool:
        return self.content is not None

    @property
    def digest(self) -> str:
        """Hash over everything the index would hold of this source."""
        return passages_digest(self.passages)


def passages_digest(passages: Sequence[Passage]) -> str:
    """Changes when any field of any passage changes, or their order."""
    digest = hashlib.blake2b(digest_size=16)
    for passage in passages:
        digest.update(repr(passage).encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def corpus_ids(corpus: Path) -> frozenset[str]:
    """Ids of the built-in guidelines: the names of their folders."""
    return frozenset(path.parent.name for path in corpus.glob("*/guideline.yaml"))


def corpus_sources(corpus: Path, users: Sequence[UserTopic] = ()) -> tuple[Source, ...]:
    """Every guideline under ``corpus``; topics that ``users`` hold newer are marked superseded.

    Raises:
        CorpusError: a file is wrong; the message names file and line.
    """
    from rag.knowledge.shelf import Shelf

    shelf = Shelf.open(corpus)
    return tuple(_guideline_source(shelf, corpus / name, users) for name in sorted(shelf.ids))


def _guideline_source(shelf: Shelf, folder: Path, users: Sequence[UserTopic]) -> Source:
    """Facts, decision rows and scenarios, whichever the guideline's folder holds."""
    name = folder.name
    edition = shelf.edition(name)
    made: list[Passage] = []
    if (folder / "facts.yaml").is_file():
        from rag.knowledge.passages import passages

        made += passages(shelf.get(name))
    if name in shelf.with_topics:
        from rag.knowledge.appropriateness import load_topics
        from rag.knowledge.scenario_passages import scenario_passages

        topics = load_topics(folder)
        newer = superseding(topics, users)
        made += (_marked(one, newer) for one in scenario_passages(topics, edition))
    return Source(name, edition.label, edition.title, tuple(made))


def _marked(passage: Passage, newer: Mapping[str, str]) -> Passage:
    """A scenario's passage, superseded where a user's document of its topic is newer."""
    document = newer.get(passage.section)
    if document is None:
        return passage
    return replace(passage, edition=replace(passage.edition, superseded_by=document))


def newer_topics(
    built_in: Sequence[Source], documents: Sequence[Source]
) -> Iterator[tuple[str, str]]:
    """Names of documents that supersede a built-in topic, each with what it supersedes in words."""
    names = {source.id: source.name for source in documents}
    superseded = {
        (passage.edition.superseded_by, passage.section)
        for source in built_in
        for passage in source.passages
        if passage.edition.superseded_by in names
    }
    for document, topic in sorted(superseded, key=str):
        yield names[document or ""], f"supersedes the built-in topic {topic} (it answers instead)"
