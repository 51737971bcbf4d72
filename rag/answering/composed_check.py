"""The check on sentences that radcite itself puts together from rows, facts and categories.

Their words are ours and were checked when the corpus was loaded; what must hold at answer time is
that every figure and label in them stands in a passage they cite. Sentences of a language model
take the full grounding checks instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.types import Evidence, Statement, Verdict

_FIGURE = re.compile(r"\d[\w]*(?:[.,]\d+)*")


def check_composed(statement: Statement, evidence: Sequence[Evidence]) -> tuple[Verdict, str]:
    """``supported`` when every figure and label stands in a cited passage, else which do not.

    The names of the cited editions count as standing there: ``Lung-RADS v2022`` names itself.
    """
    cited = [item for item in evidence if item.n in statement.citations]
    if not cited:
        return "unsupported", "cites no evidence"
    known = {figure for item in cited for figure in figures(_whole(item))}
    missing = [figure for figure in figures(statement.text) if figure not in known]
    if missing:
        return "unsupported", f"{', '.join(missing)} does not stand in the cited passages"
    return "supported", ""


def _whole(item: Evidence) -> str:
    edition = item.passage.edition
    return " ".join((item.passage.text, edition.label, str(edition.year or "")))


def figures(text: str) -> tuple[str, ...]:
    """Numbers and labels with a digit, each once: ``4A``, ``1.5``, ``268``.

    >>> figures("4A: at least 8 mm (268 mm3), 8.0 cm")
    ('4A', '8', '268', '3', '8.0')
    """
    return tuple(dict.fromkeys(match.group() for match in _FIGURE.finditer(text)))
