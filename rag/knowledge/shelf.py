"""The shelf: every guideline of a corpus folder, loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rag.errors import CorpusError
from rag.knowledge.corpus_schema import GuidelineFile
from rag.knowledge.guideline import Guideline, load_guideline, read_edition
from rag.knowledge.vocabulary import Vocabulary, load_vocabulary
from rag.types import Edition


@dataclass(frozen=True)
class Shelf:
    """All editions by guideline id. Listing them reads only the small ``guideline.yaml`` files."""

    corpus: Path
    entries: Mapping[str, tuple[GuidelineFile, Edition]]
    _loaded: dict[str, Guideline] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, corpus: Path) -> Shelf:
        """The shelf of a corpus folder.

        Raises:
            CorpusError: the folder holds no guideline, or a ``guideline.yaml`` is wrong.
        """
        folders = sorted(path.parent for path in corpus.glob("*/guideline.yaml"))
        entries = {folder.name: read_edition(folder) for folder in folders}
        if not entries:
            raise CorpusError("holds no guideline folder", file=str(corpus))
        for name, (entry, _) in entries.items():
            if entry.superseded_by is not None and entry.superseded_by not in entries:
                message = f"superseded_by names {entry.superseded_by!r}, which is not on the shelf"
                raise CorpusError(message, file=str(corpus / name / "guideline.yaml"))
        return cls(corpus, entries)

    @property
    def ids(self) -> tuple[str, ...]:
        """Guideline ids in alphabetical order."""
        return tuple(self.entries)

    def editions(self) -> tuple[Edition, ...]:
        return tuple(edition for _, edition in self.entries.values())

    def edition(self, guideline_id: str) -> Edition:
        """The edition of a guideline, without loading its facts."""
        return self.entries[guideline_id][1]

    def notice(self, guideline_id: str) -> str:
        """The sentence shown with every answer of this edition; empty where it has none."""
        return self.entries[guideline_id][0].notice or ""

    def get(self, guideline_id: str) -> Guideline:
        """The guideline, loaded and checked at the first call and kept.

        Raises:
            KeyError: there is no such guideline.
            CorpusError: one of its files is wrong.
        """
        if guideline_id not in self._loaded:
            folder = self.corpus / self.edition(guideline_id).guideline
            self._loaded[guideline_id] = load_guideline(folder, self.vocabulary)
        return self._loaded[guideline_id]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The shared vocabulary of descriptors."""
        return load_vocabulary(self.corpus / "descriptors.yaml")

    def has_tables(self, guideline_id: str) -> bool:
        """Whether the guideline has categories or tables; asked without loading it."""
        return (self.corpus / guideline_id / "decisions.yaml").exists()

    @cached_property
    def with_topics(self) -> tuple[str, ...]:
        """Guidelines made of appropriateness topics; they have a route of their own."""
        return tuple(name for name in self.entries if (self.corpus / name / "topics").is_dir())

    @cached_property
    def families(self) -> Mapping[str, tuple[str, ...]]:
        """Guideline ids by family: current and fully held first, then the newest."""
        families: dict[str, list[str]] = {}
        for name, (entry, _) in self.entries.items():
            families.setdefault(entry.family, []).append(name)
        return {family: tuple(sorted(ids, key=self._age)) for family, ids in families.items()}

    def _age(self, guideline_id: str) -> tuple[bool, bool, int, str]:
        entry, edition = self.entries[guideline_id]
        return edition.superseded, entry.partial, -(edition.year or 0), guideline_id

    @cached_property
    def names(self) -> Mapping[str, tuple[str, ...]]:
        """Guideline ids by the names a question may use, in lower case, current editions first."""
        names: dict[str, list[str]] = {}
        for guideline_id in (i for ids in self.families.values() for i in ids):
            entry, edition = self.entries[guideline_id]
            for name in dict.fromkeys((entry.title, edition.label, *entry.names)):
                found = names.setdefault(name.casefold(), [])
                if guideline_id not in found:
                    found.append(guideline_id)
        return {name: tuple(ids) for name, ids in names.items()}
