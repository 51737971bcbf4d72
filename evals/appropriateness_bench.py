"""Scenario ranking measured: R@k, topics, first studies, abstention, times, and what each part adds.

    RADCITE_SHARED=<folder with bench/> python -m evals.appropriateness_bench [--home FOLDER]

Development sets come from the folder that ``RADCITE_SHARED`` names, our own ones from ``evals/data``.
None of the development sets was trained on; see ``evals/fit_scenario_ranker.py``. The first row of
the ablation is plain dense retrieval: the same embedding model over the same passages, nothing else.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.appropriateness_cases import (
    RankingCase,
    declined,
    own_cases,
    phrase_cases,
    referral_cases,
    uncovered,
    vignette_cases,
)  # fmt: skip
from rag.answering.facets import read_facets
from rag.answering.scenario_build import write_scenario_index
from rag.answering.scenario_desk import ScenarioDesk
from rag.knowledge.procedure_names import spelled
from rag.retrieval.corpus_vectors import CorpusVectors
from rag.retrieval.embedding import PackagedEmbeddings
from rag.retrieval.index_state import scenario_folder
from rag.retrieval.scenario_ranker import Ranking, RankingWeights
from rag.retrieval.vector_cache import VectorCache
from rag.settings import load_settings
from rag.types import Edition

GROUPS: Mapping[str, tuple[str, ...]] = {
    "lexical fields": ("bm25_", "asked"),
    "dense views": ("dense_",),
    "siblings apart": ("contrast", "said_", "unsaid_"),
    "denials": ("denied_",),
    "body regions": ("region_",),
    "age, sex, pregnancy": ("age_", "child_", "adult_", "sex_", "pregnancy_"),
    "stage of care": ("stage_", "treatment_"),
    "results and sizes": ("result_", "quantity_", "acuity_"),
    "conditions": ("condition_", "trauma_", "known_cancer_", "immuno", "past_"),
}
"""Feature groups of the ablation, by the beginnings of their names."""
K = 10


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case with its ranking and the seconds it took."""

    case: RankingCase
    ranking: Ranking
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all tables; exit status 2 where the development sets are not at hand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, default=None, help="folder for index and cache")
    parser.add_argument("--no-ablation", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="take every n-th guideline phrase")
    chosen = parser.parse_args(arguments)
    shared = os.environ.get("RADCITE_SHARED")
    if not shared or not (Path(shared) / "bench").is_dir():
        print("set RADCITE_SHARED to a folder with bench/", file=sys.stderr)
        return 2
    desk = open_desk(chosen.home or load_settings().home_dir)
    sets = {
        "guideline phrases": phrase_cases(Path(shared) / "bench")[:: chosen.every],
        "vignettes": vignette_cases(Path(shared) / "bench"),
        "own vignettes": own_cases(),
        "own referrals": referral_cases(),
    }
    print_quality(sets, desk)
    print_abstention(sets, declined(Path(shared) / "bench"), desk)
    if not chosen.no_ablation:
        print_ablation(sets, desk)
    return 0


def open_desk(home: Path) -> ScenarioDesk:
    """The real desk, its index built first where that is missing or out of date."""
    settings = load_settings()
    plain = PackagedEmbeddings(settings.embedding_model)
    cache = VectorCache(home / "cache" / "fit.sqlite", plain.model_id, plain.dimension)
    shipped = CorpusVectors(settings.corpus, plain.model_id, plain.dimension)
    embedder = PackagedEmbeddings(settings.embedding_model, cache, shipped)
    write_scenario_index(settings.corpus, scenario_folder(home), embedder.embed, embedder.model_id)
    edition = Edition("acr_ac_2025", "ACR Appropriateness Criteria", "2025", "ACR", 2025)
    return ScenarioDesk(
        settings.corpus, edition, scenario_folder(home), plain.embed, embedder.model_id
    )


def run(cases: Sequence[RankingCase], desk: ScenarioDesk) -> list[Ranked]:
    """Every case ranked once; the first ranking, which loads everything, is not timed."""
    desk.rank("warm up", read_facets("warm up"), K)
    found: list[Ranked] = []
    for case in cases:
        started = time.perf_counter()
        ranking = desk.rank(case.question, read_facets(case.question), K)
        found.append(Ranked(case, ranking, time.perf_counter() - started))
    return found


def recall(ranked: Sequence[Ranked], k: int) -> float:
    """Share of cases with a right scenario among the first ``k``, in percent."""
    hits = sum(
        any((s.topic, s.variant_no) in r.case.scenarios for s in r.ranking.scenarios[:k])
        for r in ranked
    )
    return 100 * hits / len(ranked)


