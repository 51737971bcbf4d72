"""Reads the suites of ``evals/data/suites``: strict, with file, line and key of whatever is wrong.

suite: category               name; with `title` and `about` for the report
origin: ...                   where the cases come from; a case may name its own
cases:
  - {id: ..., q: ..., edition: lung_rads_v2022, category: 4A, facts: [...], group: ...}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from evals.errors import CaseError
from evals.suites.case import Case, Expected, Suite
from rag.errors import CorpusError
from rag.knowledge.yaml_file import open_yaml

FOLDER = Path(__file__).resolve().parent.parent / "data" / "suites"
QC = "qc"
"""The fixed quality-control suite of ``radcite eval watch``: cases named from the other suites."""

Outcome = Literal["answer", "refusal", "needs_details"]
Kind = Literal["nonexistent", "not_covered", "off_topic", "unsafe", "instructions"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class _CaseEntry(_Strict):
    """One case as it stands in the file; keys as short as a long list needs them."""

    id: str
    q: str = Field(min_length=1)
    edition: str = ""
    origin: str = ""
    group: str = ""
    language: Literal["en", "ko"] = "en"
    history: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ()
    base: str = ""
    change: str = ""
    outcome: tuple[Outcome, ...] = ()
    refusal: tuple[Kind, ...] = ()
    guideline: str | None = None
    category: str | None = None
    accept: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    scenarios: tuple[tuple[str, int], ...] = ()
    topics: tuple[str, ...] = ()
    nothing_rated: bool = False
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class _SuiteFile(_Strict):
    suite: str
    title: str
    about: str
    origin: str
    kind: Literal["answer", "passages"] = "answer"
    cases: tuple[_CaseEntry, ...]


class _QualityFile(_Strict):
    about: str
    cases: tuple[str, ...]


def suite_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """Names of the suites, in the order of their files."""
    return tuple(path.stem for path in sorted(folder.glob("*.yaml")) if path.stem != QC)


def load_suites(folder: Path = FOLDER) -> tuple[Suite, ...]:
    """All suites.

    Raises:
        CaseError: a file breaks its form, or two cases share an id.
    """
    suites = tuple(load_suite(folder / f"{name}.yaml") for name in suite_names(folder))
    by_id: dict[str, Case] = {}
    for case in (case for suite in suites for case in suite.cases):
        if case.id in by_id:
            raise CaseError(f"two cases are called {case.id}: give one another id")
        by_id[case.id] = case
    return tuple(
        replace(suite, cases=tuple(_like_base(case, by_id) for case in suite.cases))
        for suite in suites
    )


def _like_base(case: Case, by_id: Mapping[str, Case]) -> Case:
    """A reworded case expects what its base expects."""
    if not case.base:
        return case
    base = by_id.get(case.base)
    if base is None or base.base:
        raise CaseError(f"{case.id}: base {case.base!r} is no case with expectations of its own")
    return replace(
        case,
        edition=base.edition,
        group=base.id,
        expected=base.expected,
        guidelines=base.guidelines,
    )


def load_suite(path: Path) -> Suite:
    """One suite from its file."""
    try:
        file = open_yaml(path).as_model(_SuiteFile)
    except CorpusError as error:
        raise CaseError(str(error)) from error
    cases = tuple(_case(entry, file) for entry in file.cases)
    return Suite(file.suite, file.title, file.about, cases)


def quality_suite(folder: Path = FOLDER) -> tuple[Case, ...]:
    """The cases of the quality-control suite, in its own order.

    Raises:
        CaseError: it names a case that no suite has.
    """
    cases = {case.id: case for suite in load_suites(folder) for case in suite.cases}
    named = open_yaml(folder / f"{QC}.yaml").as_model(_QualityFile).cases
    missing = [name for name in named if name not in cases]
    if missing:
        raise CaseError(f"{folder / QC}.yaml names unknown cases: {', '.join(missing)}")
    return tuple(cases[name] for name in named)


def _case(entry: _CaseEntry, file: _SuiteFile) -> Case:
    return Case(
        id=entry.id,
        suite=file.suite,
        question=entry.q,
        edition=entry.edition,
        origin=entry.origin or file.origin,
        group=entry.group or _group(entry),
        expected=_expected(entry),
        kind=file.kind,
        language=entry.language,
        history=entry.history,
        guidelines=entry.guidelines,
        base=entry.base,
        change=entry.change,
    )


def _group(entry: _CaseEntry) -> str:
    """Topic, else guideline: what stands and falls together."""
    topics = (*(topic for topic, _ in entry.scenarios), *entry.topics)
    return topics[0] if topics else entry.edition


def _expected(entry: _CaseEntry) -> Expected:
    return Expected(
        outcomes=entry.outcome or _usual_outcome(entry),
        refusals=entry.refusal,
        guideline=entry.guideline or (entry.edition if entry.category or entry.possible else None),
        category=entry.category,
        accept=entry.accept,
        possible=entry.possible,
        facts=entry.facts,
        scenarios=entry.scenarios,
        topics=entry.topics or tuple(dict.fromkeys(topic for topic, _ in entry.scenarios)),
        nothing_rated=entry.nothing_rated,
        says=entry.says,
        never=entry.never,
    )


def _usual_outcome(entry: _CaseEntry) -> tuple[str, ...]:
    if entry.refusal:
        return ("refusal",)
    if entry.possible:
        return ("needs_details",)
    return ("answer",)
