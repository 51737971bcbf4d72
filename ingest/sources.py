"""What goes into an index: the built-in guidelines and the user's documents, as passages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.types import Passage

if TYPE_CHECKING:
    from rag.knowledge.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Source:
    """A guideline or document with its passages; ``content`` is the hash of a document's file."""

    id: str
    name: str
    title: str
    passages: tuple[Passage, ...]
    content: str | None = None
    pages: int = 0

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


def corpus_sources(corpus: Path) -> tuple[Source, ...]:
    """Every guideline under ``corpus``.

    Raises:
        CorpusError: a file is wrong; the message names file and line.
    """
    from rag.knowledge.shelf import Shelf

    shelf = Shelf.open(corpus)
    return tuple(_guideline_source(shelf, corpus / name) for name in sorted(shelf.ids))


def _guideline_source(shelf: Shelf, folder: Path) -> Source:
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

        made += scenario_passages(load_topics(folder), edition)
    return Source(name, edition.label, edition.title, tuple(made))
