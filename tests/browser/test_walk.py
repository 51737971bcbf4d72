"""Every page in every size, theme and language (pairwise), pictured; accessibility checked by axe-core."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WIDE, USUAL, PHONE = (1440, 900), (1280, 800), (390, 844)

WALKS = [
    ("Dark", "en", (WIDE, PHONE)),
    ("Light", "ko", (WIDE, PHONE)),
    ("Dark", "ko", (USUAL,)),
    ("Light", "en", (USUAL,)),
]
"""Every pair of size, theme and language at least once; a page is opened once for all sizes of a walk."""

CHECKED = {(USUAL, "Dark"), (USUAL, "Light"), (PHONE, "Light")}
"""Windows in which axe-core looks at every page; the others differ from these in width only."""

PAGES = (
    ("start", "", ".rc-empty"),
    ("ask", "?q=9 mm solid nodule on a baseline screening CT", ".rc-lead"),
    ("refusal", "?q=What is Lung-RADS 6?", ".rc-refusal"),
    (
        "grade",
        "grade?g=k_tirads_2021&g=acr_ti_rads_2017&t=1.8 cm solid hypoechoic nodule",
        ".rc-system",
    ),
    (
        "order",
        "appropriateness?q=35-year-old pregnant, flank pain, stone suspected",
        ".rc-ordertable",
    ),
    ("topics", "appropriateness", ".st-key-topics button"),
    ("guideline", "guidelines?g=k_tirads_2021", ".rc-fact"),
    ("documents", "guidelines?documents=1", ".rc-title"),
    ("quality", "quality", ".rc-section"),
    ("settings", "settings", ".rc-choices"),
)

OF_STREAMLIT = {
    "landmark-unique", "region", "aria-allowed-attr", "nested-interactive", "aria-hidden-focus",
}  # fmt: skip
"""Rules that also read Streamlit's own markup; a finding counts where the node is ours."""


AXE = {"resultTypes": ["violations"]}

SIDEBAR_FITS = """() => {
    const bar = document.querySelector('[data-testid=stSidebar]');
    return innerWidth > 768 || !bar || bar.getAttribute('aria-expanded') !== 'true';
}"""
"""In a narrow window the sidebar folds away by itself."""


def serious(found: dict[str, Any], *, ours: bool) -> list[str]:
    """Serious and critical findings: in what is ours, or in markup that Streamlit alone controls."""
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
        if (rule["id"] not in OF_STREAMLIT or "rc-" in node["html"]) is ours
    ]


@pytest.mark.parametrize(("theme", "language", "sizes"), WALKS)
def test_every_page_holds_in_these_windows(
    visit: Callable[..., Visit],
    screenshots: Path,
    theme: str,
    language: str,
    sizes: tuple[tuple[int, int], ...],
) -> None:
    reader = visit(*sizes[0], theme=theme, language=language)
    page = reader.page
    found: dict[str, list[str]] = {}
    theirs: dict[str, list[str]] = {}
    for name, address, sign in PAGES:
        page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        page.goto(f"{reader.url}/{address}")
        page.wait_for_selector(sign)
        reader.settle()
        scheme = page.evaluate("getComputedStyle(document.querySelector('.stApp')).colorScheme")
        assert scheme == theme.lower()
        assert page.get_attribute("html", "lang") == language
        assert "Streamlit" not in page.title()
        for size in sizes:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_function(SIDEBAR_FITS)
            assert not reader.scrolls_sideways, f"{name} at {size}"
            reader.shoot(screenshots, f"{name}-{size[0]}-{theme.lower()}-{language}")
            if (size, theme) in CHECKED:
                said = Axe().run(page, options=AXE).response
                found[name], theirs[name] = serious(said, ours=True), serious(said, ours=False)
    (screenshots / f"axe-{theme.lower()}-{language}.json").write_text(
        json.dumps({"ours": found, "Streamlit's own": theirs}, indent=1)
    )
    assert {name: said for name, said in found.items() if said} == {}
    assert reader.complaints == []
