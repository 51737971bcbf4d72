"""Reads one document in a process of its own: ``python -m ingest.worker``.

A request comes as JSON on standard input, the answer goes as JSON to standard output. The process
limits itself before it touches the document; whoever started it limits its time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.document import Criteria, PageText, ReadDocument
from ingest.written import Written
from rag.errors import DocumentError, SettingsError

MAX_CHARACTERS = 30_000_000
NO_TEXT_LAYER = "no text layer (scanned pictures only): run OCR on it first, e.g. ocrmypdf"


@dataclass(frozen=True, slots=True)
class _Content:
    """What a file holds, whatever its kind."""

    title: str | None
    pages: tuple[PageText, ...]
    notices: tuple[str, ...] = ()
    criteria: Criteria | None = None


def read_document(request: Mapping[str, str]) -> ReadDocument:
    """The document that ``request`` names (path, name, kind, embedding_model, max_pages).

    Raises:
        DocumentError: it cannot be read, or holds no text.
    """
    from ingest.identity import title_of, year_of
    from ingest.passages import cut
    from rag.retrieval.model_card import model_card, token_counter

    name = request["name"]
    content = _content(request)
    pages, criteria = content.pages, content.criteria
    if sum(len(page.text) for page in pages) > MAX_CHARACTERS:
        raise DocumentError(name, f"more than {MAX_CHARACTERS:,} characters of text")
    card = model_card(request["embedding_model"])
    pieces = cut(pages, token_counter(card), card.window)
    title, year = title_of(content.title, pages), year_of(pages)
    notices = [*content.notices, *_notices(pages)]
    if criteria is not None:
        title, year = criteria.topic, criteria.year or year
        notices += criteria.notices
    return ReadDocument(title, year, pages, pieces, tuple(notices), criteria)


def _content(request: Mapping[str, str]) -> _Content:
    path, name, kind = Path(request["path"]), request["name"], request["kind"]
    if kind == "pdf":
        return _pdf(path, name, int(request["max_pages"]))
    if kind in ("markdown", "text"):
        from ingest.text import read_text

        return _Content(None, read_text(path, name, markdown=kind == "markdown"))
    title, blocks, notices = _blocks(path, name, kind)
    from ingest.written import page_of

    page = page_of(blocks)
    if page is None:
        raise DocumentError(name, "empty")
    return _Content(title, (page,), tuple(notices))


def _blocks(path: Path, name: str, kind: str) -> tuple[str | None, list[Written], list[str]]:
    """Title, blocks and notices of a document without pages."""
    if kind == "docx":
        from ingest.office import read_docx

        return read_docx(path, name)
    if kind == "xlsx":
        from ingest.office import read_xlsx

        return read_xlsx(path, name)
    from ingest.text import decoded
    from ingest.web_page import csv_blocks, html_blocks

    text = decoded(path.read_bytes(), name)
    return html_blocks(text) if kind == "html" else (None, csv_blocks(text, name), [])


def _pdf(path: Path, name: str, max_pages: int) -> _Content:
    from ingest.criteria import read_criteria
    from ingest.flow import document_blocks
    from ingest.paragraphs import blocks_text
    from ingest.pdf import read_pdf

    content = read_pdf(path, name, max_pages)
    blocks = document_blocks(content.pages)
    pages = blocks_text([page.number for page in content.pages], blocks)
    if not any(page.text for page in pages):
        raise DocumentError(name, NO_TEXT_LAYER)
    hidden = [page for page in content.pages if page.hidden]
    notices = (
        (
            f"{sum(page.hidden for page in hidden)} characters that cannot be seen were left out "
            f"(page {', '.join(str(page.number) for page in hidden[:10])})",
        )
        if hidden
        else ()
    )
    return _Content(content.title, pages, notices, read_criteria(blocks, content.pages))


def _notices(pages: tuple[PageText, ...]) -> list[str]:
    empty = [page for page in pages if not page.text]
    unreadable = [page for page in pages if "\ufffd" in page.text]
    notices = []
    if empty:
        notices.append(f"{len(empty)} of {len(pages)} pages hold no text ({_places(empty)})")
    if unreadable:
        signs = sum(page.text.count("\ufffd") for page in unreadable)
        notices.append(f"{signs} signs could not be read, shown as \ufffd ({_places(unreadable)})")
    return notices


def _places(pages: list[PageText]) -> str:
    if pages[0].number is None:
        return "in the text"
    shown = ", ".join(str(page.number) for page in pages[:10])
    return f"page {shown}" + (", ..." if len(pages) > 10 else "")


def limit_process(megabytes: int) -> None:
    """Memory limit, no core dump, no file written; systems without such limits have the time limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        size = megabytes << 20
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def main() -> None:
    """Answer the one request on standard input."""
    request: dict[str, str] = json.load(sys.stdin)
    megabytes = int(request["memory_mb"])
    limit_process(megabytes)
    try:
        answer: dict[str, object] = {"document": asdict(read_document(request))}
    except DocumentError as error:
        answer = {"reason": error.reason}
    except SettingsError as error:
        answer = {"settings": str(error)}
    except MemoryError:
        answer = {"reason": f"needs more than {megabytes} MB of memory to read"}
    except RecursionError:
        answer = {"reason": "damaged: its parts refer to each other without end"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
