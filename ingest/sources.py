"""What goes into an index: the built-in guidelines and the user's documents, as passages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.types import Passage


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


def corpus_sources(corpus: Path) -> tuple[Source, ...]:
    """Every guideline under ``corpus``.

    Raises:
        CorpusError: a file is wrong; the message names file and line.
    """
    from rag.knowledge.guideline import Shelf
    from rag.knowledge.passages import passages

    shelf = Shelf.open(corpus)
    guidelines = [shelf.get(name) for name in shelf.ids]
    return tuple(Source(g.id, g.edition.label, g.edition.title, passages(g)) for g in guidelines)
