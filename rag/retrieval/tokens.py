"""Words of radiology text as a lexical index should see them.

- A quantity is its number, its unit and both together, lengths also in millimetres:
  ``1.0 cm`` -> ``1 cm 1cm 10mm``; a range ``6-8 mm`` gives both bounds their unit.
- Category labels stay whole: ``4A``, ``4X``, ``TR4``, ``mm3``.
- A hyphenated word is its parts and the joined form; the field's open compounds are joined too:
  ``part-solid``, ``part solid`` and ``partsolid`` meet.
- English words are their stems, in one spelling (:mod:`rag.retrieval.stemming`).
- Korean words are kept whole and as pairs of syllables, which meets particles and compounds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from rag.retrieval.stemming import stem

_UNITS = {
    "mm": "mm", "millimeter": "mm", "millimetre": "mm", "cm": "cm", "centimeter": "cm",
    "centimetre": "cm", "mm2": "mm2", "cm2": "cm2", "mm3": "mm3", "cm3": "cm3", "cc": "ml",
    "ml": "ml", "l": "l", "mg": "mg", "g": "g", "kg": "kg", "hu": "hu", "msv": "msv", "mgy": "mgy",
    "kv": "kv", "kvp": "kv", "mas": "mas", "s": "s", "sec": "s", "second": "s", "min": "min",
    "minute": "min", "h": "h", "hr": "h", "hour": "h", "d": "day", "day": "day", "week": "week",
    "wk": "week", "month": "month", "mo": "month", "y": "year", "yr": "year", "year": "year",
    "t": "t", "%": "%", "percent": "%", "개월": "month", "년": "year", "주": "week", "일": "day",
}  # fmt: skip
_NUMBER = r"\d+(?:[.,]\d+)*"
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<low>{_NUMBER})\s*(?:-|–|—|to|~)\s*(?P<high>{_NUMBER})[\s-]*(?P<range_unit>(?:{_UNIT})s?)(?![a-z0-9])"
    rf"|(?P<number>{_NUMBER})[\s-]*(?P<unit>(?:{_UNIT})s?)(?![a-z0-9])"
    r"|(?P<korean>[가-힣]+)"
    r"|(?P<word>[^\W_가-힣]+(?:[-‐‑'’][^\W_가-힣]+)*(?:\.\d+)?)"
)
_COMPOUND_LIST = """part solid|ground glass|follow up|low dose|high dose|x ray|high risk|low risk
wider than|taller than|well defined|ill defined|dual energy|contrast enhanced"""


@cache
def _compounds() -> frozenset[str]:
    """The open compounds as the stems that their words become."""
    listed = re.split(r"[|\n]", _COMPOUND_LIST)
    return frozenset(" ".join(map(stem, compound.split())) for compound in listed)


_PREFIXES = frozenset(
    ["non", "sub", "semi", "peri", "intra", "extra", "post", "pre", "juxta", "multi", "micro"]
)
_STOP_LIST = """
a an the of for to in on is are was were be been being it its this that these those what which when
how do does did i we you my me there and or by as at from can could should would will if than then
who has have had with into their they"""
_STOP_WORDS = frozenset(_STOP_LIST.split())


def tokens(text: str) -> list[str]:
    """The index terms of ``text`` in order; never raises, an empty text has none.

    >>> tokens("Part-solid nodules >= 6 mm")
    ['part', 'solid', 'partsolid', 'nodul', '6', 'mm', '6mm']
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return list(_with_compounds(_terms(folded)))


def _terms(folded: str) -> Iterator[str]:
    for match in _TOKEN.finditer(folded):
        if match["range_unit"]:
            yield from _quantity(match["low"], match["range_unit"])
            yield from _quantity(match["high"], match["range_unit"])
        elif match["unit"]:
            yield from _quantity(match["number"], match["unit"])
        elif match["korean"]:
            yield from _korean(match["korean"])
        else:
            yield from _word(match["word"])


def _quantity(number: str, unit: str) -> Iterator[str]:
    value = _plain_number(number)
    name = _UNITS[unit] if unit in _UNITS else _UNITS[unit.removesuffix("s")]
    yield value
    yield name
    yield f"{value}{name}"
    if name == "cm":
        yield f"{_plain_number(f'{float(value) * 10:.4f}')}mm"


def _plain_number(number: str) -> str:
    """``8.0`` -> ``8``, ``1,200`` -> ``1200``, ``1,5`` -> ``1.5``; others (``1.2.3``) as they are."""
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", number):
        number = number.replace(",", "")
    if re.fullmatch(r"\d+,\d{1,2}", number):
        number = number.replace(",", ".")
    whole, dot, rest = number.partition(".")
    if not dot or "." in rest or "," in number:
        return number
    decimals = rest.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _korean(word: str) -> Iterator[str]:
    yield word
    if len(word) > 2:
        yield from (word[start : start + 2] for start in range(len(word) - 1))


def _word(word: str) -> Iterator[str]:
    parts = re.split(r"[-‐‑]", re.sub(r"['’]s?$|['’]", "", word))
    if re.fullmatch(r"[\d.]+", word):
        yield _plain_number(word)
        return
    for part in parts:
        if part and part not in _STOP_WORDS:
            yield stem(part)
    if len(parts) > 1 and not all(part.isdigit() for part in parts):
        yield stem("".join(parts))


def _with_compounds(terms: Iterator[str]) -> Iterator[str]:
    """Terms with known open compounds joined: ``ground``, ``glass`` -> also ``groundglass``."""
    previous = ""
    joined = ""
    for term in terms:
        if term == joined:  # the hyphenated form has given it already
            joined = ""
            yield term
            continue
        if joined:
            yield joined
        yield term
        joined = stem(f"{previous}{term}") if _is_compound(previous, term) else ""
        previous = term
    if joined:
        yield joined


def _is_compound(first: str, second: str) -> bool:
    return f"{first} {second}" in _compounds() or first in _PREFIXES or second == "rads"
