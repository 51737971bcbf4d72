"""Each check by itself: a part of a statement, a unit of a passage, and what the check says."""

from __future__ import annotations

import pytest

from rag.answering.grounding.alternatives import check_alternatives
from rag.answering.grounding.attributes import check_attributes, check_population
from rag.answering.grounding.categories import check_categories, check_systems
from rag.answering.grounding.conditions import check_condition, check_frequency, check_joined
from rag.answering.grounding.echo import check_echo
from rag.answering.grounding.editions import check_edition
from rag.answering.grounding.exchange import check_exchange
from rag.answering.grounding.meaning import check_words
from rag.answering.grounding.measures import (
    check_complete_count,
    check_complete_rule,
    check_quantities,
)
from rag.answering.grounding.modality import check_contrast, check_modality
from rag.answering.grounding.ordinals import check_ordinals
from rag.answering.grounding.pairing import check_pairing
from rag.answering.grounding.polarity import check_exception, check_opposites, check_polarity
from rag.answering.grounding.ratings import check_ratings
from rag.answering.grounding.result import Asked, Part, Unit
from rag.answering.grounding.sequence import check_sequence
from rag.answering.grounding.shares import check_share
from rag.answering.grounding.strength import check_strength
from rag.answering.grounding.text import units_of, units_of_row
from rag.answering.grounding.verify import Check, verify
from rag.answering.grounding.wording import check_wording
from rag.types import Evidence, Statement
from tests.fakes import LUNG, passage

SUPPORTED, PARTLY, UNSUPPORTED, CONTRADICTED = "supported", "partly", "unsupported", "contradicted"

