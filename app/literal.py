"""Text for the few Streamlit elements that read Markdown, written so that it is shown as it is."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_WORD_JOINER = "\u2060"
"""Invisible; stands inside ``:name:`` and arrows, which Streamlit turns into symbols."""


def literal(text: str) -> str:
    """``text`` with everything that Markdown or Streamlit would read as a sign made plain."""
    joined = re.sub(r"([:\-<>=~])(?=\S)", rf"\1{_WORD_JOINER}", " ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\1", joined)
