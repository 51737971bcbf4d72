"""Words of nearly the same meaning, taken from WordNet for the words that the guidelines use.

    python -m ingest.thesaurus DICT         DICT: the folder of WordNet's files (index.noun, data.noun, noun.exc, ...)

Writes ``corpus/thesaurus.txt``: for each word of the facts those that share one of its frequent senses.
A statement of a language model may use such a word for the guideline's own.

WordNet: Fellbaum, C. (1998, ed.) WordNet: An Electronic Lexical Database. MIT Press. Its notice of rights
is copied to the top of the file that is written.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.knowledge.thesaurus import FILE
from rag.settings import CORPUS

SENSES = {"noun": 2, "verb": 4, "adj": 5, "adv": 5}
"""How many senses of a word count, the most frequent first: later ones are far from what a guideline
means. The names of the parts of speech are those of WordNet's files."""

THINGS = frozenset("05 06 08 13 15 17 18 20 23 26 27 28".split())
"""WordNet's groups of nouns that name things: organs, substances, diseases, persons, quantities, times.
One stands for another only where medicine says so, and that stands in the glossary."""

_WORD = re.compile(r"[a-z]{3,}")
Sense = tuple[str, str]
"""Part of speech and place of a set of synonyms in its file."""


def senses(folder: Path) -> Mapping[str, tuple[Sense, ...]]:
    """The frequent senses of every single word, by WordNet's ``index`` files."""
    found: dict[str, list[Sense]] = defaultdict(list)
    things = {line[:8] for line in _entries(folder / "data.noun") if line[9:11] in THINGS}
    for part, most in SENSES.items():
        for line in _entries(folder / f"index.{part}"):
            word, _, count, *rest = line.split()
            if _WORD.fullmatch(word):
                places = rest[-int(count) :][:most]
                found[word] += [(part, x) for x in places if part != "noun" or x not in things]
    return {word: tuple(listed) for word, listed in found.items()}


def irregular(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Irregular forms by their word: ``hide`` has ``hid`` and ``hidden``."""
    found: dict[str, list[str]] = defaultdict(list)
    for part in SENSES:
        for line in _entries(folder / f"{part}.exc"):
            form, word, *_ = line.split()
            if _WORD.fullmatch(form):
                found[word].append(form)
    return {word: tuple(forms) for word, forms in found.items()}


def _entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="ascii").splitlines()
    return [line for line in lines if line and not line.startswith("  ")]


def near_words(
    vocabulary: Iterable[str],
    known: Mapping[str, Sequence[Sense]],
    forms: Mapping[str, Sequence[str]],
) -> Mapping[str, tuple[str, ...]]:
    """For each word of the vocabulary the words that share one of its senses, in all their forms."""
    by_sense: dict[Sense, set[str]] = defaultdict(set)
    for word, listed in known.items():
        for sense in listed:
            by_sense[sense].add(word)
    found = {}
    for word in sorted(set(vocabulary) & known.keys()):
        near = set().union(*(by_sense[sense] for sense in known[word])) - {word}
        near |= {form for other in near for form in forms.get(other, ())}
        if near:
            found[word] = tuple(sorted(near))
    return found


def vocabulary() -> frozenset[str]:
    """Every word of the built-in facts and rows, as written and without its plain endings."""
    shelf = Shelf.open(CORPUS)
    texts = (p.text for name in shelf.ids for p in passages(shelf.get(name)))
    written = {word for text in texts for word in _WORD.findall(text.lower())}
    return frozenset(form for word in written for form in _lemmas(word))


_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))  # fmt: skip


def _lemmas(word: str) -> tuple[str, ...]:
    cut = (
        word.removesuffix(ending) + put
        for ending, put in _ENDINGS
        if word.endswith(ending) and len(word) > len(ending) + 2
    )
    return (word, *cut)


def notice(folder: Path) -> str:
    """WordNet's notice of rights, which stands at the top of its files."""
    lines = (folder / "data.noun").read_text(encoding="ascii").splitlines()
    told = (line.strip().partition(" ")[2].strip() for line in lines if line.startswith("  "))
    return "\n".join(f"# {line}".rstrip() for line in told)


def text_of(near: Mapping[str, Sequence[str]], rights: str) -> str:
    """The whole file."""
    head = "# Words of nearly one meaning, from WordNet; written by: python -m ingest.thesaurus\n#"
    return "\n".join([head, rights, *(f"{word}: {' '.join(near[word])}" for word in near)]) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ingest.thesaurus", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("dict", type=Path, help="folder of WordNet's files")
    folder = parser.parse_args(arguments).dict
    near = near_words(vocabulary(), senses(folder), irregular(folder))
    (CORPUS / FILE).write_text(text_of(near, notice(folder)), encoding="utf-8")
    sys.stdout.write(f"{len(near)} words, {sum(map(len, near.values()))} near words: {FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
