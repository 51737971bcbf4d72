"""What one answer earns on one case: a value a metric, ``None`` where it cannot be scored.

``answer`` is the JSON object of ``radcite ask --json`` (``rag.answering.payload``), so that stored
runs can be scored anew and other assistants be held against the same cases. A metric that has
nothing to do with a case is absent; one that cannot be scored is present as ``None``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from evals.metrics.categories import Call, call
from evals.metrics.citing import citation_precision, citation_recall, figures, grounded_share
from evals.metrics.deciding import Detection, possible_covered, possible_exact
from evals.metrics.ranking import ndcg_at, recall_at, reciprocal_rank, success_at
from evals.metrics.sets import exact_match, set_f1
from evals.suites.case import Case, Scenario
from evals.urgency import scales

Json = Mapping[str, Any]
Scores = dict[str, float | None]

DEPTH = 20
"""Passages that a search case asks for."""

USUALLY = "usually appropriate"


def score_search(case: Case, found: Sequence[Collection[str]]) -> Scores:
    """Scores of a search: ``found`` holds the fact ids of each passage, best first."""
    right = set(case.expected.facts)
    ranked = ranked_facts(found, right)
    return {
        "recall_1": recall_at(ranked, right, 1),
        "recall_5": recall_at(ranked, right, 5),
        "recall_10": recall_at(ranked, right, 10),
        "mrr": reciprocal_rank(ranked, right),
        "ndcg_10": ndcg_at(ranked, dict.fromkeys(right, 1.0), 10),
    }


def ranked_facts(found: Sequence[Collection[str]], right: Collection[str]) -> list[str]:
    """One entry a passage: the right fact it is the first to hold, else a name of its own."""
    seen: set[str] = set()
    ranked = []
    for place, facts in enumerate(found):
        new = sorted((set(facts) & set(right)) - seen)
        seen.update(new)
        ranked.append(new[0] if new else f"#{place}")
    return ranked


def score_answer(case: Case, answer: Json, names: Mapping[str, str] | None = None) -> Scores:
    """All scores of one answer that the case asks for.

    ``names`` maps printed procedure names, in small letters, to the vocabulary's name.
    """
    scores = _outcome(case, answer) | _words(case, answer)
    if case.expected.category:
        scores |= category_scores(case_call(case, answer))
    if case.expected.possible:
        scores |= _possible(case, answer)
    if case.expected.scenarios or case.expected.topics:
        scores |= _appropriateness(case, answer, names or {})
    if case.expected.facts and "answer" in case.expected.outcomes:
        scores |= _citations(case, answer)
    if answer["outcome"] == "answer":  # a refusal may repeat the figure that it refuses
        scores["grounded"] = grounded_share(_cited_texts(answer))
    if answer.get("model"):
        scores |= _wording(answer)
    scores["latency_ms"] = float(answer["elapsed_ms"])
    return scores


def _wording(answer: Json) -> Scores:
    """What became of a model's statements."""
    made = len(answer["statements"]) + len(answer["withheld"])
    return {
        "worded": float(answer["mode"] == "llm"),
        "withheld": len(answer["withheld"]) / made if made else None,
    }


def _outcome(case: Case, answer: Json) -> Scores:
    outcomes, refusal = case.expected.outcomes, answer.get("refusal")
    scores: Scores = {}
    if outcomes:
        scores["outcome"] = float(answer["outcome"] in outcomes)
    for name, outcome in (("refusal", "refusal"), ("asks", "needs_details")):
        if not outcomes or (outcome in outcomes and len(outcomes) > 1):
            continue
        seen = Detection(answer["outcome"] == outcome, outcome in outcomes)
        rates = {f"{name}_precision": seen.precision, f"{name}_recall": seen.recall}
        scores |= {metric: value for metric, value in rates.items() if value is not None}
    if case.expected.refusals and refusal:
        scores["refusal_kind"] = float(refusal["kind"] in case.expected.refusals)
    return scores


def decision_of(answer: Json, guideline: str | None) -> Json | None:
    """The decision of a guideline, or the first one where none is named."""
    decisions = answer["decisions"]
    if guideline is None:
        return decisions[0] if decisions else None
    return next((d for d in decisions if d["guideline"] == guideline), None)


def case_call(case: Case, answer: Json) -> Call:
    """How the answered category stands to the expected one."""
    expected = case.expected
    decision = decision_of(answer, expected.guideline)
    if decision is None or decision["category"] is None:
        return _no_category(answer)
    given, right = decision["category"], expected.category
    assert right is not None
    if given == right or given in expected.accept:
        return "right"
    return call(scales()[decision["guideline"]], right, given)


def _no_category(answer: Json) -> Call:
    if answer["outcome"] == "needs_details":
        return "asked"
    elsewhere = any(decision["category"] for decision in answer["decisions"])
    return "other_system" if elsewhere else "refused"


def category_scores(kind: Call) -> Scores:
    return {
        "accuracy": float(kind == "right"),
        "wrong": float(kind in ("under", "over", "off_scale", "same_management", "other_system")),
        "under": float(kind == "under"),
        "over": float(kind == "over"),
    }


