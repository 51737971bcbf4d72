"""``radcite corpus check``: everything the corpus promises, checked; each fault names file and line.

Loading already rejects what would make an answer wrong (schema, tables with gaps or overlaps,
numbers without a fact). Here every file is loaded, so that one fault does not hide the others, and
what no single file can know is checked on top: editions, links, ids and names across the shelf,
ratings, drug doses, comparisons between editions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rag.errors import CorpusError
from rag.knowledge.check_editions import edition_faults
from rag.knowledge.check_facts import fact_faults, id_faults
from rag.knowledge.check_topics import topic_faults
from rag.knowledge.clinical_terms import load_clinical_terms
from rag.knowledge.edition_diff import load_changes, since
from rag.knowledge.fact_questions import question_faults
from rag.knowledge.fault import Fault
from rag.knowledge.glossary import load_glossary
from rag.knowledge.guideline import Guideline, load_guideline
from rag.knowledge.vocabulary import Vocabulary, load_vocabulary

Loaded = TypeVar("Loaded")

DESCRIPTORS, GLOSSARY, TERMS = "descriptors.yaml", "glossary.yaml", "clinical_terms.yaml"
KNOWN_FILES = frozenset(
    "guideline.yaml facts.yaml decisions.yaml changes.yaml procedures.yaml referrals.yaml".split()
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read and what was found; ``faults`` are in the order of the files."""

    editions: int
    facts: int
    rows: int
    topics: int
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        return not self.faults


def check_corpus(corpus: Path) -> Checked:
    """Every file of a corpus folder, checked alone and together; raises nothing."""
    found: list[Fault] = []
    vocabulary = _try(found, load_vocabulary, corpus / DESCRIPTORS)
    found += _word_lists(corpus, vocabulary)
    found += edition_faults(corpus)
    folders = sorted(path.parent for path in corpus.glob("*/guideline.yaml"))
    guidelines: list[Guideline] = []
    topics = 0
    for folder in folders:
        found += _strange_files(folder)
        read, wrong = topic_faults(folder)
        topics += read
        found += wrong
        if vocabulary is not None:
            guidelines += _guideline(found, folder, vocabulary)
    found += id_faults(guidelines)
    found += (fault for guideline in guidelines for fault in fact_faults(guideline))
    found += _changes(guidelines)
    found += question_faults(corpus, {f.id for guideline in guidelines for f in guideline.facts})
    rows = sum(len(table.rows) for guideline in guidelines for table in guideline.tables)
    facts = sum(len(guideline.facts) for guideline in guidelines)
    return Checked(len(folders), facts, rows, topics, tuple(sorted(set(found))))


def _try(found: list[Fault], load: Callable[..., Loaded], *arguments: object) -> Loaded | None:
    """The loaded thing, or ``None`` with the fault among ``found``."""
    try:
        return load(*arguments)
    except CorpusError as error:
        found.append(Fault.of(error))
        return None


def _guideline(found: list[Fault], folder: Path, vocabulary: Vocabulary) -> list[Guideline]:
    guideline = _try(found, load_guideline, folder, vocabulary)
    return [] if guideline is None else [guideline]


def _word_lists(corpus: Path, vocabulary: Vocabulary | None) -> list[Fault]:
    """Faults of the glossary and of the clinical terms; both may be left out of a small corpus."""
    found: list[Fault] = []
    if vocabulary is not None and (corpus / GLOSSARY).exists():
        _try(found, load_glossary, corpus / GLOSSARY, vocabulary)
    if (corpus / TERMS).exists():
        _try(found, load_clinical_terms, corpus / TERMS)
    return found


def _strange_files(folder: Path) -> Iterator[Fault]:
    """A misspelt file name would be left unread in silence."""
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in KNOWN_FILES:
            allowed = ", ".join(sorted(KNOWN_FILES))
            yield Fault(str(path), 1, f"is not read; a guideline folder holds {allowed}")


def _changes(guidelines: list[Guideline]) -> list[Fault]:
    found: list[Fault] = []
    by_id = {guideline.id: guideline for guideline in guidelines}
    for guideline in guidelines:
        before = _try(found, since, guideline.folder)
        if before in by_id:
            _try(found, load_changes, guideline, by_id[before])
        elif before is not None and not (guideline.folder.parent / before).is_dir():
            where = str(guideline.folder / "changes.yaml")
            found.append(Fault(where, 1, f"since names '{before}', which is not on the shelf"))
    return found
