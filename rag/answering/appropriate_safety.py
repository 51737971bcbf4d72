"""Facts of a referral that touch rows of the table: kidney function, contrast reaction, pregnancy.

The sentences point to the contrast and radiation facts of the shelf and name the rows they touch;
no row is hidden and no rating changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.knowledge.appropriateness import Procedure, Scenario
from rag.knowledge.facet_values import Facets

_IODINATED = ("CT", "CTA", "CTV", "CT ANGIO")
_RULES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("low_gfr", "iodinated", ("ex.ct.eGFR30",)),
    ("low_gfr", "gadolinium", ("ex.gd.I", "ex.gd.II")),
    ("dialysis", "gadolinium", ("ex.gd.I", "ex.gd.II")),
    ("contrast_allergy", "iodinated", ("ex.pm.short",)),
    ("metformin", "iodinated", ("ex.ct.met1", "ex.ct.met2")),
)
"""Condition, kind of contrast of the rows it touches, and the facts to read."""
_SAID = {
    "low_gfr": "eGFR below 30 is stated", "dialysis": "Dialysis is stated",
    "contrast_allergy": "A contrast reaction is stated", "metformin": "Metformin is stated",
}  # fmt: skip


def contrast_kind(row: Procedure) -> str | None:
    """``iodinated`` or ``gadolinium`` for a study with intravenous contrast, else ``None``."""
    name = row.vocabulary_name.upper()
    if "WITH IV" not in name:
        return None
    if name.startswith(("MR", "FUNCTIONAL")):
        return "gadolinium"
    return "iodinated" if name.startswith(_IODINATED) else None


def safety_notices(facets: Facets, scenario: Scenario, facts: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence a condition and kind of contrast; ``facts`` maps fact ids to their sentences."""
    found: list[str] = []
    for condition, kind, ids in _RULES:
        rows = [row for row in scenario.procedures if contrast_kind(row) == kind]
        told = [facts[name] for name in ids if name in facts]
        if condition in facets.conditions and rows and told:
            touched = f"touches {_some(rows)}"
            found.append(f"{_SAID[condition]}; it {touched}. {' '.join(told)}")
    if facets.pregnant and not scenario.pregnant:
        rows = [row for row in scenario.procedures if (row.rrl_adult or "O") != "O"]
        if rows:
            found.append(
                "Pregnancy is stated, but this scenario is not written for pregnancy: weigh the "
                f"radiation of {_some(rows)}."
            )
    return tuple(dict.fromkeys(found))


def _some(rows: Sequence[Procedure]) -> str:
    names = [row.name for row in rows]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
