"""The appropriateness shelf: everything loads, reads and adds up, and slips are named with their line."""

from __future__ import annotations

import json
from collections import Counter
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import CorpusError
from rag.knowledge.age_range import AgeRange, read_age
from rag.knowledge.appropriateness import (
    MAY_DISAGREEMENT,
    RATINGS,
    Scenario,
    Topic,
    load_topic,
    load_topics,
    slug,
)
from rag.knowledge.procedure_names import load_procedure_names
from rag.knowledge.radiation import read_doses
from rag.knowledge.scenario_passages import scenario_passages, table_lines
from rag.settings import CORPUS
from rag.types import Edition

FOLDER = CORPUS / "acr_ac_2025"
EDITION = Edition("acr_ac_2025", "ACR Appropriateness Criteria", "2025", "ACR", 2025)


@pytest.fixture(scope="module")
def topics() -> tuple[Topic, ...]:
    return load_topics(FOLDER)


@pytest.fixture(scope="module")
def scenarios(topics) -> tuple[Scenario, ...]:
    return tuple(scenario for topic in topics for scenario in topic.scenarios)


def test_the_whole_release_is_there(topics, scenarios):
    assert len(topics) == 257
    assert len(scenarios) == 1263
    assert sum(len(scenario.procedures) for scenario in scenarios) == 14646


def test_ratings_agree_with_categories(scenarios):
    wrong = [
        (scenario.key, procedure.name)
        for scenario in scenarios
        for procedure in scenario.procedures
        if procedure.rating not in RATINGS[procedure.category]
    ]
    assert wrong == []


def test_disagreement_is_a_category_of_its_own(scenarios):
    rows = [p for s in scenarios for p in s.procedures if p.category == MAY_DISAGREEMENT]
    assert len(rows) == 429
    assert {row.rating for row in rows} == {5}


def test_no_scenario_stands_twice(scenarios):
    keys = Counter(scenario.key for scenario in scenarios)
    texts = Counter((scenario.topic, scenario.text) for scenario in scenarios)
    assert max(keys.values()) == max(texts.values()) == 1


def test_currency_notes_are_carried(scenarios):
    assert sum(scenario.currency_note is not None for scenario in scenarios) == 50
    assert all(s.note for s in scenario_passages(load_topics(FOLDER), EDITION) if "Note:" in s.text)


def test_a_year_that_is_not_established_is_left_out(topics):
    unknown = [topic for topic in topics if topic.year is None]
    assert sum(len(topic.scenarios) for topic in unknown) == 306
    assert {topic.year_basis for topic in unknown} == {None}


def test_one_topic_by_title(topics):
    headache = load_topic(FOLDER, "Headache")
    assert headache == next(topic for topic in topics if topic.title == "Headache")
    first = headache.scenarios[0]
    best = first.procedures[0].rated()
    assert (best.vocabulary_name, best.rating) == ("CT head without IV contrast", 9)
    assert "CT Head Without IV Contrast: usually appropriate (9)" in table_lines(first)[0]


def test_an_unknown_topic_is_named():
    with pytest.raises(CorpusError, match="no topic 'Astrology'"):
        load_topic(FOLDER, "Astrology")


def test_file_names_are_the_titles(topics):
    names = {path.stem for path in (FOLDER / "topics").glob("*.yaml")}
    assert names == {slug(topic.title) for topic in topics}


def test_passages_are_one_a_scenario_with_search_aids_apart(topics, scenarios):
    passages = scenario_passages(topics, EDITION)
    assert len({passage.id for passage in passages}) == len(scenarios)
    headache = next(p for p in passages if p.section == "Headache")
    assert "worst headache of life" in headache.search_text
    assert "worst headache of life" not in headache.text
    assert headache.edition.year == 2022


def test_passage_ids_come_from_content(topics):
    first, again = (scenario_passages(topics, EDITION) for _ in range(2))
    assert first == again


# --- ages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("any", [0, 40, 120], []),
        ("adult", [18, 90], [17.9]),
        ("child", [0, 17.9], [18]),
        ("neonate", [0.0, 0.07], [0.1]),
        ("infant", [0.5], [1]),
        ("infant >2 d", [0.02], [0.001, 1]),
        ("≥40 y", [40, 80], [39.9]),
        (">5 y", [5.1], [5]),
        ("<30 y", [0, 29.9], [30]),
        ("≤24 mo", [2], [2.1]),
        ("6 mo-5 y", [0.5, 5], [0.4, 5.1]),
        (">2 wk-3 mo", [0.1, 0.25], [0.03, 0.3]),
        ("3-36 mo", [0.25, 3], [0.2, 3.1]),
        ("<9 y male, <8 y female", [8.5], [9]),
        ("≥25-30 y", [27], [24]),
        ("0-29 d", [0, 0.07], [0.1]),
    ],
)
def test_ages_are_read(text, inside, outside):
    age = read_age(text)
    assert all(age.covers(years) for years in inside)
    assert not any(age.covers(years) for years in outside)


@pytest.mark.parametrize(
    "text", ["", "old", "40", "≥40", "5-3 y", "40 years", "y", "3 y-6", "<x y"]
)
def test_an_age_that_cannot_be_read_is_rejected(text):
    with pytest.raises(CorpusError):
        read_age(text)


