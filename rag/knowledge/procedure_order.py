"""The order in which a table's rows are shown: the guideline's rating first, ties broken sensibly.

No row is hidden and no rating changed. Rows of one band that a stated fact speaks against (a contrast
reaction, poor renal function) stand after the others of that band. Equal ratings are ordered by what
was asked about, then by lower radiation, then by the strength of the evidence, then by how often the
guideline recommends the study anywhere (a plain ultrasound before a Doppler study), then by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rag.knowledge.appropriateness import USUALLY, USUALLY_NOT, Procedure

_LEVELS = {"O": 0, "Varies": 3, **{"☢" * n: n for n in range(1, 6)}}
_UNKNOWN_LEVEL = 2
_STRENGTH = {"Strong": 0, "Moderate": 1, "Limited": 2, "Expert Consensus": 3, "Expert Opinion": 4}
UNCOUNTED: Mapping[str, int] = {}


def recommended(rows: Iterable[Procedure]) -> Mapping[str, int]:
    """How many of ``rows`` call each procedure of the vocabulary usually appropriate."""
    return Counter(row.vocabulary_name for row in rows if row.category == USUALLY)


def ordered_rows(
    rows: Iterable[Procedure],
    asked: Collection[Procedure] = (),
    touched: Collection[Procedure] = (),
    child: bool = False,
    often: Mapping[str, int] = UNCOUNTED,
) -> tuple[Procedure, ...]:
    """``rows`` best first; ``child`` takes the children's radiation levels.

    ``often`` is what :func:`recommended` says of the whole shelf.
    """

    def place(row: Procedure) -> tuple[int, bool, int, bool, int, int, int, str]:
        level = (row.rrl_peds if child else row.rrl_adult) or row.rrl_adult
        return (
            _band(row),
            row in touched,
            -(row.rating or 0),
            row not in asked,
            _LEVELS.get(level or "", _UNKNOWN_LEVEL),
            _STRENGTH.get(row.strength or "", len(_STRENGTH)),
            -often.get(row.vocabulary_name, 0),
            row.name,
        )

    return tuple(sorted(rows, key=place))


def _band(row: Procedure) -> int:
    """Both kinds of "may be appropriate" are one band, ordered by rating."""
    return 0 if row.category == USUALLY else 2 if row.category == USUALLY_NOT else 1
