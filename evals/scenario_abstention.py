"""The abstention of the appropriateness ranking: does any scenario speak of this question at all?

Fitted by ``evals/fit_scenario_ranker.py`` (``--abstention`` fits it alone). Covered: half of our own
vignettes, made questions, and a sample of the shelf's referrals in every form, each against an index
without that form. Not covered: half of the uncovered questions and more of their kind, and a sample of
the questions about the guidelines' texts. The development sets take no part. numpy alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import md5
from pathlib import Path

import numpy as np

from evals.appropriateness_cases import own_cases, uncovered, uncovered_to_fit
from evals.referral_likeness import Likeness
from evals.referral_metric import trained_metric
from rag.answering.facets import read_facets
from rag.knowledge.clinical_terms import ClinicalTerms
from rag.knowledge.clinical_text import core
from rag.knowledge.fact_questions import load_fact_questions
from rag.knowledge.scenario_entry import ScenarioEntry
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_features import features, read_question
from rag.retrieval.scenario_index import Embed, ScenarioIndex, build_scenario_index
from rag.retrieval.scenario_ranker import coverage_evidence, scored

Doubles = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

SAMPLED = 9
"""Every so many scenarios lend a referral of each form to the abstention."""
TEXTS = 13
"""Every so many questions about the guidelines' texts lend themselves to the abstention."""

ACCEPT = 0.2
"""Chosen where none of the development sets and at most 3 % of the sets 2 to 7 of referrals fall below it."""


@dataclass
class FitShelf:
    """The shelf for fitting: its whole index, and indexes that lack one form of the referrals (-1: the
    last one), each with a metric of referrals that was trained without that form."""

    entries: Sequence[ScenarioEntry]
    terms: ClinicalTerms
    embed: Embed
    _spare: dict[int, ScenarioIndex] = field(default_factory=dict)

    @cached_property
    def whole(self) -> ScenarioIndex:
        return self.index(self.entries, trained_metric(self.entries, self.embed))

    @property
    def forms(self) -> range:
        return range(max(len(entry.referrals) for entry in self.entries))

    def without(self, form: int) -> ScenarioIndex:
        if form not in self._spare:
            entries = without_form(self.entries, form)
            self._spare[form] = self.index(entries, trained_metric(entries, self.embed))
        return self._spare[form]

    def index(self, entries: Sequence[ScenarioEntry], gram: Floats) -> ScenarioIndex:
        return build_scenario_index(entries, self.terms, self.embed, "fit", gram=gram)


def read_all(questions: Sequence[str], index: ScenarioIndex, terms: ClinicalTerms, embed: Embed):
    """``(question as read, features)`` for each question in turn."""
    vectors, cores = embed(list(questions)), embed([core(q) for q in questions])
    for text, vector, of_core in zip(questions, vectors, cores, strict=True):
        question = read_question(text, read_facets(text), (vector, of_core), index, terms)
        yield question, features(question, index)


def fitted_abstention(
    ranking: dict[str, float],
    made: Sequence[str],
    of_the_texts: Sequence[str],
    shelf: FitShelf,
    likeness: Likeness,
) -> dict[str, float]:
    """Weights of the evidence by balanced logistic regression on the training halves."""

    def like(question: str, vector: Floats) -> float:
        return likeness.apart.get(question, float(vector @ likeness.weights) + likeness.bias)

    def evidence(questions: Sequence[str], index: ScenarioIndex) -> list[dict[str, float]]:
        vectors = shelf.embed(list(questions))
        read = read_all(questions, index, shelf.terms, shelf.embed)
        return [
            coverage_evidence(
                question, found, scored(found, ranking, len(index)), index, like(text, vector)
            )
            for text, vector, (question, found) in zip(questions, vectors, read, strict=True)
        ]

    covered = evidence([case.question for case in own_cases()[0::2]], shelf.whole)
    covered += evidence(made, shelf.without(-1))
    for form in shelf.forms:
        asked = [e.referrals[form] for e in shelf.entries[form::SAMPLED] if form < len(e.referrals)]
        covered += evidence(asked, shelf.without(form))
    strange = evidence(strange_to_fit(), shelf.whole)
    groups = (covered, strange, evidence(of_the_texts, shelf.whole))
    names = list(covered[0])
    rows = np.array([[entry[name] for name in names] for group in groups for entry in group])
    truth = np.repeat([1.0, 0.0, 0.0], list(map(len, groups)))
    share = np.concatenate(
        [np.full(len(g), part / len(g)) for g, part in zip(groups, (0.5, 0.25, 0.25), strict=True)]
    )

    def gradient(w: Doubles) -> Doubles:
        chance = 1 / (1 + np.exp(-rows @ w))
        slope: Doubles = rows.T @ (share * (chance - truth)) + 2e-4 * w
        return slope

    found = _descended(gradient, len(names))
    chance = 1 / (1 + np.exp(-rows @ found))
    ends = np.cumsum(list(map(len, groups)))
    print(thresholds(*np.split(chance, ends[:-1])), file=sys.stderr)
    return dict(zip(names, map(float, found), strict=True))


def strange_to_fit() -> list[str]:
    """Questions that no topic covers, those of the training half and those written for fitting."""
    return [*uncovered_to_fit(), *(text for text in uncovered() if in_training(text))]


def text_questions(corpus: Path) -> list[str]:
    """Questions about what the guidelines' texts say, which no scenario answers, in all their forms."""
    return [asked.text for asked in load_fact_questions(corpus)][::TEXTS]


def without_form(entries: Sequence[ScenarioEntry], form: int) -> list[ScenarioEntry]:
    """The entries without this form of their referrals (-1: the last one)."""
    return [
        replace(e, referrals=_but(e.referrals, form if form >= 0 else len(e.referrals) - 1))
        for e in entries
    ]


def thresholds(covered: Doubles, strange: Doubles, texts: Doubles) -> str:
    """What each acceptance would refuse of the training questions."""
    return "\n".join(
        f"accept {at:.2f}: refused of covered {100 * (covered < at).mean():.1f} %, of uncovered"
        f" {100 * (strange < at).mean():.1f} %, of questions about texts {100 * (texts < at).mean():.1f} %"
        for at in (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
    )


def _descended(gradient: Callable[[Doubles], Doubles], size: int) -> Doubles:
    w = np.zeros(size)
    for _ in range(60_000):
        w = w - 2.0 * gradient(w)
    return w


def in_training(text: str) -> bool:
    """Whether an uncovered question belongs to the half that the abstention is fitted on."""
    return int(md5(text.encode()).hexdigest(), 16) % 2 == 0


def _but(said: tuple[str, ...], form: int) -> tuple[str, ...]:
    return said[:form] + said[form + 1 :]
