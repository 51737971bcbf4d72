"""What each score is called, its unit, which way is better, its formula and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MetricName:
    """A metric for readers. ``unit`` is ``share`` (0 to 1) or ``ms``; ``better`` higher or lower."""

    id: str
    title: str
    formula: str
    unit: str = "share"
    better: str = "higher"
    lead: bool = False
    """Whether it stands for its suite in the overview."""


_ALL = (
    MetricName("outcome", "Right outcome", "answered, refused or asked back as expected", lead=True),
    MetricName("recall_1", "R@1", "right facts on rank 1 / right facts"),
    MetricName("recall_5", "R@5", "right facts in the first 5 / right facts", lead=True),
    MetricName("recall_10", "R@10", "right facts in the first 10 / right facts"),
    MetricName("mrr", "MRR", "mean of 1 / rank of the first right passage"),
    MetricName("ndcg_10", "nDCG@10", "DCG@10 / best DCG@10, gain 1 a right fact"),
    MetricName("scenario_1", "Scenario R@1", "right scenario shown first", lead=True),
    MetricName("scenario_5", "Scenario R@5", "right scenario among the first 5"),
    MetricName("scenario_10", "Scenario R@10", "right scenario among the first 10"),
    MetricName("scenario_mrr", "Scenario MRR", "mean of 1 / rank of the right scenario"),
    MetricName("topic_1", "Topic top-1", "right topic shown first"),
    MetricName("topic_3", "Topic top-3", "right topic among the first 3 topics"),
    MetricName("first_study", "First study", "a right study has the table's highest rating"),
    MetricName("nothing_rated", "No study named", "nothing is called usually appropriate, as expected"),
    MetricName("procedures_exact", "Procedure set, exact", "usually appropriate set equals the right scenario's"),
    MetricName("procedures_f1", "Procedure set, F1", "F1 of the usually appropriate set"),
    MetricName("accuracy", "Category accuracy", "right category / all cases with one", lead=True),
    MetricName("wrong", "Wrong category shown", "wrong category shown / all cases with one", better="lower"),
    MetricName("under", "Under-called", "category with less urgent management shown", better="lower"),
    MetricName("over", "Over-called", "category with more urgent management shown", better="lower"),
    MetricName("cited", "Right fact cited", "a right fact is among the cited", lead=True),
    MetricName("first", "Right fact first", "the first evidence holds a right fact"),
    MetricName("citation_precision", "Citation precision", "cited passages with a right fact / cited passages (lower bound)"),
    MetricName("citation_recall", "Citation recall", "right facts cited / right facts"),
    MetricName("grounded", "Figures grounded", "statements whose figures all stand in what they cite"),
    MetricName("edition", "Right edition", "cited passages from the edition asked about", lead=True),
    MetricName("says", "Says what it must", "required words and figures in the text"),
    MetricName("clean", "Says nothing forbidden", "no forbidden words in the text"),
    MetricName("figures", "Figures of the reference", "figures of the reference answer found in text or evidence"),
    MetricName("refusal_precision", "Refusal precision", "right refusals / refusals"),
    MetricName("refusal_recall", "Refusal recall", "right refusals / cases to refuse", lead=True),
    MetricName("refusal_kind", "Refusal reason", "refused for the right reason"),
    MetricName("asks_precision", "Asks back rightly", "right questions back / questions back"),
    MetricName("asks_recall", "Asks back when needed", "right questions back / cases with a detail missing"),
    MetricName("possible_covered", "Possible categories listed", "truly possible categories that are listed"),
    MetricName("possible_exact", "Possible categories exact", "lists exactly the truly possible categories"),
    MetricName("same", "Same as the plain wording", "same decision as for the base question", lead=True),
    MetricName("worded", "Worded by the model", "answers that the model's own statements make up / answers it was asked for"),
    MetricName("withheld", "Statements withheld", "statements that failed their checks / statements made", better="lower"),
    MetricName("latency_ms", "Answer time", "mean time of an answer", unit="ms", better="lower"),
    MetricName("ragas_id_precision", "RAGAS id-based context precision", "right ids given / ids given", lead=True),
    MetricName("ragas_id_recall", "RAGAS id-based context recall", "right ids given / right ids", lead=True),
    MetricName("ragas_string", "RAGAS string similarity", "1 - normalised edit distance to the reference"),
    MetricName("ragas_rouge", "RAGAS ROUGE-L", "F1 of the longest common subsequence with the reference"),
    MetricName("ragas_semantic", "RAGAS semantic similarity", "cosine of answer and reference", lead=True),
    MetricName("ragas_faithfulness", "RAGAS faithfulness", "claims that the contexts support / claims, by the judge", lead=True),
    MetricName("ragas_relevancy", "RAGAS answer relevancy", "mean cosine of the question and those the judge makes of the answer", lead=True),
    MetricName("ragas_context_precision", "RAGAS context precision", "mean precision at each useful context, by the judge", lead=True),
    MetricName("ragas_context_recall", "RAGAS context recall", "reference claims found in the contexts, by the judge", lead=True),
    MetricName("ragas_factual", "RAGAS factual correctness", "F1 of claims of answer and reference, by the judge", lead=True),
    MetricName("ragas_noise", "RAGAS noise sensitivity", "wrong claims that come from relevant contexts, by the judge", better="lower", lead=True),
)  # fmt: skip

METRICS: Mapping[str, MetricName] = {metric.id: metric for metric in _ALL}


def metric_name(score: str) -> MetricName:
    """The metric of a score ``suite.metric``, its title with the suite in front.

    An unknown metric (of a history written by another version) keeps its id as title.
    """
    suite, _, metric = score.rpartition(".")
    known = METRICS.get(metric, MetricName(metric, metric, ""))
    if not suite:
        return known
    said = suite.replace("_", " ").capitalize()
    return MetricName(
        score, f"{said}: {known.title}", known.formula, known.unit, known.better, known.lead
    )
