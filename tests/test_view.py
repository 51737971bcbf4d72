"""What a reader sees of a response, whichever front end shows it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chips import PlainLabels, chips_of
from app.copying import first_part, referenced_text, report_text
from app.evidence_markup import evidence_html
from app.follow_up import with_number
from app.html_parts import external
from app.literal import literal
from app.marks import split_at, support_spans
from app.markup import actions_html, body_html, head_html
from app.procedures import says_band
from app.terminal import printable
from app.view import AnswerView, view_of
from app.words import KO
from rag.types import Descriptor, Response, Statement
from tests import responses

LEADS = [
    (responses.CATEGORY, "answer", "Lung-RADS 4A: LDCT at 3 months.", (1,)),
    (responses.TEXT, "answer", responses.GROWTH.text, (1,)),
    (responses.NONEXISTENT, "refusal", responses.NONEXISTENT.reason, ()),
    (responses.NOT_COVERED, "refusal", "No indexed guideline covers this.", ()),
    (responses.DETAILS, "details", responses.DETAILS.clarification.question, ()),  # type: ignore[union-attr]
    (responses.HALF_DECIDED, "answer", "Lung-RADS 4B: clinical referral.", (1,)),
    (responses.APPROPRIATE, "answer", "Usually appropriate: US Kidneys (7).", (1,)),
    (responses.DISPUTED, "disputed", responses.DISPUTED.statements[0].text, (1,)),
]
ALL_VIEWS = [view_of(response) for response in responses.ALL]


def whole_html(view: AnswerView) -> str:
    return head_html(view) + body_html(view) + actions_html(view) + evidence_html(view)


class Reader(HTMLParser):
    """Tags, attributes and the text that a browser would show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "col":  # the one tag of ours that has no end
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(("response", "tone", "lead", "citations"), LEADS)
def test_the_answer_comes_first(
    response: Response, tone: str, lead: str, citations: tuple[int, ...]
) -> None:
    view = view_of(response)
    assert (view.tone, view.lead.text, view.lead.citations) == (tone, lead, citations)
    assert Reader(head_html(view)).text.count(lead.split(": ")[-1].split()[-1]) >= 1


@pytest.mark.parametrize("response", responses.ALL)
def test_every_statement_is_shown_once_and_every_piece_of_evidence_has_a_card(
    response: Response,
) -> None:
    view = view_of(response)
    shown = [view.lead.text, *(line.text for line in view.lines)]
    in_the_table = says_band if response.appropriateness else lambda statement: False
    for statement in response.statements:
        if in_the_table(statement) and statement.text != view.lead.text:
            continue
        assert shown.count(statement.text) == 1
    assert [card.n for card in view.cards] == [item.n for item in response.evidence]
    assert [card.text for card in view.cards] == [item.quote for item in response.evidence]


def test_what_was_read_and_what_is_missing_are_chips() -> None:
    (finding,) = view_of(responses.DETAILS).findings
    assert [(chip.text, chip.missing) for chip in finding.chips] == [
        ("8 mm", False),
        ("solid", False),
        ("", True),
    ]
    assert finding.possible == ("2", "4A", "4B")
    shown = body_html(view_of(responses.DETAILS))
    assert "rc-missing" in shown
    assert "Timing?" in Reader(shown).text


CHIPS = [
    (Descriptor("mean_diameter", 9.0, "mm", "9 mm", (0, 4)), "9 mm"),
    (Descriptor("mean_diameter", 9.0, "mm", "0.9 cm", (0, 6)), "0.9 cm → mean diameter 9 mm"),
    (Descriptor("mean_diameter", 7.0, "mm", "8 x 6 mm", (0, 8)), "8 x 6 mm → mean diameter 7 mm"),
    (
        Descriptor("mean_diameter", 6.5, "mm", "7  x  6 mm", (0, 10)),
        "7 x 6 mm → mean diameter 6.5 mm",
    ),
    (Descriptor("nodule_type", "part_solid", None, "part solid", (0, 10)), "part solid"),
    (Descriptor("nodule_type", "non_solid", None, "GGN", (0, 3)), "GGN → non-solid"),
    (
        Descriptor("calcification", "absent", None, "no calcification", (0, 16)),
        "no calcification → calcification: absent",
    ),
]


