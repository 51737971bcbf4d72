"""Write one build of the passage index beside the serving one, then make it current."""

from __future__ import annotations

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.sources import Source
from rag.errors import PassageIndexError
from rag.knowledge.fact_questions import FactQuestion, questions_mark
from rag.retrieval.embedding import PassageEmbedder
from rag.retrieval.index_state import (
    IndexedDocument,
    IndexState,
    builds_folder,
    fingerprint,
    read_state,
    scenarios_folder,
    sync_folder,
    write_state,
)
from rag.retrieval.known_questions import questions_folder, write_questions
from rag.retrieval.lexical import LexicalIndex, lexical_folder, terms_mark
from rag.retrieval.store import StoreBuild, collection_name, prune
from rag.types import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Progress = Callable[[str, int, int], None]
"""Called with (stage, done, total); a stage ends with done equal to total."""

EMBEDDING = "Embedding passages"
WRITING = "Writing the index"


def write_build(
    home: Path,
    chroma_url: str | None,
    embedder: PassageEmbedder,
    sources: Sequence[Source],
    previous: str | None,
    progress: Progress,
    scenarios: str = "",
    questions: Sequence[FactQuestion] = (),
) -> IndexState:
    """Embed, write and make current; the build named ``previous`` is kept for whoever holds it.

    ``scenarios`` names the folder of the ranking index that belongs to it, ``questions`` are those
    that its facts are known to answer.

    Raises:
        PassageIndexError: two passages share an id, or the disk or server refuses; the index that
            served before still serves.
    """
    passages = [passage for source in sources for passage in source.passages]
    _check_ids(passages)
    vectors = embedder.embed(
        [*(passage.search_text for passage in passages), *(one.text for one in questions)],
        lambda done, total: progress(EMBEDDING, done, total),
    )
    state = replace(
        _new_state(embedder, sources, chroma_url, previous),
        scenarios=scenarios,
        questions=questions_mark(questions),
    )
    progress(WRITING, 0, len(passages))
    try:
        _write_files(home, state, passages, vectors[: len(passages)])
        _write_questions(home, state, passages, questions, vectors[len(passages) :])
        progress(WRITING, len(passages), len(passages))  # the last moment to cancel
        write_state(home, state)
    except OSError as error:
        raise PassageIndexError(
            f"the index could not be written to {home}: {error}; the one before still serves"
        ) from error
    finally:
        _drop_unless_current(home, state.build)
    prune(home, {state.build, previous or state.build}, chroma_url)
    return state


def prune_scenarios(home: Path) -> None:
    """Drop the ranking indexes that the current build does not name, but for the latest of them."""
    state = read_state(home)
    folders = [path for path in scenarios_folder(home).glob("*") if path.is_dir()]
    others = [path for path in folders if state is None or path.name != state.scenarios]
    for path in sorted(others, key=lambda path: path.stat().st_mtime_ns)[:-1]:
        shutil.rmtree(path, ignore_errors=True)


def _write_files(
    home: Path, state: IndexState, passages: Sequence[Passage], vectors: NDArray[np.float32]
) -> None:
    folder = builds_folder(home) / state.build
    folder.mkdir(parents=True)
    store = StoreBuild(home, state.build, state.collection, state.chroma_url)
    try:
        store.add(passages, vectors)
        written = store.count()
    finally:
        store.close()
    if written != len(passages):
        raise PassageIndexError(f"store kept {written} of {len(passages)} passages: run it again")
    LexicalIndex.build(lexical_folder(home, state.build), passages)
    _sync_tree(folder)


def _write_questions(
    home: Path, state: IndexState, passages: Sequence[Passage],
    questions: Sequence[FactQuestion], vectors: NDArray[np.float32],
) -> None:  # fmt: skip
    if questions:
        folder = questions_folder(home, state.build)
        write_questions(folder, passages, [one.facts for one in questions], vectors)
        _sync_tree(folder)


def _new_state(
    embedder: PassageEmbedder,
    sources: Sequence[Source],
    chroma_url: str | None,
    previous: str | None,
) -> IndexState:
    now = datetime.now(UTC)
    build = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    return IndexState(
        build=build,
        collection=collection_name(fingerprint(embedder.model_id, embedder.dimension), build),
        model_id=embedder.model_id,
        dimension=embedder.dimension,
        passages=sum(len(source.passages) for source in sources),
        created=now.isoformat(timespec="seconds"),
        chroma_url=chroma_url,
        previous=previous,
        terms=terms_mark(),
        guidelines={source.id: len(source.passages) for source in sources},
        sources={source.id: source.digest for source in sources},
        documents=tuple(_indexed(source) for source in sources if source.is_document),
    )


def _indexed(source: Source) -> IndexedDocument:
    return IndexedDocument(
        id=source.id,
        name=source.name,
        title=source.title,
        content=source.content or "",
        pages=source.pages,
        passages=len(source.passages),
    )


def _check_ids(passages: Sequence[Passage]) -> None:
    if not passages:
        raise PassageIndexError("there is nothing to index: no guideline and no document")
    name, count = Counter(passage.id for passage in passages).most_common(1)[0]
    if count > 1:
        both = [p.edition.guideline + " " + p.section for p in passages if p.id == name]
        raise PassageIndexError(f"passage id {name} stands for {count} passages: {both}")


def _drop_unless_current(home: Path, build: str) -> None:
    state = read_state(home)
    if state is None or state.build != build:
        shutil.rmtree(builds_folder(home) / build, ignore_errors=True)


def _sync_tree(folder: Path) -> None:
    """Everything below ``folder`` is on the disk when this returns (a power cut loses nothing)."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    sync_folder(folder)
