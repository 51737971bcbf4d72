"""A judge for tests: an OpenAI-compatible server that fills the JSON schema it is asked for.

Every list gets one item, every number is 1, every text says something: a judge that finds everything
right. It is an agreeable judge, not a good one; the tests look at what is done with its replies.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def filled(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """The smallest agreeable value of a JSON schema."""
    if "$ref" in schema:
        return filled(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    kind = schema.get("type")
    if kind == "object":
        return {name: filled(part, definitions) for name, part in schema["properties"].items()}
    if kind == "array":
        return [filled(schema["items"], definitions)]
    return {"integer": 1, "number": 1, "boolean": True}.get(
        str(kind), "A solid nodule is followed."
    )


class JudgeServer:
    """Serves on the loopback interface while the ``with`` block lasts; counts the calls."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        handler = type("Handler", (_Handler,), {"calls": self.calls})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> JudgeServer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    calls: list[dict[str, Any]]
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        return None

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.calls.append(asked)
        schema = asked["response_format"]["json_schema"]["schema"]
        text = json.dumps(filled(schema, schema.get("$defs", {})))
        message = {"role": "assistant", "content": text}
        body = json.dumps({
            "id": "x", "object": "chat.completion", "created": 1, "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }).encode()  # fmt: skip
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
