"""How one reader wants the page: language, theme, text size. Kept in a cookie of their browser.

``assets/radcite.js`` writes the cookie, the lines that ``server.py`` puts into the page read it
before anything is drawn, and the pages read it here for their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs

from app.words import LANGUAGES, Language

COOKIE = "radcite"
THEMES = ("Dark", "Light", "System")
SIZES = ("small", "normal", "large")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was chosen, or the defaults."""

    language: Language = "en"
    theme: str = "Dark"
    size: str = "normal"


def preferences_in(cookie: str, locale: str = "", language: str = "auto") -> Preferences:
    """The preferences in a cookie's value; what it lacks or garbles is the default.

    Without a choice the language is ``language`` (the ``RADCITE_LANGUAGE`` setting), and where that
    is ``auto`` the browser's own (``locale``).

    >>> preferences_in("language=ko&size=large").language
    'ko'
    """
    said = {name: values[-1] for name, values in parse_qs(cookie[:200]).items()}
    wanted = said.get("language") or (locale[:2].lower() if language == "auto" else language)
    known: Language = next((code for code in LANGUAGES if code == wanted), "en")
    theme, size = said.get("theme", ""), said.get("size", "")
    return Preferences(
        language=known,
        theme=theme if theme in THEMES else "Dark",
        size=size if size in SIZES else "normal",
    )
