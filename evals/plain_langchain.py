"""A plain LangChain pipeline beside radcite's ranking, on the same questions in the same run.

    python -m evals.plain_langchain [--result FILE] [--home FOLDER] [--readme]

Plain: the same MiniLM model and Chroma, topic and scenario as the text, the ten nearest, no facets, no
lexicon and no refusal. Our own referrals and vignettes are always measured; with ``RADCITE_SHARED``
also the development sets in its ``bench/``. ``--readme`` writes the table into the README, and its
figures into ``evals/data/side_by_side.json``, which a test holds the README to. The first study counts as right where one of the right
scenario's best rated rows stands on top of the first scenario's table.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.appropriateness_bench import open_desk
from evals.appropriateness_cases import (
    RankingCase,
    fresh_referral_cases,
    own_cases,
    phrase_cases,
    referral_cases,
    uncovered,
    vignette_cases,
)  # fmt: skip
from evals.peers.langchain_peer import plain_store
from evals.readme_table import README, put
from evals.right_studies import is_right_study, right_studies
from rag.answering.facets import read_facets
from rag.answering.scenario_desk import ScenarioDesk
from rag.knowledge.procedure_order import ordered_rows
from rag.settings import load_settings

SUMMARY = Path(__file__).resolve().parent / "data" / "side_by_side.json"
BEGIN, END = (
    "<!-- side by side: python -m evals.plain_langchain --readme -->",
    "<!-- end of side by side -->",
)
K = 10
Key = tuple[str, int]
Retrieve = Callable[[str], Sequence[Key]]


@dataclass(frozen=True, slots=True)
class Row:
    """One pipeline on one set; shares in percent, ``None`` where the set does not say."""

    name: str
    pipeline: str
    n: int
    scenario_1: float | None
    scenario_5: float | None
    topic_1: float
    topic_3: float
    first_study: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and write it as JSON with ``--result``."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=None, help="folder for index and cache")
    parser.add_argument("--result", type=Path, default=None, help="JSON file to write")
    parser.add_argument("--every", type=int, default=3, help="take every n-th guideline phrase")
    parser.add_argument("--readme", action="store_true", help="write the table into the README")
    chosen = parser.parse_args(arguments)
    desk = open_desk(chosen.home or load_settings().home_dir)
    sets: dict[str, Sequence[RankingCase]] = {
        "own referrals (held out)": referral_cases(),
        "own vignettes (partly fitted on)": own_cases(),
        "second referrals (misses read)": fresh_referral_cases(2),
    }
    shared = os.environ.get("RADCITE_SHARED")
    if shared and (Path(shared) / "bench").is_dir():
        phrases = phrase_cases(Path(shared) / "bench")[:: chosen.every]
        sets["guideline phrases (dev)"] = phrases
        sets["vignettes (dev)"] = vignette_cases(Path(shared) / "bench")
    else:
        print("RADCITE_SHARED is not set: the development sets are left out", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="radcite-plain-") as folder:
        plain = plain_pipeline(desk, Path(folder))
        pipelines: dict[str, Retrieve] = {"plain LangChain": plain, "radcite": _ranked(desk)}
        rows = [
            measured(name, pipeline, cases, retrieve, desk)
            for name, cases in sets.items()
            for pipeline, retrieve in pipelines.items()
        ]
    strange = uncovered()
    refused = 100 * sum(not desk.rank(q, read_facets(q), 1).covered for q in strange) / len(strange)
    data = {"rows": [asdict(row) for row in rows], "refused": round(refused, 1), "n": len(strange)}
    print(table(data))
    if chosen.result:
        chosen.result.parent.mkdir(parents=True, exist_ok=True)
        chosen.result.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    if chosen.readme:
        SUMMARY.write_text(json.dumps(data, indent=1) + "\n", "utf-8")
        README.write_text(put(README.read_text("utf-8"), table(data), BEGIN, END), "utf-8")
    return 0


def plain_pipeline(desk: ScenarioDesk, folder: Path) -> Retrieve:
    """Chroma over topic and scenario, filled through LangChain."""
    scenarios = [scenario for topic in desk.topics() for scenario in topic.scenarios]
    store = plain_store(folder, load_settings())
    store.add_texts(
        [f"{one.topic}. {one.text}" for one in scenarios],
        metadatas=[{"topic": one.topic, "variant_no": one.variant_no} for one in scenarios],
    )

    def retrieve(question: str) -> list[Key]:
        found = store.similarity_search(question, k=K)
        return [(item.metadata["topic"], int(item.metadata["variant_no"])) for item in found]

    return retrieve


def _ranked(desk: ScenarioDesk) -> Retrieve:
    def retrieve(question: str) -> list[Key]:
        ranking = desk.rank(question, read_facets(question), K)
        return [(entry.topic, entry.variant_no) for entry in ranking.scenarios]

    return retrieve


def measured(
    name: str, pipeline: str, cases: Sequence[RankingCase], retrieve: Retrieve, desk: ScenarioDesk
) -> Row:
    """All shares of one pipeline on one set."""
    found = [(case, retrieve(case.question)) for case in cases]
    with_scenario = any(case.scenarios for case in cases)
    rights = {case.id: right_studies(case, desk) for case in cases}
    with_study = [(case, keys) for case, keys in found if rights[case.id]]

    def share(hits: Sequence[bool]) -> float:
        return 100 * sum(hits) / len(hits)

    return Row(
        name, pipeline, len(cases),
        share([bool(set(keys[:1]) & case.scenarios) for case, keys in found]) if with_scenario else None,
        share([bool(set(keys[:5]) & case.scenarios) for case, keys in found]) if with_scenario else None,
        share([_topics(keys)[:1] != [] and _topics(keys)[0] in case.topics for case, keys in found]),
        share([any(t in case.topics for t in _topics(keys)[:3]) for case, keys in found]),
        share([_study_on_top(keys, rights[case.id], desk) for case, keys in with_study]) if with_study else None,
    )  # fmt: skip


def _topics(keys: Sequence[Key]) -> list[str]:
    return list(dict.fromkeys(topic for topic, _ in keys))


def _study_on_top(keys: Sequence[Key], right: frozenset[str], desk: ScenarioDesk) -> bool:
    if not keys:
        return False
    return is_right_study(
        ordered_rows(desk.scenario(*keys[0]).procedures, often=desk.often)[0].rated(), right, desk
    )


def table(data: Mapping[str, Any]) -> str:
    """All rows as a Markdown table, and what was refused of questions that no topic covers."""
    head = "| set | n | pipeline | scenario R@1 | R@5 | topic first | topic in 3 | first study on top |"
    lines = [head, "|---|---|---|---|---|---|---|---|"]
    for row in data["rows"]:
        cells = ["" if row[name] is None else f"{row[name]:.0f}" for name in _SHARES]
        lines.append(f"| {row['name']} | {row['n']} | {row['pipeline']} | {' | '.join(cells)} |")
    lines += [
        "",
        f"In percent. Of {data['n']} questions that no topic covers (half of them fitted on) radcite "
        f"refuses {data['refused']:.0f} %, the plain pipeline none: it has no refusal.",
    ]
    return "\n".join(lines)


_SHARES = ("scenario_1", "scenario_5", "topic_1", "topic_3", "first_study")


if __name__ == "__main__":
    sys.exit(main())
