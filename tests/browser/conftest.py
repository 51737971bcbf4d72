"""The real page: the real server on a free port, the real index, the system's Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]
STARTS_WITHIN_S = 60
WAITS_MS = 240_000
"""A machine that does other work at the same time may take long; nothing waits this long otherwise."""


@pytest.fixture(scope="session")
def chromium() -> str:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip("no Chromium found: install one (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def app_home(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that readers may write to: documents, logs, opinions."""
    home = tmp_path_factory.mktemp("app_home")
    shutil.copytree(built_home, home, dirs_exist_ok=True)
    return home


@pytest.fixture(scope="session")
def app_url(app_home: Path) -> Iterator[str]:
    """Address of the running app."""
    with running_app(app_home, free_port()) as url:
        yield url


@contextmanager
def running_app(home: Path, port: int, **settings: str) -> Iterator[str]:
    """The real server until left; its log is shown when it does not start."""
    log = home / "app-log.txt"
    radcite = str(Path(sys.executable).parent / "radcite")
    command = [radcite, "app", "--no-browser", "--port", str(port)]
    environment = os.environ | {"RADCITE_HOME": str(home)} | settings
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, env=environment, stdout=out, stderr=subprocess.STDOUT, cwd=home
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_healthy(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"the app did not start:\n{log.read_text('utf-8')}")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


class Visit:
    """A page of its own, and everything it asked the network for or complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        # Streamlit looks for its server below each page's own address first, and does not find it.
        looking = re.search(
            r"/(grade|appropriateness|guidelines|quality|settings)/_stcore/",
            message.location["url"],
        )
        if message.type == "error" and not looking:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def open(self, path: str = "", question: str = "") -> Page:
        """Open a page and wait until it is drawn to its foot and its controls are there."""
        address = f"{self.url}/{path}" + (f"?q={quote(question)}" if question else "")
        self.page.goto(address)
        self.page.wait_for_selector(".rc-foot")
        if question:
            self.page.wait_for_selector(".rc-lead, .rc-ordertable")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the script of the page has ended and no placeholder is left."""
        self.page.wait_for_selector(
            "[data-testid='stApp'][data-test-script-state='notRunning']", state="attached"
        )
        self.page.wait_for_selector("[data-testid='stSkeleton']", state="detached")

    def shoot(self, folder: Path, name: str) -> None:
        """A picture of the window as it is when every fade has ended."""
        self.page.screenshot(path=folder / f"{name}.png", animations="disabled")

    @property
    def scrolls_sideways(self) -> bool:
        found: bool = self.page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
                      .some((el) => el && el.scrollWidth > el.clientWidth)"""
        )
        return found


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One browser profile for all visits, so that Streamlit's scripts are fetched and read once."""
    context = browser.new_context(color_scheme="light", locale="en-US")
    context.set_default_timeout(WAITS_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def visit(window: BrowserContext, app_url: str) -> Iterator[Callable[..., Visit]]:
    """Makes a visit with a window of this size; every visit is a reader who was never here."""

    def make(width: int = 1280, height: int = 800, **preferences: str) -> Visit:
        window.clear_cookies()
        if preferences:
            said = "&".join(f"{name}={value}" for name, value in preferences.items())
            window.add_cookies([{"name": "radcite", "value": said, "url": app_url}])
        reader = Visit(window, app_url)
        reader.page.set_viewport_size({"width": width, "height": height})
        return reader

    yield make
    for page in window.pages:
        page.close()
