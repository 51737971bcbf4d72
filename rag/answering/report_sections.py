"""Parts of a pasted report: sections about other organs, sentences of advice, places of findings."""

from __future__ import annotations

import re
from functools import cache

from rag.types import Span


@cache
def _header() -> re.Pattern[str]:
    return re.compile(r"(?:(?<=[.;\n])|^)\s*(?P<name>[a-z][a-z /&,-]{2,40}?)\s*:(?!\d)")


@cache
def _other_section() -> re.Pattern[str]:
    parts = (
        r"mediastin\w*|heart|cardi\w+|vessels?|vascul\w+|great vessels|aorta|pleura\w*|lymph nodes?|nodes|hil(?:a|um)|bones?|osseous\w*"
        r"|musculoskeletal|skeleton|spine|chest wall|soft tissues?|(?:upper )?abdomen|liver|adrenals?|kidneys?|thyroid|neck|lower neck|breasts?"
        r"|devices?|tubes?|lines?|oesophagus|esophagus|technique|comparison|coronar\w+|diaphragm|dose"
    )
    return re.compile(rf"\b(?:{parts})\b")


def other_sections(folded: str) -> tuple[Span, ...]:
    """The sections of a chest report that are about other organs, or about how it was made."""
    headers = list(_header().finditer(folded))
    ends = [*(h.start() for h in headers[1:]), len(folded)]
    named = zip(headers, ends if headers else (), strict=True)
    return tuple(
        (h.start(), _end(folded, h, end)) for h, end in named if _is_other(h.group("name"))
    )


@cache
def _of_one_sentence() -> re.Pattern[str]:
    """Headers after which one sentence says how the examination was made or with what it is compared."""
    return re.compile(r"\b(?:technique|comparison|dose)\b")


def _end(folded: str, header: re.Match[str], end: int) -> int:
    """Where a section ends: at the next header, those on the examination itself with their sentence."""
    if not _of_one_sentence().search(header.group("name")):
        return end
    stop = re.compile(r"[.;](?=\s)|\n").search(folded, header.end(), end)
    return stop.end() if stop else end


def _is_other(name: str) -> bool:
    lungs = re.search(
        r"\b(?:lungs?|airways?|nodul\w+|parenchyma|findings|impression|screening|ldct|ct)\b", name
    )
    return lungs is None and _other_section().search(name) is not None


@cache
def advice() -> re.Pattern[str]:
    """Sentences that quote a guideline's advice after a finding has been described."""
    return re.compile(
        r"\W*(?:recommend\w*|suggest\w*|advise\w*|for (?:incidental\w*|a (?:single|solitary|solid)|single|solitary|patients|low[ -]risk|high[ -]risk)"
        r"|per (?:the )?(?:fleischner|lung|acr|guideline)|according to|follow[ -]?up (?:chest )?(?:ct|imaging|ldct)? ?(?:in|at|is|recommended|should|every))\b"
    )


@cache
def _place() -> re.Pattern[str]:
    side = r"right|left|rt\.?|lt\.?|우측|좌측|오른쪽|왼쪽"
    return re.compile(
        rf"\b(?:rul|rml|rll|lul|lll|lingula|isthmus)\b|\b(?:{side})\s+(?:(?:upper|middle|lower|mid)\s*-?)?\s*(?:lobe|pole|thyroid|breast|lung)"
        r"|우상엽|우중엽|우하엽|좌상엽|좌하엽|우엽|좌엽|협부"
    )


@cache
def _item() -> re.Pattern[str]:
    side = r"right|left|rt\.?|lt\.?|rul|rml|rll|lul|lll|lingula|isthmus|우측|좌측|우상엽|우중엽|우하엽|좌상엽|좌하엽|우엽|좌엽|협부"
    return re.compile(rf"[\s\-*•]*(?:(?:\d{{1,2}}|[a-d])[.):]\s*)?(?P<place>{side})(?![a-z])")


def item_place(folded: str, start: int) -> str | None:
    """The side or lobe with which an item of a list starts ("RLL 9 mm solid"); ``None`` else."""
    match = _item().match(folded, start)
    return match.group("place").rstrip(".") if match else None


_SHORT = {"rul": "right upper lobe", "rml": "right middle lobe", "rll": "right lower lobe", "lul": "left upper lobe", "lll": "left lower lobe",
          "우상엽": "right upper lobe", "우중엽": "right middle lobe", "우하엽": "right lower lobe", "좌상엽": "left upper lobe", "좌하엽": "left lower lobe",
          "우엽": "right lobe", "좌엽": "left lobe"}  # fmt: skip


def places_in(folded: str) -> set[str]:
    """Lobes and sides named in a folded text, each in one spelling."""
    said = (
        " ".join(m.group().replace("rt.", "right").replace("lt.", "left").split())
        for m in _place().finditer(folded)
    )
    return {_SHORT.get(place, place) for place in said}


@cache
def _marker() -> re.Pattern[str]:
    number, letter = r"(?P<n>\d{1,2})", r"(?P<a>[a-h])"
    return re.compile(
        rf"(?:(?<=^)|(?<=[\n.;:,])|(?<=[.;:,]\s))\s*(?:\({number}\)|n(?P<n2>\d{{1,2}})\b[.):]?|#\s?(?P<n3>\d{{1,2}})\b[.):]?|{letter}[.)]\s|(?P<n4>\d{{1,2}})[.)]\s)"
    )


def list_entries(folded: str) -> list[int]:
    """Where the entries of a list start that is counted from 1 or a in order; empty where there is none.

    >>> list_entries("two nodules. (1) right, 2 cm (2) left, 1 cm")
    [16]
    >>> list_entries("nodules:\\na. rt 6 mm\\nb. lt 7 mm")
    [12, 23]
    >>> list_entries("score (0) is no entry")
    []
    """
    found: list[int] = []
    for match in _marker().finditer(folded):
        groups = match.groupdict()
        number = next((groups[k] for k in ("n", "n2", "n3", "n4") if groups[k]), None)
        place = int(number) if number else ord(groups["a"]) - ord("a") + 1
        if place == len(found) + 1:
            found.append(match.end())
    return found
