"""The documents all sides get: each built-in guideline as a PDF of its facts, in sections.

The appropriateness tables are left out: 14,646 ratings in prose are no fair document for anybody.
A passage holds a fact when most of the fact's runs of five words stand in it, so that line breaks,
page turns and chunk borders do not decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from rag.knowledge.guideline import Guideline
from rag.knowledge.shelf import Shelf

RUN, SHARE = 5, 0.8
"""Words of a run, and the share of a fact's runs that a passage must hold."""


def write_documents(shelf: Shelf, folder: Path) -> tuple[Path, ...]:
    """One PDF a guideline that has facts; returns their paths.

    Raises:
        ImportError: reportlab is not installed (extra ``peers``).
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = [shelf.get(name) for name in shelf.ids]
    return tuple(_write(guideline, folder) for guideline in found if guideline.facts)


def _write(guideline: Guideline, folder: Path) -> Path:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    styles, path = getSampleStyleSheet(), folder / f"{guideline.edition.guideline}.pdf"
    story = [Paragraph(escape(guideline.edition.label), styles["Title"])]
    for section, facts in groupby(guideline.facts, key=lambda fact: fact.section):
        story.append(Paragraph(escape(section), styles["Heading2"]))
        story += [Paragraph(escape(_latin(fact.fact)), styles["BodyText"]) for fact in facts]
    SimpleDocTemplate(str(path), pagesize=A4, title=guideline.edition.label).build(story)
    return path


def _latin(text: str) -> str:
    """The standard PDF fonts have no radiation symbol; it is written as a word."""
    return text.replace("☢", "rad ").replace("≥", ">=").replace("≤", "<=")


def sentences(shelf: Shelf) -> dict[str, tuple[str, str]]:
    """Guideline and sentence of every fact by its id."""
    return {
        fact.id: (name, _latin(fact.fact)) for name in shelf.ids for fact in shelf.get(name).facts
    }


class FactFinder:
    """Says which facts a passage holds."""

    def __init__(self, facts: Mapping[str, str]) -> None:
        self._runs = {fact: runs(sentence) for fact, sentence in facts.items()}

    def facts_in(self, text: str) -> list[str]:
        held = runs(text)
        return [
            fact
            for fact, wanted in self._runs.items()
            if wanted and len(wanted & held) >= SHARE * len(wanted)
        ]


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of five words; shorter texts are one run.

    >>> sorted(runs("a b c d e f"))
    [('a', 'b', 'c', 'd', 'e'), ('b', 'c', 'd', 'e', 'f')]
    """
    words = re.findall(r"[a-z0-9.]+", text.lower().replace("\u00ad", ""))
    words = [word.strip(".") for word in words]
    return frozenset(_windows([word for word in words if word]))


def _windows(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    if len(words) <= RUN:
        return [tuple(words)] if words else []
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))
