"""How well each scenario of the shelf fits a question, as named features.

Every feature is one column over all scenarios, zero where the question does not say. The ranker
multiplies them with learned weights (``scenario_ranker.py``); each one can be shown by itself.
Shapes: ``n`` scenarios, ``t`` topics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rag.knowledge.clinical_terms import ClinicalTerms
from rag.knowledge.clinical_text import ClinicalText, read_clinical_text
from rag.knowledge.facet_values import Facets
from rag.retrieval.postings import Floats
from rag.retrieval.scenario_facets import facet_features
from rag.retrieval.scenario_index import Bools, ScenarioIndex

LEXICAL = ("topic", "scenario", "terms", "whole")
UNKNOWN_RARITY = 4.0
"""Weight of a question's word that stands nowhere on the shelf, in units of idf."""
MOST = 2.5
"""No word of a question weighs more than this many mentions."""


@dataclass(frozen=True)
class Question:
    """A question as the features see it; ``vector`` is its unit vector and ``core`` that
    of what is asked, both ``None`` without an embedder."""

    words: ClinicalText
    facets: Facets
    vector: Floats | None
    core: Floats | None
    known: Mapping[int, float]
    denied: Mapping[int, float]
    asked: Mapping[int, float]
    mass: float


def read_question(
    text: str, facets: Facets, vectors: tuple[Floats, Floats] | None,
    index: ScenarioIndex, terms: ClinicalTerms,
) -> Question:  # fmt: skip
    """``text`` without the words of age and sex, which the facets compare."""
    words = read_clinical_text(without_person(text, facets), terms)
    known = {
        index.vocabulary[word]: min(weight, MOST)
        for word, weight in words.weights.items()
        if word in index.vocabulary
    }
    for word, weight in words.denied.items():
        if word in index.vocabulary:
            known.setdefault(index.vocabulary[word], 0.35 * min(weight, 1.0))
    unknown = sum(
        min(weight, 1.0) for word, weight in words.weights.items() if word not in index.vocabulary
    )
    mass = sum(weight * float(index.idf[word]) for word, weight in known.items())
    denied = {index.vocabulary[w]: 1.0 for w in words.denied if w in index.vocabulary}
    asked = {
        index.vocabulary[w]: min(x, 1.0) for w, x in words.asked.items() if w in index.vocabulary
    }
    whole, core = vectors or (None, None)
    mass += UNKNOWN_RARITY * unknown + 1e-6
    return Question(words, facets, whole, core, known, denied, asked, mass)


def without_person(text: str, facets: Facets) -> str:
    """``text`` with the spans of age and sex blanked."""
    for read in facets.read:
        if read.name in {"age", "sex"}:
            start, end = read.span
            text = text[:start] + " " * (end - start) + text[end:]
    return text


def features(question: Question, index: ScenarioIndex) -> dict[str, Floats]:
    """All features by name, each of shape ``(n,)``."""
    found = {
        **_lexical(question, index),
        **_sibling(question, index),
        **_dense(question, index),
        **_polarity(question, index),
        **_regions(question, index),
        **facet_features(question.facets, index),
    }
    return with_rival(found, index)


def with_rival(found: dict[str, Floats], index: ScenarioIndex) -> dict[str, Floats]:
    """For a child: how well the best children's scenario fits, charged to all that are not."""
    child = found.get("adult_for_child")
    if child is None or not child.any():
        return found
    whole = found["bm25_whole"] * (1 - found.get("age_off", 0))
    best = float(whole[index.for_children].max(initial=0.0)) / (float(whole.max()) + 1e-6)
    return found | {"child_rival": child * best}


def best_of_topic(scores: Floats, index: ScenarioIndex) -> Floats:
    """Each topic's highest score, shape ``(t,)``."""
    best = np.full(len(index.topics), -np.inf, np.float32)
    np.maximum.at(best, index.topic_of, scores)
    return best


def _lexical(question: Question, index: ScenarioIndex) -> dict[str, Floats]:
    """BM25 of each field as a share of what the question could reach."""
    found = {
        f"bm25_{name}": index.views[name].scores(question.known) / question.mass for name in LEXICAL
    }
    shelf = index.views["shelf"].scores(question.known) / question.mass
    found["bm25_shelf"] = shelf[index.topic_of]
    if question.asked:
        mass = sum(weight * float(index.idf[word]) for word, weight in question.asked.items())
        found["asked"] = index.views["whole"].scores(question.asked) / (mass + 1e-6)
        found["asked_title"] = index.views["topic"].scores(question.asked) / (mass + 1e-6)
    found["bm25_topic_best"] = best_of_topic(found["bm25_whole"], index)[index.topic_of]
    return found


