"""The one exception tree of radcite.

    RadciteError
    ├── SettingsError          a setting is missing, unknown or out of range
    ├── CorpusError            a corpus file is wrong: names file, line and key
    ├── PassageIndexError
    │   ├── IndexMissing       no passage index has been built yet
    │   └── IndexMismatch      the index was built with another embedding model or format
    ├── DocumentError          a document could not be read: names it and the reason
    ├── QuestionError          a question or an input line is malformed
    └── ModelError
        ├── ModelUnavailable   the endpoint is down, slow or refuses (a retry may help)
        └── ModelOutputError   the endpoint answered, but not in the agreed form

Errors of outside libraries are mapped to these where they enter and chained with ``from``.
Every message says what happened, to which thing, and what to do.
"""

from __future__ import annotations


class RadciteError(Exception):
    """Base of all errors that radcite raises on purpose."""


class SettingsError(RadciteError):
    """A setting is missing, unknown or out of range."""


class CorpusError(RadciteError):
    """A corpus file is wrong; the message starts with ``file:line``."""

    def __init__(self, message: str, *, file: str = "", line: int | None = None) -> None:
        where = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{where}{message}")
        self.file = file
        self.line = line


class PassageIndexError(RadciteError):
    """Something is wrong with the passage index."""


class IndexMissing(PassageIndexError):
    """No passage index has been built yet."""


class IndexMismatch(PassageIndexError):
    """The passage index was built with another embedding model, dimension or passage format."""


class BuildCancelled(RadciteError):
    """Whoever started an ingestion stopped it; library and index are as they were before."""


class DocumentError(RadciteError):
    """A document could not be read; ``reason`` is one short phrase for the summary."""

    def __init__(self, document: str, reason: str) -> None:
        super().__init__(f"{document}: {reason}")
        self.document = document
        self.reason = reason


class QuestionError(RadciteError):
    """A question or an input line is malformed."""


class ModelError(RadciteError):
    """Something is wrong with the language model's endpoint or its output."""


class ModelUnavailable(ModelError):
    """The endpoint is down, slow or refuses; a retry may help."""


class ModelOutputError(ModelError):
    """The endpoint answered, but not in the agreed form."""
