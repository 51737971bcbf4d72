"""Files that a user gives to documents in the library, and the library to passages."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingest.criteria_topics import user_topic
from ingest.document import ReadDocument
from ingest.manifest import (
    DocumentDetails,
    Library,
    LibraryEntry,
    content_hash,
    details_beside,
    new_entry,
    renewed,
    store_file,
    stored_file,
    with_details,
)
from ingest.passages import passages
from ingest.reading import KINDS, Reader
from ingest.sources import Source
from rag.errors import DocumentError
from rag.retrieval.model_card import ModelCard, TokenCounter, token_counter
from rag.types import Edition

_WORKERS = 4

Failure = tuple[str, str]
"""A document's name and the reason why it was left out."""

OneDone = Callable[[int, int], None]
"""Called with (documents read, documents to read)."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to take in; ``name`` is its path below the folder that was given.

    ``outside``: a link in that folder that leads out of it, to what its owner did not put there.
    """

    path: Path
    name: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class _Offered:
    """A file that could be read, with what identifies it; ``failure`` where it could not."""

    file: FoundFile
    content: str = ""
    failure: Failure | None = None


def files_at(paths: Sequence[Path]) -> Iterator[FoundFile]:
    """The files named, and all below the folders named, but for hidden files and sidecars."""
    for path in paths:
        root = path.expanduser().absolute()
        if root.is_dir():
            for file in _below(root):
                outside = not file.resolve().is_relative_to(root.resolve())
                yield FoundFile(file, _printable(file.relative_to(root).as_posix()), outside)
        else:
            yield FoundFile(root, _printable(root.name))


def take_in(
    home: Path,
    library: Library,
    files: Sequence[FoundFile],
    reader: Reader,
    reserved: Collection[str],
    done: OneDone,
    details: DocumentDetails | None = None,
) -> tuple[Library, tuple[Failure, ...]]:
    """The library with ``files`` in it, each read once to see that it can be.

    A file with the content of a document that is there changes nothing but its details; one with
    the name or origin of a document, but other content, replaces it. ``reserved`` ids are not
    given to documents; ``details`` win over what a sidecar says. What cannot be read leaves the library
    as it was and is named.
    """
    failures: list[Failure] = []
    with ThreadPoolExecutor(min(_WORKERS, os.cpu_count() or 1)) as pool:
        for number, offered in enumerate(pool.map(lambda file: _offer(file, reader), files), 1):
            done(number, len(files))
            if offered.failure is not None:
                failures.append(offered.failure)
                continue
            try:
                library = _put(home, library, offered, reserved, details)
            except DocumentError as error:
                failures.append((error.document, error.reason))
    return library, tuple(failures)


def same_again(
    library: Library, files: Sequence[FoundFile], failed: Collection[str]
) -> Iterator[Failure]:
    """Files that were taken in but have no entry of their own, with the one of the same content."""
    for file in files:
        if file.name in failed or library.named(file.name, str(file.path)) is not None:
            continue
        known = library.with_content(content_hash(file.path))
        if known is not None:
            yield file.name, f"has the same content as {known.name}: it is one document"


def put_in_place(
    home: Path, library: Library, old: LibraryEntry, path: Path, reader: Reader,
    said: DocumentDetails | None,
) -> tuple[Library, tuple[Failure, ...]]:  # fmt: skip
    """The library with the file at ``path`` as the new content of ``old``, whose id and name stay."""
    (file,) = files_at([path])
    if file.path.suffix.lower() != Path(old.name).suffix.lower():
        reason = (
            f"is a {file.path.suffix} file, not {Path(old.name).suffix}: add it with --supersedes"
        )
        return library, ((file.name, reason),)
    offered = _offer(FoundFile(file.path, old.name), reader)
    if offered.failure is not None:
        return library, (offered.failure,)
    details = with_details(with_details(old.details, details_beside(path, file.name)), said)
    entry = renewed(old, offered.content, path.expanduser().absolute(), details)
    store_file(home, entry, path)
    return library.put(entry), ()


