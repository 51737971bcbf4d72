"""Editions: the one a statement names is the one it cites, and old ones are named."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.grounding.mentions import quoted
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.systems import edition_names, editions
from rag.answering.grounding.text import ARROW, plain
from rag.types import Evidence, Passage, Statement

_CHECK = "edition"
_FROM_TO = re.compile(r"\bfrom (?:version )?v?[\d.]+ to (?:version )?v?[\d.]+", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?![^()]*edition)[^()]*\)", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_FORMER = re.compile(r"\b(?:had|former|previous|earlier|old|before|used to)\b", re.IGNORECASE)


def check_edition(part: Part, unit: Unit) -> CheckResult:
    """The editions named are the passage's; what holds for another edition says so."""
    own = {mention.concept for mention in editions(part.text)} | set(_YEAR.findall(part.text))
    there = {mention.concept for mention in editions(_BRACKETS.sub("", unit.text))}
    known = {mention.concept for mention in editions(unit.text)} | edition_names(unit.edition)
    wrong = tuple(m.span for m in editions(part.text) if m.concept not in known)
    if wrong:
        reason = f"the cited passage is {unit.edition.label}, not {quoted(part.text, wrong)}"
        return contradicted(_CHECK, reason, wrong)
    for result in (_names_other(part, unit, own, there), _new_state(part, unit)):
        if not result.passed:
            return result
    return passed(_CHECK)


def _names_other(part: Part, unit: Unit, own: set[str], there: set[str]) -> CheckResult:
    """A passage that speaks of other editions supports only statements that name one of its own."""
    if not there or "x" in "".join(there):
        return passed(_CHECK)
    said = own or {m.concept for m in editions(f"{part.before} {part.asked.question}")}
    current = edition_names(unit.edition)
    if said & there or (there <= current and not unit.edition.superseded):
        return passed(_CHECK)
    return unsupported(_CHECK, f"does not say that this holds for {'/'.join(sorted(there))}")


def _new_state(part: Part, unit: Unit) -> CheckResult:
    """In ``v1.1 -> v2022: ...`` the change is v2022's; a statement may not give it to v1.1 alone."""
    head = unit.text.split(":")[0]
    order = [mention.concept for mention in editions(head)]
    if len(order) != 2 or not (ARROW.search(head) or _FROM_TO.search(head)):
        return passed(_CHECK)
    named = list(editions(part.text))
    own = [mention.concept for mention in named]
    if own and order[1] not in own and not _FORMER.search(part.text):
        spans = tuple(mention.span for mention in named)
        return contradicted(_CHECK, f"the change came with {order[1]}, not {order[0]}", spans)
    if own[:2] == order[::-1] and re.search(r"\bfrom\b", part.text):
        return contradicted(_CHECK, f"the change went from {order[0]} to {order[1]}")
    return passed(_CHECK)


def check_one_edition(
    statement: Statement, cited: Sequence[Evidence], question: str = ""
) -> CheckResult:
    """Two editions of one guideline are not mixed; a superseded one is named in the statement."""
    said = f"{statement.text} {question}"
    named = {mention.concept for mention in editions(said)} | set(_YEAR.findall(said))
    by_title: dict[str, set[str]] = {}
    for item in cited:
        edition = item.passage.edition
        by_title.setdefault(edition.title, set()).add(edition.edition)
        told = {mention.concept for mention in editions(item.passage.text)}
        if edition.superseded and not named & (edition_names(edition) | told):
            return unsupported(_CHECK, f"rests on the superseded {edition.label} without naming it")
    for title, found in by_title.items():
        if len(found) > 1 and len(named) < len(found):
            listed = ", ".join(sorted(found))
            return unsupported(_CHECK, f"mixes editions of {title} ({listed}) without naming them")
    return passed(_CHECK)


def without_own_edition(text: str, cited: Sequence[Passage]) -> tuple[str, ...]:
    """The statement without "In Lung-RADS v2022," and with the bare "Lung-RADS" for it, where all cited
    passages are that edition's and speak of no other: the header path says so already, and names the section.
    """
    labels_cited = {passage.edition.label for passage in cited}
    if len(labels_cited) != 1 or any(_speaks_of_another_edition(passage) for passage in cited):
        return ()
    edition = cited[0].edition
    label = re.escape(plain(edition.label))
    said_above = "|".join(map(re.escape, _section_words(cited))) or "(?!)"
    left_out = re.sub(
        rf"^(?:in|by|under|for|according to|per) (?:the )?{label}(?: edition\b)?(?: (?:{said_above})\b)*,?\s+(?=\S)",
        "", text, flags=re.IGNORECASE,
    )  # fmt: skip
    bare_title = re.sub(label, plain(edition.title), text, flags=re.IGNORECASE)
    return tuple(dict.fromkeys(x for x in (left_out, bare_title) if x != text))


def _section_words(cited: Sequence[Passage]) -> set[str]:
    """Words that stand in the section names of all these passages."""
    return set.intersection(*(set(re.findall(r"[a-z]+", p.section.lower())) for p in cited))


def _speaks_of_another_edition(passage: Passage) -> bool:
    told = {mention.concept for mention in editions(passage.text)}
    return bool(told - edition_names(passage.edition))
