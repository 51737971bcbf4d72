"""Polarity: "not" where the passage says "not", and nowhere else; exceptions; opposites.

A negation reaches over a *window* of the words that follow it and stands in a *clause*. What the
statement negates must be negated in the passage, and what the passage mentions only under a
negation must not be affirmed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from rag.answering.grounding.attributes import denying_phrases
from rag.answering.grounding.labels import labels
from rag.answering.grounding.mentions import find, lexicon, mask, places, quoted
from rag.answering.grounding.modality import contrast
from rag.answering.grounding.quantities import UNIT_OF_BARE, quantities
from rag.answering.grounding.result import (
    CheckResult,
    Part,
    Unit,
    contradicted,
    passed,
    unsupported,
)
from rag.answering.grounding.text import plain, without_asides
from rag.answering.grounding.words import content_words, meaning_of, pieces
from rag.types import Span

_CHECK = "polarity"
_WINDOW = 4
_CUE = re.compile(
    r"\b(?:not(?! only| (?:be )?(?:larger|more|longer|thicker|wider|higher|greater|older|coarser|finer) than)"
    r"|cannot|no(?! longer\b| (?:larger|more|longer|thicker|wider|higher|greater|less|fewer|later|coarser|finer) than)|rather than|unlike|never|without|neither|nor|none|unless|except(?:ing)?)\b|n't\b",
    re.IGNORECASE,
)
_LEXICAL = lexicon(
    (
        "not",
        r"exclud\w+|absen(?:t|ce)|lacks?|lacking|unnecessary|needless|avoid\w*|contraindicated|fails? to|drop(?:s|ped)?"
        r"|remov(?:ed|es|al)|discontinu\w+|withdrawn|no longer(?! than)|ineligible|unsuitable|stop(?:s|ped|ping)?|paus(?:e|es|ed|ing)|abandon(?:ed|s|ing)?|retire[sd]?|prohibit\w*|forbidden|discourag\w+|non-?existent",
    )
)  # fmt: skip
_CLAUSE = re.compile(
    r"[,;:()]\s?|\.\s|->|→|\s(?=and\b(?!\s+\x01))|\s(?=(?:but|while|whereas|because|although|though|unless|if|when|where|once|so)\b)",
    re.IGNORECASE,
)
_FUNCTION = frozenset(
    "a an the is are was were be been being do does did has have had it its this that these those of in on at to by for with "
    "and or as any such there can may should will must if when but so than then from under over even also still just"
    " only whatever".split()
)
_EXCEPTION = re.compile(
    r"\b(?:unless|except(?:ing)?|other than|apart from|excluding|exempt\w*|without other|if no other)\b",
    re.IGNORECASE,
)
_PHRASE = re.compile(
    r"\s*(?:outside|in|at|on|under|over|after|before|for|during|among|by|according to|within|whatever|regardless|irrespective)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|does|do|did|may|can|should|must|will|would|might|cannot|need|apply|\w{4,}(?<!s)s)\b",
    re.IGNORECASE,
)
_REACH_ENDS = re.compile(
    r"\b(?:even|although|outside|regardless|whatever|or (?:with|in|for|at|on|when|if))\b",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(r"\b(?:none|not)[ .]*$", re.IGNORECASE)
"""A denial of what the clause before it says: "...; v1.0 had none", "...; Lung-RADS does not"."""

_ARTICLE = re.compile(r"\b(?:an?|the)\b", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:that|which|who)(?: (?:is|are|was|were|can|does|do|has|have))?\s*$", re.IGNORECASE
)
_PHRASE_ENDS = re.compile(
    r"(?<=\w)\s+(?=(?:the|is|are|was|were|has|have|may|can|should|must)\b)", re.IGNORECASE
)
_MAIN_VERB = re.compile(
    r"(?<=\w)\s+(?=(?:is|are|was|were|has|have|scores?|gets?|counts?|becomes?|stays?|needs?|receives?)\b)",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(r"\b(?:not|never|no)\b[^.,;]{0,20}$", re.IGNORECASE)
_WITHHELD = re.compile(r"\bwithh[eo]ld\w*", re.IGNORECASE)
_ONLY_WHEN = re.compile(r"\bonly (?:when|if|where)\b(?P<what>[^.;]*)", re.IGNORECASE)
_IF_NOT = re.compile(
    r"\b(?:when|if|where)\b(?P<what>[^,;]*\bnot\b[^,;]*),[^,;]*\bnot\b", re.IGNORECASE
)
_INSTEAD = re.compile(r"\b(?:instead|in place) of\b", re.IGNORECASE)
_PREFIXED = re.compile(r"\b(?:non-?|un|in)([a-z]{4,})\b", re.IGNORECASE)
_ABBREVIATED = re.compile(r"\(([A-Z][A-Za-z]{1,7})\)")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z'-]*|\x01\d+\x01")

OPPOSITES: tuple[tuple[str, str], ...] = (
    (r"benign", r"malignan\w*|cancer\w*"),
    (r"positive", r"negative"),
    (r"larger|bigger|greater", r"smaller"),
    (r"rais(?:e[sd]?|ing)|ris(?:e[sn]?|ing)|rose|increas\w+|upgrad\w+|lift\w*", r"lower(?:ed|s|ing)|fell|fall\w*|decreas\w+|downgrad\w+|reduc\w+"),
    (r"widen\w*|broaden\w*|expand\w*|extend\w*", r"narrow\w*|restrict\w*"),
    (r"given|gives?|administer\w*", r"withh[eo]ld\w*|omit\w*|avoid\w*|discontinu\w*"),
    (r"add(?:ed|s|ing)?", r"remov\w+|dropp?\w*|delet\w+"),
    (r"before|prior to|earlier than", r"after|later than"),
    (r"thin(?:ner)?", r"thick(?:er)?"),
    (r"includ\w+|covers?", r"exclud\w+"),
    (r"clarif\w+|keeps?|retain\w*", r"remov\w+|abolish\w*"),
    (r"more", r"less|fewer"),
    (r"above", r"below"),
    (r"highest|most", r"lowest|least"),
    (r"maximum", r"minimum"),
    (r"long(?:er|est)?", r"short(?:er|est)?"),
    (r"inspirat\w+", r"expirat\w+"),
    (r"unknown", r"known"),
    (r"unrelated", r"(?<!un)related"),
    (r"asymmetr\w+", r"(?<!a)symmetr\w+"),
    (r"current smok\w+", r"former smok\w+"),
)  # fmt: skip
_OPPOSITES = tuple(
    (re.compile(rf"\b(?:{a})\b", re.I), re.compile(rf"\b(?:{b})\b", re.I)) for a, b in OPPOSITES
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its words; ``windows`` holds, for each negation, the words it reaches."""

    text: str
    words: frozenset[str]
    windows: tuple[frozenset[str], ...]
    parity: int

    @property
    def prefixed(self) -> frozenset[str]:
        """Words denied by their prefix: "nonperipheral", "unsure"."""
        return frozenset(meaning_of(found[1]) for found in _PREFIXED.finditer(self.text))

    @property
    def negated(self) -> bool:
        return bool(self.windows)


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """``text`` without bounds and contrast, whose "no more than" and "without" are not negations.

    Labels and quantities stand as numbered marks, so that a negation can reach them.
    """
    source = _ABBREVIATED.sub(r" \1 ", plain(text))
    marked = list(mask(source, places(contrast(source), denying_phrases(source))))
    for quantity in quantities(source):
        if quantity.dimension == UNIT_OF_BARE and quantity.ends == (0, 0):
            _put(marked, quantity.span, " no ")
        else:
            _write(marked, quantity.span, f"{quantity.dimension}{quantity.ends}")
    for label in labels(source):
        _write(marked, label.span, label.label)
    return "".join(marked)


