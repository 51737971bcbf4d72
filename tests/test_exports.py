"""The names that other people's code may rely on: they exist, are documented, and only grow."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, metadata
from pathlib import Path

import pytest

import rag

ROOT = Path(__file__).resolve().parent.parent

PUBLIC = {"ask", "Answer", "Refusal", "NeedsDetails", "Settings"}
"""Promised by the README: ``from rag import ...``. Names are added here, never taken away."""

COMMANDS = {"ask", "ingest", "app", "doctor"}
"""Promised by the README: ``radcite <command>``."""


def test_promised_names_are_exported() -> None:
    assert set(rag.__all__) >= PUBLIC


def test_all_exported_names_exist_and_are_documented() -> None:
    undocumented = [name for name in rag.__all__ if not inspect.getdoc(getattr(rag, name))]
    assert undocumented == []


def test_nothing_private_is_exported() -> None:
    assert [name for name in rag.__all__ if name.startswith("_")] == []
    assert sorted(set(rag.__all__)) == sorted(rag.__all__)


def test_the_command_is_installed_and_knows_its_commands() -> None:
    (script,) = entry_points(group="console_scripts", name="radcite")
    assert script.value == "app.cli:main"
    shown = subprocess.run(
        [Path(sys.executable).parent / "radcite", "--help"], capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    listed = set(re.findall(r"^  ([a-z]+)\b", shown.stdout, re.MULTILINE))
    assert listed >= COMMANDS


def test_the_installed_version_is_the_declared_one() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert metadata("radcite")["Version"] == declared["version"]


@pytest.mark.parametrize("file", ["constraints.txt", "constraints-llm.txt"])
def test_pins_are_exact_and_name_no_place(file: str) -> None:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.]*", pin)] == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = {_name(item) for item in (*project["dependencies"], *(i for e in extras for i in e))}
    pinned = {_name(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()}
    assert wanted - pinned == set()


def _name(requirement: str) -> str:
    """A requirement's distribution name in the registry's canonical spelling."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else ""
