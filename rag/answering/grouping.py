"""Which words of a text speak about which finding.

A text may describe several nodules. A noun opens a new finding when it comes with a size, type or
place of its own while the finding before already has one, or when it is called another one; "the
nodule" and a noun in brackets stay with the finding before. What stands in a chunk without a noun
belongs to what the sentence is about. Nouns of other organs open nothing and keep their words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rag.answering.measurements import Quantity
from rag.answering.negation import Polarity, speaks
from rag.answering.reading import Chunk, Reading
from rag.answering.sizes import Measure, governor, measure
from rag.knowledge.phrases import Mention
from rag.types import Scalar, Span

HEADS = ("@nodule", "@cyst", "@airway", "@component", "@wall", "@other_organ")
OWN_HEADS = ("@nodule", "@cyst", "@airway")


@dataclass(slots=True)
class Group:
    """The words and measurements of one finding, gathered while reading."""

    heads: list[Mention] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    parts: list[Mention] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    number: str = ""
    plural: bool = False

    @property
    def has_size(self) -> bool:
        return any(
            m.role in ("size", "past") and m.quantity.kind == "length" for m in self.measures
        )

    def values(self, layer: str) -> set[str]:
        return {m.value for m in self.mentions if m.layer == layer}


@dataclass(frozen=True, slots=True)
class Grouped:
    """The findings of a text in order, and what was said before or beside any of them."""

    groups: tuple[Group, ...]
    beside: Group
    heads: tuple[Mention, ...]


@cache
def _place() -> re.Pattern[str]:
    side = r"right|left|rt\.?|lt\.?|우측|좌측|오른쪽|왼쪽"
    return re.compile(
        rf"\b(?:rul|rml|rll|lul|lll|lingula|isthmus)\b|\b(?:{side})\s+(?:(?:upper|middle|lower|mid)\s*-?)?\s*(?:lobe|pole|thyroid|breast|lung)"
        r"|우상엽|우중엽|우하엽|좌상엽|좌하엽|우엽|좌엽|협부"
    )


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(r"\s*(?:#|no\.?|number)?\s*(\d{1,2}|[a-d])(?=\s*[:).,-]|\s*$)")


_SHORT = {"rul": "right upper lobe", "rml": "right middle lobe", "rll": "right lower lobe", "lul": "left upper lobe", "lll": "left lower lobe",
          "우상엽": "right upper lobe", "우중엽": "right middle lobe", "우하엽": "right lower lobe", "좌상엽": "left upper lobe", "좌하엽": "left lower lobe",
          "우엽": "right lobe", "좌엽": "left lobe"}  # fmt: skip


def places_in(folded: str) -> set[str]:
    """Lobes and sides named in a folded text, each in one spelling."""
    said = (
        " ".join(m.group().replace("rt.", "right").replace("lt.", "left").split())
        for m in _place().finditer(folded)
    )
    return {_SHORT.get(place, place) for place in said}


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
        self.groups: list[Group] = []
        self.beside = Group()
        self.subject: Group | None = None
        self.elsewhere = False

    def walk(self) -> Grouped:
        for number, chunk in enumerate(self.reading.chunks):
            self._take(number, chunk)
        self._hand_over_what_came_before()
        return Grouped(tuple(self.groups), self.beside, tuple(self.heads))

    def _take(self, number: int, chunk: Chunk) -> None:
        heads = [h for h in self.heads if chunk.span[0] <= h.span[0] and h.span[1] <= chunk.span[1]]
        if chunk.opener == "":
            self.elsewhere = False
        own = next((h for h in heads if h.layer in OWN_HEADS and not self._is_denied(h)), None)
        cut = min(
            (h.span[0] for h in heads if h.layer in OWN_HEADS and self._is_denied(h)), default=None
        )
        if own is not None:
            self._enter(own, number, chunk)
        elif cut is None and any(h.layer == "@other_organ" for h in heads):
            self.elsewhere = chunk.opener in ("", ",", "-", ":", "and", "but", "plus", "및")
        self._collect(number, chunk, heads, stop=self._start_of_denial(chunk, cut))

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

    def _enter(self, head: Mention, number: int, chunk: Chunk) -> None:
        self.elsewhere = False
        if self.subject is None and not self.groups:
            self.groups.append(Group())
            self.subject = self.groups[-1]
        else:
            self.subject = self._named_again(head, number, chunk) or self._opened(
                head, number, chunk
            )
        group = self.subject or self.groups[-1]
        self.subject = group
        group.heads.append(head)
        group.number = group.number or self._number(head)
        group.plural |= bool(self.reading.roles_in(head.span, "plural"))

    def _opened(self, head: Mention, number: int, chunk: Chunk) -> Group | None:
        """A new group if the noun opens one, else the one that is being spoken of."""
        if not self._is_another(head, number, chunk):
            return self.subject
        self.groups.append(Group())
        return self.groups[-1]

    def _named_again(self, head: Mention, number: int, chunk: Chunk) -> Group | None:
        """The one finding that "the 8 mm nodule", "the solid nodule" or "the RUL nodule" names."""
        if len(self.groups) < 2 or not self._points_back((chunk.span[0], head.span[0])):
            return None
        sizes = {m.quantity.mean for m in self._sizes_before(head, number)}
        kinds = {m.value for m in self.reading.of("nodule_type") if self._in(m, chunk)}
        places = places_in(self.reading.folded[slice(*chunk.span)])
        for own, known in ((sizes, _sizes_of), (places, _places_of), (kinds, _kinds_of)):
            fitting = [g for g in self.groups if own & known(g)]
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _sizes_before(self, head: Mention, number: int) -> list[Measure]:
        return [
            m
            for m in self.measures
            if m.chunk == number and m.span[1] <= head.span[0] and m.role in ("size", "past")
        ]

    def _number(self, head: Mention) -> str:
        """The number a noun carries: "Nodule 2:", "nodule #2", "nodule B"."""
        match = _numbered().match(self.reading.folded, head.span[1])
        return match.group(1) if match else ""

    def _is_another(self, head: Mention, number: int, chunk: Chunk) -> bool:
        group = self.subject or self.groups[-1]
        if self._number(head) and group.number:
            return self._number(head) != group.number
        before = (chunk.span[0], head.span[0])
        if self.reading.roles_in(before, "another") and chunk.opener != "(":
            return True
        if chunk.opener == "(":
            return False
        if self._points_back(before):
            own = {m.quantity.mean for m in self._sizes_before(head, number)}
            return bool(own and group.has_size and not own & _sizes_of(group))
        return (
            self._own_size(number, group)
            or self._own_kind(chunk, group)
            or self._own_place(chunk, group)
        )

    def _points_back(self, before: Span) -> bool:
        words = self.reading.roles_in(before, "same")
        return bool(words) and not re.search(
            r"\blarg|\bsmall|\bdominant", self.reading.folded[slice(*before)]
        )

    def _own_size(self, number: int, group: Group) -> bool:
        own = any(
            m.chunk == number and m.role in ("size", "past") and m.quantity.kind == "length"
            for m in self.measures
        )
        return own and group.has_size

    def _own_kind(self, chunk: Chunk, group: Group) -> bool:
        for layer in ("nodule_type", "composition"):
            known = group.values(layer)
            own = {
                m.value
                for m in self.reading.of(layer)
                if self._in(m, chunk) and m not in self.denied
            }
            if known and own and not own & known:
                return True
        return False

    def _own_place(self, chunk: Chunk, group: Group) -> bool:
        own = places_in(self.reading.folded[slice(*chunk.span)])
        return bool(own and group.places and not own & group.places)

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


def _sizes_of(group: Group) -> set[Scalar]:
    return {m.quantity.mean for m in group.measures if m.role in ("size", "past", "previous")}


def _places_of(group: Group) -> set[Scalar]:
    return {*group.places}


def _kinds_of(group: Group) -> set[Scalar]:
    return {*group.values("nodule_type")}


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
