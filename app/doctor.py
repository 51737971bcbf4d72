"""What ``radcite doctor`` looks at: each check says what it found and the command that mends it."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal

from rag.errors import RadciteError
from rag.settings import Settings

State = Literal["good", "note", "missing"]
MODEL = "Language model"
SERVE = "make llm (or start the server that RADCITE_LLM_URL names, or unset it)"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``missing`` is essential and not there; ``note`` is good to know."""

    name: str
    state: State
    found: str
    mend: str = ""


def examine(settings: Settings) -> tuple[Check, ...]:
    """All checks, in the order they are shown."""
    looks: tuple[Callable[[Settings], Check], ...] = (
        _python, _packages, _corpus, _index, _embedding, _store, _model, _browser,
    )  # fmt: skip
    return tuple(look(settings) for look in looks)


def _python(_: Settings) -> Check:
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return Check("Python", "good", f"{found} ({sys.executable})")


def _packages(_: Settings) -> Check:
    missing = tuple(name for name in required() if not _installed(name))
    shown = f"radcite {version('radcite')}, {len(required()) - len(missing)} of {len(required())} packages"
    if not missing:
        return Check("Packages", "good", shown)
    return Check(
        "Packages", "missing", f"{shown}; not installed: {', '.join(missing)}", "make install"
    )


def required() -> tuple[str, ...]:
    """Names of the packages that radcite cannot do without."""
    declared = [line for line in requires("radcite") or () if "extra ==" not in line]
    return tuple(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in declared)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _corpus(settings: Settings) -> Check:
    from rag.knowledge.shelf import Shelf

    try:
        editions = Shelf.open(settings.corpus).editions()
    except RadciteError as error:
        return Check("Guidelines", "missing", str(error), "radcite corpus check")
    current = sum(not edition.superseded for edition in editions)
    shown = f"{current} current, {len(editions) - current} superseded editions in {settings.corpus}"
    if not editions:
        return Check("Guidelines", "missing", shown, "unset RADCITE_CORPUS")
    return Check("Guidelines", "good", shown)


def _index(settings: Settings) -> Check:
    from rag.retrieval.index_state import read_state

    try:
        state = read_state(settings.home_dir)
    except RadciteError as error:
        return Check("Passage index", "missing", str(error), "radcite ingest --rebuild")
    if state is None:
        return Check("Passage index", "missing", f"none in {settings.home_dir}", "radcite ingest")
    shown = (
        f"{state.fingerprint}, {state.passages:,} passages of {len(state.guidelines)} sources, "
        f"built {age(state.created)}, in {settings.home_dir}"
    )
    return Check("Passage index", "good", shown)


def age(created: str, now: datetime | None = None) -> str:
    """How long ago, in the largest whole unit: ``3 days ago``."""
    count, unit = elapsed(created, now)
    return f"{count} {unit}{'s' * (count != 1)} ago" if count else "just now"


def elapsed(created: str, now: datetime | None = None) -> tuple[int, str]:
    """How long ago in the largest whole unit of day, hour and minute; 0 minutes for less."""
    seconds = ((now or datetime.now(UTC)) - datetime.fromisoformat(created)).total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return int(seconds // length), unit
    return 0, "minute"


def _embedding(settings: Settings) -> Check:
    from rag.retrieval.index_state import read_state
    from rag.retrieval.model_card import model_card

    try:
        card = model_card(settings.embedding_model)
        state = read_state(settings.home_dir)
    except RadciteError as error:
        return Check("Embedding model", "missing", str(error), "unset RADCITE_EMBEDDING_MODEL")
    shown = f"{card.model_id} ({card.dimension} dimensions)"
    if state and (state.model_id, state.dimension) != (card.model_id, card.dimension):
        shown = f"{shown}, but the index was built with {state.model_id} ({state.dimension})"
        return Check("Embedding model", "missing", shown, "radcite ingest --rebuild")
    return Check("Embedding model", "good", shown)


def _store(settings: Settings) -> Check:
    return Check("Passage store", "good", settings.chroma_url or "embedded (Chroma on disk)")


def _model(settings: Settings) -> Check:
    """Evidence mode is a way of working, so no endpoint is no fault; a dead one is worth a note."""
    if settings.llm_url is None:
        return Check(
            MODEL, "note", "none set: guideline sentences are shown as they are", "make llm"
        )
    from rag.answering.llm_endpoint import probe

    try:
        found = probe(settings, check_schema=True)
    except RadciteError as error:
        return Check(MODEL, "missing", str(error), "set RADCITE_LLM_URL to http://host:port/v1")
    if found.problem:
        return Check(MODEL, "missing", f"{found.url}: {found.problem}", SERVE)
    version = f" (version {found.version})" if found.version else ""
    tokens = f", {found.context_tokens:,} tokens" if found.context_tokens else ""
    form = (
        "enforces JSON schemas"
        if found.json_schema
        else "enforces no JSON schema, so numbered lines are asked for"
    )
    counts = "counts tokens" if found.counts_tokens else "tokens are estimated"
    return Check(MODEL, "good", f"{found.model} at {found.url}{version}{tokens}; {form}; {counts}")


def _browser(_: Settings) -> Check:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return Check("Browser for tests", "good", found)
    return Check("Browser for tests", "note", "no Chromium found", "apt-get install chromium")
