"""The cells that ``test_shelf_tables`` does not reach, again from the fact sheets in plain Python.

Biopsy by size for every category and bound, the stated categories of BI-RADS with their follow-up,
what the lexicon may decide, and who Lung-RADS is for.
"""

from __future__ import annotations

from itertools import product

import pytest

from rag.knowledge.grade import grade
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from rag.types import Decision, Descriptor, Scalar

SIZES = (3.0, 4.9, 5.0, 5.1, 9.9, 10.0, 10.1, 14.9, 15.0, 15.1, 19.9, 20.0, 20.1, 24.9, 25.0, 30.0)


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(CORPUS)


def decide(guideline: Guideline, **values: Scalar | None) -> Decision:
    told = [Descriptor(n, v, None, "", (0, 0)) for n, v in values.items() if v is not None]
    return grade(guideline, told)


def thyroid(shelf: Shelf, name: str, level: str, mm: float, node: str | None = None) -> str:
    decision = decide(
        shelf.get(name), finding="thyroid_nodule", thyroid_level=level, max_diameter=mm,
        suspicious_node=node,
    )  # fmt: skip
    assert decision.category is not None
    return decision.management or ""


def korean_2021(level: str, mm: float, node: str | None) -> str:
    if level == "1":
        return "No nodule"
    if node == "present":
        return "At any size"
    if level == "2":
        return "Biopsy is not routinely indicated"
    if level == "3":
        return "Biopsy (larger than 2.0 cm)" if mm > 20 else "No biopsy by size"
    if level == "4":
        if mm > 15:
            return "Biopsy (larger than 1.5 cm)"
        return "Biopsy can be considered" if mm > 10 else "No biopsy by size"
    if mm > 10:
        return "Biopsy (larger than 1.0 cm)"
    return "No routine biopsy by size" if mm > 5 else "No routine biopsy (0.5 cm or smaller)"


@pytest.mark.parametrize("level", "12345")
def test_every_size_and_node_of_2021(shelf: Shelf, level: str) -> None:
    for mm, node in product(SIZES, (None, "absent", "present")):
        said = thyroid(shelf, "k_tirads_2021", level, mm, node)
        assert said.startswith(korean_2021(level, mm, node)), (level, mm, node, said)


def biopsy_2016(level: str, mm: float) -> bool | None:
    """Whether the 2016 sizes (>= 1, 1, 1.5 cm) ask for biopsy; ``None`` where another rule holds."""
    bound = {"5": 10, "4": 10, "3": 15}.get(level)
    if bound is None or (level == "5" and 5 < mm < 10):
        return None
    return mm >= bound


@pytest.mark.parametrize("level", "345")
def test_every_size_of_2016(shelf: Shelf, level: str) -> None:
    for mm in SIZES:
        said = thyroid(shelf, "k_tirads_2016", level, mm)
        wanted = biopsy_2016(level, mm)
        if wanted is None:
            assert "selective" in said.lower(), (level, mm, said)
        else:
            assert said.startswith("Biopsy (") == wanted, (level, mm, said)


def acr(level: str, mm: float) -> str:
    fna, follow = {"3": (25, 15), "4": (15, 10), "5": (10, 5)}.get(level, (None, None))
    if fna is None or follow is None:
        return "No FNA and no follow-up"
    if mm >= fna:
        return "FNA ("
    return "follow" if mm >= follow else "no follow-up"


@pytest.mark.parametrize("level", "12345")
def test_every_size_of_acr(shelf: Shelf, level: str) -> None:
    for mm in SIZES:
        said = thyroid(shelf, "acr_ti_rads_2017", level, mm)
        wanted = acr(level, mm)
        ok = (
            said.startswith(wanted)
            if wanted in ("FNA (", "No FNA and no follow-up")
            else wanted in said
        )
        assert ok, (level, mm, said)
        if wanted == "follow":
            assert "no follow-up" not in said


