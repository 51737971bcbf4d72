"""Plots as inline SVG, drawn by hand.

Why not a plotting library: these plots are dots, lines and text; as SVG they take the page's colours
(dark and light from one file), their text can be searched and read aloud, and the page needs neither
a 30 MB dependency nor a picture beside it. Pure functions; every text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import log10

LABEL, WIDTH, RIGHT, ROW = 300, 900, 190, 26


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a dot plot: ``low`` to ``high`` is drawn as a bar, ``value`` as a dot."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    said: str


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a line plot; points are ``(x, y)``."""

    name: str
    points: tuple[tuple[float, float], ...]


def dot_plot(rows: Sequence[Row], title: str) -> str:
    """Shares from 0 to 100 % with their intervals, one row each."""
    height = ROW * len(rows) + 34
    left, right = LABEL, WIDTH - RIGHT
    ticks = [
        _tick(left + (right - left) * share / 100, share, height) for share in (0, 25, 50, 75, 100)
    ]
    drawn = [_row(row, ROW * at + 18, left, right) for at, row in enumerate(rows)]
    return _svg(WIDTH, height, title, [*ticks, *drawn])


def _tick(x: float, share: int, height: int) -> str:
    return (
        f'<line class="axis" x1="{x:.1f}" y1="4" x2="{x:.1f}" y2="{height - 22}"/>'
        f'<text class="soft" x="{x:.1f}" y="{height - 6}" text-anchor="middle">{share} %</text>'
    )


def _row(row: Row, y: float, left: float, right: float) -> str:
    parts = [f'<text x="{left - 12}" y="{y + 4}" text-anchor="end">{escape(row.label)}</text>']

    def at(share: float) -> float:
        return left + (right - left) * min(1.0, max(0.0, share))

    if row.low is not None and row.high is not None:
        parts.append(
            f'<line class="bar" x1="{at(row.low):.1f}" y1="{y}" x2="{at(row.high):.1f}" y2="{y}"/>'
        )
    if row.value is not None:
        parts.append(f'<circle class="dot" cx="{at(row.value):.1f}" cy="{y}" r="5"/>')
    parts.append(f'<text class="soft" x="{right + 14}" y="{y + 4}">{escape(row.said)}</text>')
    return "".join(parts)


def line_plot(series: Sequence[Series], title: str, x_name: str, y_share: bool = True) -> str:
    """Lines over whole numbers (ranks); y from 0 to 1."""
    width, height, left, bottom = 560, 300, 52, 42
    most = max((x for one in series for x, _ in one.points), default=1.0)

    def place(x: float, y: float) -> tuple[float, float]:
        across = left + (width - left - 16) * ((x - 1) / max(1.0, most - 1))
        return across, 12 + (height - bottom - 12) * (1 - y)

    parts = [
        _grid_line(place(1, share)[1], f"{100 * share:.0f} %", left, width)
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts += [_x_tick(place(x, 0)[0], height, f"{x}") for x in (1, 5, 10, 15, 20) if x <= most]
    parts += [_polyline([place(x, y) for x, y in one.points], at) for at, one in enumerate(series)]
    parts.append(
        f'<text class="soft" x="{width / 2}" y="{height - 6}" text-anchor="middle">{escape(x_name)}</text>'
    )
    return _svg(width, height, title, parts) + legend([one.name for one in series])


def log_plot(series: Sequence[Series], title: str, x_name: str, y_name: str) -> str:
    """Lines over two logarithmic axes: the slope is the exponent of the growth."""
    width, height, left, bottom = 560, 300, 70, 42
    points = [point for one in series for point in one.points if min(point) > 0]
    xs, ys = [log10(x) for x, _ in points], [log10(y) for _, y in points]
    low_x, high_x, low_y, high_y = min(xs), max(xs), min(ys), max(ys)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (log10(x) - low_x) / ((high_x - low_x) or 1)
        up = (log10(y) - low_y) / ((high_y - low_y) or 1)
        return left + (width - left - 20) * across, 14 + (height - bottom - 16) * (1 - up)

    parts = [
        _grid_line(place(10**low_x, 10**y)[1], f"{10**y:,.3g}", left, width)
        for y in (low_y, (low_y + high_y) / 2, high_y)
    ]
    parts += [
        _x_tick(place(x, 10**low_y)[0], height, f"{x:,.0f}") for x in sorted({x for x, _ in points})
    ]
    parts += [
        _polyline([place(x, y) for x, y in one.points if min(x, y) > 0], at, dots=True)
        for at, one in enumerate(series)
    ]
    said = f"{escape(y_name)} over {escape(x_name)}"
    parts.append(
        f'<text class="soft" x="{width / 2}" y="{height - 6}" text-anchor="middle">{said}</text>'
    )
    return _svg(width, height, title, parts) + legend([one.name for one in series])


def _x_tick(x: float, height: int, said: str) -> str:
    return f'<text class="soft" x="{x:.1f}" y="{height - 24}" text-anchor="middle">{said}</text>'


def _grid_line(y: float, said: str, left: float, width: float) -> str:
    return (
        f'<line class="axis" x1="{left}" y1="{y:.1f}" x2="{width - 10}" y2="{y:.1f}"/>'
        f'<text class="soft" x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{said}</text>'
    )


def _polyline(points: Sequence[tuple[float, float]], at: int, dots: bool = False) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    marks = (
        "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in points)
        if dots
        else ""
    )
    return f'<polyline class="line{at % 4}" points="{path}"/>{marks}'


def legend(names: Sequence[str]) -> str:
    """The line styles with their names, under the plot."""
    items = [
        f'<span><svg width="34" height="10" viewBox="0 0 34 10" style="display:inline-block;width:34px" '
        f'aria-hidden="true"><line class="line{at % 4}" x1="0" y1="5" x2="34" y2="5"/></svg> {escape(name)}</span>'
        for at, name in enumerate(names)
    ]
    return f'<p class="facts">{"".join(items)}</p>'


def _svg(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
