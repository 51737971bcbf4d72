"""Words of nearly one meaning: ``corpus/thesaurus.txt``, written by ``python -m ingest.thesaurus``.

A line a word: ``word: word word ...``. General English only; what medicine calls a thing stands in the
glossary. The file begins with WordNet's notice of rights. Without the file no two words are near.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rag.errors import CorpusError

FILE = "thesaurus.txt"


def load_thesaurus(path: Path) -> Mapping[str, frozenset[str]]:
    """For each word those of nearly the same meaning; nothing where there is no such file.

    Raises:
        CorpusError: a line is not of the form ``word: word ...``.
    """
    if not path.is_file():
        return {}
    near: dict[str, frozenset[str]] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        word, colon, others = line.partition(": ")
        if not colon or not others.split():
            raise CorpusError(
                "not 'word: word ...': run 'python -m ingest.thesaurus'",
                file=path.name,
                line=number,
            )
        near[word] = frozenset(others.split())
    return near
