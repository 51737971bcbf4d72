"""The meaning check with the real embedding model: what the threshold separates, and what not."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import pytest

from rag.answering.grounding.meaning import CLOSE, SIMILARITY, Embedder, overlap, similarity
from rag.answering.grounding.text import units_of
from rag.retrieval.embedding import PackagedEmbeddings
from tests.grounding.cases import Case, cases

EVERY_THIRD = slice(None, None, 3)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    model = PackagedEmbeddings()
    return lambda texts: [model.embed_query(text) for text in texts]


def nearest(embedder: Embedder, case: Case, facts: Case) -> float:
    units = [unit for item in facts.evidence for unit in units_of(item.passage.text)]
    return max(similarity(embedder, case.text, unit) for unit in units)


def below(scores: Sequence[float]) -> float:
    return sum(score < SIMILARITY for score in scores) / len(scores)


def test_paraphrases_lie_above_the_threshold_and_unrelated_statements_below(
    embedder: Embedder,
) -> None:
    right = cases("paraphrases")[EVERY_THIRD]
    unrelated = [
        case for case in cases("wrong_statements") if case.kind in ("unrelated", "empty talk")
    ]
    assert below([nearest(embedder, case, case) for case in right]) <= 0.05
    assert below([nearest(embedder, case, case) for case in unrelated]) == 1.0


def test_most_statements_lie_nearer_to_their_own_fact_than_to_another(embedder: Embedder) -> None:
    right = cases("paraphrases")[EVERY_THIRD]
    strangers = [*right[7:], *right[:7]]
    own = [nearest(embedder, case, case) for case in right]
    other = [nearest(embedder, a, b) for a, b in zip(right, strangers, strict=True)]
    assert statistics.median(own) > 0.7
    assert below(other) > 0.6


def test_similarity_cannot_tell_a_flipped_comparison_and_so_is_not_the_only_check(
    embedder: Embedder,
) -> None:
    flipped = [case for case in cases("wrong_statements") if case.kind == "flipped comparison"]
    assert below([nearest(embedder, case, case) for case in flipped]) == 0.0


@pytest.mark.parametrize("name", ["paraphrases", "wrong_statements"])
def test_with_the_embedder_the_verdicts_are_no_laxer(embedder: Embedder, name: str) -> None:
    for case in cases(name)[slice(None, None, 5)]:
        without, with_it = case.verified().verdict, case.verified(embedder).verdict
        assert with_it in ("supported", "partly") or without == with_it or overlap_is_low(case)
        if name == "wrong_statements":
            assert with_it not in ("supported", "partly"), str(case)


def overlap_is_low(case: Case) -> bool:
    units = (unit for item in case.evidence for unit in units_of(item.passage.text))
    return max(overlap(case.text, unit) for unit in units) < CLOSE
