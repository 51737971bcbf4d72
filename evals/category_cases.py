"""Cases for category questions, and what an answer is worth against each: pure functions.

A case line is ``{"id", "question", "expected": {...}, "system"? | "version"?}``. ``expected`` holds
one or more of ``category`` (with ``accept``), ``readings``, ``management`` (words that must stand
in the answer; only in own cases), ``ask`` (inputs to be asked for), ``decline``,
``decline_lung_rads``, ``needs_details``, ``check`` (verdict of a report check), ``answer_text``, ``must_not``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.types import Answer, Decision, NeedsDetails, Refusal, Response

Outcome = Literal["right", "lexicon", "conditional", "asked", "abstained", "wrong", "unscored"]
"""``lexicon``: a category was expected that BI-RADS would have to derive from lexicon words alone;
it was declined with what the lexicon says of them. ``conditional``: a detail is missing, and the answer names the expected category with the condition
under which it holds ("TR4 if wider than tall and no echogenic foci"). ``asked``: the question back leaves the expected
category possible. ``unscored``: the case expects a text, which is for a reader to judge."""

_SYSTEMS = (
    ("lung-rads", "lung_rads_v2022"),
    ("k-tirads 2016", "k_tirads_2016"),
    ("acr ti-rads", "acr_ti_rads_2017"),
    ("k-tirads", "k_tirads_2021"),
    ("bi-rads", "bi_rads_5"),
    ("fleischner", "fleischner_2017"),
)


@dataclass(frozen=True, slots=True)
class CategoryCase:
    """One question with what is expected of it; ``only`` restricts the answer to its system.

    ``words``: the expected management are words that must stand in the answer.
    """

    id: str
    question: str
    system: str
    expected: Mapping[str, object]
    only: bool = False
    words: bool = False


def read_cases(path: Path) -> Iterator[CategoryCase]:
    """The cases of a file; a second one where K-TIRADS is expected beside ACR TI-RADS.

    Raises:
        KeyError: a line lacks ``id``, ``question`` or ``expected``.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        raw = json.loads(line)
        expected = dict(raw["expected"])
        system = raw.get("system") or _system(str(raw.get("version", "")))
        yield CategoryCase(
            raw["id"], raw["question"], system, expected, words="answer_origin" not in raw
        )
        if beside := expected.get("k_tirads_2021"):
            yield CategoryCase(
                f"{raw['id']}+k", raw["question"], "k_tirads_2021", {"category": beside}, only=True
            )


def _system(version: str) -> str:
    said = version.casefold()
    return next((name for words, name in _SYSTEMS if said.startswith(words)), "")


def label(text: object, system: str) -> str:
    """A category as its guideline prints it: ``K-TIRADS 4`` is ``4``, ``ACR TR4`` is ``TR4``."""
    found = re.search(r"(?:TR)?(\d[ABCX]?)\s*$", str(text).strip(), re.IGNORECASE)
    bare = found.group(1).upper() if found else str(text)
    return f"TR{bare}" if system.startswith("acr_ti") else bare


def judged(case: CategoryCase, response: Response) -> tuple[Outcome, str]:
    """What an answer is worth, with what it said in a few words."""
    own = [d for d in response.decisions if d.edition.guideline == case.system]
    said = _said(response, own)
    expected = case.expected
    if expected.get("decline_lung_rads"):
        graded = any(
            d.category for d in response.decisions if d.edition.guideline.startswith("lung")
        )
        return ("wrong" if graded else "right"), said
    if expected.get("decline") and not case.system:  # none of the systems held is meant
        return _of_no_system(response), said
    if "answer_text" in expected and not own and isinstance(response, Answer):
        return "unscored", said
    if expected.get("needs_details"):
        decided = any(d.category for d in own)
        asks = isinstance(response, NeedsDetails) and not decided
        return ("right" if asks else "wrong" if decided else "abstained"), said
    if any(key in expected for key in ("category", "readings", "decline", "ask")):
        return _category(case, response, own), said
    if "management" in expected and "answer_text" not in expected:
        return _management(case, response, own), said
    return "unscored", said


def _of_no_system(response: Response) -> Outcome:
    """Right where no table of ours was put to it; what else is answered beside is no category."""
    if any(decision.category for decision in response.decisions):
        return "wrong"
    return "asked" if response.decisions else "right"


def _category(case: CategoryCase, response: Response, own: list[Decision]) -> Outcome:
    expected, first = case.expected, own[0] if own else None
    wanted = {label(c, case.system) for c in _texts(expected, "accept")}
    if "category" in expected:
        wanted.add(label(expected["category"], case.system))
    stated = first.category if first else None
    readings = {r.category for r in first.readings} if first else set()
    if stated is not None and wanted:
        if stated in wanted:
            return "right" if not case.words or _says(expected, response) else "asked"
        return "wrong"
    if readings:
        listed = {label(c, case.system) for c in _texts(expected, "readings")} or wanted
        fits = listed <= readings if "readings" in expected else bool(wanted & readings)
        return "right" if fits else "wrong"
    return _without_category(case, response, first, wanted)


def _without_category(
    case: CategoryCase, response: Response, first: Decision | None, wanted: set[str]
) -> Outcome:
    expected = case.expected
    if isinstance(response, NeedsDetails):
        asked = set(_texts(expected, "ask"))
        if asked and first and asked & set(first.missing):
            return "right"
        if first and any(b.categories == (label,) for b in first.branches for label in wanted):
            return "conditional"
        if first and (wanted & set(first.possible) or (first.category in wanted)):
            return "asked"
        return "abstained"
    if expected.get("decline") and isinstance(response, Refusal):
        return "right"
    if case.system == "bi_rads_5" and first and "lexicon" in str(first.row):
        return "lexicon"
    return "abstained"


def _management(case: CategoryCase, response: Response, own: list[Decision]) -> Outcome:
    if isinstance(response, NeedsDetails):
        return "asked"
    if not isinstance(response, Answer):
        return "abstained"
    if not case.words:
        return "unscored"
    return "right" if _says(case.expected, response) else "wrong"


def _says(expected: Mapping[str, object], response: Response) -> bool:
    """Whether the expected management's words (each of a list) stand in the answer; spacing and hyphens aside."""
    words = _texts(expected, "management") or (str(expected.get("management", "")),)
    return all(_plain(each) in _plain(response.text) for each in words)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("months", "month")).strip()


def _texts(expected: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = expected.get(key, ())
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def _said(response: Response, own: list[Decision]) -> str:
    kind = type(response).__name__
    found = "; ".join(_in_words(d) for d in (own or response.decisions)[:3])
    return f"{kind} [{response.route}] {found or response.text[:120]!r}"


def _in_words(decision: Decision) -> str:
    name = decision.edition.guideline
    if decision.readings:
        return f"{name} readings {'/'.join(str(r.category) for r in decision.readings)}"
    if decision.category or decision.management:
        return f"{name} {decision.category or (decision.management or '')[:60]}"
    if decision.not_covered:
        return f"{name} not covered"
    return f"{name} asks {', '.join(decision.missing[:3])} of {'/'.join(decision.possible)}"
