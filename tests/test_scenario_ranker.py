"""Ranking scenarios, the appropriateness route and orders, on the real shelf without an embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.appropriate import from_appropriateness
from rag.answering.appropriate_intent import read_intent
from rag.answering.composed_check import check_composed
from rag.answering.facets import read_facets
from rag.answering.scenario_desk import ScenarioDesk
from rag.answering.scenario_entries import scenario_entries
from rag.errors import CorpusError, IndexMismatch, IndexMissing
from rag.knowledge.appropriateness import Topic, load_topics
from rag.knowledge.clinical_terms import ClinicalTerms, load_clinical_terms, words_of
from rag.knowledge.clinical_text import core, read_clinical_text
from rag.knowledge.procedure_names import load_procedure_names
from rag.knowledge.procedures import match_procedures, read_orders
from rag.retrieval.postings import Floats
from rag.retrieval.referral_metric import load_metric
from rag.retrieval.scenario_index import ScenarioIndex, build_scenario_index
from rag.retrieval.scenario_ranker import Ranking, load_weights, rank_scenarios
from rag.retrieval.scenario_store import load_scenario_index, save_scenario_index
from rag.types import Edition

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
FOLDER = CORPUS / "acr_ac_2025"


def flat(texts: Sequence[str]) -> Floats:
    """A deterministic embedder: words hashed into 256 places, rows of length one."""
    rows = np.zeros((len(texts), 256), np.float32)
    for row, text in enumerate(texts):
        for word in words_of(text):
            rows[row, crc32(word.encode()) % 256] += 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


@pytest.fixture(scope="module")
def topics() -> tuple[Topic, ...]:
    return load_topics(FOLDER)


@pytest.fixture(scope="module")
def terms() -> ClinicalTerms:
    return load_clinical_terms(CORPUS / "clinical_terms.yaml")


@pytest.fixture(scope="module")
def index(topics: tuple[Topic, ...], terms: ClinicalTerms) -> ScenarioIndex:
    return build_scenario_index(scenario_entries(topics), terms, flat, "flat")


@pytest.fixture(scope="module")
def desk(index: ScenarioIndex, tmp_path_factory: pytest.TempPathFactory) -> ScenarioDesk:
    folder = tmp_path_factory.mktemp("ranking")
    save_scenario_index(index, folder, "test")
    edition = Edition("acr_ac_2025", "ACR Appropriateness Criteria", "2025", "ACR", 2025)
    facts = {"ex.ct.eGFR30": "eGFR under 30 is at risk.", "ex.gd.I": "Group I is contraindicated."}
    return ScenarioDesk(CORPUS, edition, folder, flat, "flat", facts)


def ranked(question: str, index: ScenarioIndex, terms: ClinicalTerms) -> Ranking:
    weights = load_weights(CORPUS / "scenario_ranking.json")
    return rank_scenarios(question, read_facets(question), index, terms, weights, flat)


def test_a_referral_on_file_brings_its_scenario_and_lacking_one_costs_nothing(
    topics: tuple[Topic, ...], terms: ClinicalTerms
) -> None:
    key = ("Acute Hip Pain", 1)
    said = {key: ("grandad went over on the ice and his leg is short and turned out",)}
    bare = build_scenario_index(scenario_entries(topics), terms, flat, "flat")
    aided = build_scenario_index(scenario_entries(topics, said), terms, flat, "flat")
    asked = "my grandad fell on ice, leg turned out and short"
    first = ranked(asked, aided, terms).scenarios[0]
    assert (first.topic, first.variant_no) == key
    stone = "first test for suspected kidney stone in pregnancy?"
    assert ranked(stone, aided, terms).topics[0] == ranked(stone, bare, terms).topics[0]


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("first test for suspected kidney stone in pregnancy?", "Acute Onset Flank Pain"),
        ("80F fell, hip pain, can't weight bear", "Acute Hip Pain"),
        ("RLQ pain and fever, r/o appendicitis, 30M", "Right Lower Quadrant Pain"),
        ("worst headache of my life, 50F", "Headache"),
        ("haemoptysis, coughing up blood for a week", "Hemoptysis"),
        ("48M testicular lump", "Newly Diagnosed Palpable Scrotal Abnormality"),
        ("cauda equina? LBP with saddle numbness", "Low Back Pain"),
        ("screening for lung cancer, 62 years, 30 pack years", "Lung Cancer Screening"),
    ],
)
def test_the_right_topic_leads(
    question: str, topic: str, index: ScenarioIndex, terms: ClinicalTerms
) -> None:
    assert ranked(question, index, terms).scenarios[0].topic.startswith(topic)


def test_parts_add_up_to_the_score(index: ScenarioIndex, terms: ClinicalTerms) -> None:
    for entry in ranked("acute flank pain, stone?", index, terms).scenarios:
        assert sum(entry.parts.values()) == pytest.approx(entry.score, abs=1e-2)


def test_a_scenario_of_another_age_or_sex_is_left_out(
    index: ScenarioIndex, terms: ClinicalTerms
) -> None:
    adult = ranked("head injury, 45 year old woman", index, terms)
    assert all("Child" not in entry.topic for entry in adult.scenarios)
    by_key = {key: row for row, key in enumerate(index.keys)}
    man = ranked("breast lump in a 50 year old man", index, terms)
    for entry in man.scenarios:
        assert index.sex[by_key[entry.topic, entry.variant_no]] != 1


def test_what_is_left_out_is_named_with_its_reason(
    index: ScenarioIndex, terms: ClinicalTerms
) -> None:
    ranking = ranked("developmental dysplasia of the hip, 40 year old", index, terms)
    assert ranking.excluded
    assert all("age" in entry.reasons for entry in ranking.excluded)


def test_pregnancy_decides_between_siblings(index: ScenarioIndex, terms: ClinicalTerms) -> None:
    question = "suspected pulmonary embolism, {} 28 year old woman"
    pregnant = ranked(question.format("pregnant"), index, terms).scenarios[0]
    assert "regnan" in pregnant.scenario
    not_so = ranked(question.format("not pregnant"), index, terms)
    by_key = {key: row for row, key in enumerate(index.keys)}
    for entry in not_so.scenarios:
        assert index.pregnant[by_key[entry.topic, entry.variant_no]] != 1


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=120))
def test_any_text_ranks(text: str, index: ScenarioIndex, terms: ClinicalTerms) -> None:
    ranking = ranked(text, index, terms)
    assert [e.score for e in ranking.scenarios] == sorted(
        (e.score for e in ranking.scenarios), reverse=True
    )
    assert 0 <= ranking.probability <= 1
    assert core(text) in text or ";" in core(text)


def test_the_stored_index_ranks_alike(
    index: ScenarioIndex, terms: ClinicalTerms, tmp_path: Path
) -> None:
    save_scenario_index(index, tmp_path, "source")
    again = load_scenario_index(tmp_path, "flat")
    question = "chronic knee pain, radiographs normal, meniscal tear?"
    assert ranked(question, again, terms) == ranked(question, index, terms)


def test_a_missing_or_foreign_index_says_what_to_do(index: ScenarioIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="radcite ingest"):
        load_scenario_index(tmp_path)
    save_scenario_index(replace(index, model="other"), tmp_path, "source")
    with pytest.raises(IndexMismatch, match="--rebuild"):
        load_scenario_index(tmp_path, "flat")


def test_broken_weights_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "scenario_ranking.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(CorpusError, match="fit_scenario_ranker"):
        load_weights(path)


def test_a_metric_that_cannot_be_read_is_an_error_and_a_foreign_one_is_plain(
    tmp_path: Path,
) -> None:
    path = tmp_path / "referral_metric.npz"
    path.write_bytes(b"no archive")
    with pytest.raises(CorpusError, match="fit_scenario_ranker"):
        load_metric(path, "flat", 2)
    np.savez(path, gram=np.full((2, 2), 3, np.float16), model=np.array("flat"))
    assert load_metric(path, "flat", 2).tolist() == [[3, 3], [3, 3]]
    assert load_metric(path, "other", 2).tolist() == [[1, 0], [0, 1]]
    assert load_metric(tmp_path / "none.npz", "flat", 2).tolist() == [[1, 0], [0, 1]]


def test_signs_in_company_mean_another_thing(terms: ClinicalTerms) -> None:
    stroke = read_clinical_text("face dropped on one side and can't lift his right arm", terms)
    palsy = read_clinical_text("face dropped on one side, cannot close the eye", terms)
    assert "strok" in stroke.weights and "strok" not in palsy.weights
    assert stroke.weights["palsy"] < palsy.weights["palsy"]
    denied = read_clinical_text("face dropped on one side, no arm weakness", terms)
    assert "strok" not in denied.weights


def test_what_signs_mean_in_company_must_be_in_the_lexicon(tmp_path: Path) -> None:
    lexicon = tmp_path / "clinical_terms.yaml"
    lexicon.write_text(
        "same:\n  - [pain, ache]\ntogether:\n  - {all: [pain], are: stroke}\n"
        "implies: {}\ndenies: {}\nfiller: []\nregions: {}\n",
        encoding="utf-8",
    )
    with pytest.raises(CorpusError, match="'strok' is no first wording"):
        load_clinical_terms(lexicon)


def test_a_weak_limb_beside_a_dropped_face_is_no_isolated_palsy(
    index: ScenarioIndex, terms: ClinicalTerms
) -> None:
    alone = ranked("face dropped on one side, can't close the eye, 40F", index, terms)
    beside = ranked("face dropped on one side and left arm weak, 40F", index, terms)
    assert "isolated" in {r for e in beside.excluded for r in e.reasons}
    assert not any("isolated" in entry.scenario.lower() for entry in beside.scenarios)
    assert any("isolated" in entry.scenario.lower() for entry in alone.scenarios)
    denied = ranked("face dropped on one side, can't close the eye, no arm weakness", index, terms)
    assert any("isolated" in entry.scenario.lower() for entry in denied.scenarios)


def test_one_wording_has_one_meaning(tmp_path: Path) -> None:
    lexicon = tmp_path / "clinical_terms.yaml"
    lexicon.write_text(
        "same:\n  - [pain, ache]\n  - [sore, ache]\nimplies: {}\ndenies: {}\nfiller: []\nregions: {}\n",
        encoding="utf-8",
    )
    with pytest.raises(CorpusError, match="'ache' is read both"):
        load_clinical_terms(lexicon)


def test_denied_words_are_kept_apart(terms: ClinicalTerms) -> None:
    text = read_clinical_text("back pain, no trauma, red flags absent", terms)
    assert "trauma" in text.denied and "trauma" not in text.weights
    assert "flag" in text.denied
    both = read_clinical_text("with or without radiculopathy", terms)
    assert "radiculopathy" in both.open


@pytest.mark.parametrize(
    ("text", "family", "parts", "contrast"),
    [
        ("CT abd/pel w contrast", "ct", {"abdomen", "pelvis"}, "with"),
        ("CT A/P with IV contrast", "ct", {"abdomen", "pelvis"}, "with"),
        ("MRI brain w/wo", "mri", {"head"}, "both"),
        ("CT head w/o", "ct", {"head"}, "without"),
        ("noncontrast CT head", "ct", {"head"}, "without"),
        ("contrast-enhanced CT of the chest", "ct", {"chest"}, "with"),
        ("CXR", "radiography", {"chest"}, None),
        ("KUB", "radiography", {"abdomen"}, None),
        ("V/Q scan", "nuclear", {"lung"}, None),
        ("CTPA", "cta", {"chest"}, None),
        ("mri of the left knee", "mri", {"knee"}, None),
        ("renal ultrasound", "us", {"kidneys"}, None),
        ("left knee MRI", "mri", {"knee"}, None),
        ("MRA head and neck", "mra", {"head", "neck"}, None),
        ("xray lumbar spine", "radiography", {"lumbar spine"}, None),
    ],
)
def test_orders(text: str, family: str, parts: set[str], contrast: str | None) -> None:
    (order,) = read_orders(text)
    assert (order.family, set(order.parts), order.contrast) == (family, parts, contrast)
    assert text[slice(*order.span)] == order.text


@pytest.mark.parametrize(
    ("order", "row", "rating"),
    [
        ("MRI lumbar spine without contrast", "MRI Lumbar Spine Without IV Contrast", 9),
        ("lumbar xray", "Radiography Lumbar Spine", 5),
        ("MRI w/wo", "MRI Lumbar Spine Without and With IV Contrast", 5),
    ],
)
def test_orders_meet_rows(order: str, row: str, rating: int, topics: tuple[Topic, ...]) -> None:
    names = load_procedure_names(FOLDER)
    (topic,) = [topic for topic in topics if topic.title == "Low Back Pain"]
    found = match_procedures(read_orders(order)[0], topic.scenarios[2].procedures, names)
    assert [(found[0].name, found[0].rating)] == [(row, rating)]


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("is MRI appropriate for acute low back pain?", "direct"),
        ("xray or CT for a 13yo with back pain?", "direct"),
        ("what should I not order for acute low back pain?", "avoid"),
        ("when is MRCP appropriate?", "reverse"),
        ("which scenarios rate V/Q highest?", "reverse"),
        ("45F with RUQ pain and fever", "table"),
        ("hip pain, x-ray normal, what next", "table"),
    ],
)
def test_intents(question: str, intent: str) -> None:
    assert read_intent(question, read_facets(question)).intent == intent


def test_an_answer_holds_the_whole_table(desk: ScenarioDesk) -> None:
    draft = from_appropriateness("first test for suspected kidney stone in pregnancy?", desk)
    assert draft.outcome == "answer" and draft.appropriateness is not None
    table = draft.appropriateness
    ratings = [row.rating or 0 for row in table.procedures]
    assert ratings == sorted(ratings, reverse=True)
    assert len(table.alternatives) == 9
    assert all(check_composed(s, draft.evidence)[0] == "supported" for s in draft.statements)


def test_a_study_asked_about_is_answered_first(desk: ScenarioDesk) -> None:
    draft = from_appropriateness(
        "is CT head appropriate for vasovagal syncope, simple faint or presyncope, ECG normal?",
        desk,
    )
    assert draft.outcome == "answer"
    assert any("usually not appropriate here" in s.text for s in draft.statements)


def test_none_usually_appropriate_is_said(desk: ScenarioDesk) -> None:
    question = "acute low back pain since 2 days, no red flags, no treatment so far, first test"
    draft = from_appropriateness(question, desk, asking=False)
    assert any("No study is usually appropriate" in s.text for s in draft.statements)


def test_reverse_look_up_names_scenarios(desk: ScenarioDesk) -> None:
    draft = from_appropriateness("when is MRCP appropriate?", desk)
    assert draft.outcome == "answer" and len(draft.statements) == 10
    assert all("MRCP" in s.text for s in draft.statements)


def test_what_no_topic_covers_is_refused_with_the_nearest(desk: ScenarioDesk) -> None:
    draft = from_appropriateness("severe acne in a 17 year old", desk)
    assert draft.outcome == "refusal" and draft.refusal is not None
    assert draft.refusal[0] == "not_covered" and "nearest topics" in draft.refusal[1]


def test_kidney_function_is_shown_beside_the_rows_it_touches(desk: ScenarioDesk) -> None:
    draft = from_appropriateness("60M suspected pulmonary embolism, Wells high, eGFR 20", desk)
    assert any("eGFR" in notice for notice in draft.notices)
    assert draft.appropriateness is not None and len(draft.appropriateness.procedures) > 3
