"""Korean questions against the same questions in English: same outcome, and how often right.

    python -m evals.korean_bench                     the frozen pairs in the repository
    python -m evals.korean_bench --cases FILE.jsonl  pairs of your own: id, question, english, expected

Two responses have the same outcome when route, outcome, refusal kind, decisions and scenario topic
agree and, where text is cited, they cite a common passage. The first lines of the report are the pairs that
differ; the last are the rates with n, and how many answers hold no Korean sentence of ours.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.answering.payload import outcome_of
from rag.knowledge.yaml_file import read_yaml
from rag.types import Refusal, Response

PAIRS = Path(__file__).resolve().parent / "data" / "korean_questions.yaml"
Ask = Callable[[str], Response]
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class Pair:
    """One question in both languages; ``expected`` may hold category, guideline, topic, outcome,
    refusal or a text that must stand in the answer."""

    id: str
    korean: str
    english: str
    expected: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Both responses, in what they differ, and whether each is as expected (``None``: not said)."""

    pair: Pair
    korean: Response
    english: Response
    differs: tuple[str, ...]
    korean_right: bool | None
    english_right: bool | None


def differences(one: Response, other: Response) -> tuple[str, ...]:
    """The parts of the outcome in which two responses differ, by name; none when they are the same."""
    seen = [(_summary(one), _summary(other))]
    found = tuple(key for a, b in seen for key in a if a[key] != b[key])
    if found:
        return found
    texts = [{e.passage.id for e in response.evidence} for response in (one, other)]
    return () if texts[0] & texts[1] or not (texts[0] and texts[1]) else ("evidence",)


def _summary(response: Response) -> dict[str, object]:
    decided = {(d.edition.guideline, d.category, d.management) for d in response.decisions}
    table = response.appropriateness
    return {
        "outcome": outcome_of(response),
        "refusal": response.kind if isinstance(response, Refusal) else None,
        "route": response.route,
        "decisions": decided,
        "topic": table.topic if table else None,
    }


def as_expected(response: Response, expected: Mapping[str, str]) -> bool | None:
    """Whether the response is the expected one; ``None`` where nothing that can be compared is said."""
    checks = [check(response, expected[key]) for key, check in _CHECKS.items() if expected.get(key)]
    return all(checks) if checks else None


_CHECKS: Mapping[str, Callable[[Response, str], bool]] = {
    "category": lambda r, x: any(_label(d.category) == _label(x) for d in r.decisions),
    "guideline": lambda r, x: any(e.passage.edition.guideline == x for e in r.evidence),
    "topic": lambda r, x: r.appropriateness is not None and x in r.appropriateness.topic,
    "outcome": lambda r, x: outcome_of(r) == x,
    "refusal": lambda r, x: isinstance(r, Refusal) and r.kind == x,
    "text": lambda r, x: x in r.text,
}


def _label(text: str | None) -> str:
    return re.sub(r"^.*[\sA-Z]-?(?=\d)", "", text or "")


def compare(pair: Pair, ask: Ask) -> Compared:
    """Ask both and compare."""
    korean, english = ask(pair.korean), ask(pair.english)
    return Compared(
        pair,
        korean,
        english,
        differences(korean, english),
        as_expected(korean, pair.expected),
        as_expected(english, pair.expected),
    )


def pairs(path: Path) -> tuple[Pair, ...]:
    """Pairs of a YAML list (``ko``, ``en``) or of JSON lines (``question``, ``english``)."""
    if path.suffix == ".jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        return tuple(
            Pair(r["id"], r["question"], r["english"], r.get("expected", {})) for r in rows
        )
    sheet = read_yaml(path)
    assert isinstance(sheet, list)
    return tuple(Pair(r["id"], r["ko"], r["en"], r["expected"]) for r in sheet)


def report(compared: Sequence[Compared]) -> str:
    """Every pair that differs or is wrong, then the rates."""
    lines = [_line(item) for item in compared if item.differs or item.korean_right is False]
    same = sum(not item.differs for item in compared)
    lines.append(
        f"same outcome as in English: {same} of {len(compared)} ({_percent(same, len(compared))})"
    )
    for name, flags in (
        ("Korean as expected", [item.korean_right for item in compared]),
        ("English as expected", [item.english_right for item in compared]),
    ):
        scored = [flag for flag in flags if flag is not None]
        lines.append(
            f"{name}: {sum(scored)} of {len(scored)}, {len(flags) - len(scored)} without an expected outcome"
        )
    without = [
        i.pair.id
        for i in compared
        if _HANGUL.search(i.pair.korean) and not _HANGUL.search(i.korean.text)
    ]
    lines.append(f"answers without a Korean sentence: {len(without)} {' '.join(without)}")
    return "\n".join(lines)


def _line(item: Compared) -> str:
    said = [_first(response) for response in (item.korean, item.english)]
    marks = f"ko {_mark(item.korean_right)}, en {_mark(item.english_right)}"
    return (
        f"{item.pair.id} [{', '.join(item.differs) or 'same'}; {marks}] {item.pair.korean}\n"
        f"    ko -> {said[0]}\n    en -> {said[1]}"
    )


def _first(response: Response) -> str:
    return f"{response.route}/{outcome_of(response)}: {response.text.splitlines()[0][:150] if response.text else ''}"


def _mark(right: bool | None) -> str:
    return {True: "right", False: "WRONG", None: "-"}[right]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask every pair and print the report."""
    parser = argparse.ArgumentParser(prog="python -m evals.korean_bench", description=__doc__)
    parser.add_argument("--cases", type=Path, default=PAIRS, help="pairs, YAML or JSON lines")
    chosen = parser.parse_args(arguments)
    from rag import ask

    print(report([compare(pair, ask) for pair in pairs(chosen.cases)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
