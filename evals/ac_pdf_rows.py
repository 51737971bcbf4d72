"""Appropriateness PDFs read row by row, against a reference list.

``python -m evals.ac_pdf_rows FOLDER [--reference FILE.jsonl] [--json]``

Every PDF of FOLDER that holds variants with procedure tables is read with the pipeline that
``radcite ingest`` uses. The reference is a list with one scenario a line (``topic``, ``variant_no``,
``year``, ``procedures``); without it what was read is printed. Every difference is named; whether it
is a fault or another edition is for the reader to see, so both years stand beside the topic.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.criteria import read_criteria
from ingest.document import Criteria, CriteriaRow, CriteriaVariant
from ingest.flow import document_blocks
from ingest.pdf import read_pdf
from rag.errors import DocumentError

Reference = Mapping[str, Mapping[int, dict[str, object]]]
"""Plain topic -> variant number -> scenario."""

_FIELDS = (
    ("category", "category"), ("rating", "rating"), ("rrl_adult", "rrl_adult"),
    ("rrl_peds", "rrl_peds"), ("strength", "strength_of_evidence"),
)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One document: rows read, rows found in the reference, and every difference in words."""

    document: str
    topic: str
    year: int | None
    reference_year: object
    variants: int
    rows: int
    matched: int
    differences: tuple[str, ...]
    notices: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="Appropriateness PDFs, row by row.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reference", type=Path, help="one scenario a line (jsonl)")
    parser.add_argument("--json", action="store_true", help="print the rows that were read as JSON")
    options = parser.parse_args(arguments)
    found = list(read_folder(options.folder))
    if options.json or options.reference is None:
        json.dump([{"document": n, **asdict(c)} for n, c in found], sys.stdout, indent=1)
        return 0
    reference = load_reference(options.reference)
    compared = [compare(name, criteria, reference) for name, criteria in found]
    for one in compared:
        sys.stdout.write("\n".join(_lines(one)) + "\n")
    rows, matched = sum(one.rows for one in compared), sum(one.matched for one in compared)
    sys.stdout.write(
        f"{len(compared)} documents, {rows} rows read, {matched} as in the reference\n"
    )
    return 0


def read_folder(folder: Path) -> Iterator[tuple[str, Criteria]]:
    """(file name, criteria) of each appropriateness document below ``folder``."""
    for path in sorted(folder.rglob("*.pdf")):
        try:
            content = read_pdf(path, path.name, 5_000)
        except DocumentError as error:
            sys.stderr.write(f"{path.name}: {error}\n")
            continue
        blocks = document_blocks(content.pages)
        criteria = read_criteria(blocks, content.pages)
        if criteria is not None:
            yield path.name, criteria


def load_reference(path: Path) -> Reference:
    found: dict[str, dict[int, dict[str, object]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        scenario = json.loads(line)
        found.setdefault(_plain(scenario["topic"]), {})[scenario["variant_no"]] = scenario
    return found


def compare(name: str, criteria: Criteria, reference: Reference) -> Compared:
    """One document against the reference's topic of the same title."""
    topic = reference.get(_plain(criteria.topic), {})
    differences: list[str] = []
    matched = 0
    for variant in criteria.variants:
        same, found = _variant(variant, topic.get(variant.number))
        matched += same
        differences += found
    missing = sorted(set(topic) - {variant.number for variant in criteria.variants})
    differences += [f"variant {number} is in the reference only" for number in missing]
    years = {scenario.get("year") for scenario in topic.values()} or {"no such topic"}
    return Compared(
        document=name,
        topic=criteria.topic,
        year=criteria.year,
        reference_year=", ".join(map(str, years)),
        variants=len(criteria.variants),
        rows=sum(len(variant.rows) for variant in criteria.variants),
        matched=matched,
        differences=tuple(differences),
        notices=criteria.notices,
    )


def _variant(
    variant: CriteriaVariant, scenario: Mapping[str, object] | None
) -> tuple[int, list[str]]:
    if scenario is None:
        return 0, [f"variant {variant.number} is not in the reference"]
    listed = scenario["procedures"]
    assert isinstance(listed, list)
    rows = {_plain(row["name"]): row for row in listed}
    differences: list[str] = []
    matched = 0
    for row in variant.rows:
        expected = rows.pop(_plain(row.procedure), None)
        found = _row_differences(variant.number, row, expected)
        differences += found
        matched += not found
    differences += [
        f"variant {variant.number}: '{row['name']}' is in the reference only"
        for row in rows.values()
    ]
    return matched, differences


def _row_differences(
    number: int, row: CriteriaRow, expected: Mapping[str, object] | None
) -> list[str]:
    """Fields that both give and that differ."""
    if expected is None:
        return [f"variant {number}: '{row.procedure}' ({row.category}) is in the document only"]
    pairs = [(mine, getattr(row, mine), expected.get(theirs)) for mine, theirs in _FIELDS]
    return [
        f"variant {number}: {row.procedure}: {name} {got} in the document, {listed} in the reference"
        for name, got, listed in pairs
        if got is not None and listed is not None and str(got).lower() != str(listed).lower()
    ]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _lines(one: Compared) -> Iterator[str]:
    yield (
        f"{one.document}: {one.topic} (document {one.year}, reference {one.reference_year}): "
        f"{one.variants} variants, {one.rows} rows, {one.matched} as in the reference"
    )
    yield from (f"  {line}" for line in one.differences)
    yield from (f"  notice: {line}" for line in one.notices)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
