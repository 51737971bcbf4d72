"""Where a question goes: systems, editions, labels and what is asked of them."""

from __future__ import annotations

from functools import cache

import pytest

from rag.answering.category_route import from_category
from rag.answering.labels import labels_in
from rag.answering.route import Routed, route, systems_for
from rag.knowledge.glossary import load_glossary
from rag.knowledge.shelf import Shelf
from rag.knowledge.words import fold
from rag.settings import CORPUS


@cache
def shelf() -> Shelf:
    return Shelf.open(CORPUS)


@cache
def glossary():
    return load_glossary(CORPUS / "glossary.yaml", shelf().vocabulary)


def routed(question: str) -> Routed:
    return route(question, shelf(), shelf().vocabulary, glossary())


INTENTS = [
    ("9 mm solid nodule on a baseline screening CT", "grade"),
    ("8 mm solid nodule", "grade"),
    ("category 3 nodule unchanged at 6 months", "grade"),
    ("What is the Lung-RADS category of a new 5 mm solid nodule?", "grade"),
    ("K-TIRADS 3, 17 mm: biopsy?", "grade"),
    ("7 mm ACR TR5 thyroid nodule: recommended management?", "grade"),
    ("No nodules on the baseline screening CT", "grade"),
    ("What is Lung-RADS 6?", "category_info"),
    ("How long until the next CT after category 4A?", "category_info"),
    ("What does 4B mean in BI-RADS?", "category_info"),
    ("Difference between BI-RADS 4A and 4B", "category_info"),
    ("Mammographic category 4A: next step?", "category_info"),
    ("BI-RADS 5와 6의 차이점은 무엇인가요?", "category_info"),
    ("Category 4B because of a segmental airway nodule: what does Lung-RADS recommend?", "category_info"),
    ("What counts as growth in Lung-RADS?", "guideline_text"),
    ("When is S added?", "guideline_text"),
    ("How is significant growth of a thyroid nodule on follow-up US defined?", "guideline_text"),
    ("Does an increase in mean diameter of 1.5 mm over 12 months count as growth in Lung-RADS?", "guideline_text"),
    ("In Lung-RADS v1.1, what size is the GGN threshold?", "guideline_text"),
    ("LI-RADS: is a new 10 mm lesion threshold growth?", "guideline_text"),
    ("which phases for a pancreas CT?", "guideline_text"),
    ("CT protocol for kidney stone?", "guideline_text"),
    ("What is the capital of France?", "guideline_text"),
    ("did the K-TIRADS 3 biopsy size change?", "compare_editions"),
    ("What changed from Lung-RADS v1.1 to v2022?", "compare_editions"),
    ("K-TIRADS 2016 vs 2021 biopsy sizes", "compare_editions"),
    ("What is new in BI-RADS v2025?", "compare_editions"),
    ("Which exam to order for suspected intracranial haemorrhage?", "appropriateness"),
    ("first test for suspected kidney stone in pregnancy?", "appropriateness"),
    ("New 5 mm solid nodule on the annual scan: category 2?", "check_report"),
    ('Report: "5.4 mm solid nodule on baseline LDCT, Lung-RADS 3." Is the category right?', "check_report"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "intent"), INTENTS)
def test_what_is_asked(question, intent):
    assert routed(question).intent == intent


NAMED = [
    ("What is Lung-RADS 3?", ("lung_rads_v2022",), ()),
    ("lungrads 4a follow up", ("lung_rads_v2022",), ()),
    ("In Lung-RADS v1.1, what size is the GGN threshold?", ("lung_rads_v1_1",), ("lung_rads_v1_1",)),
    ("K-TIRADS 2016: category 3 biopsy size", ("k_tirads_2016",), ("k_tirads_2016",)),
    ("2016 K-TIRADS category 3", ("k_tirads_2016",), ("k_tirads_2016",)),
    ("K-TIRADS 3 nodule 12 mm, stable since 2016", ("k_tirads_2021",), ()),
    ("BI-RADS 4B", ("bi_rads_5",), ()),
    ("BI-RADS 5th edition category 3", ("bi_rads_5",), ()),
    ("ACR TI-RADS TR4 follow-up", ("acr_ti_rads_2017",), ()),
    ("TR4 follow-up", ("acr_ti_rads_2017",), ()),
    ("Fleischner for a 7 mm nodule", ("fleischner_2017",), ()),
    ("What changed from Lung-RADS v1.1 to v2022?", ("lung_rads_v2022", "lung_rads_v1_1"), ("lung_rads_v1_1",)),
    ("K-TIRADS and ACR TI-RADS for a 2 cm nodule", ("k_tirads_2021", "acr_ti_rads_2017"), ()),
    ("protocol for a chest CT", (), ()),
]  # fmt: skip


@pytest.mark.parametrize(("question", "guidelines", "superseded"), NAMED)
def test_systems_and_editions_named(question, guidelines, superseded):
    found = routed(question)
    assert (found.guidelines, found.editions_named) == (guidelines, superseded)


