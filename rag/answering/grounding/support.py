"""The last word on a statement: what the checks found, weighed with how the reader reads it.

The checks of this package compare words, figures and conditions; they know exactly what they look at
and nothing else, so that good paraphrases fail them. A reader (:mod:`rag.retrieval.entailment`) judges
the whole sentence and can be wrong. Until it was measured on this machine it may only withhold. ``python
-m evals.fit_entailment`` measures it on statements that no check was written on, and fits the weights by
which both are weighed from then on. Three things no reading overrules: a citation that does not exist,
another edition's statement, a figure or label that stands nowhere in the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.answering.grounding.figures import check_figures
from rag.answering.grounding.result import COPIED, SHOWN, Asked
from rag.answering.grounding.text import sentences
from rag.answering.grounding.verify import Verification, as_data
from rag.answering.grounding.words import content_words
from rag.errors import SettingsError
from rag.retrieval.entailment import Reader
from rag.types import Evidence, Statement

WINDOW = 600
"""Characters of a long passage that are read with a statement: the sentences most like it."""

EVEN = 0.5
"""A reader that has not been measured withholds below this probability."""

_UNSURE = "the cited passage does not clearly say this"


@dataclass(frozen=True, slots=True)
class Weighing:
    """Log-odds = ``bias`` + ``slope`` x log-odds of the reader + the weight of the check that failed.

    ``model`` is the reader they were fitted for. ``checks`` holds a weight by check, "" for a
    statement that passed them all; a check that is not held counts as ``other``. From the
    probability ``accept`` on a statement is shown.
    """

    model: str
    slope: float
    bias: float
    checks: Mapping[str, float]
    other: float
    accept: float

    def shows(self, read: float, check: str) -> bool:
        """Whether a statement is shown, of the reader's probability and the check that failed."""
        odds = self.bias + self.slope * log_odds(read) + self.checks.get(check, self.other)
        return 1 / (1 + exp(-odds)) >= self.accept


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model: str
    slope: float
    bias: float
    checks: dict[str, float]
    other: float
    accept: float


def weighing_file(home: Path) -> Path:
    """Where the weights of the reader in use lie, below ``RADCITE_HOME``."""
    return home / "entailment.json"


def load_weighing(path: Path, model: str) -> Weighing | None:
    """The weights fitted for the reader called ``model``; None where there are none for it.

    Raises:
        SettingsError: the file is not of this form.
    """
    if not path.is_file():
        return None
    try:
        held = _File.model_validate_json(path.read_text("utf-8"))
    except (ValidationError, OSError) as error:
        raise SettingsError(
            f"{path} cannot be read: delete it, and run `python -m evals.fit_entailment` for new weights"
        ) from error
    if held.model != model:
        return None
    return Weighing(held.model, held.slope, held.bias, held.checks, held.other, held.accept)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader, with the weights fitted for it if there are any."""

    reader: Reader
    weighing: Weighing | None = None

    def weigh(
        self, statement: Statement, evidence: Sequence[Evidence], found: Verification, asked: Asked
    ) -> Verification:
        """See :func:`weighed`."""
        return weighed(statement, evidence, found, self.reader, self.weighing, asked)


def weighed(
    statement: Statement,
    evidence: Sequence[Evidence],
    found: Verification,
    reader: Reader,
    weighing: Weighing | None,
    asked: Asked,
) -> Verification:
    """``found``, unless the reader tips the scale: towards showing the statement, or withholding it.

    A copy stays what it is, and so does what is said of a scenario's table, whose ratings the checks
    read themselves.
    """
    cited = [as_data(item) for item in evidence if item.n in statement.citations]
    if found.check in COPIED or found.check.endswith("!") or _of_a_table(cited):
        return found
    told = (asked.question, asked.decision, *(_whole(item) for item in cited))
    figures = check_figures(statement.text, told)
    if not figures.passed:
        return replace(found, verdict=figures.verdict, reason=figures.reason, words=figures.words, citations=(), check="figures")  # fmt: skip
    read = reader([(premise(part, statement.text), statement.text) for part in _readings(cited)])
    if weighing and weighing.shows(max(read), found.check):
        return _shown(found, cited, read)
    if found.verdict in SHOWN and (weighing or max(read) < EVEN):
        return Verification("unsupported", _UNSURE, (), (), "reading")
    return found


def _shown(found: Verification, cited: Sequence[Evidence], read: Sequence[float]) -> Verification:
    if found.verdict in SHOWN:
        return found
    best = max(range(len(read)), key=lambda at: read[at])
    numbers = (cited[best].n,) if best < len(cited) else tuple(item.n for item in cited)
    return Verification("supported", "", (), numbers)


def _of_a_table(cited: Sequence[Evidence]) -> bool:
    return any(item.passage.kind == "scenario" for item in cited)


def _readings(cited: Sequence[Evidence]) -> list[Sequence[Evidence]]:
    """What a statement is read with: each piece of its evidence, then all of it."""
    alone: list[Sequence[Evidence]] = [(item,) for item in cited]
    return [*alone, cited] if len(cited) > 1 else alone


def premise(cited: Sequence[Evidence], sentence: str) -> str:
    """The evidence as the reader reads it: where it stands, and the part most like ``sentence``."""
    head = f"{cited[0].passage.edition.label}, {cited[0].passage.section}: "
    room = WINDOW // len(cited)
    return head + " ".join(_nearest(item.passage.text, sentence, room) for item in cited)


def _whole(item: Evidence) -> str:
    return f"{item.passage.edition.label} {item.passage.section} {item.passage.text}"


def _nearest(text: str, sentence: str, room: int) -> str:
    """The run of whole sentences within ``room`` characters that shares most words with ``sentence``."""
    if len(text) <= room:
        return text
    spans, wanted = list(sentences(text)), content_words(sentence)
    runs = []
    for first, (start, _) in enumerate(spans):
        ends = [end for _, end in spans[first:] if end - start <= room] or [spans[first][1]]
        runs.append(text[start : ends[-1]])
    return max(runs, key=lambda run: len(content_words(run) & wanted))[: 2 * room]


def log_odds(probability: float) -> float:
    """Log-odds of a probability, within those of one in ten thousand."""
    held = min(max(probability, 1e-4), 1 - 1e-4)
    return log(held / (1 - held))
