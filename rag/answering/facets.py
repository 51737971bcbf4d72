"""From a referral in a clinician's own words to its facets, each with the span it was read from.

A grammar, no model: what a rule does not read is left open, never guessed. ``read_facets`` is also
what the scenarios of the shelf are read with when the ranking index is prepared, so that question
and scenario are compared by the same words.
"""

from __future__ import annotations

from functools import lru_cache

from rag.answering.facets_course import IMAGING, read_acuity, read_results, read_stage
from rag.answering.facets_people import read_age, read_gestation, read_pregnant, read_sex
from rag.answering.facets_quantities import read_quantities
from rag.answering.facets_safety import read_conditions, read_gfr
from rag.knowledge.facet_values import Facets
from rag.types import Descriptor

_TOO_YOUNG = 9.0
"""Years below which weeks of gestation and a pregnancy are the birth's and the mother's."""


@lru_cache(maxsize=4096)
def read_facets(text: str) -> Facets:
    """All facets that ``text`` states.

    >>> read_facets("13yo boy, normal radiograph, next test?").stage
    'next'
    """
    age, age_read = read_age(text)
    pregnant, pregnant_read = read_pregnant(text)
    gestation, gestation_read = read_gestation(text)
    if (
        age is not None and age.high < _TOO_YOUNG
    ):  # "born at 35 weeks of gestation to a G4P4 mother"
        pregnant, pregnant_read, gestation, gestation_read = None, (), None, ()
    sex, sex_read = read_sex(text)
    acuity, acuity_read = read_acuity(text)
    results, results_read = read_results(text)
    imaged = any(result.test in IMAGING for result in results)
    stage, stage_read = read_stage(text, imaged)
    conditions, conditions_read = read_conditions(text)
    gfr, gfr_read = read_gfr(text)
    quantities, quantities_read = read_quantities(text)
    if gestation is not None and pregnant is None:
        pregnant = True
    if pregnant and sex is None:
        sex = "female"
    if gfr is not None and gfr < 30:
        conditions |= {"low_gfr"}
    read: tuple[Descriptor, ...] = (
        *age_read, *sex_read, *pregnant_read, *gestation_read, *acuity_read,
        *stage_read, *results_read, *conditions_read, *gfr_read, *quantities_read,
    )  # fmt: skip
    ordered = tuple(sorted(read, key=lambda d: d.span))
    return Facets(
        age, sex, pregnant, gestation, acuity, stage, results, conditions, gfr, quantities, ordered
    )
