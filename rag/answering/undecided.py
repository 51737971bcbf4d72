"""What to say of a finding that is still undecided: first what it can be, then what tells it apart.

    headline   Lung-RADS v2022: category 2, 4A or 4B, depending first on timing.
    then       Category 4A if timing baseline; category 4B if timing new; ...
    last       the one question that splits best

Where every category that is left leads to the same, the headline says so: the reader may not need
the missing detail at all. Nothing here is assumed; every category stands beside its condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import isinf

from rag.answering.branches import SILENT, branch_sentence, in_running_text
from rag.answering.grading import Case
from rag.knowledge.deciding import labels
from rag.knowledge.decision_table import POINTS, DecisionTable
from rag.knowledge.grade import managed
from rag.knowledge.interval import Interval


def headline(case: Case) -> str:
    """What the finding can be, in a sentence or two; empty where the text contradicts itself.

    ``K-TIRADS 2021: category 4 or 5, depending first on margin. Either way: Biopsy (larger than
    1.5 cm).``
    """
    guideline, decision = case.guideline, case.decision
    asked = _asked(case)
    if not decision.possible:
        said = f"{guideline.edition.label}: what follows depends on {asked}." if asked else ""
        return said if decision.branches else ""
    labels = _either(_labels(case), none=_may_be_silent(case))
    depends = f", depending first on {asked}" if len(decision.missing) > 1 else f", by {asked}"
    said = f"{guideline.edition.label}: category {labels}{depends if asked else ''}."
    return " ".join(filter(None, (said, _what_follows(case)[0])))


def details(case: Case) -> str:
    """Under which condition each category holds, and what would follow where that differs."""
    branches = branch_sentence(case.decision.branches)
    return " ".join(filter(None, (_so_far(case), branches, _what_follows(case)[1])))


def _labels(case: Case) -> tuple[str, ...]:
    """Every category that the finding can be, one to which a reply lifts it included (4X)."""
    found = {*case.decision.possible, *(x for b in case.decision.branches for x in b.categories)}
    return tuple(c.label for c in case.guideline.categories if c.label in found)


def _asked(case: Case) -> str:
    missing = case.decision.missing
    vocabulary = case.guideline.vocabulary
    return in_running_text(vocabulary[missing[0]].label) if missing else ""


def _may_be_silent(case: Case) -> bool:
    """Whether some reply leads out of the guideline."""
    return any(
        not branch.categories or SILENT in branch.categories for branch in case.decision.branches
    )


def _either(labels: Sequence[str], none: bool = False) -> str:
    every = [*labels, *(["none"] if none else [])]
    return " or ".join(filter(None, (", ".join(every[:-1]), every[-1])))


def _what_follows(case: Case) -> tuple[str, str]:
    """What to do for each category left, at the size that is known: where it is the same, and where
    it differs; the other is empty. A management that no size decides stands in the tables."""
    labels = _labels(case)
    follows = _managements(case, labels)
    if len(labels) < 2 or not follows:
        return "", ""
    bare = {_REASON.sub("", said) for said in follows}
    if len(bare) == 1:
        which = f"Category {_either(labels)}" if _may_be_silent(case) else "Either way"
        return f"{which}: {bare.pop()}{_reasons(labels, follows)}.", ""
    by_management: dict[str, list[str]] = {}
    for label, said in zip(labels, follows, strict=True):
        by_management.setdefault(said, []).append(label)
    if len(by_management) > _MOST_SAID or _all_general(case, labels, follows):
        return "", ""
    return "", " ".join(
        f"Category {_either(each)}: {said}." for said, each in by_management.items()
    )


def _managements(case: Case, labels: Sequence[str]) -> list[str]:
    """The management of each label, all else as described; empty where one has none."""
    told = case.finding.for_tables
    found = [managed(case.guideline, told, case.decision, label) for label in labels]
    return [said.rstrip(".") for said in found if said] if all(found) else []


def _all_general(case: Case, labels: Sequence[str], follows: Sequence[str]) -> bool:
    """Whether nothing told decides what follows beyond the category."""
    categories = map(case.guideline.category, labels)
    own = ((c.management or "").rstrip(".") if c else "" for c in categories)
    return all(said == each for said, each in zip(follows, own, strict=True))


def _reasons(labels: Sequence[str], follows: Sequence[str]) -> str:
    """`` (4: larger than 1.5 cm; 5: larger than 1.0 cm)`` where the same follows for other reasons."""
    said = [_REASON.search(each) for each in follows]
    reasons = [found[1] if found else "" for found in said]
    if not any(reasons):
        return ""
    if len(set(reasons)) == 1:
        return f" ({reasons[0]})"
    pairs = zip(labels, reasons, strict=True)
    return f" ({'; '.join(f'{label}: {reason}' for label, reason in pairs)})"


_REASON = re.compile(r" \(([^()]*)\)$")
"""What stands in brackets at a management's end says why: the bound that the size meets."""

_MOST_SAID = 3
"""More managements than this are read in the tables, not in a headline."""


def _so_far(case: Case) -> str:
    """``So far 4 points: TR4 with at most 2 more, TR5 with 3 or more.`` for a table of points."""
    tables = {table.id: table for table in case.guideline.tables}
    table = tables.get(case.decision.table)
    if table is None or not table.scores:
        return ""
    points = _points_told(case, table)
    if points is None:
        return ""
    said = ", ".join(_more_points(case, table, points))
    return f"So far {_count(points)}: {said}." if said else ""


def _points_told(case: Case, table: DecisionTable) -> int | None:
    """The points of what is known for certain; ``None`` where something is known only in part."""
    told: dict[str, set[str]] = {}
    for item in case.finding.for_tables:
        told.setdefault(item.name, set()).add(str(item.value))
    total = 0
    for score in table.scores:
        values = told.get(score.axis.name, set())
        if len(values) > 1 or not values <= set(score.points):
            return None
        total += sum(score.points[value] for value in values)
    return total


def _more_points(case: Case, table: DecisionTable, points: int) -> Iterator[str]:
    for row in table.rows:
        cell = row.cells.get(POINTS)
        named = [label for label in labels(row.outcome) if label in case.decision.possible]
        for interval in cell.intervals if cell and named else ():
            yield f"{named[0]} {_within(interval, points)}"


def _within(cell: Interval, points: int) -> str:
    """``with no more``, ``with at most 2 more``, ``with 1 to 3 more``, ``with 4 or more``."""
    low = max(0, int(cell.low) - points)
    if isinf(cell.high):
        return f"with {low} or more"
    high = int(cell.high) - points
    if not high:
        return "with no more"
    if low in (0, high):
        return f"with at most {high} more" if not low else f"with {high} more"
    return f"with {low} to {high} more"


def _count(points: int) -> str:
    return f"{points} point" if points == 1 else f"{points} points"
