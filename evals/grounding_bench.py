"""Checks of a model's statements: what is wrong and shown, what is right and withheld, what it costs.

    python -m evals.grounding_bench                 bad outputs of every kind, then the paraphrases
    python -m evals.grounding_bench --right FILE    correct statements of your own (JSON lines: text, facts)
    python -m evals.grounding_bench --wrong FILE    wrong ones, of which none may be shown
    ... --any-wording                               the checks of meaning alone, without closeness to the wording

Single wrong statements and paraphrases are those of ``tests/grounding`` and ``evals/data/statements``,
each set written before its first run. Bad outputs come from ``evals/data/bad_outputs.yaml``; each is put through the same door as a model's
output. The report lists every wrong statement that was shown and every correct one that was withheld,
with bounds at 95 % (Wilson's score interval; 3/n where none was shown), and the CPU time of a check.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import sqrt
from pathlib import Path
from typing import Any

from rag.answering.english_door import checked_in_english
from rag.answering.grounding import Asked, Embedder, Verification, verify
from rag.answering.korean.stating import checked_in_korean
from rag.answering.prompts import Form, Message, Schema, estimated_tokens
from rag.answering.statements import plain_sentence, word_answer
from rag.knowledge.korean import is_korean, load_korean
from rag.knowledge.passages import passages
from rag.knowledge.shelf import Shelf
from rag.knowledge.yaml_file import read_yaml
from rag.settings import CORPUS
from rag.types import Evidence, Passage, Statement, Verdict

ROOT = Path(__file__).resolve().parent.parent
BAD = ROOT / "evals" / "data" / "bad_outputs.yaml"
SETS = (ROOT / "tests" / "grounding", ROOT / "evals" / "data" / "statements")
WRONG = tuple(path for folder in SETS for path in sorted(folder.glob("wrong_statements*.jsonl")))
RIGHT = tuple(path for folder in SETS for path in sorted(folder.glob("paraphrases*.jsonl")))
SHOWN: tuple[Verdict, ...] = ("supported", "partly")


@dataclass(frozen=True, slots=True)
class BadOutput:
    """One kind of bad output: the text that the model sends."""

    kind: str
    output: str


@dataclass(frozen=True, slots=True)
class Says:
    """A model in this process that sends one text."""

    output: str
    name: str = "bad"
    context_tokens: int = 100_000
    answer_tokens: int = 400
    form: Form = "json"
    tokens: Callable[[str], int] = estimated_tokens

    def stream(self, messages: Sequence[Message], schema: Schema) -> Generator[str, None, None]:
        for at in range(0, len(self.output), 24):
            yield self.output[at : at + 24]


def facts() -> dict[str, Passage]:
    """The passage of every fact of the built-in guidelines by fact id, of every row by ``row:<its id>``."""
    shelf = Shelf.open(CORPUS)
    found = (p for name in shelf.ids for p in passages(shelf.get(name)))
    return {p.fact_ids[0] if p.kind == "fact" else f"row:{p.id}": p for p in found}


def evidence_of(ids: Sequence[str], known: dict[str, Passage]) -> tuple[Evidence, ...]:
    """These facts as evidence, numbered from 1."""
    return tuple(Evidence(n, known[i], known[i].text) for n, i in enumerate(ids, start=1))


def bad_outputs(path: Path = BAD) -> tuple[tuple[str, ...], tuple[BadOutput, ...]]:
    """The facts that are given as evidence, and every kind of bad output over them."""
    sheet = read_yaml(path)
    assert isinstance(sheet, dict)
    said = [
        BadOutput(row["kind"], _as_json(row["text"], row.get("cite", [1])))
        for row in sheet["statements"]
    ]
    sent = [BadOutput(row["kind"], row["raw"]) for row in sheet["raw"]]
    return tuple(sheet["facts"]), (*said, *sent)


def _as_json(text: str, cited: Sequence[int]) -> str:
    statement = {"text": text, "citations": list(cited)}
    return json.dumps({"statements": [statement]}, ensure_ascii=False)


def shown_of(bad: BadOutput, evidence: Sequence[Evidence], embedder: Embedder | None) -> list[str]:
    """The statements of this output that a reader would see."""
    words = load_korean(CORPUS / "korean.yaml")

    def check(statement: Statement, given: Sequence[Evidence], asked: Asked) -> Verification:
        if is_korean(statement.text):
            return checked_in_korean(statement, given, asked, words)
        return checked_in_english(statement, given, asked, embedder)

    worded = word_answer(Says(bad.output), "What does the guideline say?", evidence, check=check)
    return [statement.text for statement in worded.statements]


def upper_bound(k: int, n: int) -> float:
    """Upper end of the 95 % interval for ``k`` of ``n``: Wilson's, and 3/n for none.

    >>> round(upper_bound(0, 300), 3)
    0.01
    """
    if k == 0:
        return 3 / n
    z, p = 1.96, k / n
    centre = p + z * z / (2 * n)
    return (centre + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def report_wrong(embedder: Embedder | None) -> str:
    """The bad outputs of which something was shown, and their count."""
    ids, outputs = bad_outputs()
    evidence = evidence_of(ids, facts())
    lines = [
        f"SHOWN [{bad.kind}] {text}"
        for bad in outputs
        for text in shown_of(bad, evidence, embedder)
    ]
    n = len(outputs)
    bound = 100 * upper_bound(len(lines), n)
    return "\n".join(
        (*lines, f"wrong and shown: {len(lines)} of {n} kinds (at most {bound:.1f} % at 95 %)")
    )


def report_wrong_statements(
    paths: Sequence[Path], embedder: Embedder | None, close: bool = True
) -> str:
    """The wrong statements that were shown, by file."""
    known = facts()
    lines: list[str] = []
    for path in paths:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        shown = [
            row for row in rows if _verification_of(row, known, embedder, close).verdict in SHOWN
        ]
        lines += [f"SHOWN [{row['kind']}] {row['text']}" for row in shown]
        bound = 100 * upper_bound(len(shown), len(rows))
        lines.append(f"{path.stem}: {len(shown)} of {len(rows)} shown (at most {bound:.1f} %)")
    return "\n".join(lines)


def _verification_of(
    row: Mapping[str, Any], known: Mapping[str, Passage], embedder: Embedder | None, close: bool
) -> Verification:
    """The statement cleaned and checked as a model's is; without closeness where not ``close``."""
    evidence = evidence_of(row["facts"], dict(known))
    cited = tuple(row.get("cite") or range(1, len(evidence) + 1))
    asked = Asked(row.get("question", ""), row.get("decision", ""))
    statement = Statement(plain_sentence(row["text"], cited)[0], cited)
    if close:
        return checked_in_english(statement, evidence, asked, embedder)
    return verify(statement, evidence, embedder, asked=asked)


