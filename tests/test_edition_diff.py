"""Two editions side by side: every difference has its facts on both sides."""

from __future__ import annotations

import shutil

import pytest

from rag.errors import CorpusError
from rag.knowledge.edition_diff import edition_diff, matching
from rag.knowledge.render import render_change, render_diff
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS

PAIRS = [
    ("k_tirads_2016", "k_tirads_2021", 12),
    ("lung_rads_v1_1", "lung_rads_v2022", 10),
    ("lung_rads_v1_0", "lung_rads_v1_1", 6),
    ("lung_rads_v1_0", "lung_rads_v2022", 16),
    ("bi_rads_5", "bi_rads_2025", 14),
]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf.open(CORPUS)


@pytest.mark.parametrize(("old", "new", "at_least"), PAIRS)
def test_editions_are_compared(shelf, old, new, at_least):
    diff = edition_diff(shelf, old, new)
    assert (diff.old.guideline, diff.new.guideline) == (old, new)
    assert len(diff.changes) >= at_least
    assert all(change.now for change in diff.changes)
    assert all(change.was or change.kind == "added" for change in diff.changes)


@pytest.mark.parametrize(("old", "new", "_"), PAIRS)
def test_the_order_of_the_question_does_not_matter(shelf, old, new, _):
    assert edition_diff(shelf, new, old) == edition_diff(shelf, old, new)


@pytest.mark.parametrize(
    ("old", "new", "question", "topic", "words"),
    [
        ("k_tirads_2016", "k_tirads_2021", "Did the K-TIRADS 3 biopsy size change?",
         "Biopsy size of category 3", ("1.5 cm", "2.0 cm")),
        ("k_tirads_2016", "k_tirads_2021", "entirely calcified nodule, K-TIRADS 2016 versus 2021",
         "Entirely calcified nodule", ("category 4",)),
        ("lung_rads_v1_1", "lung_rads_v2022", "what happened to perifissural nodules in v2022",
         "Perifissural and juxtapleural nodules", ("juxtapleural",)),
        ("lung_rads_v1_1", "lung_rads_v2022", "how was growth defined in Lung-RADS v1.1 and now?",
         "Growth", ("12 months",)),
        ("lung_rads_v1_0", "lung_rads_v1_1", "GGN threshold v1.0 vs v1.1",
         "Ground-glass threshold", ("20 mm", "30 mm")),
        ("bi_rads_5", "bi_rads_2025", "is microlobulated still a margin in BI-RADS 2025",
         "Mass margin in mammography", ("removes microlobulated",)),
    ],
)  # fmt: skip
def test_a_question_finds_its_change(shelf, old, new, question, topic, words):
    found = matching(edition_diff(shelf, old, new), question)
    assert topic in {change.topic for change in found}
    change = next(change for change in found if change.topic == topic)
    assert all(word in change.sentence for word in words)


def test_a_question_about_everything_finds_nothing_in_particular(shelf):
    diff = edition_diff(shelf, "k_tirads_2016", "k_tirads_2021")
    assert matching(diff, "What changed between K-TIRADS 2016 and 2021?") == ()


def test_both_sides_are_cited(shelf):
    diff = edition_diff(shelf, "k_tirads_2016", "k_tirads_2021")
    (change,) = matching(diff, "biopsy size of category 3")
    lines = render_change(change)
    was, now = (next(line for line in lines if line.kind == kind) for kind in ("was", "now"))
    assert was.text.startswith("K-TIRADS 2016: ")
    assert was.fact_ids == ("kt.2016.3.size",)
    assert now.text.startswith("K-TIRADS 2021: ")
    assert now.fact_ids == ("kt.2021.3.size",)


def test_a_superseded_edition_is_called_so(shelf):
    lines = render_diff(edition_diff(shelf, "lung_rads_v1_1", "lung_rads_v2022"))
    assert lines[0].text == "Lung-RADS v1.1 and Lung-RADS v2022"
    assert lines[1].text == "Lung-RADS v1.1 is superseded by lung_rads_v2022"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("k_tirads_2016", "k_tirads_2031", "no guideline 'k_tirads_2031'"),
        ("k_tirads_2016", "bi_rads_5", "are not compared"),
        ("k_tirads_2016", "k_tirads_2016", "are not compared"),
    ],
)
def test_what_cannot_be_compared_is_said(shelf, old, new, words):
    with pytest.raises(CorpusError, match=words):
        edition_diff(shelf, old, new)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kt.2016.3.size", "kt.2016.3.sizes", "has no fact 'kt.2016.3.sizes'"),
        ("to more than 2.0 cm (2021)", "to more than 2.4 cm (2021)", "number 2.4"),
        ("    was: [kt.2016.3.size]\n", "", "was is missing"),
        ("kind: changed", "kind: better", "kind"),
    ],
)
def test_a_wrong_pair_is_rejected(tmp_path, old, new, words):
    for name in ("k_tirads_2016", "k_tirads_2021"):
        shutil.copytree(CORPUS / name, tmp_path / name)
    shutil.copy(CORPUS / "descriptors.yaml", tmp_path)
    path = tmp_path / "k_tirads_2021" / "changes.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorpusError, match=words) as caught:
        edition_diff(Shelf.open(tmp_path), "k_tirads_2016", "k_tirads_2021")
    assert caught.value.file == str(path)
