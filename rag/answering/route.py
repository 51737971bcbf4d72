"""What a question asks for: which guidelines, which categories, which findings, and what of them.

Pure and light: names come from the shelf, findings from the grammar. Only the guidelines whose
labels a question names are loaded, to say which labels exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rag.answering.descriptors import read_findings
from rag.answering.finding import Finding
from rag.answering.labels import Label, labels_in
from rag.answering.reading import organ_meant
from rag.answering.systems import ORGANS, Named, named_in
from rag.knowledge.glossary import Glossary, Organ
from rag.knowledge.shelf import Shelf
from rag.knowledge.vocabulary import Vocabulary
from rag.knowledge.words import fold

Intent = Literal[
    "grade",
    "category_info",
    "compare_editions",
    "appropriateness",
    "guideline_text",
    "check_report",
]


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
    organ = _organ_named(named)
    findings = read_findings(question, vocabulary, glossary, organ)
    meant = organ or organ_meant(glossary.mentions(folded))
    asked = tuple(x for x in labels_in(folded) if not x.negated and _of_shelf(x, named))
    candidates = named.guidelines or _candidates(asked, named, meant, folded, findings, shelf)
    intent = _intent(folded, named, asked, findings, shelf)
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
        or f"{_prefix(ids[0], shelf) if ids else ''}{x.value}"
        for x in labels
    )
    return tuple(dict.fromkeys(found))


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


def _intent(
    folded: str,
    named: Named,
    labels: tuple[Label, ...],
    findings: tuple[Finding, ...],
    shelf: Shelf,
) -> Intent:
    has_tables = not named.families or any(family in ORGANS for family in named.families)
    described = has_tables and any(_is_described(finding) for finding in findings)
    if _compares(folded, named, labels, described, shelf):
        return "compare_editions"
    if described and not _asks_about_words(folded):
        return "check_report" if _claims(folded, labels) else "grade"
    if _orders().search(folded) and not labels:
        return "appropriateness"
    if labels and not _asks_which(folded):
        return "category_info"
    return "guideline_text"


_CONTEXT = (
    "finding",
    "exam_context",
    "age",
    "multiplicity",
    "risk",
    "known_cancer",
    "immunosuppression",
)
_SIZES = ("mean_diameter", "max_diameter", "volume")
_ENOUGH_ALONE = (
    "incomplete_exam",
    "infection",
    "no_nodule",
    "prior_category",
    "airway_nodule",
    "cyst",
)


def _is_described(finding: Finding) -> bool:
    """Whether a text describes a finding and does not merely name one."""
    told = [d.name for d in finding.descriptors if d.name not in _CONTEXT]
    if finding.kind in _ENOUGH_ALONE:
        return bool(told) or finding.kind == "no_nodule"
    if finding.kind == "breast_finding":
        return any(name != "birads_category" for name in told) and told != ["birads_category"]
    sized = any(name in _SIZES for name in told)
    return sized or len({*told, *finding.open} - {"thyroid_level"}) > 1


@cache
def _definition() -> re.Pattern[str]:
    """How a question opens that asks for words of the guideline and grades nothing."""
    return re.compile(
        r"^\W*(?:what (?:counts|is meant|does [^?]{1,40} mean|is the (?:definition|meaning)|defines|qualifies)"
        r"|(?:what|which) (?:of|findings?|features?|imaging|ultrasound|us|mammographic|signs?|likelihood|nodules?|lesions?|criteria|margins?|sizes?|cysts?)\b(?! is this)"
        r"|how (?:is|are|do you|does one)\b[^?]{0,70}\b(?:defined|measured|definition|measure|define|calculated|scored|counted)"
        r"|define\b|definition of|does\b[^?]{0,90}\bcount|do\b[^?]{0,90}\bcount|is there (?:a|any)\b|explain\b(?! why this)|why\b"
        r"|when (?:is|are|should|can|may)\b[^?]{0,60}\b(?:added|used|applied|given|assigned|appropriate|needed|allowed)"
        r"|difference between|what(?:'s| is) the difference|compare\b)"
    )


def _asks_about_words(folded: str) -> bool:
    return _definition().search(folded) is not None


def _asks_which(folded: str) -> bool:
    return re.match(r"\W*which (?:findings|features|nodules|lesions)\b", folded) is not None


@cache
def _check() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:is|was|are|does|would)\b[^?]{0,60}\b(?:right|correct|appropriate|accurate|agree|consistent|justified|valid|wrong)\b|\b(?:correct|right|agree)\s*\?"
        r"|\b(?:the report|radiologist|report) (?:calls?|says?|states?|gives?|reads?|assigned)|맞나요|맞는지|맞습니까|옳은가"
    )


def _claims(folded: str, labels: Iterable[Label]) -> bool:
    """Whether the text gives its finding a category and asks whether that is so."""
    own = [x for x in labels if not x.former]
    if not own:
        return False
    asked = any(re.match(r"[\"'”)]*\s*\?", folded[x.place[1] :]) for x in own)
    return asked or _check().search(folded) is not None


@cache
def _change() -> re.Pattern[str]:
    return re.compile(
        r"what(?:'s| is| was| has| have|) (?:new|changed|different|the changes?)\b|\b(?:did|has|have|was|were)\b[^?.]{0,80}\bchanged?\b|\bchang(?:e[sd]?|ing) (?:from|between|in|since|to the)\b"
        r"|differen(?:ce|t|ces)\b[^?.]{0,60}\b(?:between|from|edition|version|v?\d)|\b(?:compare|versus|vs\.?|compared (?:to|with))\b|\bupdate[ds]?\b|\bused to be\b|\b(?:old|older|previous|earlier|former|superseded|prior) (?:edition|version|guideline)"
        r"|바뀌|바뀐|변경|달라|개정|차이"
    )


def _compares(
    folded: str, named: Named, labels: Iterable[Label], described: bool, shelf: Shelf
) -> bool:
    """Whether two editions of one system are set against each other."""
    several = [f for f in named.families if len(shelf.families[f]) > 1]
    if not several or len(named.families) > 1:
        return False
    editions = [i for i in named.editions if i in shelf.families[several[0]]]
    if len(editions) > 1:
        return True
    two_labels = len({x.value for x in labels}) > 1
    return _change().search(folded) is not None and not described and not two_labels


@cache
def _orders() -> re.Pattern[str]:
    """Asking which examination to order, or a patient's story that ends there."""
    test = r"(?:test|exam|examination|imaging|study|scan|modality|investigation|radiograph|ct|mri|ultrasound|x-?ray)"
    return re.compile(
        rf"\b(?:which|what|best|first|first-line|initial|next|most appropriate|appropriate|right|recommended)\s+(?:\w+\s+){{0,2}}?{test}\b(?! protocol| findings?)"
        rf"|\b(?:should|can|do|shall)\s+(?:i|we)\s+(?:order|request|get|do|image|scan)|\border(?:ing|ed)?\b[^?.]{{0,30}}{test}|\bis (?:an? )?{test} (?:indicated|needed|appropriate|warranted|necessary)"
        r"|\bhow (?:should|do|to) (?:i |we |)image\b|\bwork-?up (?:of|for)\b|\b(?:presents?|presenting) with\b|\bappropriateness\b|어떤 (?:검사|영상)|무슨 검사|첫 검사"
    )


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
