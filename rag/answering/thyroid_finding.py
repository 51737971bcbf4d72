"""Thyroid nodules: composition, echogenicity, shape, margin, foci and size, as descriptors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rag.answering.finding import Finding, Sheet
from rag.answering.finding_group import Group
from rag.answering.size_sheet import add_sizes, split_by_size
from rag.answering.source import Source, add_plain
from rag.knowledge.phrases import Mention
from rag.types import Span

FOCI = ("punctate_foci", "macrocalcification", "rim_calcification", "comet_tail")
_LEVELS = ("1", "2", "3", "4", "5")
_OWN_SYSTEM = re.compile(r"(?:(?:acr|korean|k)[ -]?)?ti[ -]?rads|tr")
"""Names under which a level is one of the systems held; EU- and C-TIRADS have levels of their own."""


def thyroid_findings(source: Source) -> Iterator[Finding]:
    """One finding a nodule; a text without a noun is one nodule if it says anything about it.

    A text that says that there is none gives the finding that there is no nodule.
    """
    groups = [
        part
        for group in source.grouped.groups
        if not _outside_the_gland(source, group)
        for part in split_by_size(source.reading, group)
    ]
    if not groups and (
        source.grouped.beside.mentions or source.grouped.beside.measures or _stated(source)
    ):
        groups = [source.grouped.beside]
    none = source.reading.of("@no_nodule")
    if none and not any(group.has_size or group.mentions for group in groups):
        sheet = source.sheet()
        sheet.add("finding", "no_nodule", none[0].span)
        yield sheet.finish()
        return
    starts = sorted({_start(group) for group in groups})
    yield from (_nodule(source, group, starts) for group in groups)


@cache
def _elsewhere() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:parathyroid|(?:separate|distinct|apart) from the thyroid|extra-?thyroidal\b[^.;\n]{0,30}\b(?:lesion|mass|nodule))"
    )


def _outside_the_gland(source: Source, group: Group) -> bool:
    """Whether the sentence of a lesion puts it outside the thyroid ("parathyroid adenoma behind the lobe")."""
    sentences = {source.reading.sentence_at(head.span[0]) for head in group.heads}
    chunks = [c.span for c in source.reading.chunks if c.sentence in sentences]
    if not chunks:
        return False
    told = source.reading.folded[chunks[0][0] : chunks[-1][1]]
    return _elsewhere().search(told) is not None


def _start(group: Group) -> int:
    """The place of the first word that speaks of a nodule."""
    spans = [*(m.span for m in (*group.heads, *group.mentions)), *(m.span for m in group.measures)]
    return min((start for start, _ in spans), default=0)


def _nodule(source: Source, group: Group, starts: Sequence[int]) -> Finding:
    sheet = source.sheet()
    beside = source.grouped.beside.mentions if group is not source.grouped.beside else []
    own = {m.layer for m in group.mentions}
    mentions = [*group.mentions, *(m for m in beside if m.layer not in own)]
    mentions += [
        m for m in source.reading.mentions if m.layer == "exam_context" and m not in mentions
    ]
    add_plain(sheet, source, [m for m in mentions if m.layer not in ("thyroid_margin", "timing")])
    _add_margin(sheet, source, [m for m in mentions if m.layer == "thyroid_margin"])
    add_sizes(sheet, source.reading, group, None, source.intervals)
    sheet.drop("mean_diameter")
    _add_timing(sheet, source, group)
    _add_orientation(sheet, source, group)
    _add_absent(sheet, source, group, starts)
    _close_list_of_foci(sheet)
    levels = _stated(source)
    for value, span in levels:
        sheet.add("thyroid_level", value, span)
    sheet.add("finding", "thyroid_nodule", _anchor(source, group, mentions, levels))
    return sheet.finish()


@cache
def _tall_and_wide() -> re.Pattern[str]:
    """Height and width of a nodule on the transverse image, either before or after its name."""
    n = r"(\d+(?:\.\d+)?)\s*(?:mm|cm)?"
    tall, wide = r"(?:anteroposterior|antero-posterior|ap)\b", r"(?:transverse|trans|tr)\b"
    dim = r"(?:\s*(?:diameter|dimension|size))?\s*(?:of|is|:|=)?\s*"
    return re.compile(
        rf"\b{tall}{dim}{n}[^.;\n]{{0,15}}?\b{wide}{dim}{n}|{n}\s*\(?{tall}\)?[^.;\n]{{0,12}}?{n}\s*\(?{wide}"
        rf"|\bap\s*/\s*tr\w*\s*[:=]?\s*(\d+(?:\.\d+)?)\s*/\s*(\d+(?:\.\d+)?)"
    )


def _add_orientation(sheet: Sheet, source: Source, group: Group) -> None:
    """Taller than wide or not, by the two sizes of one unit that the sentence of the nodule gives."""
    if sheet.has("orientation"):
        return
    sentences = {source.reading.sentence_at(m.span[0]) for m in group.measures}
    for match in _tall_and_wide().finditer(source.reading.folded):
        tall, wide = (float(text) for text in match.groups() if text)
        same_unit = not ("mm" in match.group() and "cm" in match.group())
        if same_unit and source.reading.sentence_at(match.start()) in sentences:
            sheet.add("orientation", "nonparallel" if tall > wide else "parallel", match.span())


def _add_timing(sheet: Sheet, source: Source, group: Group) -> None:
    said = source.timings
    add_plain(sheet, source, [m for m, _ in said if m in group.mentions and m.value != "baseline"])


def _add_margin(sheet: Sheet, source: Source, mentions: list[Mention]) -> None:
    """A margin both irregular and extending beyond the gland has a value of its own."""
    affirmed = {m.value: m for m in source.affirmed(mentions, "thyroid_margin")}
    both = affirmed.keys() & {"irregular", "extrathyroidal_extension"}
    if len(both) == 2:
        spans = sorted(affirmed[value].span for value in both)
        sheet.add("thyroid_margin", "irregular_with_extension", (spans[0][0], spans[1][1]))
        mentions = [m for m in mentions if m.value not in both]
    add_plain(sheet, source, mentions)


def _add_absent(sheet: Sheet, source: Source, group: Group, starts: Sequence[int]) -> None:
    """ "No echogenic foci" denies all four kinds; "no suspicious features" shape and margin as well."""
    reading = source.reading
    suspicious = [m for m in reading.of("@no_suspicious") if _is_about(source, m, group, starts)]
    none = [m for m in reading.of("@no_foci") if _is_about(source, m, group, starts)]
    for mention in (*none, *suspicious):
        for name in FOCI:
            if not sheet.has(name):
                sheet.add(name, "absent", mention.span)
    for mention in none:
        # "No echogenic foci" here and punctate ones there: the text contradicts itself.
        said = reading.folded[slice(*mention.span)]
        if "foc" in said and "other" not in said and sheet.has("punctate_foci", "present"):
            sheet.add("punctate_foci", "absent", mention.span)
    for mention in suspicious:
        for name, value in (("orientation", "parallel"), ("thyroid_margin", "smooth")):
            if not sheet.has(name):
                sheet.add(name, value, mention.span)


def _is_about(source: Source, said: Mention, group: Group, starts: Sequence[int]) -> bool:
    """Whether a denial is said of this nodule: of the one that is being described, or of all."""
    before = [start for start in starts if start <= said.span[0]]
    chunk = source.reading.chunks[source.reading.chunk_at(said.span[0])]
    everyone = source.reading.roles_in(chunk.span, "all_of_them")
    return not before or bool(everyone) or _start(group) == before[-1]


def _close_list_of_foci(sheet: Sheet) -> None:
    """Foci not named are absent where every other feature group is named and some foci are.

    A description that goes through all groups names the foci that are there; a looser one may have
    left some out, and stays open.
    """
    others = ("composition", "echogenicity", "orientation", "thyroid_margin")
    named = [name for name in FOCI if sheet.has(name, "present")]
    if not named or not all(map(sheet.has, others)):
        return
    span = sheet.span_of(named[0])
    for name in FOCI:
        if span and not sheet.has(name) and not sheet.doubts(name):
            sheet.add(name, "absent", span)
    sheet.notes.append(
        "All feature groups are named, so echogenic foci not named are read as absent."
    )


def _stated(source: Source) -> list[tuple[str, Span]]:
    """Levels and categories that the text gives the nodule ("TR4", "K-TIRADS 3")."""
    named = (x for x in source.labels if not x.negated and x.value in _LEVELS)
    return [
        (x.value, x.place) for x in named if x.system is None or _OWN_SYSTEM.fullmatch(x.system)
    ]


def _anchor(
    source: Source, group: Group, mentions: list[Mention], levels: list[tuple[str, Span]]
) -> Span:
    """The words that show that it is a thyroid nodule."""
    if group.heads:
        return group.heads[0].span
    if mentions:
        return mentions[0].span
    named = [m.span for m in source.reading.of("@thyroid")]
    spans = [*named, *(m.span for m in group.measures), *(span for _, span in levels)]
    return spans[0] if spans else (0, 0)
