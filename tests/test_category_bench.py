"""The category bench: what an answer is worth, and our own cases through the public ``ask``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.category_bench import OWN, run
from evals.category_cases import label, read_cases
from rag.settings import load_settings
from rag.wire import build

LINES = [
    ({"category": "4A"}, "Baseline LDCT: 9 mm solid nodule", "right"),
    ({"category": "3"}, "Baseline LDCT: 9 mm solid nodule", "wrong"),
    ({"category": "2"}, "Annual LDCT: 7 mm solid nodule, stable", "right"),
    ({"category": "4A"}, "Screening CT: 9 mm solid nodule", "conditional"),
    ({"ask": ["timing"]}, "Screening CT: 9 mm solid nodule", "right"),
    ({"decline": True}, "Lung-RADS 7", "right"),
]


@pytest.mark.parametrize(("expected", "question", "outcome"), LINES)
def test_what_an_answer_is_worth(
    tmp_path: Path, expected: dict[str, object], question: str, outcome: str
) -> None:
    line = {"id": "x", "question": question, "expected": expected, "version": "Lung-RADS v2022"}
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (scored,) = run(tuple(read_cases(path)), build(load_settings()))
    assert (scored.outcome, scored.case.system) == (outcome, "lung_rads_v2022")


def test_labels_are_compared_as_printed() -> None:
    assert label("K-TIRADS 4", "k_tirads_2021") == "4"
    assert label("ACR TR4", "acr_ti_rads_2017") == "TR4"
    assert label("4a", "lung_rads_v2022") == "4A"


def test_no_wrong_category_is_stated_for_our_lung_cases() -> None:
    cases = [
        c for c in read_cases(OWN) if c.system == "lung_rads_v2022" and "category" in c.expected
    ]
    scored = run(cases, build(load_settings()))
    assert [s.case.id for s in scored if s.outcome == "wrong"] == []
    assert sum(s.outcome == "right" for s in scored) >= 0.95 * len(scored)
