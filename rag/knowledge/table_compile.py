"""From the tables of a ``decisions.yaml`` to compiled tables, or an error that names row and cell.

Nothing is repaired: an unknown name, a number without a fact, a gap or an overlap stops the load.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from rag.knowledge.axis import Axis, Cell, make_axis, parse_cell
from rag.knowledge.corpus_schema import Cells, Management, ReadingEntry, RowEntry, TableEntry
from rag.knowledge.decision_table import (
    CATEGORY,
    POINTS,
    DecisionTable,
    Disputed,
    Given,
    Impossible,
    NotCovered,
    Outcome,
    Part,
    Row,
    See,
)
from rag.knowledge.facts import Fact, bound_unfounded, numbers_in, unfounded
from rag.knowledge.point_scores import compile_scores, points_that_occur
from rag.knowledge.table_checks import gap, overlaps, second_step_problem, unreached, unused_input
from rag.knowledge.vocabulary import DescriptorSpec, ValueSpec, Vocabulary
from rag.knowledge.yaml_file import KeyPath, YamlFile
from rag.types import Reading

OUTCOMES = ("category", "disputed", "not_covered", "impossible", "see")


@dataclass(frozen=True)
class Ledger:
    """What tables are checked against: the file, the vocabulary, facts, categories' managements."""

    file: YamlFile
    vocabulary: Vocabulary
    facts: Mapping[str, Fact]
    managements: Mapping[str, str | None]

    def fail(self, message: str, where: KeyPath) -> NoReturn:
        raise self.file.error(message, where)

    def named(self, ids: Iterable[str], where: KeyPath) -> tuple[Fact, ...]:
        """The facts with these ids."""
        ids = tuple(ids)
        for fact_id in ids:
            if fact_id not in self.facts:
                self.fail(f"no fact {fact_id!r} in facts.yaml", where)
        return tuple(self.facts[fact_id] for fact_id in ids)

    def spec(self, name: str, where: KeyPath) -> DescriptorSpec:
        """A declared descriptor, or one of the two inputs that no descriptor gives."""
        if name == CATEGORY:
            values = tuple(ValueSpec(label, label) for label in self.managements)
            return DescriptorSpec(CATEGORY, "Category", "enum", "", values=values)
        if name == POINTS:
            return DescriptorSpec(POINTS, "Points", "number", "", unit="points")
        if name not in self.vocabulary:
            self.fail(f"descriptor {name!r} is not declared in descriptors.yaml", where)
        return self.vocabulary[name]

    def cells(self, raw: Cells, allowed: Sequence[str] | None, where: KeyPath) -> dict[str, Cell]:
        """The cells of a ``when``; ``allowed`` are the table's inputs (any when ``None``)."""
        cells = {}
        for name, value in raw.items():
            if allowed is not None and name not in allowed:
                self.fail(f"{name!r} is not among the table's inputs", (*where, name))
            try:
                cells[name] = parse_cell(value, self.spec(name, (*where, name)))
            except ValueError as error:
                self.fail(f"{error}", (*where, name))
        return cells

    def text(self, entry: Management, facts: Sequence[Fact], where: KeyPath) -> str | None:
        """A management as text; a sentence of ours may only use numbers of ``facts``."""
        if entry is None:
            return None
        parts = entry if isinstance(entry, list) else [entry]
        texts = []
        for part in parts:
            if (part.say is None) == (part.fact is None):
                self.fail("needs either fact or say", where)
            if part.say is not None:
                self.founded(part.say, facts, where)
            texts.append(part.say or self._quoted(part.fact or "", part.key, where))
        return " ".join(texts)

    def _quoted(self, fact_id: str, key: str | None, where: KeyPath) -> str:
        fact = self.named([fact_id], where)[0]
        if key is None:
            return fact.fact
        text = fact.value.get(key) if isinstance(fact.value, dict) else None
        if not isinstance(text, str):
            self.fail(f"fact {fact_id!r} has no text under {key!r}", where)
        return text

    def founded(self, sentence: str, facts: Sequence[Fact], where: KeyPath) -> None:
        """Every number of a sentence of ours stands in its facts."""
        number = unfounded(numbers_in(sentence), facts)
        if number is not None:
            self.fail(f"number {number} stands in none of the facts named here", where)


def quoted_facts(entry: Management) -> tuple[str, ...]:
    """The facts that a management takes its text from."""
    parts = entry if isinstance(entry, list) else [entry] if entry else []
    return tuple(part.fact for part in parts if part.fact)


