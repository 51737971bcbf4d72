"""Referrals in a clinician's or patient's words, one or more a scenario: search aids, not facts.

``referrals.yaml`` of an appropriateness folder; a folder without the file has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rag.errors import CorpusError
from rag.knowledge.yaml_file import read_yaml

FILE = "referrals.yaml"
Referrals = Mapping[tuple[str, int], tuple[str, ...]]
"""Referrals by topic title and scenario number."""


def load_referrals(folder: Path) -> Referrals:
    """All referrals of ``folder``.

    Raises:
        CorpusError: the file is not a mapping of topic titles to numbered referrals.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    data = read_yaml(path)
    topics = data.get("referrals") if isinstance(data, dict) else None
    if not isinstance(topics, dict) or not all(isinstance(v, dict) for v in topics.values()):
        raise CorpusError("referrals must map topic titles to numbered referrals", file=str(path))
    return {
        (str(title), int(number)): tuple([said] if isinstance(said, str) else map(str, said))
        for title, numbered in topics.items()
        for number, said in numbered.items()
    }