TABLE: list[tuple[Check, str, str, str]] = [
    # categories and the systems they belong to
    (check_categories, "Category 4A follows.", "Category 4A: LDCT at 3 months", SUPPORTED),
    (check_categories, "Category 6 is cancer.", "Category 4A: LDCT at 3 months", CONTRADICTED),
    (check_categories, "Category 3 follows.", "LDCT at 3 months", UNSUPPORTED),
    (check_categories, "BI-RADS 4A follows.", "Category 4A: LDCT at 3 months", CONTRADICTED),
    (check_categories, "LDCT at 3 months.", "Category 4A: LDCT at 3 months", UNSUPPORTED),
    (check_categories, "Category 3 nodule becomes category 2", "Category 3 nodule stable -> category 2", SUPPORTED),
    (check_categories, "Category 2 nodule becomes category 3", "Category 3 nodule stable -> category 2", CONTRADICTED),
    (check_categories, "S is added to category 2", "S may be added to categories 0-4", SUPPORTED),
    (check_systems, "Lung-RADS says so", "It says so", SUPPORTED),
    (check_systems, "Fleischner says so", "It says so", CONTRADICTED),
    # editions
    (check_edition, "In v2022 this holds", "This holds", SUPPORTED),
    (check_edition, "In v1.1 this holds", "This holds", CONTRADICTED),
    (check_edition, "This held", "In v1.1 this held", UNSUPPORTED),
    (check_edition, "In v1.1 the rule was widened", "From v1.1 to v2022 the rule was widened", CONTRADICTED),
    # quantities
    (check_quantities, "at least 8 mm", "8 mm or more", SUPPORTED),
    (check_quantities, "0.8 cm or more", "8 mm or more", SUPPORTED),
    (check_quantities, "less than 8 mm", "8 mm or more", CONTRADICTED),
    (check_quantities, "more than 8 mm", "8 mm or more", CONTRADICTED),
    (check_quantities, "8 cm or more", "8 mm or more", CONTRADICTED),
    (check_quantities, "8 to 15 mm", "8 mm or more and less than 15 mm", PARTLY),
    (check_quantities, "in three months", "at 3 months", SUPPORTED),
    (check_quantities, "within 6 months", "at 6 months", CONTRADICTED),
    (check_quantities, "in 12 months", "within 12 months", SUPPORTED),
    (check_quantities, "every year", "annual screening", SUPPORTED),
    (check_quantities, "twice a year", "annual screening", CONTRADICTED),
    (check_quantities, "3.0 mSv", "3.0 mGy", UNSUPPORTED),
    (check_quantities, "a 9 mm nodule", "8 mm or more and less than 15 mm", CONTRADICTED),
    (check_quantities, "7 points", "7 or more points", CONTRADICTED),
    (check_complete_rule, "A nodule of 6 mm or more is category 3", "A nodule of 6 mm or more is category 3", SUPPORTED),
    (check_complete_rule, "A new nodule is category 3", "new nodule: 4 mm or more -> category 3", UNSUPPORTED),
    # examinations and contrast
    (check_modality, "CT follows", "LDCT at 3 months", SUPPORTED),
    (check_modality, "MRI follows", "LDCT at 3 months", CONTRADICTED),
    (check_modality, "Biopsy is done", "FNA at 2.5 cm", SUPPORTED),
    (check_modality, "FNA is done", "biopsy at 2.5 cm", CONTRADICTED),
    (check_modality, "PET/CT follows", "ultrasound follows", CONTRADICTED),
    (check_contrast, "CT without contrast", "unenhanced CT", SUPPORTED),
    (check_contrast, "CT with IV contrast", "CT without IV contrast", CONTRADICTED),
    (check_contrast, "CT with contrast", "CT with or without contrast", CONTRADICTED),
    (check_contrast, "contrast-enhanced CT", "CT at 3 months", UNSUPPORTED),
    (check_contrast, "MRI with contrast", "MRI without contrast and CT with contrast", CONTRADICTED),
    # appropriateness
    (check_ratings, "US is usually appropriate", "US: usually appropriate (8)", SUPPORTED),
    (check_ratings, "US is appropriate", "US: usually appropriate (8)", SUPPORTED),
    (check_ratings, "US is appropriate", "US: may be appropriate (5)", CONTRADICTED),
    (check_ratings, "US is usually appropriate", "US: usually not appropriate (2)", CONTRADICTED),
    (check_ratings, "US has a rating of 7", "US: usually appropriate (8)", CONTRADICTED),
    (check_ratings, "The level is \u2622\u2622\u2622", "CT: \u2622\u2622", CONTRADICTED),
    # conditions and people
    (check_attributes, "a new nodule", "a nodule at baseline", CONTRADICTED),
    (check_attributes, "a solid nodule", "a part-solid nodule", CONTRADICTED),
    (check_attributes, "a nodule is category 2", "a solid nodule at baseline is category 2", UNSUPPORTED),
    (check_attributes, "a new solid nodule", "a solid nodule, baseline or new", SUPPORTED),
    (check_attributes, "a new category is given", "a fresh category is given", SUPPORTED),
    (check_population, "children have CT", "CT is done", UNSUPPORTED),
    (check_population, "children have CT", "adults have CT", CONTRADICTED),
    (check_population, "US comes first", "In pregnancy US comes first", UNSUPPORTED),
    (check_population, "In screening, CT is done", "CT is done", SUPPORTED),
    (check_population, "Incidental nodules have CT", "CT is done", CONTRADICTED),
    # polarity, strength, opposites
    (check_polarity, "CT is not needed", "CT is needed", CONTRADICTED),
    (check_polarity, "CT is needed", "CT is not needed", CONTRADICTED),
    (check_polarity, "no CT is needed", "CT is not needed", SUPPORTED),
    (check_polarity, "cancer is excluded", "cancer is not excluded", CONTRADICTED),
    (check_polarity, "Category 6 exists", "There is no category 6", CONTRADICTED),
    (check_polarity, "Category 6 does not exist", "There is no category 6", SUPPORTED),
    (check_polarity, "no more than 8 mm", "8 mm or less", SUPPORTED),
    (check_exception, "Cysts are not classified", "Cysts are not classified unless thick", UNSUPPORTED),
    (check_opposites, "a positive screen", "a negative screen", CONTRADICTED),
    (check_opposites, "raised to 30 mm", "lowered to 30 mm", CONTRADICTED),
    (check_strength, "PET/CT must be done", "PET/CT may be considered", UNSUPPORTED),
    (check_strength, "PET/CT is done", "PET/CT may be considered", PARTLY),
    (check_strength, "PET/CT can be considered", "PET/CT may be considered", SUPPORTED),
    (check_strength, "only category 1 returns", "category 1 returns", UNSUPPORTED),
    (check_strength, "CT is urgent", "CT is done", UNSUPPORTED),
    # company, wording, words
    (check_pairing, "1.2 % at 6 months", "1.5 % at 6 months and 1.2 % at 12 months", CONTRADICTED),
    (check_pairing, "1.2 % at 12 months", "1.5 % at 6 months and 1.2 % at 12 months", SUPPORTED),
    (check_wording, "A negative screen is category 2 or 2", "A negative screen is category 1 or 2", CONTRADICTED),
    (check_wording, "The scan comes before the contrast is given", "The scan comes after the contrast is given", CONTRADICTED),
    (check_wording, "The scan should follow after the injection of contrast", "The scan follows after the injection of contrast", SUPPORTED),
    (check_words, "Sarcoidosis is followed", "Cysts are followed", UNSUPPORTED),
    (check_words, "The nodule remains unchanged", "The nodule is stable", SUPPORTED),
    (check_words, "The PPV is 5%", "The positive predictive value is 5%", SUPPORTED),
    # what comes first, and which side of a comparison a figure is on
    (check_sequence, "The card is read before the patient enters", "Before the patient enters, the card is read", SUPPORTED),
    (check_sequence, "The patient enters before the card is read", "The card is read before the patient enters", CONTRADICTED),
    (check_sequence, "The card is read after the patient enters", "The card is read before the patient enters", CONTRADICTED),
    (check_sequence, "The table comes before the washout", "Checks run in this order: washout, capsule, then the table", CONTRADICTED),
    (check_sequence, "CT is first", "MRI is first, or CT if MRI is not available", CONTRADICTED),
    (check_sequence, "MRI is first", "MRI is first, or CT if MRI is not available", SUPPORTED),
    (check_sequence, "New rules gave 40%", "New rules gave more (57% against 40%)", CONTRADICTED),
    (check_sequence, "New rules gave 57%, compared with 40%", "New rules gave more (57% against 40%)", SUPPORTED),
    (check_sequence, "Compared with 40%, new rules gave 57%", "New rules gave more (57% against 40%)", SUPPORTED),
    (check_pairing, "Drug A 40 mg or drug B 200 mg", "Drug A 40 mg or drug B 200 mg", SUPPORTED),
    (check_pairing, "Hydrocortisone 40 mg is given", "Prednisolone 40 mg or hydrocortisone 200 mg", CONTRADICTED),
    (check_pairing, "The agents are bright on T1", "The agents are bright on T2 and dark on T1", CONTRADICTED),
    (check_pairing, "The agents are dark on T1", "The agents are bright on T2 and dark on T1", SUPPORTED),
    (check_complete_count, "Nonrim enhancement is LR-5", "Nonrim enhancement with 2 or more other features: LR-5", UNSUPPORTED),
    (check_complete_count, "Nonrim enhancement with at least two other features is LR-5", "Nonrim enhancement with 2 or more other features: LR-5", SUPPORTED),
    (check_ordinals, "Level 1 staff answer for others", "Level 2 staff answer for others", CONTRADICTED),
    (check_ordinals, "Zones III and IV are closed", "Zones 3 and 4 are closed", SUPPORTED),
    (check_ordinals, "Composition a is scattered", "Breast composition b: scattered", CONTRADICTED),
    (check_contrast, "Oral contrast is given", "Oral contrast is not given", SUPPORTED),
    (check_polarity, "Give oral contrast for ischaemia", "Oral contrast is not given for ischaemia", CONTRADICTED),
    (check_condition, "Small nodules get CT at 2 years", "Small nodules: if stable, CT at 2 years", UNSUPPORTED),
    (check_strength, "People of any age are included", "People over 18 are included", UNSUPPORTED),
]  # fmt: skip


