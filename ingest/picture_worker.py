"""Draws one page in a process of its own: ``python -m ingest.picture_worker``.

Asked in JSON on standard input, answers in JSON on standard output, within the limits of
``ingest/worker.py``; a page made to crash its reader costs this process only.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ingest.pdf_picture import Drawn, Mark, Outline, draw_page
from ingest.worker import limit_process
from rag.errors import DocumentError
from rag.types import Box


class PictureRequest(BaseModel):
    """What shall be drawn."""

    model_config = ConfigDict(extra="forbid")

    path: str
    name: str
    page: int
    scale: float
    marks: tuple[Mark, ...] = ()
    outlines: tuple[Outline, ...] = ()
    memory_mb: int = 1_024


class PictureAnswer(BaseModel):
    """The picture (base64) with what was marked, or why there is none."""

    model_config = ConfigDict(extra="forbid")

    png: str = ""
    width: int = 0
    height: int = 0
    boxes: tuple[Box, ...] = ()
    pages: int = 0
    reason: str | None = None


def _answer(drawn: Drawn) -> PictureAnswer:
    return PictureAnswer(
        png=base64.b64encode(drawn.png).decode("ascii"),
        width=drawn.width,
        height=drawn.height,
        boxes=drawn.boxes,
        pages=drawn.pages,
    )


def main() -> None:
    """Answer the one request on standard input."""
    request = PictureRequest.model_validate_json(sys.stdin.buffer.read())
    limit_process(request.memory_mb)
    try:
        drawn = draw_page(
            Path(request.path),
            request.name,
            request.page,
            request.scale,
            request.marks,
            request.outlines,
        )
        answer = _answer(drawn)
    except DocumentError as error:
        answer = PictureAnswer(reason=error.reason)
    except MemoryError:
        answer = PictureAnswer(reason=f"needs more than {request.memory_mb} MB to be drawn")
    sys.stdout.write(json.dumps(answer.model_dump()))


if __name__ == "__main__":
    main()
