"""Small parts that all markup is made of: icons, links, badges, buttons; every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote, urlencode

from app.badge import Badge
from app.words import EN, Words


def icon(name: str) -> str:
    """A symbol of the set that Streamlit ships; decoration only, so hidden from screen readers."""
    return f'<span class="rc-icon" aria-hidden="true" translate="no">{escape(name)}</span>'


def definitions_html(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values in two columns."""
    cells = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    return f'<dl class="rc-facts">{cells}</dl>'


def external(url: str, text: str) -> str:
    """A link out of the app; nothing but http(s) becomes one."""
    if not url.startswith(("https://", "http://")):
        return ""
    return (
        f'<a class="rc-link" href="{escape(url)}" target="_blank" rel="noopener noreferrer">'
        f"{escape(text)}{icon('open_in_new')}</a>"
    )


def guideline_address(guideline: str, fact_id: str = "", row: str = "") -> str:
    """Where the Guidelines page shows this guideline, at one statement or row if that is named."""
    fact_id = fact_id or row
    query = urlencode({"g": guideline} | ({"fact": fact_id} if fact_id else {}))
    return f"guidelines?{query}" + (f"#{quote(fact_id)}" if fact_id else "")


def document_address(document: str, page: int | None = None, mark: str = "") -> str:
    """Where the Guidelines page shows a document, at a page with these words marked."""
    query = (
        {"d": document} | ({"page": str(page)} if page else {}) | ({"mark": mark} if mark else {})
    )
    return f"guidelines?{urlencode(query)}"


def guideline_link(guideline: str, fact_id: str, text: str) -> str:
    """A link to one statement on the Guidelines page."""
    href = escape(guideline_address(guideline, fact_id))
    return f'<a class="rc-link" href="{href}" target="_self">{escape(text)}</a>'


def badge_html(badge: Badge) -> str:
    """Guideline and edition; a superseded one is struck and says by what."""
    state = "rc-old" if badge.superseded else "rc-now"
    name = f"<s>{escape(badge.label)}</s>" if badge.superseded else escape(badge.label)
    return f'<span class="rc-badge {state}"><b>{name}</b><span>{escape(badge.state)}</span></span>'


def copy_button(name: str, label: str, text: str, words: Words = EN) -> str:
    """A button that copies ``text``; the script of the page does it."""
    return (
        f'<button class="rc-action" data-copy="{escape(text)}" data-copied="{escape(words.copied)}">'
        f"{icon(name)}<span>{escape(label)}</span></button>"
    )