def _write(characters: list[str], span: Span, name: str) -> None:
    """Put the mark of this name where the span is."""
    _put(characters, span, f" \x01{crc32(name.encode())}\x01 ")


def _put(characters: list[str], span: Span, text: str) -> None:
    characters[span[0]] = text
    for at in range(span[0] + 1, span[1]):
        characters[at] = ""


@lru_cache(maxsize=8192)
def clauses(text: str) -> tuple[Clause, ...]:
    source = bare(text)
    cuts = [0, *(found.end() for found in _CLAUSE.finditer(source)), len(source)]
    pieces = _joined([source[a:b] for a, b in pairwise(cuts) if source[a:b].strip()])
    found = [_clause(piece) for piece in pieces]
    return tuple(
        replace(clause, windows=(before.words,)) if _ELLIPTIC.search(clause.text) else clause
        for before, clause in zip([found[0], *found], found, strict=False)
    )


def _joined(pieces: list[str]) -> list[str]:
    """A phrase that only says where or when ("Outside surveillance, ...") belongs to its clause."""
    joined: list[str] = []
    carried = ""
    for number, piece in enumerate(pieces):
        loose = bool(_PHRASE.match(piece)) and not (_VERB.search(piece) or _CUE.search(piece))
        loose = loose or _goes_on(joined, piece)
        loose = loose or (
            number == 0 and len(pieces) > 1 and not (_VERB.search(piece) or _CUE.search(piece))
        )
        if loose and joined:
            joined[-1] += piece
        elif loose and number + 1 < len(pieces):
            carried += piece
        else:
            joined.append(carried + piece)
            carried = ""
    return joined or [carried]


