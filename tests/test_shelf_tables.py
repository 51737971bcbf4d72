"""Every cell of the shelf's tables against a second implementation, written from the fact sheets.

The rules below are plain Python on purpose and share nothing with the YAML or the engine.
"""

from __future__ import annotations

from itertools import product

import pytest

from rag.knowledge.grade import grade
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from rag.types import Decision, Descriptor, Scalar


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(CORPUS)


def decide(shelf: Shelf, guideline: str, **values: Scalar | None) -> Decision:
    given = [
        Descriptor(name, value, None, str(value), (0, 1))
        for name, value in values.items()
        if value is not None
    ]
    return grade(shelf.get(guideline), given)


COMPOSITION = ("solid", "mixed", "spongiform", "cystic", "entirely_calcified", "undetermined")
ECHO = ("anechoic", "iso_or_hyperechoic", "hypoechoic", "very_hypoechoic", "undetermined")
ORIENTATION = ("parallel", "nonparallel")
MARGIN = (
    "smooth", "ill_defined", "irregular", "extrathyroidal_extension", "irregular_with_extension",
    "undetermined",
)  # fmt: skip
PRESENT = ("present", "absent")


# --- ACR TI-RADS 2017 ------------------------------------------------------------------------


def acr_level(composition, echo, orientation, margin, punctate, macro, rim) -> str | None:
    """Points and level; ``None`` for the total of 1, which the chart does not know."""
    if composition == "spongiform":
        return "TR1"
    points = {"cystic": 0, "mixed": 1}.get(composition, 2)
    points += (
        ("anechoic", "iso_or_hyperechoic", "hypoechoic", "very_hypoechoic").index(echo)
        if (echo != "undetermined")
        else 1
    )
    points += 3 if orientation == "nonparallel" else 0
    if "extension" in margin:
        points += 3
    elif margin == "irregular":
        points += 2
    points += 3 * (punctate == "present") + (macro == "present") + 2 * (rim == "present")
    if points >= 7:
        return "TR5"
    if points >= 4:
        return "TR4"
    return {0: "TR1", 1: None, 2: "TR2", 3: "TR3"}[points]


def test_every_combination_of_points(shelf):
    cells = product(COMPOSITION, ECHO, ORIENTATION, MARGIN, PRESENT, PRESENT, PRESENT)
    names = (
        "composition", "echogenicity", "orientation", "thyroid_margin", "punctate_foci",
        "macrocalcification", "rim_calcification",
    )  # fmt: skip
    for cell in cells:
        values = dict(zip(names, cell, strict=True))
        decision = decide(shelf, "acr_ti_rads_2017", finding="thyroid_nodule", **values)
        expected = acr_level(*cell)
        assert decision.category == expected, cell
        assert (decision.not_covered is not None) == (expected is None), cell


@pytest.mark.parametrize(
    ("level", "mm", "words"),
    [
        ("1", 50, "No FNA and no follow-up"), ("2", 50, "No FNA and no follow-up"),
        ("3", 14.9, "no follow-up"), ("3", 15, "1, 3 and 5 years"), ("3", 24.9, "No FNA by size"),
        ("3", 25, "FNA (2.5 cm or more)"), ("4", 9.9, "no follow-up"),
        ("4", 10, "1, 2, 3 and 5 years"), ("4", 14.9, "No FNA by size"),
        ("4", 15, "FNA (1.5 cm or more)"), ("5", 4.9, "no follow-up"), ("5", 5, "every year"),
        ("5", 9.9, "No routine FNA"), ("5", 10, "FNA (1.0 cm or more)"),
    ],
)  # fmt: skip
def test_acr_sizes_are_inclusive(shelf, level, mm, words):
    decision = decide(
        shelf, "acr_ti_rads_2017", finding="thyroid_nodule", thyroid_level=level, max_diameter=mm
    )
    assert decision.category == f"TR{level}"
    assert words in (decision.management or "")


# --- K-TIRADS 2021 ---------------------------------------------------------------------------


def korean(composition, echo, orientation, margin, punctate, comet) -> str | None:
    """The 2021 category; ``None`` where the pattern is not described, ``-`` if contradictory."""
    if composition == "cystic":
        return "2"
    if composition == "entirely_calcified":
        return "4"
    if composition == "undetermined":
        return None
    if composition == "spongiform":
        return "2" if echo == "iso_or_hyperechoic" else None
    if composition == "mixed" and comet == "present":
        return "2"
    suspicious = punctate == "present" or orientation == "nonparallel" or "irregular" in margin
    unclear = not suspicious and margin in ("undetermined", "extrathyroidal_extension")
    if composition == "mixed":
        return None if unclear else "4" if suspicious else "3"
    if echo == "anechoic":
        return "-"
    if echo == "undetermined" or unclear:
        return None
    dark = echo in ("hypoechoic", "very_hypoechoic")
    return str(3 + dark + suspicious)


