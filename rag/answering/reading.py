"""A reader's text taken apart: words, phrases and the chunks that hold together.

Chunks are what lies between commas, brackets, sentence ends and joining words ("with", "and",
"but" ...); a measurement or an adjective speaks about something in its own chunk, or about what
the sentence is about. A chunk never cuts a phrase of the glossary in two.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from rag.knowledge.glossary import ROLE, Glossary, Organ
from rag.knowledge.phrases import Mention
from rag.knowledge.words import fold, inside
from rag.types import Span

ORGANS = ("lung", "thyroid", "breast")

CONSUMING_ROLES = (
    "@ignore",
    "@composition_detail",
    "@halo",
    "@no_nodule",
    "@no_foci",
    "@no_suspicious",
)
"""Roles that leave nothing to read in the words they cover."""

_CUE_ROLES = ("@negation_before", "@negation_after", "@uncertain_before", "@uncertain_after")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of text; ``opener`` is what stands before it (``""`` opens a sentence)."""

    span: Span
    opener: str
    sentence: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its phrases and chunks; ``folded`` has the same places as ``text``.

    ``starts`` are the places where the chunks start.
    """

    text: str
    folded: str
    mentions: tuple[Mention, ...]
    chunks: tuple[Chunk, ...]
    starts: tuple[int, ...]
    glossary: Glossary
    organ: Organ | None = None

    def said(self, span: Span) -> str:
        """The reader's own words at ``span``."""
        return self.text[span[0] : span[1]]

    def chunk_at(self, place: int) -> int:
        """The number of the chunk that holds the character at ``place``."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def sentence_at(self, place: int) -> int:
        """The number of the sentence that holds the character at ``place``."""
        return self.chunks[self.chunk_at(place)].sentence

    def of(self, layer: str) -> tuple[Mention, ...]:
        """Mentions of one layer, in order."""
        return tuple(mention for mention in self.mentions if mention.layer == layer)

    def roles_in(self, span: Span, *roles: str) -> tuple[Mention, ...]:
        """Mentions of the given roles that lie within ``span``."""
        layers = {f"{ROLE}{role}" for role in roles}
        return tuple(m for m in self.mentions if m.layer in layers and inside(m.span, span))


def read(
    text: str, glossary: Glossary, kept_whole: Iterable[Span] = (), organ: Organ | None = None
) -> Reading:
    """``text`` with what its phrases say; ``kept_whole`` are places that chunks may not cut.

    ``organ`` is what the text is about, where the caller knows it; else the words tell.
    """
    folded = fold(text)
    found = glossary.mentions(folded)
    about = organ or organ_meant(folded, found)
    mentions = _without_swallowed(
        _of_organ(folded, _of_cysts_only_beside_one(found), about, glossary)
    )
    whole = [*kept_whole, *(m.span for m in mentions)]
    chunks = split_chunks(folded, whole)
    starts = tuple(chunk.span[0] for chunk in chunks)
    return Reading(text, folded, mentions, chunks, starts, glossary, about)


def _of_cysts_only_beside_one(found: Iterable[Mention]) -> tuple[Mention, ...]:
    """Without what is said of changes in a cyst where there is none, or only one of another organ: "new
    ground-glass opacity" is then a new nodule, and its "new" must not be swallowed."""
    every = tuple(found)
    theirs = [mention.span for mention in every if mention.layer == "@other_organ"]
    cyst = any(
        mention.layer == "@cyst" and not any(inside(mention.span, span) for span in theirs)
        for mention in every
    )
    return tuple(mention for mention in every if cyst or mention.layer != "cyst_change")


def organ_meant(folded: str, mentions: Iterable[Mention]) -> Organ | None:
    """The organ that most words point to; a word that names it counts more than one that hints.

    What comes after the last nodule of the text counts less ("... The thyroid is enlarged."), and
    an organ called normal not at all. ``None`` where nothing points anywhere; of equals the one
    named first.
    """
    found = tuple(mentions)
    history = [m.span for m in found if m.layer == "known_cancer"]
    nouns = [m for m in found if m.layer in _OWN_NOUNS]
    last = max((m.span[1] for m in nouns), default=len(folded))
    votes: dict[Organ, float] = {}
    for mention in found:
        if mention.layer[1:] not in ORGANS or any(inside(mention.span, span) for span in history):
            continue
        start, end = _sentence_around(folded, mention.span[0])
        beside = bool(nouns) and not any(start <= m.span[0] < end for m in nouns)
        if beside and _unremarkable().search(folded, start, end):
            continue
        weight = 4.0 if mention.value == "sure" else 1.0
        later = beside and start >= last and "rads" not in folded[slice(*mention.span)]
        votes[mention.layer[1:]] = votes.get(mention.layer[1:], 0) + weight / (3 if later else 1)
    return max(votes, key=lambda organ: votes[organ]) if votes else None


_OWN_NOUNS = ("@nodule", "@cyst", "@airway")


def _sentence_around(folded: str, place: int) -> Span:
    ends = [m.start() for m in re.finditer(r"[.!?;\n](?!\d)", folded)]
    before = max((end + 1 for end in ends if end < place), default=0)
    return before, min((end for end in ends if end >= place), default=len(folded))


@cache
def _unremarkable() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:unremarkable|normal|clear|negative|no abnormalit\w+|intact)\b|정상|이상 없|특이 소견 없"
    )


