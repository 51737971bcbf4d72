"""A configured entailment model: what it may withhold, what it may rescue, and what it never may."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals.fit_entailment import Case, cases, fitted, main, read_all, report, shown_by
from rag.answering.grounding import Asked, Reading, verify
from rag.answering.grounding.figures import check_figures
from rag.answering.grounding.support import Weighing, load_weighing, premise, weighing_file
from rag.answering.wording import reading_of
from rag.errors import SettingsError
from rag.retrieval.entailment import CrossEncoder, Reader
from rag.settings import load_settings
from rag.types import Evidence, Statement
from tests.fakes import passage

TEXT = "Solid nodules of 8 mm or more at baseline are category 4A: LDCT at 3 months."
CLOSE = "At baseline solid nodules of 8 mm or more are category 4A."
FREE = "A solid finding seen first at baseline belongs to 4A once it reaches 8 mm."
TRUSTING = Weighing("m", slope=1.0, bias=0.0, checks={"": 1.0}, other=-1.0, accept=0.8)


def saying(probability: float) -> Reader:
    """A reader of one opinion."""
    return lambda pairs: [probability] * len(pairs)


def verdict(text: str, reading: Reading, given: str = TEXT, asked: Asked | None = None) -> str:
    evidence = (Evidence(1, passage(given), given),)
    statement = Statement(text, (1,))
    found = verify(statement, evidence, asked=asked or Asked())
    return reading.weigh(statement, evidence, found, asked or Asked()).verdict


def test_a_model_that_was_not_measured_may_withhold_but_not_rescue() -> None:
    assert verdict(CLOSE, Reading(saying(0.9))) == "supported"
    assert verdict(CLOSE, Reading(saying(0.1))) == "unsupported"
    assert verdict(FREE, Reading(saying(1.0))) != "supported"


def test_a_measured_model_may_do_both() -> None:
    assert verdict(FREE, Reading(saying(0.99), TRUSTING)) == "supported"
    assert verdict(FREE, Reading(saying(0.5), TRUSTING)) != "supported"
    assert verdict(CLOSE, Reading(saying(0.2), TRUSTING)) == "unsupported"


def test_a_copy_needs_no_reading() -> None:
    assert verdict(TEXT, Reading(saying(0.0), TRUSTING)) == "supported"


@pytest.mark.parametrize(
    "text",
    [
        "At baseline solid nodules of 9 mm or more are category 4A.",
        "At baseline solid nodules of 8 cm or more are category 4A.",
        "At baseline solid nodules of 8 mm or more are category 4B.",
        "Solid nodules at baseline are 4A: LDCT at 6 months.",
    ],
)
def test_no_reading_overrules_a_figure_or_label_that_stands_nowhere(text: str) -> None:
    assert verdict(text, Reading(saying(1.0), TRUSTING)) not in ("supported", "partly")


def test_no_reading_overrules_a_citation_that_does_not_exist() -> None:
    statement, evidence = Statement(CLOSE, (2,)), (Evidence(1, passage(TEXT), TEXT),)
    found = verify(statement, evidence)
    assert (
        Reading(saying(1.0), TRUSTING).weigh(statement, evidence, found, Asked()).verdict
        == "unsupported"
    )


FIGURES = [
    ("three months", "3 months", True),
    ("a 0.8 cm nodule", "nodules of 8 mm", True),
    ("12 weeks", "84 days", True),
    ("8 cm", "8 mm", False),
    ("80 mm", "8 mm", False),
    ("a year", "12 months", True),
    ("1 year", "12 months", True),
    ("TR4", "TR3", False),
    ("category 4", "category 4A", False),
    ("two conditions apply", "both apply", True),
    ("30 percent", "30%", True),
    ("1,737 births", "1737 births", True),
]


@pytest.mark.parametrize(("text", "known", "held"), FIGURES)
def test_figures_are_compared_with_their_units(text: str, known: str, held: bool) -> None:
    assert check_figures(text, [known]).passed is held


def test_the_question_may_supply_a_figure() -> None:
    asked = Asked("9 mm solid nodule at baseline?")
    text = "A 9 mm solid nodule at baseline is category 4A."
    assert verdict(text, Reading(saying(0.99), TRUSTING), asked=asked) == "supported"


def test_of_a_long_passage_the_part_most_like_the_statement_is_read() -> None:
    filler = " ".join(f"Sentence number {n} speaks of something else entirely." for n in range(40))
    text = f"{filler} Gadolinium may be given while breastfeeding. {filler}"
    read = premise(
        [Evidence(1, passage(text), text)], "Gadolinium is compatible with breastfeeding."
    )
    assert "Gadolinium may be given" in read
    assert len(read) < 800


# A model on disk, as small as one can be.

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]  # fmt: skip


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with random weights and three classes."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY), "utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    labels = {0: "contradiction", 1: "entailment", 2: "neutral"}
    config = BertConfig(
        vocab_size=len(VOCABULARY), hidden_size=8, num_hidden_layers=1, num_attention_heads=1,
        intermediate_size=8, id2label=labels, label2id={name: n for n, name in labels.items()},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_model_in_a_folder_reads_pairs(tiny_model: Path) -> None:
    reader = CrossEncoder(tiny_model)
    read = reader([("a passage", "a sentence"), ("another", "one")])
    assert len(read) == 2
    assert all(0 < share < 1 for share in read)
    assert read == reader([("a passage", "a sentence"), ("another", "one")])
    assert reader([]) == []


def test_the_settings_name_the_model(tiny_model: Path, tmp_path: Path) -> None:
    assert reading_of(load_settings(home=tmp_path)) is None
    found = reading_of(load_settings(home=tmp_path, entailment_model=tiny_model))
    assert found is not None
    assert found.weighing is None


def test_a_folder_without_such_a_model_is_named(tmp_path: Path, tiny_model: Path) -> None:
    with pytest.raises(SettingsError, match="RADCITE_ENTAILMENT_MODEL"):
        CrossEncoder(tmp_path)
    held = json.loads((tiny_model / "config.json").read_text("utf-8"))
    (tmp_path / "config.json").write_text(json.dumps(held | {"id2label": {"0": "toxic"}}), "utf-8")
    with pytest.raises(SettingsError, match="its classes are toxic"):
        CrossEncoder(tmp_path)


def test_weights_hold_for_their_own_model_only(tmp_path: Path) -> None:
    path = weighing_file(tmp_path)
    assert load_weighing(path, "m") is None
    held = {"model": "m", "slope": 1, "bias": 0, "checks": {"": 1}, "other": -1, "accept": 0.8}
    path.write_text(json.dumps(held), "utf-8")
    assert load_weighing(path, "m") == TRUSTING
    assert load_weighing(path, "another") is None
    path.write_text("{", "utf-8")
    with pytest.raises(SettingsError, match="delete it"):
        load_weighing(path, "m")


# Fitting.


@pytest.fixture(scope="module")
def some() -> Sequence[Case]:
    return cases()[:420]


def test_the_statements_to_fit_on_are_many_and_of_both_kinds() -> None:
    told = cases()
    right = sum(case.right for case in told)
    assert right > 5000
    assert len(told) - right > 5000
    assert len({case.text for case in told}) > 0.99 * len(told)


def test_a_model_that_knows_shows_more_and_one_that_guesses_does_not(some: Sequence[Case]) -> None:
    answers = {case.text: case.right for case in some}

    def knowing(pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [0.97 if answers[sentence] else 0.03 for _, sentence in pairs]

    wrong_share = 0.03
    known = read_all(some, knowing)
    guessed = read_all(some, saying(0.5))
    right = [one.case.right for one in known]
    by_knowing = shown_by(fitted(known, wrong_share, "knows"), known)
    by_guessing = shown_by(fitted(guessed, wrong_share, "guesses"), guessed)
    shares = [
        sum(s for s, yes in zip(shown, right, strict=True) if yes) / sum(right)
        for shown in (by_knowing, by_guessing)
    ]
    assert shares[0] > shares[1] + 0.3
    for shown in (by_knowing, by_guessing):
        wrong = [s for s, yes in zip(shown, right, strict=True) if not yes]
        assert sum(wrong) <= wrong_share * len(wrong) + 1
    assert "weighed" in report(known, wrong_share, "knows")


def test_the_command_writes_weights_for_the_model(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    monkeypatch.setenv("RADCITE_HOME", str(tmp_path))
    assert main(["--cases", "150"]) == 2
    assert "RADCITE_ENTAILMENT_MODEL" in capsys.readouterr().err
    monkeypatch.setenv("RADCITE_ENTAILMENT_MODEL", str(tiny_model))
    assert main(["--cases", "150"]) == 0
    assert "the checks alone" in capsys.readouterr().out
    found = reading_of(load_settings())
    assert found is not None
    assert found.weighing is not None