def _goes_on(joined: Sequence[str], piece: str) -> bool:
    """Whether the piece goes on with what a denial lists: "without gross extension, nodal or distant spread"."""
    listed = bool(joined) and bool(_CUE.search(joined[-1])) and re.search(r"\bor\b", piece)
    return bool(listed) and not any(x.search(piece) for x in (_VERB, _CUE, _ARTICLE))


def _clause(text: str) -> Clause:
    cues = list(_CUE.finditer(text))
    windows = tuple(frozenset(_tokens(_reach(text, cue))[:_WINDOW]) for cue in cues)
    words = frozenset(_tokens(text))
    return Clause(text, words, windows, (len(cues) + len(find(text, _LEXICAL))) % 2)


def _reach(text: str, cue: re.Match[str]) -> str:
    """What the denial can reach: to the end of its clause, or of the relative clause that it stands in."""
    reach = _REACH_ENDS.split(text[cue.end() :], maxsplit=1)[0]
    if cue.group().lower() == "without":
        return _PHRASE_ENDS.split(reach, maxsplit=1)[0]
    if not _RELATIVE.search(text[: cue.start()]):
        return reach
    ends = _MAIN_VERB.search(reach)
    return reach[: ends.start()] if ends else reach


def _tokens(text: str) -> list[str]:
    found = (match.group() for match in _TOKEN.finditer(text))
    return [
        meaning_of(piece) if piece[0] != "\x01" else piece
        for word in found
        for piece in pieces(word)
        if piece and piece.lower() not in _FUNCTION
    ]


def check_polarity(part: Part, unit: Unit) -> CheckResult:
    """Where the statement says "not", the passage does, and the other way round."""
    passage = unit.text if "(" in part.text else without_asides(unit.text)
    own = clauses(
        spelled_out(_turned_back(_INSTEAD.sub("rather than", part.text), passage), passage)
    )
    there = clauses(spelled_out(_INSTEAD.sub("rather than", passage), part.text))
    for clause in own:
        if any(not _denied_there(clause, window, there) for window in clause.windows):
            return _failed("denies what the cited passage does not deny", clause)
    for clause in own:
        affirmed = clause.words & _only_denied(there)
        if affirmed and not clause.negated and not _denied_here(affirmed, own):
            return _failed("affirms what the cited passage denies", clause)
    for clause in own:
        if _opposite_parity(clause, there):
            return _failed("turns what the cited passage says into its opposite", clause)
    return passed(_CHECK)


