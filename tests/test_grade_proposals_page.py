"""The Grade page with a model: what it proposes is shown with its words and decides only once taken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.scripted_llm import ScriptedServer, said

GRADE = str(Path(__file__).resolve().parent.parent / "app" / "main.py")
TEXT = "Screening CT: solid nodule of 7 mm in the lingula, popped up since the film of last spring"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        monkeypatch.setenv("RADCITE_LLM_URL", running.url)
        yield running


def opened() -> AppTest:
    app = AppTest.from_file(GRADE, default_timeout=120)
    app.switch_page("pages/grade.py")
    app.query_params["g"] = "lung_rads_v2022"
    app.query_params["t"] = TEXT
    return app.run()


def shown(app: AppTest) -> str:
    assert not app.exception, app.exception
    bodies = "\n".join(element.proto.body for element in app.get("html"))
    return html.unescape(re.sub(r"<[^>]+>", " ", bodies))


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def test_a_proposal_decides_only_once_the_reader_takes_it(server: ScriptedServer) -> None:
    listed = [
        {"name": "timing", "value": "new", "quote": "popped up since"},
        {"name": "spiculation", "value": "present", "quote": "spiculated margin"},
    ]
    server.script(said(json.dumps({"proposals": listed})))
    app = opened()
    press(app, "Let the model look for more in the text")
    text = shown(app)
    assert "popped up since" in text and "does not stand in the text" in text
    assert "Lung-RADS 4A" not in text
    press(app, "Take it")
    assert "4A" in shown(app)


def test_a_model_that_fails_is_said_and_changes_nothing(server: ScriptedServer) -> None:
    server.script(said("not in the agreed form"))
    app = opened()
    press(app, "Let the model look for more in the text")
    assert "No proposals from a language model" in shown(app)


def test_without_a_model_nothing_is_offered() -> None:
    app = opened()
    assert not [button for button in app.button if button.label.startswith("Let the model")]
