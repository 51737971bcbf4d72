"""Which parts of the body a text is about, from ``corpus/body_regions.yaml``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from rag.knowledge.corpus_schema import Strict
from rag.knowledge.yaml_file import open_yaml
from rag.retrieval.tokens import tokens


class _File(Strict):
    regions: dict[str, list[str]] = Field(min_length=1)


@dataclass(frozen=True)
class BodyRegions:
    """``of_word`` maps an index term to the region that it names."""

    of_word: Mapping[str, str]

    def named_by(self, terms: Collection[str]) -> frozenset[str]:
        """The regions that these index terms name."""
        return frozenset(self.of_word[term] for term in terms if term in self.of_word)

    def apart(self, first: Collection[str], second: Collection[str]) -> bool:
        """Whether both name regions and none of them in common."""
        one, other = self.named_by(first), self.named_by(second)
        return bool(one and other) and not one & other


def load_body_regions(path: Path) -> BodyRegions:
    """The regions of a corpus.

    Raises:
        CorpusError: the file is wrong, or a word stands under two regions.
    """
    file = open_yaml(path)
    of_word: dict[str, str] = {}
    for region, words in file.as_model(_File).regions.items():
        for term in dict.fromkeys(term for word in words for term in tokens(word)):
            if of_word.setdefault(term, region) != region:
                raise file.error(f"{term!r} stands under {of_word[term]} too", ("regions", region))
    return BodyRegions(of_word)
