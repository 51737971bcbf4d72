"""Lung findings: what the words and measurements of a group say, as descriptors.

Type: a ground-glass, subsolid or unnamed nodule with a solid component is part-solid; "subsolid"
alone stays open, because it is either part-solid or non-solid. Sizes: of an earlier and a present
size the present one is the diameter. Nothing is settled that the text leaves open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.answering.dated import told_earlier
from rag.answering.finding import Finding, Sheet
from rag.answering.finding_group import Group
from rag.answering.labels import Label
from rag.answering.lung_infection import infection_signs, is_the_nodule
from rag.answering.negation import Polarity
from rag.answering.size_sheet import add_sizes, solid_parts, split_by_size
from rag.answering.source import Source, add_plain
from rag.answering.timing import FOLLOWED
from rag.knowledge.phrases import Mention
from rag.knowledge.words import covering
from rag.types import Span

WHOLE_EXAM = ("exam_context", "risk", "known_cancer", "immunosuppression", "multiplicity")
"""Layers that hold for every finding of a text, wherever they stand."""

_OWN_RULES = frozenset(
    ("timing", "nodule_type", "airway_level", "infection_sign", "incomplete_reason")
)


def lung_findings(source: Source) -> Iterator[Finding]:
    """The findings of a lung text.

    An incomplete examination is the only one: the nodules are categorised once it is complete. A
    nodule that is itself suspected to be infectious is a finding of infection; infection beside
    nodules is a finding of its own.
    """
    incomplete = source.affirmed(source.reading.mentions, "incomplete_reason")
    if incomplete:
        yield _examination(source, "incomplete_exam", incomplete)
        return
    groups = [g for group in source.grouped.groups for g in split_by_size(source.reading, group)]
    infection = infection_signs(source)
    if infection and (not groups or is_the_nodule(source, infection, groups)):
        yield _examination(source, "infection", infection, groups[0] if groups else None)
        return
    several = _several(source, groups)
    yield from (_nodule(source, group, several) for group in groups)
    if infection:
        yield _examination(source, "infection", infection)
    elif not groups:
        yield from _without_noun(source)


def _examination(
    source: Source, kind: str, mentions: Sequence[Mention], nodule: Group | None = None
) -> Finding:
    """A finding of the whole examination, with what is said of ``nodule`` where it is that."""
    sheet = source.sheet() if nodule is None else _sheet_of(source, nodule)
    sheet.drop("finding")
    sheet.add("finding", kind, mentions[0].span)
    for mention in mentions:
        if not mention.layer.startswith("@"):
            sheet.add(mention.layer, mention.value, mention.span)
    if kind == "infection" and sheet.has(
        "infection_sign", "consolidation", "many_new_nodules", "tree_in_bud"
    ):
        sheet.drop("infection_sign", "other")
    add_plain(sheet, source, [m for m in source.reading.mentions if m.layer in WHOLE_EXAM])
    return sheet.finish()


def _without_noun(source: Source) -> Iterator[Finding]:
    """A text that names no finding: "no nodules", or descriptors alone ("solid, 8 mm, baseline")."""
    none = source.reading.of("@no_nodule")
    if none:
        sheet = source.sheet()
        sheet.add("finding", "no_nodule", none[0].span)
        add_plain(
            sheet, source, [m for m in source.grouped.beside.mentions if m.layer in WHOLE_EXAM]
        )
        _add_timing(sheet, source, source.grouped.beside)
        yield sheet.finish()
    elif source.grouped.beside.mentions or source.grouped.beside.measures or _prior(source):
        yield _nodule(source, source.grouped.beside)


def _several(source: Source, groups: Sequence[Group]) -> Span | None:
    """The words of a second nodule, which make the nodules several whether the text counts them or not."""
    sized = [group for group in groups if group.has_size and not _is_cyst_or_airway(group)]
    counted = source.affirmed(source.reading.mentions, "multiplicity")
    return None if counted or len(sized) < 2 else sized[1].measures[0].span


def _is_cyst_or_airway(group: Group) -> bool:
    return any(head.layer in ("@cyst", "@airway") for head in group.heads[:1])


def _nodule(source: Source, group: Group, several: Span | None = None) -> Finding:
    sheet = _sheet_of(source, group)
    if several is not None:
        sheet.add("multiplicity", "multiple", several)
    return sheet.finish()


def _sheet_of(source: Source, group: Group) -> Sheet:
    sheet = source.sheet()
    mentions = [*group.mentions, *_from_elsewhere(source, group)]
    solid_part = solid_parts(source.reading, group)
    add_plain(sheet, source, [m for m in mentions if m.layer not in _OWN_RULES])
    _add_type(sheet, source, group, solid_part)
    add_sizes(sheet, source.reading, group, solid_part, source.intervals)
    _add_timing(sheet, source, group)
    _weigh_earlier_size(sheet)
    _add_kind(sheet, source, group, mentions)
    _add_prior_category(sheet, source)
    _add_cyst_change(sheet)
    return sheet


def _from_elsewhere(source: Source, group: Group) -> list[Mention]:
    """What the text says of the whole examination, and of all findings before naming any."""
    if group is source.grouped.beside:
        return [m for m in source.reading.mentions if m.layer in WHOLE_EXAM]
    own = {m.layer for m in group.mentions}
    beside = [m for m in source.grouped.beside.mentions if m.layer not in own]
    known = {*group.mentions, *beside}
    exam = [m for m in source.reading.mentions if m not in known and _of_whole_exam(source, m)]
    return [*beside, *exam]


def _of_whole_exam(source: Source, mention: Mention) -> bool:
    """Whether a phrase holds for every nodule: by its layer, or nodes told in a sentence of their own."""
    if mention.layer in WHOLE_EXAM:
        return True
    if mention.layer not in ("lymphadenopathy", "metastasis"):
        return False
    return source.reading.sentence_at(mention.span[0]) not in source.noun_sentences


def _add_type(sheet: Sheet, source: Source, group: Group, solid_part: Span | None) -> None:
    types = [m for m in group.mentions if m.layer == "nodule_type"]
    types += [m for m in source.grouped.beside.mentions if m.layer == "nodule_type" and not types]
    subsolid = [m for m in source.reading.of("@subsolid") if source.polarity(m) == "affirmed"]
    own = [m for m in types if solid_part is None or not _is_that_part(m, solid_part)]
    component = solid_part or _component(source, group, "affirmed")
    if doubtful := _component(source, group, "uncertain"):
        sheet.doubt("nodule_type", "part_solid", doubtful)
    cyst = bool(group.heads) and group.heads[0].layer == "@cyst"
    if (
        component
        and not cyst
        and not {m.value for m in source.affirmed(own, "nodule_type")} - {"non_solid"}
    ):
        first = next(iter((*own, *subsolid, *group.heads)), None)
        span = covering(first.span, component) if first else component
        sheet.add("nodule_type", "part_solid", span)
        return
    add_plain(sheet, source, own)
    if subsolid and not sheet.has("nodule_type"):
        sheet.add("nodule_type", "_subsolid", subsolid[0].span)
        sheet.notes.append(
            "Subsolid can mean part-solid or non-solid: the text does not say which."
        )


def _is_that_part(mention: Mention, part: Span) -> bool:
    return mention.value == "solid" and part[0] <= mention.span[0] and mention.span[1] <= part[1]


def _component(source: Source, group: Group, polarity: Polarity) -> Span | None:
    parts = (
        m.span for m in group.parts if m.layer == "@component" and source.polarity(m) == polarity
    )
    return next(parts, None)


def _add_timing(sheet: Sheet, source: Source, group: Group) -> None:
    own = set(group.mentions)
    beside = set(source.grouped.beside.mentions)
    own_timing = [(m, noun) for m, noun in source.timings if m in own]
    said = own_timing or [(m, n) for m, n in source.timings if m in beside]
    said += _baseline_of_exam(source, [m for m, _ in said])
    part: list[Mention] = []
    for mention, noun in said:
        if noun is not None and noun.layer == "@component" and mention.value != "baseline":
            part.append(mention)
        else:
            add_plain(sheet, source, [mention])
    _add_part_timing(sheet, source, part)


def _weigh_earlier_size(sheet: Sheet) -> None:
    """With an earlier size the examination is no baseline, and the nodule can hardly be new."""
    if not any(map(sheet.has, ("previous_diameter", "previous_volume", "diameter_change"))):
        return
    sheet.drop("timing", "baseline")
    span = sheet.span_of("timing")
    if span and sheet.has("timing", "new"):
        sheet.drop("timing", "new")
        sheet.doubt("timing", "new", span)


def _baseline_of_exam(
    source: Source, known: Sequence[Mention]
) -> list[tuple[Mention, Mention | None]]:
    """ "Baseline" is said of the examination, so it holds for all its findings."""
    timings = source.timings
    return [(m, None) for m, _ in timings if m.value == "baseline" and m not in known]


def _add_part_timing(sheet: Sheet, source: Source, mentions: Sequence[Mention]) -> None:
    """A new or growing solid part makes the nodule a growing one, unless it is new altogether."""
    for mention in mentions:
        polarity = source.polarity(mention)
        value = {"slow_growing": "growing", "smaller": "stable"}.get(mention.value, mention.value)
        if polarity == "affirmed":
            sheet.add("solid_component_timing", value, mention.span)
        elif polarity == "uncertain":
            sheet.doubt("solid_component_timing", value, mention.span)
    span = sheet.span_of("solid_component_timing")
    if span and sheet.has("solid_component_timing", "new", "growing") and not sheet.has("timing"):
        sheet.add("timing", "growing", span)


def _add_kind(sheet: Sheet, source: Source, group: Group, mentions: Sequence[Mention]) -> None:
    heads = group.heads
    airway = [h for h in heads if h.layer == "@airway"]
    chunks = {
        source.reading.chunk_at(place)
        for place in (*(h.span[0] for h in heads), *(m.span[0] for m in mentions))
    }
    pleural = [
        m
        for m in source.affirmed(source.reading.of("@juxtapleural"), "@juxtapleural")
        if source.reading.chunk_at(m.span[0]) in chunks
    ]
    if airway:
        sheet.add("finding", "airway_nodule", airway[0].span)
        add_plain(sheet, source, list(source.reading.of("airway_level")))
        _add_persistence(sheet, source)
    elif heads and heads[0].layer == "@cyst":
        sheet.add("finding", "cyst", heads[0].span)
    elif pleural:
        sheet.add("finding", "juxtapleural_nodule", pleural[0].span)
    elif near := _near_the_pleura(source, chunks):
        sheet.add("finding", "_subpleural", near[0].span)
    elif anchor := _anchor(sheet, group):
        sheet.add("finding", "nodule", anchor)


def _near_the_pleura(source: Source, chunks: set[int]) -> list[Mention]:
    """ "Subpleural" may mean that the nodule touches the pleura, or only that it lies near it."""
    found = source.affirmed(source.reading.of("@subpleural"), "@subpleural")
    return [m for m in found if source.reading.chunk_at(m.span[0]) in chunks]


def _anchor(sheet: Sheet, group: Group) -> Span | None:
    """The words that show that it is a nodule: its noun, or else its type or size."""
    if group.heads:
        return group.heads[0].span
    return (
        sheet.span_of("nodule_type")
        or sheet.span_of("mean_diameter")
        or sheet.span_of("max_diameter")
        or sheet.span_of("volume")
    )


def _add_persistence(sheet: Sheet, source: Source) -> None:
    persists = source.affirmed(source.reading.of("@persistent"), "@persistent")
    if persists and not sheet.has("timing"):
        sheet.add("timing", "stable", persists[0].span)


def _prior(source: Source) -> list[Label]:
    """Labels of an earlier examination: called so, or carried by a finding that has been followed."""
    timings = {m.value for m in source.affirmed(source.reading.mentions, "timing")}
    denied_growth = any(
        m.value == "growing" for m, _ in source.timings if source.polarity(m) == "negated"
    )
    roles = {m.role for g in source.grouped.groups for m in g.measures}
    measured = "previous" in roles or {"past", "size"} <= roles
    followed = (
        bool(timings & set(FOLLOWED))
        or denied_growth
        or measured
        or bool(source.affirmed(source.reading.mentions, "resolved", "proven_benign"))
    )
    ours = [
        x
        for x in source.labels
        if x.system in (None, "lung-rads", "lung rads", "lungrads") and not x.negated
    ]
    sizes = [m.span[0] for g in source.grouped.groups for m in g.measures]
    benign = bool(source.affirmed(source.reading.mentions, "proven_benign"))
    return [
        x for x in ours if followed
        and (x.former or x.of_finding or benign or told_earlier(source.reading, x.place[0], sizes))
    ]  # fmt: skip


def _add_prior_category(sheet: Sheet, source: Source) -> None:
    prior = _prior(source)
    for label in prior:
        sheet.add("prior_category", label.value, label.place)
    if not prior:
        return
    if not any(
        map(sheet.has, ("nodule_type", "mean_diameter", "max_diameter", "volume"))
    ) and not sheet.has("finding", "cyst", "airway_nodule", "juxtapleural_nodule"):
        sheet.drop("finding")
        sheet.add("finding", "prior_category", prior[0].span)
    months = {interval.months for interval in source.intervals}
    add = sheet.add if len(months) == 1 else sheet.doubt
    for interval in source.intervals:
        add("followup_months", interval.months, interval.span)


def _add_cyst_change(sheet: Sheet) -> None:
    if not sheet.has("finding", "cyst") or sheet.has("cyst_change"):
        return
    span = sheet.span_of("timing")
    if span and sheet.has("timing", "stable"):
        sheet.add("cyst_change", "stable", span)
    elif span and sheet.has("timing", "growing") and sheet.has("loculation", "multilocular"):
        sheet.add("cyst_change", "growing_multilocular", span)
