"""The user's library: which documents are in it, by content, with who added them and when.

    <home>/documents/library.json        the list (a :class:`Library`), replaced in one step
    <home>/documents/<content>/<name>    the file itself, under the first digits of its SHA-256

The list is what shall be indexed; the index follows it at the next build. A file is stored before
the list names it, so that the list never names a file that is not there.
"""

from __future__ import annotations

import datetime
import getpass
import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, Field

from rag.errors import CorpusError, DocumentError
from rag.knowledge.yaml_file import open_yaml
from rag.retrieval.index_state import sync_folder

_SCHEMA = 1


class DocumentDetails(BaseModel):
    """What a sidecar file ``<file>.yaml`` says of a document; what it leaves out is inferred.

    ``date`` is the day of issue (ISO 8601); ``supersedes`` the id of the document this one replaces,
    which stays in the library as superseded.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(default=None, min_length=1, max_length=300)
    issuer: str | None = Field(default=None, max_length=300)
    edition: str | None = Field(default=None, max_length=100)
    year: int | None = Field(default=None, ge=1900, le=2200)
    date: datetime.date | None = None
    supersedes: str | None = Field(default=None, max_length=100)
    source_url: str | None = Field(default=None, max_length=2000, pattern=r"^https?://")

    @property
    def issued(self) -> int | None:
        """The year of issue, stated or of the date."""
        return self.year if self.year is not None or self.date is None else self.date.year


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One document. ``id`` is its guideline id; ``content`` the SHA-256 of its bytes.

    ``name`` is how the user calls it (its path below the folder that was given), ``origin`` where
    it was taken from, ``added`` ISO 8601 in UTC.
    """

    id: str
    name: str
    content: str
    added: str
    added_by: str
    origin: str
    details: DocumentDetails = field(default_factory=DocumentDetails)

    @property
    def stored_name(self) -> str:
        """The file's name in the library: no separators, no leading dot, not too long."""
        last = PurePosixPath(self.name).name
        return re.sub(r"[^\w.\- ]", "_", last).lstrip(". ")[-120:] or "document"


@dataclass(frozen=True, slots=True)
class Library:
    """All documents, in the order in which they came."""

    entries: tuple[LibraryEntry, ...] = ()

    def with_content(self, content: str) -> LibraryEntry | None:
        return next((entry for entry in self.entries if entry.content == content), None)

    def named(self, name: str, origin: str) -> LibraryEntry | None:
        """The entry taken from ``origin``, else the one called ``name``."""
        same_origin = (entry for entry in self.entries if entry.origin == origin)
        same_name = (entry for entry in self.entries if entry.name == name)
        return next(same_origin, None) or next(same_name, None)

    def find(self, text: str) -> LibraryEntry:
        """The entry with this id or name.

        Raises:
            DocumentError: there is none.
        """
        for entry in self.entries:
            if text in (entry.id, entry.name):
                return entry
        raise DocumentError(text, "not in the library: see 'radcite library list'")

    def successor(self, entry: LibraryEntry) -> LibraryEntry | None:
        """The document that says it supersedes ``entry``."""
        later = (one for one in self.entries if one.details.supersedes in (entry.id, entry.name))
        return next((one for one in later if one.id != entry.id), None)

    def put(self, entry: LibraryEntry) -> Library:
        """With ``entry`` in the place of the one with its id, or at the end."""
        if any(other.id == entry.id for other in self.entries):
            return Library(tuple(entry if o.id == entry.id else o for o in self.entries))
        return Library((*self.entries, entry))

    def without(self, entry: LibraryEntry) -> Library:
        return Library(tuple(other for other in self.entries if other.id != entry.id))


def library_folder(home: Path) -> Path:
    return home / "documents"


def stored_file(home: Path, entry: LibraryEntry) -> Path:
    """Where the library keeps the document's file."""
    return library_folder(home) / entry.content[:16] / entry.stored_name


def load_library(home: Path) -> Library:
    """The library of ``home``; empty where there is none.

    Raises:
        DocumentError: the list cannot be read.
    """
    path = library_folder(home) / "library.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["schema"] != _SCHEMA:
            raise ValueError(f"written by another version of radcite (schema {record['schema']})")
        return Library(tuple(_entry(item) for item in record["entries"]))
    except FileNotFoundError:
        return Library()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DocumentError(str(path), f"the library's list cannot be read ({error})") from error


def save_library(home: Path, library: Library) -> None:
    """Replace the list in one step; durable when this returns."""
    folder = library_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    entries = [{**asdict(e), "details": e.details.model_dump(mode="json")} for e in library.entries]
    draft = folder / f"library.json.{os.getpid()}"
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"schema": _SCHEMA, "entries": entries}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / "library.json")
    sync_folder(folder)


def store_file(home: Path, entry: LibraryEntry, source: Path) -> None:
    """Copy ``source`` into the library; whole or not at all."""
    target = stored_file(home, entry)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, draft)
    draft.replace(target)


def drop_unlisted_files(home: Path, library: Library) -> None:
    """Remove stored files that the list no longer names."""
    listed = {entry.content[:16] for entry in library.entries}
    for folder in library_folder(home).iterdir() if library_folder(home).is_dir() else ():
        if folder.is_dir() and folder.name not in listed:
            shutil.rmtree(folder, ignore_errors=True)


def content_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def details_beside(path: Path, name: str) -> DocumentDetails:
    """What the sidecar ``<file>.yaml`` (or ``<file>.radcite.yaml``) says; nothing where there is none.

    Raises:
        DocumentError: the sidecar is wrong; the reason names line and key.
    """
    beside = (path.with_name(f"{path.name}.yaml"), path.with_name(f"{path.name}.radcite.yaml"))
    sidecar = next((one for one in beside if one.is_file()), None)
    if sidecar is None:
        return DocumentDetails()
    try:
        return open_yaml(sidecar).as_model(DocumentDetails)
    except CorpusError as error:
        raise DocumentError(name, f"its details {error}") from error


def with_details(beside: DocumentDetails, said: DocumentDetails | None) -> DocumentDetails:
    """The details of a sidecar, with those in their place that the user states now."""
    stated = said.model_dump(exclude_none=True) if said else {}
    return beside.model_copy(update=stated)


def new_entry(
    name: str, content: str, origin: Path, details: DocumentDetails, taken: Collection[str]
) -> LibraryEntry:
    """An entry added now by this user, with an id that is not in ``taken``."""
    return LibraryEntry(
        id=_free(_slug(name), taken),
        name=name,
        content=content,
        added=_now(),
        added_by=_user(),
        origin=str(origin),
        details=details,
    )


def renewed(
    entry: LibraryEntry, content: str, origin: Path, details: DocumentDetails
) -> LibraryEntry:
    """The entry with new content or details, dated now; its id and name stay."""
    return replace(
        entry,
        content=content,
        origin=str(origin),
        details=details,
        added=_now(),
        added_by=_user(),
    )


def _entry(item: dict[str, object]) -> LibraryEntry:
    details = DocumentDetails.model_validate(item["details"])
    texts = {key: str(value) for key, value in item.items() if key != "details"}
    return LibraryEntry(**texts, details=details)


def _slug(name: str) -> str:
    stem = PurePosixPath(name).with_suffix("").as_posix().lower()
    return re.sub(r"[^a-z0-9가-힣]+", "_", stem).strip("_")[:80] or "document"


def _free(slug: str, taken: Iterable[str]) -> str:
    names = set(taken)
    numbered = (slug if n == 1 else f"{slug}_{n}" for n in range(1, len(names) + 2))
    return next(name for name in numbered if name not in names)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
