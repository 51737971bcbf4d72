"""A procedure table as HTML: bands in colour and words, ratings as a scale, doses on hover."""

from __future__ import annotations

from html import escape

from app.procedures import Band, Level, ProcedureRow, ProcedureTable
from app.words import EN, Words

HIGHEST = 9
COLUMNS = (
    '<colgroup><col><col class="rc-col-rating"><col class="rc-col-adult">'
    '<col class="rc-col-child"></colgroup>'
)


def procedures_html(table: ProcedureTable, title: str = "", words: Words = EN) -> str:
    """The whole table; what is usually not appropriate is folded, and counted."""
    head = f'<p class="rc-columntitle">{escape(title)}</p>' if title else ""
    note = f'<p class="rc-note">{escape(table.currency_note)}</p>' if table.currency_note else ""
    named = f"<h2>{escape(table.topic)}</h2>" if table.topic else ""
    scenario = f'<p class="rc-muted">{escape(table.scenario)}</p>' if table.scenario else ""
    bands = "".join(_band(band, i == 0, words) for i, band in enumerate(table.bands))
    return f'<section class="rc-procedures">{head}{named}{scenario}{note}{bands}</section>'


def _band(band: Band, first: bool, words: Words) -> str:
    """One category; the first says what the columns are, the others keep to them."""
    title = f"{escape(band.title)} <span>{len(band.rows)}</span>"
    rows = "".join(_row(row, words) for row in band.rows)
    columns = (words.procedure, words.rating, words.adult, words.child)
    cells = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    hidden = "" if first else ' class="rc-sr"'
    head = f"<thead{hidden}><tr>{cells}</tr></thead>"
    opened = "" if band.folded else " open"
    return (
        f'<details class="rc-band rc-band-{band.tone}"{opened}><summary>{title}</summary>'
        f'<table class="rc-table">{COLUMNS}{head}<tbody>{rows}</tbody></table></details>'
    )


def _row(row: ProcedureRow, words: Words) -> str:
    return (
        f"<tr><td>{escape(row.name)}{row_note(row.note)}</td><td>{rating_html(row.rating, words)}</td>"
        f"<td>{_level(row.adult, words.adult, words)}</td>"
        f"<td>{_level(row.child, words.child, words)}</td></tr>"
    )


def row_note(note: str) -> str:
    """What the question states that touches a row, below its name."""
    return f'<small class="rc-rownote">{escape(note)}</small>' if note else ""


def rating_html(rating: int | None, words: Words) -> str:
    """The number and nine small steps, of which as many are filled."""
    if rating is None:
        return ""
    steps = '<i class="is-on"></i>' * rating + "<i></i>" * (HIGHEST - rating)
    said = escape(words.rated.format(n=rating))
    return f'<span class="rc-rating" title="{said}"><b>{rating}</b><span aria-hidden="true">{steps}</span></span>'


def _level(level: Level, who: str, words: Words) -> str:
    if not level.symbol:
        return ""
    if not level.meaning:
        return escape(level.symbol)
    said = f"{who}, {words.radiation.format(symbol=level.symbol, dose=level.meaning)}"
    return f'<abbr title="{escape(said)}">{escape(level.symbol)}</abbr>'
