"""What a reader sees first of a finding that is still undecided: categories, conditions, what follows."""

from __future__ import annotations

import pytest

from rag.answering.branches import with_branches
from rag.answering.descriptors import read_findings
from rag.answering.grading import Case, most_suspicious_first
from rag.answering.undecided import details, headline
from rag.knowledge.glossary import load_glossary
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


def first(shelf: Shelf, guideline: str, text: str) -> Case:
    glossary = load_glossary(load_settings().corpus / "glossary.yaml", shelf.vocabulary)
    findings = read_findings(text, shelf.vocabulary, glossary)
    return with_branches(most_suspicious_first(shelf.get(guideline), findings)[0])


HEADLINES = [
    (
        "lung_rads_v2022",
        "8 mm solid lung nodule",
        "Lung-RADS v2022: category 2, 4A, 4B or none, by timing.",
    ),
    (
        "k_tirads_2021",
        "18 mm hypoechoic solid thyroid nodule",
        "K-TIRADS 2021: category 4, 5 or none, depending first on margin. "
        "Category 4 or 5: Biopsy (4: larger than 1.5 cm; 5: larger than 1.0 cm).",
    ),
    (
        "acr_ti_rads_2017",
        "18 mm hypoechoic solid thyroid nodule",
        "ACR TI-RADS 2017: category TR4 or TR5, depending first on shape. "
        "Either way: FNA (TR4: 1.5 cm or more; TR5: 1.0 cm or more).",
    ),
    (
        "k_tirads_2021",
        "spongiform thyroid nodule, 3.5 cm",
        "K-TIRADS 2021: category 2 or none, by echogenicity of the solid part.",
    ),
    (
        "fleischner_2017",
        "incidental 7 mm solid lung nodule on CTPA",
        "Fleischner 2017: what follows depends on clinical risk.",
    ),
]


@pytest.mark.parametrize(("guideline", "text", "said"), HEADLINES)
def test_the_headline_says_what_the_finding_can_be(
    shelf: Shelf, guideline: str, text: str, said: str
) -> None:
    assert said in headline(first(shelf, guideline, text))


CONDITIONS = [
    (
        "k_tirads_2021",
        "6.8 mm thyroid nodule reported as K-TIRADS 4 or 5",
        "Category 4: No biopsy by size (not larger than 1.0 cm); follow-up at 1, 3 and 5 years.",
    ),
    ("lung_rads_v2022", "8 mm solid lung nodule", "Category 4A if timing baseline"),
    (
        "fleischner_2017",
        "incidental 7 mm solid lung nodule on CTPA",
        "CT at 6-12 months, then CT at 18-24 months if high risk",
    ),
    (
        "acr_ti_rads_2017",
        "18 mm hypoechoic solid thyroid nodule",
        "So far 4 points: TR4 with at most 2 more, TR5 with 3 or more. Category TR4 if shape wider "
        "than tall and margin smooth or ill-defined or cannot be determined and no punctate "
        "echogenic foci and no macrocalcification; category TR5 if shape taller than wide.",
    ),
]


@pytest.mark.parametrize(("guideline", "text", "said"), CONDITIONS)
def test_every_category_stands_beside_its_condition(
    shelf: Shelf, guideline: str, text: str, said: str
) -> None:
    assert said in details(first(shelf, guideline, text))


def test_what_follows_is_not_said_where_a_reply_may_lead_out_of_the_guideline(shelf: Shelf) -> None:
    assert "Either way" not in headline(
        first(shelf, "k_tirads_2021", "spongiform thyroid nodule, 3.5 cm")
    )


@pytest.mark.parametrize(
    ("size", "below", "above"),
    [("5.5", "No routine follow-up if", "CT at 3-6 months"), ("8.5", "CT at 3-6 months", "CT at 3-6 months")],
)  # fmt: skip
def test_a_size_half_way_between_two_whole_ones_is_shown_both_ways(
    shelf: Shelf, size: str, below: str, above: str
) -> None:
    case = first(
        shelf,
        "fleischner_2017",
        f"Incidental on CTPA: several solid lung nodules, the largest {size} mm, low risk.",
    )
    if below == above:  # both whole millimetres lead to the same
        assert below in (case.decision.management or "")
        return
    assert case.decision.missing == ("mean_diameter",) and "half-way" in case.decision.notes[0]
    assert below in details(case) and above in details(case)
