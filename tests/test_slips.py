"""Slips of the hand: a word of the field is read as meant, shown as typed, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Answer, Settings, ask
from rag.answering.descriptors import read_findings
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.shelf import Shelf
from rag.knowledge.spelling import SlipReader
from rag.settings import CORPUS

WORDS = frozenset("solid screening nodule pleural infection stable".split())


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return load_glossary(CORPUS / "glossary.yaml", Shelf.open(CORPUS).vocabulary)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("soild", "solid"),
        ("screning", "screening"),
        ("noddule", "nodule"),
        ("Soild", "solid"),
        ("plural", "pleural"),
    ],
)
def test_one_slip_is_read_as_meant(typed: str, read: str) -> None:
    assert SlipReader(WORDS).read(f"a {typed} here").read == f"a {read} here"


@pytest.mark.parametrize("word", ["injection", "table", "tsable", "soldi3", "non-soild", "solids"])
def test_another_letter_the_first_letter_and_parts_of_words_are_no_slips(word: str) -> None:
    assert SlipReader(WORDS).read(word).read == word


def test_words_of_the_language_stay(glossary: Glossary) -> None:
    text = "plural patent party of the clinical course in the groin, serve a standing board"
    assert glossary.slips.read(text).read == text


def test_every_place_leads_back_to_what_was_typed() -> None:
    typed = SlipReader(WORDS).read("new soild noduel on screning, 8 mm")
    at = typed.read.index("8 mm")
    assert typed.written[slice(*typed.place((at, at + 4)))] == "8 mm"
    for read, written in typed.slips:
        assert typed.place(read) == written
    assert [(c.written, c.read) for c in typed.corrections] == [
        ("soild", "solid"), ("noduel", "nodule"), ("screning", "screening"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "category"),
    [
        ("Frist screening CT: 7 mm soild nodule", "3"),
        ("Annual screning: new 5 mm solid noduel", "3"),
        ("K-TIRADS 2021: 13 mm solid hypoechoic nodule, irregualr margin", "5"),
    ],
)
def test_the_category_is_found_and_the_words_quoted_as_typed(
    question: str, category: str, built_home: Path
) -> None:
    response = ask(question, settings=Settings(home=built_home))
    assert isinstance(response, Answer)
    assert response.decision is not None
    assert response.decision.category == category
    read = response.decision.descriptors
    assert read
    assert all(question[slice(*d.span)] == d.text for d in read if d.text)


def test_a_flow_rate_is_no_volume(glossary: Glossary) -> None:
    vocabulary = Shelf.open(CORPUS).vocabulary
    found = read_findings("new lung nodule, injected at 4 mL/s", vocabulary, glossary)
    assert found
    assert not any(d.name == "volume" for finding in found for d in finding.descriptors)