NONEXISTENT = [
    ("What is Lung-RADS 6?", {("lung_rads_v2022", "6")}),
    ("Patient is Lung-RADS 5, what next?", {("lung_rads_v2022", "5")}),
    ("Lung-RADS 4C nodule", {("lung_rads_v2022", "4C")}),
    ("K-TIRADS 6", {("k_tirads_2021", "6")}),
    ("K-TIRADS 4A", {("k_tirads_2021", "4A")}),
    ("BI-RADS 7", {("bi_rads_5", "7")}),
    ("BI-RADS normal", {("bi_rads_5", "NORMAL")}),
    ("TR6 nodule", {("acr_ti_rads_2017", "TR6")}),
    ("TI-RADS 7", {("k_tirads_2021", "7"), ("acr_ti_rads_2017", "TR7")}),
    ("Lung-RADS 4A", set()),
    ("Lung-RADS 2S", set()),
    ("BI-RADS IVc", set()),
]


@pytest.mark.parametrize(("question", "expected"), NONEXISTENT)
def test_labels_that_do_not_exist(question, expected):
    assert set(routed(question).nonexistent) == expected


AMBIGUOUS = [
    ("TI-RADS 4", {"k_tirads_2021", "acr_ti_rads_2017"}),
    ("category 4", {"k_tirads_2021", "acr_ti_rads_2017", "bi_rads_5"}),
    ("RADS 5", {"k_tirads_2021", "acr_ti_rads_2017", "bi_rads_5"}),
    ("Category 4A는 무엇인가요?", {"lung_rads_v2022", "bi_rads_5"}),
    ("1.2 cm solid hypoechoic thyroid nodule, TI-RADS?", {"k_tirads_2021", "acr_ti_rads_2017"}),
    ("Lung-RADS 4A", set()),
    ("4C", set()),
    ("mammographic category 3", set()),
    ("EU-TIRADS 4", set()),
]


@pytest.mark.parametrize(("question", "candidates"), AMBIGUOUS)
def test_an_unqualified_name_lists_the_systems_it_may_mean(question, candidates):
    assert set(routed(question).ambiguous) == candidates


UNQUALIFIED_BUT_CLEAR = [
    ("4C", "bi_rads_5"),
    ("What is category 4X?", "lung_rads_v2022"),
    ("mammographic category 3: follow-up interval?", "bi_rads_5"),
    ("How long until the next CT after category 4A?", "lung_rads_v2022"),
    ("category 3 nodule unchanged at 6 months", "lung_rads_v2022"),
]


@pytest.mark.parametrize(("question", "guideline"), UNQUALIFIED_BUT_CLEAR)
def test_a_label_that_one_system_alone_has_needs_no_name(question, guideline):
    assert routed(question).guidelines == (guideline,)


def test_systems_and_editions_that_are_not_held_are_named():
    assert routed("EU-TIRADS 4").elsewhere == ("eu tirads",)
    assert routed("Lung-RADS v3 category 2").unknown_editions == ("v3",)


LABELS = [
    ("BI-RADS 4A, 4B and 4C?", ["4A", "4B", "4C"]),
    ("BI-RADS 5 point scale", []),
    ("BI-RADS 5th edition", []),
    ("Lung-RADS 1.1 and v2022", []),
    ("category 3, 8 mm", ["3"]),
    ("BI-RADS 4 and 2 nodules", ["4"]),
    ("Lung-RADS 3/4A", ["3", "4A"]),
    ("stage 4A disease", []),
    ("K-TIRADS 3 at 6 months", ["3"]),
    ("BI-RADS category: IV", ["4"]),
]


@pytest.mark.parametrize(("text", "expected"), LABELS)
def test_labels_are_told_from_other_numbers(text, expected):
    assert [label.value for label in labels_in(fold(text))] == expected


def test_a_denied_label_is_not_asked_about():
    assert routed("No corresponde a BI-RADS 5.").labels == ()


SYSTEMS = [
    ("8 mm solid nodule", ("lung_rads_v2022", "fleischner_2017")),
    ("8 mm solid nodule on screening CT", ("lung_rads_v2022",)),
    ("8 mm solid nodule at baseline", ("lung_rads_v2022",)),
    ("incidental 8 mm solid nodule", ("fleischner_2017",)),
    ("2 cm solid hypoechoic thyroid nodule", ("k_tirads_2021", "acr_ti_rads_2017")),
    ("oval circumscribed breast mass, probably benign", ("bi_rads_5",)),
    ("endobronchial nodule, segmental, new", ("lung_rads_v2022",)),
]


@pytest.mark.parametrize(("text", "expected"), SYSTEMS)
def test_a_finding_without_a_system_goes_to_those_made_for_it(text, expected):
    (finding,) = routed(text).findings
    assert systems_for(finding, shelf()) == expected


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("CAD-RADS 3, what next?", "cad rads"),
        ("bosniak 2f cyst follow up", "bosniak"),
        ("Bosniak IIF", "bosniak"),
        ("kellgren lawrence grade 3", "kellgren lawrence"),
        ("PI-QUAL 2", "pi qual"),
        ("보스니악 3형 관리", "보스니악"),
        ("8 mm solid nodule, stage iv", ""),
        ("segment ii liver lesion", ""),
        ("breast density type c", ""),
    ],
)
def test_a_classification_that_is_not_held_is_known_by_its_form(question: str, name: str) -> None:
    assert (routed(question).elsewhere or ("",)) == (name,)


@pytest.mark.parametrize(
    "question",
    ["9 mm solid nodule on a baseline screening CT", "What does BI-RADS 4B mean?", "What is 4A?"],
)
def test_a_departments_document_has_no_tables_to_grade_with(question: str) -> None:
    read = routed(question)
    assert from_category(question, read, shelf(), (), ["our_protocol"]) is None
    both = from_category(question, read, shelf(), (), ["our_protocol", "lung_rads_v2022"])
    assert both is not None
