"""What must hold of facts beyond what loading checks: ids, sources, doses, figures, disagreements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from rag.knowledge.facts import Fact, founded
from rag.knowledge.fault import Fault
from rag.knowledge.guideline import Guideline

REACTION_CARD = "check your department's reaction card"
DRUG_DOSE = re.compile(r"\d\s?(mg|µg|mcg|g)(/kg)?\b(?!\s?/\s?d?[lL])")
"""A mass that is given to somebody; concentrations (mg/dL, mgI/mL) are not meant."""
CONCENTRATION = re.compile(r"\d(?:\.\d+)?\s?mg/m?d?[lL]\b|\d\s?mgI")
LOCAL = re.compile(r"^Local practice\b")
SHORTHAND = re.compile(r"\b(AHK|APK|APER|OTH|YB|K360|V25[A-C]|TODO|FIXME)\b")
URL = re.compile(r"https?://[^\s/$.?#].\S*")
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
DATE = re.compile(r"\d{4}-\d{2}")


def id_faults(guidelines: Iterable[Guideline]) -> Iterator[Fault]:
    """A fact id stands once on the whole shelf, so that a citation means one sentence."""
    first: dict[str, str] = {}
    for guideline in guidelines:
        for fact in guideline.facts:
            if fact.id in first:
                message = f"fact '{fact.id}' also stands in {first[fact.id]}; give it its own id"
                yield Fault(_file(guideline), fact.line, message)
            first.setdefault(fact.id, guideline.id)


def fact_faults(guideline: Guideline) -> Iterator[Fault]:
    """Faults of each fact of a guideline."""
    for fact in guideline.facts:
        for message in _faults(fact):
            yield Fault(_file(guideline), fact.line, f"{fact.id}: {message}")


def _file(guideline: Guideline) -> str:
    return str(Path(guideline.folder) / "facts.yaml")


def _faults(fact: Fact) -> Iterator[str]:
    yield from _sentence(fact)
    yield from _dose(fact)
    if fact.disagreement and not fact.note:
        yield "sources differ, but no note states both sides"
    for source in fact.sources:
        if source.startswith("http") and not URL.match(source):
            yield f"source '{source}' is no address"
    number = value_number_missing(fact)
    if number is not None:
        yield f"the value says {number}, the sentence does not"


def _sentence(fact: Fact) -> Iterator[str]:
    text = fact.fact.strip()
    if len(text) < 12 or text[-1] not in ".)":
        yield "the fact must be a whole sentence that ends with a full stop"
    shorthand = SHORTHAND.search(f"{text} {fact.note or ''}")
    if shorthand:
        yield f"'{shorthand[0]}' is shorthand; write it out"
    if LOCAL.match(text) and "ocal practice" not in (fact.note or ""):
        yield "local practice must say so in its note too"


def _dose(fact: Fact) -> Iterator[str]:
    """Drug doses ship only where two sources agree, and always with the reaction card."""
    if not DRUG_DOSE.search(CONCENTRATION.sub(" ", fact.fact)):
        return
    if fact.confidence != "verified2":
        yield "a drug dose rests on one source; leave it out"
    if REACTION_CARD not in fact.fact:
        yield f"a drug dose without '{REACTION_CARD}'"


def value_number_missing(fact: Fact) -> Decimal | None:
    """A number of the machine-readable value that neither sentence nor note states."""
    text = f"{fact.fact} {fact.note or ''}"
    said = _numbers(text) | founded([replace(fact, fact=text, value=None)])
    missing = (n for text in _value_texts(fact.value) for n in sorted(_numbers(text)))
    return next((number for number in missing if number not in said), None)


def _value_texts(value: object) -> Iterator[str]:
    """The texts and numbers of a value; dates and versions are left out."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _value_texts(inner)
    elif isinstance(value, list):
        for item in value:
            yield from _value_texts(item)
    elif value is not None and not isinstance(value, bool) and not DATE.search(str(value)):
        yield str(value)


def _numbers(text: str) -> frozenset[Decimal]:
    return frozenset(Decimal(found.replace(",", "")) for found in NUMBER.findall(text))
