"""Flags and answers of ``radcite grade``: made from a guideline's declared inputs, and read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rag.answering.grade_form import Field
from rag.answering.measurements import quantities
from rag.errors import QuestionError
from rag.knowledge.interval import parse_bounds
from rag.knowledge.words import fold
from rag.types import Scalar, Span

RESERVED = ("text", "json", "size", "beside", "stated", "interactive", "help", "older", "propose")
_YES_NO = {"yes": "present", "y": "present", "no": "absent", "n": "absent", "none": "absent"}
_SIZES = ("mean_diameter", "max_diameter")


def flags_of(form: Sequence[Field]) -> Mapping[str, tuple[str, ...]]:
    """The flags of each input: its name, and its last word where no other input ends so.

    ``nodule_type`` is ``--nodule-type`` and ``--type``.
    """
    last = Counter(field.name.rsplit("_", 1)[-1] for field in form)
    names = {field.name for field in form}
    flags: dict[str, tuple[str, ...]] = {}
    for field in form:
        short = field.name.rsplit("_", 1)[-1]
        free = last[short] == 1 and short not in RESERVED and (short not in names)
        own = (f"--{field.name.replace('_', '-')}",)
        flags[field.name] = (*own, f"--{short}") if free else own
    return flags


def shown_choices(field: Field) -> str:
    """What may be given: ``solid|part-solid|non-solid``, or a number in its unit."""
    if field.spec.allowed:
        return "|".join(value.replace("_", "-") for value in field.spec.allowed)
    return {"percent": "%", None: "number"}.get(field.spec.unit, str(field.spec.unit))


def value_of(field: Field, said: str) -> Scalar:
    """One value as a reader writes it: ``part-solid``, ``yes``, ``9``, ``0.9 cm``, ``<6``.

    A number without a unit is in the input's own unit.

    Raises:
        QuestionError: it is none of the input's values, or no number or bounds.
    """
    if field.spec.allowed:
        return _choice(field, said)
    try:
        return float(said)
    except ValueError:
        return _bounds(field, said)


def _choice(field: Field, said: str) -> str:
    plain = said.strip().casefold().replace("-", "_").replace(" ", "_")
    allowed = {value.casefold(): value for value in field.spec.allowed}
    labels = {v.label.casefold().replace("-", "_").replace(" ", "_"): v.value
              for v in field.spec.values}  # fmt: skip
    found = allowed.get(plain) or labels.get(plain)
    if found is None and plain in _YES_NO:
        found = allowed.get(_YES_NO[plain])
    if found is None:
        raise QuestionError(f"{field.name} is one of {shown_choices(field)}, not {said!r}")
    return found


def _bounds(field: Field, said: str) -> Scalar:
    unit = field.spec.unit
    written = said if any(c.isalpha() or c == "%" for c in said) else f"{said} {unit or ''}"
    written = written.replace("%", " percent").replace("\u2264", "<=").replace("\u2265", ">=")
    try:
        bounds = parse_bounds(written.strip(), unit)
    except ValueError as error:
        raise QuestionError(
            f"{field.name} is a number in {unit or 'no unit'} or bounds like '< 6', not {said!r}"
        ) from error
    return written.strip() if bounds.exact is None else bounds.exact


def size_values(form: Sequence[Field], said: str) -> dict[str, Scalar]:
    """A size in one, two or three axes (``9``, ``9x7``, ``1.2 x 0.9 cm``) as the diameters asked for.

    Raises:
        QuestionError: no size can be read, or the guideline asks for none.
    """
    text = fold(said)
    found = quantities(text if any(c.isalpha() and c != "x" for c in text) else f"{text} mm")
    lengths = [q for q in found if q.kind == "length"]
    if len(lengths) != 1 or not _is_all(text, lengths[0].span):
        raise QuestionError(f"--size is one size like 9, 9x7 or '1.2 x 0.9 cm', not {said!r}")
    values = {"mean_diameter": lengths[0].mean, "max_diameter": lengths[0].greatest}
    asked = {field.name for field in form if field.name in _SIZES}
    if not asked:
        raise QuestionError("this guideline asks for no size")
    return {name: value for name, value in values.items() if name in asked}


def _is_all(text: str, span: Span) -> bool:
    """Whether nothing but a unit stands beside what was read."""
    rest = f"{text[: span[0]]} {text[span[1] :]}"
    return rest.replace("mm", "").strip() == ""
