"""Questions as people put them, by the facts that answer them: search aids, not facts.

``questions.yaml`` of a corpus; a corpus without the file has none, and nothing depends on them.
They are in our own words, never shown, and decide nothing: they only bring a passage to notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from pydantic import Field

from rag.errors import CorpusError
from rag.knowledge.corpus_schema import Strict
from rag.knowledge.fault import Fault
from rag.knowledge.yaml_file import YamlFile, open_yaml

FILE = "questions.yaml"
_JOINT = " + "


class _File(Strict):
    questions: dict[str, list[str]] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A question with the ids of the facts of which each answers it, the best one first."""

    text: str
    facts: tuple[str, ...]


def load_fact_questions(corpus: Path) -> tuple[FactQuestion, ...]:
    """All questions of ``corpus`` in file order.

    Raises:
        CorpusError: the file is no mapping of fact ids (joined with ``+``) to lists of questions.
    """
    path = corpus / FILE
    return tuple(question for _, question in _read(open_yaml(path))) if path.is_file() else ()


def questions_mark(questions: Sequence[FactQuestion]) -> str:
    """Changes with any question or its facts; empty without questions."""
    return blake2b(repr(questions).encode(), digest_size=8).hexdigest() if questions else ""


def question_faults(corpus: Path, facts: Collection[str]) -> list[Fault]:
    """Questions of facts that the shelf lacks, which nobody would find, and questions that stand twice."""
    path = corpus / FILE
    if not path.is_file():
        return []
    try:
        file = open_yaml(path)
        return list(_faults(file, facts))
    except CorpusError as error:
        return [Fault.of(error)]


def _read(file: YamlFile) -> Iterator[tuple[int, FactQuestion]]:
    """Each question with its line."""
    for key, asked in file.as_model(_File).questions.items():
        for place, text in enumerate(asked):
            yield file.line(("questions", key, place)), FactQuestion(text, tuple(key.split(_JOINT)))


def _faults(file: YamlFile, facts: Collection[str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, question in _read(file):
        said = " ".join(question.text.casefold().split())
        for fact in question.facts:
            if fact not in facts:
                yield Fault(str(file.path), line, f"there is no fact '{fact}'")
        if not said:
            yield Fault(str(file.path), line, "the question is empty")
        elif said in first:
            yield Fault(str(file.path), line, f"the same question as in line {first[said]}")
        first.setdefault(said, line)
