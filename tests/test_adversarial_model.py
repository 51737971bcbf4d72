"""A model that says everything it should not: nothing wrong is shown, and every question ends in time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from evals.grounding_bench import BAD, bad_outputs, evidence_of, facts
from rag.answering.grounding import Asked
from rag.answering.korean.stating import checked_in_korean
from rag.answering.wording import ModelWording
from rag.knowledge.korean import load_korean
from rag.knowledge.yaml_file import read_yaml
from rag.settings import CORPUS, Settings
from rag.types import Evidence, Statement
from tests.grounding.cases import cases
from tests.scripted_llm import Script, ScriptedServer, answer, said

LIMIT_S = 2.0
SHOWN = ("supported", "partly")


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(scope="module")
def evidence() -> tuple[Evidence, ...]:
    return evidence_of(bad_outputs()[0], facts())


@pytest.fixture(scope="module")
def wording(server: ScriptedServer) -> ModelWording:
    chosen = Settings(llm_url=server.url, llm_timeout_s=LIMIT_S, llm_output="json")
    return ModelWording(chosen, embedder=lambda texts: [[1.0]] * len(texts))


def test_there_are_enough_kinds() -> None:
    sheet = read_yaml(BAD)
    kinds = [row["kind"] for key in ("statements", "raw", "behaviours") for row in sheet[key]]  # type: ignore[index]
    assert len(set(kinds)) == len(kinds) >= 150


def test_no_wrong_statement_is_shown_of_any_kind(
    server: ScriptedServer, wording: ModelWording, evidence: tuple[Evidence, ...]
) -> None:
    shown: list[str] = []
    for bad in bad_outputs()[1]:
        server.script(said(bad.output))
        found = wording("What does the guideline say?", evidence, "")
        assert found.notices, bad.kind
        shown += [f"[{bad.kind}] {statement.text}" for statement in found.statements]
    assert shown == []


def behaviours() -> list[Script]:
    whole = answer([("Category 4A: LDCT at 3 months.", [2])]).pieces
    return [
        Script(pieces=whole, **{key: value for key, value in row.items() if key != "kind"})
        for row in read_yaml(BAD)["behaviours"]  # type: ignore[index]
    ]


def test_whatever_the_server_does_the_question_ends_in_time(
    server: ScriptedServer, wording: ModelWording, evidence: tuple[Evidence, ...]
) -> None:
    wording("warm up", evidence, "")
    for script in behaviours():
        server.script(script)
        start = time.monotonic()
        found = wording("What does the guideline say?", evidence, "")
        assert time.monotonic() - start < LIMIT_S + 1.5, script
        assert (found.statements, len(found.notices)) == ((), 1), script


def test_korean_statements_are_checked_across_the_languages() -> None:
    words = load_korean(CORPUS / "korean.yaml")
    found = {
        case: checked_in_korean(
            Statement(case.text, case.cited), case.evidence, Asked(), words
        ).verdict
        for case in cases("korean_statements")
    }
    wrong = [
        str(case) for case, verdict in found.items() if case.kind == "wrong" and verdict in SHOWN
    ]
    right = [verdict in SHOWN for case, verdict in found.items() if case.kind == "right"]
    assert wrong == []
    assert sum(right) >= len(right) - 1
