"""What holds for every test: no network, no leftover settings, and the real index built once."""

from __future__ import annotations

import functools
import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

ROOT = Path(__file__).resolve().parent.parent

KEPT_VARIABLES = ("RADCITE_SHARED",)
"""``RADCITE_SHARED`` names a folder with extra material (``bench/``, ``pdfs/``) that adds cases."""

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "RAGAS_DO_NOT_TRACK": "true",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "TOKENIZERS_PARALLELISM": "false",
    # Processes that a test starts cannot be guarded from inside; this breaks their way out.
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1,localhost,::1",
}


hypothesis_settings.register_profile("same every time", derandomize=True)
if "RADCITE_GENERATED" not in os.environ:  # new examples are drawn where many are asked for
    hypothesis_settings.load_profile("same every time")


class NetworkForbidden(AssertionError):
    """A test tried to reach something that is not this machine."""


def _is_this_machine(host: object) -> bool:
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_elsewhere(address: object) -> None:
    """``address`` is a socket address, a host name, or the path of a local socket."""
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode() if isinstance(host, bytes) else host
    if isinstance(host, str) and host.startswith("/"):
        return
    if not _is_this_machine(host):
        raise NetworkForbidden(f"test tried to reach {address!r}; tests run without a network")


def _guarded(call: Callable[..., object], address_at: int) -> Callable[..., object]:
    """``call``, refusing first what its argument number ``address_at`` says about where it goes."""

    @functools.wraps(call)
    def guarded(*arguments: object, **named: object) -> object:
        _refuse_elsewhere(arguments[address_at])
        return call(*arguments, **named)

    return guarded


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection and name look-up that leaves this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), -1))
        patch.setattr(socket, "getaddrinfo", _guarded(socket.getaddrinfo, 0))
        yield


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No ``RADCITE_*`` setting of the caller reaches a test; nothing is written to their home."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("RADCITE_") and name not in KEPT_VARIABLES:
                patch.delenv(name)
            if name.lower() in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
                patch.delenv(name)
        for name, value in OFFLINE.items():
            patch.setenv(name, value)
        patch.setenv("RADCITE_HOME", str(tmp_path_factory.mktemp("empty_home")))
        _ignore_settings_file(patch)
        yield


def _ignore_settings_file(patch: pytest.MonkeyPatch) -> None:
    """A ``radcite.env`` in the working folder is the developer's, not the tests'."""
    from rag.settings import Settings

    patch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with extra material; tests that want it are skipped where it is not named."""
    folder = os.environ.get("RADCITE_SHARED")
    if not folder:
        pytest.skip("extra material not at hand: set RADCITE_SHARED to a folder with bench/, pdfs/")
    return Path(folder)


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where the browser tests leave their pictures, in the repository and out of git."""
    folder = ROOT / "ci-output"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ``RADCITE_HOME`` with the real passage index of the whole built-in corpus, built once a session.

    Read it, do not write to it: other tests share it.
    """
    from ingest.build import build_index
    from rag.settings import load_settings

    home = tmp_path_factory.mktemp("built_home")
    build_index(load_settings(home=home))
    return home


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Group the tests for several processes: those in the browser share one app, others go by file."""
    for item in items:
        in_browser = item.get_closest_marker("browser") is not None
        name = "browser" if in_browser else item.path.stem
        item.add_marker(pytest.mark.xdist_group(name))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what this run left out and how to get it, just above pytest's closing line."""
    left_out = {report.nodeid for report in terminalreporter.stats.get("skipped", [])}
    notes = []
    if terminalreporter.config.option.markexpr == "not llm":
        notes.append("tests with a real language model server: make test-llm")
    if left_out and not os.environ.get("RADCITE_SHARED"):
        notes.append("cases from extra material: set RADCITE_SHARED to a folder with bench/, pdfs/")
    if notes:
        terminalreporter.section("not in this run")
        for note in notes:
            terminalreporter.line(f"- {note}")
