"""Guideline phrases that several scenarios fit by what they say: the known ceiling of scenario R@1.

    RADCITE_SHARED=<folder with bench/> python -m evals.ambiguous_phrases

By rule, not by how the ranking does: a phrase fits a sibling of its accepted scenario as well when the
sibling's own words (title, sentence and search terms) hold every word, age, stage, result and size that
the phrase says.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from evals.appropriateness_cases import RankingCase, phrase_cases
from rag.answering.facets import read_facets
from rag.knowledge.appropriateness import Scenario, Topic, load_topics
from rag.knowledge.clinical_terms import ClinicalTerms, load_clinical_terms
from rag.knowledge.clinical_text import read_clinical_text
from rag.knowledge.facet_values import Facets
from rag.settings import load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each such phrase with the siblings it fits; exit status 2 without the phrases."""
    shared = os.environ.get("RADCITE_SHARED")
    if not shared or not (Path(shared) / "bench").is_dir():
        print("set RADCITE_SHARED to a folder with bench/", file=sys.stderr)
        return 2
    corpus = load_settings().corpus
    terms = load_clinical_terms(corpus / "clinical_terms.yaml")
    topics = {topic.title: topic for topic in load_topics(corpus / "acr_ac_2025")}
    cases = phrase_cases(Path(shared) / "bench")
    found = [(case, fits) for case in cases if (fits := tuple(also_fits(case, topics, terms)))]
    for case, fits in found:
        right = "; ".join(f"{topic} {number}" for topic, number in sorted(case.scenarios))
        print(f"{case.id} | {case.question} | {right} | also {', '.join(map(str, fits))}")
    print(f"\n{len(found)} of {len(cases)} phrases fit a scenario that is not accepted")
    return 0


def also_fits(case: RankingCase, topics: dict[str, Topic], terms: ClinicalTerms) -> Iterator[int]:
    """Numbers of the siblings that say all that the phrase says."""
    said = _said(case.question, read_facets(case.question), terms)
    for topic in sorted(case.topics):
        for other in topics[topic].scenarios:
            if other.key not in case.scenarios and said <= _of(topic, other, terms):
                yield other.variant_no


def _of(topic: str, scenario: Scenario, terms: ClinicalTerms) -> set[str]:
    text = f"{topic}. {scenario.text} {'; '.join(scenario.terms)}"
    said = _said(text, read_facets(scenario.text), terms)
    said |= {f"sex {scenario.sex}"} if scenario.sex != "any" else {"sex female", "sex male"}
    return {word for word in said if not word.startswith("stage ")} | {f"stage {scenario.stage}"}


def _said(text: str, facets: Facets, terms: ClinicalTerms) -> set[str]:
    """Words, denied words and facets of a text, in one form to be compared."""
    read = read_clinical_text(text, terms)
    found = {*read.weights, *(f"no {word}" for word in read.denied)}
    found |= {f"{r.test} {r.outcome}" for r in facets.results}
    found |= {f"{q.name} {q.low} {q.high}" for q in facets.quantities} | set(facets.conditions)
    found |= {f"sex {facets.sex}"} if facets.sex else set()
    found |= {f"stage {facets.stage}"} if facets.stage else set()
    found |= {f"age {facets.age.low} {facets.age.high}"} if facets.age else set()
    return found | ({f"pregnant {facets.pregnant}"} if facets.pregnant is not None else set())


if __name__ == "__main__":
    sys.exit(main())
