"""What a model words keeps to the guideline's own words: what that lets through and what it withholds."""

from __future__ import annotations

import pytest

from rag.answering.english_door import checked_in_english
from rag.answering.grounding import Asked, verify
from rag.answering.grounding.closeness import check_closeness
from rag.answering.grounding.copies import is_copy
from rag.answering.grounding.result import SHOWN
from rag.answering.statements import plain_sentence
from rag.types import Evidence, Statement
from tests.fakes import passage
from tests.grounding.cases import WRITTEN, cases

EDITED = ("edited_dev", "edited_held_out", "edited_third", "edited_fourth")
RULE = "TR5: FNA at 1.0 cm or more (>=1.0 cm); follow-up at 0.5 cm or more (>=0.5 cm)."
WASHOUT = (
    "Adenoma is suggested by absolute washout of 60% or more, or relative washout of 40% or more."
)


def evidence(text: str) -> tuple[Evidence, ...]:
    item = passage(text)
    return (Evidence(1, item, item.text),)


def test_what_a_strong_model_writes_under_the_prompt_is_shown() -> None:
    """Outputs of writers who were given the prompt alone. First runs, withheld: 12 of 161, 11 of 255, 12 of 284."""
    given = [case for name in EDITED for case in cases(f"paraphrases_{name}", WRITTEN)]
    withheld = [case for case in given if case.as_worded().verdict not in SHOWN]
    assert len(given) > 800
    assert len(withheld) <= 0.05 * len(given), "\n".join(map(str, withheld))


def test_wrong_statements_by_writers_who_know_no_check_are_hardly_shown() -> None:
    """Before closeness was asked for, 20 of them were shown; their misses were not mended one by one."""
    given = cases("wrong_statements_tenth", WRITTEN)
    shown = [case for case in given if case.as_worded().verdict in SHOWN]
    assert len(given) == 348
    assert len(shown) <= 0.02 * len(given), "\n".join(map(str, shown))


@pytest.mark.parametrize(
    ("text", "stated", "close"),
    [
        (RULE, "A TR5 nodule has FNA at 1.0 cm or more.", True),
        (RULE, "TR5 calls for FNA at 1.0 cm or more.", True),
        (RULE, "Aspirate TR5 at 1.0 cm or more.", False),
        (RULE, "A TR5 lesion scores FNA at 1.0 cm or more.", False),  # two new words
        (WASHOUT, "Absolute washout of 60% or more suggests adenoma.", True),
        (WASHOUT, "Adenoma is suggested by absolute washout of 40% or more, or relative washout of 60% or more.", False),
    ],
)  # fmt: skip
def test_one_light_word_may_be_new_and_figures_keep_their_order(
    text: str, stated: str, close: bool
) -> None:
    assert check_closeness(stated, evidence(text)).passed is close


@pytest.mark.parametrize(
    ("stated", "copy"),
    [
        ("TR5 nodules: FNA at 1.0 cm or more.", True),
        ("A TR5 nodule has FNA at 1.0 cm or more (>=1.0 cm).", True),
        ("A TR5 nodule has FNA at 1.0 cm or more and follow-up at 0.5 cm or more.", True),
        ("A TR5 nodule has FNA at 1.0 cm or more (>=1.5 cm).", False),
        ("A TR5 nodule has follow-up at 1.0 cm or more.", False),
        ("A TR4 nodule has FNA at 1.0 cm or more.", False),
        ("A TR5 nodule has no FNA at 1.0 cm or more.", False),
        ("A ТR5 nodule has FNA at 1.0 cm or more.", False),  # a Cyrillic T
    ],
)
def test_a_copy_changes_nothing_that_counts(stated: str, copy: bool) -> None:
    assert is_copy(stated, passage(RULE)) is copy


def test_the_edition_of_the_passage_may_be_named_and_no_other() -> None:
    given = evidence("Category 3: LDCT at 6 months.")
    label = given[0].passage.edition.label
    assert (
        verify(Statement(f"In {label}, category 3 has LDCT at 6 months.", (1,)), given).verdict
        in SHOWN
    )
    assert verify(Statement("In Lung-RADS v1.0, category 3 has LDCT at 6 months.", (1,)), given).verdict not in SHOWN  # fmt: skip


def test_yes_and_no_before_a_statement_are_left_out() -> None:
    assert plain_sentence("No, oral contrast is not given.", [1]) == (
        "Oral contrast is not given.",
        "",
    )
    assert plain_sentence("No contrast is given.", [1]) == ("No contrast is given.", "")
    assert plain_sentence("Yes: category 3 has LDCT.", [1])[0] == "Category 3 has LDCT."


@pytest.mark.parametrize("name", ["Lung-RADS 3", "LI-RADS CT/MRI v2018, LR-5", "ACR TI-RADS TR4."])
def test_a_name_alone_is_no_statement(name: str) -> None:
    assert plain_sentence(name, [1])[1] == "says nothing"


def test_a_restriction_of_the_subject_is_not_left_out() -> None:
    """A weak model said it; "2 cm" would be followed and not sampled."""
    given = evidence(
        "K-TIRADS 3 and 4 nodules below biopsy size are followed at 1, 3 and 5 years (2021)."
    )
    bare = "A K-TIRADS 3 or 4 nodule is followed at 1, 3 and 5 years."
    whole = "K-TIRADS 3 nodules below biopsy size are followed at 1, 3 and 5 years."
    assert not check_closeness(bare, given).passed
    assert check_closeness(whole, given).passed
    assert check_closeness(bare, given, "How is a nodule below biopsy size followed?").passed


def test_a_reader_may_lift_what_is_only_not_close() -> None:
    """Closeness bars nothing for good: an entailment model with fitted weights may still show it."""
    found = checked_in_english(
        Statement("A nodule of category 3 is followed up with LDCT after half a year.", (1,)),
        evidence("Category 3: LDCT at 6 months."),
        Asked(),
    )
    assert found.verdict not in SHOWN
    assert not found.check.endswith("!")


NEW_4B = "A new solid nodule that looks more like cancer than infection and meets the 4B size may be called category 4B straight away."
CUT_POINTS = "Cut points for low performance: sensitivity below 75%, recall below 5% or above 12%."
SUMMARY = "A journal article gives a user-friendly summary of BI-RADS v2025."
FIELD = "The field of view is 12-20 cm and must take in the whole gland."


@pytest.mark.parametrize(
    ("said", "passage", "shown"),
    [
        ("A new solid nodule that looks more like cancer than infection.", NEW_4B, False),
        ("A new nodule that looks more like cancer than infection.", NEW_4B, False),
        ("Cut points for low performance", CUT_POINTS, False),
        ("A user-friendly summary of BI-RADS v2025.", SUMMARY, False),
        ("The field of view is 12-20 cm.", FIELD, True),
        (SUMMARY, SUMMARY, True),
        (NEW_4B, NEW_4B, True),
    ],
)
def test_a_piece_cut_out_of_a_sentence_is_no_statement(
    said: str, passage: str, shown: bool
) -> None:
    found = checked_in_english(Statement(said, (1,)), evidence(passage), Asked("What holds?"))
    assert (found.verdict in SHOWN) is shown


def test_the_name_of_a_place_is_no_statement() -> None:
    (item,) = given = evidence("Category 3 has LDCT at 6 months.")
    name = f"{item.passage.edition.label}, {item.passage.section}"
    assert checked_in_english(Statement(name, (1,)), given, Asked("Which?")).verdict not in SHOWN
