"""Referrals through the public ``ask``: what a user gets, route, refusals and questions back included.

    python -m evals.appropriateness_answers [--misses] [--result FILE]

The ranking alone is measured by ``evals/appropriateness_bench.py``; here a right ranking behind a wrong
gate counts as a miss. Our own sets always; the development sets where ``RADCITE_SHARED`` names them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.appropriateness_cases import (
    RankingCase,
    fresh_referral_cases,
    fresh_uncovered,
    own_cases,
    phrase_cases,
    referral_cases,
    uncovered,
    vignette_cases,
)  # fmt: skip
from evals.right_studies import is_right_study, right_studies
from rag.answering.answer import ask
from rag.answering.parts import Parts
from rag.answering.scenario_desk import ScenarioDesk
from rag.settings import load_settings
from rag.types import NeedsDetails, Refusal, Response
from rag.wire import build


@dataclass(frozen=True, slots=True)
class Asked:
    """One case as answered; ``seconds`` is processor time, so that a busy machine does not count."""

    case: RankingCase
    response: Response
    seconds: float

    @property
    def keys(self) -> list[tuple[str, int]]:
        table = self.response.appropriateness
        if table is None:
            return []
        first = (table.topic, table.variant_no)
        return [first, *((other.topic, other.variant_no) for other in table.alternatives)]

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(topic for topic, _ in self.keys))


@dataclass(frozen=True, slots=True)
class Row:
    """One set, shares in percent; ``None`` where the set does not say."""

    name: str
    n: int
    refused: float
    asked_back: float
    topic_1: float
    topic_3: float
    scenario_1: float | None
    scenario_10: float | None
    first_study: float | None
    median_ms: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table (and the misses), and write it as JSON with ``--result``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--misses", action="store_true", help="print every miss")
    parser.add_argument("--result", type=Path, default=None, help="JSON file to write")
    parser.add_argument("--every", type=int, default=1, help="take every n-th guideline phrase")
    chosen = parser.parse_args(arguments)
    parts = build(load_settings(home=chosen.home) if chosen.home else load_settings())
    desk = parts.desk()
    if desk is None:
        print("the shelf has no appropriateness topics", file=sys.stderr)
        return 2
    rows = []
    for name, cases in _sets(chosen.every).items():
        asked = [asked_one(case, parts) for case in cases]
        rows.append(row_of(name, asked, desk))
        if chosen.misses:
            print("\n".join(misses(asked, desk)))
    strange = {
        "uncovered": uncovered(),
        "second uncovered (frozen)": fresh_uncovered(2),
        "third uncovered (frozen)": fresh_uncovered(3),
        "fourth uncovered (frozen)": fresh_uncovered(4),
        "fifth uncovered (frozen)": fresh_uncovered(5),
        "sixth uncovered (frozen)": fresh_uncovered(6),
        "seventh uncovered (frozen)": fresh_uncovered(7),
    }
    answered = {
        name: [q for q in asked if not isinstance(ask(q, parts=parts), Refusal)]
        for name, asked in strange.items()
    }
    refused = {name: 100 * (1 - len(answered[name]) / len(strange[name])) for name in strange}
    print(table(rows))
    for name, percent in refused.items():
        print(f"\n{name} questions refused: {percent:.1f} % (n = {len(strange[name])})")
    if chosen.misses:
        print("\n".join(f"answered: {q}" for found in answered.values() for q in found))
    if chosen.result:
        data = {"rows": [asdict(row) for row in rows], "refused_uncovered": refused}
        chosen.result.parent.mkdir(parents=True, exist_ok=True)
        chosen.result.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    return 0


def _sets(every: int) -> dict[str, Sequence[RankingCase]]:
    sets: dict[str, Sequence[RankingCase]] = {
        "own referrals (held out)": referral_cases(), "own vignettes": own_cases(),
        "second referrals (frozen)": fresh_referral_cases(2),
        "third referrals (frozen)": fresh_referral_cases(3),
        "fourth referrals (frozen)": fresh_referral_cases(4),
        "fifth referrals (frozen)": fresh_referral_cases(5),
        "sixth referrals (frozen)": fresh_referral_cases(6),
        "seventh referrals (frozen)": fresh_referral_cases(7),
    }  # fmt: skip
    shared = os.environ.get("RADCITE_SHARED")
    if shared and (Path(shared) / "bench").is_dir():
        sets["guideline phrases (dev)"] = phrase_cases(Path(shared) / "bench")[::every]
        sets["vignettes (dev)"] = vignette_cases(Path(shared) / "bench")
    return sets


def asked_one(case: RankingCase, parts: Parts) -> Asked:
    started = time.process_time()
    response = ask(case.question, parts=parts)
    return Asked(case, response, time.process_time() - started)


def row_of(name: str, asked: Sequence[Asked], desk: ScenarioDesk) -> Row:
    """All shares of one set."""
    rights = [right_studies(one.case, desk) for one in asked]
    studies = [_study(one, right, desk) for one, right in zip(asked, rights, strict=True) if right]
    scenario = any(one.case.scenarios for one in asked)

    def share(hits: Sequence[bool]) -> float:
        return 100 * sum(hits) / len(hits)

    return Row(
        name, len(asked),
        share([isinstance(one.response, Refusal) for one in asked]),
        share([isinstance(one.response, NeedsDetails) for one in asked]),
        share([bool(set(one.topics[:1]) & one.case.topics) for one in asked]),
        share([bool(set(one.topics[:3]) & one.case.topics) for one in asked]),
        share([bool(set(one.keys[:1]) & one.case.scenarios) for one in asked]) if scenario else None,
        share([bool(set(one.keys) & one.case.scenarios) for one in asked]) if scenario else None,
        share(studies) if studies else None,
        1000 * statistics.median(one.seconds for one in asked),
    )  # fmt: skip


def _study(asked: Asked, right: frozenset[str], desk: ScenarioDesk) -> bool:
    table = asked.response.appropriateness
    return table is not None and is_right_study(table.procedures[0], right, desk)


def misses(asked: Sequence[Asked], desk: ScenarioDesk) -> list[str]:
    """One line a miss: what was wanted and what came first."""
    lines = []
    for one in asked:
        wanted = one.case.scenarios or one.case.topics
        hit = bool(set(one.keys[:1]) & one.case.scenarios) if one.case.scenarios else bool(
            set(one.topics[:1]) & one.case.topics
        )  # fmt: skip
        right = right_studies(one.case, desk)
        study = not right or _study(one, right, desk)
        if not (hit and study):
            table = one.response.appropriateness
            first = table.procedures[0].name if table else "-"
            kind = type(one.response).__name__
            lines.append(
                f"{one.case.id} {kind}: {one.case.question[:160]}\n   got {one.keys[:3]}, {first}\n"
                f"   wanted {sorted(wanted)}{'' if study else f', {sorted(right)[:3]}'}"
            )
    return lines


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table."""
    lines = [
        "| set | n | refused | asked back | topic first | topic in 3 | scenario first | in 10 | first study on top | median ms |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        values = (
            row.refused, row.asked_back, row.topic_1, row.topic_3, row.scenario_1, row.scenario_10,
            row.first_study,
        )  # fmt: skip
        cells = ["" if value is None else f"{value:.1f}" for value in values]
        lines.append(f"| {row.name} | {row.n} | {' | '.join(cells)} | {row.median_ms:.0f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
