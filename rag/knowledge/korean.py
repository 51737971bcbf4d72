"""The words of radiology in Korean, in both directions; loaded from ``corpus/korean.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml

Kind = Literal["term", "asking", "denying", "silent", "courtesy"]
_HANGUL = re.compile(r"[가-힣]")
_SECTIONS = {"terms", "asking", "denying", "silent", "courtesy", "sentences"}


@dataclass(frozen=True, slots=True)
class Form:
    """What one Korean form says: its kind and the English for it (empty where it says nothing)."""

    kind: Kind
    english: str


@dataclass(frozen=True)
class KoreanWords:
    """``forms`` by their spelling without spaces; ``korean`` gives of an English term its Korean,
    ``sentences`` of a whole sentence of the corpus, without its full stop."""

    forms: Mapping[str, Form]
    korean: Mapping[str, str]
    sentences: Mapping[str, str]

    @cached_property
    def longest(self) -> int:
        """Characters of the longest form."""
        return max(map(len, self.forms))


def is_korean(text: str) -> bool:
    """Whether a text is written in Korean: one letter in six, or more, is Hangul.

    >>> is_korean("9mm 고형 결절"), is_korean("9 mm solid nodule")
    (True, False)
    """
    hangul = len(_HANGUL.findall(text))
    return hangul > 1 and hangul * 6 >= sum(letter.isalpha() for letter in text)


def load_korean(path: Path) -> KoreanWords:
    """The words in ``path``.

    Raises:
        CorpusError: a section is missing, or one form stands under two English terms.
    """
    data = read_yaml(path)
    if not isinstance(data, Mapping) or set(data) != _SECTIONS:
        raise CorpusError(
            f"needs exactly the sections {', '.join(sorted(_SECTIONS))}", file=str(path)
        )
    forms: dict[str, Form] = {}
    korean: dict[str, str] = {}
    for written, form, first in _entries(cast(Mapping[str, object], data)):
        key = compact(written)
        known = forms.get(key)
        if known and known != form and form.kind not in ("silent", "courtesy"):
            raise CorpusError(f"{written!r} stands under two meanings", file=str(path))
        forms.setdefault(key, form)
        if first and form.kind == "term":
            korean[form.english.lower()] = written
    sentences = cast(Mapping[str, str], data["sentences"])
    return KoreanWords(forms, korean, {key.rstrip("."): sentences[key] for key in sentences})


def compact(text: str) -> str:
    """The spelling by which forms are looked up: lower case, no spaces."""
    return re.sub(r"\s+", "", text).lower()


def _entries(data: Mapping[str, object]) -> Iterator[tuple[str, Form, bool]]:
    for kind in ("terms", "asking"):
        for english, listed in cast(Mapping[str, object], data[kind]).items():
            form = Form("term" if kind == "terms" else "asking", str(english))
            for place, written in enumerate(str(listed).split("|")):
                yield written.strip(), form, place == 0
    for kind in ("denying", "silent", "courtesy"):
        for spelled in cast(list[object], data[kind]):
            yield str(spelled), Form(cast(Kind, kind), ""), False
