"""From the view of an answer to HTML; every text is escaped here, once, and nowhere else.

What documents, questions and models say is text and stays text: no Markdown, no HTML, no formula
is ever made of it. Classes are styled in ``assets/radcite.css``; ``data-cite`` and ``data-card``
are what ``assets/radcite.js`` ties together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlencode

from app.badge import Badge
from app.chips import Chip
from app.copying import first_part, referenced_text, report_text
from app.evidence_markup import card_html
from app.findings import Finding
from app.html_parts import badge_html, copy_button, icon
from app.procedures_markup import procedures_html
from app.view import AnswerView, Line
from app.words import EN, Words


def head_html(view: AnswerView, words: Words = EN) -> str:
    """The answer itself: headline and edition. What can be done next stands right below it."""
    return (
        f'<article class="rc-answer rc-{view.tone}" aria-live="polite" '
        f'data-question="{escape(view.question)}">'
        f'<p class="rc-eyebrow">{escape(view.eyebrow)}</p>{_lead(view.lead, words)}{_badges(view.badges)}'
        f"{_fold(view, view.lead.citations, words)}</article>"
    )


def body_html(view: AnswerView, words: Words = EN) -> str:
    """The rest: statements, what was read, what was withheld, notes."""
    parts = [
        f'<article class="rc-answer rc-{view.tone}">',
        _statements(view, words),
        _table(view, words),
        _findings(view.findings, view.tone, words),
        _to_grade(view, words),
        _withheld(view.withheld, words),
        _notices(view.notices),
        _fold(view, _uncited(view), words),
        "</article>",
    ]
    return "".join(parts)


def actions_html(view: AnswerView, words: Words = EN) -> str:
    """Copy, link and print, and one line on how the answer was made."""
    copies = [
        ("content_copy", words.copy_report, report_text(view)),
        ("format_quote", words.copy_references, referenced_text(view)),
    ]
    buttons = [copy_button(name, label, text, words) for name, label, text in copies] * (
        view.tone in ("answer", "disputed")
    )
    buttons.append(
        f'<button class="rc-action" data-copy-link data-copied="{escape(words.copied)}">'
        f"{icon('link')}<span>{escape(words.copy_link)}</span></button>"
    )
    buttons.append(
        f'<button class="rc-action" data-print>{icon("print")}<span>{escape(words.print)}</span></button>'
    )
    made = " · ".join([view.mode, view.index, words.took(view.elapsed_ms)])
    return (
        f'<div class="rc-actions">{"".join(buttons)}</div>'
        f'<p class="rc-made">{icon("memory" if "llm" in view.mode else "fact_check")}{escape(made)}</p>'
    )


def chips_html(chips: Iterable[Chip], words: Words = EN) -> str:
    """What was read, solid; what is missing, dashed; each opens the other values it could have."""
    return "".join(_chip(chip, words) for chip in chips)


def _chip(chip: Chip, words: Words) -> str:
    kind = "rc-chip rc-missing" if chip.missing else "rc-chip"
    title = words.missing_title if chip.missing else chip.label
    said = escape(words.missing.format(label=chip.label) if chip.missing else chip.text)
    name = "" if chip.missing else f'<span class="rc-sr">{escape(chip.label)}: </span>'
    if not chip.ways:
        return f'<span class="{kind}" title="{escape(title)}">{name}{said}</span>'
    ways = "".join(
        f'<a href="./?{escape(urlencode({"q": way.question}))}" target="_self">'
        f"{escape(way.label)}</a>"
        for way in chip.ways
    )
    return (
        f'<details class="{kind} rc-ways" name="rc-ways"><summary title="{escape(title)}">'
        f"{name}{said}{icon('arrow_drop_down')}</summary><div>{ways}</div></details>"
    )


def _lead(lead: Line, words: Words) -> str:
    """The answer in large type, its name the heaviest; what qualifies it below, smaller."""
    first, rest = first_part(lead.text)
    name, colon, said = first.partition(": ")
    if not colon or len(name) > 40:
        name, colon, said = "", "", first
    named = f"<b>{escape(name)}:</b> " if colon else ""
    size = "rc-long" if len(first) > 80 else "rc-short"
    if not rest:
        return f'<h1 class="rc-lead {size}">{named}{_cited(said, lead.citations, words)}</h1>'
    more = f'<span class="rc-rest">{_cited(rest.lstrip("; ."), lead.citations, words)}</span>'
    sign = f'<span class="rc-sr">{escape(rest[:1])} </span>'
    return f'<h1 class="rc-lead {size}">{named}{escape(said)}{sign}{more}</h1>'


def _cited(text: str, numbers: Sequence[int], words: Words) -> str:
    """A text with its citation marks, the first of which never stands alone on a line."""
    if not numbers:
        return escape(text)
    before, space, last = text.rpartition(" ")
    glued = f'<span class="rc-glue">{escape(last)}{_cites(numbers[:1], words)}</span>'
    return f"{escape(before)}{space}{glued}{_cites(numbers[1:], words)}"


def _cites(numbers: Iterable[int], words: Words) -> str:
    return "".join(
        f'<a class="rc-cite" href="#evidence-{n}" data-cite="{n}" '
        f'aria-label="{escape(words.evidence_n.format(n=n))}">{n}</a>'
        for n in numbers
    )


def _badges(badges: Sequence[Badge]) -> str:
    items = "".join(
        f"<li>{badge_html(badge)}<small>{escape(badge.detail)}</small></li>" for badge in badges
    )
    return f'<ul class="rc-badges">{items}</ul>' if items else ""


def _statements(view: AnswerView, words: Words) -> str:
    """The statements below the lead; on narrow pages each unfolds its evidence."""
    items = "".join(_statement(line, view, words) for line in view.lines)
    return f'<ul class="rc-lines">{items}</ul>' if items else ""


def _statement(line: Line, view: AnswerView, words: Words) -> str:
    verdict = words.partly if line.partly else words.supported
    mark = icon("question_mark" if line.partly else "alt_route" if line.reading else "check")
    said = f'<span class="rc-partly">{escape(words.partly)}</span>' if line.partly else ""
    return (
        f'<li class="{_kind(line)}">'
        f'<span class="rc-verdict" title="{escape(verdict)}">{mark}<span class="rc-sr">{escape(verdict)}: </span></span>'
        f"<div>{_cited(line.text, line.citations, words)}{said}{_fold(view, line.citations, words)}</div></li>"
    )


def _table(view: AnswerView, words: Words) -> str:
    if view.table is None:
        return ""
    return procedures_html(view.table, words.best_so_far if view.tone == "details" else "", words)


def _uncited(view: AnswerView) -> tuple[int, ...]:
    """Evidence that no statement cites: on narrow pages it has no statement to fold under."""
    cited = {n for line in (view.lead, *view.lines) for n in line.citations}
    return tuple(card.n for card in view.cards if card.n not in cited)


def _kind(line: Line) -> str:
    return ("rc-unsure" if line.partly else "rc-sure") + " rc-reading" * line.reading


def _fold(view: AnswerView, numbers: Sequence[int], words: Words) -> str:
    cards = [card for card in view.cards if card.n in numbers]
    if not cards:
        return ""
    editions = dict.fromkeys(card.badge.label for card in cards)
    named = f"{', '.join(str(card.n) for card in cards)} · {', '.join(editions)}"
    inner = "".join(card_html(card, words) for card in cards)
    return (
        f'<details class="rc-fold"><summary>{escape(words.evidence)} {escape(named)}</summary>'
        f"{inner}</details>"
    )


def _findings(findings: Sequence[Finding], tone: str, words: Words) -> str:
    """What was read of each finding; a second finding also shows its own headline."""
    return "".join(_finding(f, i > 0, tone, words) for i, f in enumerate(findings))


def _to_grade(view: AnswerView, words: Words) -> str:
    """The way to the form where what was read can be corrected."""
    systems = list(dict.fromkeys(finding.badge.guideline for finding in view.findings))
    if not any(finding.chips for finding in view.findings):
        return ""
    query = urlencode({"g": systems, "t": view.question}, doseq=True)
    return (
        f'<p class="rc-tograde"><a class="rc-link" href="grade?{escape(query)}" target="_self">'
        f"{icon('edit')} {escape(words.correct_in_grade)}</a></p>"
    )


def _finding(finding: Finding, further: bool, tone: str, words: Words) -> str:
    shown = further and finding.headline
    head = f'<h3 class="rc-also">{escape(finding.headline)}</h3>' if shown else ""
    readings = "".join(
        f"<li><b>{escape(said)}</b><span>{escape(words.basis)}: {escape(basis)}</span></li>"
        for said, basis in finding.readings
    )
    possible = "".join(f'<span class="rc-open">{escape(p)}</span>' for p in finding.possible)
    chips = chips_html(finding.chips, words)
    only_missing = all(chip.missing for chip in finding.chips)
    notes = "".join(f'<p class="rc-note">{escape(note)}</p>' for note in finding.notes)
    parts = [
        head,
        f'<ul class="rc-readings">{readings}</ul>' if readings else "",
        _labelled(words.still_possible, possible),
        _labelled(words.missing_title if only_missing else words.read_from_text, chips),
        notes,
    ]
    return f'<section class="rc-finding">{"".join(parts)}</section>' if any(parts) else ""


def _labelled(label: str, inner: str) -> str:
    return (
        f'<div class="rc-row"><span class="rc-label">{escape(label)}</span>'
        f'<span class="rc-chips">{inner}</span></div>'
        if inner
        else ""
    )


def _withheld(withheld: Sequence[tuple[str, str]], words: Words) -> str:
    if not withheld:
        return ""
    count = words.withheld_many.format(n=len(withheld))
    first = f"{words.withheld_one}: {withheld[0][1]}"
    items = "".join(
        f"<li><s>{escape(text)}</s><span>{escape(reason)}</span></li>" for text, reason in withheld
    )
    return (
        f'<details class="rc-withheld"><summary>{icon("gpp_maybe")}'
        f"{escape(first if len(withheld) == 1 else count)}</summary><ul>{items}</ul></details>"
    )


def _notices(notices: Sequence[str]) -> str:
    items = "".join(f"<li>{icon('info')}<span>{escape(text)}</span></li>" for text in notices)
    return f'<ul class="rc-notices">{items}</ul>' if items else ""
