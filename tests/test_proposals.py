"""Descriptors proposed by a language model: quoted, shown, confirmed by the reader, never decisive."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from rag.answering.finding import Finding
from rag.answering.grade_sheet import read_text, sheet_of
from rag.answering.proposals import Proposed, confirmed, proposable, propose
from rag.knowledge.glossary import load_glossary
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.settings import Settings, load_settings
from tests.scripted_llm import Script, ScriptedServer, said

TEXT = "Screening CT: solid nodule of 7 mm in the lingula, popped up since the film of last spring"


@pytest.fixture(scope="module")
def guideline() -> Guideline:
    return Shelf.open(load_settings().corpus).get("lung_rads_v2022")


@pytest.fixture(scope="module")
def finding() -> Finding:
    corpus = load_settings().corpus
    shelf = Shelf.open(corpus)
    glossary = load_glossary(corpus / "glossary.yaml", shelf.vocabulary)
    return read_text(TEXT, shelf, glossary, ["lung_rads_v2022"])[0]


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def asked(
    server: ScriptedServer, script: Script, guideline: Guideline, finding: Finding
) -> Proposed:
    server.script(script)
    return propose(Settings(llm_url=server.url), guideline, finding)


def proposing(*items: tuple[str, str, str]) -> Script:
    listed = [{"name": n, "value": v, "quote": q} for n, v, q in items]
    return said(json.dumps({"proposals": listed}))


def test_a_quoted_proposal_decides_only_once_confirmed(
    server: ScriptedServer, guideline: Guideline, finding: Finding
) -> None:
    found = asked(server, proposing(("timing", "new", "popped up since")), guideline, finding)
    (proposal,) = found.proposals
    assert proposal.standing == "adds"
    assert TEXT[slice(*proposal.descriptor.span)] == "popped up since"
    assert sheet_of(guideline, finding).decision.category is None
    taken = confirmed(finding, found.proposals)
    assert sheet_of(guideline, taken).decision.category == "4A"


DROPPED = [
    (("timing", "new", "newly appeared"), "does not stand in the text"),
    (("timing", "recent", "popped up since"), "no such value"),
    (("mean_diameter", "9", "solid nodule of 7 mm"), "number does not stand in its quote"),
    (("composition", "solid", "solid nodule"), "no input has this name"),
    (("timing", "new", " "), "does not stand in the text"),
]


@pytest.mark.parametrize(("item", "reason"), DROPPED)
def test_what_is_not_quoted_word_for_word_is_dropped(
    server: ScriptedServer,
    guideline: Guideline,
    finding: Finding,
    item: tuple[str, str, str],
    reason: str,
) -> None:
    found = asked(server, proposing(item), guideline, finding)
    assert found.proposals == ()
    assert reason in found.dropped[0]


def test_a_contradicting_proposal_is_left_to_the_reader(
    server: ScriptedServer, guideline: Guideline, finding: Finding
) -> None:
    found = asked(
        server, proposing(("nodule_type", "part_solid", "solid nodule")), guideline, finding
    )
    assert [p.standing for p in found.proposals] == ["contradicts"]
    assert finding.get("nodule_type") == "solid"


def test_what_repeats_the_grammar_is_not_shown(
    server: ScriptedServer, guideline: Guideline, finding: Finding
) -> None:
    found = asked(server, proposing(("nodule_type", "solid", "solid nodule")), guideline, finding)
    assert found.proposals == () and found.dropped == ()


@pytest.mark.parametrize("script", [said("no json"), said('{"proposals": 3}'), Script(status=500)])
def test_a_model_that_fails_gives_a_notice_and_nothing_else(
    server: ScriptedServer, guideline: Guideline, finding: Finding, script: Script
) -> None:
    found = asked(server, script, guideline, finding)
    assert found.proposals == () and "No proposals" in found.notices[0]


def test_the_report_goes_to_the_model_as_data(
    server: ScriptedServer, guideline: Guideline, finding: Finding
) -> None:
    asked(server, proposing(), guideline, finding)
    request = server.requests[-1]
    assert json.dumps(TEXT) in request["messages"][1]["content"]
    assert "prior_category" in json.dumps(request)
    names = {field.name for field in proposable(guideline)}
    assert "timing" in names and "finding" not in names
