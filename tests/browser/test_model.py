"""With a language model: statements appear as they pass, a slow one is said and can be stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Visit, free_port, running_app
from tests.scripted_llm import ScriptedServer, answer

pytestmark = pytest.mark.browser

QUESTION = "What counts as growth in Lung-RADS?"


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="module")
def model_app(
    model: ScriptedServer, built_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    home = tmp_path_factory.mktemp("model_home")
    shutil.copytree(built_home, home, dirs_exist_ok=True)
    with running_app(home, free_port(), RADCITE_LLM_URL=model.url) as url:
        yield url


def test_a_slow_model_can_be_stopped(
    visit: Callable[..., Visit], model: ScriptedServer, model_app: str, screenshots: Path
) -> None:
    model.script(answer([("Never heard.", [1])], stall_s=45.0))
    reader = visit()
    page = reader.page
    page.goto(f"{model_app}/?q={QUESTION}")
    page.wait_for_selector(".st-key-stop button")
    page.wait_for_function(
        "document.querySelector('.rc-checking')?.innerText.includes('Still working')"
    )
    reader.shoot(screenshots, "slow-1280-dark")
    page.click(".st-key-stop button")
    page.wait_for_selector("text=Stopped")
    reader.shoot(screenshots, "stopped-1280-dark")
    model.script(answer([("Growth is a diameter increase of more than 9 mm.", [1])]))
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".rc-withheld")
    reader.shoot(screenshots, "withheld-1280-dark")
