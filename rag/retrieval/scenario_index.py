"""Everything the scenario ranker needs, prepared once from the shelf and loaded in milliseconds.

Built from scenarios and their facets at ingestion; the dense vectors come from the embedder that
is handed in. One ``.npz`` file holds the arrays and, as JSON, the names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.knowledge.clinical_terms import ClinicalTerms
from rag.knowledge.facet_values import Facets, Quantity
from rag.knowledge.scenario_entry import ScenarioEntry
from rag.knowledge.spelling import Speller
from rag.retrieval.postings import Floats, Ints, Postings
from rag.retrieval.referral_metric import lengths
from rag.retrieval.scenario_views import lexical_views

FORMAT = 10
"""Raised when the arrays or the reading of facets change; an index of another format must be rebuilt."""
STAGES = (
    "initial", "next", "follow-up", "surveillance", "screening", "staging",
    "treatment planning", "treatment",
)  # fmt: skip
ACUITIES = ("acute", "subacute", "chronic")
SEXES = ("any", "female", "male")
NO_UPPER_AGE = 200.0

Bools = NDArray[np.bool_]
Embed = Callable[[Sequence[str]], Floats]
"""Unit vectors of texts, shape ``(len(texts), dimension)``."""


@dataclass(frozen=True)
class ScenarioIndex:
    """All scenarios of the shelf in one order, row by row.

    ``topic_of`` points into ``topics``; ``sex``, ``stage`` and ``acuity`` into :data:`SEXES`,
    :data:`STAGES`, :data:`ACUITIES` (-1: not said); ``pregnant`` is 1, 0 or -1 (not said);
    ``regions`` has a column per body region of the lexicon, by name; ``vectors`` are unit rows;
    ``said`` are those of the referrals, ``said_of`` points from each of them to its scenario; ``gram`` is the
    metric of referrals (:mod:`rag.retrieval.referral_metric`), ``stretch`` the length of each row of
    ``stacked`` under it.
    """

    topics: tuple[str, ...]
    keys: tuple[tuple[str, int], ...]
    texts: tuple[str, ...]
    vocabulary: Mapping[str, int]
    views: Mapping[str, Postings]
    idf: Floats
    topic_of: Ints
    low: Floats
    high: Floats
    sex: Ints
    pregnant: Ints
    stage: Ints
    acuity: Ints
    for_children: Bools
    regions: Bools
    region_names: tuple[str, ...]
    compatible: Bools
    totals: Mapping[str, Floats]
    results: tuple[frozenset[tuple[str, str]], ...]
    quantities: tuple[frozenset[Quantity], ...]
    conditions: tuple[frozenset[str], ...]
    vectors: Mapping[str, Floats]
    said: Floats
    said_of: Ints
    gram: Floats
    stretch: Floats
    model: str
    speller: Speller

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def stacked(self) -> Floats:
        """All dense views below each other, in the order of ``vectors``, then ``said``, for one product."""
        return _stacked(self.vectors, self.said)

    @cached_property
    def kinds(self) -> Kinds:
        """Each different set of results, quantities and conditions once, and which row has which."""
        return Kinds(*map(_numbered, (self.results, self.quantities, self.conditions)))

    def words_of_rows(self, rows: Sequence[int]) -> frozenset[int]:
        """Numbers of all words that stand in title, sentence or terms of ``rows``."""
        whole = self.views["whole"]
        cells = np.flatnonzero(np.isin(whole.rows, rows))
        return frozenset((np.searchsorted(whole.starts, cells, side="right") - 1).tolist())


@dataclass(frozen=True)
class Kinds:
    """Distinct sets and, row by row, the number of a row's set; comparing them once is enough."""

    results: tuple[list[frozenset[tuple[str, str]]], Ints]
    quantities: tuple[list[frozenset[Quantity]], Ints]
    conditions: tuple[list[frozenset[str]], Ints]


