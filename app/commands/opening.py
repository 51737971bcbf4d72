"""What several commands open, each imported when a command needs it; and their exit statuses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.corpus_labels import CorpusLabels
    from rag.answering.parts import Parts
    from rag.knowledge.shelf import Shelf

FAILED = 1
"""Exit status when something asked for did not work out, and the rest did."""
WRONG = 2
"""Exit status when nothing could be done; click uses the same for wrong usage."""
INTERRUPTED = 130


def open_parts() -> Parts:
    from rag.settings import load_settings
    from rag.wire import build

    return build(load_settings())


def home_dir() -> Path:
    from rag.settings import load_settings

    return load_settings().home_dir


def open_shelf() -> tuple[Shelf, CorpusLabels]:
    from app.corpus_labels import CorpusLabels
    from rag.knowledge.shelf import Shelf
    from rag.settings import load_settings

    shelf = Shelf.open(load_settings().corpus)
    return shelf, CorpusLabels(shelf)