class SpacedLabels(PlainLabels):
    def value(self, descriptor: str, value: str) -> str:
        return "part-solid" if value == "part_solid" else super().value(descriptor, value)


@pytest.mark.parametrize(("descriptor", "shown"), CHIPS)
def test_a_chip_says_what_the_words_were_read_as(descriptor: Descriptor, shown: str) -> None:
    (chip,) = chips_of([descriptor], SpacedLabels())
    assert chip.text == shown


def test_one_place_in_the_text_is_one_chip() -> None:
    chips = chips_of(
        [
            Descriptor("timing", "new", None, "new", (20, 23)),
            Descriptor("mean_diameter", 7.0, "mm", "8 x 6 mm", (0, 8)),
            Descriptor("max_diameter", 8.0, "mm", "8 x 6 mm", (0, 8)),
        ],
        PlainLabels(),
    )
    assert [chip.text for chip in chips] == [
        "8 x 6 mm → mean diameter 7 mm, max diameter 8 mm",
        "new",
    ]
    equal = [Descriptor(n, 9.0, "mm", "9 mm", (0, 4)) for n in ("mean_diameter", "max_diameter")]
    assert [chip.text for chip in chips_of(equal, PlainLabels())] == ["9 mm"]


def test_a_missing_detail_can_be_added_by_a_button_or_a_number() -> None:
    choices = view_of(responses.DETAILS).choices
    assert [(c.label, c.question) for c in choices] == [
        ("Baseline (first screening)", "8 mm solid nodule, baseline"),
        ("New", "8 mm solid nodule, new"),
        ("Growing", "8 mm solid nodule, growing"),
    ]
    view = view_of(responses.NUMBER)
    assert view.number is not None
    assert with_number(view.question, view.number, 7.0) == "new solid nodule, mean diameter 7 mm"


def test_what_one_system_decided_comes_before_what_another_still_asks() -> None:
    view = view_of(responses.HALF_DECIDED)
    assert (view.tone, view.lead.text) == ("answer", "Lung-RADS 4B: clinical referral.")
    assert view.question_back == "Is the risk low or high?"
    assert view.choices[0].question == "8 mm solid nodule, new, low risk"
    assert [f.headline for f in view.findings] == ["", "Fleischner 2017: depends on risk"]


def test_a_category_that_does_not_exist_leads_to_those_that_do() -> None:
    class Known(PlainLabels):
        def categories(self, guideline: str) -> tuple[str, ...]:
            return ("3", "4A") if guideline == "lung_rads_v2022" else ()

    view = view_of(responses.NONEXISTENT, Known())
    assert view.question_back == "Categories that exist"
    assert [(choice.label, choice.question) for choice in view.choices] == [
        ("3", "What is Lung-RADS 3?"),
        ("4A", "What is Lung-RADS 4A?"),
    ]
    assert view_of(responses.NOT_COVERED, Known()).choices == ()


PARTS = [
    ("Lung-RADS 4A: LDCT at 3 months; PET/CT may follow.", "Lung-RADS 4A: LDCT at 3 months"),
    ("Lung-RADS v2022 has no category 6. It has 0 to 4X.", "Lung-RADS v2022 has no category 6"),
    ("More than 1.5 mm within 12 months.", "More than 1.5 mm within 12 months."),
    ("Usually appropriate: US (7; adult O); CT (6).", "Usually appropriate: US (7; adult O)"),
    ("Compare e.g. Fleischner first.", "Compare e.g. Fleischner first."),
]