def spelled_out(text: str, other: str) -> str:
    """ "unsure" as "not sure" where the other text says "sure"."""

    def put(found: re.Match[str]) -> str:
        bare_word = re.search(rf"(?<![\w-]){found[1]}\b", other, re.IGNORECASE)
        return f"not {found[1]}" if bare_word else found[0]

    return _PREFIXED.sub(put, text)


def _turned_back(text: str, passage: str) -> str:
    """ "If not A, not B" as "if A, B" where the passage says that B holds only when A does."""
    only, given = _ONLY_WHEN.search(passage), _IF_NOT.search(text)
    if not only or not given or not content_words(given["what"]) <= content_words(only["what"]):
        return text
    return re.sub(r"\bnot\s", "", text, count=2)


def _failed(reason: str, clause: Clause) -> CheckResult:
    words = re.sub(r"\s*\x01\d+\x01\s*", " ... ", clause.text).strip(" ,;:()")
    return contradicted(_CHECK, f'"{words}" {reason}')


def _denied_there(clause: Clause, window: frozenset[str], there: tuple[Clause, ...]) -> bool:
    negated = [x for x in there if x.negated or x.parity or _WITHHELD.search(x.text)]
    return bool(window & frozenset().union(*(x.prefixed for x in there))) or any(
        window & x.words or any(clause.words & reach for reach in x.windows) for x in negated
    )


def _only_denied(there: tuple[Clause, ...]) -> frozenset[str]:
    """Words that the passage uses under a negation and nowhere else."""
    denied = frozenset(word for x in there for window in x.windows for word in window)
    free = frozenset(
        word for x in there for word in x.words if not any(word in w for w in x.windows)
    )
    return denied - free


def _denied_here(words: frozenset[str], own: tuple[Clause, ...]) -> bool:
    return any(words & x.words for x in own if x.negated or x.parity)


def _opposite_parity(clause: Clause, there: tuple[Clause, ...]) -> bool:
    """Whether "excluded", "removed" and the like make an odd number of negations where the clause of
    the passage that says the same has an even one."""
    own = _lexical(clause.text)
    same = [x for x in there if own & _lexical(x.text)]
    shared = max((len(clause.words & x.words) for x in there), default=0)
    nearest = same or [x for x in there if len(clause.words & x.words) == shared]
    lexical = own or any(_lexical(x.text) for x in nearest)
    return (
        bool(lexical)
        and (shared > 1 or bool(same))
        and all(x.parity != clause.parity for x in nearest)
    )


def _lexical(text: str) -> frozenset[str]:
    """The words of the text that deny by their meaning: "excluded", "removed", ..."""
    return frozenset(meaning_of(text[slice(*found.span)]) for found in find(text, _LEXICAL))


def check_exception(part: Part, unit: Unit) -> CheckResult:
    """An "unless" of the passage is not left out of a statement that generalises."""
    if _EXCEPTION.search(unit.text) and not _EXCEPTION.search(part.text):
        return unsupported("exception", "leaves out the exception that the cited passage makes")
    return passed("exception")


def check_opposites(part: Part, unit: Unit) -> CheckResult:
    """No word of the statement stands for its opposite in the passage."""
    own, there = _unbounded(part.text), _unbounded(unit.text)
    for first, second in _OPPOSITES:
        for said, meant in ((first, second), (second, first)):
            found = said.search(own)
            if found and _DENIED_BEFORE.search(own[: found.start()]):
                continue
            if found and meant.search(there) and not said.search(there) and not meant.search(own):
                reason = f"{quoted(part.text, [found.span()])} is the opposite of what the cited passage says"
                return contradicted("opposite", reason, (found.span(),))
    return passed("opposite")


@lru_cache(maxsize=8192)
def _unbounded(text: str) -> str:
    return mask(text, places(quantities(text), contrast(text)))
