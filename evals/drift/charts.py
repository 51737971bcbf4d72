"""Control charts: Shewhart limits for jumps, CUSUM for slow drift, as laboratories keep them.

The suite is fixed, so runs of an unchanged system differ only by the model's own chance; how many
cases there are is no sampling error here. Limits are those of an individuals chart,

    centre +- 3 sigma,  sigma = mean moving range of the baseline / 1.128

(Shewhart 1931; NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2). Without a model runs
repeat exactly and the moving range is 0, so sigma has a floor: three sigma are half a case, and one
changed case is out of limits. With a model and fewer than eight baseline runs, sigma is that of
independent answers, sqrt(p (1 - p) / n), the most that chance can do, and at least one case. Small lasting shifts show in the tabular CUSUM

    C+ = max(0, C+ + z - 0.5),  C- = max(0, C- - z - 0.5),  signal above 5

with z = (score - centre) / sigma, cut to +-3 so that one jump, which Shewhart's limits report,
does not ring for many runs (Page, Biometrika 41, 1954; Montgomery, Introduction to Statistical
Quality Control, 9.1; together with Shewhart's limits: Lucas, J Quality Technology 14(2), 1982).

The baseline is the first 20 points within limits. It starts anew when the suite's cases change
or a change is accepted (``radcite eval watch --accept REASON``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import mean

from evals.drift.causes import probable_cause
from evals.drift.points import Point, Score
from evals.metric_names import metric_name

BASELINE = 20
SETTLED = 8
"""Baseline runs after which the moving range alone says how much a model's runs differ."""

D2 = 1.128
"""Expected moving range of two normal values in sigmas."""

SLACK, DECISION, CUT = 0.5, 5.0, 3.0
SIGNALS = ("shewhart_low", "shewhart_high", "cusum_low", "cusum_high")


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of one chart with the limits it was held against.

    ``centre``, ``lower``, ``upper`` and ``sigma`` are ``None`` where the score had no baseline yet.
    ``signals`` name what it left (``shewhart_low``, ``cusum_high``, ...); ``cause`` says what
    changed since the baseline, empty without a signal.
    """

    at: str
    value: float | None
    n: int
    unscored: int
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    sigma: float | None = None
    cusum_high: float = 0.0
    cusum_low: float = 0.0
    signals: tuple[str, ...] = ()
    baseline: bool = False
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """One score over all points, oldest first."""

    score: str
    title: str
    unit: str
    better: str
    marks: tuple[Mark, ...]

    @property
    def in_control(self) -> bool:
        """Whether the latest point is within all limits."""
        return not self.marks[-1].signals if self.marks else True

    def worse(self, mark: Mark) -> bool:
        """Whether the mark's signals point to the bad side."""
        side = "low" if self.better == "higher" else "high"
        return any(signal.endswith(side) for signal in mark.signals)


@dataclass(frozen=True, slots=True)
class _Limits:
    """What the baseline so far says of one score."""

    centre: float
    sigma: float


def charts(points: Sequence[Point]) -> tuple[Chart, ...]:
    """A chart for every score that any point has, in the order they first appear."""
    names = list(dict.fromkeys(name for point in points for name in point.scores))
    return tuple(_chart(name, points) for name in names)


def latest_signals(all_charts: Sequence[Chart]) -> tuple[tuple[Chart, Mark], ...]:
    """Charts whose latest point left its limits, the worse ones first."""
    found = [(chart, chart.marks[-1]) for chart in all_charts if not chart.in_control]
    return tuple(sorted(found, key=lambda item: not item[0].worse(item[1])))


def _chart(name: str, points: Sequence[Point]) -> Chart:
    told = metric_name(name)
    marks: list[Mark] = []
    baseline: list[Point] = []
    high = low = 0.0
    for point in points:
        if baseline and _starts_anew(baseline[-1], point):
            baseline, high, low = [], 0.0, 0.0
        mark = _mark(name, point, baseline, high, low)
        high, low = mark.cusum_high, mark.cusum_low
        if mark.baseline:
            baseline.append(point)
        marks.append(mark)
    return Chart(name, told.title, told.unit, told.better, tuple(marks))


def _starts_anew(before: Point, point: Point) -> bool:
    return bool(point.accepted) or point.stamp.get("cases") != before.stamp.get("cases")


def _mark(name: str, point: Point, baseline: Sequence[Point], high: float, low: float) -> Mark:
    """The point held against the baseline before it."""
    score = point.scores.get(name, Score(None, 0))
    plain = {"at": point.at, "value": score.value, "n": score.n, "unscored": score.unscored}
    if score.value is None:
        return Mark(**plain, cusum_high=high, cusum_low=low)  # type: ignore[arg-type]
    limits = _limits(name, baseline, point)
    if limits is None:
        return Mark(**plain, baseline=True)  # type: ignore[arg-type]
    z = (score.value - limits.centre) / limits.sigma
    high, low = cusum(high, low, z)
    signals = _signals(z, high, low)
    return Mark(
        **plain,  # type: ignore[arg-type]
        centre=limits.centre,
        lower=limits.centre - 3 * limits.sigma,
        upper=limits.centre + 3 * limits.sigma,
        sigma=limits.sigma,
        cusum_high=high,
        cusum_low=low,
        signals=signals,
        baseline=not signals and len(baseline) < BASELINE,
        cause=probable_cause(name, baseline[-1].stamp, point.stamp) if signals else "",
    )


def cusum(high: float, low: float, z: float) -> tuple[float, float]:
    """One step of the tabular CUSUM; ``z`` in sigmas.

    >>> cusum(0.0, 0.0, -1.5)
    (0.0, 1.0)
    """
    cut = max(-CUT, min(CUT, z))
    return max(0.0, high + cut - SLACK), max(0.0, low - cut - SLACK)


def _signals(z: float, high: float, low: float) -> tuple[str, ...]:
    left = (z < -3, z > 3, low > DECISION, high > DECISION)
    return tuple(signal for signal, is_left in zip(SIGNALS, left, strict=True) if is_left)


def _limits(name: str, baseline: Sequence[Point], point: Point) -> _Limits | None:
    """Centre and sigma of the baseline; ``None`` while it holds too little to say.

    Times differ by chance on every machine: they get limits once the baseline is settled.
    """
    values = [v for p in baseline if (s := p.scores.get(name)) and (v := s.value) is not None]
    is_time = metric_name(name).unit == "ms"
    if not values or (is_time and len(values) < SETTLED):
        return None
    moving = [abs(after - before) for before, after in pairwise(values)]
    sigma = mean(moving) / D2 if moving else 0.0
    centre = mean(values)
    if is_time:
        return _Limits(centre, max(sigma, centre / 20))
    n = max(1, point.scores[name].n)
    if not point.has_model or len(values) >= SETTLED:
        return _Limits(centre, max(sigma, 1 / (6 * n)))
    return _Limits(centre, max(sigma, 1 / n, sqrt(max(0.0, centre * (1 - centre)) / n)))
