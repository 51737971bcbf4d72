"""``radcite grade``: flags from the tables, free text, keyboard, side by side, JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main

LUNG = "lung_rads_v2022"
SOLID = ("--type", "solid", "--timing", "baseline")
THYROID_TEXT = (
    "12 mm solid hypoechoic thyroid nodule, smooth, wider than tall, no echogenic foci, isthmus"
)


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["grade", *arguments], input=stdin)


def parsed(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.output
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


SIZES = [("9", "4A"), ("9x7", "4A"), ("7.9", "3"), ("0.8 cm", "4A"), ("1.6 x 1.4cm", "4B"), ("<6", "2")]  # fmt: skip


@pytest.mark.parametrize(("size", "category"), SIZES)
def test_flags_are_the_tables_inputs(size: str, category: str) -> None:
    found = parsed(LUNG, *SOLID, "--size", size)["findings"][0]
    assert found["decision"]["category"] == category
    assert f"Lung-RADS v2022 category {category}" in found["sentence"]


def test_help_names_inputs_units_and_values() -> None:
    said = run(LUNG, "--help").output
    for part in ("--nodule-type, --type", "SOLID|PART-SOLID|NON-SOLID", "--mean-diameter MM"):
        assert part in said
    assert "--composition" not in said


def test_what_is_missing_is_said_with_its_flag() -> None:
    done = run(LUNG, "--type", "solid", "--size", "7")
    assert done.exit_code == 0
    assert "category 2, 3, 4A, 4B or none, by timing." in done.output
    assert "--timing baseline|new|growing" in done.output
    assert "ategory 3 if timing baseline" in done.output
    assert "report" not in done.output


def test_the_row_and_what_would_change_it_are_shown() -> None:
    said = run(LUNG, *SOLID, "--size", "7.9").output
    assert "Lung-RADS v2022: category 3 (Probably benign)" in said
    assert "Mean diameter: 6 mm or more and less than 8 mm" in said
    assert "mean diameter 8 mm or more and less than 15 mm: category 4A" in said


def test_flags_correct_what_was_read_from_a_text() -> None:
    text = "Baseline LDCT: 9 mm solid nodule"
    assert parsed(LUNG, "--text", text)["findings"][0]["decision"]["category"] == "4A"
    corrected = parsed(LUNG, "--text", text, "--timing", "new")
    assert corrected["findings"][0]["decision"]["category"] == "4B"


def test_a_text_alone_goes_to_every_system_that_fits() -> None:
    found = parsed("--text", THYROID_TEXT)
    systems = {f["guideline"]: f["decision"]["category"] for f in found["findings"]}
    assert systems == {"k_tirads_2021": "4", "acr_ti_rads_2017": "TR4"}
    sides = [side["guideline"] for side in found["side_by_side"][0]["sides"]]
    assert sides == ["k_tirads_2021", "acr_ti_rads_2017"]


def test_older_editions_stand_beside_where_asked_for() -> None:
    found = parsed("k_tirads_2021", "--text", THYROID_TEXT, "--beside", "all")
    sides = [side["guideline"] for side in found["side_by_side"][0]["sides"]]
    assert sides == ["k_tirads_2021", "k_tirads_2016", "acr_ti_rads_2017"]


def test_which_lung_system_applies_is_said() -> None:
    text = "incidental 7 mm solid nodule on trauma CT, low risk"
    said = run("fleischner_2017", "--text", text, "--beside", LUNG).output
    assert "Fleischner 2017 applies: the nodule is incidental" in said
    assert "Lung-RADS v2022: not covered" in said


def test_a_stated_category_is_held_against_the_table() -> None:
    done = parsed(LUNG, "--text", "Baseline LDCT: 7 mm solid nodule", "--stated", "4A")
    check = done["findings"][0]["check"]
    assert check["verdict"] == "differs"
    assert check["differences"][0]["name"] == "mean_diameter"
    open_row = parsed(LUNG, "--text", "Annual LDCT: 7 mm solid nodule, stable", "--stated", "3")
    assert open_row["findings"][0]["check"]["verdict"] == "open"


def test_by_keyboard_each_answer_decides_again() -> None:
    typed = "nodule\nbaseline\n9x7\n1\ntiming=new\ntiming=\n\n\n"
    done = run(LUNG, "--interactive", stdin=typed)
    assert done.exit_code == 0
    told = [line for line in done.output.splitlines() if "Lung-RADS v2022: " in line]
    assert "category 4A" in told[0] and "category 4B" in told[1] and "by timing" in told[2]


def test_a_wrong_answer_is_asked_again() -> None:
    done = run("k_tirads_2016", "--interactive", "--level", "5", stdin="huge\n12\n\n")
    assert "max_diameter is a number in mm" in done.output
    assert "category 5" in done.output


WRONG = [
    ((LUNG, "--type", "solidd"), "nodule_type is one of solid|part-solid|non-solid"),
    ((LUNG, "--mean-diameter", "big"), "mean_diameter is a number in mm"),
    ((LUNG, "--size", "5, 9"), "--size is one size"),
    ((LUNG, "--text", "hello"), "no finding can be read"),
    ((LUNG, "--text", "Baseline LDCT: 7 mm solid nodule", "--stated", "9"), "has no category 9"),
    ((LUNG, *SOLID, "--beside", "nothing"), "no guideline nothing with tables"),
    (("--text", "hello"), "no finding can be read"),
    ((), "name a guideline, or give --text"),
    (("lung_rads_v1_0",), "No such command"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_errors_say_what_to_do(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
