"""From a text to its findings and their descriptors: a grammar, no model.

    text -> phrases, chunks -> affirmed, denied, uncertain -> one group a finding -> descriptors

Every descriptor carries the place it was read from (``text == question[span[0]:span[1]]``). What
the text only suspects, contradicts or leaves out is never made a value: it is listed beside, and a
table that needs it asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from rag.answering.as_typed import as_typed
from rag.answering.breast_finding import breast_findings
from rag.answering.finding import Finding, Sheet
from rag.answering.foreign_finding import of_something_else
from rag.answering.grouping import group
from rag.answering.labels import labels_in
from rag.answering.lung_finding import lung_findings
from rag.answering.measurements import quantities
from rag.answering.negation import polarities
from rag.answering.reading import Reading, read
from rag.answering.source import Source
from rag.answering.thyroid_finding import thyroid_findings
from rag.answering.timing import GrowthRule, dates, intervals, timing_mentions
from rag.knowledge.glossary import Glossary, Organ
from rag.knowledge.vocabulary import Vocabulary
from rag.knowledge.words import covering, fold
from rag.types import Descriptor, Span

__all__ = ["Finding", "GrowthRule", "read_findings", "with_growth"]


def read_findings(
    text: str, vocabulary: Vocabulary, glossary: Glossary, organ: Organ | None = None
) -> tuple[Finding, ...]:
    """The findings that ``text`` describes, in order; one of the whole examination comes first.

    ``organ`` says what the text is about where the caller knows it (a guideline was named); else
    the words tell. A text that describes no finding gives an empty tuple.
    """
    typed = glossary.slips.read(text)
    found = _read(typed.read, vocabulary, glossary, organ)
    return tuple(as_typed(finding, typed) for finding in found) if typed.slips else found


def _read(
    text: str, vocabulary: Vocabulary, glossary: Glossary, organ: Organ | None
) -> tuple[Finding, ...]:
    source = _source(text, vocabulary, glossary, organ)
    if organ is None and of_something_else(source):
        return ()
    readers = {"thyroid": thyroid_findings, "breast": breast_findings}
    read_organ = readers.get(source.reading.organ or "", lung_findings)
    findings = (_with_age(finding, source) for finding in read_organ(source))
    return tuple(finding for finding in findings if finding.descriptors or finding.open)


def _source(text: str, vocabulary: Vocabulary, glossary: Glossary, organ: Organ | None) -> Source:
    folded = fold(text)
    labels = labels_in(folded)
    blocked: list[Span] = [*(x.place for x in labels), *(d.span for d in dates(folded))]
    sizes = quantities(folded, blocked)
    reading = read(text, glossary, [*(q.span for q in sizes), *(x.span for x in labels)], organ)
    denied = polarities(reading)
    grouped = group(reading, sizes, denied)
    nouns = (noun for found in grouped.groups for noun in found.heads)
    return Source(
        reading=reading,
        grouped=grouped,
        denied=denied,
        labels=labels,
        intervals=intervals(folded),
        timings=tuple(timing_mentions(reading, grouped.heads)),
        noun_sentences=frozenset(reading.sentence_at(noun.span[0]) for noun in nouns),
        vocabulary=vocabulary,
    )


@cache
def _age() -> re.Pattern[str]:
    return re.compile(
        r"(?<![\d.])(?P<a>\d{1,3})[\s-]?(?:years?|yrs?|y)[\s-]?(?:old|o\b|of age)|\baged?\s+(?P<b>\d{1,3})\b"
        r"|(?<![\d.])(?P<c>\d{1,3})\s?(?:yo|y/o|세)(?![a-z])|(?<![\d.a-z])(?P<d>\d{2})[\s-]?(?:m|f|male|female|man|woman)\b(?!\w)"
    )


def _with_age(finding: Finding, source: Source) -> Finding:
    match = _age().search(source.reading.folded)
    if match is None or "age" not in source.vocabulary:
        return finding
    sheet = Sheet(source.reading, source.vocabulary)
    sheet.add("age", float(next(text for text in match.groups() if text)), match.span())
    return replace(finding, descriptors=(*finding.descriptors, *sheet.finish().descriptors))


def with_growth(finding: Finding, rule: GrowthRule) -> Finding:
    """``finding`` with the timing that its earlier and present size give under ``rule``.

    Growth is an increase of more than ``rule.mm_gt`` within ``rule.months``. An increase that
    large over a longer or unknown time decides nothing, nor does a smaller one over a longer time
    (it may be slow growth). A timing that the text states and the sizes contradict becomes a
    contradiction.
    """
    finding = _with_grown_part(finding, rule)
    sized = _timing_of_sizes(finding, rule)
    if sized is None:
        return finding
    stated = next((d for d in finding.descriptors if d.name == "timing"), None)
    if stated is None:
        return replace(
            finding, descriptors=(*finding.descriptors, sized, *_grown_cyst(finding, sized))
        )
    if stated.value == sized.value or not _contradict(stated, sized):
        return finding
    rest = tuple(d for d in finding.descriptors if d is not stated)
    against = (*finding.contradictions, (stated, sized))
    return replace(
        finding,
        descriptors=rest,
        contradictions=against,
        open=(*finding.open, "timing"),
        possible=(*finding.possible, stated, sized),
    )


def _grown_cyst(finding: Finding, sized: Descriptor) -> tuple[Descriptor, ...]:
    """What growth by its sizes makes of a multilocular cyst whose change the text does not name."""
    multilocular = finding.kind == "cyst" and finding.get("loculation") == "multilocular"
    known = finding.get("cyst_change") is not None or "cyst_change" in finding.open
    if not multilocular or known or sized.value != "growing":
        return ()
    return (replace(sized, name="cyst_change", value="growing_multilocular"),)


def _with_grown_part(finding: Finding, rule: GrowthRule) -> Finding:
    """With the change of the solid part that its two sizes give, where the text states none."""
    numbers = {d.name: d for d in finding.descriptors if isinstance(d.value, float | int)}
    before, now = numbers.get("previous_solid_component"), numbers.get("solid_component")
    known = finding.get("solid_component_timing") or "solid_component_timing" in finding.open
    if before is None or now is None or known or not _in_time(finding, rule):
        return finding
    grown = round(float(now.value) - float(before.value), 4) > rule.mm_gt
    places = [d.span for d in (before, now) if d.span[0] < d.span[1]]
    place = covering(min(places), max(places)) if places else (0, 0)
    said = finding.text[slice(*place)]
    part = Descriptor("solid_component_timing", "growing" if grown else "stable", None, said, place)
    rest = [d for d in finding.descriptors if d.name != "timing"] if grown else finding.descriptors
    whole = (Descriptor("timing", "growing", None, said, place),) if grown else ()
    return replace(finding, descriptors=(*rest, part, *whole))


def _in_time(finding: Finding, rule: GrowthRule) -> bool:
    """Whether the two sizes lie no further apart than the rule's window."""
    months = finding.get("interval_months")
    return rule.months is None or (isinstance(months, float) and months <= rule.months)


