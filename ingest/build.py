"""Bring the passage index up to date with the corpus and the user's documents.

A build is whole or it is nothing: everything is written beside the serving index, and the pointer
is replaced last. Where nothing changed, nothing is built, and no text is ever embedded twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.documents import (
    Failure,
    document_sources,
    files_at,
    put_in_place,
    same_again,
    take_in,
)
from ingest.index_writer import Progress, prune_scenarios, write_build
from ingest.manifest import (
    DocumentDetails,
    Library,
    drop_unlisted_files,
    load_library,
    save_library,
)
from ingest.reading import Reader, ReadingLimits
from ingest.sources import Source, corpus_ids, corpus_sources, newer_topics
from rag.answering.scenario_build import scenario_source, write_scenario_index
from rag.errors import BuildCancelled, IndexMismatch, PassageIndexError
from rag.knowledge.fact_questions import load_fact_questions, questions_mark
from rag.knowledge.user_topics import UserTopic
from rag.retrieval.corpus_vectors import CorpusVectors
from rag.retrieval.embedding import PackagedEmbeddings, PassageEmbedder
from rag.retrieval.index_state import (
    PASSAGE_FORMAT,
    IndexState,
    read_state,
    scenarios_folder,
    write_state,
)
from rag.retrieval.lexical import terms_mark
from rag.retrieval.model_card import ModelCard, model_card
from rag.retrieval.vector_cache import VectorCache
from rag.settings import Settings

READING = "Reading documents"
RANKING = "Preparing the appropriateness scenarios"

TakeIn = Callable[[Library, Reader], tuple[Library, tuple[Failure, ...]]]
"""What a run does to the library before it builds: takes documents in, or out."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run did. Names are guideline labels and document names, each in one group.

    ``failed`` are documents left out, with the reason; ``notices`` say what could not be read of
    documents that are in. ``passages`` counts the whole index, ``embedded`` the texts that had to
    be embedded for it; ``built`` is false where nothing had changed and the index stayed as it was.
    """

    added: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    notices: tuple[Failure, ...] = ()
    passages: int = 0
    embedded: int = 0
    seconds: float = 0.0
    built: bool = False


def build_index(
    settings: Settings,
    paths: Sequence[Path] = (),
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    embedder: PassageEmbedder | None = None,
    details: DocumentDetails | None = None,
) -> BuildReport:
    """Take in the documents at ``paths`` and index them with the corpus and all earlier ones.

    ``rebuild`` writes a new index even where nothing changed, and with another embedding model
    than the last. ``details`` win over what a file's sidecar says. ``embedder`` is the settings' own unless given. ``progress`` may raise
    ``BuildCancelled``: library and index then stay as they were.

    Raises:
        BuildCancelled: ``progress`` raised it.
        CorpusError: a corpus file is wrong.
        IndexMismatch: the settings name another embedding model than the index; see ``rebuild``.
        PassageIndexError: another build is running, or the index cannot be written.
        SettingsError: the settings name no embedding model on this machine.
    """
    files = tuple(files_at(paths))
    reserved = corpus_ids(settings.corpus)
    report = progress or _silent

    def take_files_in(library: Library, reader: Reader) -> tuple[Library, tuple[Failure, ...]]:
        return take_in(
            settings.home_dir,
            library,
            files,
            reader,
            reserved,
            lambda done, total: report(READING, done, total),
            details,
        )

    done = _run(settings, take_files_in, rebuild=rebuild, progress=report, embedder=embedder)
    failed = {name for name, _ in done.failed}
    twins = same_again(load_library(settings.home_dir), files, failed)
    return replace(done, notices=(*done.notices, *twins))


def replace_document(
    settings: Settings, document: str, path: Path, *, details: DocumentDetails | None = None,
    progress: Progress | None = None, embedder: PassageEmbedder | None = None,
) -> BuildReport:  # fmt: skip
    """Put the file at ``path`` in the place of the document with this id or name.

    Raises:
        BuildCancelled: ``progress`` raised it.
        DocumentError: the library holds no such document.
        PassageIndexError: another build is running, or the index cannot be written.
    """

    def put(library: Library, reader: Reader) -> tuple[Library, tuple[Failure, ...]]:
        return put_in_place(
            settings.home_dir, library, library.find(document), path, reader, details
        )

    return _run(settings, put, rebuild=False, progress=progress or _silent, embedder=embedder)


def remove_document(
    settings: Settings,
    document: str,
    *,
    progress: Progress | None = None,
    embedder: PassageEmbedder | None = None,
) -> BuildReport:
    """Take the document with this id or name out of the library and of the index.

    Raises:
        DocumentError: the library holds no such document.
        PassageIndexError: another build is running, or the index cannot be written.
    """

    def take_out(library: Library, _reader: Reader) -> tuple[Library, tuple[Failure, ...]]:
        return library.without(library.find(document)), ()

    return _run(settings, take_out, rebuild=False, progress=progress or _silent, embedder=embedder)


def _run(
    settings: Settings,
    take: TakeIn,
    *,
    rebuild: bool,
    progress: Progress,
    embedder: PassageEmbedder | None,
) -> BuildReport:
    started = time.perf_counter()
    home = settings.home_dir
    with _one_at_a_time(home):
        card = model_card(settings.embedding_model)
        reader = Reader(
            home / "cache" / "read", settings.embedding_model, card.model_id, limits_of(settings)
        )
        before = load_library(home)
        try:
            done = _taken_and_built(
                settings, before, take, reader, card, rebuild, progress, embedder
            )
        except (BuildCancelled, KeyboardInterrupt):
            save_library(home, before)
            drop_unlisted_files(home, before)
            raise
    return replace(done, seconds=time.perf_counter() - started)


def _taken_and_built(
    settings: Settings, before: Library, take: TakeIn, reader: Reader, card: ModelCard,
    rebuild: bool, progress: Progress, embedder: PassageEmbedder | None,
) -> BuildReport:  # fmt: skip
    """The library changed and the index brought up to it."""
    home = settings.home_dir
    library, refused = take(before, reader)
    if library != before:
        save_library(home, library)
    documents, lost, notices = document_sources(home, library, reader, card)
    users = tuple(source.topic for source in documents if source.topic is not None)
    built_in = corpus_sources(settings.corpus, users)
    sources = (*built_in, *documents)
    chosen = embedder or embedder_of(settings)
    scenarios = _write_scenarios(settings, users, chosen, progress)
    done = _bring_up_to_date(settings, sources, scenarios, chosen, rebuild, progress)
    prune_scenarios(home)
    drop_unlisted_files(home, library)
    return replace(
        done, failed=(*refused, *lost), notices=(*notices, *newer_topics(built_in, documents))
    )


def limits_of(settings: Settings) -> ReadingLimits:
    """What one document may take, as the settings say."""
    return ReadingLimits(
        megabytes=settings.document_megabytes,
        pages=settings.document_pages,
        seconds=settings.document_seconds,
        memory_megabytes=settings.document_memory_mb,
        ocr=settings.ocr,
    )


def _write_scenarios(
    settings: Settings, users: Sequence[UserTopic], embedder: PassageEmbedder, progress: Progress
) -> str:
    """Make the scenario ranking index beside the one in use; the name of its folder."""
    source = scenario_source(settings.corpus, embedder.model_id, users)
    if source is None:
        return ""
    name = blake2b(source.encode(), digest_size=8).hexdigest()
    write_scenario_index(
        settings.corpus,
        scenarios_folder(settings.home_dir) / name,
        lambda texts: embedder.embed(texts, lambda done, total: progress(RANKING, done, total)),
        embedder.model_id,
        users,
    )
    return name


def _bring_up_to_date(
    settings: Settings,
    sources: Sequence[Source],
    scenarios: str,
    embedder: PassageEmbedder,
    rebuild: bool,
    progress: Progress,
) -> BuildReport:
    home = settings.home_dir
    state = _previous(home, embedder, rebuild)
    changes = _changes(state, sources)
    questions = load_fact_questions(settings.corpus)
    same = state is not None and state.questions == questions_mark(questions)
    if state and same and not (rebuild or changes.changed) and _serves(state, settings):
        if state.scenarios != scenarios:
            write_state(home, replace(state, scenarios=scenarios))
        return changes.report(state.passages)
    texts = [passage.search_text for source in sources for passage in source.passages]
    embedded = embedder.unknown(texts)
    previous = state.build if state else None
    new = write_build(
        home, settings.chroma_url, embedder, sources, previous, progress, scenarios, questions
    )
    return replace(changes.report(new.passages), embedded=embedded, built=True)


def embedder_of(settings: Settings) -> PackagedEmbeddings:
    """The embedder that builds the index: what came with the corpus or was embedded is known."""
    card = model_card(settings.embedding_model)
    cache = VectorCache(
        settings.home_dir / "cache" / "embeddings.sqlite", card.model_id, card.dimension
    )
    shipped = CorpusVectors(settings.corpus, card.model_id, card.dimension)
    return PackagedEmbeddings(settings.embedding_model, cache, shipped)


@dataclass(frozen=True, slots=True)
class _Changes:
    added: tuple[str, ...]
    kept: tuple[str, ...]
    replaced: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def changed(self) -> bool:
        return bool(self.added or self.replaced or self.removed)

    def report(self, passages: int) -> BuildReport:
        return BuildReport(self.added, self.kept, self.replaced, self.removed, passages=passages)


def _changes(state: IndexState | None, sources: Sequence[Source]) -> _Changes:
    before: Mapping[str, str] = state.sources if state else {}
    names = {document.id: document.name for document in state.documents} if state else {}
    now = {source.id for source in sources}
    return _Changes(
        added=tuple(s.name for s in sources if s.id not in before),
        kept=tuple(s.name for s in sources if before.get(s.id) == s.digest),
        replaced=tuple(s.name for s in sources if before.get(s.id, s.digest) != s.digest),
        removed=tuple(names.get(name, name) for name in before if name not in now),
    )


def _previous(home: Path, embedder: PassageEmbedder, rebuild: bool) -> IndexState | None:
    """The build that serves now; a damaged pointer or another model needs ``rebuild``."""
    try:
        state = read_state(home)
    except PassageIndexError:
        if rebuild:
            return None
        raise
    if state and not rebuild and state.model_id != embedder.model_id:
        raise IndexMismatch(
            f"passage index was built with {state.model_id} ({state.dimension}), settings name "
            f"{embedder.model_id} ({embedder.dimension}): run 'radcite ingest --rebuild'"
        )
    return state


def _serves(state: IndexState, settings: Settings) -> bool:
    """Whether the index is in this format and in the place that the settings name."""
    in_format = state.passage_format == PASSAGE_FORMAT and state.terms == terms_mark()
    return in_format and state.chroma_url == settings.chroma_url


@contextmanager
def _one_at_a_time(home: Path) -> Iterator[None]:
    folder = home / "index"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "build.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise PassageIndexError(
            f"another 'radcite ingest' is building the index in {home}: wait until it is done"
        ) from error
    try:
        yield
    finally:
        lock.release()


def _silent(_stage: str, _done: int, _total: int) -> None:
    return
