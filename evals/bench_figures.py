"""Figures of a bench run: repeated timings, what they are compared with, and the printed table.

Pure: no clock, no process and no file is touched here. Times are in seconds throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Timing:
    """One thing timed several times; ``seconds`` holds every repetition, in order."""

    name: str
    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.seconds:
            raise ValueError(f"{self.name}: nothing was timed")

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """Fastest and slowest repetition."""
        return min(self.seconds), max(self.seconds)


@dataclass(frozen=True, slots=True)
class Target:
    """A promise about a median: ``timing`` takes at most ``limit`` seconds more than ``above``."""

    timing: str
    limit: float
    above: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A target beside what was measured; ``measured`` is already the difference to ``above``."""

    target: Target
    measured: float

    @property
    def met(self) -> bool:
        return self.measured <= self.target.limit


def judge(targets: Sequence[Target], timings: Sequence[Timing]) -> tuple[Result, ...]:
    """Compare each target with the medians; targets on something not timed are left out."""
    medians = {timing.name: timing.median for timing in timings}
    return tuple(
        Result(target, medians[target.timing] - (medians[target.above] if target.above else 0.0))
        for target in targets
        if target.timing in medians and (target.above is None or target.above in medians)
    )


def ratio(timings: Sequence[Timing], name: str, to: str) -> float | None:
    """Median of ``name`` over median of ``to``; ``None`` where either was not timed."""
    medians = {timing.name: timing.median for timing in timings}
    if name not in medians or not medians.get(to):
        return None
    return medians[name] / medians[to]


def duration(seconds: float) -> str:
    """A time as a reader takes it in: ``42 ms``, ``1.24 s``, ``95 s``.

    >>> duration(0.0421), duration(1.239), duration(95.2)
    ('42 ms', '1.24 s', '95 s')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"


def timing_table(timings: Sequence[Timing], beside: str) -> str:
    """All timings as a Markdown table, each also as a multiple of the timing named ``beside``."""
    lines = [
        f"| measured | median | fastest to slowest | n | x {beside} |",
        "|---|---|---|---|---|",
    ]
    for timing in timings:
        low, high = timing.spread
        multiple = ratio(timings, timing.name, beside)
        lines.append(
            f"| {timing.name} | {duration(timing.median)} | {duration(low)} to {duration(high)} "
            f"| {len(timing.seconds)} | {'' if multiple is None else format(multiple, '.3g')} |"
        )
    return "\n".join(lines)


def target_table(results: Sequence[Result]) -> str:
    """Every target with what was measured and whether it was met."""
    lines = ["| target | at most | measured | |", "|---|---|---|---|"]
    for result in results:
        above = f" above {result.target.above}" if result.target.above else ""
        lines.append(
            f"| {result.target.timing}{above} | {duration(result.target.limit)} "
            f"| {_signed(result.measured)} | {'met' if result.met else 'MISSED'} |"
        )
    return "\n".join(lines)


def _signed(seconds: float) -> str:
    return duration(seconds) if seconds >= 0 else f"-{duration(-seconds)}"


def record(
    timings: Sequence[Timing], results: Sequence[Result], about: Mapping[str, str]
) -> dict[str, object]:
    """The whole run as plain values for a JSON file."""
    return {
        "about": dict(about),
        "timings": [
            {"name": t.name, "median_s": t.median, "seconds": list(t.seconds)} for t in timings
        ],
        "targets": [
            {
                "timing": r.target.timing,
                "above": r.target.above,
                "limit_s": r.target.limit,
                "measured_s": r.measured,
                "met": r.met,
            }
            for r in results
        ],
    }
