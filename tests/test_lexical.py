"""Index terms of radiology text, and BM25 over them on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import PassageIndexError
from rag.retrieval.lexical import LexicalIndex
from rag.retrieval.tokens import tokens
from rag.types import Passage
from tests.fakes import THYROID, passage, tiny_passages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4A", ["4a"]),
        ("4X or TR4", ["4x", "tr4"]),
        ("Lung-RADS v1.1", ["lung", "rads", "lungrads", "v1.1"]),
        ("1.5 mm", ["1.5", "mm", "1.5mm"]),
        ("6mm", ["6", "mm", "6mm"]),
        ("8.0 mm", ["8", "mm", "8mm"]),
        ("1.0 cm", ["1", "cm", "1cm", "10mm"]),
        ("6-8 mm", ["6", "mm", "6mm", "8", "mm", "8mm"]),
        ("34 mm³", ["34", "mm3", "34mm3"]),
        ("1,200 mm3", ["1200", "mm3", "1200mm3"]),
        ("6-month LDCT", ["6", "month", "6month", "ldct"]),
        ("6개월", ["6", "month", "6month"]),
        ("score 2-3", ["score", "2", "3"]),
        ("What is the growth?", ["growth"]),
        ("patient's", ["patient"]),
        ("CT검사", ["ct", "검사"]),
        ("추적검사", ["추적검사", "추적", "적검", "검사"]),
        ("", []),
        ("- . ≥", []),
    ],
)
def test_terms(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    "variants",
    [
        ("part-solid", "part solid", "partsolid"),
        ("ground-glass", "ground glass", "groundglass"),
        ("non-solid", "non solid", "nonsolid"),
        ("follow-up", "follow up", "followup"),
        ("Lung-RADS", "Lung RADS", "LungRADS"),
        ("x-ray", "x ray", "xray"),
        ("6 mm", "6mm", "6-mm", "6.0 mm", "0.6 cm"),
        ("nodule", "nodules", "Nodules"),
        ("study", "studies"),
        ("mass", "masses"),
        ("biopsy", "biopsies"),
        ("12 months", "12-month", "12개월"),
    ],
)
def test_spellings_meet(variants: tuple[str, ...]) -> None:
    assert set.intersection(*(set(tokens(variant)) for variant in variants))


@given(st.text())
def test_any_text_has_terms_without_spaces(text: str) -> None:
    assert all(term and not any(c.isspace() for c in term) for term in tokens(text))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_case_does_not_matter(text: str) -> None:
    assert tokens(text.upper()) == tokens(text.lower())


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    LexicalIndex.build(tmp_path / "lexical", tiny_passages())
    return LexicalIndex.open(tmp_path / "lexical")


def text_of(index_hits: object, passages: tuple[Passage, ...] = tiny_passages()) -> list[str]:
    texts = {p.id: p.text for p in passages}
    return [texts[hit.passage_id] for hit in index_hits]  # type: ignore[attr-defined]


def test_best_match_first(index: LexicalIndex) -> None:
    hits = index.search("growth more than 1.5 mm", 5)
    assert text_of(hits)[0].startswith("Growth")
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_filters_come_before_the_cut(index: LexicalIndex) -> None:
    assert all("older" in text for text in text_of(index.search("growth", 1, ["lung_rads_v1_1"])))
    current = index.search("growth", 5, include_superseded=False)
    assert text_of(current) == [tiny_passages()[1].text]
    assert index.search("growth", 5, ["k_tirads_2021"]) == ()
    assert index.search("growth", 5, []) == ()


def test_words_that_stand_nowhere_find_nothing(index: LexicalIndex) -> None:
    assert index.search("capital of France", 5) == ()
    assert index.search("", 5) == ()


def test_document_frequency(index: LexicalIndex) -> None:
    assert index.size == len(tiny_passages())
    assert index.document_frequency("growth") == 2
    assert index.document_frequency("no_such_term") == 0


def test_scores_are_those_of_the_formula(tmp_path: Path) -> None:
    """BM25 with Lucene's idf, k1 1.5, b 0.75, computed here by hand for one term."""
    from math import log

    texts = ("nodule nodule size", "nodule", "shape margin border colour")
    passages = tuple(passage(text, THYROID, search_text=text) for text in texts)
    LexicalIndex.build(tmp_path / "lexical", passages)
    scores = {
        hit.passage_id: hit.score
        for hit in LexicalIndex.open(tmp_path / "lexical").search("nodule", 5)
    }
    idf = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = (3 + 1 + 4) / 3
    for found, (frequency, length) in zip(passages[:2], ((2, 3), (1, 1)), strict=True):
        norm = 1.5 * (1 - 0.75 + 0.75 * length / mean)
        assert scores[found.id] == pytest.approx(idf * frequency / (frequency + norm), rel=1e-5)


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(PassageIndexError, match="--rebuild"):
        LexicalIndex.open(tmp_path / "nowhere")
