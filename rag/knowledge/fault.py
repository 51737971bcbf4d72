"""One fault of the corpus: where it is and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import CorpusError


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault with file and line (from 1); ``str()`` is the line that a terminal shows."""

    file: str
    line: int
    message: str

    @classmethod
    def of(cls, error: CorpusError) -> Fault:
        """The fault a loader raised."""
        message = str(error)
        prefix = f"{error.file}:{error.line}: " if error.line else f"{error.file}: "
        return cls(error.file, error.line or 1, message.removeprefix(prefix))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"
