"""A finding as read from a text, and the sheet on which its descriptors are gathered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rag.answering.reading import Reading
from rag.knowledge.glossary import GRAMMAR_ONLY, Organ
from rag.knowledge.interval import parse_bounds
from rag.knowledge.vocabulary import Vocabulary
from rag.types import Descriptor, Scalar, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding described in a text.

    ``descriptors`` holds at most one descriptor a name, each affirmed by the text.
    ``contradictions`` are pairs that cannot both hold; neither stands in ``descriptors``.
    ``uncertain`` are descriptors that the text only suspects or asks about ("possibly", "?"); they
    never stand in ``descriptors``. ``organ`` is ``lung``, ``thyroid``, ``breast`` or ``None`` where
    the text does not say. ``notes`` are sentences for the reader. ``span`` covers all words used.
    ``open`` names what the text mentions without settling it: contradicted, uncertain or half said
    ("calcified" without a pattern). A table must ask for it and never take it as unstated.
    ``possible`` holds every value that an open name may have, each quoting what leaves it open.
    ``text`` is the text that was read.
    """

    descriptors: tuple[Descriptor, ...]
    contradictions: tuple[tuple[Descriptor, Descriptor], ...] = ()
    uncertain: tuple[Descriptor, ...] = ()
    organ: Organ | None = None
    notes: tuple[str, ...] = ()
    span: Span = (0, 0)
    open: tuple[str, ...] = ()
    possible: tuple[Descriptor, ...] = ()
    text: str = ""

    @property
    def for_tables(self) -> tuple[Descriptor, ...]:
        """What a table is to decide on: what was read, and for what is open all that it may be.

        Several descriptors of one name leave all of them possible; so an open name is asked for
        where it matters and never taken as unstated.
        """
        return (*self.descriptors, *self.possible)

    def get(self, name: str) -> Scalar | None:
        """The value of a descriptor, ``None`` where it was not read."""
        return next((d.value for d in self.descriptors if d.name == name), None)

    @property
    def kind(self) -> str | None:
        """The value of ``finding``: ``nodule``, ``cyst``, ...; the plainest where two are possible."""
        value = self.get("finding")
        if value is None:
            value = next((d.value for d in self.possible if d.name == "finding"), None)
        return value if isinstance(value, str) else None

    def graded(self) -> bool:
        """Whether anything but the kind of finding and the examination was read."""
        return any(d.name not in ("finding", "exam_context", "age") for d in self.descriptors)