def _contradict(stated: Descriptor, sized: Descriptor) -> bool:
    """Stated slow growth, and a smaller size called stable, go with sizes that show no growth."""
    gentle = {"stable", "smaller", "slow_growing"}
    return not (stated.value in gentle and sized.value in gentle) and "open" not in (
        stated.value,
        sized.value,
    )


def _timing_of_sizes(finding: Finding, rule: GrowthRule) -> Descriptor | None:
    change, spans = _change(finding.descriptors)
    if change is None or finding.get("timing") in ("new", "baseline"):
        return None
    if not _in_time(finding, rule):
        return None
    value = "growing" if change > rule.mm_gt else "smaller" if change < -rule.mm_gt else "stable"
    read = [span for span in spans if span[0] < span[1]]  # a size set by hand has no place
    place = covering(read[0], read[-1]) if read else (0, 0)
    return Descriptor("timing", value, None, finding.text[slice(*place)], place)


def _change(descriptors: Iterable[Descriptor]) -> tuple[float | None, list[Span]]:
    """Increase of the mean diameter in mm with the places it was read from; ``None`` if not known."""
    numbers = {d.name: d for d in descriptors if isinstance(d.value, float | int)}
    if "diameter_change" in numbers:
        found = numbers["diameter_change"]
        return float(found.value), [found.span]
    if "previous_diameter" in numbers and "mean_diameter" in numbers:
        before, now = numbers["previous_diameter"], numbers["mean_diameter"]
        return round(float(now.value) - float(before.value), 4), sorted([before.span, now.span])
    return None, [(0, 0)]


def describe(reading: Reading) -> str:
    """The chunks of a reading, one a line with its phrases: for looking at what was read."""
    lines = []
    for chunk in reading.chunks:
        phrases = [
            m for m in reading.mentions if chunk.span[0] <= m.span[0] and m.span[1] <= chunk.span[1]
        ]
        said = ", ".join(f"{m.layer}={m.value}" for m in phrases)
        lines.append(f"[{chunk.opener or '.'}] {reading.said(chunk.span).strip()} :: {said}")
    return "\n".join(lines)
