"""Reading quantities and labels: intervals, units, number words, lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.grounding.labels import labels
from rag.answering.grounding.quantities import quantities

INTERVALS: list[tuple[str, str, float | None, float | None, bool | None, bool | None]] = [
    ("at least 8 mm", "mm", 8, None, True, None),
    ("8 mm or more", "mm", 8, None, True, None),
    ("8 mm (268 mm3) or more", "mm", 8, None, True, None),
    ("no less than 8 mm", "mm", 8, None, True, None),
    ("≥0.8 cm", "mm", 8, None, True, None),
    ("more than 8 mm", "mm", 8, None, False, None),
    ("8-mm nodule", "mm", 8, 8, True, True),
    ("smaller than 8 mm", "mm", None, 8, None, False),
    ("no thicker than 2.5 mm", "mm", None, 2.5, None, True),
    ("up to 8 mm", "mm", None, 8, None, True),
    (">=6 to <8 mm", "mm", 6, 8, True, False),
    ("6 mm or more and less than 8 mm", "mm", 6, 8, True, False),
    ("less than 8 mm but at least 6 mm", "mm", 6, 8, True, False),
    ("6 to <8 mm", "mm", 6, 8, True, False),
    ("more than 4 mm and up to 6 mm", "mm", 4, 6, False, True),
    ("between 6 and 8 mm", "mm", 6, 8, None, None),
    (">2 to 10%", "percent", 2, 10, False, None),
    ("1-3 months", "months", 1, 3, None, None),
    ("1-3-month LDCT", "months", 1, 3, None, None),
    ("three months", "months", 3, 3, True, True),
    ("one year", "months", 12, 12, True, True),
    ("annual LDCT", "months", 12, 12, True, True),
    ("within a 12-month interval", "months", None, 12, None, True),
    ("age 50-80", "months", 600, 960, None, None),
    ("30 or more pack-years", "pack-years", 30, None, True, None),
    ("14,137 mm³", "mm3", 14137, 14137, True, True),
    ("3.0 mGy", "mGy", 3, 3, True, True),
    ("1.5 T", "T", 1.5, 1.5, True, True),
    ("more than six new nodules", "number", 6, None, False, None),
    ("7 or more points", "points", 7, None, True, None),
    ("8 mm 이상", "mm", 8, None, True, None),
    ("6개월", "months", 6, 6, True, True),
]


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high", "low_closed", "high_closed"), INTERVALS
)
def test_reads_an_interval(
    text: str,
    dimension: str,
    low: float | None,
    high: float | None,
    low_closed: bool | None,
    high_closed: bool | None,
) -> None:
    found = quantities(text)[0]
    assert (found.dimension, found.low, found.high) == (dimension, low, high)
    assert found.low is None or found.low_closed == low_closed
    assert found.high is None or found.high_closed == high_closed


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("at 6, 12 and 24 months", [6, 12, 24]),
        ("at 1, 3 and 5 years", [12, 36, 60]),
        ("age 50-80, >=20 pack-years, quit within 15 years", [600, 20, None]),
        ("Category 3 nodule stable at the 6-month CT -> category 2", [6]),
        ("3 -> 6-month LDCT -> 2 -> next LDCT 12 months later", [6, 12]),
        ("Lung-RADS v1.1 and the 5th edition", []),
        ("a newly seen one", []),
    ],
)
def test_reads_lists_and_leaves_labels_and_editions_alone(text: str, values: list[float]) -> None:
    assert [found.low for found in quantities(text)] == values


def test_the_size_of_the_solid_component_is_not_that_of_the_nodule() -> None:
    text = "part-solid nodule of 6 mm or more whose solid component is less than 6 mm"
    assert [found.role for found in quantities(text)] == ["", "component"]


@given(st.integers(1, 400))
def test_millimetres_and_centimetres_are_one(tenths: int) -> None:
    in_mm, in_cm = quantities(f"{tenths / 10:g} mm")[0], quantities(f"{tenths / 100:g} cm")[0]
    assert in_mm.low == pytest.approx(in_cm.low)
    assert in_mm.dimension == in_cm.dimension


@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(["mm", "months", "%", "mGy"]))
def test_a_range_reads_the_same_however_it_is_written(a: int, b: int, unit: str) -> None:
    low, high = sorted((a, b + 100))
    written = [
        f"at least {low} {unit} but less than {high} {unit}",
        f"{low} {unit} or more and less than {high} {unit}",
        f">={low} to <{high} {unit}",
        f"{low} to <{high} {unit}",
    ]
    read = {
        (q.low, q.high, q.low_closed, q.high_closed) for q in (quantities(x)[0] for x in written)
    }
    assert read == {(low, high, True, False)}


@given(st.text(max_size=80))
def test_spans_lie_inside_any_text(text: str) -> None:
    places = [item.span for item in quantities(text)] + [item.span for item in labels(text)]
    assert all(0 <= a < b <= len(text) for a, b in places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lung-RADS 4A", ["4A"]),
        ("category 3 or 4", ["3", "4"]),
        ("categories 0-4", ["0", "1", "2", "3", "4"]),
        ("category 2S", ["2", "S"]),
        ("4B/4X", ["4B", "4X"]),
        ("TR5 and LR-M", ["TR5", "LRM"]),
        ("S may be added", ["S"]),
        ("category 3, 6 months later", ["3"]),
        ("a 4 mm nodule", []),
        ("3 -> CT -> 2", ["3", "2"]),
    ],
)
def test_reads_labels(text: str, expected: list[str]) -> None:
    assert sorted(label.label for label in labels(text)) == sorted(expected)


def test_a_label_knows_its_system_and_its_part() -> None:
    found = labels("a BI-RADS 3 nodule becomes category 2")
    assert [(x.label, x.system, x.role) for x in found] == [
        ("3", "bi_rads", "source"),
        ("2", None, "target"),
    ]
