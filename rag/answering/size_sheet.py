"""From measurements to descriptors: diameters, volumes, the solid part, earlier sizes, intervals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rag.answering.dated import told_by_date
from rag.answering.finding import Sheet
from rag.answering.finding_group import Group
from rag.answering.measurements import Quantity
from rag.answering.reading import Reading
from rag.answering.sizes import Measure, Role
from rag.answering.timing import Interval, dates, months_between
from rag.knowledge.words import covering
from rag.types import Span


def split_by_size(reading: Reading, group: Group) -> Iterator[Group]:
    """A plural noun with several sizes ("two nodules, 8 and 5 mm") as one group a size.

    Where the text names the largest of several nodules, that one alone is kept.
    """
    sizes = [
        m for m in group.measures if m.role == "size" and m.quantity.kind == "length" and not m.axis
    ]
    largest = [m for m in sizes if _is_called_largest(reading, m)]
    sizes = [m for m in sizes if not _of_solid_part(reading, group, m)]
    others = [m for m in group.measures if m not in sizes]
    if group.plural and len(sizes) > 1 and largest:
        yield replace(group, measures=[*others, largest[0]])
    elif group.plural and len({m.quantity.mean for m in sizes}) > 1:
        for size in sizes:
            yield replace(group, measures=[*others, size])
    else:
        yield group


def _of_solid_part(reading: Reading, group: Group, measure: Measure) -> bool:
    """ "PSN 12 mm (solid 3 mm)": a size in brackets that is called solid, of a part-solid nodule."""
    chunk = reading.chunks[measure.chunk]
    solid = any(
        m.layer == "nodule_type"
        and m.value == "solid"
        and reading.chunk_at(m.span[0]) == measure.chunk
        for m in group.mentions
    )
    return chunk.opener == "(" and solid and "part_solid" in group.values("nodule_type")


def _is_called_largest(reading: Reading, measure: Measure) -> bool:
    chunk = reading.chunks[measure.chunk].span
    return bool(reading.roles_in((chunk[0], measure.span[1]), "largest"))


def solid_parts(reading: Reading, group: Group) -> Span | None:
    """ "10 mm (solid 5 mm)", "12 mm total/7 mm solid": the words for a solid part without its noun.

    Only where the rest of the text gives another size, so that "solid" cannot be the type.
    """
    sizes = [m for m in group.measures if m.role == "size" and m.quantity.kind == "length"]
    part_solid = "part_solid" in group.values("nodule_type")
    for mention in group.mentions:
        if mention.layer != "nodule_type" or mention.value != "solid":
            continue
        number = reading.chunk_at(mention.span[0])
        here = [m for m in sizes if m.chunk == number]
        alone = not any(reading.chunk_at(h.span[0]) == number for h in group.heads)
        aside = part_solid or reading.chunks[number].opener == "("
        if len(here) == 1 and alone and aside and len(sizes) > 1:
            return covering(mention.span, here[0].span)
    return None


def add_sizes(
    sheet: Sheet,
    reading: Reading,
    group: Group,
    solid_part: Span | None,
    intervals: Sequence[Interval],
) -> None:
    """Write all measurements of a group onto its sheet; ``solid_part`` is from :func:`solid_parts`."""
    measures = _with_parts_dated([_as_component(m, solid_part) for m in group.measures])
    lengths = [m for m in measures if m.quantity.kind == "length"]
    present, earlier = _present_and_earlier(
        reading, [m for m in lengths if m.role in ("size", "past")]
    )
    earlier = [*earlier, *(m for m in lengths if m.role == "previous")]
    present, earlier = _today(present, earlier)
    _add_present(sheet, group, reading, present)
    for measure in measures:
        _add_other(sheet, measure)
    _add_wall(sheet, lengths)
    for measure in earlier:
        sheet.add("previous_diameter", measure.quantity.mean, measure.span)
    _add_volumes(sheet, [m for m in measures if m.quantity.kind == "volume"])
    parts = [m for m in lengths if m.role == "component_before"]
    if earlier or parts or any(m.role == "change" for m in measures):
        now = present if earlier else [m for m in lengths if m.role == "component"]
        _add_interval(sheet, reading, intervals, earlier or parts, now)


def _today(present: list[Measure], earlier: list[Measure]) -> tuple[list[Measure], list[Measure]]:
    """Where sizes differ, those said to be today's; else those said to be of the whole nodule."""
    if len({m.quantity.mean for m in present}) < 2:
        return present, earlier
    now = [m for m in present if m.now]
    if now and len(now) < len(present):
        before = [m for m in present if not m.now and m.span[0] < now[0].span[0]]
        return [m for m in present if m not in before], [*earlier, *before]
    whole = [m for m in present if m.whole]
    return whole or present, earlier


def _with_parts_dated(measures: list[Measure]) -> list[Measure]:
    """Sizes of the solid part told in the past: earlier ones beside a present one, else its size."""
    present = any(m.role == "component" for m in measures)
    role: Role = "component_before" if present else "component"
    return [replace(m, role=role) if m.role == "component_past" else m for m in measures]


