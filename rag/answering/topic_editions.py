"""What is said of the editions of an appropriateness topic: which answers, which stands beside it.

Where a user's document and the built-in edition are both on the shelf, both are named; nothing is
merged, and where their tables differ both sides are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.knowledge.appropriateness import Procedure, Scenario, Topic, TopicCopy
from rag.knowledge.procedure_names import spelled
from rag.knowledge.scenario_passages import scenario_passage, table_lines
from rag.types import Passage

_MOST_DIFFERENCES = 3
_FIELDS = ("category", "rating", "rrl_adult", "rrl_peds")


def edition_notices(topic: Topic, scenario: Scenario) -> tuple[str, ...]:
    """Whose edition answers, and what other editions on the shelf say."""
    return (*_source_notice(topic), *(_copy_notice(topic, scenario, one) for one in topic.copies))


def agreeing_copies(topic: Topic, scenario: Scenario) -> tuple[Passage, ...]:
    """The same table as printed in the user's own documents of this edition, with page and boxes."""
    found = ((copy, _same_variant(copy, scenario)) for copy in topic.copies)
    return tuple(
        _passage(topic, copy, one)
        for copy, one in found
        if one is not None and _is_this_edition(topic, copy) and not differences(scenario, one)
    )


def superseded_label(topic: Topic) -> str | None:
    """The built-in edition that a user's newer document replaces, in words."""
    source = topic.source
    if source is None or not source.supersedes:
        return None
    year = source.superseded_year
    return f"{topic.title} ({year})" if year else topic.title


def differences(ours: Scenario, theirs: Scenario) -> tuple[str, ...]:
    """Rows and fields that two tables of one scenario print differently; what one lacks is none."""
    rows = {_key(row): row for row in theirs.procedures}
    found = [line for row in ours.procedures for line in _row(row, rows.pop(_key(row), None))]
    return (*found, *(f"{row.name}: {row.category} in your document only" for row in rows.values()))


def _row(ours: Procedure, theirs: Procedure | None) -> Iterator[str]:
    if theirs is None:
        yield f"{ours.name}: not in your document"
        return
    for field in _FIELDS:
        mine, other = getattr(ours, field), getattr(theirs, field)
        if mine is not None and other is not None and mine != other:
            yield f"{ours.name}: {mine} here, {other} in your document"


def _key(row: Procedure) -> str:
    return spelled(row.name)


def _source_notice(topic: Topic) -> tuple[str, ...]:
    source = topic.source
    if source is None:
        return ()
    own = f"Answered from your document {source.document} ({topic.year or 'no year printed'})"
    if not source.supersedes:
        return (f"{own}; the built-in guidelines have no such topic.",)
    built_in = f"the built-in edition of this topic ({source.superseded_year or 'year unknown'})"
    return (f"{own}. It supersedes {built_in}, which is not used.",)


def _copy_notice(topic: Topic, scenario: Scenario, copy: TopicCopy) -> str:
    named = f"Your document {copy.document} ({copy.year or 'no year printed'})"
    answering = f"the edition of {topic.year}" if topic.year else "the built-in edition"
    if copy.year is not None and topic.year is not None and copy.year < topic.year:
        return f"{named} is an older edition of this topic; {answering} answers."
    one = _same_variant(copy, scenario)
    if one is None:
        return f"{named} has no scenario {scenario.variant_no}; {answering} answers."
    found = differences(scenario, one)
    if not found:
        return f"{named}, page {one.page}, prints the same table."
    more = f" and {len(found) - _MOST_DIFFERENCES} more" if len(found) > _MOST_DIFFERENCES else ""
    shown = "; ".join(found[:_MOST_DIFFERENCES])
    return f"{named}, page {one.page}, differs from {answering}: {shown}{more}."


def _same_variant(copy: TopicCopy, scenario: Scenario) -> Scenario | None:
    return next((one for one in copy.scenarios if one.variant_no == scenario.variant_no), None)


def _is_this_edition(topic: Topic, copy: TopicCopy) -> bool:
    return copy.year is None or topic.year is None or copy.year == topic.year


def _passage(topic: Topic, copy: TopicCopy, scenario: Scenario) -> Passage:
    passage = scenario_passage(replace(topic, currency_note=None), scenario, copy.edition)
    text = "\n".join((passage.text, *table_lines(scenario)))
    return replace(passage, text=text, edition=copy.edition, document=copy.document)
