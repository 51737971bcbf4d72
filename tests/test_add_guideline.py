"""What ``corpus/README.md`` promises a newcomer: the example there is copied, filled, checked, used."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from rag.knowledge.check import check_corpus
from rag.knowledge.edition_diff import edition_diff
from rag.knowledge.grade import grade
from rag.knowledge.passages import passages
from rag.knowledge.render import render_guideline
from rag.knowledge.shelf import Shelf
from rag.settings import CORPUS
from rag.types import Descriptor

BLOCK = re.compile(r"```yaml\n# (\w+)/(\w+\.yaml)\n(.*?)```", re.DOTALL)


def blocks() -> dict[tuple[str, str], str]:
    text = (CORPUS / "README.md").read_text(encoding="utf-8")
    return {(folder, file): body for folder, file, body in BLOCK.findall(text)}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus that holds nothing but the README's example."""
    for (folder, file), body in blocks().items():
        if folder == "pebble_rads_1":
            (tmp_path / folder).mkdir(exist_ok=True)
            (tmp_path / folder / file).write_text(body, encoding="utf-8")
    shutil.copy(CORPUS / "descriptors.yaml", tmp_path)
    return tmp_path


def descriptors(**values: float | str) -> list[Descriptor]:
    return [Descriptor(name, value, None, str(value), (0, 1)) for name, value in values.items()]


def test_the_example_is_whole():
    assert {file for folder, file in blocks() if folder == "pebble_rads_1"} == {
        "guideline.yaml", "facts.yaml", "decisions.yaml",
    }  # fmt: skip


def test_the_example_passes_the_check(corpus):
    checked = check_corpus(corpus)
    assert [str(fault) for fault in checked.faults] == []
    assert (checked.editions, checked.facts, checked.rows) == (1, 3, 2)


@pytest.mark.parametrize(
    ("size", "label", "management"),
    [(6.9, "A", "No further imaging."), (7, "B", "CT in 5 months."), ("< 5 mm", "A", None)],
)
def test_the_example_grades(corpus, size, label, management):
    guideline = Shelf.open(corpus).get("pebble_rads_1")
    decision = grade(guideline, descriptors(finding="nodule", mean_diameter=size))
    assert decision.category == label
    assert management in (None, decision.management)


def test_the_example_asks_for_what_is_missing(corpus):
    guideline = Shelf.open(corpus).get("pebble_rads_1")
    decision = grade(guideline, descriptors(finding="nodule"))
    assert decision.category is None
    assert decision.possible == ("A", "B")
    assert decision.clarification is not None
    assert decision.clarification.descriptor == "mean_diameter"


def test_the_example_is_found_and_read(corpus):
    guideline = Shelf.open(corpus).get("pebble_rads_1")
    assert "small pebble" in next(p.search_text for p in passages(guideline) if "7 mm" in p.text)
    texts = [line.text for line in render_guideline(guideline)]
    assert "Does not exist: C" in texts
    assert any("CT in 5 months" in text for text in texts)


def test_a_slip_is_named_with_its_line(corpus):
    path = corpus / "pebble_rads_1" / "decisions.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('">= 7 mm"', '"> 7 mm"'), encoding="utf-8")
    (fault,) = check_corpus(corpus).faults
    assert fault.file == str(path)
    assert "GAP" in fault.message


def test_a_new_edition_beside_the_old(corpus):
    """The second half of the section: supersede, write down what changed, compare."""
    old, new = corpus / "pebble_rads_1", corpus / "pebble_rads_2"
    shutil.copytree(old, new)
    for name in ("guideline.yaml", "facts.yaml", "decisions.yaml"):
        text = (new / name).read_text(encoding="utf-8")
        text = text.replace("pebble_rads_1", "pebble_rads_2").replace("peb1.", "peb2.")
        text = text.replace("edition: v1", "edition: v2").replace("2020", "2024").replace("7", "9")
        (new / name).write_text(text, encoding="utf-8")
    (new / "changes.yaml").write_text(blocks()["pebble_rads_2", "changes.yaml"], encoding="utf-8")
    before = (old / "guideline.yaml").read_text(encoding="utf-8")
    after = before.replace("status: current", "status: superseded\nsuperseded_by: pebble_rads_2")
    (old / "guideline.yaml").write_text(after, encoding="utf-8")

    assert [str(fault) for fault in check_corpus(corpus).faults] == []
    shelf = Shelf.open(corpus)
    assert shelf.families["pebble_rads"] == ("pebble_rads_2", "pebble_rads_1")
    (change,) = edition_diff(shelf, "pebble_rads_1", "pebble_rads_2").changes
    assert [fact.id for fact in (*change.was, *change.now)] == ["peb1.B", "peb2.B"]
