"""One run of the quality-control suite, as the history keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """The mean of ``n`` scored cases; ``value`` is ``None`` where none could be scored."""

    value: float | None
    n: int
    unscored: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """When it ran, its scores, and the stamp of everything that may have changed them.

    ``at`` is ISO 8601 in UTC. ``scores`` are keyed ``suite.metric``. ``stamp`` maps a part
    (``model``, ``prompt``, ``corpus/lung_rads_v2022``, ...) to its digest or name. ``flipped`` are
    the cases whose result differs from the run before. ``accepted`` is the reason why limits start
    anew from this point, empty otherwise.
    """

    at: str
    scores: Mapping[str, Score]
    stamp: Mapping[str, str]
    flipped: tuple[str, ...] = ()
    accepted: str = ""
    results: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_model(self) -> bool:
        """Whether a language model worded the answers, so that runs may differ by chance."""
        return bool(self.stamp.get("model"))
