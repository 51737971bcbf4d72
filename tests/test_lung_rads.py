"""Lung-RADS v2022 against a second implementation, written from the fact sheet and not from the tables.

The second implementation is plain thresholds and ifs. It returns what the sheet settles: a category,
a set of two readings where sources differ, or ``None`` where the table is silent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.types import Decision, Descriptor, Scalar

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
SIZES = (
    0.5, 3.0, 3.9, 4.0, 4.1, 5.0, 5.9, 6.0, 6.1, 7.0, 7.9, 8.0, 8.1, 9.9, 10.0, 12.0,
    14.9, 15.0, 15.1, 20.0, 29.9, 30.0, 30.1, 45.0,
)  # fmt: skip
TIMINGS = ("baseline", "new", "growing", "slow_growing", "stable", "smaller")
PAIRS = ((4, 34), (6, 113), (8, 268), (10, 524), (15, 1767), (30, 14137))
Said = str | frozenset[str] | None


@cache
def lung() -> Guideline:
    return Shelf.open(CORPUS).get("lung_rads_v2022")


def graded(**values: Scalar) -> Decision:
    vocabulary = lung().vocabulary
    read = [Descriptor(name, v, vocabulary[name].unit, "", (0, 0)) for name, v in values.items()]
    return grade(lung(), read)


def outcome(decision: Decision) -> Said:
    """A decision in the terms of the second implementation."""
    if decision.category is not None:
        return decision.category
    if decision.readings:
        return frozenset(reading.category or "" for reading in decision.readings)
    assert decision.not_covered or decision.missing, decision
    return None


def said(**values: Scalar) -> Said:
    """What radcite says where everything needed is known."""
    decision = graded(**values)
    assert not decision.missing, decision
    return outcome(decision)


# --- The second implementation ---


def steps(size: float, bounds: tuple[float, ...], labels: tuple[str, ...]) -> str:
    """The label of the class that a size falls in; a bound belongs to the class above it."""
    return labels[bisect_right(bounds, size)]


def baseline_solid(size: float) -> str:
    return steps(size, (6, 8, 15), ("2", "3", "4A", "4B"))


def solid(timing: str, size: float) -> Said:
    if timing == "baseline":
        return baseline_solid(size)
    if timing == "new":
        return steps(size, (4, 6, 8), ("2", "3", "4A", "4B"))
    if timing == "growing":
        return steps(size, (8,), ("4A", "4B"))
    if timing == "slow_growing":
        return "4B"
    if timing == "stable":
        readings = frozenset({"2", baseline_solid(size)})
        return "2" if len(readings) == 1 else readings
    return None


def part_solid(timing: str, size: float, core: float, core_timing: str | None) -> Said:
    changed = core_timing in ("new", "growing")
    if timing == "slow_growing":
        return "4B"
    if timing == "baseline":
        return "2" if size < 6 else steps(core, (6, 8), ("3", "4A", "4B"))
    if timing == "new":
        by_new = steps(core, (4,), ("4A", "4B"))
        by_baseline = "3" if size < 6 else steps(core, (6, 8), ("3", "4A", "4B"))
        if size < 6:
            by_new = "3" if core < 4 else "4B"
        readings = frozenset({by_new, by_baseline})
        return by_new if len(readings) == 1 else readings
    if not changed:
        return None
    if core >= 4:
        return "4B"
    return "4A" if size >= 6 else None


def non_solid(timing: str, size: float) -> Said:
    if size < 30:
        return "2"
    if timing in ("stable", "slow_growing"):
        return "2"
    return "3" if timing in ("baseline", "new") else None


# --- Nodules ---


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("size", SIZES)
def test_solid(timing: str, size: float) -> None:
    found = said(finding="nodule", nodule_type="solid", timing=timing, mean_diameter=size)
    assert found == solid(timing, size)


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("size", SIZES)
def test_non_solid(timing: str, size: float) -> None:
    found = said(finding="nodule", nodule_type="non_solid", timing=timing, mean_diameter=size)
    assert found == non_solid(timing, size)


@pytest.mark.parametrize("timing", TIMINGS)
def test_part_solid(timing: str) -> None:
    """Every size with every core that fits in it, and every change of the core that can be."""
    changes = {"baseline": (None,), "new": (None, "new"), "growing": ("new", "growing", "stable")}
    for size, core in product(SIZES, SIZES):
        for change in changes.get(timing, (None, "new", "growing", "stable")):
            if core > size:
                continue
            known: dict[str, Scalar] = {"mean_diameter": size, "solid_component": core}
            known |= {"solid_component_timing": change} if change else {}
            found = said(finding="nodule", nodule_type="part_solid", timing=timing, **known)
            assert found == part_solid(timing, size, core, change), (size, core, change)


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize(("mm", "mm3"), PAIRS)
@pytest.mark.parametrize("nodule_type", ["solid", "non_solid"])
def test_volumes_have_the_same_thresholds(timing: str, mm: int, mm3: int, nodule_type: str) -> None:
    """A volume on a threshold is its diameter; one below it lies in the class below."""
    where = {"finding": "nodule", "nodule_type": nodule_type, "timing": timing}
    assert said(**where, volume=float(mm3)) == said(**where, mean_diameter=float(mm))
    assert said(**where, volume=mm3 - 1.0) == said(**where, mean_diameter=mm - 0.1)


@pytest.mark.parametrize(
    ("nodule_type", "timing"),
    [("solid", "growing"), ("part_solid", "growing"), ("non_solid", "stable")],
)
def test_a_ground_glass_nodule_that_gains_a_solid_part_is_part_solid(
    nodule_type: str, timing: str
) -> None:
    if nodule_type == "solid":
        return
    for size, core in ((12.0, 3.0), (12.0, 4.0), (5.0, 3.0), (40.0, 20.0)):
        known: dict[str, Scalar] = {"mean_diameter": size, "solid_component": core}
        found = said(
            finding="nodule",
            nodule_type=nodule_type,
            timing=timing,
            solid_component_timing="new",
            **known,
        )
        assert found == part_solid("growing", size, core, "new")


def test_a_new_small_part_solid_nodule_is_3_by_its_own_row() -> None:
    decision = graded(finding="nodule", nodule_type="part_solid", timing="new", mean_diameter=5.0)
    assert decision.category == "3"
    assert "4 mm or more" in decision.notes[0]
    with_core = graded(
        finding="nodule",
        nodule_type="part_solid",
        timing="new",
        mean_diameter=5.0,
        solid_component=4.5,
    )
    assert outcome(with_core) == frozenset({"3", "4B"})


# --- Juxtapleural nodules ---

MARGINS = ("smooth", "lobulated", "irregular", "spiculated", "ill_defined")
SHAPES = ("oval", "lentiform", "triangular", "round", "polygonal", "irregular")


@pytest.mark.parametrize("timing", TIMINGS)
def test_juxtapleural(timing: str) -> None:
    for size, margin, shape in product((3.0, 7.0, 9.9, 10.0, 16.0), MARGINS, SHAPES):
        typical = size < 10 and timing in ("baseline", "new")
        typical = typical and margin == "smooth" and shape in SHAPES[:3]
        expected = "2" if typical else solid(timing, size)
        if margin == "spiculated" and isinstance(expected, str) and expected in ("3", "4A", "4B"):
            expected = "4X"
        if margin == "spiculated" and isinstance(expected, frozenset):
            expected = frozenset(
                "4X" if label in ("3", "4A", "4B") else label for label in expected
            )
        found = said(finding="juxtapleural_nodule", nodule_type="solid", timing=timing,
                     mean_diameter=size, margin=margin, shape=shape)  # fmt: skip
        assert found == expected, (size, margin, shape)


def test_a_juxtapleural_nodule_of_10_mm_needs_no_shape() -> None:
    assert (
        said(
            finding="juxtapleural_nodule",
            nodule_type="solid",
            timing="baseline",
            mean_diameter=10.0,
        )
        == "4A"
    )
    open_shape = graded(
        finding="juxtapleural_nodule", nodule_type="solid", timing="baseline", mean_diameter=8.0
    )
    assert open_shape.possible == ("2", "4A")
    assert set(open_shape.missing) == {"margin", "shape"}
    for nodule_type in ("part_solid", "non_solid"):
        decision = graded(finding="juxtapleural_nodule", nodule_type=nodule_type, timing="baseline",
                          mean_diameter=8.0, solid_component=3.0, margin="smooth", shape="oval")  # fmt: skip
        assert decision.category == ("3" if nodule_type == "part_solid" else "2")


# --- Airway nodules, cysts, infection, incomplete, nothing ---

AIRWAY: Mapping[tuple[str, str], Said] = {
    ("subsegmental", "baseline"): "2", ("subsegmental", "new"): "2", ("subsegmental", "stable"): "2",
    ("subsegmental", "growing"): None, ("subsegmental", "slow_growing"): None, ("subsegmental", "smaller"): None,
    ("proximal", "baseline"): "4A", ("proximal", "new"): "4A", ("proximal", "stable"): "4B",
    ("proximal", "growing"): "4B", ("proximal", "slow_growing"): "4B", ("proximal", "smaller"): None,
}  # fmt: skip


@pytest.mark.parametrize(("level", "timing"), AIRWAY)
def test_airway(level: str, timing: str) -> None:
    where = {"finding": "airway_nodule", "airway_level": level, "timing": timing}
    assert said(**where) == AIRWAY[level, timing]
    assert said(**where, prior_category="4A", followup_months=3.0) == AIRWAY[level, timing]
    assert (
        said(**where, secretions="present", obstructing_nodule="present") == AIRWAY[level, timing]
    )


CASES: list[tuple[dict[str, Scalar], Said]] = [
    ({"finding": "airway_nodule", "airway_level": "proximal", "secretions": "present", "obstructing_nodule": "absent"}, "2"),
    ({"finding": "airway_nodule", "tubular_opacities": "present", "obstructing_nodule": "absent"}, frozenset({"0", "2"})),
    ({"finding": "no_nodule"}, "1"),
    ({"finding": "nodule", "calcification": "popcorn", "mean_diameter": 22.0}, "1"),
    ({"finding": "nodule", "fat": "present"}, "1"),
    ({"finding": "nodule", "calcification": "other", "nodule_type": "solid", "timing": "baseline", "mean_diameter": 9.0}, "4A"),
    ({"finding": "incomplete_exam", "incomplete_reason": "prior_pending"}, "0"),
    ({"finding": "incomplete_exam", "incomplete_reason": "not_evaluable"}, "0"),
    ({"finding": "incomplete_exam"}, "0"),
    ({"finding": "infection"}, "0"),
    ({"finding": "infection", "infection_sign": "consolidation"}, "0"),
    ({"finding": "infection", "infection_sign": "large_new_solid"}, "0"),
    ({"finding": "infection", "infection_sign": "tree_in_bud", "nodule_type": "non_solid", "mean_diameter": 12.0}, "2"),
    ({"finding": "nodule", "resolved": "present"}, None),
    ({"finding": "cyst", "timing": "baseline", "cyst_wall": "thin", "loculation": "unilocular"}, None),
    ({"finding": "cyst", "timing": "baseline", "cyst_wall": "thick"}, "4A"),
    ({"finding": "cyst", "timing": "baseline", "cyst_wall": "thin", "loculation": "multilocular"}, "4A"),
    ({"finding": "cyst", "timing": "baseline", "cyst_wall_thickness": 2.0}, "4A"),
    ({"finding": "cyst", "timing": "baseline", "cyst_wall_thickness": 1.9, "loculation": "unilocular"}, None),
    ({"finding": "cyst", "cyst_change": "became_multilocular", "cyst_wall": "thin"}, "4A"),
    ({"finding": "cyst", "cyst_change": "became_multilocular", "cyst_wall": "thick"}, "4A"),
    ({"finding": "cyst", "cyst_change": "growing_cavity", "cyst_wall": "thick"}, "3"),
    ({"finding": "cyst", "cyst_change": "growing_cavity", "cyst_wall": "thin", "loculation": "unilocular"}, None),
    ({"finding": "cyst", "cyst_change": "growing_cavity", "loculation": "multilocular"}, "4B"),
    ({"finding": "cyst", "cyst_change": "growing_wall", "cyst_wall": "thick"}, "4B"),
    ({"finding": "cyst", "cyst_change": "growing_multilocular", "cyst_wall": "thin", "loculation": "multilocular"}, "4B"),
    ({"finding": "cyst", "cyst_change": "more_loculation"}, "4B"),
    ({"finding": "cyst", "cyst_change": "more_opacity", "loculation": "multilocular"}, "4B"),
    ({"finding": "cyst", "cyst_change": "more_opacity", "loculation": "unilocular"}, None),
    ({"finding": "cyst", "cyst_content": "fluid", "cyst_wall": "thick"}, None),
    ({"finding": "cyst", "cyst_number": "multiple"}, None),
    ({"finding": "cyst", "cyst_nodule": "present"}, None),
    ({"finding": "nodule", "cavitary_nodule": "present", "timing": "baseline", "mean_diameter": 9.0}, "4A"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "expected"), CASES)
def test_other_findings(values: dict[str, Scalar], expected: Said) -> None:
    assert said(**values) == expected


@pytest.mark.parametrize(
    ("reason", "management"),
    [
        ("prior_pending", "Await comparison with the earlier chest CT"),
        ("not_evaluable", "Additional screening CT images"),
    ],
)
def test_category_0_is_managed_by_its_reason(reason: str, management: str) -> None:
    assert graded(finding="incomplete_exam", incomplete_reason=reason).management == management
    assert graded(finding="infection").management == "LDCT in 1-3 months"


# --- Stepped follow-up ---


def stepped(prior: str, timing: str, months: float) -> Said:
    """3 -> 2 at 6 months, 4A -> 3 at 3 months, 4B stays; the growing rows where it grew."""
    if timing in ("growing", "slow_growing", "new"):
        return solid(timing, 9.0)
    if prior in ("0", "1", "2"):
        return solid(timing, 9.0)
    if prior == "3":
        return "2" if months >= 6 else None
    if prior == "4A":
        return "3" if months >= 3 else None
    return "4B" if prior == "4B" else None


@pytest.mark.parametrize("finding", ["nodule", "prior_category", "juxtapleural_nodule"])
def test_stepping(finding: str) -> None:
    for prior, timing, months in product(
        "0 1 2 3 4A 4B 4X".split(), TIMINGS[1:], (1.0, 2.9, 3.0, 4.0, 5.9, 6.0, 12.0)
    ):
        found = said(finding=finding, prior_category=prior, timing=timing, followup_months=months,
                     nodule_type="solid", mean_diameter=9.0)  # fmt: skip
        assert found == stepped(prior, timing, months), (prior, timing, months)


def test_stepping_needs_the_interval_and_no_size() -> None:
    decision = graded(finding="prior_category", prior_category="4A", timing="stable")
    assert decision.missing == ("followup_months",)
    assert said(finding="prior_category", prior_category="4B", timing="stable") == "4B"
    assert said(finding="prior_category", prior_category="4B", proven_benign="present") == "2"
    assert said(finding="prior_category", prior_category="3", resolved="present") is None


def test_a_cyst_takes_the_same_steps() -> None:
    where = {"finding": "cyst", "cyst_change": "stable"}
    assert said(**where, prior_category="4A", followup_months=4.0) == "3"
    assert said(**where, prior_category="3", followup_months=6.0) == "2"
    assert said(**where, prior_category="4B") == "4B"
    assert said(finding="cyst", prior_category="4A", cyst_change="more_loculation") == "4B"


def test_a_baseline_has_no_earlier_category() -> None:
    decision = graded(finding="prior_category", prior_category="4A", timing="baseline")
    assert decision.category is None
    assert decision.missing
    assert "no earlier category" in decision.notes[0]


# --- Category 4X and modifier S ---

FEATURES: list[dict[str, Scalar]] = [
    {"spiculation": "present"},
    {"margin": "spiculated"},
    {"lymphadenopathy": "present"},
    {"metastasis": "present"},
    {"suspicious_features": "present"},
]


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("nodule_type", ["solid", "non_solid"])
def test_features_lift_3_and_4_only(
    feature: dict[str, Scalar], size: float, nodule_type: str
) -> None:
    where: dict[str, Scalar] = {
        "finding": "nodule",
        "nodule_type": nodule_type,
        "timing": "baseline",
        "mean_diameter": size,
    }
    base = said(**where)
    decision = graded(**where, **feature)
    assert decision.category == ("2" if base == "2" else "4X")
    assert "lr22.cat4X.base" in decision.fact_ids
    assert decision.notes
    if base != "2":
        assert decision.notes[0] == f"Category {base} without these features."
        assert (decision.management or "").startswith(
            "Same pathway as category 4B. Clinical referral"
        )


def test_doubling_counts_for_ground_glass_only() -> None:
    where: dict[str, Scalar] = {
        "finding": "nodule",
        "mean_diameter": 31.0,
        "timing": "baseline",
        "doubling": "present",
    }
    assert said(**where, nodule_type="non_solid") == "4X"
    assert said(**where, nodule_type="solid") == "4B"


def test_absent_features_lift_nothing() -> None:
    where: dict[str, Scalar] = {
        "finding": "nodule",
        "nodule_type": "solid",
        "timing": "baseline",
        "mean_diameter": 9.0,
    }
    assert said(**where, spiculation="absent", suspicious_features="absent") == "4A"


def test_s_is_a_modifier_beside_the_category() -> None:
    decision = graded(finding="no_nodule", significant_finding="present")
    assert decision.category == "1"
    assert any(note.startswith("Modifier S") for note in decision.notes)


# --- What always holds ---

ENUMS = ("nodule_type", "timing", "solid_component_timing", "margin", "shape", "airway_level",
         "cyst_wall", "loculation", "cyst_change", "prior_category")  # fmt: skip
NUMBERS = ("mean_diameter", "solid_component", "followup_months")


@st.composite
def findings(draw: st.DrawFn) -> dict[str, Scalar]:
    """Any finding with everything stated that a table may ask for."""
    vocabulary = lung().vocabulary
    values: dict[str, Scalar] = {
        "finding": draw(st.sampled_from(vocabulary["finding"].allowed[:8]))
    }
    for name in ENUMS:
        if name != "prior_category" or draw(st.booleans()):
            values[name] = draw(st.sampled_from(vocabulary[name].allowed))
    for name in NUMBERS:
        values[name] = draw(st.sampled_from(SIZES))
    for name in ("obstructing_nodule", "secretions", "tubular_opacities"):
        values[name] = draw(st.sampled_from(("present", "absent")))
    if values["finding"] == "prior_category":
        values.setdefault("prior_category", "3")
    return values


@settings(max_examples=300, deadline=None)
@given(findings())
def test_a_full_description_hits_exactly_one_row(values: dict[str, Scalar]) -> None:
    decision = graded(**values)
    if decision.missing:  # only a contradiction leaves something to ask
        assert not decision.possible
        assert decision.notes
    else:
        assert decision.row is not None
        assert "," not in decision.row
        assert decision.row_text


@settings(max_examples=200, deadline=None)
@given(findings(), st.data())
def test_forgetting_a_detail_never_decides_otherwise(
    values: dict[str, Scalar], data: st.DataObject
) -> None:
    """What is decided without a detail is what is decided with it, whatever it is.

    Details that a table reads as stated exceptions are left alone: not stating them is an answer.
    Where two rows fit with the detail, the one that fits without it may stand with a note that names
    the other (a new part-solid nodule of 4 to 6 mm whose solid part is not measured).
    """
    full = graded(**values)
    if full.missing:
        return
    name = data.draw(st.sampled_from(("nodule_type", "timing", "airway_level", *NUMBERS)))
    partly = graded(**{key: value for key, value in values.items() if key != name})
    if partly.missing:
        assert full.category is None or full.category in partly.possible
    else:
        whole, part = outcome(full), outcome(partly)
        warned = isinstance(whole, frozenset) and part in whole and bool(partly.notes)
        assert part == whole or warned


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SIZES), st.sampled_from(TIMINGS), st.sampled_from(("solid", "non_solid")))
def test_units_do_not_matter(size: float, timing: str, nodule_type: str) -> None:
    where = {"finding": "nodule", "nodule_type": nodule_type, "timing": timing}
    centimetres = f"{size / 10:.2f} cm"
    assert said(**where, mean_diameter=size) == said(**where, mean_diameter=centimetres)


@pytest.mark.parametrize("timing", ["baseline", "new", "growing"])
def test_a_larger_nodule_is_never_in_a_lower_category(timing: str) -> None:
    order = [category.label for category in lung().categories]
    for nodule_type in ("solid", "non_solid"):
        found = [
            said(finding="nodule", nodule_type=nodule_type, timing=timing, mean_diameter=s)
            for s in SIZES
        ]
        ranks = [order.index(label) for label in found if isinstance(label, str)]
        assert ranks == sorted(ranks)


# --- The corpus itself ---


def test_the_inventory() -> None:
    guideline = lung()
    assert [c.label for c in guideline.categories] == ["0", "1", "2", "3", "4A", "4B", "4X"]
    assert guideline.nonexistent[0].labels == ("5", "6")
    assert len(guideline.facts) == 142
    assert all(fact.confidence in ("verified2", "verified1") for fact in guideline.facts)
    disagreements = {fact.id for fact in guideline.facts if fact.disagreement}
    assert disagreements == {
        "lr22.malignancy.absent_v2022",
        "lr22.partsolid.new_ge6.disagreement",
        "lr22.ggn.ge30.growing.gap",
        "lr22.airway.subseg_growing.gap",
        "lr22.stable.no_prior_short",
    }
    assert "lr22.interval_ct" not in {fact.id for fact in guideline.facts}


def test_growth_is_read_by_the_grammar_from_its_fact() -> None:
    assert lung().fact("lr22.growth.def").value == {"mm_gt": 1.5, "mm3_gt": 2, "months": 12}


def test_every_passage_fits_the_embedding_window() -> None:
    """256 tokens; about 1.6 tokens a word in this kind of text."""
    assert max(len(passage.search_text.split()) for passage in passages(lung())) < 150