@pytest.mark.parametrize(("lead", "first"), PARTS)
def test_the_lead_is_cut_at_its_first_qualification(lead: str, first: str) -> None:
    parts = first_part(lead)
    assert parts[0] == first
    assert "".join(parts) == lead


def test_a_superseded_edition_is_struck_and_says_by_what() -> None:
    view = view_of(responses.SUPERSEDED)
    assert [(b.label, b.superseded, b.state) for b in view.badges] == [
        ("Lung-RADS v1.1", True, "superseded by lung_rads_v2022")
    ]
    assert "<s>Lung-RADS v1.1</s>" in head_html(view)
    assert "<s>Lung-RADS v1.1</s>" in evidence_html(view)


def test_a_dispute_shows_every_reading_with_its_basis() -> None:
    text = Reader(body_html(view_of(responses.DISPUTED))).text
    for reading in responses.DISPUTED.decisions[0].readings:
        assert f"{reading.category}: {reading.management}" in text
        assert reading.basis in text


def test_an_appropriateness_table_is_shown_whole_in_bands() -> None:
    class Doses(PlainLabels):
        def dose(self, symbol: str, patient: str) -> str:
            return {"O": "0 mSv", "\u2622\u2622\u2622": "1-10 mSv"}.get(symbol, "")

    view = view_of(responses.APPROPRIATE, Doses())
    assert view.table is not None
    assert [(b.title, b.folded, [r.name for r in b.rows]) for b in view.table.bands] == [
        ("Usually appropriate", False, ["US Kidneys"]),
        ("May be appropriate", False, ["CT Abdomen"]),
        ("May be appropriate (disagreement)", False, ["US Color Doppler"]),
        ("Usually not appropriate", True, ["Radiography", "CTU"]),
    ]
    html = body_html(view)
    assert 'title="Adult, radiation \u2622\u2622\u2622: 1-10 mSv"' in html
    assert html.count('class="is-on"') == 7 + 6 + 5 + 2
    shown = Reader(html).text
    for words in ("scenario 3: Pregnant patient", "Revised since.", "Varies", "CTU"):
        assert words in shown
    assert view.table.others[0].question == "Flank Pain: Not pregnant; first test."
    assert "2 table rows" in Reader(evidence_html(view)).text


def test_a_direct_answer_comes_before_the_table() -> None:
    said = Statement("CT Abdomen is may be appropriate here, rated 6.", (1,))
    direct = replace(responses.APPROPRIATE, statements=(said, *responses.APPROPRIATE.statements))
    view = view_of(direct)
    assert view.lead.text == said.text
    assert [line.text for line in view.lines] == [responses.APPROPRIATE.statements[0].text]


def test_withheld_statements_are_counted_with_their_reason() -> None:
    text = Reader(body_html(view_of(responses.TEXT))).text
    assert "1 statement withheld: says 2 mm, the source says 1.5 mm" in text
    assert "Growth is more than 2 mm within 12 months." in text


def test_how_the_answer_was_made_is_said() -> None:
    assert "No model used" in view_of(responses.CATEGORY).mode
    made = Reader(actions_html(view_of(responses.DOCUMENT))).text
    assert "small-model" in made
    assert "all-MiniLM-L6-v2-384-p1" in made


def test_a_model_of_which_nothing_passed_is_not_called_unconnected() -> None:
    failed = replace(responses.TEXT, mode="evidence", model="small-model")
    said, korean = view_of(failed).mode, view_of(failed, words=KO).mode
    assert said.startswith("No sentence of small-model passed the checks (1 statement withheld)")
    assert "small-model의 문장이 검사를 통과하지 못함(보류된 문장 1개)" in korean
    silent = replace(failed, withheld=())
    assert view_of(silent).mode.startswith("small-model gave no sentence that could be used")
    assert "쓸 수 있는 문장이 나오지 않음" in view_of(silent, words=KO).mode


