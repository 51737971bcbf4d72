"""The lexicon of ``corpus/clinical_terms.yaml``: how clinicians and patients write.

Search aids, not facts. Loading checks that a wording has one meaning and that every word that is
implied, denied or placed in a body region can be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.errors import CorpusError

Words = tuple[str, ...]

_TOKEN = re.compile(r"[a-z0-9]+|[?#.;,:!()]")
_SIGNS = (("≥", " ge "), ("≤", " le "), (">", " gt "), ("<", " lt "), ("β", "b"), ("ß", "b"))
# Whole-word parts whose British spelling differs; applied inside words.
_BRITISH = (
    ("haem", "hem"), ("oedem", "edem"), ("oesoph", "esoph"), ("anaesth", "anesth"),
    ("paediat", "pediat"), ("gynaec", "gynec"), ("tumour", "tumor"), ("ischaem", "ischem"),
    ("diarrhoea", "diarrhea"), ("pnoea", "pnea"), ("foet", "fet"), ("faec", "fec"),
    ("aemi", "emi"), ("caec", "cec"), ("coeliac", "celiac"), ("colour", "color"),
    ("orthopaed", "orthoped"), ("centre", "center"), ("fibre", "fiber"), ("metre", "meter"),
    ("oestr", "estr"), ("leuco", "leuko"), ("sulph", "sulf"), ("lymphoedem", "lymphedem"),
    ("orrhoea", "orrhea"), ("paraes", "pares"), ("praevia", "previa"), ("goitre", "goiter"),
)  # fmt: skip
_SUFFIXES = (
    ("ically", "ic"), ("ization", "iz"), ("isation", "iz"), ("ations", "at"), ("ation", "at"),
    ("ings", ""), ("ing", ""), ("ies", "y"), ("ally", "al"), ("ed", ""), ("es", "e"), ("s", ""),
)  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """``word`` in American spelling without its commonest endings; enough to match, not to read.

    >>> stem("oedematous"), stem("fractures"), stem("pelvis")
    ('edematous', 'fractur', 'pelvis')
    """
    for british, american in _BRITISH:
        if british in word:
            word = word.replace(british, american)
    if len(word) <= 4:
        return word
    for suffix, plain in _SUFFIXES:
        long_enough = len(word) - len(suffix) >= 3
        if long_enough and word.endswith(suffix) and not word.endswith(("ss", "is", "us")):
            word = word[: -len(suffix)] + plain
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def words_of(text: str) -> Words:
    """Stems and sentence signs of ``text`` in order; signs of comparison become words."""
    lowered = text.lower().replace("’", "'").replace("'", "")
    for sign, word in _SIGNS:
        lowered = lowered.replace(sign, word)
    plain = unicodedata.normalize("NFKD", lowered)
    return tuple(stem(token) for token in _TOKEN.findall(plain))


@dataclass(frozen=True)
class ClinicalTerms:
    """The lexicon, all words stemmed.

    ``canonical`` maps each wording to the wording it is read as; ``implies`` and ``denies`` map a
    canonical wording to others; ``together`` holds wordings that mean another one where all of them are
    said; ``regions`` maps a wording to the body regions it names;
    ``wider`` maps a region to all regions that contain it, itself included.
    """

    canonical: Mapping[Words, Words]
    implies: Mapping[Words, tuple[Words, ...]]
    denies: Mapping[Words, tuple[Words, ...]]
    together: tuple[tuple[frozenset[Words], Words], ...]
    filler: frozenset[str]
    regions: Mapping[Words, frozenset[str]]
    wider: Mapping[str, frozenset[str]]
    longest: int

    def compatible(self, one: str, other: str) -> bool:
        """Whether one region is, contains or lies in the other."""
        return one in self.wider[other] or other in self.wider[one]


def load_clinical_terms(path: Path) -> ClinicalTerms:
    """The lexicon in ``path``.

    Raises:
        CorpusError: the file is malformed, or one wording stands under two meanings.
    """
    from rag.knowledge.yaml_file import read_yaml

    data = read_yaml(path)
    if not isinstance(data, dict):
        raise CorpusError("must be a mapping", file=str(path))
    canonical = _canonical(data["same"], str(path))
    parents = {name: entry.get("in") for name, entry in data["regions"].items()}
    return ClinicalTerms(
        canonical=canonical,
        implies=_related(data["implies"]),
        denies=_related(data["denies"]),
        together=_together(data["together"], canonical, str(path)),
        filler=frozenset(word for entry in data["filler"] for word in words_of(str(entry))),
        regions=_regions(data["regions"]),
        wider={name: frozenset(_ancestors(name, parents)) for name in parents},
        longest=max(map(len, canonical)),
    )


def _canonical(groups: Iterable[list[object]], file: str) -> dict[Words, Words]:
    found: dict[Words, Words] = {}
    for group in groups:
        first = words_of(str(group[0]))
        for wording in group:
            words = words_of(str(wording))
            if found.setdefault(words, first) != first:
                raise CorpusError(
                    f"{wording!r} is read both as {' '.join(found[words])!r} and as {group[0]!r}",
                    file=file,
                )
    return found


def _together(
    entries: Iterable[Mapping[str, object]], canonical: Mapping[Words, Words], file: str
) -> tuple[tuple[frozenset[Words], Words], ...]:
    """Signs and what they mean in company; each must be a first wording of the lexicon."""
    found = []
    for entry in entries:
        signs = entry["all"]
        assert isinstance(signs, list)
        words = [words_of(str(sign)) for sign in (*signs, entry["are"])]
        for each in words:
            if canonical.get(each) != each:
                raise CorpusError(f"{' '.join(each)!r} is no first wording of 'same'", file=file)
        found.append((frozenset(words[:-1]), words[-1]))
    return tuple(found)


def _related(entries: Mapping[str, list[str]]) -> dict[Words, tuple[Words, ...]]:
    return {words_of(word): tuple(map(words_of, others)) for word, others in entries.items()}


def _regions(entries: Mapping[str, Mapping[str, list[str]]]) -> dict[Words, frozenset[str]]:
    found: dict[Words, set[str]] = {}
    for region, entry in entries.items():
        for word in entry["words"]:
            found.setdefault(words_of(str(word)), set()).add(region)
    return {words: frozenset(regions) for words, regions in found.items()}


def _ancestors(region: str, parents: Mapping[str, str | None]) -> list[str]:
    found: list[str] = []
    current: str | None = region
    while current is not None:
        found.append(current)
        current = parents[current]
    return found
