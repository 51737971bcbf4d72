"""A guideline as HTML; like all markup, every text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.badge import Badge
from app.markup import badge_html, definitions_html, external, guideline_address
from app.shelf_view import FactView, GuidelineView, TableView
from app.words import EN, Words


def guideline_head(view: GuidelineView, words: Words = EN) -> str:
    """Title, edition, scope, sources, and what is knowingly not held."""
    gaps = "".join(f"<li>{escape(gap)}</li>" for gap in view.gaps)
    sources = "".join(
        f"<li>{escape(citation)} {external(link, words.source)}</li>"
        for citation, link in view.sources
    )
    note = f'<p class="rc-note">{escape(view.notice)}</p>' if view.notice else ""
    return (
        f'<article class="rc-guideline"><h1 class="rc-title">{escape(view.badge.label)}</h1>'
        f'<p class="rc-editionline">{badge_html(view.badge)} {escape(view.full_title)}</p>'
        f"{note}"
        f"{definitions_html(view.about)}"
        f"{folded(words.sources, f'<ul>{sources}</ul>', len(view.sources))}"
        f"{folded(words.gaps, f'<ul>{gaps}</ul>', len(view.gaps))}</article>"
    )


def shelf_html(badges: Sequence[Badge], words: Words = EN) -> str:
    """What is on the shelf, each a link to its text."""
    items = "".join(
        f'<li><a class="rc-link" href="{escape(guideline_address(badge.guideline))}" target="_self">'
        f"{escape(badge.label)}</a><small>{escape(badge.short)}</small></li>"
        for badge in badges
    )
    return (
        f'<section class="rc-shelf"><p class="rc-columntitle">{escape(words.on_the_shelf)}</p>'
        f"<ul>{items}</ul></section>"
    )


def folded(title: str, inner: str, count: int | None = None) -> str:
    """A part that opens on demand, with how much it holds; nothing where that is nothing."""
    if count == 0:
        return ""
    said = f" <span>{count}</span>" if count is not None else ""
    return f'<details class="rc-more"><summary>{escape(title)}{said}</summary>{inner}</details>'


def categories_html(view: GuidelineView, words: Words = EN) -> str:
    if not view.categories:
        return ""
    header = (words.category, words.name, words.management)
    return _section("categories", words.categories, _grid(header, view.categories, "rc-labels"))


def tables_html(view: GuidelineView, words: Words = EN) -> str:
    """Every decision table, foldable, the header in sight while it scrolls."""
    return "".join(_table(table, words) for table in view.tables)


def _table(table: TableView, words: Words) -> str:
    inner = _grid(table.header, table.rows, "rc-decisions" + " rc-labelled" * table.labelled)
    return _section(f"table-{table.id}", f"{words.table}: {table.title}", inner)


def facts_html(
    sections: Sequence[tuple[str, Sequence[FactView]]], chosen: str = "", words: Words = EN
) -> str:
    """Statements by section; the one with id ``chosen`` is marked and can be jumped to."""
    if not sections:
        return f'<p class="rc-muted">{escape(words.nothing_found)}</p>'
    return "".join(
        _section(
            anchor(section), section, "".join(_fact(fact, fact.id == chosen) for fact in facts)
        )
        for section, facts in sections
    )


def contents_html(view: GuidelineView, words: Words = EN) -> str:
    """Links to every part of the page, in three groups."""
    groups = (
        ("", [("categories", words.categories)] if view.categories else []),
        (words.facts, [(anchor(section), section) for section, _ in view.sections]),
        (words.tables, [(f"table-{table.id}", table.title) for table in view.tables]),
    )
    inner = "".join(_group(title, links) for title, links in groups if links)
    return f'<nav class="rc-contents" aria-label="{escape(words.contents)}">{inner}</nav>'


def _group(title: str, links: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<li><a href="#{escape(to)}" data-jump>{escape(name)}</a></li>' for to, name in links
    )
    return f'<p class="rc-columntitle">{escape(title)}</p><ul>{items}</ul>'


def anchor(section: str) -> str:
    return "s-" + "-".join("".join(c if c.isalnum() else " " for c in section.lower()).split())


def _section(ident: str, title: str, inner: str) -> str:
    return f'<section class="rc-section" id="{escape(ident)}"><h2>{escape(title)}</h2>{inner}</section>'


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]], kind: str) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="rc-tablebox"><table class="rc-table {kind}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _fact(fact: FactView, chosen: bool) -> str:
    marks = "".join(f'<span class="rc-mark">{escape(mark)}</span>' for mark in fact.marks)
    origin = f'<span class="rc-origin">{escape(fact.origin)}</span>' if fact.origin else ""
    note = f'<p class="rc-note">{escape(fact.note)}</p>' if fact.note else ""
    return (
        f'<div class="rc-fact{" is-chosen" if chosen else ""}" id="{escape(fact.id)}">'
        f"<p>{escape(fact.text)} {origin}{marks}</p>{note}</div>"
    )
