"""A question with what is right; frozen values without file or model."""

from __future__ import annotations

from dataclasses import dataclass, field

Scenario = tuple[str, int]
"""Topic title and variant number of an appropriateness scenario."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer is held against; what is left empty is not scored.

    ``outcomes``: outcomes that are right. ``refusals``: kinds of refusal that are right.
    ``guideline`` with ``category`` (and ``accept``, further right labels): the decision.
    ``possible``: the categories that the missing detail leaves open. ``facts``: facts that answer;
    each is enough to be cited, all count for recall. ``scenarios`` and ``topics``: right places of
    the appropriateness tables. ``first``: right first studies. ``procedures``: all that the right
    table calls usually appropriate. ``nothing_rated``: no study is usually
    appropriate. ``says``: words or figures the text must hold, one of each ``a|b``; ``never``: it
    must not. ``reference``: a right answer in full, for metrics that compare texts.
    """

    outcomes: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    guideline: str | None = None
    category: str | None = None
    accept: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    topics: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    nothing_rated: bool = False
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One question of one suite.

    ``edition`` is the guideline id that is asked about (``any`` where none is). ``group`` is the
    cluster of the standard error. ``base`` is the case whose rewording this is, ``change`` how it
    was reworded. ``kind``: ``passages`` measures search alone, ``answer`` the whole answer.
    """

    id: str
    suite: str
    question: str
    edition: str
    origin: str
    group: str
    expected: Expected = field(default_factory=Expected)
    kind: str = "answer"
    language: str = "en"
    history: tuple[str, ...] = ()
    guidelines: tuple[str, ...] = ()
    base: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A named list of cases; ``about`` says in one sentence what it measures."""

    name: str
    title: str
    about: str
    cases: tuple[Case, ...]