STATED = {
    "0": "Recall", "1": "Routine screening", "2": "Routine screening", "3": "6-month",
    "4": "Tissue diagnosis", "4A": "Tissue diagnosis", "4B": "Tissue diagnosis",
    "4C": "Tissue diagnosis", "5": "Tissue diagnosis", "6": "Surgical excision",
}  # fmt: skip


@pytest.mark.parametrize("label", STATED)
def test_every_stated_category(shelf: Shelf, label: str) -> None:
    decision = decide(shelf.get("bi_rads_5"), finding="breast_finding", birads_category=label)
    assert decision.category == label
    assert STATED[label] in (decision.management or "")


@pytest.mark.parametrize("timing", ["stable", "smaller"])
@pytest.mark.parametrize(
    ("months", "label"), [(6, "3"), (12, "3"), (23.9, "3"), (24, "2"), (36, "2")]
)
def test_category_3_that_has_not_grown(
    shelf: Shelf, timing: str, months: float, label: str
) -> None:
    decision = decide(
        shelf.get("bi_rads_5"), finding="breast_finding", birads_category="3", timing=timing,
        followup_months=months,
    )  # fmt: skip
    assert decision.category == label


def test_category_3_without_its_interval_or_grown_is_not_decided(shelf: Shelf) -> None:
    told = {"finding": "breast_finding", "birads_category": "3"}
    unchanged = decide(shelf.get("bi_rads_5"), **told, timing="stable")
    assert unchanged.missing == ("followup_months",) and unchanged.possible == ("2", "3")
    for timing in ("growing", "slow_growing"):
        grown = decide(shelf.get("bi_rads_5"), **told, timing=timing)
        assert grown.category is None and "4 or 5" in (grown.not_covered or "")


MORPHOLOGY = (None, "typically_benign", "punctate", "amorphous", "coarse_heterogeneous", "fine_pleomorphic", "fine_linear")  # fmt: skip
ASYMMETRY = (None, "one_view", "focal", "global", "developing")
SHAPE, MARGIN = (None, "oval"), (None, "circumscribed", "spiculated")
DISTORTION, EXAM, TIMING = (
    (None, "present"),
    (None, "screening", "diagnostic"),
    (None, "new", "stable"),
)
SUSPICIOUS = ("amorphous", "coarse_heterogeneous", "fine_pleomorphic", "fine_linear")


def test_lexicon_words_give_no_category_but_benign_calcifications_and_the_recall(
    shelf: Shelf,
) -> None:
    """Category 2 for typically benign calcifications alone; category 0 on a screening mammogram for
    what is not finally assessed there (no category 3 straight from screening); else the reader decides."""
    cells = product(MORPHOLOGY, ASYMMETRY, SHAPE, MARGIN, DISTORTION, EXAM, TIMING)
    for morphology, asymmetry, shape, margin, distortion, exam, timing in cells:
        decision = decide(
            shelf.get("bi_rads_5"), finding="breast_finding", calcification_morphology=morphology,
            asymmetry=asymmetry, mass_shape=shape, mass_margin=margin, exam_context=exam, timing=timing,
            architectural_distortion=distortion, screening_study="mammography" if exam == "screening" else None,
        )  # fmt: skip
        others = any((asymmetry, shape, margin, distortion))
        told = shape or margin or distortion or asymmetry not in (None, "global")
        screened = exam == "screening" and timing != "stable"
        recalled = screened and (morphology in SUSPICIOUS or (told and morphology != "punctate"))
        followed = timing == "stable" or (timing == "new" and not screened)
        alone = morphology == "typically_benign" and not others and not followed
        assert decision.category == ("0" if recalled else "2" if alone else None)
        left_to_the_reader = "no category from lexicon words alone" in (decision.not_covered or "")
        assert left_to_the_reader != (alone or recalled)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"breast_mass": "present", "screening_study": "mammography"}, "0"),
        ({"breast_mass": "present"}, "asks screening_study"),
        ({"breast_mass": "present", "screening_study": "other"}, "reader"),
        ({"mass_shape": "oval", "screening_study": "mammography", "breast_named": "present"}, "reader"),
        ({"screening_study": "mammography"}, "reader"),
        ({"calcification_morphology": "punctate", "calcification_distribution": "grouped",
          "screening_study": "mammography"}, "0"),
    ],
)  # fmt: skip
def test_a_screening_finding_is_recalled_only_on_a_mammogram(
    shelf: Shelf, told: dict[str, str], outcome: str
) -> None:
    decision = decide(
        shelf.get("bi_rads_5"), finding="breast_finding", exam_context="screening", **told
    )
    asked = f"asks {', '.join(decision.missing)}" if decision.missing else None
    assert (decision.category or asked or "reader") == outcome


