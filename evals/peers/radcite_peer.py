"""radcite itself in the same race: once on the same PDFs alone, once as it is delivered."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from evals.errors import EvaluationError
from rag.settings import Settings


def ingest(home: Path, documents: Sequence[Path], settings: Settings) -> None:
    """Index the built-in guidelines and the documents in ``home``, as a user does.

    Raises:
        EvaluationError: the command failed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RADCITE_")}
    chosen = {
        "RADCITE_HOME": str(home),
        "RADCITE_CORPUS": str(settings.corpus),
        "RADCITE_EMBEDDING_MODEL": settings.embedding_model,
    }
    command = [str(Path(sys.executable).parent / "radcite"), "ingest", *map(str, documents)]
    done = subprocess.run(command, env=kept | chosen, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EvaluationError(f"radcite ingest failed: {done.stderr[-600:] or done.stdout[-600:]}")
