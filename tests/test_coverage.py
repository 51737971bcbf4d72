"""``corpus/COVERAGE.md`` is what the script writes, and the script lets no fact go missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.coverage import (
    find_faults,
    held_facts,
    main,
    read_reasons,
    read_sheets,
    render,
    topic_lines,
)
from rag.settings import CORPUS


def test_every_fact_of_the_corpus_is_listed_or_restated():
    text = (CORPUS / "COVERAGE.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"`([\w.]+)`", text))
    own = tuple(f"{prefix}." for prefix in read_reasons(CORPUS)["restated"])
    missing = [f for f in held_facts(CORPUS) if f not in listed and not f.startswith(own)]
    assert missing == []


def test_what_is_left_out_is_really_left_out():
    reasons, held = read_reasons(CORPUS), held_facts(CORPUS)
    assert set(reasons["left_out"]) & set(held) == set()
    assert set(reasons["partly"]) <= set(held)
    assert all(reason.endswith(".") for reason in reasons["left_out"].values())


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    folder = tmp_path / "sheets"
    folder.mkdir()
    (folder / "toy.yaml").write_text(
        "facts:\n"
        "- {id: toy.a, fact: A., confidence: verified2}\n"
        "- {id: toy.b, fact: B., confidence: verified1}\n"
        "- {id: toy.c, fact: C., confidence: recalled}\n",
        encoding="utf-8",
    )
    return folder


def write_corpus(folder: Path, ids: list[str], left_out: str = "{}") -> Path:
    (folder / "toy_1").mkdir(parents=True)
    facts = "".join(f"- {{id: {fact}}}\n" for fact in ids) or "[]"
    (folder / "toy_1" / "facts.yaml").write_text(f"facts:\n{facts}", encoding="utf-8")
    (folder / "coverage.yaml").write_text(
        f"left_out: {left_out}\npartly: {{}}\nrestated: {{}}\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize(
    ("ids", "left_out", "faults"),
    [
        (["toy.a", "toy.b"], "{}", []),
        (["toy.a"], "{toy.b: A reason.}", []),
        (["toy.a"], "{}", ["toy: toy.b is neither held nor given a reason"]),
        (["toy.a", "toy.b"], "{toy.b: A reason.}", ["toy: toy.b is both held and left out"]),
        (["toy.a", "toy.b", "toy.c"], "{}", ["toy: toy.c is only recalled but stands in toy_1"]),
    ],
)
def test_no_fact_goes_missing(tmp_path, sheets, ids, left_out, faults):
    corpus = write_corpus(tmp_path / "corpus", ids, left_out)
    found = find_faults(read_sheets(sheets), held_facts(corpus), read_reasons(corpus)["left_out"])
    assert found == faults
    assert main([str(sheets), str(corpus)]) == bool(faults)


def test_the_file_is_up_to_date(shared):
    """Where the fact sheets are at hand, the committed file is what the script would write."""
    folder = shared / "reference"
    if not folder.is_dir():
        pytest.skip("no fact sheets in RADCITE_SHARED")
    written = render(
        read_sheets(folder), held_facts(CORPUS), read_reasons(CORPUS), topic_lines(folder, CORPUS)
    )
    assert (CORPUS / "COVERAGE.md").read_text(encoding="utf-8") == written
