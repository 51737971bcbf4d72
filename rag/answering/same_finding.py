"""Whether a noun in a text speaks of a finding already told, or of another one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rag.answering.finding_group import Group
from rag.answering.negation import Polarity
from rag.answering.reading import Chunk, Reading
from rag.answering.report_sections import places_in
from rag.answering.sizes import Measure
from rag.knowledge.phrases import Mention
from rag.types import Scalar, Span


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(r"\s*(?:#|no\.?|number)?\s*(\d{1,2}|[a-d])(?=\s*[:).,-]|\s*$)")


@dataclass(frozen=True, slots=True)
class SameFinding:
    """Tells findings apart by size, type, place, number and the words before their noun."""

    reading: Reading
    measures: Sequence[Measure]
    denied: Mapping[Mention, tuple[Polarity, Span]]

    def told_before(self, groups: Sequence[Group], number: int, chunk: Chunk) -> Group | None:
        """The one finding that a later sentence tells again ("IMPRESSION: 8 mm solid RUL nodule").

        Size or place must be the same and neither size, place nor type may differ.
        """
        if self.reading.roles_in(chunk.span, "another"):
            return None
        sizes: set[Scalar] = {
            m.quantity.mean for m in self.measures if m.chunk == number and m.role == "size"
        }
        places: set[Scalar] = {*places_in(self.reading.folded[slice(*chunk.span)])}
        kinds: set[Scalar] = {m.value for m in self.reading.of("nodule_type") if self._in(m, chunk)}
        told = ((sizes, _sizes_of), (places, _places_of), (kinds, _kinds_of))
        fitting = [
            g
            for g in groups
            if self.sentence_of(g) < chunk.sentence
            and not any(own and known(g) and not own & known(g) for own, known in told)
            and (sizes & _sizes_of(g) or (places & _places_of(g) and not sizes))
        ]
        return fitting[0] if len(fitting) == 1 else None

    def named_again(
        self, groups: Sequence[Group], head: Mention, number: int, chunk: Chunk
    ) -> Group | None:
        """The one finding that "the 8 mm nodule", "the solid nodule" or "the RUL nodule" names."""
        if len(groups) < 2 or not self._points_back((chunk.span[0], head.span[0])):
            return None
        sizes = {m.quantity.mean for m in self._sizes_before(head, number)}
        kinds = {m.value for m in self.reading.of("nodule_type") if self._in(m, chunk)}
        places = places_in(self.reading.folded[slice(*chunk.span)])
        for own, known in ((sizes, _sizes_of), (places, _places_of), (kinds, _kinds_of)):
            fitting = [g for g in groups if own & known(g)]
            if len(fitting) == 1:
                return fitting[0]
        return None

    def _sizes_before(self, head: Mention, number: int) -> list[Measure]:
        return [
            m
            for m in self.measures
            if m.chunk == number and m.span[1] <= head.span[0] and m.role in ("size", "past")
        ]

    def number_of(self, head: Mention) -> str:
        """The number a noun carries: "Nodule 2:", "nodule #2", "nodule B"."""
        match = _numbered().match(self.reading.folded, head.span[1])
        return match.group(1) if match else ""

    def is_another(self, group: Group, head: Mention, number: int, chunk: Chunk) -> bool:
        """Whether a noun opens a finding of its own beside ``group``, the one spoken of."""
        if self.number_of(head) and group.number:
            return self.number_of(head) != group.number
        before = (chunk.span[0], head.span[0])
        if self.reading.roles_in(before, "another") and chunk.opener != "(":
            return True
        if self._granulomas_beside(group, head):
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

    def _granulomas_beside(self, group: Group, head: Mention) -> bool:
        """Granulomas told in a sentence of their own are not the measured nodule told before; without this
        a 31 mm nodule would borrow their calcification."""
        named = self.reading.folded[slice(*head.span)]
        others = [self.reading.folded[slice(*h.span)] for h in group.heads]
        apart = self.reading.sentence_at(head.span[0]) != self.sentence_of(group)
        return "granuloma" in named and apart and not any("granuloma" in other for other in others)

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

    def sentence_of(self, group: Group) -> int:
        """The last sentence in which a noun of ``group`` stands, -1 if it has none."""
        return max((self.reading.sentence_at(h.span[0]) for h in group.heads), default=-1)

    def _in(self, mention: Mention, chunk: Chunk) -> bool:
        return chunk.span[0] <= mention.span[0] and mention.span[1] <= chunk.span[1]


def _sizes_of(group: Group) -> set[Scalar]:
    return {m.quantity.mean for m in group.measures if m.role in ("size", "past", "previous")}


def _places_of(group: Group) -> set[Scalar]:
    return {*group.places}


def _kinds_of(group: Group) -> set[Scalar]:
    return {*group.values("nodule_type")}