def test_a_card_names_document_page_and_edition() -> None:
    (card,) = view_of(responses.DOCUMENT).cards
    assert (card.document, card.place) == ("ct-protocols.pdf", "Abdomen · page 7")
    assert card.badge.label == "CT protocol manual 2025"


def test_copied_text_carries_edition_and_references() -> None:
    view = view_of(responses.CATEGORY)
    assert report_text(view) == "Lung-RADS 4A: LDCT at 3 months (Lung-RADS v2022)."
    lines = referenced_text(view).splitlines()
    assert lines[0] == "Lung-RADS 4A: LDCT at 3 months. [1]"
    assert lines[-2].startswith("[1] Lung-RADS v2022. American College of Radiology (ACR), 2022.")


SUPPORT = [
    ("Category 4A: LDCT at 3 months.", ["Lung-RADS 4A: LDCT at 3 months."], "", ["4A", "LDCT", "3 months"]),
    ("solid; mean diameter 8 mm or more", ["A solid nodule of 8 mm"], "", ["solid", "8 mm"]),
    ("Growth is more than 1.5 mm.", ["Growth is more than 1.5 mm."], "What counts as growth?", ["Growth", "1.5 mm"]),
    ("Contrast is not needed.", ["Unrelated words."], "something else", []),
    ("18 mm, 8 months", ["8 mm"], "", []),
    ("Stroke, scenario 2 of 4: 2 views", ["Scenario 2 fits: 2 views"], "", ["2 views"]),
]  # fmt: skip


@pytest.mark.parametrize(("passage", "claims", "question", "marked"), SUPPORT)
def test_the_words_that_support_a_statement_are_marked(
    passage: str, claims: list[str], question: str, marked: list[str]
) -> None:
    pieces = split_at(passage, support_spans(passage, claims, question))
    assert [text for text, is_marked in pieces if is_marked] == marked


@given(st.text(), st.lists(st.text(), max_size=3), st.text())
def test_marks_lie_in_order_inside_the_passage_and_change_no_text(
    passage: str, claims: list[str], question: str
) -> None:
    spans = support_spans(passage, claims, question)
    ends = [0, *(edge for span in spans for edge in span), len(passage)]
    assert ends == sorted(ends)
    assert all(start < end for start, end in spans)
    assert "".join(text for text, _ in split_at(passage, spans)) == passage


ALLOWED_TAGS = set(
    "article p h1 h2 h3 b s ul li span small a div details summary section blockquote mark header "
    "footer button table colgroup col thead tbody tr th td i abbr".split()
)


@pytest.mark.parametrize("view", ALL_VIEWS)
def test_html_is_well_formed_and_of_our_own_tags_only(view: AnswerView) -> None:
    reader = Reader(whole_html(view))
    assert reader.open == []
    assert reader.tags <= ALLOWED_TAGS
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    links = [value for name, value in reader.attributes if name == "href"]
    assert not [
        link
        for link in links
        if not re.match(r"https?://|#evidence-\d+$|(guidelines|grade)\?", link)
    ]


def test_hostile_text_is_shown_literally() -> None:
    html = whole_html(view_of(responses.HOSTILE_ANSWER))
    assert "<script" not in html
    assert "<img" not in html
    assert Reader(html).text.count(responses.HOSTILE) > 10


@given(st.text())
def test_any_text_survives_as_text(text: str) -> None:
    assert external(text, text) == "" or text.startswith(("http://", "https://"))
    shown = printable(text)
    assert "\x1b" not in shown
    assert all(c == "\n" or c.isprintable() or c.isspace() for c in shown if ord(c) < 256)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_literal_leaves_no_sign_for_markdown_to_read(text: str) -> None:
    unescaped = re.sub(r"\\[!-/:-@\[-`{-~]", "", literal(text))
    assert not re.search(r"[!-/:-@\[-`{-~]", unescaped)
    plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", literal(text)).replace("\u2060", "")
    assert plain == " ".join(text.split())
