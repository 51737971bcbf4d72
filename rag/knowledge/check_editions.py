"""What must hold between editions: successors, families, names, sources, notices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from rag.errors import CorpusError
from rag.knowledge.corpus_schema import GuidelineFile
from rag.knowledge.fault import Fault
from rag.knowledge.guideline import read_edition
from rag.knowledge.yaml_file import YamlFile, open_yaml

Entries = Mapping[str, tuple[GuidelineFile, YamlFile]]

DOI = re.compile(r"10\.\d{4,9}/\S+")
URL = re.compile(r"https://[^\s/$.?#]+\.[a-z]{2,}\S*")


def edition_faults(corpus: Path) -> list[Fault]:
    """Faults of all ``guideline.yaml`` files, alone and together."""
    entries: dict[str, tuple[GuidelineFile, YamlFile]] = {}
    found: list[Fault] = []
    for folder in sorted(path for path in corpus.iterdir() if path.is_dir()):
        if not (folder / "guideline.yaml").exists():
            if any(folder.glob("*.yaml")):
                found.append(Fault(str(folder / "guideline.yaml"), 1, "is missing"))
            continue
        try:
            entry, _ = read_edition(folder)
        except CorpusError as error:
            found.append(Fault.of(error))
        else:
            entries[folder.name] = (entry, open_yaml(folder / "guideline.yaml"))
    checks = (_successors, _two_current, _names, _sources)
    return [*found, *(fault for check in checks for fault in check(entries))]


def _at(file: YamlFile, key: str, message: str) -> Fault:
    return Fault(str(file.path), file.line((key,)), f"{key}: {message}")


def _successors(entries: Entries) -> Iterator[Fault]:
    """A superseded edition names a newer one of its family, and the chain ends."""
    for name, (entry, file) in entries.items():
        successor = entry.superseded_by
        if successor is None:
            continue
        if successor not in entries:
            yield _at(file, "superseded_by", f"'{successor}' is not on the shelf")
        elif entries[successor][0].family != entry.family:
            yield _at(file, "superseded_by", f"'{successor}' is of another family")
        elif _circular(name, entries):
            yield _at(file, "superseded_by", "the editions supersede each other in a circle")
        elif str(entries[successor][0].published or "") < str(entry.published or ""):
            yield _at(file, "superseded_by", f"'{successor}' was published before this edition")


def _circular(name: str, entries: Entries) -> bool:
    seen: set[str] = set()
    at: str | None = name
    while at is not None and at in entries and at not in seen:
        seen.add(at)
        at = entries[at][0].superseded_by
    return at is not None and at in seen


def _two_current(entries: Entries) -> Iterator[Fault]:
    """One fully held current edition a family; a partly held one beside it says so."""
    families: dict[str, str] = {}
    for name, (entry, file) in entries.items():
        if entry.partial and not entry.notice:
            yield _at(file, "partial", "an edition held in part needs a notice")
        if entry.status != "current" or entry.partial:
            continue
        if entry.family in families:
            other = families[entry.family]
            yield _at(file, "status", f"'{other}' of the same family is current too")
        families.setdefault(entry.family, name)


def _names(entries: Entries) -> Iterator[Fault]:
    """A name leads to one family, so that a question's guideline is never a matter of luck."""
    first: dict[str, tuple[str, str]] = {}
    for name, (entry, file) in entries.items():
        for alias in dict.fromkeys(a.casefold() for a in (entry.title, *entry.names)):
            family, other = first.setdefault(alias, (entry.family, name))
            if family != entry.family:
                yield _at(file, "names", f"'{alias}' is also a name of {other}")


def _sources(entries: Entries) -> Iterator[Fault]:
    for entry, file in entries.values():
        for at, source in enumerate(entry.sources):
            line = file.line(("sources", at))
            if source.doi is not None and not DOI.fullmatch(source.doi):
                yield Fault(str(file.path), line, f"sources: '{source.doi}' is no DOI")
            if source.url is not None and not URL.fullmatch(source.url):
                yield Fault(str(file.path), line, f"sources: '{source.url}' is no https address")
