"""A served language model over a frozen list of questions: every sentence of it that a reader would see.

    RADCITE_LLM_URL=http://127.0.0.1:8000/v1 python -m evals.model_bench
    python -m evals.model_bench --limit 50 --out shown.jsonl     the first fifty; a line a question
    python -m evals.model_bench --record outputs.jsonl           keeps what the model sends, and asks it only
                                                                 what is not kept yet (also after a stop)
    python -m evals.model_bench --record outputs.jsonl --no-model     the checks again, without the model
    python -m evals.model_bench --sample 1200 --at-once 12            so many more, drawn from the shelf's questions

The list holds the fact questions, the Korean pairs (both languages) and the questions to decline: over
250. Each is answered without the model and with it. The report lists every sentence of the model that
passed its checks, beside the passages it cites, for a reader to judge; how many were withheld; how many
outcomes differ from evidence mode; and the bound at 95 % where none of the listed ones is wrong (3/n).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from evals.korean_bench import PAIRS, differences, pairs
from evals.recorded_model import Outputs, RecordedModel
from evals.refusal_bench import QUESTIONS, cases
from evals.shelf_questions import fact_questions
from rag.answering.parts import Parts
from rag.answering.wording import ModelWording, connected
from rag.knowledge.fact_questions import load_fact_questions
from rag.settings import CORPUS, Settings
from rag.types import Response, Statement

LATER = QUESTIONS.with_name("refusal_questions_later.yaml")
SEED = 20261129
Ask = Callable[[str], Response]


@dataclass(frozen=True, slots=True)
class Answered:
    """One question without the model and with it."""

    question: str
    evidence_mode: Response
    with_model: Response
    took_s: float

    @property
    def own(self) -> tuple[Statement, ...]:
        """Sentences of the model that are shown."""
        already = {statement.text for statement in self.evidence_mode.statements}
        shown = self.with_model.statements if self.with_model.mode == "llm" else ()
        return tuple(statement for statement in shown if statement.text not in already)


def questions(sample: int = 0) -> tuple[str, ...]:
    """The frozen list, each question once, and ``sample`` more of those kept for the shelf's facts."""
    listed = [case.question for case in fact_questions()]
    listed += [text for pair in pairs(PAIRS) for text in (pair.english, pair.korean)]
    listed += [case.question for path in (QUESTIONS, LATER) for case in cases(path)]
    asked = [one.text for one in load_fact_questions(CORPUS)]
    listed += random.Random(SEED).sample(asked, min(sample, len(asked)))
    return tuple(dict.fromkeys(listed))


def recorded(parts: Parts, path: Path | None, *, ask_model: bool) -> Parts:
    """The same parts with a model that keeps its outputs in ``path`` and says them again."""
    if path is None:
        return parts
    outputs = Outputs(path)

    def opened(settings: Settings) -> RecordedModel:
        return RecordedModel(outputs, connected(settings) if ask_model else None)

    return replace(parts, wording=ModelWording(parts.settings, connect=opened))


def answered(question: str, plain: Ask, worded: Ask) -> Answered:
    """Ask both ways."""
    before = plain(question)
    start = time.monotonic()
    return Answered(question, before, worded(question), time.monotonic() - start)


def sentence(item: Answered, statement: Statement) -> dict[str, object]:
    """A shown sentence with what it cites."""
    cited = [e.passage.text for e in item.with_model.evidence if e.n in statement.citations]
    return {
        "question": item.question,
        "said": statement.text,
        "verdict": statement.verdict,
        "cited": cited,
    }


def report(found: Sequence[Answered]) -> str:
    """All sentences of the model that are shown, then the counts."""
    lines: list[str] = []
    for item in found:
        for statement in item.own:
            told = sentence(item, statement)
            lines.append(f"Q {item.question}\n  SAID [{statement.verdict}] {statement.text}")
            lines += [f"  CITED {text}" for text in told["cited"]]  # type: ignore[attr-defined]
    shown = sum(len(item.own) for item in found)
    asked = [item for item in found if item.with_model.model]
    withheld = sum(
        len(item.with_model.withheld) - len(item.evidence_mode.withheld) for item in asked
    )
    differing = [i.question for i in found if differences(i.evidence_mode, i.with_model)]
    lines.append(f"questions: {len(found)}, of which the model was asked {len(asked)}")
    lines.append(f"sentences of the model: {shown} shown, {withheld} withheld")
    if shown:
        lines.append(
            f"if none of the shown ones is wrong: 0 of {shown}, at most {300 / shown:.1f} % at 95 %"
        )
    lines.append(f"outcomes that differ from evidence mode: {len(differing)} {differing}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask all questions both ways and print the report."""
    parser = argparse.ArgumentParser(prog="python -m evals.model_bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--sample", type=int, default=0, help="so many questions more, of the shelf's facts"
    )
    parser.add_argument("--limit", type=int, help="only so many questions")
    parser.add_argument("--out", type=Path, help="add a line a question to this file")
    parser.add_argument("--record", type=Path, metavar="FILE", help="keep the model's outputs here")
    parser.add_argument("--no-model", action="store_true", help="use only what is kept")
    parser.add_argument(
        "--at-once", type=int, default=3, help="questions asked at once (default 3)"
    )
    chosen = parser.parse_args(arguments)
    from rag.answering.answer import ask
    from rag.settings import load_settings
    from rag.wire import build

    settings = load_settings(answer_cache=0, llm_at_once=chosen.at_once)
    without = build(settings.model_copy(update={"llm_url": None}))
    parts = recorded(build(settings), chosen.record, ask_model=not chosen.no_model)
    listed = questions(chosen.sample)[: chosen.limit]

    def both(question: str) -> Answered:
        return answered(question, lambda q: ask(q, parts=without), lambda q: ask(q, parts=parts))

    found: list[Answered] = []
    pool = ThreadPoolExecutor(chosen.at_once)
    try:
        for item in pool.map(both, listed):
            found.append(item)
            _write(chosen.out, item)
    except KeyboardInterrupt:
        print(f"stopped after {len(found)} of {len(listed)} questions")
    pool.shutdown(wait=False, cancel_futures=True)
    print(report(found))
    return 0


def _write(path: Path | None, item: Answered) -> None:
    """One line a question as soon as it is answered, so that a run that is stopped has not been in vain."""
    if path is None:
        return
    row = {
        "question": item.question,
        "took_s": round(item.took_s, 1),
        "shown": [sentence(item, one) for one in item.own],
        "withheld": len(item.with_model.withheld),
        "notices": item.with_model.notices,
        "differs": differences(item.evidence_mode, item.with_model),
    }
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
