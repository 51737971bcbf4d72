"""Which passage index is current: the pointer file, read without Chroma, numpy or torch.

``<home>/index/current.json`` names the one build that serves. A build becomes current by a single
``os.replace`` of this file, after all of its own files are on disk; whoever is killed before that
leaves the previous build serving, whoever is killed after it has lost nothing.

    <home>/index/current.json            the pointer (an :class:`IndexState`)
    <home>/index/builds/<build>/chroma   the vectors (absent when a Chroma server holds them)
    <home>/index/builds/<build>/lexical  the BM25 index over the same passages
    <home>/index/scenarios/<source>      the scenario ranking index, with the topics of documents

With ``RADCITE_CHROMA_URL`` the vectors are a collection on that server, named in the pointer; the
pointer and the lexical index stay in the local home, so one server can serve several homes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rag.errors import IndexMismatch, IndexMissing, PassageIndexError

PASSAGE_FORMAT = 2
"""Version of how passages are cut and rendered for search; raise it when old vectors are void."""

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A user's document as the current build holds it; ``content`` is the SHA-256 of its bytes."""

    id: str
    name: str
    title: str
    content: str
    pages: int
    passages: int


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the pointer file says of the current build.

    ``sources`` maps each built-in guideline to a hash over its passages; ``guidelines`` counts the
    passages of every guideline and document. ``previous`` is the build kept for an application
    that may still hold it. ``terms`` marks how words became index terms. ``scenarios`` names the
    folder of the scenario ranking index, ``questions`` is a hash over the questions known to be
    answered. ``created`` is ISO 8601 in UTC.
    """

    build: str
    collection: str
    model_id: str
    dimension: int
    passages: int
    created: str
    passage_format: int = PASSAGE_FORMAT
    chroma_url: str | None = None
    previous: str | None = None
    terms: str = ""
    scenarios: str = ""
    questions: str = ""
    guidelines: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[IndexedDocument, ...] = ()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.model_id, self.dimension, self.passage_format)


def fingerprint(model_id: str, dimension: int, passage_format: int = PASSAGE_FORMAT) -> str:
    """Name of all indexes that can be searched with the same query vectors.

    >>> fingerprint("all-MiniLM-L6-v2", 384, 1)
    'all-MiniLM-L6-v2-384-p1'
    """
    safe = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in model_id)
    return f"{safe}-{dimension}-p{passage_format}"


def pointer_path(home: Path) -> Path:
    return home / "index" / "current.json"


def builds_folder(home: Path) -> Path:
    return home / "index" / "builds"


def scenario_folder(home: Path) -> Path:
    """Where the current build's ranking index of the appropriateness scenarios lies."""
    state = read_state(home)
    return scenarios_folder(home) / (state.scenarios if state else "")


def scenarios_folder(home: Path) -> Path:
    """The ranking indexes of all builds, each in a folder named by what it was made from."""
    return home / "index" / "scenarios"


def pointer_mark(home: Path) -> tuple[int, int, int] | None:
    """A value that differs whenever the pointer was replaced; ``None`` where there is none."""
    try:
        stat = pointer_path(home).stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def read_state(home: Path) -> IndexState | None:
    """The current build, or ``None`` where nothing has been built.

    Raises:
        PassageIndexError: the pointer cannot be read.
    """
    path = pointer_path(home)
    try:
        return _state_of(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise PassageIndexError(
            f"{path} cannot be read ({error}): run 'radcite ingest --rebuild'"
        ) from error


def require_state(
    home: Path, model_id: str, dimension: int, chroma_url: str | None = None
) -> IndexState:
    """The current build, if it fits the settings' embedding model and place.

    Raises:
        IndexMissing: nothing has been built, or not where ``chroma_url`` says.
        IndexMismatch: it was built with another model, dimension or passage format.
    """
    state = read_state(home)
    if state is None:
        raise IndexMissing(f"no passage index in {home}: run 'radcite ingest'")
    if state.fingerprint != fingerprint(model_id, dimension):
        raise IndexMismatch(_mismatch(state, model_id, dimension))
    if state.chroma_url != chroma_url:
        raise IndexMissing(
            f"the passage index is held by {state.chroma_url or 'the embedded store'}, settings "
            f"name {chroma_url or 'the embedded store'}: run 'radcite ingest'"
        )
    return state


def current_fingerprint(home: Path) -> str | None:
    """Fingerprint of the current build for ``Response.index``, or ``None``."""
    state = read_state(home)
    return state.fingerprint if state else None


def write_state(home: Path, state: IndexState) -> None:
    """Make ``state`` current in one step; durable when this returns."""
    path = pointer_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as file:
        json.dump({"schema": _SCHEMA, **asdict(state)}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable (where the system lets folders be synced)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders; its renames are durable on their own
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _state_of(record: dict[str, object]) -> IndexState:
    schema = record.pop("schema")
    if schema != _SCHEMA:
        raise ValueError(f"written by another version of radcite (schema {schema})")
    documents = record.pop("documents")
    if not isinstance(documents, list):
        raise TypeError("documents is no list")
    return IndexState(
        **record,  # type: ignore[arg-type]
        documents=tuple(IndexedDocument(**entry) for entry in documents),
    )


def _mismatch(state: IndexState, model_id: str, dimension: int) -> str:
    built = f"{state.model_id} ({state.dimension})"
    named = f"{model_id} ({dimension})"
    if built == named:
        built, named = f"passage format {state.passage_format}", f"format {PASSAGE_FORMAT}"
        return (
            f"passage index has {built}, this radcite reads {named}: run 'radcite ingest --rebuild'"
        )
    return (
        f"passage index was built with {built}, settings name {named}: "
        "run 'radcite ingest --rebuild'"
    )
