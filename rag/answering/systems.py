"""Which guidelines and editions a question names, and which systems it names that are not held.

Names come from the shelf. "TI-RADS" or "RADS" alone is a name of several systems and names none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rag.knowledge.shelf import Shelf
from rag.knowledge.words import fold
from rag.types import Span

ORGANS: Mapping[str, str] = {
    "lung_rads": "lung",
    "fleischner": "lung",
    "k_tirads": "thyroid",
    "acr_ti_rads": "thyroid",
    "bi_rads": "breast",
}
"""Families of guidelines whose findings the grammar reads, by organ."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names.

    ``guidelines`` are ids, the current edition where none is named; ``families`` in the order
    named; ``editions`` the ids of editions named outright; ``unknown_editions`` editions named
    that are not held ("Lung-RADS v3"); ``elsewhere`` systems that are not held ("eu-tirads").
    """

    guidelines: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    unknown_editions: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    generic: bool = False


_GENERIC = ("rads", "ti rads", "tirads", "thyroid rads")
_TOO_PLAIN = (
    "protocol",
    "protocols",
    "rrl",
    "relative radiation level",
    "appropriateness rating scale",
)
"""Names on the shelf that are also everyday words of a question: they name nothing."""


def named_in(question: str, shelf: Shelf) -> Named:
    """The guidelines that ``question`` names, with their editions."""
    folded = fold(question)
    found = list(_names(folded, shelf))
    families = tuple(dict.fromkeys(family for family, _ in found))
    editions, unknown = _editions(folded, shelf, families, [span for _, span in found])
    ids = [i for family in families for i in _of_family(family, shelf, editions)]
    taken = [span for _, span in found]
    elsewhere = (*_elsewhere(folded, taken), *_named_gradings(question, taken))
    return Named(
        guidelines=tuple(dict.fromkeys(ids)),
        families=families,
        editions=editions,
        unknown_editions=unknown,
        elsewhere=tuple(name for name in elsewhere if name not in _GENERIC),
        generic=any(name in _GENERIC for name in elsewhere),
    )


def _of_family(family: str, shelf: Shelf, editions: Iterable[str]) -> tuple[str, ...]:
    held = shelf.families[family]
    named = tuple(i for i in held if i in editions)
    return named or held[:1]


@lru_cache(maxsize=8)
def _patterns(names: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """A pattern and a family for each name, the longest first."""
    ordered = sorted(names, key=lambda pair: -len(pair[0]))
    return tuple((re.compile(_written(name)), family) for name, family in ordered)


def _written(name: str) -> str:
    """A name however it is joined: ``Lung-RADS``, ``Lung RADS``, ``LungRADS``."""
    parts = (re.escape(part) for part in re.split(r"[\s-]+", name))
    joined = r"[\s-]?".join(parts)
    return rf"(?<![a-z0-9])(?<!\bc-)(?<!\beu-){joined}(?![a-z])"


def _names(folded: str, shelf: Shelf) -> Iterator[tuple[str, Span]]:
    family_of = {i: family for family, ids in shelf.families.items() for i in ids}
    names = tuple(
        (fold(name), family_of[ids[0]])
        for name, ids in shelf.names.items()
        if name not in _TOO_PLAIN
    )
    taken: list[Span] = []
    found: list[tuple[str, Span]] = []
    for pattern, family in _patterns((*names, *_short_names(shelf))):
        for match in pattern.finditer(folded):
            if not any(s[0] < match.end() and match.start() < s[1] for s in taken):
                taken.append(match.span())
                found.append((family, match.span()))
    yield from sorted(found, key=lambda pair: pair[1])


def _short_names(shelf: Shelf) -> tuple[tuple[str, str], ...]:
    """Labels that carry their system in themselves: TR4, LR-5."""
    short = (("tr", "acr_ti_rads"), ("lr", "li_rads"))
    return tuple(
        (f"{name}-{n}", family)
        for name, family in short
        if family in shelf.families
        for n in range(1, 10)
    )


@cache
def _edition_word() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z0-9.])v(?:ersion)?\s?\.?(?P<v>\d+(?:\.\d+)?)(?![\d.]*\d)|(?<![\d.v])(?P<dot>[12]\.[01])(?!\d|\s?(?:mm|cm|%))"
        r"|(?<![\d./-])(?P<year>20[012]\d)(?![\d/-])|(?P<nth>\d)(?:st|nd|rd|th)\s+ed"
    )


@cache
def _date_before() -> re.Pattern[str]:
    """What makes a year a date of the patient's and no edition."""
    return re.compile(
        r"(?:\b(?:stable|unchanged|stability|similar|present|seen|noted|known|new|gr[eo]wn?|increased|decreased|resected|treated|diagnosed|appearance)(?: (?!to |than )\w+){0,3}?,? (?:from|since|in|to|of|with)"
        r"|\bsince|\bfrom prior|\bprior(?: \w+)?(?: of)?|(?:mm|cm)\)?,? (?:in|on)|\b(?:ct|scan|exam|us|ultrasound|mammogram)(?: \w+)? (?:in|of|from)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?)\s*$"
    )