def topic_hit(ranked: Sequence[Ranked], k: int) -> float:
    """Share of cases with a right topic among the first ``k`` topics, in percent."""
    hits = sum(any(t in r.case.topics for t in r.ranking.topics[:k]) for r in ranked)
    return 100 * hits / len(ranked)


def first_study(ranked: Sequence[Ranked], desk: ScenarioDesk) -> tuple[float, int]:
    """Percent of the cases that name first studies whose best scenario has one on top, and n.

    On top means the highest rating of the table; ties all count.
    """
    named = [r for r in ranked if r.case.first and r.ranking.scenarios]
    hits = sum(_on_top(r, desk) for r in named)
    return (100 * hits / len(named) if named else 0.0), len(named)


def _on_top(ranked: Ranked, desk: ScenarioDesk) -> bool:
    best = ranked.ranking.scenarios[0]
    rows = desk.scenario(best.topic, best.variant_no).procedures
    top = max((row.rating or 0) for row in rows)
    shown = {row.vocabulary_name.lower() for row in rows if row.rating == top}
    wanted = {
        desk.names[spelled(name)].name.lower() if spelled(name) in desk.names else name.lower()
        for name in ranked.case.first
    }
    return bool(shown & wanted)


def print_quality(sets: Mapping[str, Sequence[RankingCase]], desk: ScenarioDesk) -> None:
    print(f"{'set':<20}{'n':>6}{'R@1':>8}{'R@5':>8}{'R@10':>8}{'topic 1':>9}{'topic 3':>9}"
          f"{'first study':>14}{'median ms':>11}")  # fmt: skip
    for name, cases in sets.items():
        ranked = run(cases, desk)
        share, n = first_study(ranked, desk)
        scenario = [
            f"{recall(ranked, k):8.1f}" if cases[0].scenarios else f"{'-':>8}" for k in (1, 5, 10)
        ]
        milliseconds = 1000 * statistics.median(r.seconds for r in ranked)
        study = f"{share:.1f} ({n})" if n else "-"
        print(f"{name:<20}{len(cases):>6}{''.join(scenario)}{topic_hit(ranked, 1):9.1f}"
              f"{topic_hit(ranked, 3):9.1f}{study:>14}{milliseconds:11.0f}")  # fmt: skip


def print_abstention(
    sets: Mapping[str, Sequence[RankingCase]], refused: Sequence[str], desk: ScenarioDesk
) -> None:
    print("\nAbstention: refused, in percent (uncovered questions should be, the others not)")
    asked = {"uncovered (own)": uncovered(), "refusal set": refused}
    asked |= {name: tuple(case.question for case in cases) for name, cases in sets.items()}
    for name, questions in asked.items():
        out = [not desk.rank(q, read_facets(q), 1).covered for q in questions]
        print(f"{name:<20}{len(out):>6}{100 * sum(out) / len(out):8.1f}")


def print_ablation(sets: Mapping[str, Sequence[RankingCase]], desk: ScenarioDesk) -> None:
    """Each group's weights set to zero in turn; nothing is fitted anew."""
    print("\nAblation: weights of one group set to zero (nothing is fitted anew)")
    print(f"{'without':<24}" + "".join(f"{name:>34}" for name in sets))
    full = desk.weights
    rows: dict[str, RankingWeights] = {
        "plain dense retrieval": replace(full, ranking={"dense_whole": 1.0}),
        "BM25 alone": replace(full, ranking={"bm25_whole": 1.0}),
        "nothing (all parts)": full,
    }
    rows |= {name: replace(full, ranking=_without(full, starts)) for name, starts in GROUPS.items()}
    for name, weights in rows.items():
        desk.weights = weights
        cells = [_cell(run(cases, desk)) for cases in sets.values()]
        print(f"{name:<24}" + "".join(f"{cell:>34}" for cell in cells))
    desk.weights = full


def _without(weights: RankingWeights, starts: tuple[str, ...]) -> Mapping[str, float]:
    return {name: value for name, value in weights.ranking.items() if not name.startswith(starts)}


def _cell(ranked: Sequence[Ranked]) -> str:
    scenario = f"R@1 {recall(ranked, 1):.1f} " if ranked[0].case.scenarios else ""
    return f"{scenario}topic {topic_hit(ranked, 1):.1f} / {topic_hit(ranked, 3):.1f}"


if __name__ == "__main__":
    sys.exit(main())
