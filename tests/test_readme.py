"""The README promises only what exists: settings, make targets, commands, files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rag import ask
from rag.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "corpus/README.md")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code() -> str:
    """What the documents print as code, in blocks and within lines."""
    everything = "\n".join(text(name) for name in DOCUMENTS)
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", everything, re.DOTALL))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", text("Makefile"), re.MULTILINE))


def test_the_settings_table_lists_every_setting_and_no_other() -> None:
    rows = re.findall(r"^\| `RADCITE_([A-Z_]+)` \|", text("README.md"), re.MULTILINE)
    assert rows == [name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_the_settings_table_shows_the_real_default(name: str) -> None:
    row = re.search(rf"^\| `RADCITE_{name.upper()}` \| (.*?) \|", text("README.md"), re.MULTILINE)
    assert row is not None
    default = Settings.model_fields[name].default
    if name == "corpus":
        assert row[1] == "the folder that comes with radcite"
    else:
        assert row[1] == ("none" if default is None else f"`{default}`")


def test_every_make_target_in_the_documents_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code()))
    assert named <= make_targets()


def test_every_command_in_the_documents_exists() -> None:
    named = set(re.findall(r"\bradcite ([a-z]+)", code()))
    shown = subprocess.run(
        [Path(sys.executable).parent / "radcite", "--help"], capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert named <= set(re.findall(r"^  ([a-z]+)\b", shown.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_linked_file_exists(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text(name))
    assert [
        target for target in targets if not (ROOT / name).parent.joinpath(target).exists()
    ] == []


def test_the_first_screen_says_what_it_must_not_be_used_for() -> None:
    first_screen = "\n".join(text("README.md").splitlines()[:15])
    for part in ("![", "make app", "radcite ask", "Not for diagnosis"):
        assert part in first_screen


def examples() -> list[tuple[str, str]]:
    section = text("README.md").split("## What it answers")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    return [row for row in rows if not row[0].startswith(("question", "-"))]


@pytest.mark.parametrize(("question", "said"), examples())
def test_every_example_is_what_radcite_says(built_home: Path, question: str, said: str) -> None:
    answer = ask(question, settings=load_settings(home=built_home))
    assert said in re.sub(r" \[\d+\]", "", answer.text)
