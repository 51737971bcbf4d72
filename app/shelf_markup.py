"""A guideline as HTML; like all markup, every text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.badge import Badge
from app.html_parts import badge_html, definitions_html, external, guideline_address, icon
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


def tables_html(view: GuidelineView, chosen: str = "", words: Words = EN) -> str:
    """Every decision table, the header in sight while it scrolls; the row ``chosen`` is marked."""
    return "".join(_table(table, view.id, chosen, words) for table in view.tables)


def _table(table: TableView, guideline: str, chosen: str, words: Words) -> str:
    kind = "rc-decisions" + " rc-labelled" * table.labelled
    links = [
        (ident, guideline_address(guideline, row=ident), ident == chosen) for ident in table.row_ids
    ]
    inner = _grid(table.header, table.rows, kind, links, words)
    return _section(f"table-{table.id}", f"{words.table}: {table.title}", inner)


def facts_html(
    sections: Sequence[tuple[str, Sequence[FactView]]],
    chosen: str = "",
    guideline: str = "",
    words: Words = EN,
) -> str:
    """Statements by section; the one with id ``chosen`` is marked, each has a link to itself."""
    if not sections:
        return f'<p class="rc-muted">{escape(words.nothing_found)}</p>'
    return "".join(
        _section(
            anchor(section),
            section,
            "".join(_fact(fact, fact.id == chosen, guideline, words) for fact in facts),
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


def _grid(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    kind: str,
    links: Sequence[tuple[str, str, bool]] = (),
    words: Words = EN,
) -> str:
    """A table; ``links`` give each row its id, its address, and whether it is the chosen one."""
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in header)
    named = links or [("", "", False)] * len(rows)
    body = "".join(_grid_row(row, *link, words) for row, link in zip(rows, named, strict=True))
    return (
        f'<div class="rc-tablebox" tabindex="0"><table class="rc-table {kind}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _grid_row(row: Sequence[str], ident: str, address: str, chosen: bool, words: Words) -> str:
    cells = [f"<td>{escape(cell)}</td>" for cell in row]
    if not ident:
        return f"<tr>{''.join(cells)}</tr>"
    cells[-1] = f"<td>{escape(row[-1])}{_link_here(address, words)}</td>"
    marked = ' class="is-chosen"' if chosen else ""
    return f'<tr id="{escape(ident)}"{marked}>{"".join(cells)}</tr>'


def _link_here(address: str, words: Words) -> str:
    """The link to one line of the page; in sight when the line is pointed at."""
    return (
        f' <a class="rc-link rc-here" href="{escape(address)}" target="_self" '
        f'title="{escape(words.link_to_this)}">{icon("link")}'
        f'<span class="rc-sr">{escape(words.link_to_this)}</span></a>'
    )


def _fact(fact: FactView, chosen: bool, guideline: str, words: Words) -> str:
    marks = "".join(f'<span class="rc-mark">{escape(mark)}</span>' for mark in fact.marks)
    origin = f'<span class="rc-origin">{escape(fact.origin)}</span>' if fact.origin else ""
    note = f'<p class="rc-note">{escape(fact.note)}</p>' if fact.note else ""
    link = _link_here(guideline_address(guideline, fact.id), words) if guideline else ""
    return (
        f'<div class="rc-fact{" is-chosen" if chosen else ""}" id="{escape(fact.id)}">'
        f"<p>{escape(fact.text)} {origin}{marks}{link}</p>{note}</div>"
    )