def _numbered(rows: Sequence[frozenset[Any]]) -> tuple[list[frozenset[Any]], Ints]:
    number = {found: i for i, found in enumerate(dict.fromkeys(rows))}
    return list(number), np.array([number[found] for found in rows], np.int32)


def build_scenario_index(
    entries: Sequence[ScenarioEntry], terms: ClinicalTerms, embed: Embed, model: str,
    speller: Speller | None = None, gram: Floats | None = None,
) -> ScenarioIndex:  # fmt: skip
    """The index of ``entries``; ``embed`` is called once for each dense view.

    Without a ``speller`` no misspelt word is read as another; without ``gram`` the metric is the plain one.
    """
    topics = tuple(sorted({entry.topic for entry in entries}))
    topic_of = np.array([topics.index(entry.topic) for entry in entries], np.int32)
    lexical = lexical_views(entries, topic_of, terms)
    names = tuple(sorted(terms.wider))
    regions = [[name in found for name in names] for found in lexical.regions]
    dense = {
        "whole": [entry.whole for entry in entries],
        "scenario": [entry.text for entry in entries],
        "terms": [", ".join(entry.terms) for entry in entries],
    }
    asked = [(text, row) for row, entry in enumerate(entries) for text in entry.referrals]
    # In the order in which a stored index gives them back: ``stretch`` goes by it.
    vectors = {name: _stored(embed(dense[name])) for name in sorted(dense)}
    said = _said([text for text, _ in asked], embed, vectors["whole"].shape[1])
    metric = np.eye(said.shape[1], dtype=np.float32) if gram is None else gram
    return ScenarioIndex(
        topics=topics,
        keys=tuple((entry.topic, entry.variant_no) for entry in entries),
        texts=tuple(entry.text for entry in entries),
        vocabulary=lexical.vocabulary,
        views=lexical.views,
        idf=lexical.idf,
        topic_of=topic_of,
        low=np.array([entry.low for entry in entries], np.float32),
        high=np.array([min(entry.high, NO_UPPER_AGE) for entry in entries], np.float32),
        sex=np.array([SEXES.index(entry.sex) for entry in entries], np.int32),
        pregnant=np.array([_flag(entry.pregnant) for entry in entries], np.int32),
        stage=np.array([STAGES.index(entry.stage) for entry in entries], np.int32),
        acuity=np.array([_acuity(entry.facets) for entry in entries], np.int32),
        for_children=np.array([entry.for_children for entry in entries]),
        regions=np.array(regions),
        region_names=names,
        compatible=np.array([[terms.compatible(a, b) for b in names] for a in names]),
        totals={name: lexical.views[name].sums() for name in ("own", "mass", "title")},
        results=tuple(
            frozenset((r.test, r.outcome) for r in entry.facets.results) for entry in entries
        ),
        quantities=tuple(entry.facets.quantities for entry in entries),
        conditions=tuple(entry.facets.conditions for entry in entries),
        vectors=vectors,
        said=said,
        said_of=np.array([row for _, row in asked], np.int32),
        gram=metric,
        stretch=lengths(_stacked(vectors, said), metric),
        model=model,
        speller=speller or Speller({}),
    )


def _stacked(vectors: Mapping[str, Floats], said: Floats) -> Floats:
    views = [rows.astype(np.float32) for rows in vectors.values()]
    return np.concatenate([*views, said.astype(np.float32)])


def _said(texts: Sequence[str], embed: Embed, dimension: int) -> Floats:
    """Unit rows of the referrals, shape ``(len(texts), dimension)``."""
    return _stored(embed(texts)) if texts else np.zeros((0, dimension), np.float32)


def _stored(rows: Floats) -> Floats:
    """``rows`` as a stored index gives them back: they are kept in half precision."""
    return rows.astype(np.float16).astype(np.float32)


def _flag(value: bool | None) -> int:
    return -1 if value is None else int(value)


def _acuity(facets: Facets) -> int:
    return -1 if facets.acuity is None else ACUITIES.index(facets.acuity)
