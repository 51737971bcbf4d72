"""Breast findings: lexicon words, the assessment in words, a stated category, density.

A text is read as one finding: BI-RADS assesses an examination, and lexicon words are only shown
beside what the lexicon says of them, never turned into a category.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from rag.answering.finding import Finding, Sheet
from rag.answering.source import Source, add_plain

_COMPLAINTS = frozenset(("breast_mass", "mass_content", "mass_calcified", "breast_associated"))
"""Layers that alone are a complaint or a history as often as a finding ("palpable breast mass")."""


@cache
def _likelihood() -> re.Pattern[str]:
    return re.compile(
        r"likelihood|risk|chance|probabilit|malignan|ppv|suspici|benign|cancer|악성|가능성"
    )


@cache
def _risk_of_a_person() -> re.Pattern[str]:
    """A chance of ever falling ill is a reason to screen, not the likelihood that a finding is cancer."""
    return re.compile(r"life-?\s?time|평생|\b(?:\d+|five|ten)[- ]year risk|gail|tyrer|brcapro")


def breast_findings(source: Source) -> Iterator[Finding]:
    """One finding, if the text says anything that BI-RADS speaks about."""
    sheet = source.sheet()
    reading = source.reading
    spoken = [m for m in reading.mentions if not m.layer.startswith("@") and m.layer != "timing"]
    add_plain(sheet, source, spoken)
    _add_numbers(sheet, source)
    _add_labels(sheet, source)
    add_plain(sheet, source, [m for m, _ in source.timings])
    _drop_one_of_several(sheet, source)
    heads = [h for g in source.grouped.groups for h in g.heads]
    anchor = [m.span for m in (*heads, *spoken, *reading.of("@breast"))]
    telling = [m for m in spoken if m.layer not in _COMPLAINTS]
    if anchor and (telling or source.labels or sheet.has("malignancy_likelihood")):
        sheet.add("finding", "breast_finding", anchor[0])
    if sheet.has("finding"):
        yield sheet.finish()


def _drop_one_of_several(sheet: Sheet, source: Source) -> None:
    """Where assessments in words contradict each other, a category or a likelihood stated beside them is
    one lesion's, and may not stand for the examination."""
    words = {m.value for m in source.affirmed(source.reading.mentions, "breast_assessment")}
    sharper = source.reading.glossary.sharper.get("breast_assessment", {})
    blunt = {value for word in words for value in sharper.get(word, ())}
    if len(words - blunt) < 2:
        return
    sheet.drop("birads_category")
    sheet.drop("malignancy_likelihood")


def _add_numbers(sheet: Sheet, source: Source) -> None:
    """Greatest diameter, and a percentage where the words around it speak of malignancy."""
    groups = (*source.grouped.groups, source.grouped.beside)
    for measure in (m for g in groups for m in g.measures):
        quantity = measure.quantity
        around = source.reading.folded[max(quantity.span[0] - 60, 0) : quantity.span[1] + 40]
        if quantity.kind == "length" and measure.role in ("size", "past"):
            sheet.add("max_diameter", quantity.greatest, measure.span)
        elif quantity.kind == "percent" and _of_the_finding(around):
            sheet.add("malignancy_likelihood", quantity.mean, measure.span)


def _of_the_finding(around: str) -> bool:
    """Whether the words around a percentage speak of the finding's likelihood of malignancy."""
    return bool(_likelihood().search(around)) and not _risk_of_a_person().search(around)


def _add_labels(sheet: Sheet, source: Source) -> None:
    """Categories that the text states; a denied one ("not BI-RADS 5") is none."""
    for label in source.labels:
        if not label.negated and (label.system is None or label.system.startswith("bi")):
            sheet.add("birads_category", label.value, label.place)
    months = {interval.months for interval in source.intervals}
    for interval in source.intervals if len(months) == 1 else ():
        sheet.add("followup_months", interval.months, interval.span)
