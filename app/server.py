"""The web server: Streamlit with our own style, keys and theme put into its page before it starts.

The page that Streamlit ships is served with three additions, so that nothing jumps or flashes when
it loads: the style sheet, the script for keys and citations, and a few lines that make the dark
theme the default. A content policy keeps the page from reaching any other machine.
"""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

APP = Path(__file__).resolve().parent
ASSETS = APP / "assets"
PAGES = ("", "grade", "appropriateness", "guidelines", "quality", "settings")
"""Address of every page; ``main.py`` names the same ones."""

KINDS = {
    "radcite.css": "text/css",
    "pages.css": "text/css",
    "radcite.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'"
)
"""Streamlit builds its styles and some scripts in the page; whatever they are, they stay here."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

BOOT = """
<script>
  (function () {
    var kept = document.cookie.match(/(?:^|; )radcite=([^;]*)/);
    var said = new URLSearchParams(kept ? kept[1] : "");
    var wanted = said.get("theme") || "Dark";
    var key = "stActiveTheme-" + location.pathname + "-v2";
    if (wanted === "System") { localStorage.removeItem(key); }
    else { localStorage.setItem(key, JSON.stringify(wanted)); }
    var dark = wanted === "Dark" ||
      (wanted === "System" && matchMedia("(prefers-color-scheme: dark)").matches);
    var page = document.documentElement;
    page.style.background = dark ? "#0e1419" : "#f5f7f8";
    page.style.colorScheme = dark ? "dark" : "light";
    page.dataset.size = said.get("size") || "normal";
    page.lang = said.get("language") || (/^ko/i.test(navigator.language) ? "ko" : "en");
  })();
</script>
"""
"""What the reader chose, in force before anything is drawn. Streamlit keeps its theme per address;
ours is one for all of them, dark unless chosen."""


def asset_version() -> str:
    """Changes whenever an asset does, so that a browser never keeps an old one."""
    content = b"".join((ASSETS / name).read_bytes() for name in sorted(KINDS))
    return blake2b(content, digest_size=6).hexdigest()


def index_page(shipped: str, version: str) -> str:
    """Streamlit's page with our additions in its head."""
    styles = "".join(
        f'<link rel="stylesheet" href="./radcite/{version}/{name}">'
        for name in KINDS
        if name.endswith(".css")
    )
    added = f'{BOOT}{styles}<script defer src="./radcite/{version}/radcite.js"></script></head>'
    icon = f"./radcite/{version}/icon.svg"
    page = shipped.replace("<title>Streamlit</title>", "<title>radcite</title>")
    return page.replace("./favicon.png", icon).replace("</head>", added, 1)


def streamlit_page() -> str:
    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")


async def page(_: Request) -> Response:
    return HTMLResponse(index_page(streamlit_page(), asset_version()), headers=HEADERS)


async def asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in KINDS:
        return Response(status_code=404)
    kept = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response((ASSETS / name).read_bytes(), media_type=KINDS[name], headers=kept)


def options() -> dict[str, object]:
    """Streamlit's settings from ``assets/streamlit.toml``, as ``section.option`` names."""
    return flat(tomllib.loads((ASSETS / "streamlit.toml").read_text("utf-8")))


def flat(table: Mapping[str, object], under: str = "") -> dict[str, object]:
    """Nested tables as one, keys joined by dots.

    >>> flat({"theme": {"dark": {"textColor": "#eee"}}})
    {'theme.dark.textColor': '#eee'}
    """
    out: dict[str, object] = {}
    for key, value in table.items():
        name = f"{under}.{key}" if under else key
        out |= flat(value, name) if isinstance(value, Mapping) else {name: value}
    return out


# Streamlit takes the folder beside main.py for pages of its older kind, and until main.py has run once
# it would show them bare. Ours are declared in main.py.
PagesManager.uses_pages_directory = False

app = streamlit.App(
    APP / "main.py",
    routes=[
        *(Route(f"/{name}", page) for name in PAGES),
        Route("/radcite/{version}/{name}", asset),
    ],
)


def serve(
    port: int,
    *,
    address: str = "127.0.0.1",
    open_browser: bool = True,
    sign_in: Path | None = None,
) -> None:
    """Run until stopped; opens the default browser when the server is ready.

    ``sign_in`` is the file with Streamlit's ``[auth]`` section.
    """
    chosen: dict[str, object] = {
        "secrets.files": [str(sign_in)] if sign_in else [],
        "server.port": port,
        "server.address": address,
        "browser.serverAddress": address,
        "server.headless": not open_browser,
    }
    from app.state import warm_up

    threading.Thread(target=warm_up, name="warm up", daemon=True).start()
    app.run(config=options() | chosen)
