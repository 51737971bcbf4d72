"""The cells of an appropriateness table: which column is which, and what a cell says.

Nothing is guessed: a category or rating that cannot be read leaves the row out with a notice, a
radiation level that cannot be read is left empty with a notice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.document import CriteriaRow
from ingest.flow import TableBlock
from ingest.table_rows import TableRow
from ingest.tables import PICTURE
from rag.knowledge.appropriateness import MAY, MAY_DISAGREEMENT, RATINGS, USUALLY, USUALLY_NOT

_ROLES = (
    ("votes", re.compile(r".*final tabulations?.*>\s*[1-9]|[1-9]", re.I)),
    ("peds", re.compile(r".*\b(ped(s|iatrics?)?|child(ren)?)\b.*(rrl|radiation|level).*", re.I)),
    ("adult", re.compile(r".*(\brrl\b|radiation level).*", re.I)),
    ("strength", re.compile(r"soe|.*strength of evidence.*", re.I)),
    ("category", re.compile(r".*appropriateness\s*category.*|category", re.I)),
    ("procedure", re.compile(r".*(procedure|treatment|examination|modality|intervention).*", re.I)),
    ("rating", re.compile(r"(appropriateness\s*)?(final\s*)?rating.{0,12}", re.I)),
    ("median", re.compile(r"median.*", re.I)),
    ("comment", re.compile(r"(comments?|remarks?)", re.I)),
)
_CATEGORY = (
    (USUALLY_NOT, re.compile(r"usually\s*not\s*appropriate", re.I)),
    (MAY_DISAGREEMENT, re.compile(r"may\s*be\s*appropriate\s*\(?\s*disagreement\s*\)?", re.I)),
    (MAY, re.compile(r"may\s*be\s*appropriate", re.I)),
    (USUALLY, re.compile(r"usually\s*appropriate", re.I)),
)
_STRENGTH = {
    "strong": "Strong", "moderate": "Moderate", "limited": "Limited",
    "expert consensus": "Expert Consensus", "expert opinion": "Expert Opinion",
}  # fmt: skip
_DOSE = re.compile(r"\[?\s*ped\w*\s*\]?|[<>≤≥]?\s*\d[\d.\s–—-]*\s*m\s*Sv|m\s*Sv", re.I)
_MSV = re.compile(r"(?:(\d[\d.]*)\s*[-–—]\s*(\d[\d.]*)|[<≤]\s*(\d[\d.]*)|\b(0))\s*m\s*Sv", re.I)
_ADULT_TOP = {0.0: 0, 0.1: 1, 1.0: 2, 10.0: 3, 30.0: 4, 100.0: 5}
_CHILD_TOP = {0.0: 0, 0.03: 1, 0.3: 2, 3.0: 3, 10.0: 4, 30.0: 5}
"""Upper end of the effective dose range (mSv) to the number of symbols (ACR, radiation dose
assessment introduction)."""

_NOT_A_ROW = re.compile(r"rating scale|\*?\s*relative radiation|\*?rrl\b|references?\b", re.I)


@dataclass(frozen=True)
class Columns:
    """Header text of each role that the table has; falsy where none is known."""

    headers: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return "procedure" in self.headers and bool({"category", "rating"} & set(self.headers))


@dataclass(frozen=True)
class FoundRows:
    """Rows of one table; ``rest`` is text before the first row that belongs to an earlier name."""

    rows: tuple[CriteriaRow, ...]
    rest: str
    notices: tuple[str, ...]


def columns_of(block: TableBlock) -> Columns:
    """Roles by the headers of the table's rows."""
    headers = {cell.header for row in block.rows for cell in row.cells if cell.header}
    found: dict[str, str] = {}
    for header in sorted(headers):
        role = _role(header)
        if role is not None and role != "votes":
            found.setdefault(role, header)
    return Columns(found)


def _role(header: str) -> str | None:
    plain = " ".join(header.split()).strip("*: ")
    return next((role for role, shape in _ROLES if shape.fullmatch(plain)), None)


def is_procedure_table(block: TableBlock, columns: Columns) -> bool:
    """Whether most rows carry a category or rating beside a procedure."""
    if columns:
        return True
    headed = any(cell.header for row in block.rows for cell in row.cells)
    rated = [row for row in block.rows if _by_content(row)]
    return not headed and len(rated) * 2 > len(block.rows)


def read_rows(block: TableBlock, columns: Columns) -> FoundRows:
    """The procedure rows; a row without category and rating is the rest of the name before it."""
    rows: list[CriteriaRow] = []
    notices: list[str] = []
    rest = ""
    symbol = _symbol_of(block, columns)
    for row in block.rows:
        cells = _cells_by_role(row, columns)
        name = cells.get("procedure", "")
        if not name or _NOT_A_ROW.match(name) or _spans_all(row):
            continue
        category, rating = _verdict(cells)
        if category is None:
            if rows:
                rows[-1] = _longer(rows[-1], name, row)
            else:
                rest = f"{rest} {name}".strip()
            continue
        rows.append(_read(row, cells, name, category, rating, symbol, notices))
    return FoundRows(tuple(rows), rest, tuple(notices))


