"""Documents read in worker processes, each within its limits of time and memory, and kept.

What was read is kept by content, so that a document is read once; a damaged or hostile one costs
its worker, never the build.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from ingest.document import ReadDocument
from ingest.ocr import RECOGNIZED, recognized
from ingest.passages import CUTTER_VERSION
from ingest.worker import NO_TEXT_LAYER
from rag.errors import DocumentError, SettingsError

READER_VERSION = 6
"""Raise when the same file would be read otherwise."""

KINDS = {
    ".pdf": "pdf",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".docx": "docx",
    ".csv": "csv",
    ".xlsx": "xlsx",
}
_ZIPPED = ("docx", "xlsx")


_READ_KINDS = "only PDF, Word (docx), Excel (xlsx), CSV, HTML, Markdown and text"


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one document may take; what takes more is reported and left out."""

    megabytes: int = 200
    pages: int = 5_000
    seconds: float = 180.0
    memory_megabytes: int = 2_048
    ocr: bool = False


class _Answer(BaseModel):
    """What a worker says: the document, or why not."""

    model_config = ConfigDict(extra="forbid")

    document: ReadDocument | None = None
    reason: str | None = None
    settings: str | None = None


_DOCUMENT = TypeAdapter(ReadDocument)


class Reader:
    """Reads documents for one embedding model (whose tokens decide where passages end).

    ``made_by`` says with which versions and settings; what was read with others is read anew.
    """

    def __init__(
        self, cache: Path, embedding_model: str, model_id: str, limits: ReadingLimits | None = None
    ) -> None:
        self._cache = cache
        self._embedding_model = embedding_model
        self._limits = limits or ReadingLimits()
        self.made_by = f"reader {READER_VERSION}, cutter {CUTTER_VERSION}, window of {model_id}"
        self._suffix = hashlib.blake2b(self.made_by.encode(), digest_size=6).hexdigest()

    def check(self, path: Path, name: str) -> str:
        """The kind of a file that may be read.

        Raises:
            DocumentError: not of a kind that radcite reads, too large, or other than its name says.
        """
        kind = KINDS.get(path.suffix.lower())
        if kind is None:
            raise DocumentError(name, f"{path.suffix or 'no suffix'}: {_READ_KINDS}")
        size = path.stat().st_size
        if size == 0:
            raise DocumentError(name, "empty")
        if size > self._limits.megabytes << 20:
            limit = self._limits.megabytes
            raise DocumentError(name, f"{size >> 20} MB; the limit is {limit} MB")
        _check_beginning(path, name, kind)
        return kind

    def read(self, path: Path, name: str, content: str) -> ReadDocument:
        """The document at ``path`` with SHA-256 ``content``.

        Raises:
            DocumentError: it cannot be read within the limits, or holds no text.
        """
        kept = self._cache / f"{content[:32]}-{self._suffix}.json"
        try:
            return _DOCUMENT.validate_json(kept.read_bytes())
        except (OSError, ValidationError):
            document = self._read_or_recognized(path, name)
        kept.parent.mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"{kept.name}.{os.getpid()}")
        draft.write_text(json.dumps(asdict(document)), encoding="utf-8")
        draft.replace(kept)
        return document

    def _read_or_recognized(self, path: Path, name: str) -> ReadDocument:
        """The document; where it is scanned pictures only, its text as OCR recognizes it, if that is on."""
        kind = self.check(path, name)
        try:
            return self._read_in_worker(path, name, kind)
        except DocumentError as error:
            if kind != "pdf" or error.reason != NO_TEXT_LAYER or not self._limits.ocr:
                raise
        with recognized(path, name, self._limits.seconds) as with_text:
            document = self._read_in_worker(with_text, name, kind)
        return replace(document, notices=(*document.notices, RECOGNIZED))

    def _read_in_worker(self, path: Path, name: str, kind: str) -> ReadDocument:
        limits = self._limits
        request = {
            "path": str(path),
            "name": name,
            "kind": kind,
            "embedding_model": self._embedding_model,
            "max_pages": str(limits.pages),
            "memory_mb": str(limits.memory_megabytes),
        }
        try:
            done = subprocess.run(
                [sys.executable, "-m", "ingest.worker"],
                input=json.dumps(request).encode(),
                capture_output=True,
                timeout=limits.seconds,
                env=worker_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            reason = f"not read within {limits.seconds:g} seconds"
            raise DocumentError(name, reason) from error
        return _answer(done, name)


def _check_beginning(path: Path, name: str, kind: str) -> None:
    """A file's first bytes must be of the kind that its suffix says."""
    with path.open("rb") as file:
        start = file.read(1024)
    is_pdf, is_zip = b"%PDF-" in start, start.startswith(b"PK\x03\x04")
    if is_pdf != (kind == "pdf"):
        said = "no PDF although it is named .pdf" if kind == "pdf" else "a PDF: name it .pdf"
        raise DocumentError(name, said)
    if is_zip != (kind in _ZIPPED):
        said = f"damaged, encrypted or no {kind}" if kind in _ZIPPED else "an archive, not text"
        raise DocumentError(name, f"{said} although it is named {path.suffix}")


def worker_environment() -> dict[str, str]:
    """The worker imports the same code, whatever folder it is started from."""
    root = str(Path(__file__).resolve().parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TOKENIZERS_PARALLELISM": "false"}


def _answer(done: subprocess.CompletedProcess[bytes], name: str) -> ReadDocument:
    try:
        answer = _Answer.model_validate_json(done.stdout)
    except ValidationError as error:
        raise DocumentError(name, _end_of(done)) from error
    if answer.settings is not None:
        raise SettingsError(answer.settings)
    if answer.document is None:
        raise DocumentError(name, answer.reason or "its reader gave no answer")
    return answer.document


def _end_of(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return f"damaged, or too much memory: its reader ended by {signal.Signals(-done.returncode).name}"
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"damaged: its reader failed ({lines[-1][:200] if lines else 'no message'})"
