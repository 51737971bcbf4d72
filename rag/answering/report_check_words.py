"""What a report check says, each sentence with the rows and facts it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.compose import category_named, fact_passages, name_of, row_passages
from rag.answering.decisive import Difference
from rag.answering.draft import EvidenceList
from rag.answering.report_check import ReportCheck
from rag.knowledge.guideline import Guideline
from rag.types import Passage, Statement


def check_statement(
    guideline: Guideline, check: ReportCheck, evidence: EvidenceList
) -> Statement | None:
    """The first sentence of the answer; ``None`` where the refusal's reason says it."""
    if check.verdict == "not_covered":
        return None
    said = check_sentence(guideline, check)
    return Statement(said, evidence.cite_all(_rests_on(guideline, check)))


def check_sentence(guideline: Guideline, check: ReportCheck) -> str:
    """Whether the stated category agrees, in one sentence."""
    decision, stated = check.decision, check.stated
    table_says = name_of(guideline, decision.category or "")
    if check.verdict == "agrees":
        management = (decision.management or "").rstrip(".")
        return (
            f"{table_says}, as stated: {management}." if management else f"{table_says}, as stated."
        )
    if check.verdict == "differs":
        return f"{table_says}, not {stated} as stated: {_why(check)}.{_doubt(check)}"
    if check.verdict == "judgement" and not guideline.upgrades:
        return (
            f"Category {stated} as stated is the reader's assessment, which decides in "
            f"{guideline.edition.title}; the words alone give category {decision.category}."
        )
    if check.verdict == "judgement":
        return (
            f"{table_says} or {stated} as stated: a feature that raises suspicion can lift "
            f"category {stated} to {decision.category}, and the radiologist judges the feature."
        )
    if check.verdict == "open":
        return _open(guideline, check)
    if check.verdict == "not_covered":
        return f"{name_of(guideline, stated)} as stated cannot be checked: no row covers this case."
    return _undecided(guideline, check)


def _why(check: ReportCheck) -> str:
    told = [d for d in check.differences if d.stated]
    others = [d for d in check.differences if not d.stated]
    if not told and not others:
        return "more than one descriptor would have to differ"
    if not told:
        return f"category {check.stated} would need {_any_of(others)}, which is not described"
    maker = f"the {told[0].label.lower()}" if len(told) == 1 else "one descriptor"
    return (
        f"{maker} makes the difference; all else as described, "
        f"category {check.stated} is for {_any_of(told)}"
    )


def _any_of(differences: Sequence[Difference]) -> str:
    return ", or for ".join(f"{d.label.lower()}: {d.would}" for d in differences)


def _doubt(check: ReportCheck) -> str:
    if not check.sources_differ:
        return ""
    return (
        " Sources differ on a statement that this row rests on, so the report may follow another."
    )


def _open(guideline: Guideline, check: ReportCheck) -> str:
    labels = [reading.category or "no category" for reading in check.decision.readings]
    among = "one of them" if check.stated in labels else "none of them"
    return (
        f"{guideline.edition.label} leaves this case open and sources read it differently: "
        f"{' or '.join(labels)}; category {check.stated} as stated is {among}."
    )


def _undecided(guideline: Guideline, check: ReportCheck) -> str:
    name = name_of(guideline, check.stated)
    if not check.decision.possible:
        return f"Whether {name} agrees with the table cannot be decided from what is described."
    among = "still possible" if check.stated in check.decision.possible else "not among them"
    return (
        f"Whether {name} agrees with the table cannot be decided yet; possible with what is "
        f"described: {', '.join(check.decision.possible)}, so category {check.stated} is {among}."
    )


def _rests_on(guideline: Guideline, check: ReportCheck) -> tuple[Passage, ...]:
    """The rows and facts of the table's decision, then those of what would be as stated."""
    decision = check.decision
    own = (*row_passages(guideline, decision), *fact_passages(guideline, decision.fact_ids))
    if check.verdict == "agrees":
        return own
    named = (category_named(guideline, label) for label in (check.stated, *decision.possible))
    facts = fact_passages(guideline, [fact for c in named if c for fact in c.facts])
    rows = (p for d in check.differences for p in row_passages(guideline, d.decision))
    return tuple(dict.fromkeys((*own, *rows, *facts)))
