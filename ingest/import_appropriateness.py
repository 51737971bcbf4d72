"""Write ``corpus/acr_ac_2025/topics/*.yaml`` and ``procedures.yaml`` from a scenario list, once.

``python -m ingest.import_appropriateness SCENARIOS.jsonl corpus/acr_ac_2025``

The list has one scenario a line (see ``corpus/acr_ac_2025/IMPORT.md``). From then on the YAML files
are owned as data and edited by hand; running this again overwrites them, which is meant only for a
new release. Every procedure row is one line of a pipe-separated table, so that a topic reads like
the guideline's own table and 14,000 rows load in a fraction of a second.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.procedure_vocabulary import read_name
from rag.knowledge.appropriateness import COLUMNS, slug

Row = dict
NAME_COLUMNS = "printed | vocabulary name | modality | body part | contrast | laterality"
TOPIC_KEYS = ("panels", "year", "year_basis", "currency_note")
PLAIN = re.compile(r"[A-Za-zÀ-ÿ≥≤][\w À-ÿ≥≤()/.'’+<>–-]*")
PLAIN_LINE = re.compile(r"[A-Za-zÀ-ÿ≥≤][\w À-ÿ≥≤()/.'’+<>–,;%&-]*")
WORDS_YAML_READS = {"yes", "no", "on", "off", "true", "false", "null", "y", "n"}


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 2:
        sys.stderr.write(f"{(__doc__ or '').splitlines()[2]}\n")
        return 2
    scenarios = [json.loads(line) for line in Path(arguments[0]).read_text().splitlines() if line]
    folder = Path(arguments[1])
    topics = write_topics(scenarios, folder / "topics")
    names = write_procedures(scenarios, folder / "procedures.yaml")
    sys.stdout.write(f"{topics} topics, {len(scenarios)} scenarios, {names} procedure names\n")
    return 0


def write_topics(scenarios: Iterable[Row], folder: Path) -> int:
    """One file a topic, named by :func:`rag.knowledge.appropriateness.slug`; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    topics: dict[str, list[Row]] = defaultdict(list)
    for scenario in scenarios:
        topics[scenario["topic"]].append(scenario)
    slugs = Counter(slug(topic) for topic in topics)
    twice = [name for name, count in slugs.items() if count > 1]
    if twice:
        raise SystemExit(f"two topics share a file name: {', '.join(twice)}")
    for topic, rows in topics.items():
        text = topic_yaml(topic, sorted(rows, key=lambda row: row["variant_no"]))
        (folder / f"{slug(topic)}.yaml").write_text(text, encoding="utf-8")
    return len(topics)


def topic_yaml(topic: str, rows: Sequence[Row]) -> str:
    """One topic as YAML text; what all its scenarios share stands on top."""
    shared = {key: rows[0][key] for key in TOPIC_KEYS}
    for row in rows:
        if {key: row[key] for key in TOPIC_KEYS} != shared:
            raise SystemExit(f"{topic}: variant {row['variant_no']} differs in {TOPIC_KEYS}")
    lines = [f"topic: {scalar(topic)}", f"panels: {flow(shared['panels'])}"]
    if shared["year"] is None:
        shared["year_basis"] = None
    lines += [f"{key}: {scalar(shared[key])}" for key in TOPIC_KEYS[1:] if shared[key] is not None]
    lines += ["", f"# procedures: {' | '.join(COLUMNS)}", "scenarios:"]
    return "\n".join(lines + [line for row in rows for line in scenario_lines(row)]) + "\n"


def scenario_lines(row: Row) -> list[str]:
    keys = ("scenario", "age", "sex", "pregnant", "stage")
    head = [f"{key}: {scalar(row[key])}" for key in keys if row[key] is not None]
    head += [f"terms: {flow(row['terms'])}", f"confidence: {row['confidence']}", "procedures: |"]
    table = [f"      {procedure_line(procedure)}" for procedure in row["procedures"]]
    return [f"  - variant: {row['variant_no']}", *(f"    {line}" for line in head), *table, ""]


def procedure_line(procedure: Row) -> str:
    cells = (
        procedure["rating"], procedure["category"], procedure["rrl_adult"],
        procedure["rrl_peds"], procedure["strength_of_evidence"], procedure["name"],
    )  # fmt: skip
    return " | ".join("-" if cell is None else str(cell).strip() for cell in cells)


def write_procedures(scenarios: Iterable[Row], path: Path) -> int:
    """The vocabulary: one line a printed name (case ignored, the commonest spelling shown)."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for scenario in scenarios:
        for procedure in scenario["procedures"]:
            name = " ".join(procedure["name"].split())
            spellings[name.lower()][name] += 1
    names = [read_name(found.most_common(1)[0][0]) for _, found in sorted(spellings.items())]
    lines = [
        "# The guideline's own procedure names and the one vocabulary they are read as.",
        f"# {NAME_COLUMNS}; '-' where the name does not say. Printed names match in any case.",
        "procedures: |",
        *(f"  {' | '.join(name.columns())}" for name in names),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(names)


def scalar(value: object, plain: re.Pattern[str] = PLAIN_LINE) -> str:
    """A YAML scalar: plain where that is safe, otherwise double-quoted."""
    if isinstance(value, str) and plain.fullmatch(value) and value.lower() not in WORDS_YAML_READS:
        return value.strip()
    return json.dumps(value, ensure_ascii=False)


def flow(values: Iterable[object]) -> str:
    return f"[{', '.join(scalar(value, PLAIN) for value in values)}]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
