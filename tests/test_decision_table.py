"""The table engine: bounds, exact coverage, and deciding with inputs unknown.

Tables are written as corpus files (JSON is YAML) and go through the public loader. What the engine
says of a partly known question is checked against trying out every completion of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import CorpusError
from rag.knowledge.axis import known_values
from rag.knowledge.deciding import TableOutcome, decide, labels
from rag.knowledge.guideline import Guideline, load_guideline
from rag.knowledge.inputs import by_pairs
from rag.knowledge.interval import Interval, convert, in_words, parse_bounds, point
from rag.knowledge.vocabulary import load_vocabulary
from rag.types import Scalar

TINY = Path(__file__).parent / "data" / "tiny_corpus"
LABELS = ("1", "2", "3")
KINDS = ("smooth", "rough", "porous")
CUTS = (2, 5, 9)
WIDTHS = (1.0, 2.0, 3.0, 5.0, 7.0, 9.0, 12.0)
"""One number in each atom that the cuts make."""
CHOICES: dict[str, tuple[Scalar, ...]] = {
    "kind": KINDS,
    "wet": ("present", "absent"),
    "width": WIDTHS,
}


# --- Bounds and units ---


@pytest.mark.parametrize(
    ("text", "unit", "interval", "words"),
    [
        ("8 mm", "mm", Interval(8, 8, True, True), "8 mm"),
        ("< 6 mm", "mm", Interval(-inf, 6, False, False), "less than 6 mm"),
        (">= 6 mm < 8 mm", "mm", Interval(6, 8, True, False), "6 mm or more and less than 8 mm"),
        ("> 1.0 cm", "mm", Interval(10, inf, False, False), "more than 10 mm"),
        ("<= 0.7 cm", "mm", Interval(-inf, 7, False, True), "up to 7 mm"),
        ("≥ 4 mm ≤ 5 mm", "mm", Interval(4, 5, True, True), "4 mm or more and up to 5 mm"),
        ("< 1 year", "months", Interval(-inf, 12, False, False), "less than 12 months"),
        (">= 1 ml", "mm3", Interval(1000, inf, True, False), "1000 mm3 or more"),
        ("> 3", None, Interval(3, inf, False, False), "more than 3"),
    ],
)
def test_bounds(text: str, unit: str | None, interval: Interval, words: str) -> None:
    assert parse_bounds(text, unit) == interval
    assert in_words(interval, unit) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "big",
        "6",
        "< 6",
        "6 mm3",
        "> 8 mm < 6 mm",
        "6 mm 8 mm",
        "< 6 mm or",
        "-3 mm",
        "> 6 mm <= 6 mm",
    ],
)
def test_what_is_no_bounds(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_bounds(text, "mm")


@given(st.integers(0, 10_000))
def test_centimetres_and_millimetres_never_drift(tenths: int) -> None:
    """A size in tenths of a millimetre is the same number whichever unit it was written in."""
    assert convert(f"{tenths / 100:.2f}", "cm", "mm") == float(f"{tenths / 10:.1f}")


@given(st.floats(0, 100), st.floats(0, 100), st.booleans(), st.booleans(), st.floats(0, 100))
def test_meeting_intervals_is_meeting_their_numbers(
    low: float, high: float, low_closed: bool, high_closed: bool, number: float
) -> None:
    first, second = (
        Interval(low=low, low_closed=low_closed),
        Interval(high=high, high_closed=high_closed),
    )
    both = first.meet(second)
    assert both.contains(number) == (first.contains(number) and second.contains(number))
    assert not (both.empty and both.contains(number))


PAIRS = [(34.0, 4.0), (113.0, 6.0), (268.0, 8.0)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (point(33), Interval(-inf, 4, False, False)),
        (point(34), point(4)),
        (point(150), Interval(6, 8, False, False)),
        (point(268), point(8)),
        (point(500), Interval(8, inf, False, False)),
        (Interval(-inf, 113, False, False), Interval(-inf, 6, False, False)),
        (Interval(-inf, 113, False, True), Interval(-inf, 6, False, True)),
        (Interval(100, 120, True, True), Interval(4, 8, False, False)),
    ],
)
def test_threshold_pairs(source: Interval, expected: Interval) -> None:
    assert by_pairs(PAIRS, source) == expected


# --- Tables made at random ---

Cell = dict[str, str | list[str]]


def bands(cuts: tuple[int, ...], closed: tuple[bool, ...]) -> list[str]:
    """Bounds that part all widths at ``cuts``; ``closed`` says which side a cut belongs to."""
    edges = [("", ""), *((f">= {c} mm", f"< {c} mm") if up else (f"> {c} mm", f"<= {c} mm")
                         for c, up in zip(cuts, closed, strict=True)), ("", "")]  # fmt: skip
    return [f"{low} {high}".strip() for (low, _), (_, high) in pairwise(edges)]


@st.composite
def partitions(draw: st.DrawFn) -> list[tuple[Cell, str]]:
    """Rows that part kind x wet x width: each kind is cut its own way."""
    rows: list[tuple[Cell, str]] = []
    for kind in KINDS:
        cuts = tuple(sorted(draw(st.sets(st.sampled_from(CUTS)))))
        closed = tuple(draw(st.booleans()) for _ in cuts)
        for band in bands(cuts, closed):
            width: Cell = {"width": band} if band else {}
            if draw(st.booleans()):
                rows.extend(
                    ({"kind": kind, "wet": w, **width}, draw(st.sampled_from(LABELS)))
                    for w in ("present", "absent")
                )
            else:
                rows.append(({"kind": kind, **width}, draw(st.sampled_from(LABELS))))
    return rows


def inputs_of(rows: list[tuple[Cell, str]]) -> list[str]:
    named = {name for cells, _ in rows for name in cells}
    return [name for name in ("kind", "wet", "width") if name in named]


def loaded(rows: list[tuple[Cell, str]]) -> Guideline:
    """A guideline of one table with these rows."""
    facts = {
        "id": "f",
        "section": "S",
        "fact": "Grades 1, 2, 3; cuts at 2 mm, 5 mm and 9 mm.",
        "confidence": "verified2",
    }
    table = {
        "id": "t", "title": "T", "when": {"finding": "pebble"}, "inputs": inputs_of(rows),
        "rows": [{"id": f"r{i}", "when": cells, "category": label, "facts": ["f"]} for i, (cells, label) in enumerate(rows)],
    }  # fmt: skip
    decisions = {
        "categories": [{"label": x, "name": x, "facts": ["f"]} for x in LABELS],
        "tables": [table],
    }
    with TemporaryDirectory() as folder:
        home = Path(folder) / "pebbles_2020"
        home.mkdir()
        shutil.copy(TINY / "pebbles_2020" / "guideline.yaml", home)
        (home / "facts.yaml").write_text(json.dumps({"facts": [facts]}))
        (home / "decisions.yaml").write_text(json.dumps(decisions))
        return load_guideline(home, load_vocabulary(TINY / "descriptors.yaml"))


def completions(stated: Mapping[str, Scalar]) -> Iterator[dict[str, Scalar]]:
    """Every way to know the rest."""
    free = [name for name in CHOICES if name not in stated]
    for values in product(*(CHOICES[name] for name in free)):
        yield {"finding": "pebble", **stated, **dict(zip(free, values, strict=True))}


def asked(guideline: Guideline, **stated: Scalar) -> TableOutcome:
    assert guideline.entry is not None
    return decide(
        guideline.entry, known_values({"finding": "pebble", **stated}, guideline.vocabulary)
    )


def labels_of(outcome: TableOutcome) -> set[str]:
    return {label for leaf in outcome.leaves for label in labels(leaf.row.outcome)}


@settings(max_examples=40, deadline=None)
@given(rows=partitions(), data=st.data())
def test_every_combination_hits_one_row_and_unknown_keeps_what_is_possible(
    rows: list[tuple[Cell, str]], data: st.DataObject
) -> None:
    guideline = loaded(rows)
    for everything in completions({}):
        assert len(asked(guideline, **everything).leaves) == 1
    stated: dict[str, Scalar] = {}
    for name, choices in CHOICES.items():
        if data.draw(st.booleans()):
            stated[name] = data.draw(st.sampled_from(choices))
    tried = set().union(*(labels_of(asked(guideline, **each)) for each in completions(stated)))
    outcome = asked(guideline, **stated)
    assert labels_of(outcome) == tried
    assert (outcome.outcome is not None) == (len(tried) == 1)
    assert not set(outcome.missing) & set(stated)
    assert bool(outcome.missing) == (len(tried) > 1)


@settings(max_examples=40, deadline=None)
@given(rows=partitions(), data=st.data())
def test_a_missing_row_is_a_gap(rows: list[tuple[Cell, str]], data: st.DataObject) -> None:
    rows.pop(data.draw(st.integers(0, len(rows) - 1)))
    with pytest.raises(CorpusError, match="GAP"):
        loaded(rows)


@settings(max_examples=40, deadline=None)
@given(rows=partitions(), data=st.data())
def test_a_row_made_wider_overlaps(rows: list[tuple[Cell, str]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    cells, label = rows[at]
    name = data.draw(st.sampled_from(sorted(cells)))
    rows[at] = ({key: value for key, value in cells.items() if key != name}, label)
    with pytest.raises(CorpusError, match="OVERLAP"):
        loaded(rows)


@settings(max_examples=40, deadline=None)
@given(rows=partitions(), width=st.sampled_from(WIDTHS), kind=st.sampled_from(KINDS))
def test_bounds_keep_at_least_what_an_exact_number_keeps(
    rows: list[tuple[Cell, str]], width: float, kind: str
) -> None:
    """Knowing less never excludes what knowing more would allow."""
    guideline = loaded(rows)
    exact = labels_of(asked(guideline, kind=kind, width=width))
    within = labels_of(asked(guideline, kind=kind, width=f">= {width} mm <= {width + 2} mm"))
    unknown = labels_of(asked(guideline, kind=kind))
    assert exact <= within <= unknown


def test_the_most_telling_input_is_asked_first() -> None:
    """Kind settles two of three; width settles nothing before kind is known."""
    rows: list[tuple[Cell, str]] = [
        ({"kind": "smooth"}, "1"),
        ({"kind": "porous"}, "2"),
        ({"kind": "rough", "width": "< 5 mm"}, "2"),
        ({"kind": "rough", "width": ">= 5 mm"}, "3"),
    ]
    outcome = asked(loaded(rows))
    assert outcome.missing == ("kind", "width")
    assert outcome.choices == KINDS


def test_only_values_that_are_still_possible_are_offered() -> None:
    rows: list[tuple[Cell, str]] = [
        ({"kind": "smooth"}, "1"),
        ({"kind": "rough"}, "2"),
        ({"kind": "porous"}, "2"),
    ]
    guideline = loaded(rows)
    clarification = guideline.vocabulary.clarification("kind", ("smooth", "rough"), "ko")
    assert clarification.question == "조약돌의 종류는 무엇입니까?"
    assert clarification.options == (("smooth", "Smooth"), ("rough", "Rough"))
