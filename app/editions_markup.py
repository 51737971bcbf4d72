"""Editions of one guideline: all of them as links, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.badge import Badge
from app.html_parts import badge_html, guideline_address
from app.words import EN, Words
from rag.knowledge.edition_diff import Change, EditionDiff
from rag.knowledge.facts import Fact


def editions_html(badges: Sequence[Badge], shown: str, words: Words = EN) -> str:
    """Every edition on the shelf, the one that is shown marked; nothing where there is only one."""
    if len(badges) < 2:
        return ""
    items = "".join(_edition(badge, badge.guideline == shown) for badge in badges)
    label = escape(words.editions)
    return f'<nav class="rc-editions" aria-label="{label}"><span class="rc-label">{label}</span><ul>{items}</ul></nav>'


def _edition(badge: Badge, shown: bool) -> str:
    inner = badge_html(badge)
    if shown:
        return f'<li aria-current="page">{inner}</li>'
    href = escape(guideline_address(badge.guideline))
    return f'<li><a class="rc-link" href="{href}" target="_self">{inner}</a></li>'


def differences_html(diff: EditionDiff, words: Words = EN) -> str:
    """What changed, both sides with their own sentences."""
    rows = "".join(_change(change, words) for change in diff.changes)
    head = "".join(
        f'<th scope="col">{escape(text)}</th>' for text in ("", diff.old.label, diff.new.label)
    )
    title = escape(words.differences.format(edition=diff.old.label))
    return (
        f'<details class="rc-more rc-differences"><summary>{title} <span>{len(diff.changes)}</span>'
        f'</summary><div class="rc-tablebox" tabindex="0"><table class="rc-table"><thead><tr>{head}'
        f"</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _change(change: Change, words: Words) -> str:
    kind = words.change_kinds[change.kind]
    was, now = _facts(change.was, change.old.guideline), _facts(change.now, change.new.guideline)
    return (
        f'<tr class="rc-{change.kind}"><td><b>{escape(change.topic)}</b><br><span class="rc-kindof">'
        f"{escape(kind)}</span><p>{escape(change.sentence)}</p></td><td>{was}</td><td>{now}</td></tr>"
    )


def _facts(facts: Sequence[Fact], guideline: str) -> str:
    return "".join(
        f'<p><a class="rc-plain" href="{escape(guideline_address(guideline, fact.id))}" '
        f'target="_self">{escape(fact.fact)}</a></p>'
        for fact in facts
    )
