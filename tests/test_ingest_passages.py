"""Cutting and layout: what holds for every document."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Heading, Line, PageText, RawPage
from ingest.layout import rows_in_reading_order, without_running_heads
from ingest.paragraphs import page_texts
from ingest.passages import HEADER_TOKENS, cut, header, passages
from ingest.sentences import sentence_spans
from rag.retrieval.model_card import PACKAGED_MODEL, model_card, token_counter
from tests.fakes import THYROID

CARD = model_card(PACKAGED_MODEL)
COUNT = token_counter(CARD)

WORDS = st.sampled_from(
    "nodule 1.5 mm e.g. Fig. 2 et al. solid 폐 결절 ☢☢☢ (a) growth? CT. [3,4] ; - Dr. A".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(lambda words: " ".join(words) + ".")
PAGE = st.lists(SENTENCES, max_size=6).map("\n".join)


def with_heading(text: str) -> PageText:
    """The page with its first paragraph as a heading."""
    first = text.split("\n", 1)[0]
    return PageText(1, text, (Heading((0, len(first)), 1),) if first else ())


@given(st.lists(PAGE.map(with_heading), max_size=4))
@settings(max_examples=60, deadline=None)
def test_pieces_are_whole_sentences_in_order_within_the_window(pages: list[PageText]) -> None:
    pieces = cut(pages, COUNT, CARD.window)
    places = [(piece.page, piece.start, piece.end) for piece in pieces]
    assert places == sorted(places)
    assert all(a[0] < b[0] or a[2] <= b[1] for a, b in pairwise(places))
    for piece in pieces:
        text = pages[piece.page].text
        starts = {start for start, _ in sentence_spans(text)}
        ends = {end for _, end in sentence_spans(text)}
        assert piece.start in starts
        assert piece.end in ends
        assert COUNT(text[piece.start : piece.end]) <= CARD.window


@given(st.lists(PAGE.map(with_heading), max_size=4), st.text(max_size=400), st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_passages_fit_the_window_and_quote_their_page(
    pages: list[PageText], title: str, name: str
) -> None:
    from dataclasses import replace

    pieces = cut(pages, COUNT, CARD.window)
    edition = replace(THYROID, title=title)
    made = passages(pages, pieces, edition, name, COUNT, CARD.window)
    assert len({passage.id for passage in made}) == len(made)
    for passage, piece in zip(made, pieces, strict=True):
        assert passage.page_span is not None
        start, end = passage.page_span
        assert pages[piece.page].text[start:end] == passage.text
        assert COUNT(passage.search_text) <= CARD.window
        assert passage.search_text.endswith(passage.text)


@given(st.text(max_size=300))
def test_sentences_cover_all_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Growth is > 1.5 mm. See Fig. 2.", ["Growth is > 1.5 mm.", "See Fig. 2."]),
        ("Smith et al. found it. It grew.", ["Smith et al. found it.", "It grew."]),
        ("Use CT, e.g. Low dose CT. Then stop!", ["Use CT, e.g. Low dose CT.", "Then stop!"]),
        ("It is seen [3,4]. The next one.", ["It is seen [3,4].", "The next one."]),
        ("It is seen.[3,4] The next one.", ["It is seen.[3,4]", "The next one."]),
        ('He said "stop." They went on.', ['He said "stop."', "They went on."]),
        ("검사한다. 조영제는 쓰지 않는다.", ["검사한다.", "조영제는 쓰지 않는다."]),
        ("Heading\nText begins. And ends", ["Heading", "Text begins.", "And ends"]),
        ("J. Smith wrote it. Done.", ["J. Smith wrote it.", "Done."]),
    ],
)
def test_sentence_ends(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == expected


def test_a_sentence_longer_than_a_passage_is_parted_between_words() -> None:
    text = " ".join(f"word{n}" for n in range(600)) + "."
    page = PageText(1, text)
    pieces = cut([page], COUNT, CARD.window)
    parts = [text[piece.start : piece.end] for piece in pieces]
    assert " ".join(parts) == text
    assert len(parts) > 3


def test_one_endless_word_is_cut_too() -> None:
    page = PageText(1, "x" * 5_000)
    pieces = cut([page], COUNT, CARD.window)
    assert all(COUNT(page.text[p.start : p.end]) <= CARD.window for p in pieces)


def test_a_long_header_is_shortened() -> None:
    short = header("Title", f"Variant 3: {'a long caption ' * 60}> B. MRI Abdomen", COUNT)
    assert COUNT(short) <= HEADER_TOKENS
    assert short.startswith("Title > Variant 3:")
    assert short.endswith("> B. MRI Abdomen")
    assert header("Title", "", COUNT) == "Title"
    assert COUNT(header("Title" * 100, "Section", COUNT)) <= HEADER_TOKENS


def test_what_a_document_abbreviates_is_found_in_full_words() -> None:
    page = PageText(
        1, "Pain of the right lower quadrant (RLQ) is common.\nRadiography of RLQ pain."
    )
    page2 = PageText(2, "RLQ pain is examined with sonography, not with radiography.")
    pieces = cut([page, page2], COUNT, CARD.window)
    made = passages([page, page2], pieces, THYROID, "d.pdf", COUNT, CARD.window)
    assert "right lower quadrant" in made[-1].search_text
    assert "right lower quadrant" not in made[-1].text


def test_the_same_text_twice_on_a_page_gives_two_passages() -> None:
    sentence = "The very same sentence stands twice on this page of the protocol."
    page = PageText(
        1, f"First\n{sentence}\nSecond\n{sentence}", (Heading((0, 5), 1), Heading((72, 78), 1))
    )
    made = passages([page], cut([page], COUNT, CARD.window), THYROID, "d.pdf", COUNT, CARD.window)
    assert [passage.section for passage in made] == ["First", "Second"]
    assert sum(passage.text == sentence for passage in made) == 2
    assert len({passage.id for passage in made}) == len(made)


def line(text: str, x0: float, top: float, x1: float | None = None, size: float = 10) -> Line:
    return Line(text, x0, top, x1 if x1 is not None else x0 + 5 * len(text), top + size, size)


def test_a_bullet_drawn_after_its_text_joins_it() -> None:
    page = RawPage(
        1, 600, 800, (line("Repeat the scan after six months.", 80, 100), line("•", 60, 100))
    )
    (row,) = rows_in_reading_order(page)
    assert row.text == "• Repeat the scan after six months."


def test_running_heads_need_three_pages() -> None:
    def pages(count: int) -> list[RawPage]:
        return [
            RawPage(
                n, 600, 800, (line("Journal of Tests", 60, 20), line(f"Text of page {n}.", 60, 300))
            )
            for n in range(1, count + 1)
        ]

    for count, kept in ((2, True), (3, False)):
        rows = [rows_in_reading_order(page) for page in pages(count)]
        texts = [row.text for page in without_running_heads(rows, [800.0] * count) for row in page]
        assert ("Journal of Tests" in texts) is kept
        assert f"Text of page {count}." in texts


@given(
    st.lists(
        st.builds(
            line,
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=80),
            st.floats(0, 500),
            st.floats(0, 780),
            st.none(),
            st.sampled_from([8.0, 10.0, 18.0]),
        ),
        max_size=30,
    )
)
@settings(max_examples=60, deadline=None)
def test_any_page_has_a_text_and_its_headings_lie_in_it(lines: list[Line]) -> None:
    (page,) = page_texts([RawPage(1, 600, 800, tuple(lines))])
    for heading in page.headings:
        start, end = heading.span
        assert page.text[start:end].strip()
        assert "\n" not in page.text[start:end]


def test_a_list_stands_under_the_words_that_lead_into_it_and_what_follows_does_not() -> None:
    text = (
        "Contrast\nDo not give it in:\n• patients with a sand allergy\n• patients after a graft\n"
        "Give it slowly otherwise and flush the line."
    )
    (page,) = (PageText(1, text, (Heading((0, 8), 1),)),)
    pieces = cut([page], COUNT, CARD.window)
    assert [(piece.section, text[piece.start : piece.end].split("\n")[0]) for piece in pieces] == [
        ("Contrast > Do not give it in", "Do not give it in:"),
        ("Contrast", "Give it slowly otherwise and flush the line."),
    ]


def test_the_end_of_one_definition_never_stands_with_the_next_term() -> None:
    text = (
        "Early phase | Taken after the injection where the following holds:\n"
        "(EP) | • Arteries are bright and fully enhanced in the whole of the organ.\n"
        "• Veins are dark and nothing at all is seen of the portal vein in the whole liver, nor of the ducts.\n"
        "It begins after 25 seconds.\n"
        "Late phase | Taken with a hepatobiliary agent where the following holds:\n"
        "(LP) | • Ducts are bright and fully filled.\n"
        "It begins after 20 minutes."
    )
    page = PageText(1, text, ())
    said = [(piece.section, text[piece.start : piece.end]) for piece in cut([page], COUNT, 256)]
    (late,) = [t for _, t in said if "20 minutes" in t]
    assert late.startswith("Late phase")
    assert "25 seconds" not in late
    assert all("Early phase" in f"{s} {t}" for s, t in said if "25 seconds" in t)
