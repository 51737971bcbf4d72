"""The guards of conftest.py hold, so that the other tests may rely on them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.settings import load_settings
from tests.conftest import NetworkForbidden

ELSEWHERE = "192.0.2.1"  # reserved for documentation by RFC 5737: belongs to nobody


def test_connecting_elsewhere_is_refused() -> None:
    with socket.socket() as wire, pytest.raises(NetworkForbidden, match="without a network"):
        wire.connect((ELSEWHERE, 80))
    with pytest.raises(NetworkForbidden):
        socket.create_connection(("example.org", 80), timeout=1)


def test_datagrams_elsewhere_are_refused() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire,
        pytest.raises(NetworkForbidden),
    ):
        wire.sendto(b"x", (ELSEWHERE, 53))


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with socket.create_connection(("localhost", server.getsockname()[1]), timeout=5):
            pass


def test_a_started_process_has_no_way_out() -> None:
    fetch = "import urllib.request as u; u.urlopen('http://example.org', timeout=5)"
    done = subprocess.run([sys.executable, "-c", fetch], capture_output=True, text=True)
    assert done.returncode != 0
    assert "Connection refused" in done.stderr


def test_the_callers_settings_do_not_reach_tests() -> None:
    settings = load_settings()
    assert settings.llm_url is None
    assert settings.home == Path(os.environ["RADCITE_HOME"])
    assert {path.name for path in settings.home.iterdir()} <= {
        "logs"
    }  # the pages' tests write these
