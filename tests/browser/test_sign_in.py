"""Sign-in through an identity provider: readers read, librarians keep the shelf, everyone can leave."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, free_port, running_app
from tests.browser.identity_provider import CLIENT, Provider, identity_provider

pytestmark = pytest.mark.browser

READER: dict[str, object] = {"sub": "1", "email": "lee@hospital.example", "name": "Dr Lee"}
LIBRARIAN: dict[str, object] = {"sub": "2", "email": "Kim@hospital.example", "name": "Dr Kim"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with identity_provider() as found:
        yield found


@pytest.fixture(scope="module")
def home(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own: signing in writes logs."""
    folder = tmp_path_factory.mktemp("signed_in")
    shutil.copytree(built_home, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def signed_app(provider: Provider, home: Path) -> Iterator[str]:
    port = free_port()
    file = home / "sign_in.toml"
    file.write_text(
        f"""
[auth]
redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
cookie_secret = "a secret of this test, long enough"
client_id = "{CLIENT}"
client_secret = "not so secret"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"

[roles]
librarians = ["kim@hospital.example"]
""",
        "utf-8",
    )
    with running_app(home, port, RADCITE_SIGN_IN=str(file)) as url:
        yield url


def sign_in(reader: Visit, url: str) -> Page:
    page = reader.page
    page.goto(url)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".st-key-question input")
    return page


def test_nobody_reads_without_signing_in(visit: Callable[..., Visit], signed_app: str) -> None:
    reader = visit()
    page = reader.page
    page.goto(f"{signed_app}/guidelines?g=lung_rads_v2022")
    page.wait_for_selector(".st-key-signin")
    reader.settle()
    assert page.locator(".rc-fact").count() == 0
    assert page.locator("[data-testid='stSidebarNavLink']").count() == 0


def test_a_reader_asks_cannot_change_the_shelf_and_signs_out(
    visit: Callable[..., Visit], signed_app: str, provider: Provider, home: Path, screenshots: Path
) -> None:
    provider.claims = READER
    reader = visit()
    page = sign_in(reader, signed_app)
    page.fill(
        ".st-key-question input", "9 mm solid nodule on a baseline screening CT, MRN: 8812345"
    )
    page.keyboard.press("Enter")
    page.wait_for_selector(".rc-lead")
    page.goto(f"{signed_app}/guidelines?documents=1")
    page.wait_for_selector("[data-testid='stMain'] >> text=signed in as a reader")
    reader.settle()
    assert page.locator("[data-testid='stFileUploader']").count() == 0
    page.goto(f"{signed_app}/settings")
    page.wait_for_selector("text=Dr Lee")
    reader.shoot(screenshots, "signed-in-reader")
    lines = [
        json.loads(x) for x in next((home / "logs").glob("audit-*.jsonl")).read_text().splitlines()
    ]
    assert lines[-1]["who"] == READER["email"]
    assert "8812345" not in json.dumps(lines)
    page.get_by_role("button", name=re.compile("Sign out")).click()
    page.wait_for_selector(".st-key-signin")


def test_a_librarian_keeps_the_shelf(
    visit: Callable[..., Visit], signed_app: str, provider: Provider
) -> None:
    provider.claims = LIBRARIAN
    page = sign_in(visit(), signed_app)
    page.goto(f"{signed_app}/guidelines?documents=1")
    page.wait_for_selector("[data-testid='stFileUploader']")