def _possible(case: Case, answer: Json) -> Scores:
    decision = decision_of(answer, case.expected.guideline)
    listed = decision["possible"] if decision else []
    return {
        "possible_covered": possible_covered(listed, case.expected.possible),
        "possible_exact": possible_exact(listed, case.expected.possible),
    }


def scenarios_shown(answer: Json) -> list[Scenario]:
    """The scenario shown and the next ones, in order."""
    table = answer["appropriateness"]
    if not table:
        return []
    first = [(table["topic"], table["variant_no"])] if table["topic"] else []
    return [*first, *((row["topic"], row["variant_no"]) for row in table["alternatives"])]


def _appropriateness(case: Case, answer: Json, names: Mapping[str, str]) -> Scores:
    expected, shown = case.expected, scenarios_shown(answer)
    topics = list(dict.fromkeys(topic for topic, _ in shown))
    scores: Scores = {
        "topic_1": success_at(topics, expected.topics, 1),
        "topic_3": success_at(topics, expected.topics, 3),
    }
    if expected.scenarios:
        for k in (1, 5, 10):
            scores[f"scenario_{k}"] = success_at(shown, expected.scenarios, k)
        scores["scenario_mrr"] = reciprocal_rank(shown, expected.scenarios)
    if expected.nothing_rated:
        scores["nothing_rated"] = float(bool(shown) and not usually(answer))
    if expected.first:
        wanted = {_named(name, names) for name in expected.first}
        scores["first_study"] = float(bool(wanted & _on_top(answer)))
    if expected.procedures:
        wanted = {_named(name, names) for name in expected.procedures}
        scores["procedures_exact"] = exact_match(usually(answer), wanted)
        scores["procedures_f1"] = set_f1(usually(answer), wanted)
    return scores


def _named(name: str, names: Mapping[str, str]) -> str:
    return names.get(name.lower(), name).lower()


def _procedures(answer: Json) -> Sequence[Json]:
    table = answer["appropriateness"]
    return table["procedures"] if table and answer["outcome"] == "answer" else []


def _row_name(row: Json) -> str:
    return str(row.get("vocabulary_name") or row["name"]).lower()


def usually(answer: Json) -> set[str]:
    """Names of the procedures that the shown table calls usually appropriate."""
    return {_row_name(row) for row in _procedures(answer) if row["category"] == USUALLY}


def _on_top(answer: Json) -> set[str]:
    """Names of the procedures with the highest rating; ties all count, ratings of 1-3 never."""
    rows = _procedures(answer)
    top = max((row["rating"] or 0 for row in rows), default=0)
    return {_row_name(row) for row in rows if row["rating"] == top and top > 3}


def _citations(case: Case, answer: Json) -> Scores:
    right, answered = case.expected.facts, answer["outcome"] != "refusal" or answer["decisions"]
    evidence = answer["evidence"] if answered else []
    numbers = {n for statement in answer["statements"] for n in statement["citations"]}
    cited = [item["fact_ids"] for item in evidence if item["n"] in numbers]
    recall = citation_recall(cited, right)
    scores: Scores = {
        "cited": None if recall is None else float(recall > 0),
        "first": float(bool(cited) and bool(set(cited[0]) & set(right))),
        "citation_recall": recall,
    }
    if cited:
        scores["citation_precision"] = citation_precision(cited, right)
        if case.edition != "any":
            right_edition = [i["guideline"] == case.edition for i in evidence if i["n"] in numbers]
            scores["edition"] = sum(right_edition) / len(right_edition)
    return scores


def _cited_texts(answer: Json) -> list[tuple[str, list[str]]]:
    """Each statement with the quotes that it cites."""
    quotes = {item["n"]: item["quote"] for item in answer["evidence"]}
    return [
        (statement["text"], [quotes[n] for n in statement["citations"] if n in quotes])
        for statement in answer["statements"]
    ]


def _words(case: Case, answer: Json) -> Scores:
    """Required and forbidden words of the text, and figures of a reference answer."""
    text, expected = _plain(answer["text"]), case.expected
    scores: Scores = {}
    if expected.says:
        found = [any(_plain(way) in text for way in word.split("|")) for word in expected.says]
        scores["says"] = sum(found) / len(found)
    if expected.never:
        scores["clean"] = float(not any(_plain(word) in text for word in expected.never))
    if expected.reference and (wanted := figures(expected.reference)):
        given = figures(" ".join([answer["text"], *(i["quote"] for i in answer["evidence"])]))
        scores["figures"] = len(wanted & given) / len(wanted)
    return scores


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("–", "-").replace("\u2011", "-").split())


def signature(case: Case, answer: Json) -> str:
    """What an answer decides, in one line: equal for two wordings that are answered alike."""
    decided = [
        f"{d['guideline']}:{d['category'] or '/'.join(d['possible'])}" for d in answer["decisions"]
    ]
    shown = scenarios_shown(answer)[:1]
    if decided or shown:
        return f"{answer['outcome']} {' '.join(decided)} {shown or ''}".strip()
    if answer["refusal"]:
        return f"refusal {answer['refusal']['kind']}"
    first = answer["evidence"][0]["fact_ids"] if answer["evidence"] else []
    return f"{answer['outcome']} {' '.join(sorted(first))}".strip()
