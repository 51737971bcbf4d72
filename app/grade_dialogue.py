"""Grading by keyboard: each missing input is asked for, every answer decides again.

Reading and writing are handed in, so that the dialogue itself is a plain function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from app.grade_flags import shown_choices, size_values, value_of
from rag.answering.finding import Finding
from rag.answering.grade_form import Field
from rag.answering.grade_sheet import GradeSheet, filled, sheet_of
from rag.errors import QuestionError
from rag.knowledge.guideline import Guideline
from rag.types import Scalar

Ask = Callable[[str], str | None]
"""Shows a prompt and returns the line typed, without its end; ``None`` when input ends."""
Say = Callable[[str], None]

HELP = (
    "Answer with a number of the list or a value; Enter skips. At the end NAME=VALUE changes an "
    "answer, NAME= takes it back, ? lists the inputs, Enter finishes."
)


def dialogue(
    guideline: Guideline, finding: Finding, ask: Ask, say: Say, show: Callable[[GradeSheet], None]
) -> GradeSheet:
    """Ask for what is missing until the table decides or the reader stops; then take corrections."""
    say(HELP)
    sheet = _fill_in(guideline, sheet_of(guideline, finding), ask, say)
    show(sheet)
    while line := ask("change (NAME=VALUE, ? for the inputs, Enter to finish): "):
        if line.strip() == "?":
            for said in _inputs(sheet):
                say(said)
            continue
        try:
            values = change_of(sheet, line)
        except QuestionError as error:
            say(str(error))
            continue
        sheet = _fill_in(guideline, _with(guideline, sheet, values), ask, say)
        show(sheet)
    return sheet


def _with(guideline: Guideline, sheet: GradeSheet, values: dict[str, Scalar | None]) -> GradeSheet:
    return sheet_of(guideline, filled(sheet.finding, values, guideline))


def _fill_in(guideline: Guideline, sheet: GradeSheet, ask: Ask, say: Say) -> GradeSheet:
    """Ask for each missing input once, the most telling first."""
    skipped: set[str] = set()
    while (field := _next(sheet, skipped)) is not None:
        value = _answered(field, ask, say)
        if value is None:
            skipped.add(field.name)
            continue
        try:
            sheet = _with(guideline, sheet, {field.name: value})
        except QuestionError as error:
            say(str(error))
            skipped.add(field.name)
    return sheet


def _next(sheet: GradeSheet, skipped: set[str]) -> Field | None:
    waiting = (f for f in sheet.form if f.missing is not None and f.name not in skipped)
    return min(waiting, key=lambda field: field.missing or 0, default=None)


def _answered(field: Field, ask: Ask, say: Say) -> Scalar | None:
    """The value typed for one input; ``None`` where the reader skips it."""
    say(field.spec.question)
    for number, value in enumerate(field.spec.values, start=1):
        say(f"  {number}  {value.label}")
    unit = f", {field.spec.unit}" if field.spec.unit else ""
    while line := ask(f"{field.spec.label}{unit}: "):
        try:
            return _typed(field, line)
        except QuestionError as error:
            say(str(error))
    return None


def _typed(field: Field, line: str) -> Scalar:
    """A number of the list, or a value; of a size in axes the diameter that is asked for.

    A value that is itself a number (a category) goes before a number of the list.
    """
    said = line.strip()
    values = field.spec.allowed
    if values and said.isdecimal() and said not in values and 1 <= int(said) <= len(values):
        return values[int(said) - 1]
    if field.name in ("mean_diameter", "max_diameter") and "x" in said.casefold():
        return size_values([field], said)[field.name]
    return value_of(field, said)


def change_of(sheet: GradeSheet, line: str) -> dict[str, Scalar | None]:
    """``timing=new`` as the value to set; ``timing=`` takes it back.

    Raises:
        QuestionError: there is no such input or value.
    """
    name, sign, said = line.partition("=")
    wanted = name.strip().casefold().replace("-", "_").replace(" ", "_")
    field = next((f for f in sheet.form if f.name == wanted or _ends(f.name, wanted, sheet)), None)
    if not sign or field is None:
        raise QuestionError(f"write NAME=VALUE with an input's name, not {line.strip()!r}")
    return {field.name: _typed(field, said) if said.strip() else None}


def _ends(name: str, wanted: str, sheet: GradeSheet) -> bool:
    same = [f for f in sheet.form if f.name.rsplit("_", 1)[-1] == wanted]
    return len(same) == 1 and same[0].name == name


def _inputs(sheet: GradeSheet) -> Iterator[str]:
    for field in sheet.form:
        if field.in_play:
            now = f" = {field.read.value}" if field.read else ""
            yield f"  {field.name}{now}  ({shown_choices(field)})"
