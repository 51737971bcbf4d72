"""The department's documents: taken in with what the form says of them, removed, drawn page by page."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ingest.build import BuildReport, build_index, remove_document
from ingest.manifest import LibraryEntry, load_library, stored_file
from ingest.page_picture import PagePicture, page_picture, pages_of
from ingest.reading import KINDS
from rag.retrieval.index_state import IndexedDocument, read_state
from rag.settings import Settings
from rag.types import Span

Tell = Callable[[str, int, int], None]
"""Hears how far a build is: its stage, done, of how many."""

READABLE = tuple(suffix.lstrip(".") for suffix in KINDS)
"""Endings of the files that are taken in."""

LONGEST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Details:
    """What the form says of a document; what it leaves empty is inferred from the document."""

    title: str = ""
    issuer: str = ""
    edition: str = ""
    year: int | None = None
    supersedes: str = ""

    def as_sidecar(self) -> str:
        """The details as a sidecar file (JSON is YAML)."""
        said = {
            "title": self.title,
            "issuer": self.issuer,
            "edition": self.edition,
            "year": self.year,
            "supersedes": self.supersedes,
        }
        return json.dumps(
            {name: value for name, value in said.items() if value}, ensure_ascii=False
        )


@dataclass(frozen=True, slots=True)
class Held:
    """A document of the library, with what the index holds of it (``None``: nothing yet)."""

    entry: LibraryEntry
    indexed: IndexedDocument | None

    @property
    def title(self) -> str:
        return self.entry.details.title or (self.indexed.title if self.indexed else self.entry.name)


def held_documents(home: Path) -> tuple[Held, ...]:
    """All documents, in the order in which they came.

    Raises:
        DocumentError: the library cannot be read.
    """
    state = read_state(home)
    indexed = {item.id: item for item in state.documents} if state else {}
    return tuple(Held(entry, indexed.get(entry.id)) for entry in load_library(home).entries)


def take_in(
    uploads: Sequence[Upload], details: Details, settings: Settings, tell: Tell
) -> BuildReport:
    """Take uploaded files in and index them; a file of a known name replaces that document.

    Raises:
        CorpusError, IndexMismatch, PassageIndexError, SettingsError: see ``build_index``.
    """
    with tempfile.TemporaryDirectory(prefix="radcite-") as folder:
        paths = []
        for number, upload in enumerate(uploads):
            own = Path(folder) / str(number)
            own.mkdir()
            path = own / (Path(upload.name).name.lstrip(".") or "document")
            path.write_bytes(upload.content)
            sidecar = details.as_sidecar()
            if sidecar != "{}":
                path.with_name(f"{path.name}.yaml").write_text(sidecar, "utf-8")
            paths.append(path)
        return build_index(settings, paths, progress=tell)


def take_out(document: str, settings: Settings, tell: Tell) -> BuildReport:
    """Remove one document from the library and the index.

    Raises:
        DocumentError, PassageIndexError: see ``remove_document``.
    """
    return remove_document(settings, document, progress=tell)


@lru_cache(maxsize=48)
def picture(
    home: Path, document: str, content: str, page: int, quote: str, scale: float
) -> PagePicture:
    """A page with the quote marked; ``content`` keeps pictures of a replaced document apart.

    Raises:
        DocumentError: see ``page_picture``.
    """
    return page_picture(home, document, page, quote=quote or None, scale=scale)


def plain_text(home: Path, entry: LibraryEntry) -> str:
    """The text of a document that has no pages to draw, as it was read; empty for a PDF."""
    if stored_file(home, entry).suffix.lower() == ".pdf":
        return ""
    return "\n\n".join(page.text for page in pages_of(home, entry))[:LONGEST_TEXT]


def quoted_lines(text: str, quote: str) -> tuple[Span, ...]:
    """Where the lines of ``quote`` stand in ``text``, whatever the spacing; in order, apart.

    >>> quoted_lines("Wait  47 minutes.\\nThen image.", "Wait 47 minutes.")
    ((0, 17),)
    """
    spans: list[Span] = []
    for line in filter(None, map(str.split, quote.splitlines())):
        found = re.search(r"\s+".join(map(re.escape, line)), text)
        if found and all(found.end() <= start or found.start() >= end for start, end in spans):
            spans.append(found.span())
    return tuple(sorted(spans))
