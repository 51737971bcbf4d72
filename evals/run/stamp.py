"""What a run depends on: model, prompt, index, corpus, weights, settings, code, machine.

Each part is a name or a digest, so that two runs can be told apart by what changed between them.
Corpus files are taken one by one: ``corpus/lung_rads_v2022`` changes when that folder does.
"""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from evals.suites.case import Case
from rag.retrieval.index_state import read_state
from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
CODE = ("rag", "ingest")
WEIGHTS = ("scenario_ranking.json", "relevance.yaml", "relevance_documents.yaml")
PACKAGES = ("torch", "sentence-transformers", "chromadb", "bm25s", "langchain-core", "ragas")
SECRET = "llm_api_key"


def stamp(settings: Settings, cases: Sequence[Case], model: str | None) -> dict[str, str]:
    """Name or digest of every part; keys with a slash name a thing inside a part."""
    return {
        "model": f"{model} at {settings.llm_url}" if settings.llm_url else "",
        "prompt": _prompt(),
        **_index(settings),
        **corpus_parts(settings.corpus),
        "settings": digest([repr(sorted(visible(settings).items()))]),
        "code": _tree(path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))),
        "machine": machine(),
        "cases": digest(repr(case) for case in cases),
    }


def corpus_parts(corpus: Path) -> dict[str, str]:
    """A digest for every guideline folder, every shared file and every file of weights."""
    parts = {
        f"corpus/{folder.name}": _folder(folder)
        for folder in sorted(corpus.iterdir())
        if folder.is_dir()
    }
    for file in sorted(corpus.glob("*.*")):
        if file.suffix != ".md" and file.is_file():
            part = "weights" if file.name in WEIGHTS else "corpus"
            parts[f"{part}/{file.name}"] = _tree([file])
    return parts


def _index(settings: Settings) -> dict[str, str]:
    """The index's content: which passages, embedded how; not when it was built."""
    state = read_state(settings.home_dir)
    if state is None:
        return {"index": ""}
    documents = [(document.id, document.content) for document in state.documents]
    content = repr((sorted(state.sources.items()), documents, state.terms))
    return {"index": f"{state.fingerprint} {digest([content])}"}


def about(settings: Settings) -> dict[str, object]:
    """The circumstances of a run in words, for its file and report."""
    state = read_state(settings.home_dir)
    return {
        "commit": commit(),
        "radcite": version("radcite"),
        "python": platform.python_version(),
        "machine": machine(),
        "load_average": [round(value, 1) for value in os.getloadavg()],
        "settings": visible(settings),
        "index": state and {
            "fingerprint": state.fingerprint, "build": state.build, "passages": state.passages,
            "created": state.created, "documents": len(state.documents),
        },
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }  # fmt: skip


def visible(settings: Settings) -> dict[str, str]:
    """All settings that do not hold a secret or a place on this machine."""
    return {
        name: str(value)
        for name, value in settings.model_dump().items()
        if name not in (SECRET, "home", "corpus")
    }


def commit() -> str:
    """The checked-out commit, with ``+changes`` where files differ; ``unknown`` outside git."""
    found = _git("rev-parse", "HEAD")
    if found is None:
        return "unknown"
    return f"{found[:12]}+changes" if _git("status", "--porcelain") else found[:12]


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=20
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def _prompt() -> str:
    from rag.answering.prompts import ANSWER

    return ANSWER.version


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _folder(folder: Path) -> str:
    return _tree(path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".json"))


def _tree(paths: Iterable[Path]) -> str:
    return digest(part for path in paths for part in (path.name, path.read_bytes()))


def digest(parts: Iterable[str | bytes]) -> str:
    """Twelve hexadecimal digits over the parts and their borders."""
    sum_ = sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sum_.update(len(data).to_bytes(8, "big") + data)
    return sum_.hexdigest()[:12]
