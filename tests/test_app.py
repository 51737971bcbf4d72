"""The Streamlit pages without a browser: what is asked, answered and refused in one session."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.server import ASSETS, BOOT, PAGES, flat, index_page, options, streamlit_page
from rag.settings import CORPUS

MAIN = str(Path(__file__).resolve().parent.parent / "app" / "main.py")
SOLID = "9 mm solid nodule on a baseline screening CT"


@pytest.fixture
def app() -> Iterator[AppTest]:
    yield AppTest.from_file(MAIN, default_timeout=120)


def shown(app: AppTest) -> str:
    """All text of our own markup on the page, as a reader sees it."""
    assert not app.exception, app.exception
    bodies = "\n".join(element.proto.body for element in app.get("html"))
    return html.unescape(re.sub(r"<[^>]+>", " ", bodies))


def ask(app: AppTest, question: str) -> str:
    app.query_params["q"] = question
    return shown(app.run())


def test_the_first_page_offers_examples_that_answer(app: AppTest) -> None:
    app.run()
    assert "Ask a guideline question" in shown(app)
    example = next(button for button in app.button if (button.key or "").startswith("example 9 mm"))
    example.click().run()
    assert app.query_params["q"] == SOLID
    assert app.text_input(key="question").value == SOLID
    assert "LDCT at 3 months" in shown(app)


def test_a_typed_question_is_answered(app: AppTest) -> None:
    app.run()
    app.text_input(key="question").set_value(SOLID)
    next(button for button in app.button if button.label == "Ask").click().run()
    text = shown(app)
    assert "Lung-RADS 4A:" in text
    assert "Lung-RADS v2022" in text
    assert "No model used" in text


def test_a_choice_asks_the_question_with_that_detail(app: AppTest) -> None:
    assert "One detail is missing" in ask(app, "8 mm solid nodule")
    new = next(button for button in app.button if button.label == "New")
    new.click().run()
    assert app.query_params["q"] == "8 mm solid nodule, new"
    assert "4B" in shown(app)


def test_without_an_index_the_page_says_what_to_do(app: AppTest) -> None:
    text = ask(app, "What counts as growth in Lung-RADS?")
    assert "The question could not be answered" in text
    assert "radcite ingest" in text


def test_a_text_question_is_answered_from_the_index(
    app: AppTest, built_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADCITE_HOME", str(built_home))
    assert "1.5 mm" in ask(app, "What counts as growth in Lung-RADS?")


def test_an_index_built_meanwhile_answers_without_a_restart(
    app: AppTest, built_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADCITE_HOME", str(tmp_path))
    assert "radcite ingest" in ask(app, "What counts as growth in Lung-RADS?")
    shutil.copytree(built_home, tmp_path, dirs_exist_ok=True)
    assert "1.5 mm" in shown(app.run())


def test_the_shelf_is_readable(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/guidelines.py").run()
    app.selectbox(key="guideline").set_value("lung_rads_v2022").run()
    text = shown(app)
    assert "Growth is an increase in mean diameter of more than 1.5 mm" in text
    assert "Lung CT Screening Reporting and Data System" in text
    app.text_input[0].set_value("no such words anywhere").run()
    assert "Nothing in this guideline contains these words." in shown(app)


@pytest.mark.parametrize(
    "guideline", sorted(p.parent.name for p in CORPUS.glob("*/guideline.yaml"))
)
def test_every_guideline_can_be_shown(guideline: str) -> None:
    from app.chips import PlainLabels
    from app.shelf_markup import categories_html, facts_html, guideline_head, tables_html
    from app.shelf_view import guideline_view
    from rag.knowledge.shelf import Shelf

    view = guideline_view(Shelf.open(CORPUS).get(guideline), PlainLabels())
    whole = guideline_head(view) + categories_html(view) + tables_html(view)
    whole += facts_html(view.sections)
    assert view.badge.label in html.unescape(whole)
    assert len(re.findall(r' id="', whole)) == len(set(re.findall(r' id="([^"]+)"', whole)))
    for table in view.tables:
        assert all(len(row) == len(table.header) for row in table.rows)


def test_streamlit_is_told_to_stay_here_and_send_nothing() -> None:
    chosen = options()
    assert chosen["browser.gatherUsageStats"] is False
    assert chosen["server.address"] == "127.0.0.1"
    assert flat({"a": {"b": {"c": 1}}, "d": 2}) == {"a.b.c": 1, "d": 2}


def test_the_served_page_has_our_style_before_anything_is_drawn() -> None:
    page = index_page(streamlit_page(), "v1")
    head = page[: page.index("</head>")]
    assert BOOT in head
    assert "./radcite/v1/radcite.css" in head
    assert "<title>radcite</title>" in head
    assert {path.stem for path in (ASSETS.parent / "pages").glob("*.py")} == {
        *(page or "ask" for page in PAGES),
        "sign_in",
    }


READ_ON = [
    ("text", ("bg", "panel", "raised", "accent-tint", "accent-lit")),
    ("soft", ("bg", "panel", "raised", "accent-tint")),
    ("accent", ("bg", "panel")),
    ("good", ("bg", "panel")),
    ("care", ("bg", "panel", "care-tint", "accent-tint")),
    ("stop", ("bg", "panel")),
    ("on-accent", ("accent",)),
]
"""Which text colour stands on which ground."""


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "grounds"), READ_ON)
def test_every_text_has_the_contrast_that_wcag_aa_asks_for(
    theme: int, ink: str, grounds: tuple[str, ...]
) -> None:
    style = (ASSETS / "radcite.css").read_text("utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", style)
    colours = {name: luminance(pair[theme]) for name, *pair in pairs}
    for ground in grounds:
        low, high = sorted((colours[ink], colours[ground]))
        assert (high + 0.05) / (low + 0.05) >= 4.5
