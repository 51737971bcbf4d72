"""Fit the probability from which a piece of a document answers (``corpus/relevance_documents.yaml``).

    python -m evals.fit_document_relevance FOLDER           fits and writes
    python -m evals.fit_document_relevance FOLDER --try     prints the figures and writes nothing

FOLDER holds the PDFs that ``evals/data/document_questions_fit.yaml`` asks about; they are taken into the
library of the home (RADCITE_HOME). Those questions are reported nowhere. Pieces of documents are weighed
as facts are (``evals/fit_relevance.py``, run first). ``accept`` is the highest probability that still answers
``ANSWERED`` of the questions whose right page comes first.

Fitting more than this one number was tried on the same questions, cross-fitted over five parts of them:
scale and bias, eight or twelve weights of the answer, the weights of the order, and features of the best
sentence of a piece. At equal refusals of near misses none answered more; the one number is what is left.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evals.document_questions import DATA, DocumentQuestion, question_of, taken_in
from rag.answering.answer import reader
from rag.answering.parts import Parts
from rag.answering.text_route import CANDIDATES, fitting
from rag.knowledge.yaml_file import read_yaml
from rag.retrieval.relevance_weights import DOCUMENTS_FILE
from rag.settings import load_settings
from rag.wire import build

QUESTIONS = DATA / "document_questions_fit.yaml"
ANSWERED = 0.9


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best piece's probability; whether the documents answer, and the piece stands on a right page."""

    covered: bool
    right: bool
    probability: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fit what is accepted of documents.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, help="home to use (RADCITE_HOME otherwise)")
    parser.add_argument("--try", action="store_true", dest="only_try", help="write nothing")
    options = parser.parse_args(arguments)
    settings = load_settings(**({"home": options.home} if options.home else {}))
    ids = taken_in(settings, options.folder)
    found = tuple(outcomes(build(settings), ids))
    accept = accept_from(found)
    for least in sorted({round(accept, 2), 0.3, 0.4, 0.5, 0.6}):
        sys.stdout.write(line(found, least) + "\n")
    if not options.only_try:
        text = f"# Written by `python -m evals.fit_document_relevance`.\naccept: {accept:.2f}\n"
        (settings.corpus / DOCUMENTS_FILE).write_text(text, encoding="utf-8")
    return 0


def outcomes(parts: Parts, ids: Sequence[str]) -> Iterator[Outcome]:
    """What each question's best piece is, searched and judged as the text route does."""
    sheet = read_yaml(QUESTIONS)
    assert isinstance(sheet, dict)
    answered, near = sheet["answered"], sheet["near_misses"]
    assert isinstance(answered, list) and isinstance(near, list)
    for one in map(question_of, answered):
        yield _outcome(one.question, one, parts, ids)
    for text in near:
        yield _outcome(text, None, parts, ids)


def _outcome(text: str, one: DocumentQuestion | None, parts: Parts, ids: Sequence[str]) -> Outcome:
    judged = parts.judge(text, parts.search(text, CANDIDATES, ids, True))
    kept = fitting(judged, text, reader(parts)(text), parts)
    if not kept:
        return Outcome(one is not None, False, 0.0)
    passage = kept[0].hit.passage
    right = one is not None and passage.document == one.document and passage.page in one.pages
    return Outcome(one is not None, right, kept[0].probability)


def accept_from(found: Sequence[Outcome]) -> float:
    """The highest probability that still answers ``ANSWERED`` of those that are rightly answered."""
    kept = [one.probability for one in found if one.right]
    return float(np.floor(100 * np.quantile(kept, 1 - ANSWERED)) / 100)


def line(found: Sequence[Outcome], accept: float) -> str:
    """What would be answered and refused from this probability on."""
    right = [one for one in found if one.right]
    wrong = [one for one in found if one.covered and not one.right]
    silent = [one for one in found if not one.covered]
    answered, astray = (sum(one.probability >= accept for one in part) for part in (right, wrong))
    refused = sum(one.probability < accept for one in silent)
    return (
        f"accept {accept:.2f}: right page first and answered {answered} of {len(right)}, another page "
        f"answered {astray} of {len(wrong)}, near misses refused {refused} of {len(silent)}"
    )


if __name__ == "__main__":
    sys.exit(main())
