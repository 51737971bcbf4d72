"""The lexical views of the scenarios: what a query's words are compared with.

- ``topic``, ``scenario``, ``terms``: BM25 over one field; ``whole``: over these and the referrals, weighted;
- ``shelf``: BM25 over whole topics (rows are topics, not scenarios);
- ``contrast``: words by how few siblings of the same topic have them, so that what is common to a
  topic counts nothing and what sets a scenario apart counts most;
- ``own``: the same over the scenario's sentence only; ``mass`` and ``title``: the words of
  sentence and title by rarity on the shelf;
- ``denied``: words that the scenario denies ("no trauma"); ``affirmed``: those it affirms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from rag.knowledge.clinical_terms import ClinicalTerms
from rag.knowledge.clinical_text import ClinicalText, read_clinical_text
from rag.knowledge.scenario_entry import ScenarioEntry
from rag.retrieval.postings import Bag, Floats, Ints, Postings, bm25, from_bags, idf

TITLE, SENTENCE, TERMS, REFERRAL, DENIED = 2.0, 1.0, 0.5, 0.5, 0.5
"""Weights of the fields in the ``whole`` view, and of a denied word in any."""


@dataclass(frozen=True)
class LexicalViews:
    """The views by name over one vocabulary; ``idf`` is each word's rarity over scenarios."""

    vocabulary: Mapping[str, int]
    views: Mapping[str, Postings]
    idf: Floats
    regions: tuple[frozenset[str], ...]


def lexical_views(
    entries: Sequence[ScenarioEntry], topic_of: Ints, terms: ClinicalTerms
) -> LexicalViews:
    """Views of ``entries``; ``topic_of`` numbers each one's topic."""
    titles = [read_clinical_text(entry.topic, terms) for entry in entries]
    sentences = [read_clinical_text(entry.text, terms) for entry in entries]
    aids = [read_clinical_text("; ".join(entry.terms), terms) for entry in entries]
    said = [read_clinical_text("; ".join(entry.referrals), terms) for entry in entries]
    topic, scenario, aid, referral = (
        list(map(_bag, texts)) for texts in (titles, sentences, aids, said)
    )
    whole = [
        _sum((a, TITLE), (b, SENTENCE), (c, TERMS), (d, REFERRAL))
        for a, b, c, d in zip(topic, scenario, aid, referral, strict=True)
    ]
    apart = [
        _sum((b, 1.0), (c, TERMS), (d, REFERRAL))
        for b, c, d in zip(scenario, aid, referral, strict=True)
    ]
    vocabulary = {word: i for i, word in enumerate(sorted({w for bag in whole for w in bag}))}
    rarity = idf(from_bags(whole, vocabulary))
    views = {
        "topic": bm25(from_bags(topic, vocabulary), b=0.3),
        "scenario": bm25(from_bags(scenario, vocabulary)),
        "terms": bm25(from_bags(aid, vocabulary)),
        "whole": bm25(from_bags(whole, vocabulary)),
        "shelf": bm25(from_bags(_by_topic(topic, apart, topic_of), vocabulary), k1=2.0, b=0.5),
        "contrast": from_bags(_contrast(apart, topic_of), vocabulary),
        "own": from_bags(_contrast(scenario, topic_of), vocabulary),
        "mass": from_bags([_rarity(bag, vocabulary, rarity) for bag in scenario], vocabulary),
        "title": from_bags([_rarity(bag, vocabulary, rarity) for bag in topic], vocabulary),
        "denied": from_bags([text.denied for text in sentences], vocabulary),
        "affirmed": from_bags([_affirmed(text) for text in sentences], vocabulary),
    }
    regions = [frozenset(a.regions | b.regions) for a, b in zip(titles, sentences, strict=True)]
    return LexicalViews(vocabulary, views, rarity, tuple(regions))


def _bag(text: ClinicalText) -> Bag:
    return _sum((text.weights, 1.0), (text.denied, DENIED))


def _affirmed(text: ClinicalText) -> Bag:
    return {
        w: min(x, 1.0) for w, x in text.weights.items() if w not in text.open | set(text.denied)
    }


def _sum(*parts: tuple[Bag, float]) -> Bag:
    found: Counter[str] = Counter()
    for bag, weight in parts:
        for word, value in bag.items():
            found[word] += value * weight  # type: ignore[assignment]
    return found


def _by_topic(titles: Sequence[Bag], bags: Sequence[Bag], topic_of: Ints) -> list[Bag]:
    grouped: list[list[tuple[Bag, float]]] = [[] for _ in range(int(topic_of.max()) + 1)]
    for title, bag, topic in zip(titles, bags, topic_of, strict=True):
        if not grouped[topic]:
            grouped[topic].append((title, TITLE))
        grouped[topic].append((bag, 1.0))
    return [_sum(*parts) for parts in grouped]


def _contrast(bags: Sequence[Bag], topic_of: Ints) -> list[Bag]:
    """Words weighted by ``log((n + 0.5) / (df + 0.5))`` within the n siblings of a topic."""
    siblings = Counter(topic_of.tolist())
    frequency = Counter(
        (t, word) for t, bag in zip(topic_of.tolist(), bags, strict=True) for word in bag
    )
    return [
        {
            word: min(value, 1.0) * log((siblings[t] + 0.5) / (frequency[t, word] + 0.5))
            for word, value in bag.items()
        }
        for t, bag in zip(topic_of.tolist(), bags, strict=True)
    ]


def _rarity(bag: Bag, vocabulary: Mapping[str, int], rarity: Floats) -> Bag:
    return {
        w: min(x, 1.0) * float(rarity[vocabulary[w]]) for w, x in bag.items() if w in vocabulary
    }