def document_sources(
    home: Path, library: Library, reader: Reader, card: ModelCard
) -> tuple[tuple[Source, ...], tuple[Failure, ...], tuple[Failure, ...]]:
    """The library's documents as sources; those left out; and what could not be read of the rest."""
    sources: list[Source] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    count = token_counter(card)
    for entry in library.entries:
        try:
            document = reader.read(stored_file(home, entry), entry.name, entry.content)
        except (DocumentError, FileNotFoundError) as error:
            reason = error.reason if isinstance(error, DocumentError) else "its stored file is gone"
            failures.append((entry.name, reason))
            continue
        sources.append(
            _source(entry, document, count, card.window, reader.made_by, library.successor(entry))
        )
        notices += [(entry.name, notice) for notice in document.notices]
    return tuple(sources), tuple(failures), tuple(notices)


def edition_of(
    entry: LibraryEntry, document: ReadDocument, successor: LibraryEntry | None = None
) -> Edition:
    """The document's edition: what its sidecar says, else what the document itself prints."""
    details = entry.details
    year = details.issued if details.issued is not None else document.year
    return Edition(
        guideline=entry.id,
        title=details.title or document.title or _plain_name(entry),
        edition=details.edition or (str(year) if year else ""),
        issuer=details.issuer or "",
        year=year,
        source_url=details.source_url,
        superseded_by=successor.id if successor else None,
    )


def _source(
    entry: LibraryEntry, document: ReadDocument, count: TokenCounter, window: int, made_by: str,
    successor: LibraryEntry | None,
) -> Source:  # fmt: skip
    edition = edition_of(entry, document, successor)
    made = passages(document.pages, document.pieces, edition, entry.name, count, window, made_by)
    pages = sum(page.number is not None for page in document.pages)
    criteria = document.criteria if successor is None else None
    topic = user_topic(criteria, edition, entry.name) if criteria else None
    return Source(entry.id, entry.name, edition.label, made, entry.content, pages, topic)


def _offer(file: FoundFile, reader: Reader) -> _Offered:
    """Read one file (in a worker process, unless its content has been read before)."""
    try:
        if file.outside:
            raise DocumentError(file.name, "a link out of its folder: add the file it leads to")
        if not file.path.is_file():
            raise DocumentError(file.name, "no such file")
        reader.check(file.path, file.name)
        content = content_hash(file.path)
        reader.read(file.path, file.name, content)
        return _Offered(file, content)
    except DocumentError as error:
        return _Offered(file, failure=(file.name, error.reason))
    except OSError as error:
        return _Offered(file, failure=(file.name, f"cannot be opened ({error.strerror})"))


def _put(
    home: Path, library: Library, offered: _Offered, reserved: Collection[str],
    said: DocumentDetails | None,
) -> Library:  # fmt: skip
    path, name = offered.file.path, offered.file.name
    details = with_details(details_beside(path, name), said)
    if details.supersedes is not None:
        old = _superseded(library, name, details.supersedes)
        if old.content == offered.content:
            raise DocumentError(name, f"is the document {old.id} itself: nothing is superseded")
    known = library.with_content(offered.content)
    if known is not None:
        same = known.details == details
        return library if same else library.put(renewed(known, known.content, path, details))
    older = library.named(name, str(path)) if details.supersedes is None else None
    if older is not None:
        entry = renewed(older, offered.content, path, details)
    else:
        taken = {*reserved, *(other.id for other in library.entries)}
        entry = new_entry(name, offered.content, path, details, taken)
    store_file(home, entry, path)
    return library.put(entry)


def _superseded(library: Library, name: str, older: str) -> LibraryEntry:
    try:
        return library.find(older)
    except DocumentError as error:
        reason = f"supersedes {older}, which is not in the library: see 'radcite library list'"
        raise DocumentError(name, reason) from error


def _below(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if not name.startswith(".") and not _is_sidecar(path):
                yield path


def _is_sidecar(path: Path) -> bool:
    return path.suffix == ".yaml" and Path(path.stem).suffix.lower() in KINDS


def _printable(name: str) -> str:
    return "".join(character if character.isprintable() else "_" for character in name)


def _plain_name(entry: LibraryEntry) -> str:
    return Path(entry.stored_name).stem.replace("_", " ").strip() or entry.name
