"""A model's outputs kept in a file, so that changed checks can be tried on them without asking it again.

One JSON line an output: the digest of what the model was told, and what it sent. An output that is kept
is given again; any other question goes to the model behind, if there is one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from rag.answering.prompts import Form, Message, Schema, estimated_tokens
from rag.answering.statements import WordingModel
from rag.errors import ModelUnavailable


@dataclass
class Outputs:
    """The outputs in a file, by digest of what the model was told."""

    path: Path
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def kept(self) -> dict[str, str]:
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        return {row["told"]: row["output"] for row in map(json.loads, lines)}

    def keep(self, told: str, output: str) -> None:
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            self.kept[told] = output
            file.write(json.dumps({"told": told, "output": output}, ensure_ascii=False) + "\n")


@dataclass
class RecordedModel:
    """A :class:`~rag.answering.statements.WordingModel` that says again what it said before.

    ``behind`` is asked for what is not kept; without it such a question finds the model down.
    """

    outputs: Outputs
    behind: WordingModel | None = None

    @property
    def name(self) -> str:
        return self.behind.name if self.behind else f"recorded in {self.outputs.path.name}"

    @property
    def context_tokens(self) -> int:
        return self.behind.context_tokens if self.behind else 4096

    @property
    def answer_tokens(self) -> int:
        return self.behind.answer_tokens if self.behind else 700

    @property
    def form(self) -> Form:
        return self.behind.form if self.behind else "json"

    @property
    def tokens(self) -> Callable[[str], int]:
        return self.behind.tokens if self.behind else estimated_tokens

    def stream(self, messages: Sequence[Message], schema: Schema) -> Generator[str, None, None]:
        """The kept output, or the model's own, which is kept once it is whole.

        Raises:
            ModelUnavailable: nothing is kept and there is no model behind.
        """
        told = digest(messages)
        if told in self.outputs.kept:
            yield self.outputs.kept[told]
            return
        if self.behind is None:
            raise ModelUnavailable("no output is recorded for this question")
        heard: list[str] = []
        with closing(self.behind.stream(messages, schema)) as pieces:
            for piece in pieces:
                heard.append(piece)
                yield piece
        self.outputs.keep(told, "".join(heard))


def digest(messages: Sequence[Message]) -> str:
    """What a model was told, in few letters."""
    return blake2b(repr(tuple(messages)).encode(), digest_size=12).hexdigest()
