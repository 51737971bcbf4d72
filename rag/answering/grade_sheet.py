"""One finding under one guideline as a sheet: form, decision, tables, sentence, what tips it.

    text -> read_text -> findings -> sheet_of -> (the reader corrects) -> corrected -> sheet_of ...

Everything here is a pure function of values; front ends keep only the finding.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rag.answering.branches import with_branches
from rag.answering.descriptors import read_findings
from rag.answering.finding import Finding
from rag.answering.grade_form import Field, declared_inputs, form_of
from rag.answering.grade_tables import TableView, tables_of
from rag.answering.grading import Case, case_of, corrected, most_suspicious_first, remarks
from rag.answering.report_sentence import report_sentence
from rag.answering.side_by_side import SideBySide, side_by_side
from rag.answering.systems import ORGANS
from rag.errors import QuestionError
from rag.knowledge.glossary import Glossary, Organ
from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf
from rag.types import Clarification, Decision, Descriptor, Edition, Scalar


@dataclass(frozen=True, slots=True)
class GradeSheet:
    """What a grading page shows of one finding under one guideline.

    Attributes:
        edition: the guideline's edition.
        finding: the finding as told; correct this one.
        form: the guideline's inputs in the order of dictation, with what was read and where.
        decision: what the table says; its ``clarification`` is the next question.
        tables: the tables on the way there, the row that holds marked.
        sentence: for the report; empty while undecided.
        remarks: contradictions, suspicions and notes of reading.
        case: what :func:`rag.answering.decisive.turning_points` and the like work on.
    """

    edition: Edition
    finding: Finding
    form: tuple[Field, ...]
    decision: Decision
    tables: tuple[TableView, ...]
    sentence: str
    remarks: tuple[str, ...]
    case: Case

    @property
    def question(self) -> Clarification | None:
        """The next question; ``None`` where nothing is missing."""
        return self.decision.clarification

    def field(self, name: str) -> Field:
        """The input called ``name``.

        Raises:
            KeyError: the guideline's tables ask for no such input.
        """
        found = next((field for field in self.form if field.name == name), None)
        if found is None:
            raise KeyError(name)
        return found


def gradable(shelf: Shelf) -> tuple[str, ...]:
    """Ids of the guidelines whose tables grade findings, current editions first."""
    held = [
        name for family in ORGANS if family in shelf.families for name in shelf.families[family]
    ]
    return tuple(name for name in held if shelf.has_tables(name) and shelf.get(name).entry)


def read_text(
    text: str, shelf: Shelf, glossary: Glossary, guidelines: Collection[str] = ()
) -> tuple[Finding, ...]:
    """The findings that a text describes, in order; ``guidelines`` say which organ it is about."""
    organs = {ORGANS.get(shelf.get(name).family) for name in guidelines}
    organ = organs.pop() if len(organs) == 1 else None
    return read_findings(text, shelf.vocabulary, glossary, _organ(organ))


def _organ(name: str | None) -> Organ | None:
    return name if name in ("lung", "thyroid", "breast") else None


def blank_finding(guideline: Guideline) -> Finding:
    """A finding of which nothing is known but its kind, where the guideline knows only one."""
    organ = _organ(ORGANS.get(guideline.family))
    kinds = next((f.spec.allowed for f in declared_inputs(guideline) if f.name == "finding"), ())
    known = tuple(Descriptor("finding", kind, None, "", (0, 0)) for kind in kinds[:1])
    return Finding(known if len(kinds) == 1 else (), organ=organ)


def filled(finding: Finding, values: Mapping[str, Scalar | None], guideline: Guideline) -> Finding:
    """``finding`` with values set by hand (``None`` takes one back), read as the form declares them.

    Raises:
        QuestionError: the guideline's tables have no such input, or the value is none of it.
    """
    declared = {field.name for field in declared_inputs(guideline)}
    unknown = next((name for name in values if name not in declared), None)
    if unknown is not None:
        raise QuestionError(
            f"{guideline.edition.label} asks for no input {unknown!r}; "
            f"its inputs are {', '.join(sorted(declared))}"
        )
    return corrected(finding, values, guideline.vocabulary)


def sheet_of(guideline: Guideline, finding: Finding) -> GradeSheet:
    """The sheet of one finding; call it again after every correction.

    Raises:
        QuestionError: a descriptor is not declared in the vocabulary.
    """
    return _sheet(with_branches(case_of(guideline, finding)))


def sheets_of(guideline: Guideline, findings: Sequence[Finding]) -> tuple[GradeSheet, ...]:
    """A sheet for each finding that the guideline has a table for, the most suspicious first."""
    return tuple(_sheet(with_branches(case)) for case in most_suspicious_first(guideline, findings))


def _sheet(case: Case) -> GradeSheet:
    return GradeSheet(
        edition=case.guideline.edition,
        finding=case.told,
        form=form_of(case),
        decision=case.decision,
        tables=tables_of(case),
        sentence=report_sentence(case),
        remarks=remarks([case]),
        case=case,
    )


def beside(finding: Finding, guidelines: Sequence[Guideline]) -> SideBySide:
    """The finding under each system that has a table for it; see :mod:`side_by_side`."""
    return side_by_side(finding, guidelines)
