"""The procedure vocabulary: printed name -> one name, modality, body part, contrast, laterality.

Read from ``procedures.yaml`` of an appropriateness folder, one pipe-separated line a printed name;
``-`` where the name does not say. Printed names match in any letter case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml

FILE = "procedures.yaml"
COLUMNS = ("printed", "vocabulary name", "modality", "body part", "contrast", "laterality")


@dataclass(frozen=True, slots=True)
class ProcedureName:
    """One printed name and what it says; ``None`` and empty where it does not say.

    ``contrast`` joins the parts of a composite study with `` + `` (``without IV + with IV``).
    """

    printed: str
    name: str
    modality: str
    body_parts: tuple[str, ...]
    contrast: str | None
    laterality: str | None


def spelled(name: str) -> str:
    """How a printed name is looked up: lower case, single blanks."""
    return " ".join(name.lower().split())


def load_procedure_names(folder: Path) -> Mapping[str, ProcedureName]:
    """All printed names of ``folder/procedures.yaml`` by :func:`spelled` name.

    Raises:
        CorpusError: a line has not all columns, or a printed name stands twice.
    """
    path = folder / FILE
    data = read_yaml(path)
    table = data.get("procedures") if isinstance(data, dict) else None
    if not isinstance(table, str):
        raise CorpusError("procedures must be a table in a literal block", file=str(path), line=1)
    names: dict[str, ProcedureName] = {}
    for row in table.splitlines():
        cells = [cell.strip() for cell in row.split(" | ")]
        if len(cells) != len(COLUMNS) or not all(cells):
            raise _wrong(path, row, f"the columns are {' | '.join(COLUMNS)}")
        if spelled(cells[0]) in names:
            raise _wrong(path, row, f"'{cells[0]}' stands twice")
        names[spelled(cells[0])] = _name(cells)
    return names


def _name(cells: list[str]) -> ProcedureName:
    printed, name, modality, parts, contrast, laterality = cells
    return ProcedureName(
        printed=printed,
        name=name,
        modality=modality,
        body_parts=() if parts == "-" else tuple(parts.split(", ")),
        contrast=None if contrast == "-" else contrast,
        laterality=None if laterality == "-" else laterality,
    )


def _wrong(path: Path, row: str, reason: str) -> CorpusError:
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next((n for n, text in enumerate(lines, 1) if text.strip() == row.strip()), 1)
    return CorpusError(f"{reason}; row '{row}'", file=str(path), line=line)
