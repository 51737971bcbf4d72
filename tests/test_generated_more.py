"""Generated descriptions for Fleischner and BI-RADS, and what taking a descriptor away may do.

As in ``test_generated_descriptions``, ``RADCITE_GENERATED=10000`` runs ten thousand of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Scalar
from tests.test_generated_descriptions import (
    ASIDES,
    FEATURES,
    PLACES,
    TYPES,
    Outcome,
    length,
    many,
    of_text,
    of_values,
    patterns,
    styles,
    thyroid_text,
    thyroid_values,
)

FLEISCHNER = "fleischner_2017"
CHANCE = (
    "Incidental finding on CTPA",
    "Trauma CT, incidental",
    "Incidentally on CT abdomen",
    "Cardiac CT, incidental",
)
RISK = {"low": ("low risk", "low-risk patient"), "high": ("high risk", "high-risk patient")}
NUMBER = {"single": ("Solitary", "Single"), "multiple": ("Multiple", "Several")}
OTHERS = tuple(aside for aside in ASIDES if "smoker" not in aside)

Said = Mapping[str, Scalar | None]


def fleischner_text(draw: st.DrawFn, said: Said, gone: str = "") -> str:
    """The finding in one of many wordings; ``gone`` is left out."""
    plural = said["multiplicity"] == "multiple"
    kind = (
        draw(st.sampled_from(TYPES[str(said["nodule_type"])]))
        if gone != "nodule_type"
        else "pulmonary nodule"
    )
    kind = kind.replace("nodule", "nodules") if plural and "nodules" not in kind else kind
    number = (
        "" if gone == "multiplicity" else draw(st.sampled_from(NUMBER[str(said["multiplicity"])]))
    )
    size = length(round(float(said["mean_diameter"] or 0) * 10), draw(styles))
    measured = f", the largest {size}" if plural else f" of {size}"
    noun = f"{number} {kind}".strip()
    head = f"{noun}{draw(st.sampled_from(PLACES)) if not plural else ''}" + (
        "" if gone == "mean_diameter" else measured
    )
    risk = "" if gone == "risk" else f", {draw(st.sampled_from(RISK[str(said['risk'])]))}"
    sentences = [f"{draw(st.sampled_from(CHANCE))}: {head}{risk}."]
    asides = draw(st.lists(st.sampled_from(OTHERS), max_size=2, unique=True))
    return " ".join([*asides, *sentences] if draw(st.booleans()) else [*sentences, *asides])


incidental = st.fixed_dictionaries(
    {
        "finding": st.just("nodule"),
        "exam_context": st.just("incidental"),
        "nodule_type": st.sampled_from(("solid", "non_solid")),
        "multiplicity": st.sampled_from(("single", "multiple")),
        "mean_diameter": st.integers(25, 290).map(lambda tenths: tenths / 10),
        "risk": st.sampled_from(("low", "high")),
    }
)


@many
@given(incidental, st.data())
def test_words_units_and_order_never_change_a_fleischner_outcome(
    said: dict[str, Scalar], data: st.DataObject
) -> None:
    text = data.draw(st.composite(lambda draw: fleischner_text(draw, said))())
    assert told(text, FLEISCHNER) == told_values(FLEISCHNER, said), text


@many
@given(incidental, st.sampled_from(("nodule_type", "mean_diameter", "risk")), st.data())
def test_what_fleischner_needs_and_is_not_said_is_asked(
    said: dict[str, Scalar], gone: str, data: st.DataObject
) -> None:
    text = data.draw(st.composite(lambda draw: fleischner_text(draw, said, gone))())
    assert told(text, FLEISCHNER) == told_values(FLEISCHNER, {**said, gone: None}), text


def told(text: str, guideline: str) -> Outcome:
    return of_text(text, guideline)


def told_values(guideline: str, said: Said) -> Outcome:
    return of_values(guideline, **said)


BREAST: dict[str, dict[str, Sequence[str]]] = {
    "mass_shape": {"oval": ("oval", "ovoid"), "round": ("round",), "irregular": ("irregularly shaped",)},
    "mass_margin": {"circumscribed": ("circumscribed", "well-circumscribed"), "indistinct": ("indistinct margins", "ill-defined margins"),
                    "spiculated": ("spiculated", "spiculated margins"), "microlobulated": ("microlobulated",)},
    "mass_content": {"solid": ("solid",)},
    "mass_calcified": {"absent": ("non-calcified", "without calcifications"), "present": ("calcified", "with calcifications")},
}  # fmt: skip
WORKUPS = (
    "Diagnostic mammogram, baseline",
    "Baseline diagnostic mammography",
    "Diagnostic mammography, no prior studies, baseline",
)
SCREENS = ("Screening mammogram", "Screening mammography", "Bilateral screening mammograms")
BREAST_ASIDES = ("Scar from an old biopsy is not seen.", "The patient is 52 years old.", "Comparison is not available.",
                 "The other breast is unremarkable.", "Tomosynthesis was performed.")  # fmt: skip
masses = st.fixed_dictionaries({name: st.sampled_from(sorted(v)) for name, v in BREAST.items()})


def breast_text(draw: st.DrawFn, mass: Mapping[str, str], opening: str, gone: str = "") -> str:
    said = [
        draw(st.sampled_from(BREAST[name][value])) for name, value in mass.items() if name != gone
    ]
    words = draw(st.permutations(said))
    size = length(draw(st.integers(40, 300)), draw(styles))
    side = draw(
        st.sampled_from(("left breast", "right breast", "upper outer quadrant of the left breast"))
    )
    aside = draw(st.lists(st.sampled_from(BREAST_ASIDES[1:2]), max_size=1))
    return " ".join([f"{opening}: {side}, mass of {size}, {', '.join(words)}.", *aside])


@many
@given(masses, st.sampled_from(("", *BREAST)), st.data())
def test_words_and_order_never_change_a_breast_outcome(
    mass: dict[str, str], gone: str, data: st.DataObject
) -> None:
    """Only all that the fact asks gives category 3 (br.cat3.mammo_findings); one word less never does."""
    opening = data.draw(st.sampled_from(WORKUPS))
    text = data.draw(st.composite(lambda draw: breast_text(draw, mass, opening, gone))())
    kept = {name: value for name, value in mass.items() if name != gone}
    expected = of_values(
        "bi_rads_5", finding="breast_finding", exam_context="diagnostic", timing="baseline",
        diagnostic_study="mammography", breast_mass="present", **kept,
    )  # fmt: skip
    assert of_text(text, "bi_rads_5") == expected, text
    validated = mass["mass_margin"] == "circumscribed" and mass["mass_shape"] != "irregular"
    whole = validated and mass["mass_calcified"] == "absent" and not gone
    assert expected[0] == ("3" if whole else None), text


@many
@given(masses, st.sampled_from(SCREENS), st.data())
def test_a_mass_on_a_screening_mammogram_is_recalled_in_any_words(
    mass: dict[str, str], opening: str, data: st.DataObject
) -> None:
    text = data.draw(st.composite(lambda draw: breast_text(draw, mass, opening))())
    assert of_text(text, "bi_rads_5")[0] == "0", text


@many
@given(masses, st.data())
def test_lexicon_words_alone_never_give_a_category(
    mass: dict[str, str], data: st.DataObject
) -> None:
    opening = data.draw(
        st.sampled_from(("Ultrasound", "MRI", "Diagnostic ultrasound", "Mammogram"))
    )
    text = data.draw(st.composite(lambda draw: breast_text(draw, mass, opening))())
    assert of_text(text, "bi_rads_5")[0] is None, text


@pytest.mark.parametrize("guideline", ["acr_ti_rads_2017", "k_tirads_2021"])
@many
@given(patterns, st.sampled_from(sorted(FEATURES)), st.data())
def test_a_category_with_a_feature_left_out_is_that_of_every_value_it_may_have(
    guideline: str, pattern: dict[str, str], left_out: str, data: st.DataObject
) -> None:
    """Without a feature a category is stated only where all its values lead there."""
    if left_out == "foci":
        return  # naming some foci and no others is another test's matter
    text = data.draw(st.composite(lambda draw: thyroid_text(draw, pattern, left_out))())
    stated = of_text(text, guideline)[0]
    if stated is not None:
        values = thyroid_values(pattern)
        for other in FEATURES[left_out]:
            category = of_values(guideline, **{**values, left_out: other})[0]
            assert category in (None, stated), text
