"""The glossary: phrases, layers, negation of meanings, search terms, and strict loading."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import CorpusError
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.phrases import PhraseBook, expand
from rag.knowledge.vocabulary import Vocabulary, load_vocabulary
from rag.knowledge.words import fold, words_of
from rag.settings import CORPUS


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(CORPUS / "descriptors.yaml")


@cache
def glossary() -> Glossary:
    return load_glossary(CORPUS / "glossary.yaml", vocabulary())


def test_alternatives_are_spelled_out():
    assert expand("part(ly|) solid") == ("partly solid", "part solid")
    assert expand("a (b|c(d|)) e") == ("a b e", "a cd e", "a c e")


@pytest.mark.parametrize("phrase", ["part(ly solid", "partly) solid"])
def test_unmatched_parentheses_are_an_error(phrase):
    with pytest.raises(ValueError, match="parentheses"):
        expand(phrase)


def test_the_longest_phrase_of_a_layer_wins_and_layers_stay_apart():
    book = PhraseBook(
        [
            ("solid", ("type", "solid")),
            ("part solid", ("type", "part")),
            ("solid nodule", ("noun", "nodule")),
        ]
    )
    found = [(m.layer, m.value, m.span) for m in book.find("a part-solid nodule")]
    assert found == [("type", "part", (2, 12)), ("noun", "nodule", (7, 19))]


def test_hangul_is_found_with_its_particles_and_with_or_without_spaces():
    book = PhraseBook([("부분 고형", ("type", "part")), ("고형", ("type", "solid"))])
    for text in ("부분고형결절은", "부분 고형 결절"):
        assert [m.value for m in book.find(text)] == ["part"]
    assert [m.value for m in book.find("보이고 형성된")] == []


@given(st.text(max_size=60))
def test_folding_keeps_every_place(text):
    assert len(fold(text)) == len(text)
    assert all(fold(text)[w.start : w.end] == w.text for w in words_of(fold(text)))


MEANINGS = [
    ("semi-solid", "nodule_type", "part_solid"),
    ("ground glass", "nodule_type", "non_solid"),
    ("GGN", "nodule_type", "non_solid"),
    ("간유리", "nodule_type", "non_solid"),
    ("no interval change", "timing", "stable"),
    ("changes unchanged", "timing", "stable"),
    ("taller-than-wide", "orientation", "nonparallel"),
    ("markedly hypoechoic", "echogenicity", "very_hypoechoic"),
    ("미세석회화", "punctate_foci", "present"),
    ("known biopsy-proven malignancy", "breast_assessment", "known_malignancy"),
]


@pytest.mark.parametrize(("text", "layer", "value"), MEANINGS)
def test_phrases_say_what_they_should(text, layer, value):
    assert (layer, value) in {(m.layer, m.value) for m in glossary().mentions(fold(text))}


def test_every_value_that_a_reader_can_name_has_a_phrase():
    named = {
        (layer, value) for phrase in glossary().book.terms for layer, value in _meanings(phrase)
    }
    told_otherwise = {
        "finding",
        "prior_category",
        "thyroid_level",
        "birads_category",
        "solid_component_timing",
    }
    missing = {
        (spec.name, value)
        for spec in vocabulary()
        for value in spec.allowed
        if spec.name not in told_otherwise and value != "absent" and (spec.name, value) not in named
    }
    without_words = {
        ("incomplete_reason", "prior_pending"), ("incomplete_reason", "not_evaluable"),  # patterns
        ("cyst_change", "stable"), ("cyst_content", "air"), ("cyst_number", "single"),  # from context
        ("infection_sign", "large_new_solid"), ("thyroid_margin", "irregular_with_extension"),
    }  # fmt: skip
    assert missing <= without_words, missing - without_words


def _meanings(phrase: str) -> set[tuple[str, str]]:
    return {(m.layer, m.value) for m in glossary().mentions(fold(phrase))}


def test_korean_and_short_forms_bring_search_terms():
    assert "ground-glass nodule" in glossary().search_terms("간유리 결절의 추적")
    assert "fine-needle aspiration" in glossary().search_terms("FNA size for a nodule")
    assert glossary().search_terms("completely unrelated words") == ()


EMPTY = "organs: {}\norgan_words: {}\ndescriptors: {}\nnegated: {}\nsharper: {}\nmay_mean: {}\nalike: {}\nroles: {}\nsynonyms: []\nnot_misspelt: []\n"
FAULTS = [
    ("descriptors: {}\n", "sections"),
    (EMPTY.replace("descriptors: {}", "descriptors: {colour: {red: [red]}}"), "not declared"),
    (EMPTY.replace("descriptors: {}", "descriptors: {nodule_type: {liquid: [liquid]}}"), "liquid"),
    (
        EMPTY.replace("descriptors: {}", 'descriptors: {nodule_type: {solid: ["so(lid"]}}'),
        "parentheses",
    ),
    ("a: [", "YAML"),
]


@pytest.mark.parametrize(("content", "says"), FAULTS)
def test_a_wrong_file_is_rejected_by_name(tmp_path: Path, content, says):
    file = tmp_path / "glossary.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=says) as caught:
        load_glossary(file, vocabulary())
    assert "glossary.yaml" in str(caught.value)
