"""Case results summed up suite by suite: means with errors, harm matrix, recall curve, times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles
from typing import Any

from evals.metric_names import METRICS
from evals.metrics.categories import CALLS, harm_matrix
from evals.metrics.means import Mean, clustered_mean
from evals.run.result import CaseResult
from evals.urgency import scales

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SuiteSummary:
    """One suite's scores by metric; ``harm`` is by guideline, ``calls`` counts how cases erred."""

    name: str
    title: str
    about: str
    n: int
    errors: int
    scores: Mapping[str, Mean]
    harm: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    curve: tuple[float, ...] = ()
    times: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> SuiteSummary:
        scores = {name: Mean(**mean) for name, mean in row["scores"].items()}
        return cls(**{**row, "scores": scores, "curve": tuple(row["curve"])})


def summed(name: str, title: str, about: str, results: Sequence[CaseResult]) -> SuiteSummary:
    """The summary of one suite's results."""
    labelled = [result for result in results if result.call]
    return SuiteSummary(
        name=name,
        title=title,
        about=about,
        n=len(results),
        errors=sum(bool(result.error) for result in results),
        scores=means(results),
        harm=_harm(labelled),
        calls={kind: sum(result.call == kind for result in labelled) for kind in CALLS}
        if labelled
        else {},
        curve=mean_curve([result.curve for result in results if result.curve]),
        times=_times(results),
    )


def means(results: Sequence[CaseResult]) -> dict[str, Mean]:
    """The mean of every metric that some case has, in the order of the registry."""
    names = {metric for result in results for metric in result.scores}
    order = [metric for metric in METRICS if metric in names]
    return {metric: _mean(metric, results) for metric in order}


def _mean(metric: str, results: Sequence[CaseResult]) -> Mean:
    taking_part = [result for result in results if metric in result.scores]
    return clustered_mean(
        [result.scores[metric] for result in taking_part],
        [result.group for result in taking_part],
    )


def _harm(labelled: Sequence[CaseResult]) -> Json:
    """A matrix for each guideline; only labels of its scale are columns."""
    found: Json = {}
    known = scales()
    for guideline in dict.fromkeys(str(r.expected.get("guideline")) for r in labelled):
        pairs = [
            (str(r.expected_label), r.given_label)
            for r in labelled
            if r.expected.get("guideline") == guideline
        ]
        if guideline in known:
            found[guideline] = harm_matrix(pairs, known[guideline].labels)
    return found


def mean_curve(curves: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Mean recall at every rank that all curves reach."""
    if not curves:
        return ()
    depth = min(map(len, curves))
    return tuple(sum(curve[at] for curve in curves) / len(curves) for at in range(depth))


def _times(results: Sequence[CaseResult]) -> dict[str, float]:
    """Median, 95th percentile and slowest answer in milliseconds."""
    taken = [t for r in results if (t := r.scores.get("latency_ms")) is not None]
    if not taken:
        return {}
    high = quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
    return {"median": median(taken), "p95": high, "slowest": max(taken)}
