"""The whole shelf: every edition loads, quickly, and keeps what the corpus promises."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from rag.knowledge.appropriateness import load_topics
from rag.knowledge.check_facts import DRUG_DOSE, REACTION_CARD
from rag.knowledge.guideline import Guideline
from rag.knowledge.passages import passages
from rag.knowledge.render import render_guideline, render_topic, shelf_rows
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS

FACTS = {
    "acr_ac_2025": 0, "acr_contrast": 37, "acr_ti_rads_2017": 60, "bi_rads_2025": 31,
    "bi_rads_5": 94, "fleischner_2017": 28, "k_tirads_2016": 16, "k_tirads_2021": 63,
    "li_rads_2018": 25, "lung_rads_v1_0": 16, "lung_rads_v1_1": 19, "lung_rads_v2022": 142,
    "o_rads": 8, "pi_rads_2_1": 21, "protocols": 257,
}  # fmt: skip
TABLES = {
    "acr_ti_rads_2017", "bi_rads_5", "fleischner_2017", "k_tirads_2016", "k_tirads_2021",
    "lung_rads_v2022",
}  # fmt: skip


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(CORPUS)


@pytest.fixture(scope="module")
def guidelines(shelf) -> tuple[Guideline, ...]:
    return tuple(shelf.get(name) for name in shelf.ids)


def test_every_edition_is_there(guidelines):
    assert {guideline.id: len(guideline.facts) for guideline in guidelines} == FACTS


def test_tables_are_there(guidelines):
    assert {guideline.id for guideline in guidelines if guideline.tables} == TABLES


def test_editions_of_a_family_are_in_order(shelf):
    assert shelf.families["lung_rads"] == ("lung_rads_v2022", "lung_rads_v1_1", "lung_rads_v1_0")
    assert shelf.families["k_tirads"] == ("k_tirads_2021", "k_tirads_2016")
    assert shelf.families["bi_rads"] == ("bi_rads_5", "bi_rads_2025")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lung_rads_v1_0", "lung_rads_v1_1"),
        ("lung_rads_v1_1", "lung_rads_v2022"),
        ("k_tirads_2016", "k_tirads_2021"),
    ],
)
def test_superseded_editions_name_their_successor(shelf, old, new):
    assert shelf.edition(old).superseded_by == new
    assert shelf.edition(old).superseded


def test_the_edition_that_is_held_in_part_says_so(shelf):
    for name in ("bi_rads_5", "bi_rads_2025"):
        assert "v2025" in shelf.get(name).notice
    rows = {row.id: row.status for row in shelf_rows(shelf)}
    assert rows["bi_rads_2025"] == "current, held in part"
    assert rows["k_tirads_2016"] == "superseded by k_tirads_2021"


def test_nothing_recalled_ships(guidelines):
    levels = Counter(fact.confidence for g in guidelines for fact in g.facts)
    assert set(levels) == {"verified2", "verified1"}


def test_fact_ids_stand_once(guidelines):
    ids = Counter(fact.id for g in guidelines for fact in g.facts)
    assert [fact for fact, count in ids.items() if count > 1] == []


def test_every_disagreement_states_its_sides(guidelines):
    open_ = [fact for g in guidelines for fact in g.facts if fact.disagreement]
    assert len(open_) >= 45
    assert all(fact.note for fact in open_)


def test_drug_doses_name_the_reaction_card(guidelines):
    doses = [
        fact
        for g in guidelines
        for fact in g.facts
        if DRUG_DOSE.search(re.sub(r"\d\s?mg/dL|\d\s?mgI/mL|\d mg/mL", "", fact.fact))
    ]
    assert len(doses) >= 12
    assert all(fact.confidence == "verified2" and REACTION_CARD in fact.fact for fact in doses)


@pytest.mark.parametrize("left_out", ["pr.co.metoiv", "pr.co.ntgdose", "pr.cm.rx.epiped"])
def test_single_source_doses_are_left_out(guidelines, left_out):
    assert left_out not in {fact.id for g in guidelines for fact in g.facts}


def test_local_practice_is_labelled(shelf):
    facts = {fact.id: fact for fact in shelf.get("protocols").facts}
    local = "pe.rate mr.levels mr.prior mr.leads.cardiac mr.uncon mr.aneurysm mr.passive mr.loops "
    for name in (local + "cm.dial cm.dial.resid").split():
        assert facts[f"pr.{name}"].fact.startswith("Local practice"), name
        assert "ocal practice" in facts[f"pr.{name}"].note


def test_protocol_facts_name_body_and_year(shelf):
    facts = shelf.get("protocols").facts
    assert all(fact.issuer and fact.year for fact in facts)
    esur = next(fact for fact in facts if fact.id == "pr.cm.rep.esur")
    assert (esur.issuer, esur.year) == ("ESUR", 2024)


def test_every_fact_is_a_passage_under_its_section(guidelines):
    for guideline in guidelines:
        made = passages(guideline)
        of_facts = [p for p in made if p.kind == "fact"]
        assert [p.fact_ids[0] for p in of_facts] == [fact.id for fact in guideline.facts]
        assert all(p.search_text.startswith(p.edition.label) for p in of_facts)
        assert len({p.id for p in made}) == len(made)


def test_passages_fit_the_embedding_model(guidelines):
    """256 tokens; 3.2 characters a token is on the safe side for this text."""
    long = [p.id for g in guidelines for p in passages(g) if len(p.search_text) > 256 * 3.2]
    assert long == []


def test_a_guideline_can_be_read(shelf):
    lines = render_guideline(shelf.get("k_tirads_2021"))
    kinds = Counter(line.kind for line in lines)
    assert kinds["category"] == 5
    assert kinds["fact"] == FACTS["k_tirads_2021"]
    assert kinds["row"] >= 30
    text = "\n".join(line.text for line in lines)
    assert "Does not exist: 6, 4A, 4B, 4C" in text
    shown = next(line for line in lines if "0.5 cm or smaller is not routinely" in line.text)
    assert shown.marks == ("rests on one source",)


def test_a_topic_can_be_read():
    topic = next(t for t in load_topics(CORPUS / "acr_ac_2025") if t.currency_note)
    lines = render_topic(topic)
    assert lines[0].text == topic.title
    assert lines[1].text == f"Note: {topic.currency_note}."


def test_no_shorthand_and_no_machine_paths():
    banned = re.compile(r"code corpus|\bAHK\b|\bAPK\b|\bOTH\b|file ids? \d|index ids? \d")
    for path in sorted(Path(CORPUS).rglob("*")):
        if path.suffix in (".yaml", ".md"):
            found = banned.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path}: {found}"
