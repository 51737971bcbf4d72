"""Many questions, one JSON object a line, answered in order.

A line that cannot be read or answered gives ``{"id", "error"}`` in its place and the rest goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr, ValidationError

from rag.answering.payload import Json, to_json
from rag.errors import RadciteError
from rag.types import Response


class InputLine(BaseModel):
    """One line as the contract gives it; other keys are allowed and not read."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: StrictStr
    id: StrictStr | StrictInt | None = None
    guideline: StrictStr | list[StrictStr] | None = None
    history: list[StrictStr] = []

    @property
    def guidelines(self) -> tuple[str, ...] | None:
        if self.guideline is None:
            return None
        return (self.guideline,) if isinstance(self.guideline, str) else tuple(self.guideline)


AskLine = Callable[[InputLine], Response]


@dataclass(frozen=True, slots=True)
class OutputLine:
    """One line of output and whether it is an answer."""

    text: str
    good: bool


def answer_lines(
    lines: Iterable[bytes], ask: AskLine, restrict: tuple[str, ...] = ()
) -> Iterator[OutputLine]:
    """Answer each line that is not blank; ``restrict`` holds for lines that name no guideline.

    A line without ``id`` gets its line number (from 1) as its id.
    """
    for number, raw in enumerate(lines, start=1):
        if raw.strip():
            yield _answered(raw, number, ask, restrict)


def _answered(raw: bytes, number: int, ask: AskLine, restrict: tuple[str, ...]) -> OutputLine:
    ident: Json = number
    try:
        record = _record(raw)
        ident = record.get("id", number)  # type: ignore[assignment]
        line = InputLine.model_validate(record)
        if line.guideline is None and restrict:
            line = line.model_copy(update={"guideline": list(restrict)})
        return OutputLine(dumps({**to_json(ask(line)), "id": ident}), good=True)
    except ValidationError as error:
        return _failed(ident, f"line {number}: {_first(error)}")
    except (ValueError, RadciteError) as error:
        return _failed(ident, f"line {number}: {error}")


def _record(raw: bytes) -> Mapping[str, object]:
    """The line as an object.

    Raises:
        ValueError: it is not UTF-8, not JSON, or not an object.
    """
    try:
        record = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno})") from error
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    return record


def _first(error: ValidationError) -> str:
    found = error.errors()[0]
    return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg'].lower()}"


def _failed(ident: Json, message: str) -> OutputLine:
    shown = ident if isinstance(ident, str | int | float) or ident is None else None
    return OutputLine(dumps({"id": shown, "error": message}), good=False)


def dumps(value: Mapping[str, Json], *, indent: int | None = None) -> str:
    """JSON with Korean and symbols as they are, and no value that JSON does not know."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
