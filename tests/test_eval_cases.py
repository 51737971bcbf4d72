"""The task suites hold together, and files of other people's cases are read by their form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.errors import CaseError
from evals.suites.bench_sets import load_cases
from evals.suites.files import load_suite, load_suites, quality_suite, suite_names
from evals.urgency import scales
from rag.knowledge.appropriateness import load_topics
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS

CASES = [case for suite in load_suites() for case in suite.cases]


def test_every_case_names_its_origin_and_an_edition_on_the_shelf() -> None:
    editions = {*Shelf.open(CORPUS).ids, "any"}
    wrong = [case.id for case in CASES if not case.origin or case.edition not in editions]
    assert not wrong


def test_every_expected_fact_scenario_and_category_is_in_the_corpus() -> None:
    shelf = Shelf.open(CORPUS)
    facts = {fact.id for name in shelf.ids for fact in shelf.get(name).facts}
    topics = load_topics(CORPUS / "acr_ac_2025")
    scenarios = {(topic.title, s.variant_no) for topic in topics for s in topic.scenarios}
    wrong = [
        (case.id, thing)
        for case in CASES
        for thing in (*case.expected.facts, *case.expected.scenarios)
        if thing not in facts and thing not in scenarios
    ]
    wrong += [
        (case.id, label)
        for case in CASES
        for label in (case.expected.category, *case.expected.possible)
        if label and label not in scales()[str(case.expected.guideline)].labels
    ]
    assert not wrong


def test_the_urgency_scale_of_a_guideline_has_exactly_its_categories() -> None:
    shelf = Shelf.open(CORPUS)
    for name, scale in scales().items():
        labels = {category.label for category in shelf.get(name).categories}
        assert not labels or set(scale.labels) == labels, name


def test_a_reworded_case_expects_what_its_base_expects() -> None:
    by_id = {case.id: case for case in CASES}
    reworded = [case for case in CASES if case.base]
    assert len(reworded) > 30
    assert {case.change for case in reworded} == {"typo", "paraphrase", "unit"}
    for case in reworded:
        assert case.expected == by_id[case.base].expected
        assert case.question != by_id[case.base].question


def test_the_quality_control_suite_takes_cases_of_every_suite() -> None:
    taken = {case.suite for case in quality_suite()}
    assert taken >= set(suite_names()) - {"robustness"}


def test_no_question_stands_twice() -> None:
    questions = [case.question.lower() for case in CASES]
    assert len(questions) == len(set(questions))


def test_a_fault_in_a_suite_names_file_line_and_key(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(
        "suite: x\ntitle: X\nabout: a\norigin: o\ncases:\n  - {id: a, q: q, wrong: 1}\n"
    )
    with pytest.raises(CaseError, match=r"x\.yaml:6.*wrong"):
        load_suite(file)


LINES = {
    "phrase": {"id": "a", "question": "q", "topic": "T", "variant_no": 2, "accept": [["T", 2], ["U", 1]]},
    "vignette": {"id": "b", "question": "q", "expected": {"topic": "T", "accept_topics": ["T"], "procedures": ["CT"]}},
    "category": {"id": "c", "question": "q", "version": "K-TIRADS 2021", "expected": {"category": "K-TIRADS 4", "management": "m"}},
    "level": {"id": "d", "question": "q", "version": "ACR TI-RADS 2017 (+K-TIRADS 2021)", "expected": {"category": "ACR TR3"}},
    "refuse": {"id": "e", "question": "q", "expected": {"behaviour": "refuse_unsafe", "answer_text": "Refuse."}},
    "text": {"id": "f", "question": "q", "version": "general", "expected": {"answer_text": "Within 48 hours."}},
}  # fmt: skip


def test_other_peoples_files_are_read_by_their_form(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES.values())))
    phrase, vignette, category, level, refuse, text = load_cases(file).cases
    assert phrase.expected.scenarios == (("T", 2), ("U", 1)) and phrase.group == "T"
    assert (vignette.expected.topics, vignette.expected.first) == (("T",), ("CT",))
    assert (category.expected.guideline, category.expected.category) == ("k_tirads_2021", "4")
    assert (level.expected.guideline, level.expected.category) == ("acr_ti_rads_2017", "TR3")
    assert refuse.expected.outcomes == ("refusal",) and "unsafe" in refuse.expected.refusals
    assert text.expected.reference == "Within 48 hours." and not text.expected.outcomes


@pytest.mark.parametrize(
    "line", ["{", '{"id": "a"}', '{"id": "a", "question": "q", "expected": {}}']
)
def test_a_line_in_no_known_form_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(LINES["text"]) + "\n" + line)
    with pytest.raises(CaseError, match=r"cases\.jsonl:2"):
        load_cases(file)


def test_the_development_sets_are_read_whole(shared: Path) -> None:
    for file in sorted((shared / "bench").glob("*.jsonl")):
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert len(load_cases(file).cases) == len(lines)
