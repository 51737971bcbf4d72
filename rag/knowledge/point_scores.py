"""The point scores of a table: every value of every input has its points and its fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rag.knowledge.axis import UNSTATED, Axis
from rag.knowledge.corpus_schema import FinalEntry, ScoreEntry, TableEntry
from rag.knowledge.decision_table import DecisionTable, Score, totals
from rag.knowledge.facts import unfounded
from rag.knowledge.interval import point
from rag.knowledge.yaml_file import KeyPath

if TYPE_CHECKING:
    from rag.knowledge.table_compile import Ledger


def compile_scores(entry: TableEntry, ledger: Ledger, where: KeyPath) -> tuple[Score, ...]:
    """The scores of a points table, in order; empty for other tables.

    Raises:
        CorpusError: a value has no points, points stand in no fact, an input is unknown.
    """
    inputs = {score.input for score in entry.scores}
    for at, final in enumerate(entry.final):
        if final.input not in inputs:
            ledger.fail(f"{final.input!r} is not scored here", (*where, "final", at))
    return tuple(
        _score(score, entry.final, ledger, (*where, "scores", at))
        for at, score in enumerate(entry.scores)
    )


def _score(
    entry: ScoreEntry, finals: Sequence[FinalEntry], ledger: Ledger, where: KeyPath
) -> Score:
    spec = ledger.spec(entry.input, (*where, "input"))
    exception = UNSTATED in entry.points
    atoms = (*spec.allowed, UNSTATED) if exception else spec.allowed
    if set(atoms) != set(entry.points):
        ledger.fail(f"points must be given for exactly: {', '.join(atoms)}", (*where, "points"))
    facts = _facts_by_value(entry, atoms)
    for value, ids in facts.items():
        _check_points(entry.points[value], ids, ledger, (*where, "points", value))
    return Score(
        Axis(spec, atoms, exception),
        dict(entry.points),
        facts,
        {f.value: _final_facts(f, atoms, ledger, where) for f in finals if f.input == entry.input},
    )


def _facts_by_value(entry: ScoreEntry, atoms: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    if isinstance(entry.facts, list):
        return dict.fromkeys(atoms, tuple(entry.facts))
    named = {value: entry.facts.get(value, []) for value in atoms}
    return {value: (ids,) if isinstance(ids, str) else tuple(ids) for value, ids in named.items()}


def _check_points(points: int, ids: Sequence[str], ledger: Ledger, where: KeyPath) -> None:
    facts = ledger.named(ids, where)
    if not facts:
        ledger.fail("has points but no fact", where)
    if points and unfounded([Decimal(points)], facts) is not None:
        ledger.fail(f"{points} points stand in none of its facts", where)


def _final_facts(
    entry: FinalEntry, atoms: Sequence[str], ledger: Ledger, where: KeyPath
) -> tuple[str, ...]:
    if entry.value not in atoms:
        ledger.fail(f"{entry.value!r} has no points", where)
    ledger.named(entry.facts, where)
    return tuple(entry.facts)


def points_that_occur(table: DecisionTable) -> int:
    """The mask of all totals that some combination of values reaches."""
    axis, mask = table.axes[0], 0
    everything = {score.axis.name: frozenset(_texts(score.axis)) for score in table.scores}
    for total in totals(table, everything):
        mask |= axis.mask_of_known(point(total))
    return mask


def _texts(axis: Axis) -> tuple[str, ...]:
    return tuple(atom for atom in axis.atoms if isinstance(atom, str))
