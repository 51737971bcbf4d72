"""Agreement and conflict between the facets of a question and those of every scenario."""

from __future__ import annotations

import numpy as np

from rag.knowledge.facet_values import Facets, Quantity
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_index import ACUITIES, NO_UPPER_AGE, SEXES, STAGES, Bools, ScenarioIndex

ADULT = 18.0
PAST_PREGNANCY = 58.0
"""Years from which a scenario of pregnancy is left out unless pregnancy is stated."""
_NEAR = {
    ("follow-up", "surveillance"): 0.7, ("staging", "treatment planning"): 0.5,
    ("treatment", "treatment planning"): 0.5, ("next", "treatment planning"): 0.3,
    ("next", "treatment"): 0.3, ("initial", "staging"): 0.3, ("initial", "treatment"): 0.2,
    ("initial", "screening"): 0.2, ("next", "follow-up"): 0.2, ("next", "staging"): 0.2,
}  # fmt: skip
"""How far a study asked for as one stage may be meant by a scenario of another (symmetric)."""
_WHOLE_CLASS = frozenset(("ct", "mri", "us", "radiography", "chest radiography", "mammography"))


def facet_features(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    """All facet features by name, each of shape ``(n,)``; absent where the question is silent."""
    return {
        **_age(facets, index),
        **_sex(facets, index),
        **_pregnancy(facets, index),
        **_stage(facets, index),
        **_acuity(facets, index),
        **_results(facets, index),
        **_quantities(facets, index),
        **_conditions(facets, index),
    }


def conflicts(facets: Facets, index: ScenarioIndex) -> dict[str, Bools]:
    """Scenarios that cannot be this patient's, by reason: another age, the other sex, pregnancy.

    Ages conflict by more than a twentieth of a year or 3 % of the patient's age, so that a
    rounded age at the edge of a range is not refused.
    """
    found: dict[str, Bools] = {}
    if facets.age is not None:
        slack = max(0.05, 0.03 * facets.age.low)
        found["age"] = years_apart(facets, index) > slack
        if facets.age.low >= ADULT:
            found["age"] |= index.for_children & (index.low < ADULT) & (index.high > ADULT)
    if facets.sex is not None:
        found["sex"] = (index.sex > 0) & (index.sex != SEXES.index(facets.sex))
    if facets.pregnant is not None:
        found["pregnancy"] = index.pregnant == int(not facets.pregnant)
    elif facets.age is not None and facets.age.low >= PAST_PREGNANCY:
        found["pregnancy"] = index.pregnant == 1
    return found


def years_apart(facets: Facets, index: ScenarioIndex) -> Floats:
    """Years between the question's age and each scenario's range; 0 where they meet."""
    if facets.age is None:
        return np.zeros(len(index), np.float32)
    low, high = facets.age.low, min(facets.age.high, NO_UPPER_AGE)
    apart = np.maximum(index.low - high, low - index.high)
    found: Floats = np.maximum(apart, 0).astype(np.float32)
    return found


def _age(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    specific = (index.low > 0) | (index.high < NO_UPPER_AGE)
    childs = (index.high <= ADULT) | index.for_children
    if facets.age is None:
        return {"child_unsaid": _number(childs)}
    apart = years_apart(facets, index)
    child, adult = facets.age.high <= ADULT, facets.age.low >= ADULT
    width = np.log1p(index.high - index.low) / np.log1p(NO_UPPER_AGE)
    return {
        "age_fits": _number((apart == 0) & specific),
        "age_narrow": _number((apart == 0) & specific) * (1 - width),
        "age_apart": np.minimum(apart, 5) / 5,
        "age_off": _number(apart > 0),
        "child_for_child": _number(childs) * child,
        "adult_for_child": _number(~childs) * child,
        "child_for_adult": _number(childs) * adult,
    }


def _sex(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    if facets.sex is None:
        return {"sex_unsaid": _number(index.sex > 0)}
    code = SEXES.index(facets.sex)
    return {
        "sex_fits": _number(index.sex == code),
        "sex_off": _number((index.sex > 0) & (index.sex != code)),
    }


def _pregnancy(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    if facets.pregnant is None:
        return {"pregnancy_unsaid": _number(index.pregnant == 1)}
    return {
        "pregnancy_fits": _number(index.pregnant == int(facets.pregnant)),
        "pregnancy_off": _number(index.pregnant == int(not facets.pregnant)),
        "pregnancy_ignored": _number(index.pregnant == -1) * facets.pregnant,
    }


def _stage(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    treatment = index.stage == STAGES.index("treatment")
    unasked = {"treatment_unasked": _number(treatment) * (facets.stage != "treatment")}
    if facets.stage is None:
        return unasked | {
            f"stage_unsaid_{name.replace(' ', '_')}": _number(index.stage == code)
            for code, name in enumerate(STAGES)
            if code
        }
    near = [_nearness(facets.stage, stage) for stage in STAGES]
    named = any(read.name == "stage" for read in facets.read)
    # A test already done makes the study wanted the next one less surely than the word does.
    name = "stage_fits" if named else "stage_implied"
    return unasked | {name: np.array(near, np.float32)[index.stage]}


def _nearness(one: str, other: str) -> float:
    return 1.0 if one == other else _NEAR.get((one, other), _NEAR.get((other, one), 0.0))


def _acuity(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    if facets.acuity is None:
        return {}
    code = ACUITIES.index(facets.acuity)
    other = (index.acuity >= 0) & (index.acuity != code)
    return {"acuity_fits": _number(index.acuity == code), "acuity_off": _number(other)}


def _results(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    """Prior results: same test and outcome, same test and another outcome, or one-sided."""
    asked = frozenset((result.test, result.outcome) for result in facets.results)
    kinds, place = index.kinds.results
    rows = np.array([_compare(asked, theirs) for theirs in kinds], np.float32)[place]
    names = ("result_fits", "result_off", "result_unsaid", "result_unasked")
    return {name: rows[:, column] for column, name in enumerate(names)}


Results = frozenset[tuple[str, str]]


def _compare(asked: Results, theirs: Results) -> tuple[float, float, float, float]:
    if not theirs:
        return 0, 0, 0, float(bool(asked))
    if not asked:
        return 0, 0, 1, 0
    shared = [
        (mine[1], other[1])
        for mine in asked
        for other in theirs
        if mine[0] == other[0] or _generic(mine[0], other[0])
    ]
    if not shared:
        return 0, 0, 0.5, 0.5
    fits = any(mine == other or "done" in (mine, other) for mine, other in shared)
    return float(fits), float(not fits), 0, 0


def _generic(one: str, other: str) -> bool:
    """Whether one names imaging as such and the other an imaging test."""
    chest = {one, other} == {"radiography", "chest radiography"}
    return (
        chest
        or (one == "imaging" and other in _WHOLE_CLASS)
        or (other == "imaging" and one in _WHOLE_CLASS)
    )


def _quantities(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    kinds, place = index.kinds.quantities
    if not facets.quantities:
        return {"quantity_unsaid": _number(np.array([bool(q) for q in kinds])[place])}
    rows = np.array([_meeting(facets.quantities, theirs) for theirs in kinds], np.float32)[place]
    return {"quantity_fits": rows[:, 0], "quantity_off": rows[:, 1]}


def _meeting(mine: frozenset[Quantity], theirs: frozenset[Quantity]) -> tuple[float, float]:
    pairs = [one.meets(other) for one in mine for other in theirs if one.name == other.name]
    return (float(any(pairs)), float(not any(pairs))) if pairs else (0.0, 0.0)


APART = ("trauma", "known_cancer", "immunocompromised", "past_disease", "past_treatment")
"""Conditions with weights of their own; the others share one."""
SAFETY = ("contrast_allergy", "gadolinium_contraindicated", "mri_contraindicated", "pacemaker", "low_gfr",
          "renal_impairment", "dialysis", "metformin", "anticoagulated")  # fmt: skip
"""What bears on the choice of a study and is seldom the complaint: it tells siblings apart, never topics."""


def _conditions(facets: Facets, index: ScenarioIndex) -> dict[str, Floats]:
    apart = frozenset((*APART, *SAFETY))
    mine = facets.conditions - apart
    kinds, place = index.kinds.conditions
    rest = [(len(mine & theirs), len(theirs - mine - apart)) for theirs in kinds]
    both = np.array(rest, np.float32)[place]
    safe = facets.conditions & frozenset(SAFETY)
    met = np.array([len(safe & theirs) for theirs in kinds], np.float32)[place]
    most = np.zeros(len(index.topics), np.float32)
    np.maximum.at(most, index.topic_of, met)
    fits = both[:, 0] + met - most[index.topic_of]
    found = {"condition_fits": fits, "condition_unsaid": both[:, 1]}
    for name in APART:
        theirs = np.array([name in conditions for conditions in kinds])[place]
        said = name in facets.conditions
        found |= {
            f"{name}_fits": _number(theirs) * said,
            f"{name}_unsaid": _number(theirs) * (not said),
            f"{name}_ignored": _number(~theirs) * said,
        }
    return found


def _number(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    return mask.astype(np.float32)
