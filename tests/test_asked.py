"""What retrieval reads in a question and in a passage: numbers with bounds, labels, kinds, the focus."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import CorpusError
from rag.retrieval.alternatives import load_alternatives
from rag.retrieval.answer_kind import kinds_in, kinds_wanted
from rag.retrieval.asked import asked
from rag.retrieval.bounds import agreement, labels_of, quantities
from rag.retrieval.tokens import tokens
from rag.settings import CORPUS


@pytest.mark.parametrize(
    ("question", "passage", "holds"),
    [
        ("eGFR of 25", "at risk with eGFR under 30 (<30)", True),
        ("eGFR exactly 30", "at risk with eGFR under 30 (<30)", False),
        ("eGFR 38", "at eGFR 30-44 it is an individual decision", True),
        ("eGFR 92", "at eGFR 30-44 it is an individual decision", False),
        ("1.2 cm lesion", "10-19 mm and one feature", True),
        ("8 mm lesion", "10-19 mm and one feature", False),
        ("T2 3 and DWI 4", "T2 score 3 and DWI score 4 or less (<=4)", True),
        ("T2 3 and DWI 5", "T2 score 3 and DWI score 4 or less (<=4)", False),
        ("10 mm nodule", "larger than 1.0 cm (>1.0 cm)", False),
    ],
)
def test_a_number_is_held_against_the_bounds_on_the_same_thing(
    question: str, passage: str, holds: bool
) -> None:
    found = agreement(quantities(question), quantities(passage))
    assert (found > 0.5) is holds


def test_what_a_passage_does_not_speak_of_counts_nothing() -> None:
    assert agreement(quantities("8 mm nodule"), quantities("eGFR under 30")) == 0.0
    assert quantities("10-19 mm and 0 features")[0].of == "mm"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Lung-RADS 4A or 4B nodule", {"4A", "4B"}),
        ("TR4: FNA at 1.5 cm", {"4"}),
        ("10-19 mm and no other feature: LR-3.", {"3"}),
        ("category 3 nodule of 3 mm", {"3"}),
        ("BI-RADS 5th edition, 5 mm", set()),
    ],
)
def test_labels_are_told_from_sizes_and_editions(text: str, labels: set[str]) -> None:
    assert labels_of(text) == labels


def test_a_question_wants_a_kind_of_quantity_and_a_passage_holds_some() -> None:
    assert kinds_wanted("What tube voltage is used?") == {"voltage"}
    assert kinds_wanted("Is prone positioning an option?") == frozenset()
    assert kinds_wanted("Who should be screened for lung cancer?") == {"people"}
    assert {"voltage", "volume"} <= kinds_in("80-100 kVp and at most 75 mL of contrast")
    assert "length" not in kinds_in("patients stop solid food 4-6 hours before")


def test_whether_a_thing_is_safe_is_not_answered_by_what_else_is_known_of_it() -> None:
    assert kinds_wanted("IS GADOLINIUM CONTRAST SAFE") == {"safety"}
    assert "safety" in kinds_in("MRI may be done at any stage of pregnancy.")
    assert "safety" not in kinds_in("There is no cross-reactivity between the contrast classes.")
    assert kinds_wanted("Is prone positioning helpful?") == {"use"}
    assert "use" in kinds_in("Prone positioning may help, but ... its value is debated.")


def test_the_focus_is_the_thing_asked_for() -> None:
    read = asked("Which echo time should be used for T2-weighted prostate MRI?")
    assert [concept.said for concept in read.focus] == [("echo",), ("time",)]
    assert asked("What is gadolinium contrast").defines
    assert not asked("What is the dose of gadolinium?").defines


def test_a_text_on_another_agent_or_on_special_patients_stands_apart() -> None:
    alternatives = load_alternatives(CORPUS / "alternatives.yaml")

    def named(text: str) -> tuple[frozenset[str], ...]:
        return alternatives.named_by(frozenset(tokens(text)))

    question, other = named("gadolinium dose"), named("iodinated contrast dose")
    assert alternatives.apart(question, other) == 1
    assert alternatives.special(question, named("gadolinium in pregnancy"))
    assert not alternatives.special(question, named("a non-pregnant adult"))
    assert not alternatives.special(named("pregnant woman"), named("pregnancy"))


def test_a_name_without_index_terms_is_rejected_with_its_place(tmp_path: Path) -> None:
    wrong = tmp_path / "alternatives.yaml"
    wrong.write_text("groups:\n  a:\n    members: {one: [the], two: [liver]}\n")
    with pytest.raises(CorpusError, match=r"alternatives\.yaml:\d+"):
        load_alternatives(wrong)


def test_either_of_two_things_asked_for_will_do() -> None:
    for question in ("gonadal or pelvic shields", "gonadal/pelvic shields"):
        (either,) = (c for c in asked(question).concepts if c.either)
        assert either.held_by(tokens("gonadal shielding"))
        assert either.held_by(tokens("a pelvic shield"))
    assert not [c for c in asked("PET/CT w/o contrast").concepts if c.either and "pet" in c.said]


def test_what_a_rule_reaches_too_is_not_asked_of_the_passage() -> None:
    read = asked("Is shielding still used, including in children?")
    assert not {"children", "child"} & read.terms


def test_how_recent_asks_for_a_time() -> None:
    assert "time" in kinds_wanted("How recent must the eGFR be before contrast?")


def test_a_joined_word_is_one_term() -> None:
    assert tokens("non-power") == ["non", "power", "nonpow"]
    assert tokens("nonpower")[0] in tokens("non power")


def test_pregnant_is_not_named_by_non_pregnant() -> None:
    groups = load_alternatives(CORPUS / "alternatives.yaml")
    named = groups.named_by(frozenset(tokens("a non-pregnant adult")))
    assert not any("pregnancy" in members for members in named)
