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


_NOTES: tuple[tuple[str, str, str, bool], ...] = (
    ("contrast_allergy", "iodinated", "contrast reaction stated", True),
    ("low_gfr", "iodinated", "eGFR below 30 stated", True),
    ("gadolinium_contraindicated", "gadolinium", "gadolinium contraindication stated", True),
    ("mri_contraindicated", "mri", "MRI contraindication stated", True),
    ("dialysis", "gadolinium", "dialysis stated", False),
    ("metformin", "iodinated", "metformin stated", False),
    ("pacemaker", "mri", "pacemaker stated", False),
)
"""Condition, kind of the rows it touches, what stands beside them, and whether they come later in their band."""
PREGNANCY_NOTE = "pregnancy stated: radiation"


def notes_beside(facets: Facets, scenario: Scenario) -> Mapping[Procedure, str]:
    """What the question states that touches a row, by row; only rows that something touches."""
    found: dict[Procedure, str] = {}
    for row in scenario.procedures:
        said = [
            note
            for condition, kind, note, _ in _NOTES
            if condition in facets.conditions and _is(row, kind)
        ]
        if _weighs_radiation(facets, scenario, row):
            said.append(PREGNANCY_NOTE)
        if said:
            found[row] = "; ".join(said)
    return found


def later_in_band(facets: Facets, scenario: Scenario) -> frozenset[Procedure]:
    """Rows that a stated fact speaks against, so that they come after the others of their band."""
    return frozenset(
        row
        for row in scenario.procedures
        if _weighs_radiation(facets, scenario, row)
        or any(later and c in facets.conditions and _is(row, kind) for c, kind, _, later in _NOTES)
    )


def _is(row: Procedure, kind: str) -> bool:
    if kind == "mri":
        return row.vocabulary_name.upper().startswith(("MR", "FUNCTIONAL"))
    return contrast_kind(row) == kind


def _weighs_radiation(facets: Facets, scenario: Scenario, row: Procedure) -> bool:
    return bool(facets.pregnant) and not scenario.pregnant and (row.rrl_adult or "O") != "O"


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