def _sibling(question: Question, index: ScenarioIndex) -> dict[str, Floats]:
    """What sets a scenario apart from its siblings: said in the question, or left unsaid."""
    present = dict.fromkeys(question.known, 1.0)
    found = {"contrast": index.views["contrast"].scores(question.known)}
    for name in ("own", "mass", "title"):
        view = index.views[name]
        found[f"said_{name}"] = view.scores(present) / (index.totals[name] + 1e-6)
    for name in ("contrast", "said_own"):
        # How far behind the best sibling: long questions must not make any topic's siblings rich.
        found[f"{name}_behind"] = found[name] - best_of_topic(found[name], index)[index.topic_of]
    found["unsaid_own"] = index.totals["own"] - index.views["own"].scores(present)
    return found


def _dense(question: Question, index: ScenarioIndex) -> dict[str, Floats]:
    if question.vector is None or question.core is None:
        return {}
    whole, of_core = (one.astype(np.float32) for one in (question.vector, question.core))
    # einsum: a product this small gains nothing from the threads of a BLAS, which on a busy machine
    # spin for 100 ms of processor time; row by row it takes a tenth of the time of both at once.
    said = np.einsum("nd,d->n", index.stacked, whole)
    same = np.array_equal(whole, of_core)
    every = np.stack([said, said if same else np.einsum("nd,d->n", index.stacked, of_core)], axis=1)
    views = len(index.vectors) * len(index)
    near = every[:views].reshape(len(index.vectors), len(index), 2)
    found = {f"dense_{name}": near[i, :, 0] for i, name in enumerate(index.vectors)}
    found["dense_core"] = near[list(index.vectors).index("whole"), :, 1]
    found["dense_topic_best"] = best_of_topic(found["dense_whole"], index)[index.topic_of]
    return found | _near_said(every[views:], near.max(axis=0), index) | _tuned(whole, index)


def _tuned(vector: Floats, index: ScenarioIndex) -> dict[str, Floats]:
    """Nearness to the text and to the nearest referral under the metric of referrals."""
    drawn = index.gram @ vector
    length = float(np.sqrt(max(float(vector @ drawn), 1e-12)))
    near = np.einsum("nd,d->n", index.stacked, drawn) / (index.stretch * length)
    start = list(index.vectors).index("whole") * len(index)
    text = near[start : start + len(index)]
    said = _nearest_said(near[len(index.vectors) * len(index) :, None], text[:, None], index)[:, 0]
    return {
        "tuned_whole": text,
        "tuned_said": said,
        "tuned_topic_best": best_of_topic(said, index)[index.topic_of],
    }


def _near_said(near: Floats, text: Floats, index: ScenarioIndex) -> dict[str, Floats]:
    """The nearest referral of each scenario and of each topic; ``near`` has a row a referral."""
    said = _nearest_said(near, text, index)
    return {
        "dense_said": said[:, 0],
        "dense_said_core": said[:, 1],
        "dense_said_topic_best": best_of_topic(said[:, 0], index)[index.topic_of],
    }


def _nearest_said(near: Floats, text: Floats, index: ScenarioIndex) -> Floats:
    """The highest row of ``near`` (a row a referral) of each scenario.

    A scenario without referrals is as near as its own ``text``: it must not lose for lacking them.
    """
    said = np.full((len(index), near.shape[1]), -np.inf, np.float32)
    np.maximum.at(said, index.said_of, near)
    found: Floats = np.where(np.isfinite(said), said, text)
    return found


def _polarity(question: Question, index: ScenarioIndex) -> dict[str, Floats]:
    """Denied by both ("no trauma"), and denied by one while the other affirms it."""
    affirmed = {w: 1.0 for w, x in question.known.items() if x >= 0.5 and w not in question.denied}
    denied = index.views["denied"]
    against = index.views["affirmed"].scores(question.denied)
    return {
        "denied_both": np.minimum(denied.scores(question.denied), 2.0),
        "denied_here": np.minimum(against, 2.0),
        "denied_there": np.minimum(denied.scores(affirmed), 2.0),
    }


def _regions(question: Question, index: ScenarioIndex) -> dict[str, Floats]:
    named = np.array([name in question.words.regions for name in index.region_names])
    if not named.any():
        return {}
    fitting: Bools = index.compatible[named].any(axis=0)
    hit = (index.regions & fitting).any(axis=1)
    some = index.regions.any(axis=1)
    strange = (index.regions & ~fitting).sum(axis=1) / np.maximum(index.regions.sum(axis=1), 1)
    return {
        "region_fits": hit.astype(np.float32),
        "region_elsewhere": (some & ~hit).astype(np.float32),
        "region_strange": strange.astype(np.float32),
    }


def stacked(found: Mapping[str, Floats], names: Iterable[str], n: int) -> Floats:
    """Columns in the order of ``names``, zeros where a feature is absent; shape ``(n, names)``."""
    zero = np.zeros(n, np.float32)
    return np.stack([found.get(name, zero) for name in names], axis=1)
