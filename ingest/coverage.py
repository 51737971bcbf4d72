"""Where each fact of the compiled fact sheets went: writes ``corpus/COVERAGE.md``.

``python -m ingest.coverage SHEETS corpus``

SHEETS is the folder with the fact sheets (``*.yaml`` with ``facts``) and the appropriateness list
(``*.jsonl``) the corpus was written from. Every fact of confidence verified2 or verified1 must be
held under its id or be listed with a reason in ``corpus/coverage.yaml``; no recalled fact may be
held. Anything else fails, with the ids.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.knowledge.appropriateness import load_topics
from rag.knowledge.yaml_file import read_yaml

SHIPPED = ("verified2", "verified1")


@dataclass(frozen=True)
class Sheet:
    """A fact sheet: its name and (id, confidence) of each fact."""

    name: str
    facts: tuple[tuple[str, str], ...]


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write(f"{(__doc__ or '').splitlines()[2]}\n")
        return 2
    sheets, corpus = read_sheets(Path(arguments[0])), Path(arguments[1])
    held, reasons = held_facts(corpus), read_reasons(corpus)
    faults = find_faults(sheets, held, reasons["left_out"])
    if faults:
        sys.stderr.write("\n".join(faults) + "\n")
        return 1
    topics = topic_lines(Path(arguments[0]), corpus)
    text = render(sheets, held, reasons, topics)
    (corpus / "COVERAGE.md").write_text(text, encoding="utf-8")
    sys.stdout.write(f"{corpus / 'COVERAGE.md'} written\n")
    return 0


def read_sheets(folder: Path) -> tuple[Sheet, ...]:
    return tuple(_sheet(path) for path in sorted(folder.glob("*.yaml")))


def _sheet(path: Path) -> Sheet:
    data = read_yaml(path)
    facts = data["facts"] if isinstance(data, dict) else []
    return Sheet(path.stem, tuple((str(fact["id"]), str(fact["confidence"])) for fact in facts))


def held_facts(corpus: Path) -> Mapping[str, str]:
    """Fact id -> the guideline folder that holds it."""
    held: dict[str, str] = {}
    for path in sorted(corpus.glob("*/facts.yaml")):
        data = read_yaml(path)
        entries = data["facts"] if isinstance(data, dict) else []
        held |= {str(entry["id"]): path.parent.name for entry in entries}
    return held


def read_reasons(corpus: Path) -> Mapping[str, Mapping[str, str]]:
    data = read_yaml(corpus / "coverage.yaml")
    if not isinstance(data, dict) or set(data) != {"left_out", "partly", "restated"}:
        raise SystemExit("coverage.yaml needs the keys left_out, partly and restated")
    return data


def find_faults(
    sheets: Iterable[Sheet], held: Mapping[str, str], left_out: Mapping[str, str]
) -> list[str]:
    """Facts without a place or a reason, with both, or held although only recalled."""
    faults = []
    for sheet in sheets:
        for fact, confidence in sheet.facts:
            if confidence not in SHIPPED and fact in held:
                faults.append(f"{sheet.name}: {fact} is only recalled but stands in {held[fact]}")
            elif confidence in SHIPPED and (fact in held) == (fact in left_out):
                both = (
                    "both held and left out" if fact in held else "neither held nor given a reason"
                )
                faults.append(f"{sheet.name}: {fact} is {both}")
    return faults


def topic_lines(folder: Path, corpus: Path) -> list[str]:
    """Topics, scenarios and procedure rows of the list beside those of the corpus."""
    lines = []
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        listed = (len({row["topic"] for row in rows}), len(rows), _rows(rows))
        topics = load_topics(corpus / path.stem.replace("acr_ac", "acr_ac_2025"))
        scenarios = [scenario for topic in topics for scenario in topic.scenarios]
        procedures = sum(len(scenario.procedures) for scenario in scenarios)
        found = (len(topics), len(scenarios), procedures)
        lines += [
            f"| {name} | {a} | {b} |" for name, a, b in zip(COUNTED, listed, found, strict=True)
        ]
    return lines


COUNTED = ("topics", "scenarios", "procedure rows")


def _rows(scenarios: Iterable[Mapping[str, list[object]]]) -> int:
    return sum(len(scenario["procedures"]) for scenario in scenarios)


def render(
    sheets: Iterable[Sheet],
    held: Mapping[str, str],
    reasons: Mapping[str, Mapping[str, str]],
    topics: Sequence[str],
) -> str:
    lines = [
        "# Coverage: where each fact of the fact sheets stands",
        "",
        "Written by `python -m ingest.coverage SHEETS corpus`; do not edit. Reasons stand in `coverage.yaml`.",
        "`recalled` facts (found in no source that could be read) do not ship.",
    ]
    for sheet in sheets:
        lines += ["", *_sheet_lines(sheet, held, reasons)]
    lines += [
        "",
        "## Appropriateness list",
        "",
        "| | in the list | in the corpus |",
        "| --- | --- | --- |",
    ]
    lines += [*topics, "", "## Facts under ids of the corpus's own", ""]
    lines += [f"- `{prefix}.*`: {reason}" for prefix, reason in reasons["restated"].items()]
    return "\n".join(lines) + "\n"


def _sheet_lines(
    sheet: Sheet, held: Mapping[str, str], reasons: Mapping[str, Mapping[str, str]]
) -> list[str]:
    count = {name: sum(c == name for _, c in sheet.facts) for name in (*SHIPPED, "recalled")}
    lines = [
        f"## {sheet.name}",
        "",
        f"{len(sheet.facts)} facts: " + ", ".join(f"{n} {name}" for name, n in count.items()) + ".",
        "",
    ]
    folders: dict[str, list[str]] = {}
    for fact, _ in sheet.facts:
        if fact in held:
            folders.setdefault(held[fact], []).append(fact)
    for folder, facts in sorted(folders.items()):
        lines += [f"- `{folder}` holds {len(facts)}: {' '.join(f'`{fact}`' for fact in facts)}"]
    left_out, partly = reasons["left_out"], reasons["partly"]
    for fact, confidence in sheet.facts:
        if fact in left_out:
            lines.append(f"- left out: `{fact}` ({confidence}). {left_out[fact]}")
        elif fact in partly:
            lines.append(f"- held in part: `{fact}` ({confidence}). {partly[fact]}")
    recalled = [fact for fact, confidence in sheet.facts if confidence == "recalled"]
    if recalled:
        lines.append(f"- recalled, not shipped: {' '.join(f'`{fact}`' for fact in recalled)}")
    return lines


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
