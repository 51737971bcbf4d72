"""Documents of every shape to pages and passages; broken and hostile ones to a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.document import PageText, ReadDocument
from ingest.manifest import content_hash
from ingest.reading import Reader, ReadingLimits
from rag.errors import DocumentError
from tests import pdf_shapes as shapes


def read(path: Path, **limits: float) -> ReadDocument:
    """Through the door that a build uses: a worker process, within limits."""
    reader = Reader(
        path.parent / "cache",
        "all-MiniLM-L6-v2",
        "all-MiniLM-L6-v2",
        ReadingLimits(**limits),  # type: ignore[arg-type]
    )
    reader.check(path, path.name)
    return reader.read(path, path.name, content_hash(path))


def reason(path: Path, **limits: float) -> str:
    with pytest.raises(DocumentError) as caught:
        read(path, **limits)
    assert caught.value.document == path.name
    return caught.value.reason


def pieces(document: ReadDocument) -> list[tuple[int | None, str, str]]:
    """(page number, section, text) of every piece."""
    pages = document.pages
    return [
        (pages[p.page].number, p.section, pages[p.page].text[p.start : p.end])
        for p in document.pieces
    ]


def headings(page: PageText) -> list[str]:
    return [page.text[slice(*heading.span)] for heading in page.headings]


def test_title_year_headings_and_prose(tmp_path: Path) -> None:
    document = read(shapes.protocol(tmp_path / "protocol.pdf"))
    assert (document.title, document.year) == ("Chest CT protocol", 2024)
    assert headings(document.pages[0]) == ["Chest CT protocol", "Acquisition", "Reporting"]
    found = {section.split(" > ")[-1]: text for _, section, text in pieces(document)}
    assert found["Acquisition"].split(". ")[1] == "Slices are 1.0 mm thick"
    assert found["Reporting"] == " ".join(shapes.LOREM[2:])


def test_the_files_own_title_wins_unless_it_is_none(tmp_path: Path) -> None:
    stated = read(shapes.protocol(tmp_path / "a.pdf", title="Local chest protocol"))
    assert stated.title == "Local chest protocol"
    junk = read(shapes.protocol(tmp_path / "b.pdf", title="Microsoft Word - draft7.doc"))
    assert junk.title == "Chest CT protocol"


def test_running_heads_go_and_broken_sentences_are_made_whole(tmp_path: Path) -> None:
    document = read(shapes.with_running_heads(tmp_path / "handbook.pdf"))
    text = [page.text for page in document.pages]
    assert not any("Imaging Handbook" in page or "Page " in page for page in text)
    for number in range(1, 5):
        whole = (
            f"Here begins sentence {number} of the handbook, a sentence "
            f"that ends on page {number + 1} after the break."
        )
        assert text[number - 1].endswith(whole)
        assert whole in [t for page, _, t in pieces(document) if page == number][-1]
        assert "after the break" not in text[number].split("\n")[0]


@pytest.mark.parametrize("across", [False, True], ids=["column by column", "line by line"])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, across: bool) -> None:
    document = read(shapes.two_columns(tmp_path / "columns.pdf", across=across))
    sentences = document.pages[0].text.replace("\n", " ").split(". ")
    assert [s.split()[0] for s in sentences] == ["Left"] * 12 + ["Right"] * 12
    assert all(s.removesuffix(".").endswith("column only") for s in sentences)


def test_broken_words_are_joined_where_the_document_joins_them(tmp_path: Path) -> None:
    text = read(shapes.hyphenated(tmp_path / "hyphens.pdf")).pages[0].text
    assert "every incidental finding" in text
    assert "in a part-solid nodule" in text
    assert "range is 6-8 mm" in text


def test_table_rows_stay_whole_under_their_heading(tmp_path: Path) -> None:
    document = read(shapes.table(tmp_path / "table.pdf"))
    ((page, section, text),) = pieces(document)
    assert (page, section) == (1, "Variant 1: Flank pain. Initial imaging.")
    assert text.split("\n")[1] == "US kidneys | May be appropriate | 0 mSv"


def test_references_are_left_out(tmp_path: Path) -> None:
    document = read(shapes.with_references(tmp_path / "references.pdf"))
    assert "Quantum pancreas" in document.pages[0].text
    found = pieces(document)
    assert [section for _, section, _ in found] == ["Recommendation", "Disclaimer"]
    assert not any("Quantum pancreas" in text for _, _, text in found)


def test_a_rotated_page_reads_in_order(tmp_path: Path) -> None:
    text = read(shapes.rotated(tmp_path / "rotated.pdf")).pages[0].text
    assert text.index("Rotated line one") < text.index("Rotated line two")


def test_an_empty_password_opens(tmp_path: Path) -> None:
    assert "spleen" in read(shapes.encrypted(tmp_path / "open.pdf", "")).pages[0].text


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    document = read(shapes.mixed_with_pictures(tmp_path / "mixed.pdf"))
    assert [page for page, _, _ in pieces(document)] == [2]
    assert document.notices == ("2 of 3 pages hold no text (page 1, 3)",)


def written(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    ("name", "make", "expected"),
    [
        ("locked.pdf", lambda p: shapes.encrypted(p, "secret"), "encrypted: it opens only with"),
        ("scan.pdf", shapes.picture_only, "no text layer"),
        ("cut.pdf", shapes.truncated, "damaged"),
        ("none.pdf", shapes.no_pages, "no pages"),
        ("cycle.pdf", shapes.cyclic_pages, ""),
        ("empty.pdf", written(b""), "empty"),
        ("fake.pdf", written(b"just words"), "no PDF although it is named .pdf"),
        ("header.pdf", written(b"%PDF-1.7\n" + b"\x00\xff" * 400), "damaged"),
        ("paper.txt", shapes.protocol, "a PDF: name it .pdf"),
        ("table.xlsx", written(b"PK"), "damaged, encrypted or no xlsx although it is named .xlsx"),
        ("slides.pptx", written(b"PK"), ".pptx: only PDF, Word (docx)"),
        ("noname", written(b"x"), "no suffix: only PDF"),
        ("blank.md", written(b"  \n\n"), "empty"),
        ("latin.txt", written("Größe".encode("latin-1")), "no text in UTF-8"),
        ("binary.txt", written(b"ab\x00cd"), "binary data"),
    ],
)
def test_what_cannot_be_read_says_why(
    tmp_path: Path, name: str, make: Callable[[Path], Path], expected: str
) -> None:
    assert expected in reason(make(tmp_path / name))


def test_too_large_and_too_long(tmp_path: Path) -> None:
    assert "the limit is 0 MB" in reason(shapes.protocol(tmp_path / "large.pdf"), megabytes=0)
    long = shapes.with_running_heads(tmp_path / "long.pdf", pages=5)
    assert reason(long, pages=4) == "5 pages; the limit is 4"


def test_five_thousand_pages_and_one_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = shapes.many_pages(tmp_path / "book.pdf", 5_001)
    assert reason(path, memory_megabytes=700) == "5001 pages; the limit is 5000"


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    path = shapes.protocol(tmp_path / "slow.pdf")
    assert reason(path, seconds=0.01) == "not read within 0.01 seconds"


def test_a_decompression_bomb_costs_only_its_worker(tmp_path: Path) -> None:
    path = shapes.bomb(tmp_path / "bomb.pdf")
    assert path.stat().st_size < 5_000_000
    assert reason(path, seconds=30, memory_megabytes=400)


def test_what_was_read_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = shapes.protocol(tmp_path / "protocol.pdf")
    first = read(path)
    monkeypatch.setattr("subprocess.run", None)
    assert read(path) == first
    kept = next((tmp_path / "cache").iterdir())
    kept.write_text("{}")
    monkeypatch.undo()
    assert read(path) == first


MARKDOWN = """---
author: someone
---
# Contrast protocol

