"""Evidence cards as HTML: the quote with its words marked, its edition, its page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from app.html_parts import badge_html, document_address, external, guideline_link, icon
from app.view import AnswerView, Card
from app.words import EN, Words

LONGEST_MARK = 600
"""Characters of a quote that a link to its page carries."""

NO_PICTURES: Mapping[int, str] = {}


def evidence_html(
    view: AnswerView, words: Words = EN, pictures: Mapping[int, str] = NO_PICTURES
) -> str:
    """The right column: one card a piece of evidence.

    ``pictures`` are pages by evidence number, as ``data:`` addresses of our own drawing.
    """
    title = words.nearest if view.tone == "refusal" else words.evidence
    cards = "".join(
        card_html(card, words, anchor=True, picture=pictures.get(card.n, "")) for card in view.cards
    )
    return (
        f'<section class="rc-evidence" aria-label="{escape(title)}">'
        f'<h2 class="rc-columntitle">{escape(title)}<span>{len(view.cards)}</span></h2>{cards}</section>'
    )


def card_html(card: Card, words: Words = EN, *, anchor: bool = False, picture: str = "") -> str:
    """One evidence card; with ``anchor`` it is the one that citation marks lead to."""
    ident = f' data-folded="{card.n}"'
    if anchor:
        ident = f' id="evidence-{card.n}" data-card="{card.n}" tabindex="0"'
    kind = f'<span class="rc-kind">{escape(words.row)}</span>' if card.is_row else ""
    document = f'<p class="rc-doc">{icon("description")}{escape(card.document)}</p>'
    note = f'<p class="rc-note">{escape(card.note)}</p>'
    return (
        f'<article class="rc-card"{ident} aria-label="{escape(words.evidence_n.format(n=card.n))}">'
        f'<header><span class="rc-n">{card.n}</span>{badge_html(card.badge)}</header>'
        f'<p class="rc-place">{escape(card.place)}{kind}</p>'
        f"{document * bool(card.document)}"
        f'<blockquote class="rc-quote">{_quote(card, words)}</blockquote>'
        f"{_page_picture(card, picture, words)}"
        f"{note * bool(card.note)}{_card_foot(card, words)}</article>"
    )


def _page_picture(card: Card, picture: str, words: Words) -> str:
    """The page with the cited lines marked, leading to it in full size."""
    if not picture.startswith("data:image/png;base64,"):
        return ""
    said = escape(words.page_picture.format(n=card.page, document=card.document))
    href = escape(document_address(card.document_id, card.page, card.text[:LONGEST_MARK]))
    return (
        f'<a class="rc-thumb" href="{href}" target="_self"><img src="{escape(picture)}" '
        f'alt="{said}"></a>'
    )


def _quote(card: Card, words: Words) -> str:
    """The quote; of a scenario the first line, its rows folded, since they stand in the table too."""
    whole = _pieces(card.pieces)
    first, line_end, rest = whole.partition("\n")
    if not card.folds or not line_end or first.count("<mark>") != first.count("</mark>"):
        return whole
    count = escape(words.rows_n.format(n=rest.count("\n") + 1))
    return f'{first}<details class="rc-rows"><summary>{count}</summary>{rest}</details>'


def _pieces(pieces: Iterable[tuple[str, bool]]) -> str:
    return "".join(f"<mark>{escape(t)}</mark>" if marked else escape(t) for t, marked in pieces)


def _card_foot(card: Card, words: Words) -> str:
    inside = (
        guideline_link(card.badge.guideline, card.fact_id, words.in_guideline)
        if card.fact_id
        else ""
    )
    page = ""
    if card.document_id:
        href = escape(document_address(card.document_id, card.page, card.text[:LONGEST_MARK]))
        said = escape(words.open_page.format(n=card.page) if card.page else words.open_document)
        page = f'<a class="rc-link" href="{href}" target="_self">{said}</a>'
    outside = external(card.source_url, words.source)
    links = " ".join(link for link in (inside, page, outside) if link)
    return (
        f'<footer><span title="{escape(card.badge.detail)}">{escape(card.badge.short)}</span>'
        f"<span>{links}</span></footer>"
    )
