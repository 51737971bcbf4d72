"""A model's true sentence that leaves out what was asked does not take the place of the guideline's."""

from __future__ import annotations

import pytest

from rag.answering.told import tell_all
from rag.types import Statement

COMET = "A large comet-tail artefact is V-shaped, larger than 1 mm (>1 mm) and lies in cystic content: 0 points."
FIFTH = (
    "The 5th edition of BI-RADS was published in 2013 and covers mammography, ultrasound and MRI."
)
PREFERRED = "Ultrasound and MRI are preferred in pregnancy."


@pytest.mark.parametrize(
    ("said", "first", "told"),
    [
        (["A large comet-tail artefact is V-shaped, larger than 1 mm."], COMET, False),
        (["A large V-shaped comet-tail artefact larger than 1 mm, in cystic content, scores 0 points."], COMET, True),
        (["It is V-shaped and larger than 1 mm in cystic content.", "A large comet-tail artefact scores 0 points."], COMET, True),
        (["In pregnancy ultrasound and MRI are preferred."], PREFERRED, True),
        (["Pregnancy is a state of its own."], PREFERRED, False),
        (["The 5th edition of BI-RADS was published in 2013."], FIFTH, False),
    ],
)  # fmt: skip
def test_figures_and_most_words_must_be_told(said: list[str], first: str, told: bool) -> None:
    statements = [Statement(text, (1,)) for text in said]
    assert tell_all(statements, Statement(first, (1,))) is told
