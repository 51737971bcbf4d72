"""Thirty readers at once: real browser sessions that ask in a loop, each checked against its question.

    python -m evals.browser_load                      # 30 sessions, 3 minutes
    python -m evals.browser_load --sessions 10 --seconds 60 --result load.json

Starts the app on a free port with the passage index of ``RADCITE_HOME``. Every question is asked
once alone first; under load each session must get just that answer to its own question. Reported:
median and 95th percentile from Enter to the answer, errors, mixed-up sessions, and the server's
memory at the end against that after the first minute.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles

from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import Error as BrowserError

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
BOX, LEAD = ".st-key-question input", ".rc-lead"
WAIT_MS = 120_000
QUESTIONS = (
    *(f"{size} mm solid nodule on a baseline screening CT" for size in (4, 7, 9, 16)),
    *(f"new {size} mm solid nodule on annual screening CT" for size in (3, 5, 7, 11)),
    "What counts as growth in Lung-RADS?",
    "How long until the next CT after category 4A?",
    "What is Lung-RADS 6?",
    "first test for suspected kidney stone in pregnancy?",
)
"""Questions whose answers differ from each other, so that a mixed-up one shows."""


@dataclass
class Load:
    """What was seen; seconds are from Enter to the answer, memory is the server's in MiB."""

    sessions: int
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed_up: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)

    @property
    def growth(self) -> float | None:
        """Memory in the last 20 seconds against the 20 after the first minute, as a share."""
        last = self.memory[-1][0] if self.memory else 0.0
        early = [mib for at, mib in self.memory if 60 <= at < 80]
        late = [mib for at, mib in self.memory if at > last - 20]
        return median(late) / median(early) - 1 if early and late and last > 100 else None

    def summary(self) -> dict[str, object]:
        many = len(self.seconds) > 1
        return {
            "sessions": self.sessions,
            "answers": len(self.seconds),
            "median_s": round(median(self.seconds), 2) if self.seconds else None,
            "p95_s": round(quantiles(self.seconds, n=20)[-1], 2) if many else None,
            "errors": len(self.errors),
            "mixed_up": len(self.mixed_up),
            "memory_mib": [round(mib) for _, mib in self.memory[:: max(1, len(self.memory) // 12)]],
            "memory_growth_after_first_minute": self.growth,
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the load and print its table; exit status 1 where there was an error or a mix-up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--result", type=Path, help="write the figures as JSON")
    chosen = parser.parse_args(arguments)
    with running_app() as (url, server):
        load = asyncio.run(run(url, server, chosen.sessions, chosen.seconds))
    found = load.summary()
    print("\n".join(f"| {name} | {value} |" for name, value in found.items()))
    for said in (*load.errors[:5], *load.mixed_up[:5]):
        print(said, file=sys.stderr)
    if chosen.result:
        chosen.result.write_text(json.dumps(found | {"raw": asdict(load)}, indent=1), "utf-8")
    return int(bool(load.errors or load.mixed_up))


@contextmanager
def running_app() -> Iterator[tuple[str, int]]:
    """The app on a free port, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).parent / "radcite"),
        "app",
        "--no-browser",
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
                break
            except (urllib.error.URLError, TimeoutError):
                time.sleep(0.5)
        yield url, server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


async def run(url: str, server: int, sessions: int, seconds: int) -> Load:
    """All sessions until the time is over."""
    load = Load(sessions)
    path = next(path for path in CHROMIUM if Path(path).exists())
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        expected = await alone(browser, url)
        pages = [await opened(browser, url) for _ in range(sessions)]
        until = time.monotonic() + seconds
        watching = asyncio.create_task(watch(server, until, load))
        await asyncio.gather(
            *(reader(page, number, expected, until, load) for number, page in enumerate(pages))
        )
        await watching
        await browser.close()
    return load


async def opened(browser: Browser, url: str) -> Page:
    page = await (await browser.new_context()).new_page()
    page.set_default_timeout(WAIT_MS)
    await page.goto(url)
    await page.wait_for_selector(BOX)
    return page


async def alone(browser: Browser, url: str) -> dict[str, str]:
    """The answer to every question with nobody else asking."""
    page = await opened(browser, url)
    found = {question: await answer(page, question) for question in QUESTIONS}
    await page.context.close()
    return found


async def answer(page: Page, question: str) -> str:
    """Ask and read the headline; done when the answer to this very question stands."""
    await page.fill(BOX, question)
    await page.keyboard.press("Enter")
    await page.wait_for_function(
        "q => document.querySelector('[data-question]')?.dataset.question === q", arg=question
    )
    return await page.inner_text(LEAD)


async def reader(
    page: Page, number: int, expected: dict[str, str], until: float, load: Load
) -> None:
    """One session: its own order of questions, one after the other."""
    turn = number
    while time.monotonic() < until:
        question = QUESTIONS[turn % len(QUESTIONS)]
        turn += 1 + number % 5
        started = time.monotonic()
        try:
            said = await answer(page, question)
        except BrowserError as error:
            load.errors.append(f"session {number}, {question}: {error}"[:300])
            continue
        load.seconds.append(time.monotonic() - started)
        if said != expected[question]:
            load.mixed_up.append(f"session {number}, {question}: {said[:120]}")


async def watch(server: int, until: float, load: Load) -> None:
    """The server's memory every two seconds."""
    started = time.monotonic()
    while time.monotonic() < until:
        load.memory.append((time.monotonic() - started, resident_mib(server)))
        await asyncio.sleep(2)


def resident_mib(process: int) -> float:
    """Resident memory of a process (Linux)."""
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    raise SystemExit(main())
