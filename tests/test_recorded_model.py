"""A model's outputs are kept and said again; without the model behind, only what is kept is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.grounding_bench import Says
from evals.recorded_model import Outputs, RecordedModel
from rag.errors import ModelUnavailable

TOLD = (("user", "Which category?"),)


def test_an_output_is_kept_and_said_again_without_the_model(tmp_path: Path) -> None:
    path = tmp_path / "outputs.jsonl"
    first = RecordedModel(Outputs(path), Says("a whole output"))
    assert "".join(first.stream(TOLD, {})) == "a whole output"
    again = RecordedModel(Outputs(path))
    assert "".join(again.stream(TOLD, {})) == "a whole output"
    assert again.name.endswith("outputs.jsonl")
    with pytest.raises(ModelUnavailable):
        next(again.stream((("user", "Another?"),), {}))


def test_an_output_that_broke_off_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "outputs.jsonl"
    pieces = RecordedModel(Outputs(path), Says("x" * 100)).stream(TOLD, {})
    next(pieces)
    pieces.close()
    assert not Outputs(path).kept
