"""The guideline-text route: passages that answer the question, each sentence cited by itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from rag.answering.draft import Draft, EvidenceList, refusal
from rag.answering.orders import without_document_orders
from rag.answering.parts import Parts
from rag.answering.route import Routed
from rag.knowledge.shelf import Shelf
from rag.knowledge.words import fold
from rag.retrieval.answer_kind import kinds_wanted
from rag.retrieval.relevance import Judged
from rag.retrieval.tokens import tokens
from rag.types import Hit, Passage, Statement

SHOWN = 3
SHOWN_OF_A_PROTOCOL = 6
"""A protocol is several statements; who asks for the whole of it is shown more."""
CANDIDATES = 40
_FEWEST_WORDS = 8
"""A shorter piece of a document is a heading or a pointer to another text."""
_MARGIN = 2.5
"""A further passage is shown when its place in the order (a log of odds) is at most this lower."""
_OTHER_BODY = 4.0
"""The same for another body's passage of the same section."""
_BESIDE = 0.15
"""Probability from which the other body stands beside one that says that it differs."""
WEAK_MATCH = (
    "Weak match: this is the nearest sentence of your documents; it may not answer the question."
)
NEAREST = 5
"""Passages shown beside a refusal."""


def from_text(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None = None
) -> Draft:
    """Answer from the passages found, or say that none of them answers.

    ``guidelines`` restricts the search to exactly these; without it, systems that compete with
    one the question names stay out, and superseded editions unless the question names them.
    """
    judged = _judged(question, routed, parts, guidelines)
    given = tuple(item.hit for item in judged[: parts.settings.passages])
    chosen = _answering(question, routed, parts, judged)
    if not chosen:
        return _silent(question, given, parts)
    return _answer(question, chosen, given, parts)


