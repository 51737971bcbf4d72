"""What a question asks for: which guidelines, which categories, which findings, and what of them.

Pure and light: names come from the shelf, findings from the grammar. Only the guidelines whose
labels a question names are loaded, to say which labels exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from rag.answering.descriptors import read_findings
from rag.answering.finding import Finding
from rag.answering.intent import Intent, intent_of
from rag.answering.labels import Label, labels_in
from rag.answering.reading import organ_meant
from rag.answering.scope import is_plain
from rag.answering.systems import ORGANS, Named, named_in, unknown_gradings
from rag.knowledge.glossary import Glossary, Organ
from rag.knowledge.shelf import Shelf
from rag.knowledge.vocabulary import Vocabulary
from rag.knowledge.words import fold


@dataclass(frozen=True, slots=True)
class Routed:
    """Where a question goes.

    Attributes:
        intent: what is asked of the guidelines.
        guidelines: ids that the question names; the current edition where none is named, and the
            only candidate where it names no system but one alone fits. Empty when none is named.
        labels: category labels asked about, as the guideline prints them (``4A``, ``TR4``).
        nonexistent: ``(guideline id, label)`` asked about that the guideline does not have.
        ambiguous: ids that may be meant where a label or system name is unqualified.
        findings: what the question describes.
        editions_named: superseded editions named outright.
        unknown_editions: editions named that the shelf does not hold (``v3``).
        elsewhere: systems named that the shelf does not hold (``eu tirads``).
        stated: labels that a report in the question gives its finding (for ``check_report``).
    """

    intent: Intent
    guidelines: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    nonexistent: tuple[tuple[str, str], ...] = ()
    ambiguous: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    editions_named: tuple[str, ...] = ()
    unknown_editions: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()


def route(question: str, shelf: Shelf, vocabulary: Vocabulary, glossary: Glossary) -> Routed:
    """Where ``question`` goes; under 10 ms once the guidelines it names are loaded."""
    folded = fold(question)
    named = named_in(question, shelf)
    if not named.families and not named.generic:
        strange = unknown_gradings(question, shelf, glossary.terms, is_plain)
        named = replace(named, elsewhere=tuple(dict.fromkeys((*named.elsewhere, *strange))))
    organ = _organ_named(named)
    findings = read_findings(question, vocabulary, glossary, organ)
    meant = organ or organ_meant(folded, glossary.mentions(folded))
    asked = tuple(x for x in labels_in(folded) if not x.negated and _of_shelf(x, named))
    candidates = named.guidelines or _candidates(asked, named, meant, folded, findings, shelf)
    intent = intent_of(folded, named, asked, findings, shelf)
    named_one = named.guidelines or (candidates if len(candidates) == 1 else ())
    return Routed(
        intent=intent,
        guidelines=_for_comparison(named, shelf) if intent == "compare_editions" else named_one,
        labels=_printed(asked, candidates, shelf),
        nonexistent=tuple(_nonexistent(asked, candidates, shelf)),
        ambiguous=candidates if not named_one else (),
        findings=findings,
        editions_named=tuple(i for i in named.editions if shelf.edition(i).superseded),
        unknown_editions=named.unknown_editions,
        elsewhere=named.elsewhere,
        stated=_printed([x for x in asked if not x.former], candidates, shelf),
    )


def _organ_named(named: Named) -> Organ | None:
    """The organ that all named guidelines are about, if they are about one."""
    organs = {ORGANS[family] for family in named.families if family in ORGANS}
    return organs.pop() if len(organs) == 1 else None


def _of_shelf(label: Label, named: Named) -> bool:
    """Whether a label is one of a system that may be on the shelf."""
    return label.system is None or re.sub(r"[\s-]+", " ", label.system) not in named.elsewhere


def _candidates(
    labels: Iterable[Label],
    named: Named,
    organ: Organ | None,
    folded: str,
    findings: tuple[Finding, ...],
    shelf: Shelf,
) -> tuple[str, ...]:
    """Guidelines that may be meant where none is named: those that have the labels asked about."""
    wanted = tuple(labels)
    if (not wanted and not named.generic) or named.elsewhere:
        return ()
    about = _likely_organ(organ, folded, findings)
    generic_thyroid = (
        any(x.system and "ti" in x.system for x in wanted) or "ti" in folded.split("rads")[0][-4:]
    )
    families = [
        f for f, o in ORGANS.items() if f in shelf.families and (about is None or o == about)
    ]
    if generic_thyroid and named.generic:
        families = [f for f in families if ORGANS[f] == "thyroid"]
    current = [shelf.families[family][0] for family in families]
    graded = [i for i in current if shelf.get(i).categories]
    having = [i for i in graded if all(_exists(x.value, i, shelf) for x in wanted)]
    return tuple(having or graded)


def _likely_organ(organ: Organ | None, folded: str, findings: tuple[Finding, ...]) -> Organ | None:
    """The organ of the words, else of the technique ("CT") or of what only one system follows up."""
    if organ:
        return organ
    if any(
        f.get("prior_category") and f.get("followup_months") and _nodule_word().search(folded)
        for f in findings
    ):
        return "lung"
    return "lung" if _ct().search(folded) else None


@cache
def _nodule_word() -> re.Pattern[str]:
    return re.compile(r"\bnodules?\b|결절")


@cache
def _ct() -> re.Pattern[str]:
    return re.compile(r"\b(?:ld)?ct\b")


def _exists(value: str, guideline_id: str, shelf: Shelf) -> bool:
    return _as_printed(value, guideline_id, shelf) is not None


def _as_printed(value: str, guideline_id: str, shelf: Shelf) -> str | None:
    """A label as the guideline prints it (``4`` is ``TR4`` in ACR TI-RADS), ``None`` if it has none."""
    for category in shelf.get(guideline_id).categories:
        printed = category.label.upper()
        if printed == value or re.fullmatch(rf"[A-Z]+-?{re.escape(value)}", printed):
            return category.label
    return None


def _prefix(guideline_id: str, shelf: Shelf) -> str:
    """Letters that all labels of a guideline start with (``TR``); empty where there are none."""
    labels = [category.label for category in shelf.get(guideline_id).categories]
    starts = {re.match(r"[A-Z]*-?", label).group() for label in labels}  # type: ignore[union-attr]  # may be empty, never None
    return starts.pop() if len(starts) == 1 else ""


def _printed(labels: Iterable[Label], guidelines: Iterable[str], shelf: Shelf) -> tuple[str, ...]:
    """Labels as the first guideline that has them prints them."""
    ids = tuple(guidelines)
    found = (
        next((p for i in ids if (p := _as_printed(x.value, i, shelf))), None)
        or f"{_own_prefix(x) or (_prefix(ids[0], shelf) if ids else '')}{x.value}"
        for x in labels
    )
    return tuple(dict.fromkeys(found))


def _own_prefix(label: Label) -> str:
    """The letters a label brings along: ``LR-5``."""
    return "LR-" if label.system == "lr" else ""


def _nonexistent(
    labels: Iterable[Label], guidelines: tuple[str, ...], shelf: Shelf
) -> Iterator[tuple[str, str]]:
    """Labels that a guideline with categories does not have, where no other meant one has them."""
    graded = [i for i in guidelines if shelf.get(i).categories]
    for label in dict.fromkeys(x.value for x in labels):
        if graded and not any(_exists(label, i, shelf) for i in graded):
            yield from ((i, f"{_prefix(i, shelf)}{label}") for i in graded)


def _for_comparison(named: Named, shelf: Shelf) -> tuple[str, ...]:
    """The editions to compare: those named, else the current one and the one before it."""
    family = next(f for f in named.families if len(shelf.families[f]) > 1)
    held = shelf.families[family]
    chosen = [i for i in held if i in named.editions]
    if len(chosen) < 2:
        chosen = [*dict.fromkeys([*chosen, *held])][:2]
    return tuple(sorted(chosen, key=held.index))


def systems_for(finding: Finding, shelf: Shelf) -> tuple[str, ...]:
    """Guidelines that may apply to a finding where the question names none, the likeliest first.

    A lung nodule of a screening examination goes to the screening guideline alone, an incidental
    one to the guideline for incidental nodules alone; without such a word both may apply.
    """
    families = _families_for(finding)
    return tuple(shelf.families[family][0] for family in families if family in shelf.families)


def _families_for(finding: Finding) -> tuple[str, ...]:
    kind = finding.kind or ""
    if kind == "thyroid_nodule":
        return ("k_tirads", "acr_ti_rads")
    if kind == "breast_finding":
        return ("bi_rads",)
    if finding.get("exam_context") == "incidental":
        return ("fleischner",)
    screening = finding.get("exam_context") == "screening" or finding.get("timing") == "baseline"
    if screening or finding.get("prior_category") or kind not in ("nodule", "juxtapleural_nodule"):
        return ("lung_rads",)
    return ("lung_rads", "fleischner")
