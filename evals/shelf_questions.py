"""How often the right fact is cited, and how often silence is kept: frozen question sets.

    python -m evals.shelf_questions                 facts drawn at random (in the repository)
    python -m evals.shelf_questions --set NAME      evals/data/NAME.yaml, covered and not covered
    python -m evals.shelf_questions --protocol DIR  protocol questions, DIR/bench/protocol_dev.jsonl

Each line of the report is one question that went wrong; the last lines are the rates with n.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.payload import outcome_of
from rag.knowledge.yaml_file import read_yaml
from rag.types import Refusal, Response

DATA = Path(__file__).resolve().parent / "data"
Ask = Callable[[str], Response]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a question should lead to.

    ``facts``: one of these is cited. ``topics``: the table of one of these topics is the
    answer. ``refuse``: the shelf is silent. ``partly``: citing or refusing is right.
    """

    id: str
    question: str
    facts: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    partly: bool = False

    @property
    def refuse(self) -> bool:
        return not self.facts and not self.topics


@dataclass(frozen=True, slots=True)
class Scored:
    """One question's outcome: was the fact first, was it cited, was it refused."""

    expected: Expected
    response: Response
    first: bool
    cited: bool
    refused: bool

    @property
    def right(self) -> bool:
        if self.expected.refuse:
            return self.refused
        return self.cited or (self.expected.partly and self.refused)


def score(expected: Expected, response: Response) -> Scored:
    """Compare one response with what was expected of it.

    A table that says "not covered" with the guideline's own fact cites that fact: it counts, and so
    does the answer that a category does not exist. The passages that only lie near a refused question
    do not.
    """
    cited = [frozenset(item.passage.fact_ids) for item in response.evidence]
    wanted = frozenset(expected.facts)
    table = response.appropriateness
    right_topic = table is not None and table.topic in expected.topics
    refused = outcome_of(response) == "refusal"
    unknown = isinstance(response, Refusal) and response.kind == "nonexistent"
    answered = not refused or bool(response.decisions) or unknown
    return Scored(
        expected,
        response,
        first=answered and (right_topic or (bool(cited) and bool(cited[0] & wanted))),
        cited=answered and (right_topic or any(ids & wanted for ids in cited)),
        refused=refused,
    )


def rate(flags: Iterable[bool]) -> tuple[int, int]:
    """How many of how many."""
    seen = list(flags)
    return sum(seen), len(seen)


def fact_questions(path: Path = DATA / "fact_questions.yaml") -> tuple[Expected, ...]:
    """The 100 frozen questions, one a drawn fact."""
    rows = _rows(path, "questions")
    return tuple(
        Expected(str(row["fact"]), str(row["question"]), facts=(str(row["fact"]),)) for row in rows
    )


def both_kinds(path: Path) -> tuple[Expected, ...]:
    """A set of questions that the shelf answers (``facts``: any of them) and of near misses."""
    covered = [
        Expected("+".join(map(str, ids)), str(row["question"]), facts=tuple(map(str, ids)))
        for row in _rows(path, "covered")
        if isinstance(ids := row["facts"], list)
    ]
    sheet = read_yaml(path)
    assert isinstance(sheet, dict)
    return (*covered, *(Expected("near miss", str(q)) for q in sheet["not_covered"]))


def protocol_questions(
    bench: Path, marks: Path = DATA / "protocol_coverage.yaml"
) -> tuple[Expected, ...]:
    """The protocol questions of a development set with the marks frozen in this repository."""
    lines = (bench / "protocol_dev.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {row["id"]: row["question"] for row in map(json.loads, lines)}
    return tuple(_marked(asked[str(row["id"])], row) for row in _rows(marks, "marks"))


def _rows(path: Path, key: str) -> list[dict[str, object]]:
    sheet = read_yaml(path)
    assert isinstance(sheet, dict) and isinstance(sheet[key], list)
    return sheet[key]


def _marked(question: str, row: Mapping[str, object]) -> Expected:
    facts = row.get("facts") or row.get("partly") or ()
    topics = row.get("topics") or ()
    assert isinstance(facts, Sequence) and isinstance(topics, Sequence)
    return Expected(str(row["id"]), question, tuple(facts), tuple(topics), partly="partly" in row)


def report(scored: Sequence[Scored]) -> str:
    """The misses one by one, then the rates."""
    covered = [item for item in scored if not item.expected.refuse]
    silent = [item for item in scored if item.expected.refuse]
    lines = [_miss(item) for item in scored if not (item.right and (item.first or item.refused))]
    for name, flags in (
        ("fact first", [item.first for item in covered]),
        ("fact cited", [item.cited for item in covered]),
        ("right (cited, or refused where only partly covered)", [i.right for i in covered]),
        ("not covered and refused", [item.refused for item in silent]),
    ):
        good, n = rate(flags)
        if n:
            lines.append(f"{name}: {good} of {n} ({100 * good / n:.0f} %)")
    return "\n".join(lines)


def _miss(item: Scored) -> str:
    kind = "not first" if item.cited else "refused" if item.refused else "missed"
    if item.expected.refuse:
        kind = "answered though not covered"
    first = item.response.text.split("\n", 1)[0][:140]
    return f"{kind}: {item.expected.id} | {item.expected.question}\n    -> {first}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one set through ``ask`` and print the report."""
    parser = argparse.ArgumentParser(prog="python -m evals.shelf_questions", description=__doc__)
    parser.add_argument("--protocol", type=Path, metavar="DIR", help="folder that holds bench/")
    parser.add_argument("--set", metavar="NAME", help="a set of evals/data, without .yaml")
    chosen = parser.parse_args(arguments)
    from rag import ask

    if chosen.protocol:
        cases = protocol_questions(chosen.protocol / "bench")
    else:
        cases = both_kinds(DATA / f"{chosen.set}.yaml") if chosen.set else fact_questions()
    print(report([score(case, ask(case.question)) for case in cases]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