@pytest.mark.parametrize(("check", "statement", "passage", "verdict"), TABLE)
def test_check(check: Check, statement: str, passage: str, verdict: str) -> None:
    result = check(Part(statement), Unit(passage, 1, LUNG))
    assert (result.verdict, result.reason) == (verdict, result.reason)
    assert result.passed == (verdict in (SUPPORTED, PARTLY))
    assert result.passed or result.reason
    assert all(0 <= a < b <= len(statement) for a, b in result.words)


def test_a_size_that_the_reader_gave_may_lie_inside_the_rule() -> None:
    unit = Unit("8 mm or more and less than 15 mm", 1, LUNG)
    asked = Asked("What about a 9 mm nodule?")
    assert check_quantities(Part("a 9 mm nodule", asked=asked), unit).passed
    assert check_quantities(Part("a 0.9 cm nodule", asked=asked), unit).passed
    assert not check_quantities(Part("a 16 mm nodule", asked=Asked("a 16 mm nodule?")), unit).passed
    two_axes = Asked("a 10 x 8 mm nodule?")
    assert check_quantities(Part("a mean diameter of 9 mm", asked=two_axes), unit).passed


@pytest.mark.parametrize("text", ["LR-3", "8 mm", "CT."])
def test_a_bare_name_says_nothing(text: str) -> None:
    evidence = (Evidence(1, fact := passage("LR-3: CT in 8 months at 8 mm, then more"), fact.text),)
    found = verify(Statement(text, (1,)), evidence)
    assert (found.verdict, found.reason) == (UNSUPPORTED, "names a thing and says nothing of it")


