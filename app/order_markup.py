"""Scenarios and their procedure tables as HTML: cards, a table to sort, two scenarios compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from app.chips import Labels
from app.html_parts import copy_button
from app.procedures import TONES
from app.procedures_markup import rating_html, row_note
from app.scenario_cards import ScenarioCard
from app.scenario_table import ComparedRow, Comparison, FlatRow
from app.words import Words
from rag.types import Descriptor

SORTS: dict[str, Callable[[FlatRow], tuple[object, ...]]] = {
    "rating": lambda row: (),
    "name": lambda row: (row.name.lower(),),
    "dose": lambda row: (dose_rank(row.adult), -(row.rating or 0), row.name),
}
"""How the table is ordered, by what the reader chose; by rating as it comes: best first, and within
a category last what the referral speaks against."""


def dose_rank(symbol: str) -> int:
    """Where a radiation level stands: none first, one that varies or is not given last.

    >>> [dose_rank(s) for s in ("O", "☢☢", "Varies", "")]
    [0, 2, 9, 10]
    """
    if symbol == "O":
        return 0
    return {"": 10, "Varies": 9}.get(symbol, len(symbol))


def card_html(card: ScenarioCard, words: Words) -> str:
    """What stands below a scenario's own sentence: topic, year, and what is rated highest."""
    year = f" ({card.year})" if card.year else ""
    first = (
        words.none_usually
        if card.none_usually
        else (words.first_weighed if card.weighed else words.first_choice).format(
            names=", ".join(card.first)
        )
    )
    tone = "rc-stop" if card.none_usually else "rc-good"
    return (
        f'<p class="rc-cardtopic">{escape(card.topic)}{escape(year)}</p>'
        f'<p class="rc-cardfirst {tone}">{escape(first)}</p>'
    )


def read_html(read: Sequence[Descriptor], labels: Labels, words: Words) -> str:
    """The facts that were read from the referral."""
    chips = "".join(
        f'<span class="rc-chip" title="{escape(labels.name(item.name))}">{escape(item.text)}</span>'
        for item in read
        if item.text and not _told_by_another(item, read)
    )
    if not chips:
        return ""
    return (
        f'<div class="rc-row"><span class="rc-label">{escape(words.read_words)}</span>'
        f'<span class="rc-chips">{chips}</span></div>'
    )


def _told_by_another(item: Descriptor, read: Sequence[Descriptor]) -> bool:
    """Whether the words stand within longer ones that are shown: the ``f`` of ``30f``."""
    start, end = item.span
    return any(
        other.text and other.span[0] <= start and end <= other.span[1] and other.span != item.span
        for other in read
    )


def scenario_head(
    card: ScenarioCard, words: Words, referral: str = "", cautions: Sequence[str] = ()
) -> str:
    """The chosen scenario above its table; ``referral`` is the text that it was found for, ``cautions``
    are what that text states and is to be weighed with the table."""
    year = f" ({card.year})" if card.year else ""
    note = f'<p class="rc-note">{escape(card.currency_note)}</p>' if card.currency_note else ""
    said = words.scenario_n.format(n=card.variant_no, text=card.scenario)
    weighed = "".join(f'<p class="rc-care">{escape(text)}</p>' for text in cautions)
    return (
        f'<header class="rc-scenario" data-text="{escape(referral)}"><h2>{escape(card.topic)}{escape(year)}</h2>'
        f"<p>{escape(said)}</p>{note}{weighed}</header>"
    )


def rows_html(
    rows: Sequence[FlatRow], sort: str, order: Callable[[FlatRow], str], words: Words
) -> str:
    """The whole table in the chosen order; colour and word say the category of each row."""
    ordered = sorted(rows, key=SORTS.get(sort, SORTS["rating"]))
    columns = (words.procedure, words.category, words.rating, words.adult, words.child, "")
    head = "".join(
        f'<th scope="col">{escape(column)}</th>' if column
        else f'<th scope="col"><span class="rc-sr">{escape(words.copy_order)}</span></th>'
        for column in columns
    )  # fmt: skip
    body = "".join(_row(row, order(row), words) for row in ordered)
    return (
        f'<div class="rc-tablebox rc-ordertable" tabindex="0"><table class="rc-table"><thead><tr>{head}'
        f"</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: FlatRow, order: str, words: Words) -> str:
    tone = TONES.get(row.band.lower(), "care")
    return (
        f'<tr class="rc-band rc-band-{tone}"><td>{escape(row.name)}{row_note(row.note)}'
        f'<small class="rc-bandname rc-narrow">{escape(row.band)}</small></td>'
        f'<td class="rc-bandname">{escape(row.band)}</td><td>{rating_html(row.rating, words)}</td>'
        f"<td>{_level(row.adult, row.adult_msv)}</td><td>{_level(row.child, row.child_msv)}</td>"
        f"<td>{copy_button('assignment', words.order_row, order, words)}</td></tr>"
    )


def _level(symbol: str, dose: str) -> str:
    """The symbol as printed with its dose range beside it."""
    if not symbol:
        return ""
    said = f' <small class="rc-dose">{escape(dose)}</small>' if dose else ""
    return f'<span class="rc-rrl">{escape(symbol)}</span>{said}'


def comparison_html(
    found: Comparison, left: str, right: str, only_differences: bool, words: Words
) -> str:
    """Two scenarios in equal columns: what distinguishes them, then every procedure."""
    facts = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(a)}</td><td>{escape(b)}</td></tr>'
        for name, a, b in found.facts
    )
    shown = [row for row in found.rows if row.differs or not only_differences]
    rows = "".join(_compared(row, words) for row in shown)
    head = "".join(
        f'<th scope="col">{escape(text)}</th>' for text in (words.procedure, left, right)
    )
    return (
        f'<div class="rc-tablebox" tabindex="0"><table class="rc-table rc-twoscenarios">'
        f"<thead><tr>{head}</tr></thead><tbody>{facts}{rows}</tbody></table></div>"
    )


def _compared(row: ComparedRow, words: Words) -> str:
    kind = ' class="is-different"' if row.differs else ""
    sides = ((row.left_category, row.left_rating), (row.right_category, row.right_rating))
    cells = "".join(f"<td>{_side(category, rating, words)}</td>" for category, rating in sides)
    return f'<tr{kind}><th scope="row">{escape(row.name)}</th>{cells}</tr>'


def _side(category: str | None, rating: int | None, words: Words) -> str:
    if category is None:
        return '<span class="rc-muted">-</span>'
    tone = TONES.get(category.lower(), "care")
    name = category[:1].upper() + category[1:]
    return (
        f'<span class="rc-band-{tone}"><span class="rc-bandname">{escape(name)}</span> '
        f"{rating_html(rating, words)}</span>"
    )
