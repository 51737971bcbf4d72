"""Examples in docstrings say what the code gives."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _with_examples() -> list[str]:
    """Modules of the package that show an example; those of ``evals/metrics`` have tests of their own."""
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in ("rag", "app")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if ">>>" in path.read_text(encoding="utf-8")
    ]


@pytest.mark.parametrize("name", _with_examples())
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