def test_later_clauses_inherit_the_conditions_of_earlier_ones() -> None:
    unit = Unit("new nodule of 6 mm or more -> category 4A", 1, LUNG)
    assert check_attributes(
        Part("4A at 6 mm or more", before="New nodules are category 3"), unit
    ).passed
    assert not check_attributes(Part("4A at 6 mm or more"), unit).passed


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("One thing. Another thing.", ("One thing", "Another thing")),
        ("TR3: FNA at >=2.5 cm; follow-up at >=1.5 cm.", ("TR3: FNA at >=2.5 cm", "TR3: follow-up at >=1.5 cm")),
        ("Growing cyst; thick cyst -> category 4B.", ("Growing cyst -> category 4B", "thick cyst -> category 4B")),
        ("3 -> 6-month CT stable -> 2 -> next CT.", ("3 -> 6-month CT stable -> 2", "2 -> next CT")),
        ("A nodule (one; two) is seen.", ("A nodule (one; two) is seen",)),
        ("It measures 1.5 mm, e.g. on CT.", ("It measures 1.5 mm, e.g. on CT",)),
    ],
)  # fmt: skip
def test_a_passage_falls_into_units_that_say_something_by_themselves(
    text: str, units: tuple[str, ...]
) -> None:
    assert units_of(text) == units


def test_a_decision_row_is_a_rule_and_what_its_category_means() -> None:
    row = "Lung-RADS v2022, Solid nodules. Timing: new; mean diameter: 8 mm or more. Category 4B (Very suspicious): Referral; PET/CT."
    assert units_of_row(row) == (
        "Lung-RADS v2022, Solid nodules. Timing: new; mean diameter: 8 mm or more -> Category 4B (Very suspicious)",
        "Category 4B (Very suspicious): Referral",
        "Category 4B (Very suspicious): PET/CT",
    )


def test_a_row_with_several_readings_gives_no_rule() -> None:
    row = "Lung-RADS v2022, Solid nodules. Timing: stable. Readings differ. Category 2 (Benign): CT (one reading); Category 3 (Probably benign): CT (others)."
    assert not any("->" in unit for unit in units_of_row(row))


