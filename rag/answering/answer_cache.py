"""Answers that a model has worded and that passed their checks, kept so that they stay the same.

One SQLite file under the home folder. A key is the digest of everything that an answer depends on;
the question itself is never stored, and identifiers were masked before it came here. Entries of an
earlier index go when the first answer of a new one is kept; the oldest go when there are too many.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path

from rag.answering.parts import Worded
from rag.types import Evidence, Statement, Withheld

_TABLE = """
create table if not exists answers (
    key blob primary key, index_build text not null, at real not null, worded text not null
) without rowid
"""


@dataclass(frozen=True, slots=True)
class AnswerCache:
    """``most`` answers of the index build ``index_build`` in the file at ``path``; 0 keeps none."""

    path: Path
    index_build: str
    most: int

    def get(self, key: bytes) -> Worded | None:
        """The answer kept under ``key``, if there is one."""
        if not self.most or not self.path.exists():
            return None
        with closing(self._open()) as database:
            row = database.execute(
                "select worded from answers where key = ? and index_build = ?",
                (key, self.index_build),
            ).fetchone()
        return _worded(row[0]) if row else None

    def put(self, key: bytes, worded: Worded) -> None:
        """Keep an answer; those of other builds and the oldest ones too many go."""
        if not self.most:
            return
        row = (key, self.index_build, time.time(), json.dumps(asdict(worded), ensure_ascii=False))
        with closing(self._open()) as database, database:
            database.execute("delete from answers where index_build != ?", (self.index_build,))
            database.execute("insert or replace into answers values (?, ?, ?, ?)", row)
            database.execute(
                "delete from answers where key in "
                "(select key from answers order by at desc limit -1 offset ?)",
                (self.most,),
            )

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(self.path, timeout=60)
        database.execute(_TABLE)
        return database


def cache_key(question: str, decided: str, evidence: Sequence[Evidence], *rest: object) -> bytes:
    """Digest of all that a worded answer depends on; ``rest`` are model, prompt version and settings."""
    given = [(item.n, item.passage.id, item.passage.text) for item in evidence]
    whole = json.dumps([question, decided, given, *map(str, rest)], ensure_ascii=False)
    return blake2b(whole.encode(), digest_size=20).digest()


def _worded(text: str) -> Worded:
    raw = json.loads(text)
    return Worded(
        tuple(Statement(s["text"], tuple(s["citations"]), s["verdict"]) for s in raw["statements"]),
        tuple(Withheld(**one) for one in raw["withheld"]),
        tuple(raw["notices"]),
        raw["model"],
    )