def _editions(
    folded: str, shelf: Shelf, families: tuple[str, ...], spans: list[Span]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Editions named of these families, and words for editions that none of them has."""
    known: list[str] = []
    unknown: list[str] = []
    for match in _edition_word().finditer(folded) if families else ():
        if match.group("year") and _date_before().search(
            folded[max(match.start() - 24, 0) : match.start()]
        ):
            continue
        word = next(text for text in match.groups() if text)
        fitting = [
            i
            for family in families
            for i in shelf.families[family]
            if _is_edition(word, match, shelf, i)
        ]
        known += fitting
        if not fitting and _right_after_a_name(match.start(), spans):
            unknown.append(match.group().strip())
    return tuple(dict.fromkeys(known)), tuple(dict.fromkeys(unknown))


def _right_after_a_name(place: int, spans: list[Span]) -> bool:
    return any(0 <= place - end <= 2 for _, end in spans)


def _is_edition(word: str, match: re.Match[str], shelf: Shelf, guideline_id: str) -> bool:
    """Whether an edition word fits a guideline's edition or year of publication."""
    edition = shelf.edition(guideline_id)
    label = edition.edition.casefold()
    if match.group("nth"):
        return re.search(rf"\b{word}(?:st|nd|rd|th)\b", label) is not None
    in_label = re.search(rf"(?<![\d.]){re.escape(word)}(?![\d.]*\d)", label) is not None
    return in_label or (bool(match.group("year")) and edition.year == int(word))


@cache
def _any_rads() -> re.Pattern[str]:
    return re.compile(
        r"(?<![a-z0-9])(?:(?:(?:acr|eu|c|k|korean|chinese)[ -]?)?(?:[a-z]{1,4}[ -]?)?)rads?(?![a-z])|(?<![a-z0-9])[a-z]{2,4}-qual(?![a-z])|(?<![a-z])(?:eu|c)-?tirads|(?<![a-z])tirads"
    )


_ORDINARY = frozenset(
    "what which the this that final overall assessment report category score grade level class prior prev previous initial baseline last "
    "correct right wrong proper current stated given assigned new stable solid nodule lesion mass finding lung thyroid breast chest screening annual follow "
    "radiologist patient their our your her his was with from and for about does explain define describe tell high low risk image quality "
    "mammographic mammogram mammography tomosynthesis ultrasound sonographic sonography pulmonary thoracic radiological imaging scan radiology "
    "suspicion highest lowest same different each both any another next management meaning stage type segment zone phase group grade part nerve trial factor "
    "when where why how who whose whether once can could should may might must will would are were did has have also then".split()
)
"""Words before "grade 3" or "score 4" that name no grading system, though a sentence may open with them."""


@cache
def _grading() -> re.Pattern[str]:
    """A name of one to three capitalised words before a grade ("Kellgren Lawrence grade 3")."""
    name = r"(?P<name>[A-Z][A-Za-z]{3,}(?:[ -](?:and |& )?[A-Z][A-Za-z]{2,}){0,2})"
    kind = r"(?:score|grade|class|classification|stage|type|category)"
    label = r"(?:\d{1,2}[A-Fa-f]?|[IV]{1,4}[A-Da-d]?)"
    return re.compile(rf"\b{name}(?:'s)? (?:(?:\w+ )?{kind} {label}|\d[A-F])\b")


def _named_gradings(question: str, taken: list[Span]) -> Iterator[str]:
    """Gradings called after somebody or something that is no guideline of the shelf."""
    for match in _grading().finditer(question):
        words = re.split(r"[ -]", match.group("name"))
        named = [word for word in words if word.casefold() not in _ORDINARY]
        held = any(s[0] < match.end("name") and match.start("name") < s[1] for s in taken)
        if named and not held and "rads" not in match.group("name").casefold():
            yield " ".join(named).casefold()


@cache
def _describing() -> re.Pattern[str]:
    """Words that describe how something is given; no classification is called by one."""
    return re.compile(r"(?:ed|ing|al|ous|ive|ly|ary)$")


@cache
def _graded_word() -> re.Pattern[str]:
    """A word with a grade after it, as classifications are written: "bosniak iif", "fazekas grade 2"."""
    kind = r"(?:grade|stage|type|class|classification|score|group|분류|등급|점수)"
    roman = r"(?!ivc\b)(?:i{2,3}|iv|vi{1,3})[a-f]?"  # the vena cava is no grade
    word = r"(?<![a-z0-9가-힣-])(?P<name>[a-z]{4,}(?:[ -](?:and |& )?[a-z]{3,}){0,2}|[가-힣]{3,})"
    return re.compile(
        rf"{word}(?:'s)?\s+(?:{kind}\s+(?:\d[a-f]?|i|v|{roman})|{roman}|[1-6][a-f])(?![a-z0-9-])"
        r"|(?<![a-z0-9가-힣-])(?P<asked>[a-z]{4,})(?:'s)?\s+(?:category|grade|score|class|classification|stage)\s*(?:\b(?:for|of|in)\b|\?|$)"
        r"|(?<![가-힣])(?P<ko>[가-힣]{3,})\s*(?:분류\s*)?\d\s?형"
    )


def unknown_gradings(
    question: str, shelf: Shelf, terms: Collection[str], plain: Callable[[str], bool]
) -> tuple[str, ...]:
    """Classifications named by a word that neither the shelf nor the language knows.

    ``terms`` are the words of the field; ``plain`` tells the everyday ones.
    """
    folded = fold(question)
    taken = [span for _, span in _names(folded, shelf)]
    found = []
    for match in _graded_word().finditer(folded):
        group = next(group for group, text in match.groupdict().items() if text)
        name, start = match.group(group), match.start(group)
        last = re.split(r"[ -]", name)[-1]
        held = any(s[0] < start + len(name) and start < s[1] for s in taken)
        if match.group().endswith(" iv") and _describing().search(last):  # "accelerated IV regimen"
            continue
        if held or last in terms or last in _ORDINARY or plain(last) or "rads" in name:
            continue
        strange = [w for w in re.split(r"[ -]", name) if w not in terms and not plain(w)]
        found.append(" ".join(strange))
    return tuple(dict.fromkeys(found))


_PLAIN = frozenset("is the a an of in my this that for any what does do to or and with on".split())
"""Words before ``RADS`` that are no part of a system's name."""


def _elsewhere(folded: str, taken: list[Span]) -> Iterator[str]:
    """Names in the manner of these systems that no guideline on the shelf bears."""
    for match in _any_rads().finditer(folded):
        name = re.sub(r"[\s-]+", " ", match.group()).strip()
        ours = name.endswith(("rads", "qual"))
        if not ours or name.removesuffix("rads").strip() in _PLAIN:
            continue
        if not any(s[0] < match.end() and match.start() < s[1] for s in taken):
            yield name