EXCHANGED = [
    # of two things each in the other's place
    (check_exchange, "DCE is dominant; a DCE score of 3 with positive DWI becomes 4", "DWI is dominant; DWI score 3 with positive DCE becomes 4", CONTRADICTED),
    (check_exchange, "A positive DCE raises a DWI score of 3 to 4", "DWI is dominant; DWI score 3 with positive DCE becomes 4", SUPPORTED),
    (check_exchange, "diphenhydramine 50 mg at 13 h, prednisone 50 mg at 1 h", "prednisone 50 mg at 13 h, diphenhydramine 50 mg at 1 h", CONTRADICTED),
    (check_exchange, "contrast-enhanced head, unenhanced chest and abdomen", "unenhanced head, contrast-enhanced chest and abdomen", CONTRADICTED),
    (check_exchange, "DWI is regarded by EUSOBI as essential", "EUSOBI regards DWI as essential", SUPPORTED),
    (check_exchange, "A dose-reduced protocol for unstable patients, and a precise one for the rest", "A precise protocol for unstable patients, and a dose-reduced one for the rest", CONTRADICTED),
    (check_share, "15% of malignancies are asymmetries", "About 15% of developing asymmetries are malignant", CONTRADICTED),
    (check_share, "15% of developing asymmetries prove to be cancer", "About 15% of developing asymmetries are malignant", SUPPORTED),
    (check_share, "PPV2 is the share of cancers with a recommendation", "PPV2 is the share of cancers among examinations with a recommendation", CONTRADICTED),
    (check_alternatives, "The composition is heterogeneous", "Composition is homogeneous fat, homogeneous fibroglandular, or heterogeneous", UNSUPPORTED),
    (check_alternatives, "The composition may be heterogeneous", "Composition is homogeneous fat, homogeneous fibroglandular, or heterogeneous", SUPPORTED),
    (check_alternatives, "A negative screen is category 1", "A negative screen is category 1 or 2", UNSUPPORTED),
    (check_joined, "DCE is positive when focal or matching a finding", "DCE is positive when focal and matching a finding", CONTRADICTED),
    (check_joined, "Skin or rim calcifications are benign", "Skin and rim calcifications are benign", SUPPORTED),
    (check_frequency, "CT at 2 years", "CT at 6-12 months, then every 2 years until 5 years", CONTRADICTED),
    (check_frequency, "CT every 6-12 months", "CT at 6-12 months, then every 2 years until 5 years", CONTRADICTED),
    (check_frequency, "CT every 2 years", "CT at 6-12 months, then every 2 years until 5 years", SUPPORTED),
    (check_sequence, "v1.1 replaced v2022", "v1.1 succeeded v1.0 and was succeeded by v2022", CONTRADICTED),
    (check_sequence, "v1.1 was replaced by v2022", "v1.1 succeeded v1.0 and was succeeded by v2022", SUPPORTED),
    (check_sequence, "The 5th edition replaced the letters with numbers", "The 5th edition uses letters in place of numbers", CONTRADICTED),
    (check_sequence, "A positive DCE raises a score of 4 to 3", "Score 3 with positive DCE becomes 4", CONTRADICTED),
    (check_complete_count, "With APHE and 10-19 mm: LR-3", "With APHE, 10-19 mm and 0 additional features: LR-3", UNSUPPORTED),
    (check_complete_count, "With APHE, 10-19 mm and no additional features: LR-3", "With APHE, 10-19 mm and 0 additional features: LR-3", SUPPORTED),
    (check_polarity, "With APHE but no additional features: LR-3", "With APHE, 10-19 mm and 0 additional features: LR-3", SUPPORTED),
    (check_polarity, "One point is given when it cannot be determined", "Echogenicity that cannot be determined scores 1 point", SUPPORTED),
    (check_polarity, "A feature that one is not sure of is absent", "Features one is unsure of are absent", SUPPORTED),
    (check_pairing, "The preferred modality is CT", "Ultrasound and MRI are preferred, but most CT stays below harmful dose", CONTRADICTED),
    (check_words, "A slow examination", "A fast examination", UNSUPPORTED),
    (check_words, "A recent reaction", "A late reaction", UNSUPPORTED),
    (check_words, "A positive DCE raised it to 4", "Score 3 with positive DCE becomes 4", SUPPORTED),
    (check_words, "A positive DCE raised it to 3", "Score 4 with positive DCE becomes 3", UNSUPPORTED),
]  # fmt: skip


@pytest.mark.parametrize(("check", "said", "passage", "verdict"), EXCHANGED)
def test_what_belongs_to_what(check: Check, said: str, passage: str, verdict: str) -> None:
    found = check(Part(said), Unit(passage, 1, LUNG))
    assert found.verdict == verdict, found.reason


@pytest.mark.parametrize(
    ("said", "question", "told"),
    [
        ("A 32 mm nodule has been stable.", "A 32 mm nodule has been stable: which category?", False),
        ("A moderate or severe reaction.", "How much oxygen in a moderate or severe reaction?", False),
        ("Such a nodule is category 2.", "A 32 mm nodule has been stable: which category?", True),
        ("MRI is safe in pregnancy.", "Is MRI safe in pregnancy?", True),
        ("It is category 3.", "Is it category 3 or 4A?", True),
        ("A 32 mm nodule has been stable.", "", True),
    ],
)  # fmt: skip
def test_the_question_said_again_is_no_answer(said: str, question: str, told: bool) -> None:
    assert check_echo(said, question).passed is told
