"""What is written down of an answer and of an opinion on it: pure, without identifiers.

Questions and comments are masked here once more, whatever was masked before.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

from app.journal import Journal
from rag.answering.identifiers import masked
from rag.answering.payload import outcome_of
from rag.settings import Settings
from rag.types import Response

Entry = Mapping[str, object]


def audit_log(settings: Settings) -> Journal:
    """Who asked what when, and what answered."""
    return Journal(settings.home_dir / "logs", "audit", settings.audit_days)


def feedback_log(settings: Settings) -> Journal:
    """What readers thought of answers; kept as long as the audit log, ten years where that is off."""
    return Journal(settings.home_dir / "logs", "feedback", settings.audit_days or 3650)


def answer_entry(response: Response, who: str, session: str) -> Entry:
    """One answered question: who, what, by which evidence, index and model."""
    return {
        "who": who,
        "session": session,
        "question": masked(response.question).text,
        "route": response.route,
        "outcome": outcome_of(response),
        "text": masked(response.text).text,
        "evidence": [item.passage.id for item in response.evidence],
        "editions": list(dict.fromkeys(e.passage.edition.label for e in response.evidence)),
        "withheld": [[item.text, item.reason] for item in response.withheld],
        "mode": response.mode,
        "model": response.model,
        "index": response.index,
        "elapsed_ms": round(response.elapsed_ms),
    }


def opinion_entry(
    response: Response, who: str, helpful: bool, reason: str = "", comment: str = ""
) -> Entry:
    """What a reader thought of an answer, with what is needed to look into it."""
    return {
        "who": who,
        "question": masked(response.question).text,
        "helpful": helpful,
        "reason": reason,
        "comment": masked(comment).text,
        "text": masked(response.text).text,
        "outcome": outcome_of(response),
        "route": response.route,
        "evidence": [item.passage.id for item in response.evidence],
        "model": response.model,
        "index": response.index,
    }


def as_json_lines(rows: Iterable[Entry]) -> str:
    """Rows as they are kept."""
    return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)


def as_csv(rows: Iterable[Entry]) -> str:
    """Rows as a table; a cell never starts a formula in a spreadsheet."""
    kept = [dict(row) for row in rows]
    names = list(dict.fromkeys(name for row in kept for name in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in kept)
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "'" + said if said[:1] in ("=", "+", "-", "@", "\t", "\r") else said
