"""One side of the race in a process of its own, so that its memory is its own.

    python -m evals.peers.worker NAME DOCUMENTS FOLDER

Prints one JSON object: build seconds, peak memory, index size, and every case's result.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from evals.peers.documents import FactFinder, sentences
from evals.peers.langchain_peer import LangChainPeer
from evals.peers.llamaindex_peer import LlamaIndexPeer
from evals.peers.peer import NO_MODEL, Json, Peer, as_answer, found
from evals.peers.radcite_peer import ingest
from evals.run.assistant import Assistant, Radcite
from evals.run.execute import run_case
from evals.run.result import CaseResult, begun
from evals.suites.case import Case
from evals.suites.files import load_suites
from rag.knowledge.shelf import Shelf
from rag.retrieval.index_state import read_state
from rag.settings import Settings, load_settings
from rag.wire import build

SUITES = ("retrieval", "protocol", "refusals")
PEERS: dict[str, Callable[[], Peer]] = {"langchain": LangChainPeer, "llamaindex": LlamaIndexPeer}
OURS = {
    "radcite_documents": "the same PDFs alone, through radcite ingest; its tables and facts are left aside",
    "radcite": "as delivered: built-in guidelines as facts and tables",
}
NAMES = (*PEERS, *OURS)


class PeerAssistant:
    """A peer behind the interface that cases are run with."""

    def __init__(self, peer: Peer, shelf: Shelf) -> None:
        facts = sentences(shelf)
        self.name = peer.name
        self._peer = peer
        self._guideline = {fact: guideline for fact, (guideline, _) in facts.items()}
        self._finder = FactFinder({fact: text for fact, (_, text) in facts.items()})

    def search(self, case: Case, k: int) -> Sequence[Json]:
        return found(self._peer.search(case.question, k), self._finder)

    def answer(self, case: Case) -> Json:
        started = time.perf_counter()
        reply = self._peer.answer(case.question)
        if reply is None:
            raise NoModel(NO_MODEL)
        elapsed = (time.perf_counter() - started) * 1000
        return as_answer(case, reply, self._finder, self._guideline, elapsed)


class NoModel(Exception):
    """The peer cannot answer at all without a language model."""


class OnDocuments(Radcite):
    """radcite restricted to the documents; passages get the facts that their text holds."""

    def __init__(self, settings: Settings, guidelines: tuple[str, ...]) -> None:
        super().__init__(build(settings))
        facts = sentences(self.parts.shelf)
        self._finder = FactFinder({fact: text for fact, (_, text) in facts.items()})
        self._guideline = {fact: guideline for fact, (guideline, _) in facts.items()}
        self._only = guidelines

    def search(self, case: Case, k: int) -> Sequence[Json]:
        hits = super().search(replace(case, guidelines=self._only), k)
        return [{**hit, "fact_ids": self._finder.facts_in(hit["text"])} for hit in hits]

    def answer(self, case: Case) -> Json:
        answer = super().answer(replace(case, guidelines=self._only))
        for item in answer["evidence"]:
            item["fact_ids"] = self._finder.facts_in(item["quote"])
            item["guideline"] = next((self._guideline[f] for f in item["fact_ids"]), "")
        return answer


def raced(name: str, documents: Sequence[Path], folder: Path) -> Json:
    """Build one side and run its suites."""
    settings, started = load_settings(), time.perf_counter()
    assistant, setup = opened(name, documents, folder, settings)
    built = time.perf_counter() - started
    cases = [case for suite in load_suites() if suite.name in SUITES for case in suite.cases]
    results = [_run(case, assistant) for case in cases]
    index = folder / "index"
    return {
        "name": name, "setup": setup, "build_s": built, "memory_mb": _peak_mb(),
        "index_mb": _size(index if index.exists() else folder) / 2**20,
        "cases": [result.to_json() for result in results],
    }  # fmt: skip


def opened(
    name: str, documents: Sequence[Path], folder: Path, settings: Settings
) -> tuple[Assistant, str]:
    """The side of this name, built from the documents in ``folder``, and how it is set up."""
    if name in PEERS:
        peer = PEERS[name]()
        peer.build(documents, folder, settings)
        return PeerAssistant(peer, Shelf.open(settings.corpus)), peer.setup
    ingest(folder, documents if name == "radcite_documents" else (), settings)
    own = settings.model_copy(update={"home": folder})
    if name == "radcite_documents":
        return OnDocuments(own, _document_ids(folder)), OURS[name]
    return Radcite(build(own)), OURS[name]


def _peak_mb() -> float:
    """Peak memory of this process or of its largest child."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) / 1024


def _run(case: Case, assistant: Assistant) -> CaseResult:
    try:
        return run_case(case, assistant, {})
    except NoModel as error:
        return CaseResult(**begun(case), scores={"outcome": None}, error=str(error))


def _document_ids(home: Path) -> tuple[str, ...]:
    state = read_state(home)
    return tuple(document.id for document in state.documents) if state else ()


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main(arguments: Sequence[str]) -> int:
    name, documents, folder = arguments
    done = raced(name, sorted(Path(documents).glob("*.pdf")), Path(folder))
    print(json.dumps(done, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