def test_every_korean_pattern(shelf):
    names = ("composition", "echogenicity", "orientation", "thyroid_margin", "punctate_foci")
    for cell in product(COMPOSITION, ECHO, ORIENTATION, MARGIN, PRESENT, (*PRESENT, None)):
        values = dict(zip((*names, "comet_tail"), cell, strict=True))
        decision = decide(shelf, "k_tirads_2021", finding="thyroid_nodule", **values)
        expected = korean(*cell)
        if expected == "-":
            assert decision.category is None
            assert decision.not_covered is None
            continue
        assert decision.category == expected, cell
        assert (decision.not_covered is not None) == (expected is None), cell


KOREAN_SIZES = [
    # edition, category, mm, biopsy by size?
    ("k_tirads_2021", "5", 10, False), ("k_tirads_2021", "5", 10.1, True),
    ("k_tirads_2021", "4", 10, False), ("k_tirads_2021", "4", 15.1, True),
    ("k_tirads_2021", "3", 20, False), ("k_tirads_2021", "3", 20.1, True),
    ("k_tirads_2021", "3", 17, False), ("k_tirads_2021", "2", 100, False),
    ("k_tirads_2016", "5", 9.9, False), ("k_tirads_2016", "5", 10, True),
    ("k_tirads_2016", "4", 9.9, False), ("k_tirads_2016", "4", 10, True),
    ("k_tirads_2016", "3", 14.9, False), ("k_tirads_2016", "3", 15, True),
    ("k_tirads_2016", "3", 17, True),
]  # fmt: skip


@pytest.mark.parametrize(("edition", "category", "mm", "biopsy"), KOREAN_SIZES)
def test_korean_sizes_are_strict_since_2021(shelf, edition, category, mm, biopsy):
    decision = decide(
        shelf, edition, finding="thyroid_nodule", thyroid_level=category, max_diameter=mm
    )
    assert decision.category == category
    assert (decision.management or "").startswith("Biopsy (") == biopsy


def test_the_korean_range_of_category_4_stays_a_range(shelf):
    for mm in (10.1, 12, 15):
        decision = decide(
            shelf, "k_tirads_2021", finding="thyroid_nodule", thyroid_level="4", max_diameter=mm
        )
        assert "can be considered" in (decision.management or "")
        assert "above 1.5 cm" in (decision.management or "")


def test_a_suspicious_node_overrides_size(shelf):
    decision = decide(
        shelf, "k_tirads_2021", finding="thyroid_nodule", thyroid_level="5", max_diameter=4,
        suspicious_node="present",
    )  # fmt: skip
    assert (decision.management or "").startswith("At any size")


def test_the_patterns_of_2016_are_not_invented(shelf):
    decision = decide(shelf, "k_tirads_2016", finding="thyroid_nodule", composition="solid")
    assert decision.category is None
    assert "not held" in (decision.not_covered or "")


@pytest.mark.parametrize("guideline", ["k_tirads_2021", "acr_ti_rads_2017"])
def test_nothing_missing_is_assumed(shelf, guideline):
    decision = decide(
        shelf, guideline, finding="thyroid_nodule", composition="solid", echogenicity="hypoechoic"
    )
    assert decision.category is None
    assert len(decision.possible) > 1
    assert decision.clarification is not None


def test_the_category_stands_while_the_size_is_asked_for(shelf):
    decision = decide(shelf, "k_tirads_2021", finding="thyroid_nodule", thyroid_level="3")
    assert decision.category == "3"
    assert "larger than 2.0 cm" in (decision.management or "")
    assert decision.clarification is not None
    assert decision.clarification.descriptor == "max_diameter"


# --- Fleischner 2017 -------------------------------------------------------------------------


def fleischner(kind: str, number: str, size: int, risk: str) -> str:
    """Management by whole millimetres."""
    if kind == "solid" and number == "single" and size > 8:
        return "Consider CT at 3 months, PET/CT or tissue sampling."
    if kind == "solid":
        if size < 6:
            return "No routine follow-up." if risk == "low" else "Optional CT at 12 months."
        first = "6-12" if number == "single" else "3-6"
        then = "consider CT" if risk == "low" else "CT"
        return f"CT at {first} months, then {then} at 18-24 months."
    if number == "multiple":
        if size < 6:
            return "CT at 3-6 months; if stable, consider CT at 2 and 4 years."
        return "CT at 3-6 months, then according to the most suspicious nodule."
    if size < 6:
        return "No routine follow-up."
    if kind == "non_solid":
        return "CT at 6-12 months to confirm persistence, then CT every 2 years until 5 years."
    return (
        "CT at 3-6 months; if unchanged and the solid part stays under 6 mm, yearly CT for 5 years."
    )