def _of_organ(
    folded: str, mentions: Iterable[Mention], organ: Organ | None, glossary: Glossary
) -> tuple[Mention, ...]:
    """Leave out what other organs' descriptors say, and the organ's own nouns among the others'."""
    excluded = {
        "lung": ("thyroid", "breast"),
        "thyroid": ("lung", "breast"),
        "breast": ("lung", "thyroid"),
    }
    others = excluded[organ] if organ else ("breast",)
    found = tuple(mentions)
    own_words = {m.span for m in found if organ and glossary.organ_of(m.layer) == organ}
    own_name = organ if organ in ("thyroid", "breast") else None
    return tuple(
        m
        for m in found
        if glossary.organ_of(m.layer) not in others
        and (organ == "thyroid" or m.layer not in ("@no_foci", "@no_suspicious"))
        and (organ != "breast" or m.layer != "@no_nodule")
        and not (m.layer == "@other_organ" and organ == "breast" and m.span in own_words)
        and not (m.layer == "@other_organ" and own_name and own_name in folded[slice(*m.span)])
    )


def _without_swallowed(mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Leave out what a longer phrase of another layer has already used up."""
    kept: list[Mention] = []
    around: list[Mention] = []
    for start, starting in groupby(sorted(mentions, key=lambda m: m.span), lambda m: m.span[0]):
        here = tuple(starting)
        around = [*(m for m in around if m.span[1] > start), *here]
        kept += (m for m in here if not any(_swallows(other, m) for other in around))
    return tuple(sorted(kept, key=lambda m: (m.span, m.layer, m.value)))


def _swallows(big: Mention, small: Mention) -> bool:
    if big is small or not inside(small.span, big.span):
        return False
    longer = big.span != small.span
    if big.layer in CONSUMING_ROLES:
        return small.layer not in (*CONSUMING_ROLES, "suspicious_features")
    if small.layer in _CUE_ROLES:
        return longer and (not big.layer.startswith(ROLE) or big.layer == "@hypothetical")
    if big.layer == "@component":
        return small.layer in ("nodule_type", "composition", "@nodule")
    if big.layer == "@nodule":
        return longer and small.layer == "@other_organ"
    if big.layer == "calcification":
        return longer and small.layer == "@other_organ"  # "calcified granuloma" is the nodule
    if big.layer == "@airway":
        return small.layer in ("@nodule", "obstructing_nodule")
    if big.layer == "@other_organ":
        return small.layer in ("@nodule", "@cyst", "@wall", "@airway") or _of_that_organ(small)
    if big.layer in ("punctate_foci", "macrocalcification", "rim_calcification", "comet_tail"):
        return longer and small.layer in ("echogenicity", "composition")
    if big.layer == "known_cancer":
        return small.layer == "metastasis"
    if big.layer == "cyst_change":
        return small.layer in ("timing", "@wall", "cyst_wall") and longer
    if big.layer == "timing":
        return longer and small.layer in (
            "@another",
            "@former",
            "@current",
            "@same",
            "shape",
            "@no_nodule",
            "@nodule",
        )
    return False


def _of_that_organ(mention: Mention) -> bool:
    """What stands inside another organ's noun says nothing of the finding, but for spread of disease."""
    spread = ("lymphadenopathy", "suspicious_node", "metastasis", "exam_context", "known_cancer")
    return not mention.layer.startswith(ROLE) and mention.layer not in spread


@cache
def _boundary() -> re.Pattern[str]:
    sentence = r"(?<!\bvs)(?<!\bca)(?<!\bapprox)(?<!\bdr)(?<!\be\.g)(?<!\bi\.e)(?!(?<=\bno)\.\s?\d)\.(?=\s|$|[\"'\)])|[!?;\n\u3002]|(?<!image )(?<!im )(?<!series )(?<!slice )#(?=\s?\d)"
    joint = r"[,:](?!\d)|[()\[\]\"]|(?<=\s)-(?=\s)|(?<=\w)/(?=\w)|(?<=\s)/(?=\s)|\bw/(?=\s)"
    words = (
        "as well as|together with|with|and|but|plus|while|whereas|which|that|including|containing"
        "|having|showing|however|although|though|except"
    )
    hangul = r"그리고|하지만|그러나|및"
    return re.compile(rf"(?P<stop>{sentence})|(?P<joint>{joint}|\b(?:{words})\b|{hangul})")


def split_chunks(folded: str, kept_whole: Iterable[Span]) -> tuple[Chunk, ...]:
    """Cut a folded text into chunks, never inside one of ``kept_whole``."""
    whole = bytearray(len(folded) + 1)
    for span_start, span_end in kept_whole:
        whole[span_start:span_end] = b"\x01" * (span_end - span_start)
    chunks: list[Chunk] = []
    start, opener, sentence = 0, "", 0
    for match in _boundary().finditer(folded):
        if any(whole[match.start() : match.end()]):
            continue
        piece = folded[start : match.start()].strip()
        _keep(chunks, folded, Chunk((start, match.start()), opener, sentence))
        sentence += match.group("stop") is not None
        opener = _opener(match, before="" if piece else opener)
        start = match.end()
    _keep(chunks, folded, Chunk((start, len(folded)), opener, sentence))
    return tuple(chunks) or (Chunk((0, len(folded)), "", 0),)


def _opener(match: re.Match[str], before: str) -> str:
    """Of two joints in a row (", and") the word says more than the sign."""
    here: str = match.group("joint") or ""
    return before if here and not here.isalpha() and before.isalpha() else here


def _keep(chunks: list[Chunk], folded: str, chunk: Chunk) -> None:
    if folded[chunk.span[0] : chunk.span[1]].strip():
        chunks.append(chunk)
