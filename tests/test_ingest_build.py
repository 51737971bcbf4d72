"""Builds: what is added, kept, replaced, removed or refused, and that nothing is done twice."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.build import BuildReport, build_index, remove_document
from ingest.manifest import load_library, stored_file
from rag.errors import BuildCancelled, DocumentError, IndexMismatch, PassageIndexError
from rag.retrieval.index_state import builds_folder, pointer_path, read_state, write_state
from rag.retrieval.retriever import HybridRetriever
from rag.settings import Settings, load_settings
from rag.types import Hit
from tests import pdf_shapes as shapes
from tests.fakes import FakeEmbeddings
from tests.tiny_shelf import write_tiny_corpus


class Shelf:
    """A home with a tiny corpus, a folder of documents and a fake embedder that counts."""

    def __init__(self, folder: Path) -> None:
        corpus = write_tiny_corpus(folder / "corpus")
        self.settings: Settings = load_settings(home=folder / "home", corpus=corpus)
        self.documents = folder / "documents"
        self.documents.mkdir()
        self.embedder = FakeEmbeddings()

    def ingest(self, *paths: Path, rebuild: bool = False) -> BuildReport:
        return build_index(self.settings, paths, rebuild=rebuild, embedder=self.embedder)

    def hits(self, query: str, k: int = 3) -> tuple[Hit, ...]:
        return HybridRetriever.open(self.settings, self.embedder).hits(query, k)

    def protocol(
        self, name: str = "protocol.pdf", sentence: str = "Slices are 1.0 mm thick."
    ) -> Path:
        return shapes.protocol(self.documents / name, sentence)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_the_corpus_alone(shelf: Shelf) -> None:
    report = shelf.ingest()
    assert (report.added, report.passages, report.built) == (("Tiny 2020",), 2, True)
    assert shelf.hits("large pebble")[0].passage.fact_ids == ("tiny.size",)


def test_a_second_run_does_nothing(shelf: Shelf) -> None:
    shelf.ingest(shelf.protocol())
    before = pointer_path(shelf.settings.home_dir).read_bytes()
    shelf.embedder.embedded.clear()
    for paths in ((), (shelf.documents,), (shelf.documents / "protocol.pdf",)):
        report = shelf.ingest(*paths)
        assert report.kept == ("Tiny 2020", "protocol.pdf")
        assert (report.embedded, report.built, report.failed) == (0, False, ())
    assert shelf.embedder.embedded == []
    assert pointer_path(shelf.settings.home_dir).read_bytes() == before


def test_a_document_is_found_with_its_page_and_place(shelf: Shelf) -> None:
    report = shelf.ingest(shelf.protocol())
    assert report.added == ("Tiny 2020", "protocol.pdf")
    passage = shelf.hits("how thick are the slices in mm")[0].passage
    assert "Slices are 1.0 mm thick." in passage.text
    assert (passage.kind, passage.document, passage.page) == ("document", "protocol.pdf", 1)
    assert passage.page_span is not None
    assert passage.section == "Chest CT protocol > Acquisition"
    assert passage.search_text.startswith("Chest CT protocol > Acquisition: ")
    edition = passage.edition
    assert (edition.guideline, edition.title, edition.edition) == (
        "protocol",
        "Chest CT protocol",
        "2024",
    )
    assert (edition.year, edition.issuer) == (2024, "")


def test_a_sidecar_says_what_the_document_does_not(shelf: Shelf) -> None:
    path = shelf.protocol()
    shelf.ingest(path)
    sidecar = path.with_name("protocol.pdf.yaml")
    sidecar.write_text(
        "title: Chest protocol\nissuer: City Hospital\nedition: v3\nyear: 2025\n"
        "source_url: https://example.org/p\n"
    )
    report = shelf.ingest(shelf.documents)
    assert (report.replaced, report.failed) == (("protocol.pdf",), ())
    edition = shelf.hits("how thick are the slices")[0].passage.edition
    assert (edition.title, edition.issuer) == ("Chest protocol", "City Hospital")
    assert (edition.edition, edition.year, edition.source_url) == (
        "v3",
        2025,
        "https://example.org/p",
    )


@pytest.mark.parametrize("wrong", ["colour: red\n", "year: soon\n", "title: [a\n", "year: 12\n"])
def test_a_wrong_sidecar_is_named(shelf: Shelf, wrong: str) -> None:
    path = shelf.protocol()
    path.with_name("protocol.pdf.yaml").write_text(wrong)
    report = shelf.ingest(path)
    ((name, reason),) = report.failed
    assert name == "protocol.pdf"
    assert "protocol.pdf.yaml" in reason


def test_new_content_under_a_name_replaces(shelf: Shelf) -> None:
    shelf.ingest(shelf.protocol())
    first = load_library(shelf.settings.home_dir).entries[0]
    report = shelf.ingest(shelf.protocol(sentence="Slices are 5.0 mm thick now."))
    assert (report.replaced, report.added) == (("protocol.pdf",), ())
    texts = [hit.passage.text for hit in shelf.hits("slices thick", 20)]
    assert any("5.0 mm" in text for text in texts)
    assert not any("1.0 mm" in text for text in texts)
    (entry,) = load_library(shelf.settings.home_dir).entries
    assert (entry.id, entry.content != first.content) == (first.id, True)
    assert stored_file(shelf.settings.home_dir, entry).is_file()
    assert not stored_file(shelf.settings.home_dir, first).exists()


def test_the_same_content_twice_is_one_document(shelf: Shelf) -> None:
    path = shelf.protocol()
    (shelf.documents / "copy.pdf").write_bytes(path.read_bytes())
    report = shelf.ingest(shelf.documents)
    assert report.added == ("Tiny 2020", "copy.pdf")
    assert len(load_library(shelf.settings.home_dir).entries) == 1
    assert report.notices == (
        ("protocol.pdf", "has the same content as copy.pdf: it is one document"),
    )


def test_folders_are_walked_and_equal_names_kept_apart(shelf: Shelf) -> None:
    for folder in ("ct", "mr", ".hidden"):
        (shelf.documents / folder).mkdir()
        shelf.protocol(f"{folder}/protocol.pdf", f"The scanner room is {folder} three.")
    report = shelf.ingest(shelf.documents)
    assert report.added == ("Tiny 2020", "ct/protocol.pdf", "mr/protocol.pdf")
    assert {e.id for e in load_library(shelf.settings.home_dir).entries} == {
        "ct_protocol",
        "mr_protocol",
    }


def test_a_document_never_takes_a_guidelines_id(shelf: Shelf) -> None:
    shelf.ingest(shelf.protocol("Tiny 2020.pdf"))
    assert load_library(shelf.settings.home_dir).entries[0].id == "tiny_2020_2"


def test_a_document_taken_in_stays_when_its_file_is_gone(shelf: Shelf) -> None:
    path = shelf.protocol()
    shelf.ingest(path)
    path.unlink()
    assert shelf.ingest().kept == ("Tiny 2020", "protocol.pdf")
    assert shelf.ingest(rebuild=True).passages == shelf.ingest().passages
    assert shelf.ingest(path).failed == (("protocol.pdf", "no such file"),)


def test_removing(shelf: Shelf) -> None:
    shelf.ingest(shelf.protocol(), shelf.protocol("other.pdf", "The other one is kept."))
    entry = load_library(shelf.settings.home_dir).find("protocol.pdf")
    report = remove_document(shelf.settings, "protocol", embedder=shelf.embedder)
    assert (report.removed, report.kept) == (("protocol.pdf",), ("Tiny 2020", "other.pdf"))
    assert not stored_file(shelf.settings.home_dir, entry).exists()
    assert not any("1.0 mm" in h.passage.text for h in shelf.hits("slices 1.0 mm thick", 20))
    with pytest.raises(DocumentError, match="not in the library"):
        remove_document(shelf.settings, "protocol", embedder=shelf.embedder)


def test_one_bad_document_never_stops_the_rest(shelf: Shelf) -> None:
    shelf.protocol()
    shapes.encrypted(shelf.documents / "locked.pdf", "secret")
    shapes.picture_only(shelf.documents / "scan.pdf")
    shapes.truncated(shelf.documents / "cut.pdf")
    (shelf.documents / "empty.md").write_text("")
    (shelf.documents / "sheet.xlsx").write_bytes(b"PK")
    report = shelf.ingest(shelf.documents)
    assert report.added == ("Tiny 2020", "protocol.pdf")
    reasons = dict(report.failed)
    assert set(reasons) == {"locked.pdf", "scan.pdf", "cut.pdf", "empty.md", "sheet.xlsx"}
    assert "password" in reasons["locked.pdf"]
    assert "no text layer" in reasons["scan.pdf"]
    assert "damaged" in reasons["cut.pdf"]


def test_a_bad_replacement_leaves_the_old_document(shelf: Shelf) -> None:
    path = shelf.protocol()
    shelf.ingest(path)
    shapes.picture_only(path)
    report = shelf.ingest(path)
    assert report.failed[0][0] == "protocol.pdf"
    assert report.kept == ("Tiny 2020", "protocol.pdf")
    assert "1.0 mm" in shelf.hits("how thick are the slices")[0].passage.text


def test_pages_without_text_are_reported(shelf: Shelf) -> None:
    report = shelf.ingest(shapes.mixed_with_pictures(shelf.documents / "mixed.pdf"))
    assert report.notices == (("mixed.pdf", "2 of 3 pages hold no text (page 1, 3)"),)
    assert shelf.ingest().notices == report.notices


@pytest.mark.parametrize("name", ["..\u202efdp.pdf", "a\nb.pdf", ".. .. x.pdf", "x" * 200 + ".pdf"])
def test_odd_names_stay_inside_the_library(shelf: Shelf, name: str) -> None:
    report = shelf.ingest(shelf.protocol(name))
    assert report.failed == ()
    (entry,) = load_library(shelf.settings.home_dir).entries
    stored = stored_file(shelf.settings.home_dir, entry).resolve()
    assert stored.is_file()
    assert (shelf.settings.home_dir / "documents").resolve() in stored.parents
    assert entry.name.isprintable()


def test_a_changed_corpus_is_built_anew(shelf: Shelf) -> None:
    shelf.ingest()
    facts = shelf.settings.corpus / "tiny_2020" / "facts.yaml"
    facts.write_text(facts.read_text().replace("6 mm", "7 mm"))
    report = shelf.ingest()
    assert (report.replaced, report.embedded) == (("Tiny 2020",), 1)
    assert "7 mm" in shelf.hits("large pebble")[0].passage.text


def test_another_model_needs_rebuild(shelf: Shelf) -> None:
    shelf.ingest()
    other = FakeEmbeddings("another", 32)
    with pytest.raises(IndexMismatch, match="--rebuild"):
        build_index(shelf.settings, embedder=other)
    assert build_index(shelf.settings, rebuild=True, embedder=other).built
    state = read_state(shelf.settings.home_dir)
    assert state is not None and state.model_id == "another"


@pytest.mark.parametrize("older", [{"passage_format": 0}, {"terms": "other"}])
def test_an_index_of_an_older_version_is_rebuilt_unasked(
    shelf: Shelf, older: dict[str, Any]
) -> None:
    shelf.ingest()
    home = shelf.settings.home_dir
    state = read_state(home)
    assert state is not None
    write_state(home, replace(state, **older))
    with pytest.raises(IndexMismatch, match="radcite ingest"):
        shelf.hits("pebble")
    assert shelf.ingest().built
    assert shelf.hits("pebble")


def test_a_damaged_pointer_needs_rebuild(shelf: Shelf) -> None:
    shelf.ingest()
    pointer_path(shelf.settings.home_dir).write_text("{")
    with pytest.raises(PassageIndexError, match="--rebuild"):
        shelf.ingest()
    assert shelf.ingest(rebuild=True).built
    assert shelf.hits("pebble")


def test_a_failing_build_leaves_the_index_and_no_rubbish(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.ingest()
    before = read_state(shelf.settings.home_dir)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.index_writer.LexicalIndex.build", full)
    with pytest.raises(PassageIndexError, match=r"No space left.*still serves"):
        shelf.ingest(rebuild=True)
    assert read_state(shelf.settings.home_dir) == before
    assert before is not None
    assert [f.name for f in builds_folder(shelf.settings.home_dir).iterdir()] == [before.build]
    assert shelf.hits("pebble")


@pytest.mark.parametrize(
    ("stage", "call"),
    [("Reading documents", "last"), ("Embedding passages", "first"), ("Writing the index", "last")],
)
def test_cancelling_an_upload_in_the_middle_leaves_everything_as_it_was(
    shelf: Shelf, stage: str, call: str
) -> None:
    shelf.ingest(shelf.protocol("old.pdf", "Slices of the pebble are 1.0 mm thick."))
    home = shelf.settings.home_dir
    before, listed = read_state(home), load_library(home)
    files = sorted(path for path in (home / "documents").rglob("*"))

    def cancel(at: str, done: int, total: int) -> None:
        if at == stage and (call == "first" or done == total):
            raise BuildCancelled

    new = [shelf.protocol(f"new{n}.pdf", f"Sandstone number {n} is kept cool.") for n in (1, 2)]
    with pytest.raises(BuildCancelled):
        build_index(shelf.settings, new, embedder=shelf.embedder, progress=cancel)
    assert before is not None
    assert (read_state(home), load_library(home)) == (before, listed)
    assert sorted(path for path in (home / "documents").rglob("*")) == files
    assert [f.name for f in builds_folder(home).iterdir()] == [before.build]
    assert not any("Sandstone" in hit.passage.text for hit in shelf.hits("sandstone kept cool"))
    assert shelf.ingest(*new).added == ("new1.pdf", "new2.pdf")
    assert any("Sandstone" in hit.passage.text for hit in shelf.hits("sandstone kept cool"))


def test_two_builds_at_a_time_are_refused(shelf: Shelf) -> None:
    def build_within(_stage: str, _done: int, _total: int) -> None:
        with pytest.raises(PassageIndexError, match="another 'radcite ingest'"):
            shelf.ingest()

    build_index(shelf.settings, embedder=shelf.embedder, progress=build_within)


def test_progress_ends_every_stage(shelf: Shelf) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    build_index(
        shelf.settings,
        [shelf.protocol()],
        embedder=shelf.embedder,
        progress=lambda stage, done, total: seen.setdefault(stage, []).append((done, total)),
    )
    assert list(seen) == ["Reading documents", "Embedding passages", "Writing the index"]
    assert all(calls[-1][0] == calls[-1][1] > 0 for calls in seen.values())


def test_the_real_model_end_to_end_from_a_terminal(shelf: Shelf) -> None:
    """``python -m ingest`` with the packaged model: built once, then nothing left to do."""
    shelf.protocol()
    environment = {
        "RADCITE_HOME": str(shelf.settings.home_dir),
        "RADCITE_CORPUS": str(shelf.settings.corpus),
    }
    first = run_ingest(environment, shelf.documents)
    assert "2 added, 0 kept, 0 replaced, 0 removed, 0 failed" in first
    second = run_ingest(environment, shelf.documents)
    assert "0 added, 2 kept" in second
    assert "0 embedded" in second and "nothing had changed" in second
    hits = HybridRetriever.open(shelf.settings).hits("section thickness of the scan", 1)
    assert hits[0].passage.document == "protocol.pdf"


def run_ingest(environment: dict[str, str], *paths: Path) -> str:
    import os

    done = subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, paths)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_library_list_says_who_and_when(shelf: Shelf) -> None:
    shelf.ingest(shelf.protocol())
    path = shelf.settings.home_dir / "documents" / "library.json"
    (record,) = json.loads(path.read_text())["entries"]
    assert record["name"] == "protocol.pdf"
    assert record["added"].endswith("+00:00")
    assert record["added_by"]


def test_a_link_out_of_the_folder_is_named_and_not_followed(shelf: Shelf) -> None:
    private = shelf.documents.parent / "private.txt"
    private.write_text("The password of the scanner console is swordfish today.")
    (shelf.documents / "notes.txt").symlink_to(private)
    shelf.protocol()
    report = shelf.ingest(shelf.documents)
    assert report.failed == (("notes.txt", "a link out of its folder: add the file it leads to"),)
    assert [entry.name for entry in load_library(shelf.settings.home_dir).entries] == [
        "protocol.pdf"
    ]
