"""An appropriateness document as a topic that takes the same way as the built-in ones.

Age, sex, pregnancy and stage are read from the variant's own words; what they do not say stays open.
"""

from __future__ import annotations

from math import inf, isfinite

from ingest.document import Criteria, CriteriaRow, CriteriaVariant
from rag.answering.facets import read_facets
from rag.knowledge.facet_values import AgeBand
from rag.knowledge.user_topics import UserProcedure, UserScenario, UserTopic
from rag.types import Edition


def user_topic(criteria: Criteria, edition: Edition, document: str) -> UserTopic:
    """The topic of one document; ``document`` is its name in the library."""
    about_children = read_facets(criteria.topic).age
    return UserTopic(
        title=criteria.topic,
        year=edition.year,
        document=document,
        edition=edition,
        scenarios=tuple(_scenario(variant, about_children) for variant in criteria.variants),
    )


def _scenario(variant: CriteriaVariant, of_topic: AgeBand | None) -> UserScenario:
    facets = read_facets(variant.text)
    boxes = (*variant.boxes, *(box for row in variant.rows for box in row.boxes))
    return UserScenario(
        variant_no=variant.number,
        text=variant.text,
        age=_age(facets.age or of_topic),
        sex=facets.sex or "any",
        pregnant=facets.pregnant,
        stage=facets.stage or "initial",
        procedures=tuple(map(_procedure, variant.rows)),
        page=variant.page,
        boxes=boxes,
    )


def _procedure(row: CriteriaRow) -> UserProcedure:
    return UserProcedure(
        row.procedure, row.category, row.rating, row.rrl_adult, row.rrl_peds, row.strength
    )


def _age(band: AgeBand | None) -> str:
    """The band in the words of ``rag.knowledge.age_range``, in whole years; wider where it must be."""
    if band is None or (band.low < 1 and not isfinite(band.high)):
        return "any"
    low = int(band.low)
    if band.high == inf or band.high > 119:
        return f"\u2265{low} y"
    high = max(low, int(band.high + 0.999))
    return f"{low}-{high} y" if low or high > 1 else "infant"
