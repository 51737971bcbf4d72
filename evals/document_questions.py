"""Questions about guideline PDFs: is the right page cited, and does the mark cover the quoted words?

    python -m evals.document_questions FOLDER [--set NAME] [--home DIR] [--pictures DIR]

All PDFs of FOLDER are taken into the library of the home (RADCITE_HOME), and each question of
``evals/data/NAME.yaml`` (one of ``SETS``) is asked of that library's
documents. The first citation counts: its document and page must be an expected one. The mark is checked
against the positions of the page's characters: all words of the quote must lie under the boxes, and so
must the expected words.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.metrics.means import wilson
from ingest.build import build_index
from ingest.manifest import load_library, stored_file
from ingest.page_picture import page_picture
from ingest.pdf_picture import text_in_boxes
from rag.answering.answer import ask
from rag.answering.parts import Parts
from rag.answering.text_route import WEAK_MATCH
from rag.errors import DocumentError
from rag.knowledge.yaml_file import read_yaml
from rag.settings import Settings, load_settings
from rag.types import Evidence
from rag.wire import build

DATA = Path(__file__).resolve().parent / "data"
SETS = (
    "document_questions", "document_questions_second", "document_questions_third",
    "document_questions_fourth",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentQuestion:
    """A question with the document and pages that answer it, and words the mark must cover."""

    id: str
    question: str
    document: str
    pages: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One question's outcome; ``covered`` is ``None`` where nothing was cited."""

    asked: DocumentQuestion
    document: str
    page: int | None
    quote: str
    right: bool
    among: bool
    covered: bool | None
    holds_words: bool
    weak: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Pages cited and lines marked.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", choices=SETS, default=SETS[0], help="which questions")
    parser.add_argument("--home", type=Path, help="home to use (RADCITE_HOME otherwise)")
    parser.add_argument("--pictures", type=Path, help="save each cited page with its marks here")
    parser.add_argument("--result", type=Path, help="write the outcomes as JSON")
    options = parser.parse_args(arguments)
    settings = load_settings(**({"home": options.home} if options.home else {}))
    asked = load_questions(DATA / f"{options.set}.yaml")
    ids = taken_in(settings, options.folder)
    parts = build(settings)
    judged = [judge(one, parts, settings, ids, options.pictures) for one in asked]
    sys.stdout.write("\n".join(lines(judged)) + "\n")
    if options.result:
        options.result.write_text(json.dumps(as_json(judged), ensure_ascii=False, indent=1))
    return 0


def taken_in(settings: Settings, folder: Path) -> tuple[str, ...]:
    """Ids of the library's documents after all PDFs of the folder were taken in."""
    report = build_index(settings, sorted(folder.glob("*.pdf")))
    for name, reason in report.failed:
        sys.stderr.write(f"{name}: {reason}\n")
    return tuple(entry.id for entry in load_library(settings.home_dir).entries)


def load_questions(path: Path) -> tuple[DocumentQuestion, ...]:
    data = read_yaml(path)
    assert isinstance(data, list)
    return tuple(map(question_of, data))


def question_of(item: Mapping[str, Any]) -> DocumentQuestion:
    return DocumentQuestion(
        str(item["id"]), str(item["question"]), str(item["document"]),
        tuple(item["pages"]), tuple(map(str, item["words"])),
    )  # fmt: skip


def judge(
    one: DocumentQuestion, parts: Parts, settings: Settings, ids: Sequence[str],
    pictures: Path | None,
) -> Judged:  # fmt: skip
    response = ask(one.question, parts=parts, guidelines=ids, route="guideline_text")
    answered = bool(response.statements)
    cited = list(response.evidence) if answered else []
    if not cited:
        return Judged(one, "", None, "", False, False, None, False)
    first = cited[0]
    covered, holds = _marked(first, one, settings, pictures)
    return Judged(
        asked=one,
        document=first.passage.document or "",
        page=first.passage.page,
        quote=first.quote,
        right=_is_right(first, one),
        among=any(_is_right(item, one) for item in cited),
        covered=covered,
        holds_words=holds,
        weak=WEAK_MATCH in response.notices,
    )


def _is_right(item: Evidence, one: DocumentQuestion) -> bool:
    return item.passage.document == one.document and item.passage.page in one.pages


def _marked(
    item: Evidence, one: DocumentQuestion, settings: Settings, pictures: Path | None
) -> tuple[bool, bool]:
    """Whether the quote's words, and the expected words, lie under the marks on its page or pages."""
    passage, home = item.passage, settings.home_dir
    assert passage.document is not None
    path = stored_file(home, load_library(home).find(passage.document))
    under = ""
    for page in sorted({box.page for box in passage.boxes}):
        try:
            picture = page_picture(
                home, passage.document, page, quote=item.quote, boxes=passage.boxes,
                scale=1.4 if pictures else 0.2,
            )  # fmt: skip
        except DocumentError as error:
            sys.stderr.write(f"{one.id}: {error}\n")
            return False, False
        under += text_in_boxes(path, picture.boxes) if picture.found else ""
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            (pictures / f"{one.id}-{page}.png").write_bytes(picture.png)
    held = _plain(under)
    return covers(item, held), all(_plain(word) in held for word in one.words)


def covers(item: Evidence, held: str) -> bool:
    """Every word of the quote is under the marks; of a table's row every cell, without its headers."""
    if item.quote in item.passage.text and _plain(item.quote) in held:
        return True
    cells = re.split(r";\s|\s\|\s|\n", re.sub(r"\[[^\]]*\]$", "", item.quote))
    said = [cell.split(": ", 1)[-1] for cell in cells]
    words = [word for cell in said for word in re.findall(r"\w+", cell)]
    return bool(words) and sum(_plain(word) in held for word in words) >= 0.98 * len(words)


def _plain(text: str) -> str:
    ligatures = {"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
    for sign, letters in ligatures.items():
        text = text.replace(sign, letters)
    return "".join(c for c in text.lower() if c.isalnum() or c in "%$<>≥≤±")


def lines(judged: Sequence[Judged]) -> Iterator[str]:
    for one in judged:
        if one.right and one.covered and one.holds_words:
            continue
        wrong = "page" if not one.right else "mark" if not one.covered else "words"
        expected = f"{one.asked.document} {list(one.asked.pages)}"
        yield (
            f"{one.asked.id} {wrong}: {one.asked.question}\n   expected {expected}, cited "
            f"{one.document or 'nothing'} {one.page}: {one.quote[:160]!r}"
        )
    marked = [one for one in judged if one.covered is not None]
    weak = [one for one in judged if one.weak]
    for name, hits, n in (
        ("right page cited first", sum(one.right for one in judged), len(judged)),
        ("right page among the citations", sum(one.among for one in judged), len(judged)),
        ("mark covers the quoted words", sum(bool(one.covered) for one in marked), len(marked)),
        ("shown as a weak match", len(weak), len(judged)),
        ("right page among the weak matches", sum(one.right for one in weak), len(weak)),
        ("mark covers the expected words", sum(one.holds_words for one in judged), len(judged)),
    ):
        low, high = wilson(hits / n, n) if n else (0.0, 0.0)
        share = (
            f"{100 * hits / n:.1f} % (95 % CI {100 * low:.1f} to {100 * high:.1f})" if n else "-"
        )
        yield f"{name}: {hits} of {n}, {share}"


def as_json(judged: Sequence[Judged]) -> list[dict[str, object]]:
    return [
        {"id": one.asked.id, "document": one.document, "page": one.page, "right": one.right,
         "among": one.among, "covered": one.covered, "holds_words": one.holds_words}
        for one in judged
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
