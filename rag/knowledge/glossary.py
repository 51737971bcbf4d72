"""The glossary: words a reader may use, what they say, and what else to search for.

Loaded from ``corpus/glossary.yaml`` (its format stands in the file's head). Every descriptor and
value named there must be declared in ``corpus/descriptors.yaml``; the loader rejects anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from rag.errors import CorpusError
from rag.knowledge.phrases import Mention, PhraseBook
from rag.knowledge.spelling import SlipReader
from rag.knowledge.vocabulary import Vocabulary
from rag.knowledge.words import fold
from rag.knowledge.yaml_file import read_yaml

Organ = str
"""``lung``, ``thyroid`` or ``breast``."""

ROLE = "@"
"""Layers that start with this are parts of a sentence, not descriptors."""

GRAMMAR_ONLY = "_"
"""Values that start with this help the grammar and are never handed to a table."""

_ENGLISH = re.compile(r"[a-z]+")

_SECTIONS = frozenset(
    "organs organ_words descriptors negated sharper may_mean alike roles synonyms"
    " not_misspelt".split()
)


@dataclass(frozen=True)
class Glossary:
    """Phrases, the organs that descriptors belong to, and groups of words that mean the same.

    ``negated[descriptor][value]`` is what the negation of a value means; ``sharper`` names values
    that only make others more exact, ``alike`` groups values that no table tells apart, and
    ``may_mean`` lists what a half-said value may be.
    """

    book: PhraseBook
    organs: Mapping[str, Organ]
    negated: Mapping[str, Mapping[str, str]]
    sharper: Mapping[str, Mapping[str, tuple[str, ...]]]
    may_mean: Mapping[str, Mapping[str, tuple[str, ...]]]
    alike: Mapping[str, tuple[tuple[str, ...], ...]]
    synonyms: tuple[tuple[str, ...], ...]
    not_misspelt: frozenset[str] = frozenset()

    @cached_property
    def slips(self) -> SlipReader:
        """Reads a word of the grammar that was typed with a slip of the hand."""
        words = {word for phrase in self.book.terms for word in _ENGLISH.findall(fold(phrase))}
        return SlipReader(frozenset(words), self.not_misspelt)

    def mentions(self, folded: str) -> tuple[Mention, ...]:
        """What the phrases of a folded text say, in order; roles included."""
        return self.book.find(folded)

    def organ_of(self, descriptor: str) -> Organ | None:
        """The organ that alone uses this descriptor, ``None`` where several do."""
        return self.organs.get(descriptor)

    def same_to_tables(self, descriptor: str, first: str, second: str) -> bool:
        """Whether two values are one to every table."""
        groups = self.alike.get(descriptor, ())
        return first == second or any(first in group and second in group for group in groups)

    def search_terms(self, text: str) -> tuple[str, ...]:
        """Other words for what ``text`` names: English for Korean, long forms for short ones."""
        found = {mention.value for mention in self._synonym_book.find(fold(text))}
        said = fold(text)
        groups = (self.synonyms[int(index)] for index in sorted(found, key=int))
        return tuple(
            dict.fromkeys(term for group in groups for term in group if fold(term) not in said)
        )

    def named_things(self, text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What ``text`` names of the synonyms: the words it says it in, and all names of it."""
        folded = fold(text)
        return tuple(
            (folded[mention.span[0] : mention.span[1]], self.synonyms[int(mention.value)])
            for mention in self._synonym_book.find(folded)
        )

    @cached_property
    def _synonym_book(self) -> PhraseBook:
        groups = enumerate(self.synonyms)
        return PhraseBook((term, (f"{i}", f"{i}")) for i, group in groups for term in group)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Every word of the glossary: the vocabulary of the field, for telling what is off topic."""
        phrases = self.book.terms | self._synonym_book.terms
        return frozenset(word for phrase in phrases for word in fold(phrase).split())


def load_glossary(path: Path, vocabulary: Vocabulary) -> Glossary:
    """The glossary in ``path``, checked against the vocabulary.

    Raises:
        CorpusError: the file is not YAML, a section or value is unknown or a phrase malformed.
    """
    data = _sections(path)
    entries = tuple(_entries(path, data, vocabulary))
    try:
        book = PhraseBook(entries)
    except ValueError as error:
        raise CorpusError(f"{error}; correct the phrase", file=str(path)) from error
    organs = _lists(data["organs"])
    return Glossary(
        book=book,
        organs={name: organ for organ, names in organs.items() for name in names},
        negated={name: _texts(values) for name, values in _maps(data["negated"]).items()},
        sharper={name: _lists(values) for name, values in _maps(data["sharper"]).items()},
        may_mean={name: _lists(values) for name, values in _maps(data["may_mean"]).items()},
        alike={name: _groups(values) for name, values in _items(data["alike"])},
        synonyms=_groups(data["synonyms"]),
        not_misspelt=frozenset(str(word) for word in _rows(data["not_misspelt"])),
    )


def _sections(path: Path) -> Mapping[str, object]:
    data = read_yaml(path)
    if not isinstance(data, Mapping) or set(data) != _SECTIONS:
        raise CorpusError(
            f"needs exactly the sections {', '.join(sorted(_SECTIONS))}", file=str(path)
        )
    return cast(Mapping[str, object], data)


def _entries(
    path: Path, data: Mapping[str, object], vocabulary: Vocabulary
) -> Iterator[tuple[str, tuple[str, str]]]:
    for name, values in _maps(data["descriptors"]).items():
        for value, phrases in _lists(values).items():
            _check_declared(path, vocabulary, name, value)
            yield from ((phrase, (name, value)) for phrase in phrases)
    for role, phrases in _lists(data["roles"]).items():
        yield from ((phrase, (f"{ROLE}{role}", role)) for phrase in phrases)
    for organ, strengths in _maps(data["organ_words"]).items():
        for strength, phrases in _lists(strengths).items():
            yield from ((phrase, (f"{ROLE}{organ}", strength)) for phrase in phrases)


def _check_declared(path: Path, vocabulary: Vocabulary, name: str, value: str) -> None:
    if name not in vocabulary.names:
        raise CorpusError(
            f"descriptor {name!r} is not declared in descriptors.yaml", file=str(path)
        )
    if value not in vocabulary[name].allowed and not value.startswith(GRAMMAR_ONLY):
        raise CorpusError(
            f"{name}: value {value!r} is not declared in descriptors.yaml", file=str(path)
        )


def _maps(value: object) -> Mapping[str, Mapping[str, object]]:
    return {str(key): cast(Mapping[str, object], inner or {}) for key, inner in _items(value)}


def _lists(value: object) -> Mapping[str, tuple[str, ...]]:
    return {str(key): tuple(str(item) for item in _rows(inner)) for key, inner in _items(value)}


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(item) for item in group) for group in _rows(value))


def _texts(value: object) -> Mapping[str, str]:
    return {str(key): str(inner) for key, inner in _items(value)}


def _items(value: object) -> Sequence[tuple[str, object]]:
    return (
        tuple((str(key), inner) for key, inner in value.items())
        if isinstance(value, Mapping)
        else ()
    )


def _rows(value: object) -> Sequence[Sequence[object]]:
    return cast(Sequence[Sequence[object]], value) if isinstance(value, list) else ()
