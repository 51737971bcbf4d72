"""A user's appropriateness document beside the built-in topics: which edition answers is said."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.criteria import read_criteria
from ingest.criteria_topics import user_topic
from ingest.document import Criteria
from ingest.flow import document_blocks
from ingest.pdf import read_pdf
from ingest.sources import Source, corpus_sources, newer_topics
from rag.answering.appropriate import from_appropriateness
from rag.answering.draft import Draft
from rag.answering.scenario_build import write_scenario_index
from rag.answering.scenario_desk import ScenarioDesk
from rag.knowledge.appropriateness import load_topic
from rag.knowledge.user_topics import UserTopic, superseding
from rag.settings import CORPUS
from rag.types import Edition
from tests import criteria_shapes as shapes

TOPIC = "Right Lower Quadrant Pain"
BUILT_IN = Edition("acr_ac_2025", "ACR Appropriateness Criteria", "2025", "ACR", 2025)
QUESTION = "adult patient, sprained knee after sport, swelling of the joint, initial imaging"
RLQ = "Right lower quadrant pain, initial imaging"


def flat(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.full((len(texts), 4), 0.5, dtype=np.float32)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real lexicon and a few real topics."""
    folder = tmp_path_factory.mktemp("corpus")
    for path in CORPUS.iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    topics = folder / BUILT_IN.guideline / "topics"
    topics.mkdir(parents=True)
    source = CORPUS / BUILT_IN.guideline
    for name in ("procedures.yaml", "guideline.yaml"):
        shutil.copy(source / name, topics.parent)
    for path in sorted((source / "topics").glob("*.yaml"))[::12]:
        shutil.copy(path, topics)
    shutil.copy(source / "topics" / "right_lower_quadrant_pain.yaml", topics)
    return folder


def printed(path: Path, **how: object) -> Criteria:
    content = read_pdf(shapes.narrative(path, **how), path.name, 10)  # type: ignore[arg-type]
    found = read_criteria(document_blocks(content.pages), content.pages)
    assert found is not None
    return found


def document(criteria: Criteria, name: str = "mine.pdf") -> UserTopic:
    edition = Edition("mine", criteria.topic, str(criteria.year or ""), "", criteria.year)
    return user_topic(criteria, edition, name)


def answered(corpus: Path, home: Path, question: str, *users: UserTopic) -> Draft:
    write_scenario_index(corpus, home, flat, "flat", users)
    desk = ScenarioDesk(corpus, BUILT_IN, home, flat, "flat")
    return from_appropriateness(question, desk, asking=False)


def test_a_new_topic_takes_the_same_way_as_the_built_in_ones(corpus: Path, tmp_path: Path) -> None:
    draft = answered(corpus, tmp_path, QUESTION, document(printed(tmp_path / "knee.pdf")))
    table = draft.appropriateness
    assert table is not None
    assert (table.topic, table.year, table.document) == ("Sprained Invented Knee", 2027, "mine.pdf")
    assert [(row.name, row.rrl_adult) for row in table.procedures][:2] == [
        ("MRI knee without IV contrast", "O"),
        ("US knee", "O"),
    ]
    assert draft.notices[0] == (
        "Answered from your document mine.pdf (2027); the built-in guidelines have no such topic."
    )
    passage = draft.evidence[0].passage
    assert (passage.document, passage.page, passage.edition.guideline) == ("mine.pdf", 1, "mine")
    assert {box.page for box in passage.boxes} == {1}


def rlq(corpus: Path, year: int | None) -> Criteria:
    """The built-in topic's first scenario as a document of ``year`` would print it."""
    scenario = load_topic(corpus / BUILT_IN.guideline, TOPIC).scenarios[0]
    made = printed(corpus.parent / "rlq.pdf", title=TOPIC, variants=1)
    sample = made.variants[0].rows[0]
    rows = tuple(
        replace(sample, procedure=row.name, category=row.category, rating=row.rating,
                rrl_adult=row.rrl_adult, rrl_peds=row.rrl_peds)
        for row in scenario.procedures
    )  # fmt: skip
    variant = replace(made.variants[0], text=f"{RLQ}.", rows=rows)
    return replace(made, year=year, variants=(variant,))


def test_a_newer_document_supersedes_the_built_in_topic(corpus: Path, tmp_path: Path) -> None:
    mine = document(rlq(corpus, 2031))
    draft = answered(corpus, tmp_path, RLQ, mine)
    table = draft.appropriateness
    assert table is not None
    assert (table.topic, table.year, table.document) == (TOPIC, 2031, "mine.pdf")
    assert table.supersedes == f"{TOPIC} (2022)"
    assert draft.notices[0] == (
        "Answered from your document mine.pdf (2031). It supersedes the built-in edition of this "
        "topic (2022), which is not used."
    )
    built_in = load_topic(corpus / BUILT_IN.guideline, TOPIC)
    assert superseding([built_in], [mine]) == {TOPIC: "mine"}
    own = Source("mine", "mine.pdf", "Mine", (), content="hash", topic=mine)
    assert list(newer_topics(corpus_sources(corpus, [mine]), [own])) == [
        ("mine.pdf", f"supersedes the built-in topic {TOPIC} (it answers instead)")
    ]


@pytest.mark.parametrize("year", [2022, None], ids=["same year", "no year printed"])
def test_the_same_edition_is_cited_with_its_page(
    corpus: Path, tmp_path: Path, year: int | None
) -> None:
    draft = answered(corpus, tmp_path, RLQ, document(rlq(corpus, year)))
    assert draft.appropriateness is not None
    assert draft.appropriateness.document is None
    said = year or "no year printed"
    assert f"Your document mine.pdf ({said}), page 1, prints the same table." in draft.notices
    copy = draft.evidence[1].passage
    assert (copy.document, copy.page) == ("mine.pdf", 1)
    assert any(statement.citations == (1, 2) for statement in draft.statements)


def test_where_two_editions_differ_both_sides_are_shown(corpus: Path, tmp_path: Path) -> None:
    criteria = rlq(corpus, 2022)
    first, *others = criteria.variants[0].rows
    changed = replace(first, category="usually not appropriate", rating=2)
    variant = replace(criteria.variants[0], rows=(changed, *others))
    draft = answered(corpus, tmp_path, RLQ, document(replace(criteria, variants=(variant,))))
    (notice,) = [one for one in draft.notices if "mine.pdf" in one]
    assert "differs from the edition of 2022" in notice
    assert f"{first.procedure}: {first.category} here" in notice
    assert len(draft.evidence) == 1


def test_an_older_document_does_not_answer(corpus: Path, tmp_path: Path) -> None:
    draft = answered(corpus, tmp_path, RLQ, document(rlq(corpus, 2016)))
    assert (
        "Your document mine.pdf (2016) is an older edition of this topic; the edition of 2022 "
        "answers." in draft.notices
    )
    assert len(draft.evidence) == 1