def compile_tables(entries: Sequence[TableEntry], ledger: Ledger) -> tuple[DecisionTable, ...]:
    """All tables of a guideline, in file order, and what must hold of them together.

    Raises:
        CorpusError: a cell, row or table is wrong; the message names file, line, row and cell.
    """
    positions = {entry.id: position for position, entry in enumerate(entries)}
    done: dict[str, DecisionTable] = {}
    _check_ids(entries, ledger)

    def resolve(table_id: str, asked_by: tuple[str, ...], where: KeyPath) -> DecisionTable:
        if table_id not in positions:
            ledger.fail(f"there is no table {table_id!r}", where)
        if table_id in asked_by:
            ledger.fail(f"tables go round in a circle: {' -> '.join(asked_by)}", where)
        if table_id not in done:
            chain = (*asked_by, table_id)
            position = positions[table_id]
            compiler = _Compiler(ledger, entries[position], ("tables", position))
            done[table_id] = compiler.table(lambda name, at: resolve(name, chain, at))
        return done[table_id]

    tables = tuple(resolve(entry.id, (), ("tables",)) for entry in entries)
    lost = unreached(tables)
    if lost is not None:
        message = "nothing leads to this table: no when, no after, no row that sees it"
        ledger.fail(message, ("tables", positions[lost.id]))
    for table in tables:
        problem = second_step_problem(table, positions) if table.after else None
        if problem is not None:
            ledger.fail(problem, ("tables", positions[table.id], "after"))
    return tables


def _check_ids(entries: Sequence[TableEntry], ledger: Ledger) -> None:
    seen: set[str] = set()
    for position, entry in enumerate(entries):
        for at, row in enumerate(entry.rows):
            if row.id in seen:
                ledger.fail(f"row id {row.id!r} stands twice", ("tables", position, "rows", at))
            seen.add(row.id)
    names = [entry.id for entry in entries]
    for position, name in enumerate(names):
        if name in names[:position]:
            ledger.fail(f"table id {name!r} stands twice", ("tables", position))