def report_right(paths: Sequence[Path], embedder: Embedder | None, close: bool = True) -> str:
    """The correct statements that were withheld, by file, and the CPU time of a check."""
    known = facts()
    lines: list[str] = []
    took: list[float] = []
    counts: list[tuple[int, int]] = []
    for path in paths:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        before = len(lines)
        for row in rows:
            start = time.process_time()
            found = _verification_of(row, known, embedder, close)
            took.append(1000 * (time.process_time() - start))
            if found.verdict not in SHOWN:
                lines.append(f"WITHHELD {row['text']}\n    {found.reason}")
        counts.append((len(lines) - before, len(rows)))
        lines.append(f"{path.stem}: {counts[-1][0]} of {counts[-1][1]} withheld")
    k, n = (sum(column) for column in zip(*counts, strict=True))
    low_high = 100 * upper_bound(k, n)
    return "\n".join(
        (
            *lines,
            f"right and withheld: {k} of {n} ({100 * k / n:.1f} %, at most {low_high:.1f} % at 95 %)",
            f"CPU time of a check: median {statistics.median(took):.1f} ms, n = {n}",
        )
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both reports."""
    parser = argparse.ArgumentParser(prog="python -m evals.grounding_bench", description=__doc__)
    parser.formatter_class = partial(argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--right", type=Path, nargs="*", default=RIGHT, help="correct statements")
    parser.add_argument("--wrong", type=Path, nargs="*", default=WRONG, help="wrong statements")
    parser.add_argument("--any-wording", action="store_true", help="do not ask for close wording")
    chosen = parser.parse_args(arguments)
    close = not chosen.any_wording
    print(report_wrong(None))
    print(report_wrong_statements(chosen.wrong, None, close))
    print(report_right(chosen.right, None, close))
    return 0


if __name__ == "__main__":
    sys.exit(main())
