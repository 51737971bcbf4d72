"""Cases of the appropriateness measurements: one form for all sets, read from their files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class RankingCase:
    """A question with the scenarios or topics that are right; ``first`` are right first studies."""

    id: str
    question: str
    scenarios: frozenset[tuple[str, int]] = frozenset()
    topics: frozenset[str] = frozenset()
    first: tuple[str, ...] = ()


def own_cases() -> tuple[RankingCase, ...]:
    """Our own vignettes, one a topic, written from the shelf (``data/appropriateness_own.jsonl``)."""
    return tuple(
        _scenario_case(row, [(row["topic"], row["variant_no"])])
        for row in _rows(DATA / "appropriateness_own.jsonl")
    )


def referral_cases() -> tuple[RankingCase, ...]:
    """Our own held-out referrals (``data/appropriateness_referrals.jsonl``); nothing is fitted on them."""
    return tuple(
        _scenario_case(row, [(topic, number) for topic, number in row["accept"]])
        for row in _rows(DATA / "appropriateness_referrals.jsonl")
    )


def fresh_referral_cases(which: int) -> tuple[RankingCase, ...]:
    """Further sets (``which`` 2 to 7: ``data/appropriateness_referrals_{which}.jsonl``), each frozen
    before its first run; by topic."""
    return tuple(
        RankingCase(row["id"], row["question"], topics=frozenset(row["topics"]))
        for row in _rows(DATA / f"appropriateness_referrals_{which}.jsonl")
        if row["topics"]
    )


def fresh_uncovered(which: int) -> tuple[str, ...]:
    """Those of the same files that no topic covers."""
    rows = _rows(DATA / f"appropriateness_referrals_{which}.jsonl")
    return tuple(row["question"] for row in rows if not row["topics"])


def uncovered() -> tuple[str, ...]:
    """Questions that no topic covers (``data/appropriateness_uncovered.txt``)."""
    return _lines("appropriateness_uncovered.txt")


def uncovered_to_fit() -> tuple[str, ...]:
    """More of the same kind, for fitting only (``data/appropriateness_uncovered_fit.txt``)."""
    return _lines("appropriateness_uncovered_fit.txt")


def _lines(name: str) -> tuple[str, ...]:
    text = (DATA / name).read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def phrase_cases(bench: Path) -> tuple[RankingCase, ...]:
    """The guideline's own scenario phrases; ``accept`` lists all right scenarios."""
    return tuple(
        _scenario_case(row, [(topic, number) for topic, number in row["accept"]])
        for row in _rows(bench / "acr_scenarios_dev.jsonl")
    )


def vignette_cases(bench: Path) -> tuple[RankingCase, ...]:
    """Vignettes and lay one-liners with a right topic, and often right first studies."""
    return tuple(
        RankingCase(
            row["id"], row["question"], topics=frozenset(row["expected"]["accept_topics"]),
            first=tuple(row["expected"].get("procedures") or ()),
        )
        for row in _rows(bench / "acr_cases_dev.jsonl")
        if row["expected"].get("accept_topics")
    )  # fmt: skip


def declined(bench: Path) -> tuple[str, ...]:
    """Questions of the refusal set."""
    return tuple(row["question"] for row in _rows(bench / "refuse_dev.jsonl"))


def _scenario_case(row: dict[str, object], right: list[tuple[str, int]]) -> RankingCase:
    keys = frozenset((str(topic), int(number)) for topic, number in right)
    topics = frozenset(topic for topic, _ in keys)
    return RankingCase(str(row["id"]), str(row["question"]), keys, topics)


def _rows(path: Path) -> Iterator[dict]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)