def test_every_fleischner_row(shelf):
    cells = product(
        ("solid", "non_solid", "part_solid"), ("single", "multiple"),
        (3, 5, 6, 7, 8, 9, 14, 30), ("low", "high"),
    )  # fmt: skip
    for kind, number, size, risk in cells:
        part = 3 if kind == "part_solid" else None
        decision = decide(
            shelf, "fleischner_2017", finding="nodule", nodule_type=kind, multiplicity=number,
            mean_diameter=size, risk=risk, solid_component=part,
        )  # fmt: skip
        assert decision.management == fleischner(kind, number, size, risk), (kind, number, size)
        assert decision.category is None


@pytest.mark.parametrize(
    ("mm", "words"),
    [(5.4, "No routine"), (5.6, "CT at 6-12"), (8.4, "CT at 6-12"), (8.6, "Consider CT at 3")],
)
def test_fleischner_rounds_to_whole_millimetres(shelf, mm, words):
    decision = decide(
        shelf,
        "fleischner_2017",
        finding="nodule",
        nodule_type="solid",
        mean_diameter=mm,
        risk="low",
    )
    assert (decision.management or "").startswith(words)


@pytest.mark.parametrize(
    ("mm3", "words"),
    [(99, "No routine"), (100, "CT at 6-12"), (249, "CT at 6-12"), (300, "Consider CT at 3")],
)
def test_fleischner_reads_volumes(shelf, mm3, words):
    decision = decide(
        shelf, "fleischner_2017", finding="nodule", nodule_type="solid", volume=mm3, risk="low"
    )
    assert (decision.management or "").startswith(words)


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ({"exam_context": "screening"}, "Lung-RADS"),
        ({"age": 34}, "Under age 35"),
        ({"known_cancer": "present"}, "known primary cancer"),
        ({"immunosuppression": "present"}, "immunosuppressed"),
    ],
)
def test_fleischner_says_whom_it_is_not_for(shelf, out, words):
    decision = decide(
        shelf, "fleischner_2017", finding="nodule", nodule_type="solid", mean_diameter=7,
        risk="low", **out,
    )  # fmt: skip
    assert decision.management is None
    assert words in (decision.not_covered or "")


def test_a_large_solid_part_is_highly_suspicious(shelf):
    decision = decide(
        shelf, "fleischner_2017", finding="nodule", nodule_type="part_solid", mean_diameter=12,
        solid_component=6,
    )  # fmt: skip
    assert "highly suspicious" in (decision.management or "")


# --- BI-RADS 5th edition ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "label"),
    [
        (0.5, "3"), (2, "3"), (2.1, "4A"), (10, "4A"), (10.5, "4B"), (50, "4B"), (50.1, "4C"),
        (94.9, "4C"), (95, "5"), (99, "5"),
    ],
)  # fmt: skip
def test_likelihood_gives_the_category(shelf, percent, label):
    decision = decide(shelf, "bi_rads_5", finding="breast_finding", malignancy_likelihood=percent)
    assert decision.category == label


def test_no_likelihood_is_negative_or_benign(shelf):
    open_ = decide(shelf, "bi_rads_5", finding="breast_finding", malignancy_likelihood=0)
    assert open_.category is None
    assert open_.possible == ("1", "2")


@pytest.mark.parametrize(
    ("words", "label", "management"),
    [
        ("incomplete", "0", "Recall"), ("negative", "1", "Routine screening"),
        ("benign", "2", "Routine screening"), ("probably_benign", "3", "6-month"),
        ("low_suspicion", "4A", "Tissue diagnosis"), ("moderate_suspicion", "4B", "Tissue diagnosis"),
        ("high_suspicion", "4C", "Tissue diagnosis"), ("suspicious", "4", "Tissue diagnosis"),
        ("highly_suggestive", "5", "Tissue diagnosis"), ("known_malignancy", "6", "Surgical excision"),
    ],
)  # fmt: skip
def test_assessment_gives_the_category(shelf, words, label, management):
    decision = decide(shelf, "bi_rads_5", finding="breast_finding", breast_assessment=words)
    assert decision.category == label
    assert management in (decision.management or "")


@pytest.mark.parametrize(
    "lexicon",
    [
        {"mass_shape": "irregular", "mass_margin": "spiculated"},
        {"calcification_morphology": "fine_linear", "calcification_distribution": "segmental"},
        {"calcification_morphology": "amorphous"},
        {"architectural_distortion": "present"},
        {"asymmetry": "developing"},
        {},
    ],
)
def test_lexicon_words_alone_never_give_a_category(shelf, lexicon):
    decision = decide(shelf, "bi_rads_5", finding="breast_finding", **lexicon)
    assert decision.category is None
    assert "no category from lexicon words alone" in (decision.not_covered or "")


@pytest.mark.parametrize("letter", ["a", "b", "c", "d"])
def test_density_is_said_not_categorised(shelf, letter):
    decision = decide(shelf, "bi_rads_5", finding="breast_finding", breast_density=letter)
    assert decision.category is None
    assert (decision.management or "").startswith(f"Breast composition {letter}")
    assert ("dense breast" in (decision.management or "")) == (letter in "cd")
