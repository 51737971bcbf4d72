"""A corpus of one small invented guideline, written where a test wants it."""

from __future__ import annotations

import shutil
from pathlib import Path

from rag.settings import CORPUS

_GUIDELINE = """
id: tiny_2020
title: Tiny
issuer: Society of Tiny Things
edition: "2020"
published: 2020
status: current
family: tiny
applies_to: Nothing; invented for tests.
names: [Tiny]
sources: [{citation: Invented, url: "https://example.org/tiny"}]
rights: Ours.
"""
_FACTS = """
facts:
  - {id: tiny.size, section: Size, fact: A pebble above 6 mm is large., source: [a, b], confidence: verified2}
  - {id: tiny.colour, section: Colour, fact: Grey pebbles are common., source: [a], confidence: verified1}
"""


def write_tiny_corpus(corpus: Path) -> Path:
    """The corpus folder; its guideline ``tiny_2020`` has two facts and no tables."""
    folder = corpus / "tiny_2020"
    folder.mkdir(parents=True)
    shutil.copy(CORPUS / "descriptors.yaml", corpus)
    (folder / "guideline.yaml").write_text(_GUIDELINE.lstrip(), encoding="utf-8")
    (folder / "facts.yaml").write_text(_FACTS.lstrip(), encoding="utf-8")
    return corpus
