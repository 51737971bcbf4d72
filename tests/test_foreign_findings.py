"""What belongs to something else: gradings and sizes of other things, denials of another nodule."""

from __future__ import annotations

import pytest

from rag.answering.descriptors import read_findings
from rag.answering.finding import Finding
from rag.answering.foreign_finding import names_foreign_lesion
from rag.answering.labels import labels_in
from rag.answering.route import route
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(load_settings().corpus)


@pytest.fixture(scope="module")
def glossary(shelf: Shelf) -> Glossary:
    return load_glossary(load_settings().corpus / "glossary.yaml", shelf.vocabulary)


def findings(text: str, shelf: Shelf, glossary: Glossary) -> tuple[Finding, ...]:
    return read_findings(text, shelf.vocabulary, glossary)


@pytest.mark.parametrize(
    "text",
    ["grade 3 splenic injury", "grade 2 mcl sprain", "grade 1 spondylolisthesis", "class 3 obesity",
     "level 2 evidence", "grade iv liver laceration"],
)  # fmt: skip
def test_the_grade_of_something_else_is_no_category(text: str) -> None:
    assert labels_in(text) == ()


@pytest.mark.parametrize(
    ("text", "label"),
    [("grade 3", "3"), ("grade 3 nodule", "3"), ("level 4 thyroid nodule", "4"), ("category 3 stable nodule", "3"),
     ("what is score 5?", "5"), ("grade 4 or 5", "4")],
)  # fmt: skip
def test_a_grade_of_nothing_or_of_a_nodule_still_is(text: str, label: str) -> None:
    assert labels_in(text)[0].value == label


@pytest.mark.parametrize("text", ["5 mm meningioma", "Subcapsular haematoma: 4 cm haematoma", "8 mm haemangioma, incidental"])  # fmt: skip
def test_a_size_of_something_else_is_no_nodule(text: str, shelf: Shelf, glossary: Glossary) -> None:
    assert findings(text, shelf, glossary) == ()


@pytest.mark.parametrize(
    "text",
    ["3 cm solid lump in kidney", "solid nodule, 12 mm, in the spleen", "1.5 cm solid nodule in the left lobe of the liver",
     "2.5 cm solid adrenal mass", "MRI pituitary 9 mm solid nodule", "new 8 mm nodule in the parotid"],
)  # fmt: skip
def test_a_lesion_of_another_organ_is_no_lung_nodule(
    text: str, shelf: Shelf, glossary: Glossary
) -> None:
    assert findings(text, shelf, glossary) == ()


@pytest.mark.parametrize(
    "text",
    ["8 mm solid nodule, history of kidney cancer", "renal cancer patient, 8 mm solid nodule",
     "kidney transplant, new 8 mm solid lung nodule", "8 mm solid nodule RUL; liver cyst"],
)  # fmt: skip
def test_another_organ_in_the_history_takes_no_nodule_away(
    text: str, shelf: Shelf, glossary: Glossary
) -> None:
    assert any(f.get("mean_diameter") for f in findings(text, shelf, glossary))


@pytest.mark.parametrize("text", ["8 mm, solid, new", "8 mm RUL, baseline", "9 mm nodule"])
def test_a_bare_size_still_is(text: str, shelf: Shelf, glossary: Glossary) -> None:
    assert len(findings(text, shelf, glossary)) == 1


def test_what_is_denied_of_one_nodule_is_not_denied_of_another(
    shelf: Shelf, glossary: Glossary
) -> None:
    text = "Thyroid: right 1.5 cm solid hypoechoic nodule. Left 1.2 cm solid isoechoic nodule, no echogenic foci."
    right, left = findings(text, shelf, glossary)
    assert right.get("punctate_foci") is None and left.get("punctate_foci") == "absent"


def test_a_side_heads_what_is_described_after_it(shelf: Shelf, glossary: Glossary) -> None:
    text = "Two thyroid nodules. Right: 2.0 cm cystic, anechoic. Left: 1.5 cm solid, hypoechoic."
    right, left = findings(text, shelf, glossary)
    assert (right.get("composition"), right.get("max_diameter")) == ("cystic", 20.0)
    assert (left.get("composition"), left.get("max_diameter")) == ("solid", 15.0)


def test_a_new_opacity_is_new_where_there_is_no_cyst(shelf: Shelf, glossary: Glossary) -> None:
    (found,) = findings("Annual LDCT, new ground glass opacity of 30 mm.", shelf, glossary)
    assert found.get("timing") == "new"


def test_a_component_that_developed_is_not_the_prior_size(shelf: Shelf, glossary: Glossary) -> None:
    text = "Annual screening CT. GGN 12 mm on the prior has developed a 5 mm solid component; total now 14 mm."
    (found,) = findings(text, shelf, glossary)
    assert (found.get("solid_component"), found.get("mean_diameter")) == (5.0, 14.0)


def test_a_year_of_comparison_is_no_edition(shelf: Shelf, glossary: Glossary) -> None:
    text = "Baseline LDCT: 9 x 7 mm solid nodule. Adrenal adenoma, stable from 2019. Lung-RADS?"
    found = route(text, shelf, shelf.vocabulary, glossary)
    assert found.guidelines == ("lung_rads_v2022",) and found.intent == "grade"


@pytest.mark.parametrize(
    "text", ["Bosniak category for a 3 cm renal cyst?", "Which Agatston score?"]
)
def test_a_grading_that_is_not_held_is_named(text: str, shelf: Shelf, glossary: Glossary) -> None:
    assert route(text, shelf, shelf.vocabulary, glossary).elsewhere


@pytest.mark.parametrize(
    ("text", "named"),
    [("12 mm nodule in the spleen", True), ("renal mass, 3 cm", True), ("2.5 cm solid nodule, new, in the left adrenal", True),
     ("Multiple solid nodules, low risk. Degenerative changes of the spine.", False),
     ("8 mm nodule, degenerative changes of the spine", False), ("8 mm nodule; fracture of a vertebra", False),
     ("bone scan negative, 8 mm nodule", False), ("8 mm nodule, renal cancer", False), ("6 mm nodule, stones in the kidney", False)],
)  # fmt: skip
def test_a_lesion_is_of_another_organ_only_where_the_text_puts_it_there(
    text: str, named: bool
) -> None:
    assert names_foreign_lesion(text) is named