@dataclass(frozen=True)
class _Compiler:
    """Compiles one table; ``where`` is its place in the file."""

    ledger: Ledger
    entry: TableEntry
    where: KeyPath

    def table(self, resolve: Callable[[str, KeyPath], DecisionTable]) -> DecisionTable:
        entry = self.entry
        points = entry.kind == "points"
        if points != bool(entry.scores) or (points and entry.inputs):
            self.ledger.fail(
                "kind: points has scores and no inputs, others have no scores", self.where
            )
        inputs = [POINTS] if points else entry.inputs
        rows = tuple(self._row(at, row, inputs, resolve) for at, row in enumerate(entry.rows))
        table = DecisionTable(
            id=entry.id,
            title=entry.title,
            axes=tuple(self._axis(name, rows) for name in inputs),
            rows=rows,
            parts=tuple(self._part(at) for at in range(len(entry.parts))),
            rounded=frozenset(self._declared(entry.rounded, inputs)),
            scores=compile_scores(entry, self.ledger, self.where),
            when=self._when(),
            after=frozenset(entry.after),
        )
        self._check(table)
        return table

    def _axis(self, name: str, rows: Sequence[Row]) -> Axis:
        spec = self.ledger.spec(name, (*self.where, "inputs"))
        return make_axis(spec, (row.cells[name] for row in rows if name in row.cells))

    def _declared(self, names: Sequence[str], inputs: Sequence[str]) -> Sequence[str]:
        for name in names:
            if name not in inputs:
                self.ledger.fail(f"{name!r} is not among the table's inputs", self.where)
        return names

    def _part(self, at: int) -> Part:
        entry, where = self.entry.parts[at], (*self.where, "parts", at)
        self._declared([entry.part, entry.whole], self.entry.inputs)
        part, whole = (self.ledger.spec(name, where).label for name in (entry.part, entry.whole))
        reason = f"{part} cannot be larger than {whole[0].lower()}{whole[1:]}."
        return Part(entry.part, entry.whole, reason)

    def _when(self) -> tuple[Mapping[str, Cell], ...]:
        raw = self.entry.when
        choices = raw if isinstance(raw, list) else [raw] if raw is not None else []
        where = (*self.where, "when")
        return tuple(self.ledger.cells(choice, None, where) for choice in choices)

    def _row(
        self,
        at: int,
        entry: RowEntry,
        inputs: Sequence[str],
        resolve: Callable[[str, KeyPath], DecisionTable],
    ) -> Row:
        where = (*self.where, "rows", at)
        own = self.ledger.named(entry.facts, (*where, "facts"))
        readings = [fact for r in entry.disputed or [] for fact in r.facts]
        facts = (*own, *self.ledger.named(readings, (*where, "disputed")))
        cells = self.ledger.cells(entry.when, inputs, (*where, "when"))
        self._check_founded(entry, facts, where)
        outcome = self._outcome(entry, facts, where, resolve)
        said = (*(fact.id for fact in facts), *quoted_facts(entry.management))
        line = self.ledger.file.line(where)
        return Row(entry.id, cells, outcome, tuple(dict.fromkeys(said)), entry.note, line)

    def _check_founded(self, entry: RowEntry, facts: Sequence[Fact], where: KeyPath) -> None:
        if not facts and entry.impossible is None and entry.see is None:
            self.ledger.fail(f"row {entry.id!r} names no facts", where)
        for name, raw in entry.when.items():
            texts = raw if isinstance(raw, list) else [raw]
            if self.ledger.spec(name, where).type == "number" and entry.impossible is None:
                number = next(
                    (n for t in texts if (n := bound_unfounded(t, facts)) is not None), None
                )
                if number is not None:
                    message = f"row {entry.id!r}: number {number} stands in none of the row's facts"
                    self.ledger.fail(message, (*where, "when", name))
        for sentence in (entry.note, entry.not_covered, entry.impossible):
            if sentence:
                self.ledger.founded(sentence, facts, where)

    def _outcome(
        self,
        entry: RowEntry,
        facts: Sequence[Fact],
        where: KeyPath,
        resolve: Callable[[str, KeyPath], DecisionTable],
    ) -> Outcome:
        named = [key for key in OUTCOMES if getattr(entry, key) is not None]
        alone = not named and entry.management is not None
        if entry.remaining and entry.not_covered is None:
            self.ledger.fail(
                f"row {entry.id!r}: only a row that is not covered has remaining categories", where
            )
        if len(named) + alone != 1 or (entry.management and named not in ([], ["category"])):
            self.ledger.fail(f"row {entry.id!r} needs exactly one outcome, has {named}", where)
        if entry.see is not None:
            return See(resolve(entry.see, (*where, "see")))
        if entry.not_covered is not None:
            return NotCovered(entry.not_covered, self._remaining(entry, where))
        if entry.impossible is not None:
            return Impossible(entry.impossible)
        if entry.disputed is not None:
            return self._disputed(entry.disputed, where)
        return self._given(entry.category, entry.management, facts, where)

    def _remaining(self, entry: RowEntry, where: KeyPath) -> tuple[str, ...]:
        for label in entry.remaining:
            if label not in self.ledger.managements:
                self.ledger.fail(f"there is no category {label!r}", (*where, "remaining"))
        return tuple(entry.remaining)

    def _given(
        self, label: str | None, management: Management, facts: Sequence[Fact], where: KeyPath
    ) -> Given:
        text = self.ledger.text(management, facts, (*where, "management"))
        if label is None:
            return Given(None, text)
        if label not in self.ledger.managements:
            self.ledger.fail(f"there is no category {label!r}", (*where, "category"))
        said = " ".join(f"{fact.fact} {fact.value}" for fact in facts)
        if not re.search(rf"(?<![\w.]){re.escape(label)}(?!\w)", said):
            self.ledger.fail(f"none of the facts speaks of category {label}", (*where, "category"))
        return Given(label, text or self.ledger.managements[label])

    def _disputed(self, entries: Sequence[ReadingEntry], where: KeyPath) -> Disputed:
        readings = []
        for at, entry in enumerate(entries):
            here = (*where, "disputed", at)
            facts = self.ledger.named(entry.facts, here)
            self.ledger.founded(entry.basis, facts, here)
            given = self._given(entry.category, entry.management, facts, here)
            ids = (*entry.facts, *quoted_facts(entry.management))
            readings.append(Reading(given.category, given.management, ids, entry.basis))
        if len({(r.category, r.management) for r in readings}) == 1:
            self.ledger.fail("all readings agree; write them as one category", where)
        return Disputed(tuple(readings))

    def _check(self, table: DecisionTable) -> None:
        if unused := unused_input(table):
            self.ledger.fail(f"no row asks about {unused!r}; leave it out", (*self.where, "inputs"))
        for first, second, box in overlaps(table):
            message = f"OVERLAP: rows {first.id!r} and {second.id!r} both hold for {box}"
            self.ledger.fail(message, (*self.where, "rows", table.rows.index(second)))
        occurring = points_that_occur(table) if table.scores else None
        missing = gap(table, (occurring,) if occurring is not None else None)
        if missing is not None:
            self.ledger.fail(f"GAP: no row of table {table.id!r} holds for {missing}", self.where)