@given(st.floats(0, 120), st.floats(0, 120), st.floats(0, 120))
def test_an_overlap_is_a_shared_age(low, width, years):
    age = AgeRange("test", low, low + width, low_closed=True, high_closed=False)
    if age.covers(years):
        assert age.overlaps(years, inf)
        assert age.overlaps(0, years)


# --- faults ----------------------------------------------------------------------------------

TOPIC = """topic: Itch
panels: [Neurologic]
scenarios:
  - variant: 1
    scenario: Itch without cause; first test.
    age: adult
    sex: any
    stage: initial
    terms: [scratching]
    confidence: verified2
    procedures: |
      8 | usually appropriate | O | O | Limited | US itch
      2 | usually not appropriate | ☢☢ | - | Limited | CT itch
"""
NAMES = """procedures: |
  US itch | US itch | ultrasound | - | - | -
  CT itch | CT itch | CT | - | - | -
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "itch.yaml").write_text(TOPIC, encoding="utf-8")
    (tmp_path / "procedures.yaml").write_text(NAMES, encoding="utf-8")
    return tmp_path


def test_the_small_folder_is_sound(folder):
    (topic,) = load_topics(folder)
    assert topic.scenarios[0].procedures[1].rrl_peds is None


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("8 | usually", "11 | usually", 12, "rating '11'"),
        ("usually appropriate", "always appropriate", 12, "category 'always appropriate'"),
        ("☢☢ | -", "two | -", 13, "radiation level 'two'"),
        ("US itch", "PET itch", 12, "not in procedures.yaml"),
        ("O | O | Limited |", "O | Limited |", 12, "columns"),
        ("age: adult", "age: grown up", 4, "cannot read the age"),
        ("stage: initial", "stage: whenever", 4, "stage 'whenever'"),
        ("sex: any", "sex: both", 4, "sex 'both'"),
        ("terms: [scratching]", "terms: scratching", 4, "terms must be a list"),
        ("confidence: verified2", "confidence: recalled", 4, "confidence 'recalled'"),
        ("panels:", "panel:", 1, "unknown key panel"),
        ("  - variant: 1", "  - variant: one", 4, "variant"),
    ],
)
def test_a_fault_names_file_and_line(folder, old, new, line, words):
    path = folder / "topics" / "itch.yaml"
    path.write_text(TOPIC.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorpusError, match=words) as caught:
        load_topics(folder)
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_a_procedure_name_stands_once(folder):
    path = folder / "procedures.yaml"
    path.write_text(NAMES + "  us  ITCH | US itch | ultrasound | - | - | -\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="stands twice") as caught:
        load_topics(folder)
    assert caught.value.line == 4


def test_names_keep_what_they_state():
    names = load_procedure_names(FOLDER)
    wrist = names["ct wrist with iv contrast bilateral"]
    assert (wrist.modality, wrist.body_parts, wrist.contrast, wrist.laterality) == (
        "CT", ("wrist",), "with IV", "bilateral",
    )  # fmt: skip
    both = names["ct head without iv contrast and cta head and neck with iv contrast"]
    assert both.contrast == "without IV + with IV"


# --- radiation levels ------------------------------------------------------------------------


def test_the_same_symbol_means_less_in_a_child():
    from rag.knowledge.facts import load_facts
    from rag.knowledge.yaml_file import open_yaml

    facts = load_facts(open_yaml(CORPUS / "acr_contrast" / "facts.yaml"))
    doses = read_doses(facts.values())
    assert doses["☢☢☢", "adult"].text == "1-10 mSv"
    assert doses["☢☢☢", "child"].text == "0.3-3 mSv"
    with pytest.raises(CorpusError, match="no dose"):
        read_doses([])


# --- the import script -----------------------------------------------------------------------


def test_the_import_script_writes_what_the_loader_reads(tmp_path, capsys):
    from ingest.import_appropriateness import main

    row = {
        "topic": "Itch: Child", "panels": ["Pediatric"], "year": None, "year_basis": "inferred",
        "variant_no": 1, "scenario": "Itch, no: cause.", "age": ">5 y", "sex": "any",
        "pregnant": None, "stage": "next", "terms": ["a, b", "yes"], "confidence": "verified1",
        "currency_note": "revised 2026", "procedures": [
            {"name": "US Abdomen", "category": "may be appropriate (disagreement)", "rating": 5,
             "rrl_adult": "O", "rrl_peds": None, "strength_of_evidence": None}],
    }  # fmt: skip
    source = tmp_path / "scenarios.jsonl"
    source.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert main([str(source), str(tmp_path / "ac")]) == 0
    assert "1 topics, 1 scenarios" in capsys.readouterr().out
    (topic,) = load_topics(tmp_path / "ac")
    assert (topic.title, topic.year, topic.year_basis) == ("Itch: Child", None, None)
    (scenario,) = topic.scenarios
    assert scenario.terms == ("a, b", "yes")
    assert scenario.currency_note == "revised 2026"
    assert scenario.procedures[0].vocabulary_name == "US abdomen"
