"""Which examination a size or a category belongs to, where a text tells several by their dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from rag.answering.reading import Reading
from rag.answering.sizes import Measure
from rag.answering.timing import dates

Month = tuple[int, int]
"""Year and month, 0 where the month is not given."""


def told_by_date(
    reading: Reading, sizes: Sequence[Measure]
) -> tuple[list[Measure], list[Measure]] | None:
    """Sizes told examination by examination ("2024-01: 6 mm. 2025-01: 8 mm.", "6 mm on the CT of 1/2024 ...").

    The latest and the one before; ``None`` where a size has no date of its own or two share one.
    """
    days_of = ((date_heading(reading, m.span[0]) or date_of(reading, m), m) for m in sizes)
    headed = [(day, m) for day, m in days_of if day is not None]
    days = [date for date, _ in headed]
    if len(headed) < len(sizes) or len(set(days)) < len(days):
        return None
    headed.sort(key=lambda pair: pair[0])
    return [headed[-1][1]], [headed[-2][1]]


def date_heading(reading: Reading, place: int) -> Month | None:
    """Year and month (0 if not given) of the last date before ``place`` in its sentence, where a colon
    follows it: "2024-01-06: solid nodule 9 mm, 4A"."""
    sentence = reading.sentence_at(place)
    start = next(c.span[0] for c in reading.chunks if c.sentence == sentence)
    before = [d for d in dates(reading.folded) if start <= d.span[0] and d.span[1] <= place]
    if not before or not reading.folded[before[-1].span[1] :].lstrip(" )").startswith(":"):
        return None
    return before[-1].year, before[-1].month or 0


def date_of(reading: Reading, measure: Measure) -> Month | None:
    """Year and month (0 if not given) of the date that goes with a size.

    One that follows it in the same breath ("8 mm on the CT of 2024"), else one before it ("in 2023 8 mm"),
    else the nearest.
    """
    start, end = measure.span
    near: list[tuple[bool, int, Month]] = []
    for date in dates(reading.folded):
        after = date.span[0] >= end
        between = (
            reading.folded[end : date.span[0]] if after else reading.folded[date.span[1] : start]
        )
        if len(between) <= (45 if after else 24) and not _size_in(between):
            joined = _pause().search(between) is None
            near.append(
                (not joined, 0 if joined and after else len(between), (date.year, date.month or 0))
            )
    return min(near)[2] if near else None


@cache
def _pause() -> re.Pattern[str]:
    return re.compile(r"[,;.]|\b(?:and|but|then|now)\b")


def _size_in(between: str) -> bool:
    return re.search(r"\d\s*(?:mm|cm)", between) is not None


def told_earlier(reading: Reading, place: int, sizes: Iterable[int]) -> bool:
    """Whether ``place`` stands under the date of an examination that is not the latest of those under whose
    dates the places of ``sizes`` stand."""
    own = date_heading(reading, place)
    known = [day for size in sizes if (day := date_heading(reading, size)) is not None]
    return own is not None and any(own < day for day in known)
