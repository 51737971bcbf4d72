"""Facets of a referral: what clinicians write, and what is read from it with its place."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.facets import read_facets
from rag.knowledge.facet_values import PriorResult, Quantity

YEAR = 1.0
AGES = [
    ("13yo fell off trampoline", 13, 13.99),
    ("65-year-old male", 65, 65.99),
    ("F/72 abdo pain", 72, 72.99),
    ("M, 45, chest pain", 45, 45.99),
    ("82 yo lady slipped", 82, 82.99),
    ("3 month old girl vomiting", 0.25, 0.34),
    ("8 week old breech baby", 0.15, 0.18),
    ("in her 40s", 40, 49),
    ("woman under 30", 0, 30),
    ("boy under 9 years", 0, 9),
    ("child 3 to 16 years", 3, 16),
    ("6 months to 5 years", 0.5, 5),
    ("toddler with a limp", 1, 3),
    ("elderly man", 65, inf),
    ("35 pack years, 63F", 63, 63.99),
]
DENIED_LISTS = [
    "headache lacking all red flags: thunderclap start, known cancer, trauma",
    "no red flags: sudden onset, immunosuppression, recent injury; tension type",
]


@pytest.mark.parametrize("text", DENIED_LISTS)
def test_what_a_denial_lists_is_denied(text: str) -> None:
    facets = read_facets(text)
    assert facets.acuity is None
    assert not facets.conditions & {"known_cancer", "trauma", "immunocompromised"}


def test_an_illness_that_is_over_and_a_birth_are_not_the_present() -> None:
    assert (
        read_facets("earlier acute pulmonary embolism, emboli suspected to persist").acuity is None
    )
    newborn = read_facets("3-day-old boy, born at 35 weeks gestation to a 27-year-old G4P4 mother")
    assert newborn.pregnant is None and newborn.gestation is None


@pytest.mark.parametrize(
    "text", ["non-MRI-compatible pacemaker", "pump is not MR safe", "MRI-incompatible lead"]
)
def test_a_device_that_bars_mri(text: str) -> None:
    assert "mri_contraindicated" in read_facets(text).conditions


NO_AGE = [
    "pain for over 5 years", "quit 5 yrs ago", "for 2-3 days", "headache over 3 weeks",
    "stage 3 disease", "nodule 8 mm", "6/52 post op", "has two children at home, no: her children",
]  # fmt: skip


@pytest.mark.parametrize(("text", "low", "high"), AGES)
def test_age(text: str, low: float, high: float) -> None:
    age = read_facets(text).age
    assert age is not None
    assert age.low == pytest.approx(low, abs=0.02)
    assert age.high == pytest.approx(high, abs=0.02)


@pytest.mark.parametrize("text", NO_AGE)
def test_a_duration_or_a_size_is_no_age(text: str) -> None:
    age = read_facets(text).age
    assert age is None or not age.stated


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("68F with LBP", "female"), ("45 y/o M", "male"), ("he fell", "male"),
        ("22 weeks pregnant", "female"), ("trans man, breast screening", None), ("M protein", None),
        ("chest pain", None),
    ],
)  # fmt: skip
def test_sex(text: str, sex: str | None) -> None:
    assert read_facets(text).sex == sex


@pytest.mark.parametrize(
    ("text", "pregnant"),
    [
        ("32yo G2P1 22 weeks pregnant", True), ("pregnancy test negative", False),
        ("negative beta-hCG, pelvic pain", False), ("ß-hCG positive", True),
        ("not pregnant", False), ("wants future pregnancy", None), ("ectopic pregnancy?", None),
        ("recurrent pregnancy loss", None), ("knee pain", None),
    ],
)  # fmt: skip
def test_pregnancy(text: str, pregnant: bool | None) -> None:
    assert read_facets(text).pregnant is pregnant


@pytest.mark.parametrize(
    ("text", "weeks"), [("22 weeks pregnant", 22), ("34/40 gravid", 34), ("GA 12 wk", 12)]
)
def test_weeks_of_gestation(text: str, weeks: float) -> None:
    assert read_facets(text).gestation == weeks


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("hip pain, initial imaging", "initial"), ("radiograph normal, next imaging study", "next"),
        ("after negative CT", "next"), ("rectal cancer staging", "staging"),
        ("TAVR planning", None), ("pre-op planning", "treatment planning"),
        ("known aneurysm, surveillance", "surveillance"), ("follow-up of DDH", "follow-up"),
        ("lung cancer screening", "screening"), ("x-ray neg", "next"), ("knee pain", None),
        ("D-dimer positive", None),
    ],
)  # fmt: skip
def test_stage(text: str, stage: str | None) -> None:
    assert read_facets(text).stage == stage


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("normal radiograph", {("radiography", "normal")}),
        ("x-ray neg", {("radiography", "normal")}),
        ("equivocal US", {("us", "indeterminate")}),
        ("D-dimer positive, Wells low", {("d dimer", "abnormal"), ("pretest probability", "normal")}),
        ("radiographs negative or indeterminate", {("radiography", "normal"), ("radiography", "indeterminate")}),
        ("CT head?", set()),
    ],
)  # fmt: skip
def test_prior_results(text: str, results: set[tuple[str, str]]) -> None:
    found = {(result.test, result.outcome) for result in read_facets(text).results}
    assert found == results


@pytest.mark.parametrize(
    ("text", "condition", "stated"),
    [
        ("contrast allergy", "contrast_allergy", True),
        ("no contrast allergy", "contrast_allergy", False),
        ("has a pacemaker", "pacemaker", True),
        ("eGFR 22", "low_gfr", True),
        ("eGFR 60", "low_gfr", False),
        ("history of breast cancer", "known_cancer", True),
        ("no history of cancer", "known_cancer", False),
        ("neutropenic on chemo", "immunocompromised", True),
        ("no trauma", "trauma", False),
    ],
)
def test_conditions(text: str, condition: str, stated: bool) -> None:
    assert (condition in read_facets(text).conditions) is stated


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("adrenal mass >2cm and <4 cm", Quantity("size", 20, 40)),
        ("BI-RADS 4 or 5", Quantity("birads", 4, 5)),
        ("GCS 13-15", Quantity("gcs", 13, 15)),
        ("liver lesion <1 cm", Quantity("size", -inf, 10)),
    ],
)
def test_quantities(text: str, quantity: Quantity) -> None:
    assert quantity in read_facets(text).quantities


def test_acuity_by_word_and_by_duration() -> None:
    assert read_facets("chronic hip pain").acuity == "chronic"
    assert read_facets("hip pain for 6 months").acuity == "chronic"
    assert read_facets("hip pain for 12 hours").acuity == "acute"
    assert read_facets("hip pain").acuity is None
    assert read_facets("injury before 16 years of age").acuity is None


def test_a_result_is_compared_by_content() -> None:
    assert PriorResult("ct", "normal") in read_facets("CT was normal").results


@given(st.text(max_size=200))
def test_every_span_is_its_text(text: str) -> None:
    for read in read_facets(text).read:
        assert text[read.span[0] : read.span[1]] == read.text


PIECES = st.sampled_from(
    ["13yo", "45F", "pregnant", "no", "normal", "x-ray", "CT", "chronic", "for 3 weeks", "eGFR 20",
     "< 4 cm", "and", "or", ",", ".", "contrast allergy", "BI-RADS 4", "next test", "22 weeks"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12))
def test_any_order_of_words_is_read_without_error(pieces: list[str]) -> None:
    text = " ".join(pieces)
    for read in read_facets(text).read:
        assert text[read.span[0] : read.span[1]] == read.text
