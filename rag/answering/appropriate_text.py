"""The sentences of an appropriateness answer; every figure in them stands in the table they cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.knowledge.appropriateness import (
    MAY,
    MAY_DISAGREEMENT,
    USUALLY,
    USUALLY_NOT,
    Procedure,
    Scenario,
    Topic,
)  # fmt: skip
from rag.knowledge.procedures import Order
from rag.knowledge.scenario_passages import scenario_passage, table_lines
from rag.types import Edition, Passage

GROUPS = (USUALLY, MAY, MAY_DISAGREEMENT, USUALLY_NOT)
NONE_USUALLY = "No study is usually appropriate here."


def table_passage(topic: Topic, scenario: Scenario, edition: Edition) -> Passage:
    """The scenario's passage together with its rows, so that ratings can be quoted and checked."""
    passage = scenario_passage(topic, scenario, edition)
    return replace(passage, text="\n".join((passage.text, *table_lines(scenario))))


def scenario_line(topic: Topic, scenario: Scenario) -> str:
    year = f" ({topic.year})" if topic.year is not None else ""
    return f"{topic.title}{year}, scenario {scenario.variant_no}: {scenario.text}"


def category_lines(rows: Sequence[Procedure], notes: Mapping[Procedure, str]) -> list[str]:
    """One line a category in the order of ``rows``; says plainly where nothing is usually appropriate.

    What not to order is named without its radiation levels; the table beside has every row.
    """
    groups = {name: [row for row in rows if row.category == name] for name in GROUPS}
    lines = [] if groups[USUALLY] else [NONE_USUALLY]
    return lines + [
        f"{_capital(name)}: {'; '.join(_listed(row, name, notes) for row in found)}."
        for name, found in groups.items()
        if found
    ]


def _listed(row: Procedure, group: str, notes: Mapping[Procedure, str]) -> str:
    if group == USUALLY_NOT:
        return f"{row.name} ({row.rating})" if row.rating is not None else row.name
    return rated(row, notes.get(row))


def rated(row: Procedure, note: str | None = None) -> str:
    """Name with rating, radiation levels and note: ``CT head (9; adult ☢☢☢)``."""
    levels = [f"adult {row.rrl_adult}"] if row.rrl_adult else []
    levels += [f"child {row.rrl_peds}"] if row.rrl_peds else []
    inside = [str(row.rating)] if row.rating is not None else []
    inside += [", ".join(levels)] if levels else []
    inside += [note] if note else []
    return f"{row.name} ({'; '.join(inside)})" if inside else row.name


def direct_lines(
    found: Sequence[tuple[Order, tuple[Procedure, ...]]], scenario: Scenario
) -> list[str]:
    """What the table says of each study asked about, and what it rates higher."""
    lines: list[str] = []
    for order, rows in found:
        if not rows:
            lines.append(f"The table of this scenario does not rate {order.text.strip()}.")
            continue
        for row in _sorted(rows):
            rating = "" if row.rating is None else f", rated {row.rating}"
            verb = "" if row.category.startswith("may be") else "is "
            lines.append(f"{row.name} {verb}{row.category} here{rating}.")
        lines += _higher(_sorted(rows)[0], scenario)
    return list(dict.fromkeys(lines))


def _higher(row: Procedure, scenario: Scenario) -> list[str]:
    better = [p for p in _sorted(scenario.procedures) if (p.rating or 0) > (row.rating or 0)]
    if not better:
        return [f"Nothing is rated higher than {row.name}."]
    return [f"Rated higher: {'; '.join(map(rated, better[:4]))}."]


def avoid_lines(scenario: Scenario) -> list[str]:
    """The studies that are usually not appropriate, or that there are none."""
    rows = [row for row in scenario.procedures if row.category == USUALLY_NOT]
    if not rows:
        return ["The table rates no study usually not appropriate."]
    return [f"Not to order, usually: {'; '.join(row.name for row in _sorted(rows)[::-1])}."]


def shared_line(scenarios: Sequence[Scenario]) -> str:
    """What the tables of several scenarios agree on: the studies usually appropriate in each of them.

    Where there is none, those usually appropriate in the most of them, if in more than one. A rating is
    given once where these tables give the same, else one a scenario, in their order.
    """
    rated_in: dict[str, list[Procedure]] = {}
    for one in scenarios:
        for row in one.procedures:
            if row.category == USUALLY:
                rated_in.setdefault(row.name, []).append(row)
    every = len(scenarios)
    most = max(map(len, rated_in.values()), default=0)
    listed = "; ".join(_with_ratings(rows) for rows in rated_in.values() if len(rows) == most)
    if most == every:
        return (
            f"Usually appropriate in {'both' if every == 2 else f'all {every} of them'}: {listed}."
        )
    if every == 2:
        return "No study is usually appropriate in both."
    said = f"No study is usually appropriate in all {every} of them"
    return f"{said}; in {most} of them: {listed}." if most > 1 else f"{said}."


def _with_ratings(rows: Sequence[Procedure]) -> str:
    ratings = [str(row.rating) for row in rows if row.rating is not None]
    told = ratings[:1] if len(set(ratings)) == 1 else ratings
    return f"{rows[0].name} ({', '.join(told)})" if len(ratings) == len(rows) else rows[0].name


def reverse_lines(
    found: Iterable[tuple[Topic, Scenario, Procedure]],
) -> list[tuple[str, Topic, Scenario]]:
    """One line a scenario that rates the study highest."""
    return [
        (
            f"{rated(row)}: {topic.title}, scenario {scenario.variant_no}: {scenario.text}",
            topic,
            scenario,
        )
        for topic, scenario, row in found
    ]


def _sorted(rows: Iterable[Procedure]) -> list[Procedure]:
    return sorted(rows, key=lambda row: (-(row.rating or 0), row.name))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
