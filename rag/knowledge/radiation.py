"""Relative radiation levels: what a symbol means in millisieverts, for adults and for children.

The figures stand in the facts ``ex.rrl.*`` of the shelf and nowhere else; this module only looks
them up. The same symbol means less dose in a child.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from rag.errors import CorpusError

GUIDELINE = "acr_contrast"
"""The guideline id whose facts hold the levels."""

Patient = Literal["adult", "child"]
_PREFIX: dict[Patient, str] = {"adult": "ex.rrl.adult.", "child": "ex.rrl.ped."}
SYMBOLS = ("O", *("☢" * n for n in range(1, 6)))


class ValuedFact(Protocol):
    """What is needed of a fact: its id and machine-readable value."""

    @property
    def id(self) -> str: ...
    @property
    def value(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Dose:
    """Effective dose of one symbol as printed (``1-10 mSv``) and the fact that says so."""

    symbol: str
    patient: Patient
    text: str
    fact_id: str


def read_doses(facts: Iterable[ValuedFact]) -> Mapping[tuple[str, Patient], Dose]:
    """Every symbol's dose for adults and children, by (symbol, patient).

    Raises:
        CorpusError: a symbol has no dose; ``Varies`` has none and is not looked up.
    """
    doses: dict[tuple[str, Patient], Dose] = {}
    for fact in facts:
        for patient, prefix in _PREFIX.items():
            if fact.id.startswith(prefix):
                dose = _dose(fact, patient)
                doses[dose.symbol, patient] = dose
    missing = [f"{s} ({p})" for s in SYMBOLS for p in _PREFIX if (s, p) not in doses]
    if missing:
        raise CorpusError(f"no dose for the radiation levels {', '.join(missing)} in {GUIDELINE}")
    return doses


def _dose(fact: ValuedFact, patient: Patient) -> Dose:
    value = fact.value
    if not isinstance(value, Mapping) or not {"symbol", "mSv"} <= set(value):
        raise CorpusError(f"{fact.id}: the value needs 'symbol' and 'mSv'")
    return Dose(str(value["symbol"]), patient, str(value["mSv"]), fact.id)