def _as_component(measure: Measure, solid_part: Span | None) -> Measure:
    inside = solid_part and solid_part[0] <= measure.span[0] and measure.span[1] <= solid_part[1]
    return replace(measure, role="component") if inside else measure


def _present_and_earlier(
    reading: Reading, sizes: list[Measure]
) -> tuple[list[Measure], list[Measure]]:
    """Sizes of the present examination and of earlier ones.

    A size told in the past is an earlier one if another is told in the present; of sizes that all
    carry a date the latest is the present one; a size alone is the size.
    """
    present = [m for m in sizes if m.role == "size"]
    past = [m for m in sizes if m.role == "past"]
    if len(sizes) > 1 and (told := told_by_date(reading, sizes)):
        return told
    return (present, past) if present else (past, [])


def _add_present(sheet: Sheet, group: Group, reading: Reading, present: list[Measure]) -> None:
    stated = [m for m in present if m.axis == "mean"]
    longs, shorts = ([m for m in present if m.axis == axis] for axis in ("long", "short"))
    plain = [m for m in present if not m.axis]
    for measure in stated:
        sheet.add("mean_diameter", measure.quantity.mean, measure.span)
    if longs and shorts:
        both = Quantity(
            "length",
            (*longs[0].quantity.axes[:1], *shorts[0].quantity.axes[:1]),
            None,
            covering(longs[0].span, shorts[0].span),
        )
        plain.append(Measure(both, "size", "", longs[0].chunk))
    for measure in longs if not shorts else ():
        sheet.add("max_diameter", measure.quantity.greatest, measure.span)
    for measure in _without_repeats(plain):
        quantity = _largest_of_several(group, reading, measure)
        if not stated:
            sheet.add("mean_diameter", quantity.mean, measure.span)
        sheet.add("max_diameter", quantity.greatest, measure.span)


def _without_repeats(sizes: Sequence[Measure]) -> list[Measure]:
    """Without a single axis that only names again one of a size given by its axes ("17 x 13 mm ... the 17 mm")."""
    axes = {a for m in sizes if len(m.quantity.axes) > 1 for a in m.quantity.axes}
    return [m for m in sizes if len(m.quantity.axes) != 1 or m.quantity.axes[0] not in axes]


def _largest_of_several(group: Group, reading: Reading, measure: Measure) -> Quantity:
    """Of several nodules "up to 7 mm" says that the largest measures 7 mm."""
    quantity = measure.quantity
    said = reading.folded[slice(*measure.span)]
    if (
        group.plural
        and quantity.bounds
        and quantity.bounds.high is not None
        and said.startswith("up to")
    ):
        return Quantity(quantity.kind, (quantity.bounds.high,), None, quantity.span)
    return quantity


_NAMES = {
    "component": "solid_component",
    "component_before": "previous_solid_component",
    "change": "diameter_change",
}


def _add_other(sheet: Sheet, measure: Measure) -> None:
    if measure.quantity.kind == "length" and measure.role in _NAMES:
        sheet.add(_NAMES[measure.role], measure.quantity.mean, measure.span)


def _add_wall(sheet: Sheet, lengths: Sequence[Measure]) -> None:
    """The wall of a cyst; an earlier thickness alone is the thickness, beside a present one it tells growth."""
    now = [m for m in lengths if m.role == "wall"]
    before = [m for m in lengths if m.role == "wall_before"]
    for measure in now or before:
        sheet.add("cyst_wall_thickness", measure.quantity.mean, measure.span)
    if len(now) != 1 or len(before) != 1:
        return
    thick, thin = now[0].quantity.mean, before[0].quantity.mean
    if isinstance(thick, float | int) and isinstance(thin, float | int) and thick > thin:
        sheet.add("cyst_change", "growing_wall", covering(*sorted((before[0].span, now[0].span))))


def _add_volumes(sheet: Sheet, volumes: Iterable[Measure]) -> None:
    for measure in volumes:
        name = {"size": "volume", "past": "volume", "previous": "previous_volume"}.get(measure.role)
        if name:
            sheet.add(name, measure.quantity.mean, measure.span)


def _add_interval(
    sheet: Sheet,
    reading: Reading,
    intervals: Sequence[Interval],
    earlier: list[Measure],
    present: list[Measure],
) -> None:
    """How long lies between two sizes: said outright, or from two dates that name their month."""
    months = {interval.months for interval in intervals}
    add = sheet.add if len(months) == 1 else sheet.doubt
    for interval in intervals:
        add("interval_months", interval.months, interval.span)
    named = dates(reading.folded)
    if not months and len(earlier) == 1 and len(present) == 1 and len(named) == 2:
        between = months_between(*sorted(named, key=lambda d: (d.year, d.month or 0)))
        if between is not None:
            sheet.add("interval_months", between, covering(named[0].span, named[1].span))
