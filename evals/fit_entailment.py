"""Measures the entailment model of the settings and fits the weights by which it and the checks are weighed.

    RADCITE_ENTAILMENT_MODEL=FOLDER python -m evals.fit_entailment
    ... --cases 4000 --wrong 0.02      more statements; at most 2 % of the wrong ones may be shown

``evals/data/statements/fit.jsonl`` holds passages (facts of the corpus, and invented ones in the manner of a
department's protocol) with statements that they support and that they do not: 5,016 right and 5,808
subtly wrong ones, written for this purpose by writers who knew no check, and no check was mended on them.
For statements drawn from it the model's probability and the check that failed are weighed by a
logistic regression; statements of one passage stay on one side of every split. The weights lie in
``RADCITE_HOME`` and hold for this model only. The report says what share of right and wrong statements is shown with
the checks alone and with the model, on passages that were not fitted on. A model that cannot tell right from wrong gets
no weight, and nothing more is shown than without it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.grounding_bench import SETS, SHOWN, facts
from rag.answering.english_door import checked_in_english
from rag.answering.grounding import Asked
from rag.answering.grounding.figures import check_figures
from rag.answering.grounding.support import log_odds, premise, weighing_file
from rag.errors import RadciteError
from rag.retrieval.entailment import CrossEncoder, Reader
from rag.settings import load_settings
from rag.types import Evidence, Passage, Statement

DATA = SETS[1] / "fit.jsonl"
FEWEST = 15
"""A check that failed on fewer statements has no weight of its own."""

FOLDS = 5
SEED = 1


@dataclass(frozen=True, slots=True)
class Case:
    """A statement with its evidence, the number of its passage, and whether the evidence supports it."""

    passage: int
    evidence: tuple[Evidence, ...]
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Read:
    """What is known of a case: the check that failed, whether the checks show it, the model's log-odds.

    ``barred`` says that it may not be shown whatever the model reads.
    """

    case: Case
    failed: str
    shown: bool
    odds: float
    barred: bool


def cases(path: Path = DATA) -> list[Case]:
    """All statements of the data, in its order."""
    known = facts()
    lines = enumerate(path.read_text("utf-8").splitlines())
    return [case for number, line in lines for case in _cases(number, line, known)]


def _cases(number: int, line: str, known: dict[str, Passage]) -> Iterator[Case]:
    row = json.loads(line)
    given = [known[i] for i in row["facts"]] if "facts" in row else _invented(row["passage"], known)
    evidence = tuple(Evidence(n, p, p.text) for n, p in enumerate(given, start=1))
    yield from (Case(number, evidence, text, True) for text in row["right"])
    yield from (Case(number, evidence, text, False) for text in row["wrong"])


def _invented(texts: Sequence[str], known: dict[str, Passage]) -> list[Passage]:
    some = next(iter(known.values()))
    return [
        replace(some, text=text, kind="document", section="", fact_ids=(), id=f"invented-{n}")
        for n, text in enumerate(texts)
    ]


def read_all(told: Sequence[Case], reader: Reader) -> list[Read]:
    """Every case checked and read; progress goes to standard error."""
    found = []
    for n, case in enumerate(told, start=1):
        numbers = tuple(item.n for item in case.evidence)
        checked = checked_in_english(Statement(case.text, numbers), case.evidence, Asked())
        whole = " ".join(item.passage.text for item in case.evidence)
        place = f"{case.evidence[0].passage.edition.label} {case.evidence[0].passage.section}"
        barred = checked.check.endswith("!") or not check_figures(case.text, (whole, place)).passed
        odds = log_odds(reader([(premise(case.evidence, case.text), case.text)])[0])
        found.append(Read(case, checked.check, checked.verdict in SHOWN, odds, barred))
        if n % 25 == 0 or n == len(told):
            print(f"\rread {n} of {len(told)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return found


def fitted(read: Sequence[Read], wrong: float, model: str) -> dict[str, object]:
    """Weights and threshold, so that at most ``wrong`` of these wrong statements are shown."""
    from sklearn.linear_model import LogisticRegression

    counts = Counter(one.failed for one in read)
    own = sorted(check for check, n in counts.items() if n >= FEWEST and not check.endswith("!"))
    rows = np.array([_row(one, own) for one in read])
    right = np.array([one.case.right for one in read])
    line = LogisticRegression(C=1.0, max_iter=1000).fit(rows, right)
    slope, *weights, other = (round(float(weight), 3) for weight in line.coef_[0])
    shares = line.predict_proba(rows)[:, 1]
    return {
        "model": model,
        "slope": max(slope, 0.0),
        "bias": round(float(line.intercept_[0]), 3),
        "checks": dict(zip(own, weights, strict=True)),
        "other": other,
        "accept": _threshold(shares[~right & _open(read)], wrong, int((~right).sum())),
    }


def _row(one: Read, own: Sequence[str]) -> list[float]:
    return [one.odds, *(float(one.failed == name) for name in own), float(one.failed not in own)]


def _open(read: Sequence[Read]) -> NDArray[np.bool_]:
    return np.array([not one.barred for one in read])


def _threshold(wrong_shares: NDArray[np.float64], share: float, of: int) -> float:
    """The least probability above which at most ``share`` of ``of`` wrong statements lie."""
    ranked = np.sort(wrong_shares)[::-1]
    at = int(share * of)
    return round(float(ranked[at]) + 0.001, 3) if at < len(ranked) else 0.5


def shown_by(weights: dict[str, object], read: Sequence[Read]) -> NDArray[np.bool_]:
    """Which of the cases are shown under these weights."""
    checks = weights["checks"]
    assert isinstance(checks, dict)
    other, slope, bias, accept = (float(str(weights[k])) for k in ("other", "slope", "bias", "accept"))  # fmt: skip
    odds = np.array([bias + slope * r.odds + checks.get(r.failed, other) for r in read])
    shown: NDArray[np.bool_] = (1 / (1 + np.exp(-odds)) >= accept) & _open(read)
    return shown


def report(read: Sequence[Read], wrong: float, model: str) -> str:
    """Shares shown with the checks alone and with the model, each fold fitted on the others."""
    right = np.array([one.case.right for one in read])
    alone = np.array([one.shown for one in read])
    withheld = alone & np.array([one.odds >= 0 for one in read]) & _open(read)
    fold = np.array([one.case.passage % FOLDS for one in read])
    together = np.zeros(len(read), dtype=bool)
    for number in range(FOLDS):
        others = [one for one, at in zip(read, fold, strict=True) if at != number]
        weights = fitted(others, wrong, model)
        mine = [int(at) for at in np.flatnonzero(fold == number)]
        together[mine] = shown_by(weights, [read[at] for at in mine])
    rows = (
        ("the checks alone", alone),
        ("both must agree (a model without weights)", withheld),
        ("weighed", together),
    )
    lines = ["| | right shown | wrong shown |", "|---|---|---|"]
    lines += [
        f"| {name} | {shown[right].sum()} of {right.sum()} = {shown[right].mean():.1%} "
        f"| {shown[~right].sum()} of {(~right).sum()} = {shown[~right].mean():.1%} |"
        for name, shown in rows
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m evals.fit_entailment", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--cases", type=int, default=2000, help="statements to read (default: 2000)"
    )
    parser.add_argument("--wrong", type=float, default=0.03, help="share of wrong ones that may be shown (default: 0.03)")  # fmt: skip
    chosen = parser.parse_args(arguments)
    settings = load_settings()
    if settings.entailment_model is None:
        print("fit_entailment: set RADCITE_ENTAILMENT_MODEL to a folder of an entailment cross-encoder", file=sys.stderr)  # fmt: skip
        return 2
    try:
        reader = CrossEncoder(settings.entailment_model)
        read = read_all(_drawn(cases(), chosen.cases), reader)
    except RadciteError as error:
        print(f"fit_entailment: {error}", file=sys.stderr)
        return 2
    print(report(read, chosen.wrong, reader.model_id))
    path = weighing_file(settings.home_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = fitted(read, chosen.wrong, reader.model_id)
    path.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")
    print(f"weights written to {path}")
    return 0


def _drawn(told: Sequence[Case], number: int) -> list[Case]:
    """Whole passages, drawn at random, until there are so many statements."""
    passages = list({case.passage for case in told})
    random.Random(SEED).shuffle(passages)
    kept: list[Case] = []
    by_passage: dict[int, list[Case]] = {}
    for case in told:
        by_passage.setdefault(case.passage, []).append(case)
    for passage in passages:
        if len(kept) >= number:
            break
        kept += by_passage[passage]
    return kept


if __name__ == "__main__":
    sys.exit(main())
