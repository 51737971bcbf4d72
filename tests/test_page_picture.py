"""Evidence on the page: the marked box covers the quoted words; what is not found is not marked."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from ingest.documents import files_at, take_in
from ingest.manifest import Library, load_library, save_library
from ingest.page_findings import draw_findings, page_findings
from ingest.page_picture import PagePicture, page_picture
from ingest.reading import Reader
from rag.errors import DocumentError
from rag.types import Box
from tests import pdf_shapes as shapes

SENTENCE = "Slices are 1.0 mm thick."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a protocol, a handbook whose sentences run over pages, and a turned page."""
    folder = tmp_path_factory.mktemp("given")
    home = tmp_path_factory.mktemp("home")
    shapes.protocol(folder / "protocol.pdf", SENTENCE)
    shapes.with_running_heads(folder / "handbook.pdf")
    shapes.rotated(folder / "turned.pdf")
    (folder / "note.md").write_text("# Note\n\nSlices are 1 mm thick in this note.\n")
    reader = Reader(home / "cache" / "read", "all-MiniLM-L6-v2", "all-MiniLM-L6-v2")
    files = tuple(files_at([folder]))
    library, failures = take_in(home, Library(), files, reader, (), lambda *_: None)
    assert not failures
    save_library(home, library)
    return home


def is_marked(picture: PagePicture, x: float, y: float) -> bool:
    """Whether the paper at this place (in points) is yellow."""
    image = Image.open(BytesIO(picture.png)).convert("RGB")
    red, _, blue = image.getpixel((round(x * 1.5), round(y * 1.5)))  # type: ignore[misc]
    return red - blue > 80


def test_the_mark_lies_on_the_quoted_words_only(home: Path) -> None:
    quote = "acquired without contrast"
    picture = page_picture(home, "protocol.pdf", 1, quote=quote)
    assert picture.found
    assert picture.reason is None
    (box,) = picture.boxes
    line = next(one for one in page_findings(home, "protocol", 1).lines if quote in one.text)
    assert line.box.x0 + 50 < box.x0 < box.x1 < line.box.x1 - 50
    assert (box.top, box.bottom) == (line.box.top, line.box.bottom)
    assert is_marked(picture, box.x0 + 1, box.bottom - 0.5)
    assert not is_marked(picture, box.x0 - 8, box.bottom - 0.5)


def test_a_sentence_over_a_page_break_is_marked_on_both_pages(home: Path) -> None:
    quote = (
        "Here begins sentence 1 of the handbook, a sentence that ends on page 2 after the break."
    )
    first = page_picture(home, "handbook", 1, quote=quote)
    second = page_picture(home, "handbook", 2, quote=quote)
    assert first.found
    assert second.found
    assert min(box.top for box in first.boxes) > max(box.bottom for box in second.boxes)
    assert {box.page for box in first.boxes} == {1}
    assert {box.page for box in second.boxes} == {2}
    assert not page_picture(home, "handbook", 3, quote=quote).found


def test_what_cannot_be_located_is_not_marked_and_says_so(home: Path) -> None:
    plain = page_picture(home, "protocol", 1)
    picture = page_picture(home, "protocol", 1, quote="Words that stand nowhere in it.")
    assert not picture.found
    assert picture.boxes == ()
    assert picture.reason == "the words could not be located on page 1: nothing is marked"
    assert picture.png == plain.png
    assert plain.reason is None


def test_boxes_of_a_passage_stand_in_for_a_quote(home: Path) -> None:
    boxes = (Box(1, 60, 100, 200, 112), Box(2, 60, 100, 200, 112))
    picture = page_picture(home, "protocol", 1, quote="not there", boxes=boxes)
    assert picture.found
    assert picture.boxes == boxes[:1]


def test_a_turned_page_is_marked_as_the_reader_sees_it(home: Path) -> None:
    picture = page_picture(home, "turned", 1, quote="Rotated line two comes second.")
    (box,) = picture.boxes
    assert is_marked(picture, box.x1 - 0.5, box.top + 0.5)


def test_what_was_found_can_be_drawn(home: Path) -> None:
    findings = page_findings(home, "protocol", 1)
    kinds = {line.text: line.kind for line in findings.lines}
    assert kinds["Acquisition"] == "heading"
    assert [line.number for line in findings.lines] == list(range(1, len(findings.lines) + 1))
    assert draw_findings(home, findings).png != page_picture(home, "protocol", 1).png


@pytest.mark.parametrize(
    ("document", "page", "reason"),
    [
        ("protocol", 9, "no page 9: it has 1"),
        ("note", 1, "has no pages to show"),
        ("absent", 1, "not in the library"),
    ],
)
def test_what_cannot_be_shown_says_why(home: Path, document: str, page: int, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        page_picture(home, document, page)


def test_a_file_that_is_gone_is_named(home: Path, tmp_path: Path) -> None:
    library = load_library(home)
    save_library(tmp_path, library)
    with pytest.raises(DocumentError, match="its stored file is gone"):
        page_picture(tmp_path, "protocol", 1)
