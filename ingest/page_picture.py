"""Evidence on the page: a document's page as a picture with the cited lines marked on it.

What is marked comes from the positions that were kept when the document was read. Where the words
cannot be located nothing is marked, and the picture says so.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ingest.document import PageText, ReadDocument, TextLine
from ingest.manifest import LibraryEntry, load_library, stored_file
from ingest.pdf_picture import Mark, Outline
from ingest.picture_worker import PictureAnswer, PictureRequest
from ingest.places import find_quote, within
from ingest.reading import worker_environment
from rag.errors import DocumentError
from rag.types import Box

_SECONDS = 60.0
_DOCUMENT = TypeAdapter(ReadDocument)


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a picture; sizes in pixels.

    ``found`` says whether anything is marked; ``boxes`` is what is (in points), ``reason`` why
    nothing is; ``pages`` counts the document's pages, for turning them.
    """

    png: bytes
    width: int
    height: int
    found: bool
    boxes: tuple[Box, ...]
    pages: int
    reason: str | None = None


def page_picture(
    home: Path,
    document: str,
    page: int,
    *,
    quote: str | None = None,
    boxes: Sequence[Box] = (),
    scale: float = 1.5,
    outlines: Sequence[Outline] = (),
) -> PagePicture:
    """Page ``page`` (from 1) of a library document, ``scale`` pixels a point.

    ``document`` is its id or name. Marked are the lines of ``quote`` where it stands on this page,
    else those of ``boxes`` that lie on this page, else nothing. ``outlines`` are drawn as frames.

    Raises:
        DocumentError: not in the library, without pages, no such page, or it cannot be drawn.
    """
    entry = load_library(home).find(document)
    path = stored_file(home, entry)
    if path.suffix.lower() != ".pdf":
        raise DocumentError(entry.name, "has no pages to show: only PDF files have")
    if not path.is_file():
        raise DocumentError(entry.name, "its stored file is gone: add it again")
    marks = _marks(home, entry, page, quote, boxes)
    request = PictureRequest(
        path=str(path), name=entry.name, page=page, scale=scale, marks=marks,
        outlines=tuple(outlines),
    )  # fmt: skip
    answer = _draw(request)
    return PagePicture(
        png=base64.b64decode(answer.png),
        width=answer.width,
        height=answer.height,
        found=bool(marks),
        boxes=answer.boxes,
        pages=answer.pages,
        reason=None if marks else _nothing_marked(quote, boxes, page),
    )


def _marks(
    home: Path, entry: LibraryEntry, page: int, quote: str | None, boxes: Sequence[Box]
) -> tuple[Mark, ...]:
    pages = pages_of(home, entry)
    located = locate(pages, page, quote) if quote else ()
    return located or tuple(Mark(box) for box in boxes if box.page == page)


def locate(pages: Sequence[PageText], page: int, quote: str) -> tuple[Mark, ...]:
    """The lines on ``page`` in which ``quote`` stands; empty where it does not.

    A sentence that runs on over a page break stands in the text of the page before.
    """
    for text in pages:
        if text.number not in (page, page - 1):
            continue
        span = find_quote(text.text, quote)
        marks = tuple(_line_marks(text, span, page)) if span else ()
        if marks:
            return marks
    return ()


def _line_marks(text: PageText, span: tuple[int, int], page: int) -> Iterator[Mark]:
    for line, part in zip(_whole(text, span), within(text.lines, span), strict=True):
        if line.box.page != page:
            continue
        meant = text.text[slice(*part.span)]
        yield Mark(line.box, None if part.span == line.span else meant)


def _whole(text: PageText, span: tuple[int, int]) -> tuple[TextLine, ...]:
    return tuple(line for line in text.lines if line.span[0] < span[1] and line.span[1] > span[0])


def pages_of(home: Path, entry: LibraryEntry) -> tuple[PageText, ...]:
    """The document's pages as they were last read; none where that was not kept."""
    kept = sorted(
        (home / "cache" / "read").glob(f"{entry.content[:32]}-*.json"),
        key=lambda path: path.stat().st_mtime_ns,
    )
    return _kept_pages(kept[-1], kept[-1].stat().st_mtime_ns) if kept else ()


@lru_cache(maxsize=4)
def _kept_pages(path: Path, _mark: int) -> tuple[PageText, ...]:
    try:
        return _DOCUMENT.validate_json(path.read_bytes()).pages
    except (OSError, ValidationError):
        return ()


def _nothing_marked(quote: str | None, boxes: Sequence[Box], page: int) -> str | None:
    if quote or boxes:
        return f"the words could not be located on page {page}: nothing is marked"
    return None


def _draw(request: PictureRequest) -> PictureAnswer:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ingest.picture_worker"],
            input=request.model_dump_json().encode(),
            capture_output=True,
            timeout=_SECONDS,
            env=worker_environment(),
            check=False,
        )
        answer = PictureAnswer.model_validate_json(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(request.name, f"page {request.page}: not drawn in time") from error
    except ValidationError as error:
        raise DocumentError(request.name, f"page {request.page} cannot be drawn") from error
    if answer.reason is not None:
        raise DocumentError(request.name, answer.reason)
    return answer
