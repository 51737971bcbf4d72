"""English words by their stem: Snowball's English stemmer, and one spelling for two Englishes.

Porter, "An algorithm for suffix stripping", Program 1980; the Snowball revision. Words with a
digit and names of systems keep their form.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import Stemmer

_BRITISH = (
    (re.compile(r"aem(?=[aioy]|$)"), "em"),
    (re.compile(r"^haem"), "hem"),
    (re.compile(r"^oe(?=[ds])"), "e"),
    (re.compile(r"^paed"), "ped"),
    (re.compile(r"^foet"), "fet"),
    (re.compile(r"^gynae"), "gyne"),
    (re.compile(r"^anaes"), "anes"),
    (re.compile(r"rrhoe"), "rrhe"),
    (re.compile(r"(?<=[a-z]{2})our(?=s?$|ed$|ing$)"), "or"),
    (re.compile(r"^(cent|fib|lit|met)re(?=s?$)"), r"\1er"),
    (re.compile(r"^(cent|mill)imetre"), r"\1imeter"),
    (re.compile(r"^artefact"), "artifact"),
    (re.compile(r"^goitre"), "goiter"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})ys(?=(?:e|ed|es|ing)$)"), "yz"),
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a lower-case word; number words become their figure.

    >>> stem("nodules"), stem("followed"), stem("ischaemia") == stem("ischemia"), stem("five")
    ('nodul', 'follow', True, '5')
    """
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    if len(word) < 4 or not word.isascii() or not word.isalpha() or word.endswith("rads"):
        return word
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return str(_stemmer().stemWord(word))
