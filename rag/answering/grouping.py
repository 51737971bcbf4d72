"""Which words of a text speak about which finding.

A text may describe several nodules. A noun opens a new finding when it comes with a size, type or
place of its own while the finding before already has one, or when it is called another one; "the
nodule" and a noun in brackets stay with the finding before. What stands in a chunk without a noun
belongs to what the sentence is about. Nouns of other organs open nothing and keep their words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answering.finding_group import OWN_HEADS, Group
from rag.answering.measurements import Quantity
from rag.answering.negation import Polarity, speaks
from rag.answering.reading import Chunk, Reading
from rag.answering.report_sections import (
    advice,
    item_place,
    list_entries,
    other_sections,
    places_in,
)
from rag.answering.same_finding import SameFinding
from rag.answering.sizes import Measure, governor, measure
from rag.knowledge.phrases import Mention
from rag.types import Span

_TYPES = ("composition", "nodule_type")
"""What tells of what kind a listed nodule is."""

HEADS = ("@nodule", "@cyst", "@airway", "@component", "@wall", "@other_organ")


@dataclass(frozen=True, slots=True)
class Grouped:
    """The findings of a text in order, and what was said before or beside any of them."""

    groups: tuple[Group, ...]
    beside: Group
    heads: tuple[Mention, ...]


class _Grouping:
    """Walks over the chunks of a text and hands each its finding."""

    def __init__(
        self,
        reading: Reading,
        measures: Sequence[Measure],
        heads: Sequence[Mention],
        denied: Mapping[Mention, tuple[Polarity, Span]],
    ) -> None:
        self.reading = reading
        self.measures = measures
        self.heads = heads
        self.denied = denied
        self.same = SameFinding(reading, measures, denied)
        self.groups: list[Group] = []
        self.beside = Group()
        self.subject: Group | None = None
        self.elsewhere = False
        self.beside_all: list[Mention] = []
        self.listed = self._listed()
        self.items = self._items()
        self.sections = other_sections(reading.folded) if reading.organ in ("lung", None) else ()

    def _listed(self) -> frozenset[int]:
        """Pieces with which the entries of a numbered or lettered list of findings start.

        "(1) right, 2.2 cm, spongiform (2) left, 0.8 cm, solid": at least two entries, each with a size and a
        type of its own and without a noun; what is listed with nouns opens by them.
        """
        folded = self.reading.folded
        starts = list_entries(folded)
        if len(starts) < 2:
            return frozenset()
        found = []
        for start, end in zip(starts, [*starts[1:], len(folded)], strict=True):
            typed = any(start <= m.span[0] < end for n in _TYPES for m in self.reading.of(n))
            sized = any(
                start <= m.span[0] < end and m.role == "size" and m.quantity.kind == "length"
                for m in self.measures
            )
            named = any(start <= h.span[0] < end for h in self.heads if h.layer != "@component")
            if typed and sized and not named:
                found.append(self.reading.chunk_at(start))
        return frozenset(found) if len(found) > 1 else frozenset()

    def _items(self) -> frozenset[int]:
        """Chunks that each tell of a nodule by place and size ("RUL 5 mm solid; RLL 9 mm solid").

        At least two different places make a list; one place told twice is one nodule with two sizes.
        """
        sized = {m.chunk for m in self.measures if m.role == "size" and m.quantity.kind == "length"}
        starts = {n: self._start_of_item(n) for n in sized}
        places = {n: self._item(start) for n, start in starts.items()}
        named = [place for place in places.values() if place]
        if len(named) < 2 or len(set(named)) < len(named):
            return frozenset()
        return frozenset(n for n, place in places.items() if place)

    def _item(self, start: int) -> str | None:
        """What tells an item from the others of its list: its number ("#2 lt 14 mm"), else its place."""
        folded = self.reading.folded
        number = re.match(r"\s*(\d{1,2})(?!\s*(?:mm|cm|x|[.,]\d))", folded[start:])
        if number and folded[max(start - 1, 0)] == "#":
            return f"#{number.group(1)}"
        return item_place(folded, start)

    def _start_of_item(self, number: int) -> int:
        """Where an item starts; "Left: 1.5 cm solid" starts with the side that heads it."""
        chunk, before = self.reading.chunks[number], self.reading.chunks[max(number - 1, 0)]
        heading = self.reading.folded[slice(*before.span)].strip(" -*•")
        described = any(
            not m.layer.startswith("@") and self._in(m, chunk) for m in self.reading.mentions
        )
        headed = chunk.opener == ":" and described and heading == item_place(heading, 0)
        return before.span[0] if headed else chunk.span[0]

    def _opens_an_item(self, number: int, heads: Sequence[Mention]) -> bool:
        return number in self.listed or (number in self.items and not heads)

    def _open_item(self) -> None:
        """A finding of its own; a plural noun before the list ("two nodules: ...") heads all items."""
        last = self.groups[-1] if self.groups else None
        if last is not None and last.plural and not last.has_size:
            self.groups.pop()
            self.beside.mentions += last.mentions
        self.groups.append(Group(plural=False))
        self.subject = self.groups[-1]
        self.elsewhere = False

    def _is_aside(self, chunk: Chunk) -> bool:
        """Whether a chunk stands in another organ's section of a report, or only gives advice."""
        place = chunk.span[0]
        in_section = any(start <= place < end for start, end in self.sections)
        described = any(self.same.sentence_of(g) < chunk.sentence for g in self.groups)
        return in_section or (described and self._is_advice(chunk))

    def _is_advice(self, chunk: Chunk) -> bool:
        first = next(c for c in self.reading.chunks if c.sentence == chunk.sentence)
        return advice().match(self.reading.folded, first.span[0]) is not None

    def walk(self) -> Grouped:
        for number, chunk in enumerate(self.reading.chunks):
            self._take(number, chunk)
        self._hand_over_what_came_before()
        self.beside.mentions += self.beside_all
        return Grouped(tuple(self.groups), self.beside, tuple(self.heads))

    def _take(self, number: int, chunk: Chunk) -> None:
        if self._is_aside(chunk):
            exam = [m for m in self.reading.mentions if m.layer in _ABOUT_THE_EXAM]
            self.beside_all += [m for m in exam if self._in(m, chunk)]
            return
        heads = [h for h in self.heads if chunk.span[0] <= h.span[0] and h.span[1] <= chunk.span[1]]
        if chunk.opener == "":
            self.elsewhere = False
        own = next((h for h in heads if h.layer in OWN_HEADS and not self._is_denied(h)), None)
        cut = min(
            (h.span[0] for h in heads if h.layer in OWN_HEADS and self._is_denied(h)), default=None
        )
        if own is not None:
            self._enter(own, heads, number, chunk)
        elif self._opens_an_item(number, heads):
            self._open_item()
        elif self._goes_on_with_a_list(number, chunk, heads):
            self.groups.append(Group(plural=False))
            self.subject = self.groups[-1]
            self.subject.heads += self.groups[-2].heads[:1]
        elif cut is None and any(h.layer == "@other_organ" for h in heads):
            self.elsewhere = chunk.opener in ("", ",", "-", ":", "and", "but", "plus", "및")
        self._collect(number, chunk, heads, stop=self._start_of_denial(chunk, cut))

    def _goes_on_with_a_list(self, number: int, chunk: Chunk, heads: Sequence[Mention]) -> bool:
        """ "nodules: 4 mm solid (new), 6 mm solid (stable)": size and type once more, without a noun."""
        if self.subject is None or heads or chunk.opener not in (",", "and", "", "-"):
            return False
        first = next((g for g in self.groups if g.plural), None)
        listed = first is not None and self.subject.heads[:1] == first.heads[:1]
        typed = any(self._in(m, chunk) for m in self.reading.of("nodule_type"))
        sized = any(m.chunk == number and m.role == "size" for m in self.measures)
        return listed and typed and sized and self.subject.has_size

    def _is_denied(self, head: Mention) -> bool:
        return self.denied.get(head, ("affirmed",))[0] == "negated"

    def _start_of_denial(self, chunk: Chunk, cut: int | None) -> int | None:
        """From where a chunk speaks of something that is not there ("no solid nodule > 6 mm")."""
        if cut is None:
            return None
        cues = [
            m.span[0]
            for m in self.reading.roles_in(chunk.span, "negation_before")
            if m.span[0] <= cut
        ]
        return cues[-1] if cues else chunk.span[0]

    def _enter(self, head: Mention, heads: Sequence[Mention], number: int, chunk: Chunk) -> None:
        self.elsewhere = False
        if self.subject is None and not self.groups:
            self.groups.append(Group())
            self.subject = self.groups[-1]
        else:
            self.subject = self.same.named_again(self.groups, head, number, chunk) or self._opened(
                head, number, chunk
            )
        group = self.subject or self.groups[-1]
        self.subject = group
        group.heads.append(head)
        group.heads += [h for h in heads if h.layer == "@airway" and h is not head]
        group.number = group.number or self.same.number_of(head)
        group.plural |= bool(self.reading.roles_in(head.span, "plural"))

    def _opened(self, head: Mention, number: int, chunk: Chunk) -> Group | None:
        """A new group if the noun opens one, else the one that is being spoken of."""
        if not self.same.is_another(self.subject or self.groups[-1], head, number, chunk):
            return self.subject
        if (repeated := self.same.told_before(self.groups, number, chunk)) is not None:
            return repeated
        self.groups.append(Group())
        return self.groups[-1]

    def _in(self, mention: Mention, chunk: Chunk) -> bool:
        return chunk.span[0] <= mention.span[0] and mention.span[1] <= chunk.span[1]

    def _collect(
        self, number: int, chunk: Chunk, heads: Sequence[Mention], stop: int | None
    ) -> None:
        mentions = [
            m
            for m in self.reading.mentions
            if speaks(m) and m.layer not in HEADS and self._in(m, chunk)
        ]
        measures = [m for m in self.measures if m.chunk == number]
        if stop is not None:
            mentions = [m for m in mentions if m.span[0] < stop]
            measures = [m for m in measures if m.span[0] < stop]
        target = self._target(chunk, heads)
        target.mentions += [m for m in mentions if not self._elsewhere(m, chunk, heads)]
        target.parts += [
            h for h in heads if h.layer in ("@component", "@wall") and not self._is_denied(h)
        ]
        if not self.elsewhere:
            target.measures += measures
            target.places |= places_in(self.reading.folded[slice(*chunk.span)])

    def _target(self, chunk: Chunk, heads: Sequence[Mention]) -> Group:
        everyone = self.reading.roles_in(chunk.span, "all_of_them")
        if self.subject is None or (
            everyone and len(self.groups) > 1 and not self._opens_here(heads)
        ):
            return self.beside
        return self.subject

    def _opens_here(self, heads: Sequence[Mention]) -> bool:
        return any(
            h in self.groups[-1].heads and not self.reading.roles_in(h.span, "plural")
            for h in heads
        )

    def _elsewhere(self, mention: Mention, chunk: Chunk, heads: Sequence[Mention]) -> bool:
        """Whether a phrase speaks about another organ's noun ("stable emphysema")."""
        if mention.layer in _ABOUT_THE_EXAM:
            return False
        noun = governor(
            self.reading, mention.span, chunk.span, [h for h in heads if h.layer != "@component"]
        )
        about_other = (
            noun is not None and noun.layer == "@other_organ" and not _touch(mention, noun)
        )
        return about_other or (
            self.elsewhere
            and not any(h.layer in OWN_HEADS for h in heads)
            and not _touch_any(mention, heads)
        )

    def _hand_over_what_came_before(self) -> None:
        """What preceded the first noun ("New: 8 mm solid ...") belongs to it where there is but one."""
        if len(self.groups) == 1:
            self.groups[0].mentions[:0] = self.beside.mentions
            self.groups[0].measures[:0] = self.beside.measures
            self.groups[0].parts[:0] = self.beside.parts
            self.groups[0].places |= self.beside.places
            self.beside = Group()


_ABOUT_THE_EXAM = frozenset(
    "exam_context risk known_cancer immunosuppression incomplete_reason infection_sign suspicious_features lymphadenopathy metastasis".split()
)
"""Layers that are never about the noun beside them alone."""


def _touch(mention: Mention, noun: Mention) -> bool:
    """Whether a phrase and a noun share words ("enlarged lymph nodes")."""
    return mention.span[0] < noun.span[1] and noun.span[0] < mention.span[1]


def _touch_any(mention: Mention, heads: Sequence[Mention]) -> bool:
    return any(_touch(mention, head) for head in heads)


def group(
    reading: Reading,
    quantities: Sequence[Quantity],
    denied: Mapping[Mention, tuple[Polarity, Span]],
) -> Grouped:
    """The findings of a text with their words and measurements."""
    heads = [m for m in reading.mentions if m.layer in HEADS]
    there = [
        h for h in heads if denied.get(h, ("affirmed",))[0] != "negated" or h.layer in OWN_HEADS
    ]
    measures = measure(reading, quantities, there)
    return _Grouping(reading, measures, heads, denied).walk()
