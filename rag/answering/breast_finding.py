"""Breast findings: lexicon words, the assessment in words, a stated category, density.

A text is read as one finding: BI-RADS assesses an examination, and lexicon words are only shown
beside what the lexicon says of them, never turned into a category.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rag.answering.finding import Finding, Sheet
from rag.answering.labels import Label
from rag.answering.source import Source, add_plain
from rag.knowledge.phrases import Mention

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
    other_side = _less_worrying(source, spoken)
    spoken = [m for m in spoken if m not in other_side]
    add_plain(sheet, source, spoken)
    if other_side:
        sheet.notes.append(
            "Both breasts are assessed; the more worrying assessment stands for the examination."
        )
    _add_numbers(sheet, source)
    _add_labels(sheet, source)
    add_plain(sheet, source, [m for m, _ in source.timings])
    _drop_one_of_several(sheet, source, [*spoken, *other_side])
    heads = [h for g in source.grouped.groups for h in g.heads]
    anchor = [m.span for m in (*heads, *spoken, *reading.of("@breast"))]
    telling = [m for m in spoken if m.layer not in _COMPLAINTS]
    if anchor and (telling or source.labels or sheet.has("malignancy_likelihood")):
        sheet.add("finding", "breast_finding", anchor[0])
    if sheet.has("finding"):
        yield sheet.finish()


def _less_worrying(source: Source, spoken: Sequence[Mention]) -> list[Mention]:
    """The assessments in words that do not stand for the examination.

    Where both breasts are assessed, each in a sentence that names its side, only the most worrying one does
    (``_WORRY``); else all do, and contradicting ones leave the assessment open.
    """
    told = [m for m in source.affirmed(spoken, "breast_assessment") if m.value in _WORRY]
    sides = {m: _side(source, m) for m in told}
    if len(told) < 2 or None in sides.values() or len(set(sides.values())) < 2:
        return []
    worst = max(told, key=lambda m: _WORRY.index(m.value))
    return [m for m in told if m.value != worst.value]


_WORRY = (
    "negative", "benign", "probably_benign", "low_suspicion", "moderate_suspicion", "high_suspicion",
    "highly_suggestive",
)  # fmt: skip
"""Assessments of a complete work-up in the order of the categories 1, 2, 3, 4A, 4B, 4C, 5."""


def _side(source: Source, mention: Mention) -> str | None:
    """The side that the mention's sentence is about: the last one named up to the mention."""
    reading = source.reading
    sentence = reading.sentence_at(mention.span[0])
    start = next(c.span[0] for c in reading.chunks if c.sentence == sentence)
    named = _sides().findall(reading.folded[start : mention.span[1]])
    return named[-1][0] if named else None


@cache
def _sides() -> re.Pattern[str]:
    return re.compile(r"\b(right|left|rt|lt)\b")


def _drop_one_of_several(sheet: Sheet, source: Source, spoken: Sequence[Mention]) -> None:
    """Where assessments in words contradict each other, a category or a likelihood stated beside them is
    one lesion's, and may not stand for the examination."""
    words = {m.value for m in source.affirmed(spoken, "breast_assessment")}
    sharper = source.reading.glossary.sharper.get("breast_assessment", {})
    blunt = {value for word in words for value in sharper.get(word, ())}
    if len(words - blunt) > 1:
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


@cache
def _from_a_table() -> re.Pattern[str]:
    return re.compile(r"\b(?:table|internet|book|textbook|website|chart|list)\b[^.;\n]*$")


def _is_of_this_report(source: Source, label: Label) -> bool:
    """Whether a category is the report's own and not one that a table or a book is said to give."""
    before = source.reading.folded[max(label.place[0] - 60, 0) : label.place[0]]
    return _from_a_table().search(before) is None


def _of_the_finding(around: str) -> bool:
    """Whether the words around a percentage speak of the finding's likelihood of malignancy."""
    return bool(_likelihood().search(around)) and not _risk_of_a_person().search(around)


def _add_labels(sheet: Sheet, source: Source) -> None:
    """Categories that the text states; a denied one ("not BI-RADS 5") is none."""
    own = [
        x
        for x in source.labels
        if not x.negated and (x.system is None or x.system.startswith("bi"))
    ]
    today = [x for x in own if not x.former]
    assessed = sheet.has("breast_assessment") or sheet.has("malignancy_likelihood")
    # An earlier category stands only where nothing of today is told.
    for label in today or ([] if assessed else own):
        if _is_of_this_report(source, label):
            sheet.add("birads_category", label.value, label.place)
    months = {interval.months for interval in source.intervals}
    for interval in source.intervals if len(months) == 1 else ():
        sheet.add("followup_months", interval.months, interval.span)
