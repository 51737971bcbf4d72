"""Facts: the one place where a guideline's numbers stand.

Tables, categories and sentences of ours may only use numbers that stand in the facts they name;
:func:`unfounded` finds those that do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rag.knowledge.corpus_schema import FactEntry, FactsFile
from rag.knowledge.yaml_file import YamlFile
from rag.types import Confidence

_NAMES = "zero one two three four five six seven eight nine ten eleven twelve".split()
_WORD = {name: Decimal(number) for number, name in enumerate(_NAMES)}
_ALSO = {"once": Decimal(1), "yearly": Decimal(1), "annual": Decimal(1), "twice": Decimal(2)}
_PRONOUN = "one"
"""Not asked for in a sentence of ours ("a stable one"), but read as a number in a fact."""
_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.])\d+(?:\.\d+)?(?![\d])")
_LABEL = re.compile(
    r"(?i)\b(?:categor(?:y|ies)(?: was| of)?|RADS)\s+\d\w?(?:(?:, | and | or |, or |, and )\d\w?)*\b"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a guideline says, in our words; ``line`` is where it stands in ``facts.yaml``.

    ``verified1`` rests on one source; ``disagreement`` means that sources differ and that the fact
    or its note states both sides; ``terms`` are search aids, never shown as facts.
    """

    id: str
    section: str
    fact: str
    value: object = field(default=None, hash=False)
    sources: tuple[str, ...] = ()
    confidence: Confidence = "verified2"
    note: str | None = None
    disagreement: bool = False
    issuer: str | None = None
    year: int | None = None
    terms: tuple[str, ...] = ()
    line: int = 0


def load_facts(file: YamlFile) -> dict[str, Fact]:
    """The facts of a ``facts.yaml`` by id, in file order.

    Raises:
        CorpusError: an entry is malformed, an id stands twice, or a fact is only recalled.
    """
    _reject_recalled(file)
    facts: dict[str, Fact] = {}
    for position, entry in enumerate(file.as_model(FactsFile).facts):
        where = ("facts", position, "id")
        if entry.id in facts:
            raise file.error(f"fact {entry.id!r} stands twice; keep one", where)
        facts[entry.id] = _fact(entry, file.line(where))
    return facts


def _reject_recalled(file: YamlFile) -> None:
    entries = file.data.get("facts") if isinstance(file.data, dict) else None
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and entry.get("confidence") == "recalled":
            where = ("facts", position, "confidence")
            raise file.error("a recalled fact does not ship; find a source or remove it", where)


def _fact(entry: FactEntry, line: int) -> Fact:
    return Fact(
        id=entry.id,
        section=entry.section,
        fact=entry.fact,
        value=entry.value,
        sources=tuple(entry.source),
        confidence=entry.confidence,
        note=entry.note,
        disagreement=entry.disagreement,
        issuer=entry.issuer,
        year=entry.year,
        terms=tuple(entry.terms),
        line=line,
    )


def numbers_in(text: str) -> frozenset[Decimal]:
    """The numbers a sentence states, digits or small words; category labels are not numbers."""
    plain = _LABEL.sub(" ", text)
    words = re.findall(r"[a-z]+", plain.lower())
    return _digits(plain) | {_WORD[word] for word in words if word in _WORD and word != _PRONOUN}


def _digits(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(found.replace(",", "")) for found in _NUMBER.findall(text))


def founded(facts: Iterable[Fact]) -> frozenset[Decimal]:
    """All numbers that these facts state, in words or in their values."""
    stated: set[Decimal] = set()
    for text in (text for fact in facts for text in (fact.fact, *_leaves(fact.value))):
        known = _WORD | _ALSO
        stated |= _digits(text)
        stated |= {known[word] for word in re.findall(r"[a-z]+", text.lower()) if word in known}
    return frozenset(stated)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _leaves(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def unfounded(numbers: Iterable[Decimal], facts: Iterable[Fact]) -> Decimal | None:
    """The first number that none of the facts states, ``None`` where all are founded."""
    known = founded(facts)
    return next((number for number in sorted(numbers) if number not in known), None)


def bound_unfounded(text: str, facts: Iterable[Fact]) -> Decimal | None:
    """Like :func:`unfounded` for the bounds of a cell: 1.0 cm is founded by 10 mm."""
    known = founded(facts)
    for found in re.findall(r"\d+(?:\.\d+)?", re.sub(r"m3|m³", "m", text)):
        number = Decimal(found)
        scaled = {number * 10, number / 10} if re.search(r"\d\s*[cm]m\b", text) else set()
        if not known & {number, *scaled}:
            return number
    return None
