"""How long a reader waits: each page until it can be used, and one correction of a grade.

    python -m evals.page_speed                     # 20 of each, on an app of its own
    python -m evals.page_speed --times 5 --result speed.json

Every page is opened once before it is measured (a warm browser, a warm server). Reported are median
and 95th percentile of the wall clock, and the server's own processor time, which a busy machine
changes less. A page can be used when its foot is drawn and its script has ended; a correction
begins with the reader's Enter key and is over when the decision of the changed size is painted, both
by the page's own clock: the driver that types and looks takes another 0.1 s, which no reader waits.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from evals.browser_load import CHROMIUM, running_app

WAIT_MS = 120_000
IDLE = "[data-testid='stApp'][data-test-script-state='notRunning']"
PAGES = {
    "Ask": "",
    "Ask, an answer": "?q=9 mm solid nodule on a baseline screening CT",
    "Grade": "grade?t=8 mm solid nodule, baseline",
    "Appropriateness": "appropriateness?q=35-year-old pregnant, flank pain, stone suspected",
    "Guidelines": "guidelines?g=k_tirads_2021",
    "Quality": "quality",
    "Settings": "settings",
}
SIZES = {"5": "2", "9": "4A", "7": "3", "16": "4B"}
"""Mean diameters of a solid baseline nodule in mm, and the Lung-RADS v2022 category of each."""

WATCH = """() => {
  window.correction = {};
  const decision = () => document.querySelector('.rc-system h2')?.innerText;
  let shown = decision();
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') window.correction = {pressed: performance.now()};
  }, true);
  new MutationObserver(() => {
    if (decision() === shown) return;
    shown = decision();
    const correction = window.correction;
    requestAnimationFrame(() => setTimeout(() => { correction.painted = performance.now(); }, 0));
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
"""Notes when Enter was pressed and when a changed decision had been painted, in ms."""

Once = Callable[[int], float | None]
"""One turn; its seconds where the page's own clock took them, else ``None``."""


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds by the clock, and seconds of the server's processor, of each time."""

    name: str
    wall: tuple[float, ...]
    server: tuple[float, ...]

    def row(self) -> dict[str, object]:
        worst = quantiles(self.wall, n=20)[-1] if len(self.wall) > 1 else self.wall[0]
        return {
            "what": self.name,
            "median_s": round(median(self.wall), 3),
            "p95_s": round(worst, 3),
            "server_cpu_ms": round(median(self.server) * 1000),
            "n": len(self.wall),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print one line for each page and one for the correction."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--result", type=Path, help="write the figures as JSON")
    chosen = parser.parse_args(arguments)
    with running_app() as (url, server), sync_playwright() as driver:
        path = next(path for path in CHROMIUM if Path(path).exists())
        browser = driver.chromium.launch(
            executable_path=path, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.set_default_timeout(WAIT_MS)
        found = [measured(name, opening(page, f"{url}/{at}"), server, chosen.times)
                 for name, at in PAGES.items()]  # fmt: skip
        page.goto(f"{url}/{PAGES['Grade']}")
        found.append(measured("Grade, a correction", correcting(page), server, chosen.times))
        browser.close()
    rows = [one.row() for one in found]
    for row in rows:
        print(" | ".join(str(value) for value in row.values()), flush=True)
    if chosen.result:
        chosen.result.write_text(json.dumps(rows, indent=1), "utf-8")
    return 0


def measured(name: str, once: Once, server: int, times: int) -> Waited:
    """``once`` done a first time unmeasured and then ``times`` times."""
    once(0)
    wall, cpu = [], []
    for turn in range(1, times + 1):
        spent, started = processor_seconds(server), time.perf_counter()
        of_page = once(turn)
        wall.append(time.perf_counter() - started if of_page is None else of_page)
        cpu.append(processor_seconds(server) - spent)
    return Waited(name, tuple(wall), tuple(cpu))


def opening(page: Page, address: str) -> Once:
    def once(_turn: int) -> None:
        page.goto(address)
        page.wait_for_selector(".rc-foot")
        page.wait_for_selector(IDLE, state="attached")

    return once


def correcting(page: Page) -> Once:
    page.wait_for_selector(".rc-system h2")
    page.evaluate(WATCH)

    def once(turn: int) -> float:
        size, label = list(SIZES.items())[turn % len(SIZES)]
        box = page.locator(".st-key-field_mean_diameter input")
        box.fill(size)
        box.press("Enter")
        page.wait_for_function(
            "label => window.correction.painted"
            " && document.querySelector('.rc-system h2')?.innerText === `Lung-RADS ${label}`",
            arg=label,
        )
        page.wait_for_selector(IDLE, state="attached")
        noted = page.evaluate("window.correction")
        return float(noted["painted"] - noted["pressed"]) / 1000

    return once


def processor_seconds(process: int) -> float:
    """Processor time of a process so far, user and system (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    raise SystemExit(main())
