"""Cases of other people's files (JSON lines), by the keys they hold; nothing is copied.

    {"id", "question", "accept": [[topic, n]], "variant_no"}           scenario phrases
    {"id", "question", "expected": {"accept_topics", "procedures"}}    vignettes
    {"id", "question", "expected": {"category", ...}, "version"}       findings and their category
    {"id", "question", "expected": {"behaviour", ...}}                 what must be refused
    {"id", "question", "expected": {"answer_text" or "management"}}    questions with a reference answer

A line in none of these forms is an error that names file and line. What a reference answer
says in words only a reader or a judge can score: here its figures are looked for, and the marks
of ``evals/data/protocol_coverage.yaml`` name facts for the ids they know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from evals.errors import CaseError
from evals.suites.case import Case, Expected, Suite
from rag.knowledge.yaml_file import read_yaml

MARKS = Path(__file__).resolve().parent.parent / "data" / "protocol_coverage.yaml"

SYSTEMS = (
    (re.compile(r"k-?tirads.*2016(?!.*2021)", re.IGNORECASE), "k_tirads_2016"),
    (re.compile(r"^acr ti-?rads", re.IGNORECASE), "acr_ti_rads_2017"),
    (re.compile(r"k-?tirads", re.IGNORECASE), "k_tirads_2021"),
    (re.compile(r"ti-?rads", re.IGNORECASE), "acr_ti_rads_2017"),
    (re.compile(r"lung-?rads.*1\.1", re.IGNORECASE), "lung_rads_v1_1"),
    (re.compile(r"lung-?rads", re.IGNORECASE), "lung_rads_v2022"),
    (re.compile(r"bi-?rads.*2025", re.IGNORECASE), "bi_rads_2025"),
    (re.compile(r"bi-?rads", re.IGNORECASE), "bi_rads_5"),
    (re.compile(r"fleischner", re.IGNORECASE), "fleischner_2017"),
)
"""How a version or a category names its guideline; the first that fits."""

REFUSED: Mapping[str, tuple[str, ...]] = {
    "refuse_injection": ("instructions", "unsafe", "off_topic"),
    "refuse_unsafe": ("unsafe", "off_topic"),
    "refuse_offtopic": ("off_topic",),
    "correct_nonexistent": ("nonexistent",),
    "abstain": ("not_covered", "off_topic"),
}
"""Kinds of refusal that do what a line's ``behaviour`` asks."""

_LABEL = re.compile(r"(?:category|k-tirads|bi-rads|lung-rads|acr|ti-rads)\s*", re.IGNORECASE)


def load_cases(path: Path) -> Suite:
    """The file's cases as a suite of its name.

    Raises:
        CaseError: the file cannot be read, or a line is in no known form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{path}: cannot be read ({error})") from error
    cases = tuple(_case(path, at, line) for at, line in enumerate(lines, 1) if line.strip())
    if not cases:
        raise CaseError(f"{path}: holds no case")
    return Suite(path.stem, path.stem, f"{len(cases)} cases of {path.name}, by path", cases)


def _case(path: Path, number: int, line: str) -> Case:
    try:
        row = json.loads(line)
        expected, edition, group = _read(row)
        return Case(
            id=str(row["id"]),
            suite=path.stem,
            question=str(row["question"]),
            edition=edition,
            origin=str(row.get("source") or row.get("origin") or path.name),
            group=group,
            expected=expected,
            language="ko" if "english" in row else "en",
            history=tuple(row.get("history", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(f"{path}:{number}: not a case in a known form ({error!r})") from error


def _read(row: Mapping[str, Any]) -> tuple[Expected, str, str]:
    """Expectation, edition and cluster of a line, by its keys."""
    if "accept" in row and "variant_no" in row:
        scenarios = tuple((str(topic), int(n)) for topic, n in row["accept"])
        topics = tuple(dict.fromkeys(topic for topic, _ in scenarios))
        return Expected(scenarios=scenarios, topics=topics), "acr_ac_2025", str(row["topic"])
    expected = row["expected"]
    if expected.get("accept_topics"):
        return _vignette(expected), "acr_ac_2025", str(expected["topic"])
    if "behaviour" in expected:
        return _behaviour(expected), "any", str(expected["behaviour"])
    if expected.get("category"):
        return _category(row)
    edition = guideline_of(str(row.get("version", ""))) or "any"
    return _free_text(str(row["id"]), expected), edition, edition


def _vignette(expected: Mapping[str, Any]) -> Expected:
    first = tuple(expected.get("procedures") or ())
    return Expected(
        topics=tuple(expected["accept_topics"]),
        first=first,
        nothing_rated=not first and "not appropriate" in expected.get("answer_text", ""),
    )


def _behaviour(expected: Mapping[str, Any]) -> Expected:
    kinds = REFUSED.get(expected["behaviour"])
    if kinds is None:
        return Expected(outcomes=("answer", "refusal", "needs_details"))
    return Expected(outcomes=("refusal",), refusals=kinds)


def _category(row: Mapping[str, Any]) -> tuple[Expected, str, str]:
    expected, version = row["expected"], str(row.get("version", ""))
    said = str(expected["category"])
    guideline = guideline_of(said) or guideline_of(version)
    if guideline is None:
        raise ValueError(f"no guideline is named by {version!r}")
    accept = tuple(bare_label(str(label)) for label in expected.get("accept", ()))
    right = Expected(
        outcomes=("answer",), guideline=guideline, category=bare_label(said), accept=accept
    )
    return right, guideline, guideline


def bare_label(text: str) -> str:
    """The label without the system's name.

    >>> bare_label("K-TIRADS 4"), bare_label("ACR TR5"), bare_label("4A")
    ('4', 'TR5', '4A')
    """
    return _LABEL.sub("", text).strip()


def guideline_of(text: str) -> str | None:
    """The guideline id that a version or a label names; ``None`` where it names none."""
    return next((guideline for pattern, guideline in SYSTEMS if pattern.search(text)), None)


def _free_text(case_id: str, expected: Mapping[str, Any]) -> Expected:
    marks = _marks().get(case_id, {})
    partly = "partly" in marks
    facts = tuple(marks.get("facts") or marks.get("partly") or ())
    outcomes: tuple[str, ...] = ()
    if marks:
        outcomes = ("refusal",) if marks.get("none") else ("answer",)
        outcomes = ("answer", "refusal") if partly else outcomes
    return Expected(
        outcomes=outcomes,
        facts=() if partly else facts,
        topics=tuple(marks.get("topics") or ()) if not facts else (),
        reference=str(expected.get("answer_text") or expected["management"]),
    )


@cache
def _marks() -> Mapping[str, Mapping[str, Any]]:
    sheet = read_yaml(MARKS)
    assert isinstance(sheet, dict)
    return {str(mark["id"]): mark for mark in sheet["marks"]}
