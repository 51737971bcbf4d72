"""What ``radcite grade`` does: read, fill in, ask, decide; printing comes last.

The commands only read flags; everything here works on values and what is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from app.grade_dialogue import Ask, dialogue
from app.grade_flags import flags_of
from app.grade_json import sheet_json, whole_json
from app.grade_print import print_beside, print_sheet
from rag.answering.compose import category_named
from rag.answering.finding import Finding
from rag.answering.grade_form import Field, declared_inputs
from rag.answering.grade_sheet import (
    GradeSheet,
    blank_finding,
    filled,
    read_text,
    sheet_of,
    sheets_of,
)
from rag.answering.grading import unclaimed
from rag.answering.proposals import Proposal, Proposed, confirmed, propose
from rag.answering.report_check import ReportCheck, check_report
from rag.answering.side_by_side import SideBySide, side_by_side, systems_beside
from rag.answering.systems import ORGANS
from rag.errors import QuestionError
from rag.knowledge.glossary import Glossary, load_glossary
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.settings import load_settings
from rag.types import Scalar


@dataclass(frozen=True, slots=True)
class Graded:
    """What one call graded: sheets with the check of a stated category, and systems side by side."""

    text: str
    sheets: tuple[GradeSheet, ...]
    checks: tuple[ReportCheck | None, ...] = ()
    besides: tuple[SideBySide, ...] = ()
    proposed: tuple[Proposed, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The guidelines and the words in which a finding may be described."""

    shelf: Shelf
    glossary: Glossary


@cache
def held() -> Held:
    """What is graded with; guidelines are loaded when first used. No passage index is needed."""
    corpus = load_settings().corpus
    shelf = Shelf.open(corpus)
    return Held(shelf, load_glossary(corpus / "glossary.yaml", shelf.vocabulary))


def graded_guidelines() -> tuple[str, ...]:
    """Ids of the guidelines with tables; nothing is loaded for it."""
    shelf = held().shelf
    names = [name for family in ORGANS for name in shelf.families.get(family, ())]
    return tuple(name for name in names if shelf.has_tables(name))


def declared(guideline_id: str) -> tuple[Field, ...]:
    """The inputs that a guideline's tables declare, in the order of dictation."""
    return declared_inputs(held().shelf.get(guideline_id))


def grade_text(text: str, have: Held) -> Graded:
    """Every finding of a text under every current system whose tables fit it."""
    findings = _found(text, have, ())
    besides = tuple(_beside(finding, ("all",), have) for finding in findings)
    sheets = [
        sheet
        for finding in findings
        for name in systems_beside(finding, have.shelf)
        for sheet in sheets_of(have.shelf.get(name), [finding])
    ]
    if not sheets:
        raise QuestionError("no table fits what is described; see radcite grade --help")
    return Graded(text, tuple(sheets), besides=besides)


def _found(text: str, have: Held, guidelines: Sequence[str]) -> tuple[Finding, ...]:
    findings = read_text(text, have.shelf, have.glossary, guidelines)
    if not findings:
        raise QuestionError("no finding can be read from the text; give its type and size")
    return findings


def grade_one(
    guideline_id: str,
    text: str | None,
    values: Mapping[str, Scalar | None],
    have: Held,
    *,
    beside: Sequence[str] = (),
    stated: str | None = None,
    ask: Ask | None = None,
    say: Callable[[str], None] = print,
    proposing: bool = False,
) -> Graded:
    """One guideline: findings from text or flags, the missing asked for where ``ask`` is given.

    Raises:
        QuestionError: nothing can be read, a value is none of an input's, or a label is unknown.
    """
    guideline = have.shelf.get(guideline_id)
    told = _found(text, have, [guideline_id]) if text is not None else (blank_finding(guideline),)
    values = {**_kind_told(guideline, values, text), **values}
    told = tuple(map(unclaimed, told)) if stated else told
    proposed: tuple[Proposed, ...] = ()
    if proposing:
        proposed = tuple(propose(load_settings(), guideline, finding) for finding in told)
        pairs = zip(told, proposed, strict=True)
        told = tuple(confirmed(f, chosen(p, ask, say)) for f, p in pairs)
    findings = tuple(filled(finding, values, guideline) for finding in told)
    sheets = sheets_of(guideline, findings) or tuple(sheet_of(guideline, f) for f in findings[:1])
    if ask is not None:
        sheets = tuple(_asked(guideline, sheet, ask, say) for sheet in sheets)
    checks = tuple(_check(guideline, sheet, stated) for sheet in sheets)
    besides = tuple(_beside(sheet.finding, beside, have, guideline_id) for sheet in sheets)
    return Graded(text or "", sheets, checks, besides if beside else (), proposed)


