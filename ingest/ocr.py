"""The optional way from scanned pictures to text: an installed ocrmypdf, run in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import DocumentError

RECOGNIZED = "scanned pages: the text was recognized by OCR and may hold errors"


@contextmanager
def recognized(path: Path, name: str, seconds: float) -> Iterator[Path]:
    """A copy of the PDF with a text layer; gone again when the context ends.

    Raises:
        DocumentError: ocrmypdf is not installed, fails, or takes more than ``seconds``.
    """
    command = shutil.which("ocrmypdf")
    if command is None:
        raise DocumentError(
            name, "no text layer, and ocrmypdf is not installed: install it or unset RADCITE_OCR"
        )
    with tempfile.TemporaryDirectory(prefix="radcite-ocr-") as folder:
        made = Path(folder) / "recognized.pdf"
        arguments = [
            command,
            "--skip-text",
            "--output-type",
            "pdf",
            "--quiet",
            str(path),
            str(made),
        ]
        try:
            done = subprocess.run(arguments, capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise DocumentError(name, f"OCR took more than {seconds:g} seconds") from error
        if done.returncode != 0 or not made.is_file():
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise DocumentError(name, f"OCR failed ({lines[-1][:200] if lines else 'no message'})")
        yield made
