"""Known questions bring a passage to notice; a corpus without them is searched as before."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import BuildReport, build_index
from rag.errors import CorpusError
from rag.knowledge.fact_questions import FILE, FactQuestion, load_fact_questions, question_faults
from rag.retrieval.relations import Bearing, Relations, load_relations, relations_text
from rag.retrieval.retriever import HybridRetriever
from rag.settings import CORPUS, Settings, load_settings
from rag.types import Hit
from tests.fakes import FakeEmbeddings
from tests.tiny_shelf import write_tiny_corpus

SAID = 'questions:\n  tiny.size:\n    - "whopping boulder, hm?"\n    - "boulder how heavy"\n'


class Shelf:
    """A tiny corpus, its index and a fake embedder."""

    def __init__(self, folder: Path) -> None:
        self.corpus = write_tiny_corpus(folder / "corpus")
        self.settings: Settings = load_settings(home=folder / "home", corpus=self.corpus)
        self.embedder = FakeEmbeddings()

    def ingest(self) -> BuildReport:
        return build_index(self.settings, embedder=self.embedder)

    def hits(self, query: str) -> tuple[Hit, ...]:
        return HybridRetriever.open(self.settings, self.embedder).hits(query, 2)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_passage_is_known_by_the_questions_it_answers(shelf: Shelf) -> None:
    (shelf.corpus / FILE).write_text(SAID, encoding="utf-8")
    shelf.ingest()
    first = shelf.hits("whopping boulder")[0]
    assert first.passage.fact_ids == ("tiny.size",)
    assert first.asked is not None and first.asked > 0.5


def test_a_corpus_without_questions_is_searched_as_before(shelf: Shelf) -> None:
    shelf.ingest()
    first = shelf.hits("large pebble")[0]
    assert (first.passage.fact_ids, first.asked, first.bearing) == (("tiny.size",), None, None)


def test_a_new_question_makes_a_new_index_and_an_old_one_does_not(shelf: Shelf) -> None:
    shelf.ingest()
    (shelf.corpus / FILE).write_text(SAID, encoding="utf-8")
    assert shelf.ingest().built
    assert not shelf.ingest().built


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ('questions:\n  no.fact:\n    - "how"\n', "no fact 'no.fact'", 3),
        ('questions:\n  a + b:\n    - "how"\n', "no fact 'b'", 3),
        ('questions:\n  a:\n    - "How  big?"\n    - "how big?"\n', "as in line 3", 4),
        ('questions:\n  a:\n    - " "\n', "empty", 3),
        ('questions:\n  a: "how"\n', "valid list", 2),
    ],
)
def test_a_wrong_question_is_named(tmp_path: Path, text: str, words: str, line: int) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    faults = question_faults(tmp_path, {"a"})
    assert [(fault.line, words in fault.message) for fault in faults] == [(line, True)]


def test_a_question_of_two_facts_names_both(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('questions:\n  a + b:\n    - "how"\n', encoding="utf-8")
    assert load_fact_questions(tmp_path) == (FactQuestion("how", ("a", "b")),)


def test_every_fact_of_the_shelf_has_its_questions() -> None:
    assert len({one.facts[0] for one in load_fact_questions(CORPUS)}) > 800


def test_words_of_asking_stand_for_words_of_the_guideline() -> None:
    learned = load_relations(CORPUS / "relations.json")
    passage = frozenset({"contrast", "iodin", "egfr"})
    assert learned.said("dye", passage) > learned.said("lump", passage)
    assert learned.stray(("cost",), passage) < 0 == learned.stray(("contrast",), passage)


def test_what_was_learned_is_written_and_read_again(tmp_path: Path) -> None:
    learned = Relations(
        {"dye": {"contrast": 0.5}},
        {"dye": 0.01},
        1e-5,
        {"cost": -0.5},
        Bearing("m", [1.0], [0.5], 0.1),
    )
    path = tmp_path / "relations.json"
    path.write_text(relations_text(learned), encoding="utf-8")
    assert load_relations(path) == learned
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(CorpusError, match="fit_relevance"):
        load_relations(path)
