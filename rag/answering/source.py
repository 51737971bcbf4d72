"""All that was read from a text before findings are made of it, and phrases with a fixed meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.answering.finding import Sheet
from rag.answering.grouping import Grouped
from rag.answering.labels import Label
from rag.answering.negation import Polarity
from rag.answering.reading import Reading
from rag.answering.timing import Interval
from rag.knowledge.phrases import Mention
from rag.knowledge.vocabulary import Vocabulary
from rag.knowledge.words import covering
from rag.types import Span

Denied = Mapping[Mention, tuple[Polarity, Span]]
"""Phrases that are not affirmed: their polarity and the cue that gave it."""


@dataclass(frozen=True, slots=True)
class Source:
    """All that was read from a text; findings are made from it.

    ``timings`` are phrases of time with the noun each speaks about; ``noun_sentences`` the numbers
    of the sentences in which a finding is named.
    """

    reading: Reading
    grouped: Grouped
    denied: Denied
    labels: tuple[Label, ...]
    intervals: tuple[Interval, ...]
    timings: tuple[tuple[Mention, Mention | None], ...]
    noun_sentences: frozenset[int]
    vocabulary: Vocabulary

    def polarity(self, mention: Mention) -> Polarity:
        return self.denied[mention][0] if mention in self.denied else "affirmed"

    def affirmed(self, mentions: Iterable[Mention], *layers: str) -> list[Mention]:
        """Mentions of these layers that the text affirms."""
        return [m for m in mentions if m.layer in layers and self.polarity(m) == "affirmed"]

    def sheet(self) -> Sheet:
        return Sheet(self.reading, self.vocabulary)


def add_plain(sheet: Sheet, source: Source, mentions: Iterable[Mention]) -> None:
    """Phrases that mean the same wherever they stand; negated and doubted ones by their polarity."""
    for mention in mentions:
        polarity, cue = source.denied.get(mention, ("affirmed", mention.span))
        if polarity == "affirmed":
            sheet.add(mention.layer, mention.value, mention.span)
        elif polarity == "uncertain":
            sheet.doubt(mention.layer, mention.value, mention.span)
        elif opposite := _opposite(source, mention):
            sheet.add(mention.layer, opposite, covering(cue, mention.span))


def _opposite(source: Source, mention: Mention) -> str | None:
    """What a denied value leaves: for ``present`` it is ``absent``, for most others nothing is known."""
    known = source.reading.glossary.negated.get(mention.layer, {}).get(mention.value)
    return known or ("absent" if mention.value == "present" else None)