Give **warm** contrast, see [the leaflet](https://example.org/a_(b)).
<!-- a hidden remark -->

## Dose

| Weight | Volume |
|--------|:------:|
| 50 kg  | 60 mL  |

1. First item
2. Second item
   continued

Underlined
----------
Last words with <b>tags</b>.
"""


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "contrast.md"
    path.write_text(MARKDOWN, encoding="utf-8")
    document = read(path)
    assert document.title == "Contrast protocol"
    (page,) = document.pages
    assert page.number is None
    assert headings(page) == ["Contrast protocol", "Dose", "Underlined"]
    assert page.text.split("\n") == [
        "Contrast protocol",
        "Give warm contrast, see the leaflet).",
        "Dose",
        "Weight: 50 kg; Volume: 60 mL",
        "1. First item",
        "2. Second item continued",
        "Underlined",
        "Last words with <b>tags</b>.",
    ]
    sections = {section for _, section, _ in pieces(document)}
    assert sections == {
        "Contrast protocol",
        "Contrast protocol > Dose",
        "Contrast protocol > Underlined",
    }


def test_plain_text_in_korean(tmp_path: Path) -> None:
    path = tmp_path / "지침.txt"
    path.write_text(
        "흉부 CT 지침\n\n폐 결절은 6개월 뒤에 추적 검사한다. 조영제는 쓰지 않는다.\n\n- 1 mm 절편\n- 저선량\n",
        encoding="utf-8",
    )
    document = read(path)
    assert document.title == "흉부 CT 지침"
    assert document.pages[0].text.split("\n") == [
        "흉부 CT 지침",
        "폐 결절은 6개월 뒤에 추적 검사한다. 조영제는 쓰지 않는다.",
        "- 1 mm 절편",
        "- 저선량",
    ]
    assert [section for _, section, _ in pieces(document)] == ["흉부 CT 지침"]


def test_utf_16_with_its_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.txt"
    path.write_bytes("Slices are 1 mm thick in this department.".encode("utf-16"))
    assert read(path).pages[0].text == "Slices are 1 mm thick in this department."


def test_invisible_characters_do_not_survive(tmp_path: Path) -> None:
    path = tmp_path / "hidden.md"
    path.write_text("Growth\u200b is \u202emore\u202c than 1.5 mm here.", encoding="utf-8")
    assert read(path).pages[0].text == "Growth is more than 1.5 mm here."


def test_raised_figures_do_not_join_the_figures_before_them(tmp_path: Path) -> None:
    text = read(shapes.raised_figures(tmp_path / "raised.pdf")).pages[0].text
    assert text == (
        "The scan is repeated after 12^3 months in this handbook.^4,5 "
        "There are 10^5 cells in 30 mm3 of this sample."
    )