@dataclass(slots=True)
class Sheet:
    """Gathers what was read about one finding and makes a :class:`Finding` of it."""

    reading: Reading
    vocabulary: Vocabulary
    _affirmed: list[Descriptor] = field(default_factory=list)
    _doubted: list[Descriptor] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, value: Scalar, span: Span) -> None:
        """Note a value that the text affirms; names and values that no table knows are left out."""
        if descriptor := self._descriptor(name, value, span):
            self._affirmed.append(descriptor)

    def doubt(self, name: str, value: Scalar, span: Span) -> None:
        """Note a value that the text does not affirm."""
        if descriptor := self._descriptor(name, value, span):
            self._doubted.append(descriptor)

    def has(self, name: str, *values: Scalar) -> bool:
        """Whether a value (any, if none is given) was affirmed."""
        return any(d.name == name and (not values or d.value in values) for d in self._affirmed)

    def doubts(self, name: str) -> bool:
        """Whether the text leaves a name in doubt."""
        return any(d.name == name for d in self._doubted)

    def span_of(self, name: str) -> Span | None:
        return next((d.span for d in self._affirmed if d.name == name), None)

    def drop(self, name: str, value: Scalar | None = None) -> None:
        """Forget what was affirmed about a name."""
        self._affirmed = [
            d for d in self._affirmed if d.name != name or value not in (None, d.value)
        ]

    def _descriptor(self, name: str, value: Scalar, span: Span) -> Descriptor | None:
        if name not in self.vocabulary:
            return None
        spec = self.vocabulary[name]
        if (
            spec.type == "enum"
            and value not in spec.allowed
            and not str(value).startswith(GRAMMAR_ONLY)
        ):
            return None
        return Descriptor(name, value, spec.unit, self.reading.said(span), span)

    def finish(self) -> Finding:
        """The finding; of two values of one descriptor neither is kept, unless one sharpens the other."""
        names = tuple(dict.fromkeys(d.name for d in (*self._affirmed, *self._doubted)))
        kept: list[Descriptor] = []
        possible: list[Descriptor] = []
        against: list[tuple[Descriptor, Descriptor]] = []
        for name in names:
            values = self._sharpest(name)
            doubts = list(self._against_affirmed(name, values))
            against += [(values[0], other) for other in (*values[1:], *doubts) if values]
            settled_value = len(values) == 1 and not doubts and not _grammar_only(values[0])
            kept += values if settled_value else ()
            possible += () if settled_value else self._possible(name, values, doubts)
        settled = {d.name for d in kept}
        affirmed = {(d.name, d.value) for d in self._affirmed}
        uncertain = (d for d in self._doubted if (d.name, d.value) not in affirmed)
        return Finding(
            descriptors=tuple(kept),
            contradictions=tuple(pair for pair in against if not any(map(_grammar_only, pair))),
            uncertain=tuple(dict.fromkeys(d for d in uncertain if not _grammar_only(d))),
            organ=self.reading.organ,
            notes=tuple(dict.fromkeys(self.notes)),
            span=_covering(self._affirmed),
            open=tuple(name for name in names if name not in settled),
            possible=tuple(dict.fromkeys(possible)),
            text=self.reading.text,
        )

    def _possible(
        self, name: str, values: list[Descriptor], doubts: list[Descriptor]
    ) -> Iterator[Descriptor]:
        """All that an open name may be: what was said, or anything where it was only suspected."""
        said = [d for d in (*values, *doubts) if not _grammar_only(d)]
        half_said = self.reading.glossary.may_mean.get(name, {})
        for descriptor in (d for d in values if _grammar_only(d)):
            meanings = half_said.get(str(descriptor.value), ())
            said += [replace(descriptor, value=value) for value in meanings]
        if values:
            yield from said
            return
        for doubted in (d for d in self._doubted if d.name == name):
            allowed = self.vocabulary[name].allowed or (doubted.value,)
            yield from (replace(doubted, value=value) for value in allowed)

    def _sharpest(self, name: str) -> list[Descriptor]:
        """One descriptor a value, without those that another value only makes more exact."""
        first: dict[Scalar, Descriptor] = {}
        for descriptor in self._affirmed:
            if descriptor.name == name:
                first.setdefault(descriptor.value, descriptor)
        sharper = self.reading.glossary.sharper.get(name, {})
        blunt = {value for sharp in first for value in sharper.get(str(sharp), ())}
        kept: list[Descriptor] = []
        for value, descriptor in first.items():
            if value not in blunt and not any(self._same(name, value, d.value) for d in kept):
                kept.append(descriptor)
        numbers = [d.value for d in kept if isinstance(d.value, float | int)]
        return [d for d in kept if not _holds_a_number(d, numbers)]

    def _same(self, name: str, first: Scalar, second: Scalar) -> bool:
        return self.reading.glossary.same_to_tables(name, str(first), str(second))

    def _against_affirmed(self, name: str, values: list[Descriptor]) -> Iterator[Descriptor]:
        """Doubted values that differ from the affirmed one: then that one is not sure either."""
        if self.vocabulary[name].allowed == ("present", "absent"):
            return
        held = {d.value for d in values}
        yield from (d for d in self._doubted if values and d.name == name and d.value not in held)


def _grammar_only(descriptor: Descriptor) -> bool:
    return str(descriptor.value).startswith(GRAMMAR_ONLY)


def _holds_a_number(descriptor: Descriptor, numbers: Iterable[float]) -> bool:
    """Whether bounds only frame a number that is also given ("8 mm", "<10 mm")."""
    if not isinstance(descriptor.value, str) or descriptor.unit is None:
        return False
    bounds = parse_bounds(descriptor.value, descriptor.unit)
    return any(bounds.contains(number) for number in numbers)


def _covering(descriptors: Iterable[Descriptor]) -> Span:
    spans = [d.span for d in descriptors]
    return (min(s[0] for s in spans), max(s[1] for s in spans)) if spans else (0, 0)