def _kind_told(
    guideline: Guideline, values: Mapping[str, Scalar | None], text: str | None
) -> Mapping[str, Scalar]:
    """A nodule type by itself says that the finding is a nodule, as it does in a text."""
    kinds = next((f.spec.allowed for f in declared_inputs(guideline) if f.name == "finding"), ())
    alone = text is None and "finding" not in values and bool(values.get("nodule_type"))
    return {"finding": "nodule"} if alone and "nodule" in kinds else {}


def chosen(proposed: Proposed, ask: Ask | None, say: Callable[[str], None]) -> list[Proposal]:
    """The proposals that the reader takes, one by one; none where nobody can be asked."""
    taken = []
    for proposal in proposed.proposals if ask is not None else ():
        answer = (
            ask(f"the model reads {proposal_in_words(proposal)}; take it? [y/N] ") if ask else None
        )
        taken += [proposal] if (answer or "").strip().casefold() in ("y", "yes") else []
    for line in (*proposed.notices, *proposed.dropped):
        say(line)
    return taken


def proposal_in_words(proposal: Proposal) -> str:
    """``timing = new ("popped up since"), against what was read``."""
    read = proposal.descriptor
    against = ", against what was read" if proposal.standing == "contradicts" else ""
    return f'{read.name} = {read.value} ("{read.text}"){against}'


def _asked(
    guideline: Guideline, sheet: GradeSheet, ask: Ask, say: Callable[[str], None]
) -> GradeSheet:
    flags = flags_of(sheet.form)

    def show(shown: GradeSheet) -> None:
        from app import terminal

        print_sheet(shown, flags, terminal.console(), None)

    return dialogue(guideline, sheet.finding, ask, say, show)


def _check(guideline: Guideline, sheet: GradeSheet, stated: str | None) -> ReportCheck | None:
    if stated is None:
        return None
    if category_named(guideline, stated) is None:
        labels = ", ".join(category.label for category in guideline.categories)
        raise QuestionError(
            f"{guideline.edition.label} has no category {stated}; it has {labels or 'none'}"
        )
    return check_report(guideline, sheet.case.finding.for_tables, sheet.decision, stated)


def _beside(
    finding: Finding, asked: Sequence[str], have: Held, first: str | None = None
) -> SideBySide:
    fitting = systems_beside(finding, have.shelf, superseded=first is not None)
    for name in asked:
        if name not in ("all", *graded_guidelines()):
            known = ", ".join(graded_guidelines())
            raise QuestionError(f"no guideline {name} with tables; there are: {known}")
    names = [*([first] if first else []), *(fitting if "all" in asked else asked)]
    return side_by_side(finding, [have.shelf.get(name) for name in dict.fromkeys(names)])


def print_graded(graded: Graded, as_json: bool) -> None:
    """Print everything; as one JSON object where wanted."""
    checks = graded.checks or (None,) * len(graded.sheets)
    if as_json:
        import sys

        from app.batch import dumps

        sheets = [sheet_json(s, c) for s, c in zip(graded.sheets, checks, strict=True)]
        whole = whole_json(graded.text, sheets, graded.besides, graded.proposed)
        sys.stdout.write(dumps(whole, indent=2) + "\n")
        return
    from app import terminal

    to = terminal.console()
    for place, (sheet, check) in enumerate(zip(graded.sheets, checks, strict=True)):
        if place:
            to.print()
        print_sheet(sheet, flags_of(sheet.form), to, check)
    for proposal in (p for each in graded.proposed for p in each.proposals):
        to.print(
            f"the model proposes {proposal_in_words(proposal)}; set it by its flag if it is so"
        )
    for found in graded.besides:
        if len(found.sides) > 1:
            to.print()
            print_beside(found, to)
