"""One edition of a guideline in memory: its facts, categories and decision tables.

The folder's format is described in ``corpus/README.md``. Loading checks everything; a guideline
that loads has no gap, no overlap and no number without a fact.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rag.knowledge.axis import Cell, make_axis
from rag.knowledge.corpus_schema import (
    CategoryEntry,
    DecisionsFile,
    EquivalentEntry,
    GuidelineFile,
    ModifierEntry,
    UpgradeEntry,
)
from rag.knowledge.decision_table import DecisionTable, Row, See
from rag.knowledge.facts import Fact, load_facts
from rag.knowledge.interval import Interval
from rag.knowledge.table_checks import overlaps
from rag.knowledge.table_compile import Ledger, compile_tables, quoted_facts
from rag.knowledge.vocabulary import Vocabulary
from rag.knowledge.yaml_file import YamlFile, open_yaml
from rag.types import Edition

ENTRY = ""
"""The id of the table that leads to all others by their ``when``."""


@dataclass(frozen=True, slots=True)
class Category:
    """A label the guideline assigns; ``management`` is ``None`` where a later table gives it."""

    label: str
    name: str
    management: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Modifier:
    """A label that stands beside a category; ``when`` says which finding calls for it."""

    label: str
    name: str
    facts: tuple[str, ...]
    when: Mapping[str, Cell] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Nonexistent:
    """Labels that people ask for and that do not exist, with the facts that say so."""

    labels: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Equivalent:
    """How one input is read from another descriptor.

    ``pairs`` are the guideline's own threshold pairs (source, input), ascending: a source value
    from one threshold up to the next stands for the input's values between the paired thresholds.
    ``values`` maps an enum input's values to the source's bounds.
    """

    input: str
    source: str
    facts: tuple[str, ...]
    pairs: tuple[tuple[float, float], ...] = ()
    values: Mapping[str, tuple[Interval, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Features that lift some categories to another one."""

    id: str
    to: str
    source: tuple[str, ...]
    any_of: tuple[Mapping[str, Cell], ...] = field(hash=False)
    note: str = ""
    otherwise: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guideline:
    """One edition. ``entry`` leads to ``tables`` by their ``when``; ``None`` without tables.

    ``inventory`` are the facts that list all categories; ``gaps`` what the folder knowingly does
    not hold; ``names`` how a question may call it; ``family`` is shared by its editions.
    ``notice`` is a sentence that goes with every answer from this edition; ``partial`` marks an
    edition that is held only in part, so that a fuller one of its family answers first.
    """

    id: str
    edition: Edition
    full_title: str
    applies_to: str
    names: tuple[str, ...]
    family: str
    status: str
    published: str | None
    sources: tuple[str, ...]
    rights: str
    gaps: tuple[str, ...]
    facts: tuple[Fact, ...]
    categories: tuple[Category, ...]
    inventory: tuple[str, ...]
    modifiers: tuple[Modifier, ...]
    nonexistent: tuple[Nonexistent, ...]
    equivalents: tuple[Equivalent, ...]
    upgrades: tuple[Upgrade, ...]
    tables: tuple[DecisionTable, ...]
    entry: DecisionTable | None
    folder: Path
    vocabulary: Vocabulary
    notice: str | None = None
    partial: bool = False

    def __hash__(self) -> int:
        return hash((self.id, self.folder))

    @cached_property
    def _by_id(self) -> Mapping[str, Fact]:
        return {fact.id: fact for fact in self.facts}

    def fact(self, fact_id: str) -> Fact:
        """The fact with this id; ``KeyError`` where there is none."""
        return self._by_id[fact_id]

    def category(self, label: str) -> Category | None:
        """The category with this label, whatever its case."""
        wanted = label.casefold()
        return next((c for c in self.categories if c.label.casefold() == wanted), None)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the facts, in file order."""
        return tuple(dict.fromkeys(fact.section for fact in self.facts))

    def facts_in(self, section: str) -> tuple[Fact, ...]:
        return tuple(fact for fact in self.facts if fact.section == section)


def read_edition(folder: Path) -> tuple[GuidelineFile, Edition]:
    """Only ``guideline.yaml``: enough to list what is on the shelf.

    Raises:
        CorpusError: a key is missing or wrong, or the id is not the folder's name.
    """
    file = open_yaml(folder / "guideline.yaml")
    entry = file.as_model(GuidelineFile)
    if entry.id != folder.name:
        raise file.error(f"id {entry.id!r} must be the folder's name {folder.name!r}", ("id",))
    if (entry.status == "superseded") != (entry.superseded_by is not None):
        raise file.error("superseded needs superseded_by, current has none", ("status",))
    year = re.match(r"\d{4}", str(entry.published or ""))
    edition = Edition(
        guideline=entry.id,
        title=entry.title,
        edition=entry.edition,
        issuer=entry.issuer,
        year=int(year[0]) if year else None,
        superseded_by=entry.superseded_by,
        source_url=next((s.url or _doi(s.doi) for s in entry.sources if s.url or s.doi), None),
    )
    return entry, edition


def _doi(doi: str | None) -> str | None:
    return f"https://doi.org/{doi}" if doi else None


def load_guideline(folder: Path, vocabulary: Vocabulary) -> Guideline:
    """The guideline in ``folder``, checked in full.

    Raises:
        CorpusError: a file is wrong; the message names file, line, key and, in a table, the row.
    """
    entry, edition = read_edition(folder)
    facts = _facts(folder)
    file, decisions = _decisions(folder)
    ledger = Ledger(file, vocabulary, facts, {})
    categories = tuple(_category(c, i, ledger) for i, c in enumerate(decisions.categories))
    ledger = Ledger(file, vocabulary, facts, {c.label: c.management for c in categories})
    tables = compile_tables(decisions.tables, ledger)
    ledger.named(decisions.inventory, ("inventory",))
    return Guideline(
        id=entry.id,
        edition=edition,
        full_title=entry.full_title or entry.title,
        applies_to=entry.applies_to,
        names=tuple(entry.names),
        family=entry.family,
        status=entry.status,
        published=str(entry.published) if entry.published is not None else None,
        sources=tuple(_citation(s.citation, _doi(s.doi), s.url) for s in entry.sources),
        rights=entry.rights,
        gaps=tuple(entry.gaps),
        facts=tuple(facts.values()),
        categories=categories,
        inventory=tuple(decisions.inventory),
        modifiers=tuple(_modifier(m, i, ledger) for i, m in enumerate(decisions.modifiers)),
        nonexistent=_nonexistent(decisions, ledger),
        equivalents=tuple(_equivalent(e, i, ledger) for i, e in enumerate(decisions.equivalents)),
        upgrades=tuple(_upgrade(u, i, ledger) for i, u in enumerate(decisions.upgrades)),
        tables=tables,
        entry=_entry_table(tables, ledger),
        folder=folder,
        vocabulary=vocabulary,
        notice=entry.notice,
        partial=entry.partial,
    )


def _citation(*parts: str | None) -> str:
    return ". ".join(part.rstrip(".") for part in dict.fromkeys(parts) if part)


def _facts(folder: Path) -> Mapping[str, Fact]:
    """The facts; an appropriateness folder (with ``topics/``) may hold none."""
    path = folder / "facts.yaml"
    if not path.exists() and (folder / "topics").is_dir():
        return {}
    return load_facts(open_yaml(path))


def _decisions(folder: Path) -> tuple[YamlFile, DecisionsFile]:
    path = folder / "decisions.yaml"
    if not path.exists():
        return YamlFile(path, {}, {}), DecisionsFile()
    file = open_yaml(path)
    return file, file.as_model(DecisionsFile)


def _category(entry: CategoryEntry, at: int, ledger: Ledger) -> Category:
    where = ("categories", at)
    facts = ledger.named(entry.facts, where)
    text = ledger.text(entry.management, facts, (*where, "management"))
    ids = dict.fromkeys((*entry.facts, *quoted_facts(entry.management)))
    return Category(entry.label, entry.name, text, tuple(ids))


def _modifier(entry: ModifierEntry, at: int, ledger: Ledger) -> Modifier:
    where = ("modifiers", at)
    ledger.named(entry.facts, where)
    when = ledger.cells(entry.when or {}, None, (*where, "when"))
    return Modifier(entry.label, entry.name, tuple(entry.facts), when)


def _nonexistent(decisions: DecisionsFile, ledger: Ledger) -> tuple[Nonexistent, ...]:
    existing = {category.label for category in decisions.categories}
    for at, entry in enumerate(decisions.nonexistent):
        ledger.named(entry.facts, ("nonexistent", at))
        if existing & set(entry.labels):
            ledger.fail("a label that is also among the categories", ("nonexistent", at))
    return tuple(Nonexistent(tuple(e.labels), tuple(e.facts)) for e in decisions.nonexistent)


def _equivalent(entry: EquivalentEntry, at: int, ledger: Ledger) -> Equivalent:
    where = ("equivalents", at)
    facts = ledger.named(entry.facts, where)
    target, source = ledger.spec(entry.input, where), ledger.spec(entry.source, where)
    pairs = tuple((float(a), float(b)) for a, b in _pairs(entry, ledger, where))
    numbers = " ".join(f"{a:g} {b:g}" for a, b in pairs)
    ledger.founded(numbers, facts, where)
    cells = {}
    for value, raw in entry.cells.items():
        if value not in target.allowed:
            ledger.fail(f"{value!r} is not declared for {target.name}", where)
        ledger.founded(" ".join(raw if isinstance(raw, list) else [raw]), facts, where)
        cells[value] = ledger.cells({source.name: raw}, None, where)[source.name].intervals
    return Equivalent(entry.input, entry.source, tuple(entry.facts), pairs, cells)


def _pairs(
    entry: EquivalentEntry, ledger: Ledger, where: tuple[str | int, ...]
) -> Sequence[Sequence[float]]:
    ascending = sorted(entry.pairs)
    if bool(entry.pairs) == bool(entry.cells):
        ledger.fail("needs either pairs or cells", where)
    if any(len(pair) != 2 for pair in ascending) or ascending != entry.pairs:
        ledger.fail("pairs are [from, input], ascending", (*where, "pairs"))
    return ascending


def _upgrade(entry: UpgradeEntry, at: int, ledger: Ledger) -> Upgrade:
    where = ("upgrades", at)
    facts = ledger.named(entry.facts, where)
    for label in (entry.to, *entry.source):
        if label not in ledger.managements:
            ledger.fail(f"there is no category {label!r}", where)
    for sentence in (entry.note, entry.otherwise):
        ledger.founded(sentence, facts, where)
    return Upgrade(
        entry.id,
        entry.to,
        tuple(entry.source),
        tuple(ledger.cells(cells, None, (*where, "any_of")) for cells in entry.any_of),
        entry.note,
        entry.otherwise,
        tuple(entry.facts),
    )


def _entry_table(tables: Sequence[DecisionTable], ledger: Ledger) -> DecisionTable | None:
    """One row for each ``when`` of each table; rows of different tables must not overlap."""
    rows = tuple(
        Row(f"{table.id}#{at}", when, See(table), ())
        for table in tables
        for at, when in enumerate(table.when)
    )
    if not rows:
        return None
    names = dict.fromkeys(name for row in rows for name in row.cells)
    axes = tuple(
        make_axis(ledger.spec(name, ("tables",)), (r.cells[name] for r in rows if name in r.cells))
        for name in names
    )
    entry = DecisionTable(ENTRY, "", axes, rows)
    for first, second, box in overlaps(entry):
        ids = [row.id.rsplit("#")[0] for row in (first, second)]
        if ids[0] != ids[1]:
            at = next(i for i, table in enumerate(tables) if table.id == ids[1])
            message = f"OVERLAP: tables {ids[0]!r} and {ids[1]!r} are both for {box}"
            ledger.fail(message, ("tables", at, "when"))
    return entry
