"""An OpenAI-compatible server for tests that says exactly what a script tells it to.

    with ScriptedServer() as server:
        server.script(answer([("A sentence.", [1])]))     # the next and all further answers
        server.url                                        # http://127.0.0.1:PORT/v1

Besides answers it can fail in every way a server can: refuse, stall, break off, talk for ever.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "scripted"


@dataclass(frozen=True)
class Script:
    """One answer: pieces of text, and how the connection behaves around them.

    ``stall_s`` waits before the first byte, ``pause_s`` before each piece; ``broken_after`` drops
    the connection after so many pieces; ``raw`` is sent instead of a well-formed stream.
    """

    pieces: Sequence[str] = ()
    status: int = 200
    finish: str = "stop"
    stall_s: float = 0.0
    pause_s: float = 0.0
    broken_after: int | None = None
    raw: bytes | None = None
    endless: bool = False


def said(text: str, **more: Any) -> Script:
    """Any text, streamed in small pieces."""
    return Script(pieces=[text[at : at + 24] for at in range(0, len(text), 24)], **more)


def answer(statements: Iterable[tuple[str, Sequence[int]]], **more: Any) -> Script:
    """Statements with their citations in the agreed form."""
    listed = [{"text": text, "citations": list(cited)} for text, cited in statements]
    return said(json.dumps({"statements": listed}, ensure_ascii=False), **more)


@dataclass
class _State:
    scripts: list[Script] = field(default_factory=lambda: [answer([])])
    requests: list[dict[str, Any]] = field(default_factory=list)
    counts: bool = False
    models: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": MODEL, "object": "model", "max_model_len": 8192}]
    )


class ScriptedServer:
    """Serves on the loopback interface while the ``with`` block lasts."""

    def __init__(self) -> None:
        self._state = _State()
        handler = type("Handler", (_Handler,), {"state": self._state})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Bodies of the completions asked for, oldest first."""
        return self._state.requests

    def script(self, *scripts: Script) -> None:
        """Say these, one a request; the last one again for all further requests."""
        self._state.scripts = list(scripts)
        self._state.requests.clear()

    def count_tokens(self, counts: bool = True) -> None:
        """Answer as vLLM does beside the interface of OpenAI: count tokens, say a version."""
        self._state.counts = counts

    def serve_models(self, *models: dict[str, Any]) -> None:
        self._state.models = list(models)


class _Handler(BaseHTTPRequestHandler):
    state: _State
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        return None

    def do_GET(self) -> None:
        if not self.path.endswith("/models"):
            version = {"version": "1.2.3"} if self.state.counts else {}
            self._send(200 if version else 404, json.dumps(version).encode())
            return
        self._send(200, json.dumps({"object": "list", "data": self.state.models}).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/chat/completions"):
            counted = {"count": len(body["prompt"].split())} if self.state.counts else {}
            self._send(200 if counted else 404, json.dumps(counted).encode())
            return
        self.state.requests.append(body)
        scripts = self.state.scripts
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        try:
            self._play(script, bool(body.get("stream")))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _play(self, script: Script, streamed: bool) -> None:
        time.sleep(script.stall_s)
        if script.status != 200:
            self._send(script.status, b'{"error": {"message": "scripted"}}')
        elif script.raw is not None:
            self._send(200, script.raw)
        elif streamed:
            self._stream(script)
        else:
            message = {"role": "assistant", "content": "".join(script.pieces)}
            choice = {"index": 0, "message": message, "finish_reason": script.finish}
            self._send(
                200,
                json.dumps(
                    {
                        "id": "x",
                        "object": "chat.completion",
                        "created": 1,
                        "model": MODEL,
                        "choices": [choice],
                    }
                ).encode(),
            )

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, script: Script) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number, piece in enumerate(_pieces(script)):
            if number == script.broken_after:
                return
            time.sleep(script.pause_s)
            self._event(_chunk({"content": piece}))
        if script.broken_after is not None:
            return
        self._event(_chunk({}, script.finish))
        self._chunked(b"data: [DONE]\n\n")
        self._chunked(b"")

    def _event(self, chunk: dict[str, Any]) -> None:
        self._chunked(b"data: " + json.dumps(chunk).encode() + b"\n\n")

    def _chunked(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _pieces(script: Script) -> Iterator[str]:
    yield from script.pieces
    while script.endless:
        yield script.pieces[-1] if script.pieces else "1."


def _chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "x",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [choice],
    }
