"""What is asked, what a passage holds of it, and whether that is an answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.excerpt import excerpt, sentences
from rag.errors import CorpusError
from rag.retrieval.answer_kind import kinds_wanted
from rag.retrieval.body_regions import load_body_regions
from rag.retrieval.close_reading import CloseReader
from rag.retrieval.concepts import concepts, share
from rag.retrieval.relevance import RelevanceJudge, logistic
from rag.retrieval.relevance_weights import (
    DOCUMENTS_FILE,
    FACTS_FILE,
    DocumentWeights,
    Weights,
    load_document_weights,
    load_weights,
)
from rag.retrieval.stemming import stem
from rag.retrieval.tokens import tokens
from rag.settings import CORPUS
from rag.types import Edition, Hit, Passage

EDITION = Edition("tiny_1", "Tiny", "1", "Nobody")


def hit(text: str, similarity: float) -> Hit:
    return Hit(Passage(text, text, text, "fact", EDITION, "S"), 1.0, similarity=similarity)


def even(_term: str) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nodules", "nodule"), ("ischaemia", "ischemia"), ("oedema", "edema"),
        ("haemorrhage", "hemorrhage"), ("tumours", "tumor"), ("followed", "follow"),
        ("five", "5"), ("classified", "classify"), ("paediatric", "pediatric"),
    ],
)  # fmt: skip
def test_one_word_has_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["4a", "ti-rads", "mm3", "tr4"])
def test_labels_and_names_keep_their_form(word: str) -> None:
    assert stem(word) == word


def test_a_compound_is_one_concept_and_words_of_asking_are_none() -> None:
    found = concepts("What is recommended for a part-solid nodule?")
    assert [concept.said for concept in found] == [("part", "solid", "partsolid"), ("nodul",)]
    assert found[0].held_by({"part", "solid"})
    assert found[0].held_by({"partsolid"})


def test_another_name_of_the_thing_counts() -> None:
    asked = concepts("kidney function", [("kidney function", ("renal function", "eGFR"))])
    assert share(asked, tokens("eGFR under 30"), even) == 1.0
    assert share(asked, tokens("liver function"), even) == 0.0


@settings(suppress_health_check=[HealthCheck.too_slow])  # a loaded machine is no fault
@given(st.text(max_size=60), st.lists(st.sampled_from(["solid", "nodul", "ct", "mm"])))
def test_a_share_lies_between_nothing_and_all_and_never_falls_with_more_words(
    question: str, held: list[str]
) -> None:
    asked = concepts(question)
    less, more = share(asked, held, even), share(asked, [*held, *tokens(question)], even)
    assert 0.0 <= less <= more <= 1.0


def judge() -> RelevanceJudge:
    weights = {"similarity": 4.0, "coverage": 6.0}
    return RelevanceJudge(lambda _term: 1, 10, Weights(weights, weights, -5.0, 0.5))


def test_the_passage_that_holds_what_is_asked_comes_first_and_is_accepted() -> None:
    near, right = hit("thyroid nodule biopsy", 0.6), hit("growth is more than 1.5 mm", 0.6)
    found = judge().judge("what counts as growth of 1.5 mm", [near, right])
    assert found[0].hit is right
    assert judge().accepts(found[0])
    assert not judge().accepts(found[1])


def test_a_piece_of_a_document_is_accepted_from_a_probability_of_its_own() -> None:
    weights = {"similarity": 4.0, "coverage": 6.0}
    own = CloseReader(DocumentWeights("none", 0.0, 1.0, 0.0, 0.0, 0.5, 0.45, 0.4), None)
    both = RelevanceJudge(
        lambda _term: 1, 10, Weights(weights, weights, -6.0, 0.9), None, None, own
    )
    fact = hit("growth is more than 1.5 mm", 0.6)
    piece = replace(fact, passage=replace(fact.passage, kind="document"))
    found = {
        i.hit.passage.kind: i for i in both.judge("what counts as growth of 1.5 mm", [fact, piece])
    }
    assert 0.4 < found["document"].probability == found["fact"].probability < 0.9
    assert both.accepts(found["document"]) and not both.accepts(found["fact"])


@given(st.floats(-700, 700))
def test_the_logistic_function_stays_a_probability(x: float) -> None:
    assert 0.0 <= logistic(x) <= 1.0
    assert logistic(x) == pytest.approx(1 - logistic(-x))


def test_the_fitted_weights_load_and_a_wrong_file_says_how_to_mend_it(tmp_path: Path) -> None:
    assert 0 < load_weights(CORPUS / FACTS_FILE).accept < 1
    assert 0 < load_document_weights(CORPUS / DOCUMENTS_FILE).accept < 1
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("bias: 1\n")
    with pytest.raises(CorpusError, match=r"evals\.fit_relevance"):
        load_weights(wrong)
    with pytest.raises(CorpusError, match=r"evals\.fit_document_relevance"):
        load_document_weights(wrong)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("liver DWI", "prostate DWI", True),
        ("lumbar pain after a fall", "acute ankle trauma", True),
        ("thyroid nodule", "nodule", False),
        ("CT of the chest", "pulmonary embolism", False),
    ],
)
def test_parts_of_the_body(one: str, other: str, apart: bool) -> None:
    regions = load_body_regions(CORPUS / "body_regions.yaml")
    assert regions.apart(tokens(one), tokens(other)) is apart


def test_a_word_of_two_regions_is_rejected_with_its_place(tmp_path: Path) -> None:
    wrong = tmp_path / "body_regions.yaml"
    wrong.write_text("regions:\n  a: [liver]\n  b: [livers]\n")
    with pytest.raises(CorpusError, match=r"body_regions\.yaml:\d+"):
        load_body_regions(wrong)


LONG = (
    "Background of the matter is told here at some length, with what was known before [1]. "
    "An adrenal mass of 10 HU or less on unenhanced CT is a lipid-rich adenoma [2]. "
    "Other causes are discussed in the sections that follow, and none of them is an adenoma. "
) * 2


def test_the_sentence_that_answers_is_quoted_verbatim() -> None:
    found = excerpt(LONG, concepts("HU threshold of a lipid-rich adrenal adenoma"), even)
    assert found in LONG
    assert found.startswith("An adrenal mass of 10 HU")


@given(st.text(max_size=400))
def test_sentences_are_parts_of_the_text_in_order(text: str) -> None:
    spans = sentences(text)
    assert all(a < b for a, b in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))


def test_things_joined_by_or_are_one_and_either_holds() -> None:
    found = concepts("CT protocol for appendicitis or abscess?")
    both = next(concept for concept in found if len(concept.said) == 2)
    assert all(both.held_by({term}) for term in both.said)
    assert not both.held_by({"pancreat"})
    assert not any(concept.held_by({"protocol"}) for concept in found), "a word of asking"


ITEMS = (
    "Pebble contrast may be given after a meal. It is given by hand through a line that was flushed before.\n"
    "Do not give pebble contrast in:\n• patients with a sand allergy\n• patients after a river graft\n"
    "• patients under dialysis whose last session was missed and who wait for the next one\n"
    "Ask the department where none of these is known, and note the answer in the report of the examination."
)


@pytest.mark.parametrize("question", ["pebble contrast after a river graft", "do not give in"])
def test_an_item_of_a_list_is_quoted_with_the_words_that_lead_into_it(question: str) -> None:
    found = excerpt(ITEMS, concepts(question), even)
    assert found.startswith(
        "Do not give pebble contrast in:\n• patients with a sand allergy\n• patients after a river graft"
    )
    assert found in ITEMS


def of_document(text: str, section: str = "S") -> Hit:
    return replace(
        one := hit(text, 0.6), passage=replace(one.passage, kind="document", section=section)
    )


@pytest.mark.parametrize(
    ("question", "first", "other"),
    [
        ("rating of US of the pebble", "Procedure: US pebble; Rating: 8", "Procedure: US pebble with IV contrast; Rating: 3"),
        ("In whom must polish not be applied?", "Do not apply polish in wet pebbles", "Apply polish in dry pebbles, where polish is applied"),
    ],
)  # fmt: skip
def test_a_rows_own_name_and_what_is_denied_decide_among_pieces_of_a_document(
    question: str, first: str, other: str
) -> None:
    found = judge().judge(question, [of_document(other), of_document(first)])
    assert found[0].hit.passage.text == first


def test_the_manner_of_measuring_is_no_quantity() -> None:
    assert not kinds_wanted("How is the size of a nodule measured?")
    assert kinds_wanted("How large is a nodule that is measured yearly?") == {"length"}


def test_rows_under_the_same_cells_are_quoted_together() -> None:
    values = ["Round", "Flat", "Split"]
    shape = "\n".join(f"Pebbles | Shape | {value}" for value in values)
    text = f"Pebbles | Density | High\nPebbles | Density | Low\n{shape}\n" + "\n".join(
        f"Layers | Order | {value}" for value in ("Even", "Tilted", "Folded", "Broken")
    )
    assert excerpt(text, concepts("which shapes may pebbles have"), even) == shape


def test_a_part_of_a_definition_is_quoted_with_its_term() -> None:
    text = (
        "Late phase | Taken with a hepatobiliary agent after\n"
        "(LP) | the early phase, where the following characteristics are found in the whole liver:\n"
        "• Ducts are bright and fully filled with contrast.\n"
        "Typically acquired 20 minutes after injection."
    )
    found = excerpt(text, concepts("when is it typically acquired after injection"), even)
    assert found.startswith("Late phase | Taken")
    assert found.endswith("20 minutes after injection.")
