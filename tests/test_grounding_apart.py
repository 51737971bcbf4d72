"""What a passage says of different things is not joined, and what it narrows is not widened."""

from __future__ import annotations

import pytest

from rag.answering.grounding import verify
from rag.types import Evidence, Statement
from tests.fakes import passage
from tests.grounding.cases import cases

SHOWN = ("supported", "partly")
GRADES = "Grades of reaction: mild is limited rash or sneezing, moderate is diffuse rash, severe is shock."
DOSES = "The symbol stands for 1-10 mSv for adults and 0.3-3 mSv for children."
SCOPE = (
    "Patients with end-stage kidney disease on maintenance dialysis can have iodinated contrast."
)
RULE = "Category 4B applies to a thick-walled cyst with growing wall thickness or nodularity."
ONLY = "In liver CT an unenhanced phase is suggested only after locoregional treatment and is otherwise optional."
TOGETHER = "A solid mass needs to be oval, parallel and circumscribed together for category 3."
BRACKET = (
    "Required phases are arterial (late arterial strongly preferred), portal venous and delayed."
)


@pytest.mark.parametrize(
    ("text", "stated", "reason"),
    [
        (GRADES, "Limited rash or sneezing is moderate.", "different things"),
        (DOSES, "The symbol stands for 1-10 mSv for children.", "apart"),
        (SCOPE, "Patients with kidney disease can have iodinated contrast.", '"end", "stage"'),
        (RULE, "A thick-walled cyst is category 4B.", '"growing"'),
        (ONLY, "In liver CT an unenhanced phase is suggested.", "leaves out"),
        (TOGETHER, "An oval, parallel solid mass is category 3.", '"circumscribed"'),
        (BRACKET, "Late arterial is a required phase.", '"strongly", "preferred"'),
    ],
)  # fmt: skip
def test_a_statement_of_the_wrong_thing_or_of_more_things_is_withheld(
    text: str, stated: str, reason: str
) -> None:
    item = passage(text)
    found = verify(Statement(stated, (1,)), (Evidence(1, item, item.text),))
    assert found.verdict not in SHOWN
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        (GRADES, "Moderate is diffuse rash."),
        (SCOPE, "Iodinated contrast can be given to patients with end-stage kidney disease on maintenance dialysis."),
        (RULE, "A thick-walled cyst with growing wall thickness is category 4B."),
        (ONLY, "In liver CT an unenhanced phase is suggested only after locoregional treatment."),
        (TOGETHER, "For category 3 a solid mass needs to be oval, parallel and circumscribed."),
        (BRACKET, "The required phases are arterial, portal venous and delayed."),
    ],
)  # fmt: skip
def test_what_the_passage_says_of_it_is_shown(text: str, stated: str) -> None:
    item = passage(text)
    found = verify(Statement(stated, (1,)), (Evidence(1, item, item.text),))
    assert found.verdict in SHOWN, found.reason


def test_of_subtly_wrong_statements_few_are_shown() -> None:
    """Three sets of one change each. In their first runs 14 of 69, 11 of 46 and 9 of 32 were shown."""
    given = [
        case
        for name in ("seventh", "eighth", "ninth")
        for case in cases(f"wrong_statements_{name}")
    ]
    shown = [case for case in given if case.as_worded().verdict in SHOWN]
    assert len(given) == 147
    assert len(shown) <= 8, "\n".join(map(str, shown))


def test_close_paraphrases_are_mostly_shown() -> None:
    """Written with them, in the passages' own words; withheld in their first runs 14 of 62, 13 of 45, 4 of 30."""
    given = [
        case for name in ("seventh", "eighth", "ninth") for case in cases(f"paraphrases_{name}")
    ]
    withheld = [case for case in given if case.verified().verdict not in SHOWN]
    assert len(withheld) <= 0.25 * len(given), "\n".join(map(str, withheld))