def or_weak_match(
    draft: Draft, question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> Draft:
    """``draft``; where nothing covers the question, what a reader's document comes nearest to saying.

    Only the very nearest passage counts, it is quoted, and the notice says that it may not answer.
    """
    if draft.refusal is None or draft.refusal[0] != "not_covered":
        return draft
    judged = _judged(question, routed, parts, guidelines)
    nearest = fitting(judged, question, routed, parts)[:1]
    if not all(parts.nearly(i) and _said(i.hit.passage, question, parts) for i in nearest):
        return draft
    given = tuple(item.hit for item in judged[: parts.settings.passages])
    said = _answer(question, nearest, given, parts) if nearest else draft
    return replace(said, notices=(*draft.notices, WEAK_MATCH)) if nearest else draft


def on_unheld_editions(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None = None
) -> Draft | None:
    """What passages say of editions that the shelf does not hold, ``None`` where none speaks of them."""
    named = [
        re.compile(rf"(?<![\w.]){re.escape(edition)}(?![\d.]*\d)", re.IGNORECASE)
        for edition in routed.unknown_editions
    ]
    found = passages_for(question, routed, parts, guidelines)
    chosen = [i for i in found if all(name.search(i.hit.passage.text) for name in named)]
    return _answer(question, chosen, tuple(i.hit for i in found), parts) if chosen else None


def _answer(question: str, chosen: Sequence[Judged], given: tuple[Hit, ...], parts: Parts) -> Draft:
    """The answer that these passages are."""
    evidence = EvidenceList()
    statements = tuple(_statement(item, question, parts, evidence) for item in chosen)
    return Draft(
        route="guideline_text",
        outcome="answer",
        statements=statements,
        evidence=evidence.items,
        retrieved=given,
    )


def passages_for(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None = None
) -> tuple[Judged, ...]:
    """The passages that :func:`from_text` would answer with; none where it would refuse."""
    return _answering(question, routed, parts, _judged(question, routed, parts, guidelines))


def likeliest(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None = None
) -> float:
    """Probability (0 to 1) that the best passage answers, accepted or not; 0 without any."""
    judged = fitting(_judged(question, routed, parts, guidelines), question, routed, parts)
    return judged[0].probability if judged else 0.0


def _judged(
    question: str, routed: Routed, parts: Parts, guidelines: Collection[str] | None
) -> tuple[Judged, ...]:
    """Candidates in order, old editions among them only where they may answer."""
    asked = guidelines or searched(question, routed, parts)
    old = bool(guidelines) or any(
        parts.shelf.edition(name).superseded for name in asked if name in parts.shelf.ids
    )
    return parts.judge(question, parts.search(question, CANDIDATES, asked, old))


def _answering(
    question: str, routed: Routed, parts: Parts, judged: Sequence[Judged]
) -> tuple[Judged, ...]:
    shown = SHOWN_OF_A_PROTOCOL if _protocol().search(question) else SHOWN
    near = fitting(judged, question, routed, parts)
    if "people" in kinds_wanted(question):  # who is eligible, before a grade or a date of the same
        near = tuple(sorted(near, key=lambda item: item.features["kind"] < 0))
    chosen = answering(near, parts, shown)
    said = [item for item in chosen if _said(item.hit.passage, question, parts)]
    past = _older().search(question) is not None
    return tuple(
        said if past else sorted(said, key=lambda i: _of_the_past(i.hit.passage, routed, parts))
    )


def _of_the_past(passage: Passage, routed: Routed, parts: Parts) -> bool:
    """Whether the passage says what a superseded edition held that the question does not name: it stands
    below what holds now."""
    shelf = parts.shelf
    if passage.edition.guideline not in shelf.entries:
        return False
    family = shelf.families[shelf.entries[passage.edition.guideline][0].family]
    old = (i for i in family if shelf.edition(i).superseded and i not in routed.editions_named)
    names = (re.escape(shelf.edition(i).edition.removeprefix("v")) for i in old)
    said = fold(passage.text)
    return any(re.search(rf"(?<![\w.])v?{name}(?![\d.]*\d)", said) for name in names)


def fitting(
    judged: Sequence[Judged], question: str, routed: Routed, parts: Parts
) -> tuple[Judged, ...]:
    """Those about the same part of the body, system and edition as the question."""
    return tuple(item for item in judged if _fits(item.hit.passage, question, routed, parts))


def _statement(item: Judged, question: str, parts: Parts, evidence: EvidenceList) -> Statement:
    text = _said(item.hit.passage, question, parts)
    return Statement(text, (evidence.cite(item.hit.passage, text),))


def _said(passage: Passage, question: str, parts: Parts) -> str:
    """The passage itself; of a document's paragraph the sentences that answer, quoted.

    A document is data: a sentence in it that gives orders to a program answers nothing.
    """
    if passage.kind != "document":
        return passage.text
    clean = without_document_orders(passage.text)
    text = parts.excerpt(question, clean, passage.search_text)
    return text if clean == passage.text or text in passage.text else ""


@cache
def _older() -> re.Pattern[str]:
    """Asking for the edition before the current one without naming it."""
    return re.compile(
        r"\b(?:previous|prior|older?|former|earlier|superseded)\b[^.?]{0,25}\b(?:versions?|editions?|guidelines?|[a-z-]*rads)\b"
        r"|\b(?:version|edition)\b[^.?]{0,30}\bbefore (?:v\.?\s?\d|20\d\d|the (?:current|new))",
        re.IGNORECASE,
    )


def searched(question: str, routed: Routed, parts: Parts) -> tuple[str, ...]:
    """Ids whose passages may answer: without scenarios, competing systems, unnamed old editions.

    An older edition may answer too where the question asks for the one before.
    """
    shelf = parts.shelf
    named = {shelf.entries[name][0].family for name in routed.guidelines if name in shelf.ids}
    older = bool(named) and _older().search(question) is not None
    return tuple(
        name
        for name in parts.searchable()
        if name not in shelf.ids
        or (name in routed.editions_named)
        or (_may_answer(name, named, shelf) and (older or not shelf.edition(name).superseded))
    )


def _may_answer(name: str, named_families: Collection[str], shelf: Shelf) -> bool:
    """Whether a guideline may answer where these families are named (none: any may)."""
    if name in shelf.with_topics:
        return False
    competes = shelf.has_tables(name) and shelf.entries[name][0].family not in named_families
    return not (named_families and competes)


def _fits(passage: Passage, question: str, routed: Routed, parts: Parts) -> bool:
    """Whether the passage is about the same part of the body, system and edition."""
    if passage.kind == "document" and _is_scrap(passage):
        return False
    if parts.regions.apart(_terms(question), _terms(f"{passage.search_text} {passage.text}")):
        return False
    folded = fold(passage.search_text)
    if routed.elsewhere and not any(name in folded for name in routed.elsewhere):
        return False
    if not routed.editions_named or passage.edition.guideline in routed.editions_named:
        return True
    named = (fold(parts.shelf.edition(name).edition) for name in routed.editions_named)
    return any(
        edition in folded or _version(edition.removeprefix("v")).search(folded) for edition in named
    )


@lru_cache(maxsize=64)
def _version(number: str) -> re.Pattern[str]:
    """An edition as documents print it in full: "Version 1.1"."""
    return re.compile(rf"\b(?:version|edition|release)\s+{re.escape(number)}(?![\w.]*\d)")


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _is_scrap(passage: Passage) -> bool:
    """A heading or pointer, and neither a table's row nor the short answer to a printed question."""
    short = len(passage.text.split()) < _FEWEST_WORDS
    return short and not passage.section.rstrip().endswith("?") and ": " not in passage.text


@cache
def _protocol() -> re.Pattern[str]:
    """Asking how an examination is done as a whole, not for one number of it."""
    return re.compile(
        r"\bprotocol(?:s|ed|led)?\b|\btechnique\b"
        r"|\bhow (?:do|does|should|would|to)\b[^?]*\b(?:perform|acquire|set up)\b",
        re.IGNORECASE,
    )


def answering(judged: Sequence[Judged], parts: Parts, shown: int = SHOWN) -> tuple[Judged, ...]:
    """The passages that answer, at most ``shown``: those accepted and not far behind the best.

    Of passages that rest on the same facts only the first is kept. A further passage speaks of no
    other agent, examination or patients than the first. Another body's word on the same matter is
    kept from further behind; a passage that only says how its body differs comes after the others.
    """
    accepted = [item for item in judged if parts.accepts(item)]
    if not accepted:
        return ()
    best = accepted[0]
    if _differs(best.hit.passage):
        others = (item for item in judged if _of_another_body(item, best))
        accepted += [i for i in others if i.probability >= _BESIDE and i not in accepted][:2]
    chosen: list[Judged] = []
    said: set[str] = set()
    for item in accepted:
        facts = set(item.hit.passage.fact_ids)
        if item is best or (_near(item, best) and _alike(item, best) and not facts <= said):
            chosen.append(item)
            said |= facts
    return tuple(sorted(chosen[:shown], key=lambda item: _differs(item.hit.passage)))


def _near(item: Judged, best: Judged) -> bool:
    another = _of_another_body(item, best)
    if another and _differs(best.hit.passage):
        return True
    return item.rank_score >= best.rank_score - (_OTHER_BODY if another else _MARGIN)


def _of_another_body(item: Judged, best: Judged) -> bool:
    """Whether it is another body's word on the same matter."""
    first, other = best.hit.passage, item.hit.passage
    return first.section == other.section and first.edition.issuer != other.edition.issuer


def _alike(item: Judged, best: Judged) -> bool:
    return all(item.features[name] <= best.features[name] for name in ("apart", "special"))


def _differs(passage: Passage) -> bool:
    return re.search(r"\bdiffers? from\b", passage.text) is not None


def _silent(question: str, given: tuple[Hit, ...], parts: Parts) -> Draft:
    """Nothing answers: outside radiology guidelines altogether, or near but not covered."""
    if not (parts.in_domain(question) or parts.regions.named_by(tokens(question))):
        return refusal(
            "none",
            "off_topic",
            "This is outside the guidelines on the shelf; radcite answers from radiology "
            "guidelines only.",
            retrieved=given,
        )
    evidence = EvidenceList()
    evidence.cite_all(hit.passage for hit in given[:NEAREST])
    return refusal(
        "guideline_text",
        "not_covered",
        "No guideline on the shelf answers this. The nearest passages are shown; "
        "they do not answer the question.",
        evidence=evidence.items,
        retrieved=given,
    )