def _spans_all(row: TableRow) -> bool:
    return len([cell for cell in row.cells if cell.text]) == 1 and row.cells[0].columns > 1


def _longer(before: CriteriaRow, more: str, row: TableRow) -> CriteriaRow:
    name = f"{before.procedure}{'' if before.procedure.endswith('-') else ' '}{more}"
    return replace(before, procedure=name, boxes=(*before.boxes, *row.boxes))


def _cells_by_role(row: TableRow, columns: Columns) -> dict[str, str]:
    if not any(cell.header for cell in row.cells):
        return _by_content(row)
    found: dict[str, str] = {}
    votes: list[str] = []
    for cell in row.cells:
        role = _role(cell.header)
        if role == "votes":
            votes.append(cell.text)
        elif role is not None and columns.headers.get(role) == cell.header:
            found[role] = f"{found.get(role, '')} {cell.text}".strip()
    return {**found, "votes": " ".join(votes)} if votes else found


def _by_content(row: TableRow) -> dict[str, str]:
    """Roles of cells without header: the category as printed, symbols, and the first text."""
    found: dict[str, str] = {}
    for cell in row.cells:
        if not cell.text:
            continue
        if _category(cell.text) is not None and len(cell.text) < 45:
            found.setdefault("category", cell.text)
        elif re.fullmatch(r"(☢\s?){1,5}|[Oo]|varies", cell.text, re.I):
            found.setdefault("adult", cell.text)
        elif "procedure" not in found:
            found["procedure"] = cell.text
    return found if {"category", "procedure"} <= set(found) else {}


def _verdict(cells: Mapping[str, str]) -> tuple[str | None, int | None]:
    """Category and rating; the older tables print the rating only."""
    category = _category(cells.get("category", ""))
    match = re.match(r"\s*([1-9])(?!\d)", cells.get("rating", ""))
    rating = int(match[1]) if match else None
    if category is None and rating is not None:
        category = next(name for name, span in RATINGS.items() if rating in span)
    return category, rating


def _category(text: str) -> str | None:
    return next((name for name, shape in _CATEGORY if shape.search(text)), None)


def _read(
    row: TableRow, cells: Mapping[str, str], name: str, category: str, rating: int | None,
    symbol: str | None, notices: list[str],
) -> CriteriaRow:  # fmt: skip
    adult, child = (
        _level(cells.get(role), symbol, tops)
        for role, tops in (("adult", _ADULT_TOP), ("peds", _CHILD_TOP))
    )
    for role, level in (("adult", adult), ("peds", child)):
        if cells.get(role) and level is None:
            notices.append(f"page {row.page}: the radiation level of {name} could not be read")
    if rating is not None and rating not in RATINGS[category]:
        notices.append(f"page {row.page}: {name} is rated {rating} and called {category}")
    return CriteriaRow(
        procedure=re.sub(r"\s*[*†‡]+$", "", name),
        category=category,
        rating=rating,
        rrl_adult=adult,
        rrl_peds=child,
        strength=_STRENGTH.get(" ".join(cells.get("strength", "").lower().split())),
        votes=tuple(int(vote) for vote in re.findall(r"\d+", cells.get("votes", ""))),
        comment=cells.get("comment") or None,
        page=row.page,
        boxes=row.boxes,
    )


def _symbol_of(block: TableBlock, columns: Columns) -> str | None:
    """The sign that this table's radiation levels repeat, where it is not the symbol itself.

    A file may give no meaning to the glyph: then every level is a run of one and the same sign.
    """
    signs: set[str] = set()
    for row in block.rows:
        cells = _cells_by_role(row, columns)
        for role in ("adult", "peds"):
            plain = _bare(cells.get(role, ""))
            if plain and plain.lower() not in ("o", "varies", "-", "–", "0"):
                signs.update(plain)
    return signs.pop() if len(signs) == 1 else None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", _DOSE.sub("", text))


def _level(text: str | None, symbol: str | None, tops: Mapping[float, int]) -> str | None:
    """``O``, one to five symbols or ``Varies``; ``None`` where not given or not readable."""
    if not text:
        return None
    plain, by_dose = _bare(text), _by_dose(text, tops)
    if plain.lower() == "varies":
        return "Varies"
    if plain in ("O", "o", "0"):
        return "O"
    signs = {"☢", PICTURE, *([symbol] if symbol else [])}
    if 1 <= len(plain) <= 5 and len(set(plain)) == 1 and plain[0] in signs:
        count = len(plain)
        return "☢" * count if plain[0] == "☢" or by_dose in (None, count) else None
    if not plain and by_dose is not None:
        return "☢" * by_dose or "O"
    return None


def _by_dose(text: str, tops: Mapping[float, int]) -> int | None:
    match = _MSV.search(text)
    if match is None:
        return None
    top = next(value for value in (match[2], match[3], match[4]) if value is not None)
    return tops.get(float(top.rstrip(".")))
