"""A small local language model on this machine's CPU, for trying LLM mode and for the tests.

    python -m app.local_llm start      set up what is missing, start the server, wait until it answers
    python -m app.local_llm stop       end it
    python -m app.local_llm status     is it up, and where
    python -m app.local_llm setup      only prepare the environment and the model
    python -m app.local_llm serve      the same server in the foreground

The server is vLLM's CPU build with SmolLM2-135M-Instruct. It lives in an environment of its own
(``.venv-llm``, 2.6 GB) because its pins differ from radcite's, and listens on the loopback
interface only. The model words statements badly, which is the point in the tests: radcite must
show none of its inventions. For real use see the README: a larger model on a GPU.

Nothing is downloaded but Python packages; the model's weights come inside one of them.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from app import llm_environment
from app.llm_environment import MODEL, ROOT, LocalModelError

STATE = ROOT / ".radcite" / "local_llm.json"
LOG = ROOT / ".radcite" / "local_llm.log"
PORT = 8000
START_TIMEOUT_S = 300
STOP_TIMEOUT_S = 20

_CHILDREN: dict[int, subprocess.Popen[bytes]] = {}
"""Servers that this very process started: it must collect them when they end."""


@dataclass(frozen=True, slots=True)
class Running:
    """A started server: the leader of its process group and the port it listens on."""

    pid: int
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    actions = {
        "setup": llm_environment.setup,
        "serve": lambda: serve(options.port),
        "start": lambda: _say_settings(start(options.port)),
        "stop": lambda: _say(stop()),
        "status": lambda: _say(status()),
    }
    try:
        actions[options.action]()
    except LocalModelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped.", file=sys.stderr)
        return 130
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m app.local_llm", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("action", choices=["setup", "serve", "start", "stop", "status"])
    parser.add_argument("--port", type=int, default=PORT, help=f"loopback port (default {PORT})")
    return parser.parse_args(arguments)


def start(port: int = PORT) -> Running:
    """Start the server in the background and wait until it answers; the one running is kept.

    Raises:
        LocalModelError: the port is taken, or the server ended or stayed silent.
    """
    llm_environment.setup()
    running = find_running()
    if running is None:
        running = _launch(port)
    elif running.port != port:
        raise LocalModelError(
            f"the local model already runs on port {running.port}: use it, or stop it first"
        )
    _wait_until_healthy(running)
    return running


def serve(port: int = PORT) -> None:
    """Become the server; returns only by an error."""
    llm_environment.setup()
    _require_free(port)
    command = _serve_command(port)
    os.execve(command[0], command, llm_environment.environment())


def stop() -> str:
    """End the server and its workers; says what was done."""
    running = find_running()
    STATE.unlink(missing_ok=True)
    if running is None:
        return "The local model is not running."
    _signal_group(running.pid, signal.SIGTERM)
    if not _gone(running.pid, STOP_TIMEOUT_S):
        _signal_group(running.pid, signal.SIGKILL)
    return f"Stopped the local model on port {running.port}."


def status() -> str:
    running = find_running()
    if running is None:
        return "The local model is not running; start it with: make llm"
    word = "answers" if _healthy(running) else "is starting"
    return f"The local model {word} at {running.url}/v1 (process {running.pid})."


def find_running() -> Running | None:
    """The server started earlier, if its process is still alive and still ours."""
    try:
        running = Running(**json.loads(STATE.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return running if _is_server(running.pid) else None


def _serve_command(port: int) -> list[str]:
    return [
        str(llm_environment.ENVIRONMENT / "bin" / "vllm"),
        "serve",
        str(llm_environment.MODEL_FOLDER),
        *("--served-model-name", MODEL),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--max-model-len", "4096", "--dtype", "bfloat16", "--enforce-eager"),
        # Weak models pad with white space up to the token limit where the schema lets them.
        "--structured-outputs-config",
        '{"backend":"xgrammar","disable_any_whitespace":true}',
    ]


def _launch(port: int) -> Running:
    _require_free(port)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        process = subprocess.Popen(
            _serve_command(port),
            env=llm_environment.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _CHILDREN[process.pid] = process
    running = Running(process.pid, port)
    STATE.write_text(json.dumps(asdict(running)), encoding="utf-8")
    return running


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise LocalModelError(
                f"port {port} is taken: choose another with --port ({error.strerror})"
            ) from error


def _wait_until_healthy(running: Running) -> None:
    print(f"Waiting for the local model on port {running.port} ", end="", flush=True)
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if _healthy(running):
            print(" ready.")
            return
        if not _is_server(running.pid):
            print()
            raise LocalModelError(f"the server ended while starting:\n{_log_tail()}")
        print(".", end="", flush=True)
        time.sleep(1)
    print()
    stop()
    raise LocalModelError(f"the server did not answer within {START_TIMEOUT_S} s:\n{_log_tail()}")


def _healthy(running: Running) -> bool:
    try:
        with urllib.request.urlopen(f"{running.url}/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _log_tail() -> str:
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join([*lines[-15:], f"(all of it: {LOG})"])


def _is_server(pid: int) -> bool:
    """Whether this process is a server of ours, and not another that got the same number since."""
    child = _CHILDREN.get(pid)
    if child is not None:
        return child.poll() is None
    return MODEL in _command_line(pid)


def _command_line(pid: int) -> str:
    """How the process was started; empty where there is none or it has ended."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
    asked = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def _gone(pid: int, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not _is_server(pid):
            return True
        time.sleep(0.2)
    return False


def _say(text: str) -> None:
    print(text)


def _say_settings(running: Running) -> None:
    print(
        f"\nThe local model answers. Point radcite at it:\n\n"
        f"  export RADCITE_LLM_URL={running.url}/v1\n"
        f"  export RADCITE_LLM_MODEL={MODEL}\n\n"
        f"Log: {LOG.relative_to(ROOT)}. End it with: make llm-stop"
    )


if __name__ == "__main__":
    sys.exit(main())