KINDS = ("nodule", "juxtapleural_nodule", "airway_nodule", "cyst", "infection", "no_nodule", "incomplete_exam", "prior_category")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_lung_rads_is_not_for_what_is_found_by_chance(shelf: Shelf, kind: str) -> None:
    decision = decide(shelf.get("lung_rads_v2022"), finding=kind, exam_context="incidental")
    assert decision.category is None
    assert "for lung cancer screening CT" in (decision.not_covered or "")


def test_no_thyroid_nodule_is_category_1(shelf: Shelf) -> None:
    assert decide(shelf.get("k_tirads_2021"), finding="no_nodule").category == "1"


@pytest.mark.parametrize("core", [1.0, 3.0, 5.9, 6.0, 8.0, 8.1])
@pytest.mark.parametrize("mm", [5.4, 6.0, 9.0, 20.0])
def test_fleischner_part_solid_by_its_core(shelf: Shelf, mm: float, core: float) -> None:
    """Sizes are rounded to whole millimetres first."""
    if core > mm:
        return
    decision = decide(
        shelf.get("fleischner_2017"), finding="nodule", nodule_type="part_solid",
        mean_diameter=mm, solid_component=core,
    )  # fmt: skip
    said = decision.management or ""
    if mm < 6:
        assert said == "No routine follow-up."
    else:
        assert said.startswith("CT at 3-6 months")
        assert ("highly suspicious" in said) == (round(core) >= 6), (mm, core, said)


def test_a_category_3_is_read_from_words_only_where_all_that_the_fact_asks_is_stated(
    shelf: Shelf,
) -> None:
    """br.cat3.mammo_findings: a non-calcified circumscribed solid mass on a baseline work-up."""
    cells = product(
        (None, "mammography", "other"), (None, "circumscribed", "indistinct"), (None, "oval", "irregular"),
        ("solid", "cystic", None), ("absent", "present", None), (None, "present"),
        (None, "amorphous"), (None, "focal"), ("absent", "present"), (None, "present"),
    )  # fmt: skip
    for study, margin, shape, content, calcified, associated, morphology, asymmetry, distortion, named in cells:  # fmt: skip
        decision = decide(
            shelf.get("bi_rads_5"), finding="breast_finding", exam_context="diagnostic", timing="baseline",
            diagnostic_study=study, mass_margin=margin, mass_shape=shape, mass_content=content,
            mass_calcified=calcified, breast_associated=associated, calcification_morphology=morphology,
            asymmetry=asymmetry, architectural_distortion=distortion, breast_named=named,
        )  # fmt: skip
        mass = (study, margin, shape) == ("mammography", "circumscribed", "oval")
        bare = not (associated or morphology or asymmetry or named) and distortion == "absent"
        stated = mass and (content, calcified) == ("solid", "absent")
        assert decision.category == ("3" if stated and bare else None)


@pytest.mark.parametrize("name", ["mass_content", "mass_calcified"])
def test_what_the_fact_asks_and_the_text_does_not_say_is_asked(shelf: Shelf, name: str) -> None:
    told = {
        "exam_context": "diagnostic", "timing": "baseline", "diagnostic_study": "mammography",
        "mass_margin": "circumscribed", "mass_shape": "oval", "mass_content": "solid",
        "mass_calcified": "absent",
    }  # fmt: skip
    del told[name]
    decision = decide(shelf.get("bi_rads_5"), finding="breast_finding", **told)
    assert name in decision.missing and decision.possible == ("2", "3", "4", "5")
